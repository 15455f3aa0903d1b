"""Runs cases. Those that can share an audit do, as organisations that know nothing of each other.

Every id carries the number of its case. Cases share an audit where window, as-of day and the other choices are the
same, their packs can be audited together and add the same words, and no table that one of them leaves out although
its requirement reads it is supplied by another.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from auditor.audit import Options, audit
from auditor.authoring.cases_file import Case, CaseFile, Choices, Row
from auditor.authoring.cases_wanted import Difference, differences
from auditor.errors import BadInput, Place, Problem
from auditor.measures.grid import last_day
from auditor.measures.registry import measure_of
from auditor.model.finding import Finding
from auditor.model.requirement import Pack, Requirement
from auditor.tables.declaration import Declaration

_APART = "@"
"""Between an id and the number of its case."""
_NUMBERED = re.compile(rf"{_APART}\d+")


@dataclass(frozen=True)
class Placed:
    """A case with the requirement that it is about, and that requirement's pack."""

    case: Case
    file: CaseFile
    pack: Pack
    requirement: Requirement


@dataclass(frozen=True)
class CaseResult:
    """A case and where it is not as wanted: nowhere, where it passed."""

    placed: Placed
    differences: tuple[Difference, ...]


def run(cases: Sequence[Placed], declaration: Declaration) -> tuple[CaseResult, ...]:
    """Run every case and return the results, in the order of the cases.

    Raises BadInput for data of a case that intake refuses, each at the line of its case file.
    """
    found: dict[int, list[Finding]] = {}
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, together in enumerate(_together(cases)):
            try:
                found |= _audited(together, Path(folder) / str(number), declaration)
            except BadInput as bad:
                problems += bad.problems
    if problems:
        raise BadInput(problems)
    return tuple(
        CaseResult(each, tuple(differences(each.case.want, iter(found.get(at, ())), _own)))
        for at, each in enumerate(cases)
    )


@dataclass
class _Shared:
    """Cases that share an audit, by their number, with their packs and the tables that it supplies and lacks."""

    choices: Choices
    packs: list[Pack] = field(default_factory=list)
    cases: dict[int, Placed] = field(default_factory=dict)
    supplied: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)

    def takes(self, case: Placed) -> bool:
        """Return whether a case can join: by its pack and by its tables."""
        tables_fit = not (set(case.case.tables) & self.absent or _absent(case) & self.supplied)
        return tables_fit and all(each is case.pack or _apart_from(each, case.pack) for each in self.packs)

    def add(self, number: int, case: Placed) -> None:
        """Let a case join."""
        self.cases[number] = case
        self.supplied |= set(case.case.tables)
        self.absent |= _absent(case)
        if not any(each is case.pack for each in self.packs):
            self.packs.append(case.pack)


def _absent(placed: Placed) -> set[str]:
    """Return the tables that a case's requirement reads and the case does not supply."""
    return {table for table, _ in measure_of(placed.requirement).reads()} - set(placed.case.tables)


def _apart_from(one: Pack, other: Pack) -> bool:
    """Return whether two packs have no requirement in common, and add the same words to the tables."""
    return one.vocabulary == other.vocabulary and not set(one.effective_dates) & set(other.effective_dates)


def _together(cases: Sequence[Placed]) -> Iterator[_Shared]:
    """Yield groups of cases that can share an audit: few, since an audit costs more than a case."""
    groups: dict[Choices, list[_Shared]] = {}
    for number, case in enumerate(cases):
        choices = _with_as_of(case)
        alike = groups.setdefault(choices, [])
        fitting = next((each for each in alike if each.takes(case)), None)
        if fitting is None:
            alike.append(fitting := _Shared(choices))
        fitting.add(number, case)
    yield from (each for alike in groups.values() for each in alike)


def _with_as_of(placed: Placed) -> Choices:
    """Return what a case chooses, its as-of day said: where it names none, the last day of its last period."""
    choices = placed.case.choices
    last = last_day(choices.window, [placed.requirement.scheme], choices.semesters)
    return replace(choices, as_of=choices.as_of or last)


def _audited(shared: _Shared, folder: Path, declaration: Declaration) -> dict[int, list[Finding]]:
    """Audit the cases of a group and return each one's findings of its own requirement."""
    lines = _write_csv(shared, folder, declaration)
    asked = {number: each.requirement.id for number, each in shared.cases.items()}
    packs = [_cut_down(pack, set(asked.values())) for pack in shared.packs]
    choices = shared.choices
    options = Options(
        as_of=choices.as_of,
        semesters=choices.semesters,
        calendar=choices.calendar,
        assume_effective=choices.assume_effective,
        judged_by="plain",
    )
    found: dict[int, list[Finding]] = {number: [] for number in shared.cases}
    try:
        with audit(folder, packs, choices.window, options) as done:
            for finding in done.findings(False):
                number = int(finding.unit_id.rpartition(_APART)[2])
                if finding.requirement_id == asked[number]:
                    found[number].append(finding)
    except BadInput as bad:
        raise BadInput(_in_the_case_file(each, lines, shared) for each in bad.problems) from None
    return found


def _cut_down(pack: Pack, requirement_ids: set[str]) -> Pack:
    """Return the pack with only these requirements."""
    kept = tuple(each for each in pack.requirements if each.id in requirement_ids)
    return pack.model_copy(update={"requirements": kept})


_Lines = dict[tuple[str, int], tuple[Path, int]]
"""The file and line of a case's row, by the table's file and the row in it."""


def _write_csv(shared: _Shared, folder: Path, declaration: Declaration) -> _Lines:
    """Write each table with the columns that it needs and those that its rows name: quicker than all of them."""
    folder.mkdir()
    lines: _Lines = {}
    for name in sorted(shared.supplied):
        table = declaration.tables[name]
        rows = [
            (number, each, row)
            for number, each in shared.cases.items()
            for row in each.case.tables.get(name, ())
        ]
        needed = [*table.key, *(column.name for column in table.columns.values() if column.required)]
        columns = list(dict.fromkeys([*needed, *(column for _, _, row in rows for column in row.cells)]))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(_apart(row, columns, number) for number, _, row in rows)
        for at, (_, each, row) in enumerate(rows, 2):
            lines[f"{name}.csv", at] = (each.file.path, row.line)
    return lines


def _apart(row: Row, columns: Iterable[str], number: int) -> Iterator[str]:
    """Yield a row's cells; ids are those of no other case."""
    for column in columns:
        text = _as_text(row.cells.get(column))
        is_own = column.endswith("_id") and column != "requirement_id" and text
        yield f"{text}{_APART}{number}" if is_own else text


def _as_text(value: Any) -> str:
    """Return a cell as a table of text holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def _in_the_case_file(problem: Problem, lines: _Lines, shared: _Shared) -> Problem:
    """Return a problem of the data at the line of the case file that the row was written in."""
    first = next(iter(shared.cases.values()))
    usual = (first.file.path, first.case.line)
    path, line = lines.get((problem.place.file or "", problem.place.row or 0), usual)
    return replace(
        problem,
        figures=_plain(problem.figures),
        place=Place(path.name, line=line, column=problem.place.column),
        hint=problem.hint and _NUMBERED.sub("", problem.hint),
    )


def _plain(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message's figures with the ids as the case writes them."""
    return {
        key: _NUMBERED.sub("", value) if isinstance(value, str) else value for key, value in figures.items()
    }


def _own(text: str) -> str:
    return text.rpartition(_APART)[0]
