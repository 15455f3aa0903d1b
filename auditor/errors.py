"""What can go wrong, in two kinds that never mix.

A *problem* is something wrong with what the user handed in: a cell, a column, a line of a pack. It is a
value: collected, sorted by place, shown all at once. A *fault* is ours, the machine's or a library's:

    AuditorError
    ├── BadInput       the user's input cannot be used; carries every problem found (exit code 2)
    ├── EngineFault    an engine failed, or what came out does not match what went in (exit code 3)
    └── ReportFailed   a report could not be written (exit code 3)

No sentence is stored here: `auditor.texts` makes one from the code and its figures, in zh and en.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where a problem stands: file, sheet, row and column of a table; file and line of a pack.

    `row` is the number a spreadsheet shows (the header counts); `line` the line of a YAML file, from 1.
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    line: int | None = None

    def sort_key(self) -> tuple[str, str, int, int, str]:
        """Return the key by which problems are listed: file, sheet, line, row, column."""
        return (self.file or "", self.sheet or "", self.line or 0, self.row or 0, self.column or "")


@dataclass(frozen=True)
class Problem:
    """Something wrong with the input: a stable dotted code, the figures of its sentence, and its place.

    `figures` holds plain values (text and numbers) that the sentence of the code names, among them `value`
    and `expected` where a cell is wrong. `hint` is the nearest known word, where there is one. A problem that
    `stops` ends the run before anything is written; the others are warnings.
    """

    code: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    place: Place = Place()
    hint: str | None = None
    stops: bool = True

    def sort_key(self) -> tuple[Any, ...]:
        """Return the key that puts problems in the order a reader walks through the files."""
        return (*self.place.sort_key(), self.code, repr(sorted(self.figures.items(), key=lambda f: f[0])))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems sorted by place and code."""
    return tuple(sorted(problems, key=Problem.sort_key))


class AuditorError(Exception):
    """The root of every fault of this package; nothing else leaves a public function."""


class BadInput(AuditorError):
    """The user's input cannot be used. `problems` says everything that is wrong with it, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("; ".join(f"{p.code} {dict(p.figures)}" for p in self.problems))


class EngineFault(AuditorError):
    """An engine failed, or a law of the audit is broken (what came out does not match what went in)."""


class ReportFailed(AuditorError):
    """A report could not be written."""
