"""`where` keeps the rows that it names, thresholds compare exactly, and both say so as SQL that the engine runs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literal
from auditor.measures.threshold import lack_sql, meets_sql
from auditor.measures.where import Where, filter_sql
from auditor.model.requirement import Threshold
from auditor.tables.declaration import load_declaration

ACTIVITIES = load_declaration().tables["activities"]
WHERE: TypeAdapter[Any] = TypeAdapter(Where)
ROWS = {
    "lesson": ("lesson", ";theory;", Decimal("2.0"), date(2024, 3, 1), True),
    "both": ("training", ";theory;academic_security;", Decimal("1.5"), date(2024, 6, 1), False),
    "like": ("training", ";theory_of_sets;", Decimal("0.5"), date(2024, 6, 2), False),
    "blank": (None, None, None, None, None),
}


@pytest.fixture(scope="module")
def engine() -> Any:
    with DuckDBEngine() as opened:
        opened.run(
            "CREATE TABLE t (id VARCHAR, kind VARCHAR, topics VARCHAR, hours DECIMAL(18, 6), held_on DATE,"
            " first_topic BOOLEAN)"
        )
        opened.insert("t", [(key, *row) for key, row in ROWS.items()])
        yield opened


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ({"kind": "lesson"}, ["lesson"]),
        ({"kind": ["lesson", "training"]}, ["both", "lesson", "like"]),
        # a blank is equal to nothing, so it is none of them
        ({"kind not": "lesson"}, ["blank", "both", "like"]),
        ({"kind not": ["lesson", "training"]}, ["blank"]),
        # contains, as a whole word
        ({"topics": "theory"}, ["both", "lesson"]),
        ({"topics": ["academic_security", "ethnic_affairs_policy"]}, ["both"]),
        ({"topics not": "theory"}, ["blank", "like"]),
        ({"hours >=": 1.5}, ["both", "lesson"]),
        ({"hours >": 1.5}, ["lesson"]),
        ({"hours <=": 1.5}, ["both", "like"]),
        ({"hours <": 1.5}, ["like"]),
        ({"held_on >=": date(2024, 6, 2)}, ["like"]),
        ({"first_topic": True}, ["lesson"]),
        ({"first_topic": False}, ["both", "like"]),
        ({"kind": "training", "topics": "theory"}, ["both"]),
        ({"kind": "les'son"}, []),
    ],
)
def test_where_keeps(engine: DuckDBEngine, where: dict[str, Any], kept: list[str]) -> None:
    tests = " AND ".join(filter_sql(each, ACTIVITIES, "t") for each in WHERE.validate_python(where))
    assert [row[0] for row in engine.rows(f"SELECT id FROM t WHERE {tests} ORDER BY id")] == kept


@pytest.mark.parametrize(
    "where",
    [
        {"kind like": "x"},
        {"hours >=": [1, 2]},
        {"kind": []},
        {"kind": None},
        {"kind": ["x", None]},
        ["kind"],
        "kind",
    ],
)
def test_a_bad_filter_is_refused(where: Any) -> None:
    with pytest.raises(ValidationError):
        WHERE.validate_python(where)


@pytest.mark.parametrize(
    ("op", "wanted", "number", "meets", "lack"),
    [
        (">=", 6, 6, True, None),
        (">=", 6, 5, False, 1),
        (">=", "3.5", "3.25", False, "0.25"),
        (">", 6, 6, False, 1),
        (">", 6, 7, True, None),
        ("<=", 2, 2, True, None),
        ("<=", 2, 5, False, 3),
        ("==", 3, 3, True, None),
        ("==", 3, 1, False, 2),
        ("==", 3, 4, False, 1),
        ("between", [2, 4], 2, True, None),
        ("between", [2, 4], 4, True, None),
        ("between", [2, 4], 1, False, 1),
        ("between", [2, 4], 7, False, 3),
        # 0.1 + 0.2 is 0.3 here
        (">=", "0.3", Decimal("0.1") + Decimal("0.2"), True, None),
    ],
)
def test_thresholds(engine: DuckDBEngine, op: str, wanted: Any, number: Any, meets: bool, lack: Any) -> None:
    threshold = Threshold.model_validate({"op": op, "value": wanted})
    value = literal(Decimal(number))
    assert engine.rows(f"SELECT {meets_sql(value, threshold)}") == [(meets,)]
    if lack is not None:
        assert engine.rows(f"SELECT {lack_sql(value, threshold)}") == [(Decimal(lack),)]
