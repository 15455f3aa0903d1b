"""The checks that look across rows, tables and files: repeated keys, references, lives, the tree of units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from auditor.errors import Place
from auditor.tables import checks
from auditor.tables.collecting import CAP, Kind
from auditor.tables.declaration import Column, Declaration, Table
from auditor.tables.intake import Intake
from auditor.tables.supply import Supply


@dataclass(frozen=True)
class Loaded:
    """What has been loaded: each source by its number, and the tables that were supplied."""

    sources: Mapping[int, Supply]
    present: frozenset[str]


def validate_tables(intake: Intake, loaded: Loaded) -> None:
    """Add a problem or warning for every row that contradicts another; note in `left_out_rows` which go.

    Expects the views of all tables.
    """
    checking = _Checking(intake, loaded)
    present = [table for table in intake.declaration.tables.values() if table.name in loaded.present]
    for table in present:
        checking.keys(table)
    spans = [_span(table, *days) for table in present for days in table.spans]
    checking.report([*spans, *_unknown_units(intake, loaded), *_dangling(intake, loaded)])
    if "units" in loaded.present:
        checking.circles()


def leave_out_marked(intake: Intake, loaded: Loaded) -> None:
    """Note in `left_out_rows` the rows with a cell that cannot be read."""
    for name in sorted(loaded.present):
        intake.engine.run(checks.leave_out_marked(intake.declaration.tables[name]))


def units_left_behind(intake: Intake, loaded: Loaded) -> bool:
    """Leave out the rows whose unit has been left out; return whether there were any (then ask again)."""
    return _Checking(intake, loaded).report(_unknown_units(intake, loaded))


@dataclass(frozen=True)
class _Check:
    """A check of a table: the query of what it finds, and what that is called."""

    table: Table
    query: str
    code: str
    kind: Kind = "row"
    figures: Mapping[str, str] = field(default_factory=dict)


def _span(table: Table, first: str, last: str) -> _Check:
    return _Check(table, checks.reversed_spans(table, first, last), "table.reversed_days")


def _unknown_units(intake: Intake, loaded: Loaded) -> list[_Check]:
    return [
        _Check(table, checks.dangling(table, column, {"units": "unit_id"}), "table.unknown_unit")
        for table, column in _references(intake.declaration, loaded, must_exist=True)
    ]


def _dangling(intake: Intake, loaded: Loaded) -> list[_Check]:
    tables, found = intake.declaration.tables, []
    for table, column in _references(intake.declaration, loaded, must_exist=False):
        keys = {name: tables[name].key[0] for name in column.refers}
        labels = [tables[name].label.zh for name in column.refers]
        figures = {"tables": " / ".join(column.refers), "tables_zh": " / ".join(labels)}
        query = checks.dangling(table, column, keys)
        found.append(_Check(table, query, "table.dangling_reference", "warning", figures))
    return found


def _references(declaration: Declaration, loaded: Loaded, *, must_exist: bool) -> list[tuple[Table, Column]]:
    """Return the supplied columns that refer to tables all of which were supplied."""
    return [
        (table, column)
        for table in declaration.tables.values()
        for column in table.columns.values()
        if table.name in loaded.present
        and column.refers
        and loaded.present.issuperset(column.refers)
        and column.must_exist is must_exist
    ]


class _Checking:
    """One round of checks over the views of the engine."""

    def __init__(self, intake: Intake, loaded: Loaded) -> None:
        self._loaded = loaded
        self._engine, self._collected = intake.engine, intake.collected

    def keys(self, table: Table) -> None:
        if self._engine.rows(checks.has_repeated_keys(table))[0][0]:
            self._report(_Check(table, checks.repeated_keys(table), "table.duplicate_key"))

    def report(self, given: Sequence[_Check]) -> bool:
        """Report what the checks find; return whether any of them found a row."""
        # One statement asks all of them: each costs a small data set more than its few rows.
        which = self._engine.rows(checks.which_find([check.query for check in given])) if given else []
        for (at,) in sorted(which):
            self._report(given[at])
        return bool(which)

    def circles(self) -> None:
        rows = self._engine.rows(checks.PARENTS)
        places = {unit: (source, row) for unit, _, source, row in rows}
        for circle in _circles({unit: parent for unit, parent, _, _ in rows}):
            source, row = places[circle[0]]
            supply = self._loaded.sources[source]
            place = Place(supply.file, supply.sheet, row, supply.headers.written("parent_id"))
            path = " → ".join([*circle, circle[0]])
            self._collected.add("table.circle", place, {"value": path, "units": len(circle)})

    def _report(self, check: _Check) -> None:
        """Keep what a check finds, and report it."""
        self._engine.run(checks.keep_found(check.query))
        if check.kind == "row":
            self._engine.run(checks.leave_out_found(check.table))
        listed: dict[int, int] = {}
        for source, row, name, *details in self._engine.rows(checks.first_found(CAP)):
            figures = {**self._figures(check.table, name, details), **check.figures}
            self._collected.add(check.code, self._place(source, row, name), figures, kind=check.kind)
            listed[source] = listed.get(source, 0) + 1
        for source, count, name in self._engine.rows(checks.COUNT_FOUND):
            place = replace(self._place(source, 0, name), row=None)
            self._collected.add_unlisted(place, count - listed.get(source, 0), check.kind)

    def _place(self, source: int, row: int, column: str) -> Place:
        supply = self._loaded.sources[source]
        return Place(supply.file, supply.sheet, row, supply.headers.written(column))

    def _figures(self, table: Table, column: str, details: Sequence[Any]) -> dict[str, str | int | None]:
        """Return the figures of a row found: its value, the other value, the other source and row."""
        value, other, source, row = details
        figures: dict[str, str | int | None] = {
            "table": table.name,
            "table_zh": table.label.zh,
            "column": column,
            "column_zh": table.columns[column].label.zh,
            "value": value,
        }
        if other is not None:
            figures["other"] = other
        if source is not None:
            first = self._loaded.sources[source]
            other = f"{first.file}[{first.sheet}]" if first.sheet else first.file
            figures |= {"other": other, "other_sheet": first.sheet, "other_row": row}
        return figures


def _circles(parents: Mapping[str, str]) -> list[Sequence[str]]:
    """Return every circle among the parents, each from its smallest unit upwards."""
    done: set[str] = set()
    circles: list[Sequence[str]] = []
    for start in sorted(parents):
        walk: dict[str, int] = {}
        unit: str | None = start
        while unit is not None and unit not in done and unit not in walk:
            walk[unit] = len(walk)
            unit = parents.get(unit)
        if unit in walk:
            circle = list(walk)[walk[unit] :]
            smallest = circle.index(min(circle))
            circles.append([*circle[smallest:], *circle[:smallest]])
        done.update(walk)
    return circles
