"""The checks that look across rows, tables and files: repeated keys, references, lives, the tree of units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    for table in intake.declaration.tables.values():
        if table.name in loaded.present:
            checking.keys(table)
            checking.spans(table)
    for table, column in _references(intake.declaration, loaded, must_exist=True):
        checking.unknown_units(table, column)
    for table, column in _references(intake.declaration, loaded, must_exist=False):
        checking.dangling(table, column)
    if "units" in loaded.present:
        checking.circles()
    for name in sorted(loaded.present):
        intake.engine.run(checks.leave_out_marked(intake.declaration.tables[name]))


def units_left_behind(intake: Intake, loaded: Loaded) -> bool:
    """Leave out the rows whose unit has been left out; return whether there were any (then ask again)."""
    checking = _Checking(intake, loaded)
    found = [
        checking.unknown_units(table, column)
        for table, column in _references(intake.declaration, loaded, must_exist=True)
    ]
    return any(found)


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
        self._tables, self._loaded = intake.declaration.tables, loaded
        self._engine, self._collected = intake.engine, intake.collected

    def keys(self, table: Table) -> None:
        if self._engine.rows(checks.has_repeated_keys(table))[0][0]:
            self._report(table, checks.repeated_keys(table), "table.duplicate_key", "row")

    def spans(self, table: Table) -> None:
        for first, last in table.spans:
            self._report(table, checks.reversed_spans(table, first, last), "table.reversed_days", "row")

    def unknown_units(self, table: Table, column: Column) -> bool:
        query = checks.dangling(table, column, {"units": "unit_id"})
        return self._report(table, query, "table.unknown_unit", "row")

    def dangling(self, table: Table, column: Column) -> None:
        keys = {name: self._tables[name].key[0] for name in column.refers}
        names, labels = column.refers, [self._tables[name].label.zh for name in column.refers]
        figures = {"tables": " / ".join(names), "tables_zh": " / ".join(labels)}
        query = checks.dangling(table, column, keys)
        self._report(table, query, "table.dangling_reference", "warning", figures)

    def circles(self) -> None:
        rows = self._engine.rows(checks.PARENTS)
        places = {unit: (source, row) for unit, _, source, row in rows}
        for circle in _circles({unit: parent for unit, parent, _, _ in rows}):
            source, row = places[circle[0]]
            supply = self._loaded.sources[source]
            place = Place(supply.file, supply.sheet, row, supply.headers.written("parent_id"))
            path = " → ".join([*circle, circle[0]])
            self._collected.add("table.circle", place, {"value": path, "units": len(circle)})

    def _report(
        self, table: Table, query: str, code: str, kind: Kind, more: Mapping[str, str] | None = None
    ) -> bool:
        """Keep what a check finds, and report it; return whether it found any row."""
        self._engine.run(checks.keep_found(query))
        counts = self._engine.rows(checks.COUNT_FOUND)
        if not counts:
            return False
        if kind == "row":
            self._engine.run(checks.leave_out_found(table))
        listed: dict[int, int] = {}
        for source, row, name, *details in self._engine.rows(checks.first_found(CAP)):
            figures = {**self._figures(table, name, details), **(more or {})}
            self._collected.add(code, self._place(source, row, name), figures, kind=kind)
            listed[source] = listed.get(source, 0) + 1
        for source, count, name in counts:
            place = replace(self._place(source, 0, name), row=None)
            self._collected.add_unlisted(place, count - listed.get(source, 0), kind)
        return True

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
