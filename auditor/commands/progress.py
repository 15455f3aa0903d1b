"""The bar on a terminal for what takes longer than two seconds; silent anywhere else."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from auditor.steps import Step, Tell, tell_nobody
from auditor.texts import Lang, say

PATIENCE_SECONDS = 2.0
_LENGTH = 1000
_CURSOR = "\033[?25h"
"""Shows the cursor again, which the bar hides where a terminal understands it."""


@contextmanager
def progress(lang: Lang) -> Iterator[Tell]:
    """Give what tells steps to a bar on standard error, if that is a terminal; the bar is gone afterwards."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield tell_nobody
        return
    bar = _Bar(lang)
    timer = threading.Timer(PATIENCE_SECONDS, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.tell
    finally:
        timer.cancel()
        bar.close()


class _Bar:
    """A bar that appears with `show`, and from then on follows the steps told."""

    def __init__(self, lang: Lang) -> None:
        self._lang, self._lock = lang, threading.Lock()
        self._step = Step("reading", 0.0)
        self._bar: Any = None

    def tell(self, step: Step) -> None:
        with self._lock:
            self._step = step
            self._draw()

    def show(self) -> None:
        with self._lock:
            self._bar = click.progressbar(
                length=_LENGTH, file=sys.stderr, show_eta=False, item_show_func=self._said, width=30
            )
            self._draw()

    def close(self) -> None:
        with self._lock:
            if self._bar is not None:
                # What is left of the bar would stand before the report or a problem.
                blank = " " * (shutil.get_terminal_size().columns - 1)
                click.echo(f"\r{blank}\r{'' if os.name == 'nt' else _CURSOR}", err=True, nl=False)
            self._bar = None

    def _draw(self) -> None:
        if self._bar is not None:
            done = round(self._step.share * _LENGTH)
            self._bar.update(max(done - self._bar.pos, 0), self._step)

    def _said(self, step: Step | None) -> str:
        return say("terminal", f"step.{step.name}", {"what": step.what}, self._lang) if step else ""
