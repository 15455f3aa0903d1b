"""Days without a year: the year of their row, else that of the audit, else none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.engines.duckdb import DuckDBEngine
from auditor.shipped import shipped
from auditor.tables.declaration import Declaration, load_declaration
from auditor.tables.read import read_tables

CELLS = [
    ("2023", "3月5日"),
    ("2022年", "三月六日"),
    ("", "3月7日"),
    ("2021", "2024年3月8日"),
    ("2023", "2月29日"),
]
IN_2023, IN_2022, IN_2024 = date(2023, 3, 5), date(2022, 3, 6), date(2024, 3, 8)


@pytest.fixture(scope="module")
def with_years(tmp_path_factory: pytest.TempPathFactory) -> Declaration:
    """Return the shipped declaration with a year beside the day of an activity."""
    raw: Any = yaml.load(shipped("rules/tables.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    raw["tables"]["activities"]["columns"]["year"] = raw["tables"]["targets"]["columns"]["year"] | {
        "required": False
    }
    place = tmp_path_factory.mktemp("declared") / "tables.yaml"
    place.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    return load_declaration(place)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = "".join(f"A{at},U1,{year},{day}\n" for at, (year, day) in enumerate(CELLS))
    (tmp_path / "units.csv").write_text("unit_id,type\nU1,university\n", encoding="utf-8")
    (tmp_path / "activities.csv").write_text(f"activity_id,unit_id,year,held_on\n{rows}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("year", "third"), [(None, None), (2019, date(2019, 3, 7))])
def test_the_year_of_the_row_comes_before_that_of_the_audit(
    engine: DuckDBEngine, with_years: Declaration, data: Path, year: int | None, third: date | None
) -> None:
    reading = read_tables(data, with_years, engine, year=year)
    days = [day for (day,) in engine.rows("SELECT held_on FROM activities ORDER BY row_no")]
    # There is no 29 February 2023.
    assert days == [IN_2023, IN_2022, third, IN_2024, None]
    wrong = [("table.bad_date", 6)] if year else [("table.year_missing", 4), ("table.year_missing", 6)]
    assert [(p.code, p.place.row) for p in reading.problems] == wrong
    said = {(w.code, w.figures["value"], w.figures["count"]) for w in reading.warnings}
    assert said == {("table.read_number", "2022年", 1), ("table.read_year", "3月5日", 3 if year else 2)}
