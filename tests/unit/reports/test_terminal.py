"""The terminal report: whole outputs read by a person once, 80 columns, colours on a terminal only, data as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from reports_samples import TABLES, of_sample
from wcwidth import wcswidth

from auditor.audit import Options, audit
from auditor.commands.showing import shows_colours
from auditor.model.audit import Audit
from auditor.reports.colours import plain
from auditor.reports.registry import Layout, writer
from auditor.texts import LANGUAGES, Lang

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "fixtures" / "assessment-table"
GOLDEN = ROOT / "tests" / "golden" / "reports"
LAYOUTS = {
    "brief.zh": Layout("zh"),
    "brief.en": Layout("en"),
    "verbose.zh": Layout("zh", verbose=True),
    "verbose.en": Layout("en", verbose=True),
}


def text(done: Audit, layout: Layout) -> str:
    return "".join(writer("table")(done, layout))


@pytest.fixture(scope="module")
def done() -> Iterator[Audit]:
    options = Options(as_of=date(2024, 12, 31), judged_by="plain")
    with audit(TABLE, [TABLE / "assessment-table.yaml"], 2024, options) as finished:
        yield finished


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_whole_report_is_the_one_that_was_read(name: str, done: Audit) -> None:
    wanted = (GOLDEN / f"terminal.{name}.txt").read_text(encoding="utf-8")
    assert text(done, LAYOUTS[name]) == wanted
    assert text(done, LAYOUTS[name]) == wanted


@pytest.mark.parametrize("name", LAYOUTS)
def test_eighty_columns_are_enough(name: str, done: Audit) -> None:
    assert max(wcswidth(line) for line in text(done, LAYOUTS[name]).split("\n")) <= 80


@pytest.mark.parametrize("lang", LANGUAGES)
def test_colours_change_nothing_but_the_colour(lang: Lang, done: Audit) -> None:
    coloured = text(done, Layout(lang, colour=True))
    assert "\x1b[31m" in coloured
    assert plain(coloured) == text(done, Layout(lang))
    assert "\x1b" not in text(done, Layout(lang))
    # a colour never runs on into the next line
    assert all(line.count("\x1b[0m") * 2 == line.count("\x1b[") for line in coloured.split("\n"))


class Screen:
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "terminal", "shown"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),  # the convention: only where it is not empty
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    environment: dict[str, str], terminal: bool, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("WT_SESSION", "1")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if terminal:
        monkeypatch.setattr("sys.stdout", Screen())
    assert shows_colours() is shown


def test_the_brief_report_lists_what_asks_for_something_and_counts_the_rest(done: Audit) -> None:
    brief, full = text(done, LAYOUTS["brief.en"]), text(done, LAYOUTS["verbose.en"])
    assert not re.search("^pass ", brief, re.MULTILINE)
    # D2: 11 judged of which 7 failed, one approval without a record
    assert "not listed: pass 4  not applicable 1" in brief
    assert "not listed" not in full
    # of the releases in breach three are shown and one is counted; all of them where all is asked for
    assert re.search(r"publications\.csv:15 \(2, 1 short\) \+1", " ".join(brief.split()))
    assert "publications.csv:16 (2, 1 short)" in full


def test_what_failed_stands_before_what_did_not(done: Audit) -> None:
    units = re.findall("^■ (D.)", text(done, LAYOUTS["verbose.zh"]), re.MULTILINE)
    assert units == ["D2", "D3", "D4", "D5", "D1", "D6"]


def test_data_cannot_steer_the_terminal() -> None:
    name = "中\x1b[2J\x07州\u202e大学"
    units = [{**TABLES["units"][0], "name": name}]
    said = of_sample(lambda done: text(done, Layout("zh", verbose=True)), units=units)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", said)
    assert "州" in said
