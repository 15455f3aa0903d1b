from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from tables_samples import UNITS, codes

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.read import Reading

Read = Callable[..., Reading]


def test_an_object_is_a_row_and_its_line_the_number(read: Read, engine: DuckDBEngine) -> None:
    text = (
        '{"activity_id": 7, "unit_id": "U1", "held_on": "2024年3月5日", "hours": 1.10, "first_topic": true}\n'
        "\n"
        '{"unit_id": "U1", "activity_id": "A2", "hours": 2.5e1}\r\n'
        '{"unit_id": "U1", "activity_id": "007", "topics": ["理论", "reviewers"], "speakers": 12345678901234567}'
    )
    reading = read({"units.csv": UNITS, "activities.jsonl": "\ufeff" + text})
    assert codes(reading) == []
    query = "SELECT activity_id, held_on, hours, first_topic, topics, speakers, row_no FROM activities ORDER BY row_no"
    assert engine.rows(query) == [
        ("7", date(2024, 3, 5), Decimal("1.1"), True, None, None, 1),
        ("A2", None, Decimal(25), None, None, None, 3),
        ("007", None, None, None, ";theory;reviewers;", 12345678901234567, 4),
    ]


def test_a_key_of_any_line_is_a_column(read: Read) -> None:
    rows = (
        '{"activity_id": "A1", "unit_id": "U1"}\n' * 3
        + '{"activity_id": "A2", "unit_id": "U1", "姓名": "x"}\n'
    )
    reading = read({"units.csv": UNITS, "activities.ndjson": rows})
    assert ("table.personal_column", None, "姓名") in [
        (p.code, p.place.row, p.place.column) for p in reading.problems
    ]


def test_a_key_and_its_label_are_one_column_twice(read: Read) -> None:
    rows = '{"activity_id": "A1", "unit_id": "U1"}\n{"活动编号": "A2", "unit_id": "U1"}\n'
    found = codes(read({"units.csv": UNITS, "activities.jsonl": rows}))
    assert found == ["table.duplicate_column", "table.blank_key"]


def test_numbers_without_a_value_are_told(read: Read) -> None:
    line = '{"activity_id": "%s", "unit_id": "U1", "hours": %s}\n'
    rows = line % ("A1", "NaN") + line % ("A2", "1e999999999")
    assert codes(read({"units.csv": UNITS, "activities.jsonl": rows})) == [
        "table.not_finite",
        "table.bad_number",
    ]


def test_without_an_object_there_is_no_table(read: Read) -> None:
    for text, code in (
        ("", "empty_file"),
        ("{}\n", "empty_file"),
        ("[]\n", "bad_line"),
        ("\xff", "not_utf8"),
    ):
        content = text.encode("latin-1")
        assert codes(read({"units.csv": UNITS, "activities.jsonl": content})) == [f"table.{code}"]
