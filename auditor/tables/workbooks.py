"""Workbooks: a sheet a table, real row numbers, and the unit that a unit's own workbook names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import takewhile
from pathlib import Path
from typing import Any

import python_calamine as calamine

from auditor.errors import Place
from auditor.tables.batches import in_batches
from auditor.tables.cleaning import BLANKS, REPORTED, Relation, narrow
from auditor.tables.collecting import Collected
from auditor.tables.declaration import Declaration, Table
from auditor.tables.header_rows import SEARCHED, Row, find_header
from auditor.tables.headers import Headers, headers_of, nearest
from auditor.tables.intake import Intake
from auditor.tables.ods_cells import ods_cell_faults
from auditor.tables.sheet_facts import SheetFacts
from auditor.tables.supply import Supply
from auditor.tables.workbook_cells import CellFault, WorkbookDamagedError, cell_faults, epoch_of
from auditor.tables.workbook_names import Named, named_headers
from auditor.tables.xls_cells import xls_cell_faults

OLD_WORKBOOKS = (".xls", ".et")
"""Workbooks that are records in a compound file."""

WORKBOOKS = (".xlsx", ".xlsm", ".ods", *OLD_WORKBOOKS)


@contextmanager
def _opened(path: Path) -> Iterator[calamine.CalamineWorkbook]:
    """Open a workbook; one that the reader cannot make sense of is `WorkbookDamagedError`, however it says so."""
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            yield book
    except calamine.CalamineError as error:
        raise WorkbookDamagedError(path.name) from error
    except BaseException as error:
        # A panic of the reader's Rust part is no Exception, and would pass every other door.
        if type(error).__name__ == "PanicException":
            raise WorkbookDamagedError(path.name) from None
        raise


@dataclass(frozen=True)
class Sheet:
    """One sheet that is not empty: where it lies, its first column and rows, its cells without a value, its day 0.

    `named` are the header cells that a template named.
    """

    path: Path
    name: str
    first_column: int
    top: tuple[Row, ...]
    faults: tuple[CellFault, ...]
    named: Named
    epoch: date | None

    def rows(self) -> Iterator[Row]:
        """Yield every row that is not blank, with the number a spreadsheet shows and its cells as text."""
        with _opened(self.path) as book:
            yield from _rows(book.get_sheet_by_name(self.name), self.first_column, self.faults)


def _rows(sheet: calamine.CalamineSheet, first_column: int, faults: Sequence[CellFault]) -> Iterator[Row]:
    marks = {(fault.row, fault.column - first_column) for fault in faults}
    marked = {row for row, _ in marks}
    for row, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [cell if isinstance(cell, str) else cell_text(cell) for cell in cells]
        if row in marked:
            texts = [REPORTED if (row, i) in marks else text for i, text in enumerate(texts)]
        if any(text.strip(BLANKS) for text in texts):
            yield row, texts


def supplies_of_workbook(intake: Intake, path: Path, file: str, stem: Table | None) -> list[Supply]:
    """Return what each sheet of a workbook supplies. `stem` is the table that the file's name means, if any.

    A workbook with a units sheet speaks for the units it names (`Supply.names_units`), any other for all.
    """
    try:
        sheets = _sheets(path, intake.declaration)
    except WorkbookDamagedError:
        intake.collected.add("table.corrupt_file", Place(file))
        return []
    if not sheets:
        intake.collected.add("table.empty_file", Place(file))
    supplies = [_supply(intake, sheet, file, table) for sheet, table in _tables(intake, sheets, stem, file)]
    named = _named_units(supplies, {sheet.name: sheet for sheet in sheets})
    return [replace(supply, names_units=named) for supply in supplies]


def cell_text(value: Any) -> str:
    """Return a cell's value as the text a CSV file would have: whole numbers without a point, days as ISO."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _number_text(value: float) -> str:
    """Return a number with the fifteen digits that a spreadsheet keeps: 0.1 + 0.2 is 0.3 there."""
    if abs(value) >= 1e15:
        return f"{value:.14E}"  # as an identifier it is known by this to have lost digits, see `lost_digits`
    if value.is_integer():
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def _sheets(path: Path, declaration: Declaration) -> list[Sheet]:
    """Return the worksheets that hold anything, but not those that only explain."""
    (faults, epoch), named = _faults(path), named_headers(path)
    sheets = []
    with _opened(path) as book:
        for about in book.sheets_metadata:
            if about.typ != calamine.SheetTypeEnum.WorkSheet or declaration.is_notes(about.name):
                continue
            sheet = book.get_sheet_by_name(about.name)
            column = sheet.start[1] + 1 if sheet.start else 1
            found = faults.get(about.name, ())
            top = tuple(_top(_rows(sheet, column, found)))
            if top:
                sheets.append(Sheet(path, about.name, column, top, found, named.get(about.name, {}), epoch))
    return sheets


