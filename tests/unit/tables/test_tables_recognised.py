"""What a reading recognised: the parts that no other test asks for."""

from __future__ import annotations

import pytest

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literal
from auditor.tables.door.xml import column_letters
from auditor.tables.personal import holds_personal_number, looks_personal


@pytest.mark.parametrize(
    ("number", "letter"),
    [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (16384, "XFD")],
)
def test_columns_are_called_as_a_spreadsheet_calls_them(number: int, letter: str) -> None:
    assert column_letters(number) == letter


# 11010519491231002X is the example of GB 11643; with another check digit it is nobody's number.
TEXTS = {
    "13812345678": True,
    "电话：13812345678。": True,
    "113812345678": False,
    "12012345678": False,
    "11010519491231002X": True,
    "证件11010519491231002x号": True,
    "110105194912310021": False,
    "110105194913310028": False,
    "档案盒3-12": False,
    "": False,
}


def test_numbers_of_persons_are_known_in_python_as_in_the_engine() -> None:
    assert {text: holds_personal_number(text) for text in TEXTS} == TEXTS
    with DuckDBEngine() as engine:
        rows = engine.rows(
            " UNION ALL ".join(
                f"SELECT t, {looks_personal('t')} FROM (SELECT {literal(text)} AS t)" for text in TEXTS
            )
        )
    assert dict(rows) == TEXTS
