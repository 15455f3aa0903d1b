"""Case files: hand-worked examples of a requirement, as data that needs no Python.

    requirement: fire-safety/2-drills
    pack: fire-safety.yaml                         # only for a pack that is not shipped; beside the case file
    set: {year: 2024}                              # only for a pack with parameters
    cases:
      - note: one drill is one short               # once in a file
        tables:                                    # a table that is not named was not supplied; [] is an empty one
          units: [{unit_id: U1, type: school}]
          activities: [{unit_id: U1, kind: training, held_on: [2024-03-01, 2024-09-02]}]   # two rows
        want: {unit: U1, period: "2024", verdict: fail, value: 1, shortfall: 1}             # or a list

A case may say `year` (2024 where it says nothing) or `from` and `to`, `as_of` (the last day of the requirement's last
period), `semesters`, `academic_year`, `assume_effective` and `calendar`, as the command line does; and `requirement`,
where it is about another one than the file. What `want` does not name is not compared. Every finding of the
requirement must be wanted, and every wanted one must be there. Keys that rows need are made where they are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any, Literal, get_args

from auditor.authoring.cases_wanted import Wanted, wanted_of
from auditor.errors import BadInput, Problem
from auditor.marked import Marked, Where, read_marked
from auditor.packs.mistakes import keys_not_text, near, shown
from auditor.periods.period import DEFAULT_SEMESTERS, YEARS, Semesters, Window
from auditor.tables.declaration import Declaration, Table

FileKey = Literal["requirement", "pack", "set", "cases"]
CaseKey = Literal[
    "note", "requirement", "year", "from", "to", "as_of", "semesters", "academic_year", "calendar",
    "assume_effective", "tables", "want",
]  # fmt: skip
FILE_KEYS: tuple[str, ...] = get_args(FileKey)
CASE_KEYS: tuple[str, ...] = get_args(CaseKey)
USUAL_YEAR = 2024
"""The year of a case that names none."""


@dataclass(frozen=True)
class Row:
    """A row of a case's table: its cells by column, and the line of the file it stands in."""

    cells: Mapping[str, Any]
    line: int


@dataclass(frozen=True)
class Choices:
    """What a case chooses beside its data, as the options of an audit; `as_of` None is the usual day."""

    window: Window
    as_of: date | None = None
    semesters: Semesters = DEFAULT_SEMESTERS
    calendar: Path | None = None
    assume_effective: bool = False


@dataclass(frozen=True)
class Case:
    """One example: the data, and every finding of the requirement that they must give."""

    requirement: str
    note: str
    line: int
    choices: Choices
    tables: Mapping[str, tuple[Row, ...]]
    want: tuple[Wanted, ...]


@dataclass(frozen=True)
class CaseFile:
    """The cases of a file. `pack` is the file or name of the pack it names itself; `settings` its parameters."""

    path: Path
    pack: str | None
    settings: Mapping[str, str]
    cases: tuple[Case, ...]


def load_cases(path: Path, declaration: Declaration) -> CaseFile:
    """Return the cases of a file.

    Raises BadInput with every mistake and its line: unknown keys with the nearest known one, a case without `want`,
    a note used twice, a table or column that is not declared, a word that is no verdict …
    """
    reading = _Reading(path, read_marked(path, "cases"), declaration)
    file = reading.file()
    if reading.problems:
        raise BadInput(reading.problems)
    return file


