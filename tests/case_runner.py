"""Reads the case files (`tests/cases/PACK/REQUIREMENT.yaml`) and holds the product to them.

    requirement: henan-2023/1-sessions
    cases:
      - note: five sessions are one short          # once in a file
        as_of: 2024-12-31                          # default: the last day of the requirement's last period
        year: 2024                                 # default
        tables:                                    # a table that is not named was not supplied; [] is an empty one
          units: [{unit_id: U1, type: university}]
          activities: [{unit_id: U1, kind: study_session, held_on: [2024-02-01, 2024-03-01]}]   # two rows
        want: {unit: U1, period: "2024", verdict: fail, value: 2, shortfall: 4}                 # or a list

What `want` does not name is not compared; every finding must be wanted, and every wanted one must be there.
Rule authors need no Python for this: keys that rows need (`activity_id` …) are made where they are left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import count, groupby
from pathlib import Path
from typing import Any

from pack_files import cut_pack, read_yaml, write_pack
from second_reading.forms import as_text

from auditor.audit import Options, audit
from auditor.model.finding import Finding
from auditor.tables.declaration import Declaration, load_declaration

CASES = Path(__file__).parent / "cases"
CASE_KEYS = frozenset({"note", "as_of", "year", "tables", "want"})
WANT_KEYS = frozenset(
    {
        *(
            "unit",
            "period",
            "verdict",
            "value",
            "numerator",
            "denominator",
            "shortfall",
            "provisional",
            "forecast",
        ),
        *("borderline", "calendar", "waived", "reason"),
    }
)
_APART = "@"
"""Between an id and the number of its case, where several cases share an audit."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One hand-worked example: the data, and every finding that they must give."""

    note: str
    year: int
    as_of: date | None
    tables: Mapping[str, Sequence[Row]]
    want: tuple[Row, ...]

    @property
    def shared(self) -> tuple[Any, ...]:
        """What cases must have in common to go through one audit."""
        return (self.year, self.as_of or date.max, tuple(sorted(self.tables)))


@dataclass(frozen=True)
class CaseFile:
    """The cases of one requirement."""

    requirement: str
    cases: tuple[Case, ...]


class BadCasesError(Exception):
    """A case file that cannot be used; the text says everything that is wrong with it."""


@cache
def declared() -> Declaration:
    """Return the shipped declaration of the tables."""
    return load_declaration()


def case_files() -> list[Path]:
    """Return every case file, sorted."""
    return sorted(CASES.glob("*/*.yaml"))


def load_cases(path: Path) -> CaseFile:
    """Return the cases of a file. Raises BadCasesError for unknown keys, a case without want, a note used twice …"""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or set(raw) != {"requirement", "cases"} or not raw["cases"]:
        raise BadCasesError(f"{path.name}: a case file has `requirement` and `cases`, nothing else")
    said = [f"{path.name}: {fault}" for fault in _faults(raw["cases"])]
    if said:
        raise BadCasesError("\n".join(said))
    return CaseFile(raw["requirement"], tuple(_case(each) for each in raw["cases"]))


def _faults(cases: Sequence[Any]) -> Iterator[str]:
    seen: set[str] = set()
    for number, case in enumerate(cases, 1):
        note = str(case.get("note") or f"case {number}")
        if not case.get("note"):
            yield f"{note} has no note"
        if note in seen:
            yield f"the note {note!r} is used twice"
        seen.add(note)
        yield from (f"{note}: unknown key {key!r}" for key in sorted(case.keys() - CASE_KEYS))
        if not case.get("want"):
            yield f"{note}: nothing is wanted"
        for want in _listed(case.get("want") or []):
            yield from (f"{note}: unknown key {key!r} in want" for key in sorted(want.keys() - WANT_KEYS))
            lacking = {"unit", "period", "verdict"} - want.keys()
            yield from (f"{note}: want does not say {key}" for key in sorted(lacking))
        yield from (f"{note}: {fault}" for fault in _table_faults(case.get("tables") or {}))


def _table_faults(tables: Mapping[str, Any]) -> Iterator[str]:
    if not tables.get("units"):
        yield "there are no units"
    for table, rows in tables.items():
        known = declared().tables.get(table)
        if known is None:
            yield f"no table {table!r} is declared"
        elif not isinstance(rows, list):
            yield f"{table} is not a list of rows"
        else:
            unknown = {column for row in rows for column in row} - known.columns.keys()
            yield from (f"{table} has no column {column!r}" for column in sorted(unknown))
            if any(len([cell for cell in row.values() if isinstance(cell, list)]) > 1 for row in rows):
                yield f"a row of {table} has two lists"


