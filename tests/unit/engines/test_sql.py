"""How values and names get into SQL: quoted, exact, or refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literal, literals, name


@pytest.mark.parametrize(
    ("value", "sql"),
    [
        (None, "NULL"),
        (True, "TRUE"),
        (False, "FALSE"),
        (-7, "-7"),
        (Decimal("0.35"), "0.35"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (date(2024, 2, 29), "DATE '2024-02-29'"),
        ("it's", "'it''s'"),
        ("'; DROP TABLE units; --", "'''; DROP TABLE units; --'"),
        ("a\\b", "concat('a', chr(92), 'b')"),
        ("理论学习", "'理论学习'"),
        ("", "''"),
    ],
)
def test_a_literal_is_quoted(value: Any, sql: str) -> None:
    assert literal(value) == sql


@pytest.mark.parametrize("value", [0.35, float("nan"), Decimal("NaN"), Decimal("Infinity"), b"x", ["x"]])
def test_what_has_no_exact_literal_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="no exact literal"):
        literal(value)


def test_literals_stand_in_a_list() -> None:
    assert literals(["a", 1, True]) == "'a', 1, TRUE"


@pytest.mark.parametrize("text", ["units", "_t1", "a_b"])
def test_a_plain_name_goes_through(text: str) -> None:
    assert name(text) == text


@pytest.mark.parametrize("text", ["", "Units", "a b", "a;b", 'a"', "1a", "单位", "a.b", "a\n", "units--"])
def test_any_other_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a plain lower-case name"):
        name(text)


@pytest.fixture(scope="module")
def engine() -> Any:
    with DuckDBEngine() as opened:
        yield opened


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_every_text_comes_back_as_it_went_in(engine: DuckDBEngine, text: str) -> None:
    assert engine.rows(f"SELECT {literal(text)}") == [(text,)]


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_every_decimal_comes_back_exact(engine: DuckDBEngine, value: Decimal) -> None:
    ((back,),) = engine.rows(f"SELECT CAST({literal(value)} AS DECIMAL(38, 6))")
    assert back == value