def _faults(path: Path) -> tuple[Mapping[str, tuple[CellFault, ...]], date | None]:
    """Return the cells without a value of each sheet, and day 0 of the serial numbers; how is each format's own."""
    if path.suffix.lower() == ".ods":
        return ods_cell_faults(path), None  # its days are days, never numbers
    if path.suffix.lower() in OLD_WORKBOOKS:
        by_order, epoch = xls_cell_faults(path)
        with _opened(path) as book:
            sheets = book.sheet_names
        if len(by_order) != len(sheets):
            raise WorkbookDamagedError(path.name)
        return dict(zip(sheets, by_order, strict=True)), epoch
    return cell_faults(path), epoch_of(path)


def _top(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows that may be the header: the first that is not blank, and those of the first twenty."""
    first = next(rows, None)
    if first is not None:
        yield first
        yield from takewhile(lambda row: row[0] <= SEARCHED, rows)


def _tables(
    intake: Intake, sheets: Sequence[Sheet], stem: Table | None, file: str
) -> list[tuple[Sheet, Table]]:
    """Return the sheets with the table each is: by its name, the file's name, or as the unit's sheet."""
    declaration = intake.declaration
    named = [(sheet, declaration.table(sheet.name) or _named_table(sheet, declaration)) for sheet in sheets]
    units = declaration.tables.get("units")
    has_units = any(table is units for _, table in named)
    found: list[tuple[Sheet, Table]] = []
    for position, (sheet, table) in enumerate(named):
        meant = table
        if meant is None and len(sheets) == 1:
            meant = stem
        if (
            meant is None
            and position == 0
            and not has_units
            and units
            and _names_a_unit(declaration, sheet, units)
        ):
            meant = units
        if meant is not None:
            found.append((sheet, meant))
            continue
        hint = nearest(
            sheet.name, (text for declared in declaration.tables.values() for text in declared.names)
        )
        figures = {"value": sheet.name, "nearest": hint}
        intake.collected.add("table.unknown_sheet", Place(file, sheet.name), figures, hint=hint)
    return found


def _named_table(sheet: Sheet, declaration: Declaration) -> Table | None:
    """Return the table whose columns the header cells of a renamed sheet are named after."""
    tables = {table for table, _ in sheet.named.values()}
    return declaration.tables.get(tables.pop()) if len(tables) == 1 else None


def _names_a_unit(declaration: Declaration, sheet: Sheet, units: Table) -> bool:
    """Return whether a sheet's header is one of units: the unit's number, and another column of units."""
    texts = find_header(declaration, units, sheet.top).texts
    columns = {column.name for column in map(units.column, filter(str.strip, texts)) if column}
    return "unit_id" in columns and len(columns) > 1


def _supply(intake: Intake, sheet: Sheet, file: str, table: Table) -> Supply:
    named = {
        (row, column - sheet.first_column): name
        for (row, column), (of, name) in sheet.named.items()
        if of == table.name
    }
    headers = headers_of(intake, table, sheet.top, Place(file, sheet.name), named)

    def batches(intake: Intake) -> Iterator[Relation]:
        _add_faults(sheet, file, headers, intake.collected)
        yield from in_batches(intake.engine, headers, (row for row in sheet.rows() if row[0] > headers.row))

    return Supply(
        table,
        file,
        sheet.name,
        headers,
        None,
        batches,
        facts=SheetFacts(epoch=sheet.epoch, first_column=sheet.first_column),
    )


def _add_faults(sheet: Sheet, file: str, headers: Headers, collected: Collected) -> None:
    for fault in sheet.faults:
        position = fault.column - sheet.first_column
        header = headers.texts[position] if 0 <= position < len(headers.texts) else None
        place = Place(file, sheet.name, fault.row, header or None)
        collected.add(fault.code, place, {"value": fault.value[:80]}, kind="row")


def _named_units(
    supplies: Sequence[Supply], sheets: Mapping[str, Sheet]
) -> tuple[tuple[str, int], ...] | None:
    """Return the units that the workbook's units sheets name, each with its row; None if it has none."""
    named: list[tuple[str, int]] = []
    has_sheet = False
    for supply in supplies:
        if supply.table.name != "units" or "unit_id" not in supply.headers.columns or supply.sheet is None:
            continue
        has_sheet, position = True, supply.headers.slots.index("unit_id")
        for row, texts in sheets[supply.sheet].rows():
            unit = narrow(texts[position].strip(BLANKS))
            if row > supply.headers.row and unit:
                named.append((unit, row))
    return tuple(named) if has_sheet else None
