"""What rows say: the cells behind a piece of evidence, for a person to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from auditor.engines.sql import literal, name
from auditor.model.audit import RowPlace
from auditor.tables.declaration import Column, Declaration
from auditor.tables.intake import Engine
from auditor.texts import Lang, say


def row_contents(
    engine: Engine,
    declaration: Declaration,
    table_names: Iterable[str],
    places: Sequence[RowPlace],
    lang: Lang,
) -> dict[RowPlace, dict[str, str]]:
    """Return the filled cells of the rows at these places, by column label; a place in no such table is left out.

    Values of a choice stand by their zh label in zh, as codes in en.
    """
    wanted = set(places)
    rows = sorted({row for _, _, row in wanted if row is not None})
    found: dict[RowPlace, dict[str, str]] = {}
    for table in sorted(set(table_names)) if rows else ():
        columns = list(declaration.tables[table].columns.values())
        shown = ", ".join(f"CAST(t.{name(column.name)} AS VARCHAR)" for column in columns)
        query = (
            f"SELECT s.file, s.sheet, t.row_no, {shown} FROM {name(table)} t "
            f"JOIN sources s ON s.source_no = t.source_no WHERE t.row_no IN ({', '.join(map(str, rows))})"
        )
        for file, sheet, row, *cells in engine.rows(query):
            if (file, sheet, row) in wanted:
                filled = [(column, cell) for column, cell in zip(columns, cells, strict=True) if cell]
                found[file, sheet, row] = {
                    column.label.model_dump()[lang]: _shown(column, cell, lang) for column, cell in filled
                }
    return found


def _shown(column: Column, cell: str, lang: Lang) -> str:
    if column.type == "boolean":
        return say("words", "answer.yes" if cell == "true" else "answer.no", {}, lang)
    if column.type == "number":
        return format(Decimal(cell).normalize(), "f")
    values = cell.strip(";").split(";")
    return ";".join(column.values.get(each, each) if lang == "zh" else each for each in values)


def busiest_year(engine: Engine, declaration: Declaration, table_names: Iterable[str]) -> int | None:
    """Return the year in which these tables have most of their dated rows (the latest of equals), or None."""
    dated = [(table, declaration.tables[table].date) for table in sorted(set(table_names))]
    parts = [
        f"SELECT extract(year FROM t.{name(day)}) AS year FROM {name(table)} t" for table, day in dated if day
    ]
    if not parts:
        return None
    rows = engine.rows(
        f"SELECT year, count(*) AS found FROM ({' UNION ALL '.join(parts)}) dated WHERE year IS NOT NULL "
        f"GROUP BY year ORDER BY found DESC, year DESC LIMIT {literal(1)}"
    )
    return int(rows[0][0]) if rows else None