class _Reading:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, path: Path, marked: Marked, declaration: Declaration) -> None:
        self.path, self.marked, self.declaration = path, marked, declaration
        self.problems: list[Problem] = []

    def refuse(self, code: str, where: Where, hint: str | None = None, **figures: Any) -> None:
        """Add a problem at a part of the file."""
        self.problems.append(Problem(code, figures, self.marked.place(where), hint))

    def file(self) -> CaseFile:
        """Return the whole file; where something is wrong, as much of it as can be read."""
        raw = self.mapping(self.marked.value, (), self.path.name)
        for key, where in keys_not_text(raw):
            self.refuse("cases.unknown_key", where, key=key)
        self.keys(raw, FILE_KEYS, (), ())
        cases = self.rows_of(raw.get("cases"), ("cases",), "cases")
        settings = {
            name: str(value) for name, value in self.mapping(raw.get("set", {}), ("set",), "set").items()
        }
        found = tuple(self.case(each, ("cases", at), raw) for at, each in enumerate(cases))
        self._each_note_once(found)
        pack = raw.get("pack")
        return CaseFile(self.path, None if pack is None else str(pack), settings, found)

    def case(self, written: Any, where: Where, file: Mapping[str, Any]) -> Case:
        """Return one case."""
        raw = self.mapping(written, where, "cases")
        if raw:
            self.keys(raw, CASE_KEYS, ("note", "tables", "want"), where)
        requirement = raw.get("requirement", file.get("requirement"))
        if raw and not requirement:
            self.refuse("cases.missing_key", where, key="requirement")
        return Case(
            requirement=str(requirement or ""),
            note=str(raw.get("note") or ""),
            line=self.marked.place(where).line or 1,
            choices=self.choices(raw, where),
            tables=self.tables(raw, (*where, "tables")),
            want=wanted_of(self, raw.get("want"), (*where, "want")),
        )

    def mapping(self, value: Any, where: Where, key: str) -> dict[str, Any]:
        """Return a mapping, or an empty one where something else is written."""
        if isinstance(value, dict):
            return value
        self.refuse("cases.needs_keys", where, key=key, value=shown(value))
        return {}

    def rows_of(self, value: Any, where: Where, key: str) -> Sequence[Any]:
        """Return a list, or an empty one where something else is written."""
        if isinstance(value, list) and (value or key != "cases"):
            return value
        self.refuse("cases.needs_list", where, key=key, value=shown(value))
        return ()

    def keys(
        self, raw: Mapping[str, Any], known: Sequence[str], required: Sequence[str], where: Where
    ) -> None:
        """Refuse keys that are not known, and the required ones left out or blank; a misspelt one once."""
        misspelt = set()
        for key in raw:
            if isinstance(key, str) and key not in known:
                misspelt.add(hint := near(key, known))
                self.refuse("cases.unknown_key", (*where, key), hint, key=key)
        for key in required:
            if key not in misspelt and raw.get(key) in (None, "", {}, []):
                self.refuse("cases.missing_key", where, key=key)

    def choices(self, raw: Mapping[str, Any], where: Where) -> Choices:
        """Return the window, the as-of day and the calendars."""
        calendar = raw.get("calendar")
        return Choices(
            window=self._window(raw, where),
            as_of=self._day(raw, "as_of", where),
            semesters=self._semesters(raw, where),
            calendar=None if calendar is None else self.path.parent / str(calendar),
            assume_effective=bool(raw.get("assume_effective")),
        )

    def tables(self, raw: Mapping[str, Any], where: Where) -> dict[str, tuple[Row, ...]]:
        """Return the rows by table; a row with a list in it is several rows."""
        written = raw.get("tables") or {}
        tables = self.mapping(written, where, "tables")
        if raw.get("tables") and not tables.get("units"):
            self.refuse("cases.no_units", where)
        numbers = count(1)
        found: dict[str, tuple[Row, ...]] = {}
        for name, rows in tables.items():
            declared = self.declaration.tables.get(name)
            if declared is None:
                hint = near(str(name), self.declaration.tables)
                self.refuse("cases.unknown_table", (*where, str(name)), hint, value=name)
            else:
                found[name] = tuple(self._rows(declared, rows, (*where, name), numbers))
        return found

    def _rows(self, table: Table, written: Any, where: Where, numbers: Iterator[int]) -> Iterator[Row]:
        for at, each in enumerate(self.rows_of(written, where, table.name)):
            here = (*where, at)
            cells = self.mapping(each, here, table.name)
            for column in cells:
                if column not in table.columns:
                    hint = near(str(column), table.columns)
                    self.refuse(
                        "cases.unknown_column", (*here, str(column)), hint, value=column, table=table.name
                    )
            several = [column for column, cell in cells.items() if isinstance(cell, list)]
            if len(several) > 1:
                self.refuse("cases.two_lists", here, table=table.name, value="、".join(several))
            line = self.marked.place(here).line or 1
            yield from (Row(_with_key(table, cells, numbers), line) for cells in _a_row_each(cells, several))

    def _each_note_once(self, cases: Sequence[Case]) -> None:
        seen: set[str] = set()
        for at, case in enumerate(cases):
            if case.note and case.note in seen:
                self.refuse("cases.note_twice", ("cases", at, "note"), value=case.note)
            seen.add(case.note)

    def _window(self, raw: Mapping[str, Any], where: Where) -> Window:
        first, last = (self._day(raw, key, where) for key in ("from", "to"))
        usual = Window.of_year(USUAL_YEAR)
        if "year" in raw and (first or last):
            self.refuse("cases.year_and_days", (*where, "year"))
        elif bool(first) != bool(last):
            self.refuse("cases.from_and_to", (*where, "from" if first else "to"))
        elif first and last:
            return self._asked(Window, "to", where, first, last) or usual
        elif (year := raw.get("year", USUAL_YEAR)) in YEARS:
            return Window.of_year(year)
        else:
            self.bad_value("year", raw["year"], where, "2024")
        return usual

    def _semesters(self, raw: Mapping[str, Any], where: Where) -> Semesters:
        chosen = DEFAULT_SEMESTERS
        if "semesters" in raw:
            chosen = self._asked(Semesters.parse, "semesters", where, str(raw["semesters"])) or chosen
        if "academic_year" in raw:
            day = str(raw["academic_year"])
            chosen = self._asked(chosen.with_academic_year, "academic_year", where, day) or chosen
        return chosen

    def _asked(self, make: Any, key: str, where: Where, *given: Any) -> Any:
        """Return what is made of the values; None where they are refused, which is then said at its line."""
        try:
            return make(*given)
        except BadInput as bad:
            expected = str(bad.problems[0].figures.get("expected", ""))
            self.bad_value(key, given[-1], where, expected)
            return None

    def _day(self, raw: Mapping[str, Any], key: str, where: Where) -> date | None:
        day = raw.get(key)
        if day is None or (isinstance(day, date) and not isinstance(day, datetime) and day.year in YEARS):
            return day
        self.bad_value(key, day, where, "2024-12-31")
        return None

    def bad_value(self, key: str, value: Any, where: Where, expected: str, hint: str | None = None) -> None:
        """Refuse a value that its key does not take."""
        self.refuse("cases.bad_value", (*where, key), hint, key=key, value=shown(value), expected=expected)


def _a_row_each(cells: Mapping[str, Any], several: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the row, or one for each value of the cell that is a list."""
    if not several:
        yield cells
    for cell in cells[several[0]] if several else ():
        yield {**cells, several[0]: cell}


def _with_key(table: Table, cells: Mapping[str, Any], numbers: Iterator[int]) -> Mapping[str, Any]:
    """Return the row with a key of its own where it names none."""
    (key, *others) = table.key
    if others or key == "unit_id" or key in cells:
        return cells
    return {key: f"made-{next(numbers)}", **cells}
