"""Which tables are missing for which units: not supplied at all, or not in a unit's workbook."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.errors import Place
from auditor.tables import views
from auditor.tables.intake import Intake
from auditor.tables.supply import Supply


def note_missing(intake: Intake, supplies: Sequence[Supply]) -> None:
    """Fill `missing_tables` (table_name, unit_id).

    A file that names no units speaks for all of them; a workbook with a units sheet for those it names, a file
    whose rows a mapping gives to one unit for that one. A table that nothing supplies for a unit is missing for
    that unit.
    """
    engine = intake.engine
    engine.run(views.CREATE_MISSING)
    units = {unit for (unit,) in engine.rows(views.UNITS)}
    coverage = {table: _covered(table, supplies) for table in intake.declaration.tables if table != "units"}
    nowhere = [table for table, covered in coverage.items() if covered is not None and not covered]
    if nowhere:
        engine.run(views.add_missing_for_all(nowhere))
    for table, covered in coverage.items():
        if covered and not units <= covered:
            engine.create_texts("covered_units", {"unit_id": sorted(covered)})
            engine.run(views.add_missing_for_others(table))


def check_named_units(intake: Intake, supplies: Sequence[Supply]) -> None:
    """Add a problem for each workbook that names a unit which no units table describes."""
    naming = [
        s for s in supplies if s.table.name == "units" and s.names_units and "type" not in s.headers.columns
    ]
    known = {unit for (unit,) in intake.engine.rows(views.UNITS)} if naming else set()
    for supply in naming:
        table, column = supply.table, supply.table.columns["unit_id"]
        for unit, row in supply.names_units or ():
            if known and unit not in known:
                place = Place(supply.file, supply.sheet, row, supply.headers.written("unit_id"))
                figures = {"table": table.name, "table_zh": table.label.zh, "column_zh": column.label.zh}
                intake.collected.add(
                    "table.unknown_unit", place, {**figures, "column": column.name, "value": unit}, kind="row"
                )


def _covered(table: str, supplies: Sequence[Supply]) -> set[str] | None:
    """Return the units for which a table was supplied; None for all of them."""
    covered: set[str] = set()
    for supply in supplies:
        if supply.table.name == table:
            only = supply.table.as_written.constants.get("unit_id")
            if only is None and supply.names_units is None:
                return None
            covered.update([only] if only is not None else [unit for unit, _ in supply.names_units or ()])
    return covered
