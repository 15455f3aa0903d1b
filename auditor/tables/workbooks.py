"""Workbooks: a sheet a table, and the unit that a unit's own workbook names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.errors import Place
from auditor.tables.cleaning import narrow
from auditor.tables.declaration import Declaration, Table
from auditor.tables.door.handing import Top
from auditor.tables.handed import File, handed_cells, handed_supply
from auditor.tables.header_rows import find_header
from auditor.tables.headers import nearest
from auditor.tables.intake import Intake, table_of
from auditor.tables.signs import BLANKS
from auditor.tables.supply import Supply

WORKBOOKS = (".xlsx", ".xlsm", ".ods", ".xls", ".et")


def supplies_of_workbook(intake: Intake, file: File, stem: Table | None) -> list[Supply]:
    """Return what each sheet of the workbook opened last supplies. `stem` is the table that its name means, if any.

    A workbook with a units sheet speaks for the units it names (`Supply.names_units`), any other for all.
    Raises Refused.
    """
    declaration = intake.declaration
    tops = {
        number: top
        for number, top in enumerate(file.opened.tops)
        if top.rows and not declaration.is_notes(top.name or "")
    }
    if not tops:
        intake.collected.add("table.empty_file", Place(file.name))
    meant = _tables(intake, file.name, list(tops.values()), stem)
    supplies = []
    for (number, top), table in zip(tops.items(), meant, strict=True):
        if table is None:
            _add_unknown(intake, file.place(top))
        elif supply := handed_supply(intake, file, number, table):
            supplies.append(supply)
    named = _named_units(supplies)
    return [replace(supply, names_units=named) for supply in supplies]


def _tables(intake: Intake, file: str, tops: Sequence[Top], stem: Table | None) -> list[Table | None]:
    """Return the table that each sheet is: by its name, the file's name, or as the unit's sheet."""
    declaration = intake.declaration
    named = [table_of(intake, file, top.name or "") or _named_table(top, declaration) for top in tops]
    units = declaration.tables.get("units")
    if len(tops) == 1 and named[0] is None:
        named[0] = stem
    if (
        named
        and named[0] is None
        and units
        and not any(table.name == units.name for table in named if table)
        and _names_a_unit(declaration, tops[0], units)
    ):
        named[0] = units
    return named


def _named_table(top: Top, declaration: Declaration) -> Table | None:
    """Return the table whose columns the header cells of a renamed sheet are named after."""
    tables = {table for _, _, table, _ in top.named}
    return declaration.tables.get(tables.pop()) if len(tables) == 1 else None


def _names_a_unit(declaration: Declaration, top: Top, units: Table) -> bool:
    """Return whether a sheet's header is one of units: the unit's number, and another column of units."""
    texts = find_header(declaration, units, top.rows).texts
    columns = {column.name for column in map(units.column, filter(str.strip, texts)) if column}
    return "unit_id" in columns and len(columns) > 1


def _add_unknown(intake: Intake, place: Place) -> None:
    known = (text for declared in intake.declaration.tables.values() for text in declared.names)
    hint = nearest(place.sheet or "", known)
    intake.collected.add("table.unknown_sheet", place, {"value": place.sheet, "nearest": hint}, hint=hint)


def _named_units(supplies: Sequence[Supply]) -> tuple[tuple[str, int], ...] | None:
    """Return the units that the workbook's units sheets name, each with its row; None if it has none."""
    sheets = [s for s in supplies if s.table.name == "units" and "unit_id" in s.headers.columns]
    return tuple(named for sheet in sheets for named in _units_of(sheet)) if sheets else None


def _units_of(sheet: Supply) -> Iterator[tuple[str, int]]:
    for row, text in handed_cells(sheet, "unit_id"):
        if unit := narrow(text.strip(BLANKS)):
            yield unit, row