def _case(raw: Row) -> Case:
    numbers = count(1)
    tables = {
        table: tuple(_with_key(table, row, numbers) for written in rows for row in _a_row_a_day(written))
        for table, rows in raw["tables"].items()
    }
    want = tuple(_listed(raw["want"]))
    return Case(raw["note"], raw.get("year", 2024), raw.get("as_of"), tables, want)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _a_row_a_day(row: Row) -> Iterator[Row]:
    several = [column for column, cell in row.items() if isinstance(cell, list)]
    if not several:
        yield row
    for cell in row[several[0]] if several else ():
        yield {**row, several[0]: cell}


def _with_key(table: str, row: Row, numbers: Iterator[int]) -> Row:
    """Return the row with a key of its own where it names none."""
    (key, *others) = declared().tables[table].key
    return row if others or key == "unit_id" or key in row else {key: f"made-{next(numbers)}", **row}


def differences(file: CaseFile, folder: Path) -> list[str]:
    """Run every case of a file and return what differs, a line each; empty where all is as wanted.

    Cases with the same tables and the same as-of day share an audit, as organisations that know nothing of each
    other: every id carries the number of its case.
    """
    pack = write_pack(cut_pack(file.requirement.partition("/")[0], [file.requirement]), folder / "pack.yaml")
    numbered = sorted(enumerate(file.cases), key=lambda each: each[1].shared)
    said: dict[int, list[str]] = {}
    for number, (_, group) in enumerate(groupby(numbered, key=lambda each: each[1].shared)):
        cases = dict(group)
        found = _audited(cases, pack, folder / f"data-{number}")
        for at, case in cases.items():
            said[at] = list(_differences(case, found.get(at, [])))
    return [f"{file.cases[at].note}: {line}" for at in sorted(said) for line in said[at]]


def _audited(cases: Mapping[int, Case], pack: Path, folder: Path) -> dict[int, list[Finding]]:
    """Audit several cases at once and return the findings of each."""
    any_case = next(iter(cases.values()))
    tables = {
        table: [_apart(row, at) for at, case in cases.items() for row in case.tables[table]]
        for table in any_case.tables
    }
    _write_csv(tables, folder)
    options = Options(as_of=any_case.as_of, judged_by="plain")
    found: dict[int, list[Finding]] = {}
    with audit(folder, [pack], any_case.year, options) as done:
        for finding in done.findings(False):
            found.setdefault(int(finding.unit_id.rpartition(_APART)[2]), []).append(finding)
    return found


def _write_csv(tables: Mapping[str, Sequence[Row]], folder: Path) -> None:
    """Write each table with the columns that it needs and those that its rows name: quicker than all of them."""
    folder.mkdir(parents=True)
    for table, rows in tables.items():
        known = declared().tables[table]
        needed = [*known.key, *(column.name for column in known.columns.values() if column.required)]
        columns = list(dict.fromkeys([*needed, *(column for row in rows for column in row)]))
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([as_text(row.get(column)) for column in columns] for row in rows)


def _apart(row: Row, at: int) -> Row:
    """Return the row with ids that no other case has."""
    return {
        column: f"{cell}{_APART}{at}"
        if column.endswith("_id") and column != "requirement_id" and cell
        else cell
        for column, cell in row.items()
    }


def _differences(case: Case, found: Sequence[Finding]) -> Iterator[str]:
    ours = {(_own(finding.unit_id), finding.period): finding for finding in found}
    wanted = {(want["unit"], want["period"]): want for want in case.want}
    for unit, period in sorted(wanted.keys() - ours.keys()):
        yield f"wanted and missing: {unit} {period}"
    for unit, period in sorted(ours.keys() - wanted.keys()):
        finding = ours[unit, period]
        yield f"there and not wanted: {unit} {period} {finding.verdict} ({finding.reason}, {finding.value})"
    for cell in sorted(ours.keys() & wanted.keys()):
        for key, value in wanted[cell].items():
            got = _figure(ours[cell], key)
            if key not in ("unit", "period") and not _same(got, value):
                yield f"{' '.join(cell)} {key}: {got!r}, wanted {value!r} ({ours[cell].reason})"


def _figure(finding: Finding, key: str) -> Any:
    got = getattr(finding, {"unit": "unit_id"}.get(key, key))
    return _own(got) if key == "waived" and got else got


def _own(text: str) -> str:
    return text.rpartition(_APART)[0]


def _same(got: Any, wanted: Any) -> bool:
    if isinstance(wanted, float):
        return bool(got == Decimal(repr(wanted)))
    if isinstance(wanted, bool) or isinstance(got, bool):
        return got is wanted
    return bool(got == wanted)
