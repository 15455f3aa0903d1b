"""The bar for what takes long: on a terminal only, after two seconds only, and gone before anything is printed."""

from __future__ import annotations

import io
import re
import sys
import time

import pytest

from auditor.commands import progress as bars
from auditor.commands.progress import progress
from auditor.steps import Step, part


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def opened(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return a terminal as standard error. Called in the test: before it the stream is set once more."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def waited(stream: io.StringIO, words: str) -> bool:
    deadline = time.monotonic() + 5
    while words not in stream.getvalue():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_a_long_run_shows_its_step_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = opened(monkeypatch)
    monkeypatch.setattr(bars, "PATIENCE_SECONDS", 0.05)
    with progress("zh") as tell:
        tell(Step("reading", 0.25, "活动.csv"))
        assert waited(terminal, "打开文件 活动.csv")
        tell(Step("judging", 0.5))
        assert waited(terminal, "判定")
        assert "50%" in terminal.getvalue()
    last_line = re.sub(r"\x1b\[[?0-9]*[a-zA-Z]", "", terminal.getvalue()).split("\r")[-1]
    assert last_line.strip() == ""


def test_a_short_run_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = opened(monkeypatch)
    with progress("zh") as tell:
        tell(Step("reading", 0.25, "活动.csv"))
    assert terminal.getvalue() == ""


def test_what_is_no_terminal_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(bars, "PATIENCE_SECONDS", 0.0)
    with progress("zh") as tell:
        time.sleep(0.05)
        tell(Step("judging", 0.5))
    assert stream.getvalue() == ""


def test_a_part_has_its_share_of_the_whole() -> None:
    told: list[Step] = []
    part(told.append, 0.5, 0.9)(Step("loading", 0.25, "a"))
    assert told == [Step("loading", 0.6, "a")]
