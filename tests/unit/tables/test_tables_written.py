"""Every form of `written_forms.yaml` read through the door: its value, what is said about it, or its problem."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.declaration import Column, Declaration
from auditor.tables.read import Reading

SECTIONS: list[dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "written_forms.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
)
SAID = ("date", "month", "year_inferred", "number", "boolean")
FILLED = {"unit_id": "U1", "year": "2024"}


def shown(section: dict[str, Any]) -> str:
    return f"{section['column']} {section.get('year', 'without a year')}"


def table_of(columns: list[str], column: Column, cells: list[str]) -> str:
    """Return a CSV file with a row for each cell; what else a row must have is made up."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for at, cell in enumerate(cells):
        writer.writerow(cell if each == column.name else FILLED.get(each, f"R{at}") for each in columns)
    return text.getvalue()


@pytest.mark.parametrize("section", SECTIONS, ids=shown)
def test_what_offices_write(
    read: Callable[..., Reading], engine: DuckDBEngine, declaration: Declaration, section: dict[str, Any]
) -> None:
    table_name, _, name = section["column"].partition(".")
    table = declaration.tables[table_name]
    meant = [(how, cell, value) for how in ("plain", *SAID) for cell, value in section.get(how, {}).items()]
    wrong = [(code, cell) for code, cells in section.get("problems", {}).items() for cell in cells]
    columns = [each.name for each in table.columns.values() if each.required or each.name == name]
    content = table_of(columns, table.columns[name], [cell for _, cell, _ in meant] + [c for _, c in wrong])
    year = int(section["year"]) if "year" in section else None
    reading = read({"units.csv": "unit_id,type\nU1,university\n", f"{table_name}.csv": content}, year=year)

    rows = engine.rows(f"SELECT coalesce(CAST({name} AS VARCHAR), '') FROM {table_name} ORDER BY row_no")
    assert [(cell, value) for (_, cell, _), (value,) in zip(meant, rows, strict=False)] == [
        (cell, value) for _, cell, value in meant
    ]
    given = [cell for _, cell, _ in meant] + [cell for _, cell in wrong]
    problems = [(p.code, given[(p.place.row or 0) - 2], p.place.column) for p in reading.problems]
    assert sorted(problems) == sorted((code, cell, name) for code, cell in wrong)
    said = {(w.code, w.figures["count"], w.place.column) for w in reading.warnings}
    # A cell below its least was understood first.
    extra = sum(code == "table.negative" and not cell.lstrip("-").isdecimal() for code, cell in wrong)
    counts = Counter(how for how, _, _ in meant if how in SAID) + Counter({"number": extra})
    assert said == {(f"table.read_{how.partition('_')[0]}", count, name) for how, count in counts.items()}
