"""No data about persons comes in: not by a column's header, not by the shape of a cell, and no message repeats it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tables_samples import UNITS, codes

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literal
from auditor.tables.declaration import Declaration
from auditor.tables.personal import holds_personal_number, looks_personal, shown
from auditor.tables.read import Reading

pytestmark = pytest.mark.slow

Read = Callable[..., Reading]

HEADERS = yaml.safe_load((Path(__file__).parent / "personal_headers.yaml").read_text(encoding="utf-8"))
MOBILE, IDENTITY = "13812345678", "11010519491231002X"
"""Both made up; the identity number is the standard's own example."""


@pytest.mark.parametrize("kind", HEADERS["refused"])
def test_headers_about_persons(declaration: Declaration, kind: str) -> None:
    headers = HEADERS["refused"][kind]
    assert [header for header in headers if not declaration.is_personal(header)] == []


@pytest.mark.parametrize("kind", HEADERS["accepted"])
def test_headers_that_share_a_word_with_them(declaration: Declaration, kind: str) -> None:
    headers = HEADERS["accepted"][kind]
    assert [header for header in headers if declaration.is_personal(header)] == []


@pytest.mark.parametrize("table", HEADERS["declared"])
def test_declared_headers_win(declaration: Declaration, table: str) -> None:
    assert all(declaration.tables[table].column(header) for header in HEADERS["declared"][table])


def test_a_refused_column_shows_nothing_of_its_cells(read: Read) -> None:
    reading = read({"units.csv": UNITS, "activities.csv": "activity_id,unit_id,主持人\nA1,U1,张三丰\n"})
    assert codes(reading) == ["table.personal_column"]
    assert "张三丰" not in repr(reading)


NUMBERS = [
    MOBILE,
    f"电话：{MOBILE}",
    f"+86{MOBILE}",
    "１３８１２３４５６７８",
    IDENTITY,
    "11010519491231002x",
]
KINDS_OF_CELLS = {
    "evidence": NUMBERS,
    "speakers": [MOBILE, f"{MOBILE}人", f"{MOBILE}.0", "110105194912310021", *NUMBERS],  # no check digit
    "hours": [MOBILE, f"{MOBILE}.5", *NUMBERS],
    "held_on": [*NUMBERS, f"2024-03-05 {MOBILE}"],
    "first_topic": NUMBERS,
    "kind": [*NUMBERS, f"学习{MOBILE}"],
    "topics": [*NUMBERS, f"理论；{MOBILE}"],
}


@pytest.mark.parametrize("column", KINDS_OF_CELLS)
def test_a_persons_number_is_refused_in_every_column_and_never_repeated(read: Read, column: str) -> None:
    cells = KINDS_OF_CELLS[column]
    rows = "".join(f"A{at},U1,{cell}\n" for at, cell in enumerate(cells))
    reading = read({"units.csv": UNITS, "activities.csv": f"activity_id,unit_id,{column}\n{rows}"})
    assert [(p.code, p.place.row) for p in reading.problems] == [
        ("table.personal_value", at) for at in range(2, len(cells) + 2)
    ]
    said = repr((reading.problems, reading.warnings))
    assert not any(cell in said for cell in cells)
    assert "38123456" not in said


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        (
            "evidence",
            ["档案20240305001", "110105194912310021", "110105491231002", "12345678901", "0.13812345678"],
        ),
        ("hours", ["0.13812345678", "1.13812345678"]),
        ("speakers", ["12345678901", "20240305001"]),
        ("activity_id", [MOBILE, IDENTITY]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_persons_number(read: Read, column: str, cells: list[str]) -> None:
    """Fifteen digits, a wrong check digit, decimals; and identifiers may be anything."""
    others = [each for each in ("activity_id", "unit_id") if each != column]
    rows = "".join(f"{cell},{','.join([f'A{at}', 'U1'][-len(others) :])}\n" for at, cell in enumerate(cells))
    reading = read({"units.csv": UNITS, "activities.csv": f"{column},{','.join(others)}\n{rows}"})
    # 0.138… stands in a text as well as a telephone number behind a point does.
    wrong = [cell for cell in cells if column == "evidence" and cell.startswith("0.")]
    assert codes(reading) == ["table.personal_value"] * len(wrong)


def test_a_number_without_a_header_or_in_place_of_one_is_not_repeated(read: Read) -> None:
    reading = read({"units.csv": UNITS, "activities.csv": f"activity_id,unit_id,\nA1,U1,{MOBILE}\n"})
    assert codes(reading) == ["table.no_header"]
    assert MOBILE not in repr(reading)
    reading = read({"units.csv": UNITS, "activities.csv": f"A1,U1,{MOBILE}\nA2,U1,{MOBILE}\n"})
    assert codes(reading) == ["table.unknown_header"]
    assert MOBILE not in repr(reading)


def test_numbers_in_a_workbook_and_in_parquet(read: Read, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    rows = [["activity_id", "unit_id", "speakers", "evidence"], ["A1", "U1", 13812345678, None]]
    # As numbers both lose their last digits, and still are somebody's.
    rows += [["A2", "U1", 110105194912310021, None], ["A3", "U1", None, 110105194912310021]]
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "activities.xlsx")
    reading = read({"units.csv": UNITS})
    assert [(p.code, p.place.row) for p in reading.problems] == [
        ("table.personal_value", row) for row in (2, 3, 4)
    ]
    assert "1949" not in repr(reading.problems)

    (tmp_path / "activities.xlsx").unlink()
    query = "SELECT 'A1' AS activity_id, 'U1' AS unit_id, 13812345678 AS speakers, 1.5 AS hours"
    with duckdb.connect() as connection:
        place = (tmp_path / "activities.parquet").as_posix()
        connection.execute(f"COPY ({query}) TO '{place}' (FORMAT parquet)")
    reading = read()
    assert [(p.code, p.place.column) for p in reading.problems] == [("table.personal_value", "speakers")]


def test_bad_rows_with_such_a_number_can_be_left_out(read: Read, engine: DuckDBEngine) -> None:
    rows = f"A1,U1,{MOBILE}\nA2,U1,3\n"
    read({"units.csv": UNITS, "activities.csv": f"activity_id,unit_id,speakers\n{rows}"}, skip_bad_rows=True)
    assert engine.rows("SELECT activity_id, speakers FROM activities") == [("A2", 3)]


def test_identifiers_stay_as_they_are_in_every_format(
    read: Read, engine: DuckDBEngine, tmp_path: Path
) -> None:
    """Text is never taken for a number; a workbook's number of more than fifteen digits has lost some."""
    ids = ["007", "110101199003070039", "1E5", "0012.0"]
    head = "activity_id,unit_id\n"
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in [["activity_id", "unit_id"], *([each, "U1"] for each in ids)]:
        sheet.append(row)
    values = ", ".join(f"('{each}', 'U1')" for each in ids)
    contents: dict[str, Callable[[Path], Any]] = {
        "activities.csv": lambda path: path.write_text(
            head + "".join(f"{each},U1\n" for each in ids), encoding="utf-8"
        ),
        "activities.jsonl": lambda path: path.write_text(
            "".join(f'{{"activity_id": "{each}", "unit_id": "U1"}}\n' for each in ids), encoding="utf-8"
        ),
        "activities.xlsx": book.save,
        "activities.parquet": lambda path: duckdb.sql(
            f"COPY (SELECT * FROM (VALUES {values}) AS t(activity_id, unit_id)) TO '{path.as_posix()}'"
            " (FORMAT parquet)"
        ),
    }
    for name, write in contents.items():
        write(tmp_path / name)
        reading = read({"units.csv": UNITS})
        assert (name, codes(reading)) == (name, [])
        assert [each for (each,) in engine.rows("SELECT activity_id FROM activities ORDER BY row_no")] == ids
        (tmp_path / name).unlink()


def test_an_exact_number_of_json_is_an_identifier(read: Read, engine: DuckDBEngine) -> None:
    line = '{"activity_id": 110101199003070039, "unit_id": "U1"}\n'
    assert codes(read({"units.csv": UNITS, "activities.jsonl": line})) == []
    assert engine.rows("SELECT activity_id FROM activities") == [("110101199003070039",)]


@pytest.mark.parametrize(
    ("cell", "is_lost"),
    [
        (110101199003070039, True),
        (10**15, True),
        (10**15 - 1, False),
        (7, False),
        ("110101199003070039", False),
    ],
)
def test_a_long_number_in_a_workbook_is_no_identifier(
    read: Read, engine: DuckDBEngine, tmp_path: Path, cell: int | str, is_lost: bool
) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (["activity_id", "unit_id"], [cell, "U1"]):
        sheet.append(row)
    book.save(tmp_path / "activities.xlsx")
    reading = read({"units.csv": UNITS})
    assert codes(reading) == (["table.id_lost_digits"] if is_lost else [])
    if not is_lost:
        assert engine.rows("SELECT activity_id FROM activities") == [(str(cell),)]


def test_a_unit_that_lost_its_digits_is_said_once(read: Read) -> None:
    rows = "A1,1.10101E+17\nA2,1.10101E+17\n"
    reading = read({"units.csv": UNITS, "activities.csv": f"activity_id,unit_id\n{rows}"})
    assert codes(reading) == ["table.id_lost_digits"] * 2


PIECES = st.lists(
    st.sampled_from(["1", "3", "8", "0", "13812345678", "11010519491231002", "X", "x", "1", ".", "+86", "0086", "-",
                     "号", "１", "8", "E+17", "1.10105194912310", " ", "人", "19900307", "a"]),
    max_size=8,
)  # fmt: skip


@settings(max_examples=20)
@given(st.lists(PIECES, min_size=10, max_size=40), st.booleans())
@example([["Tel.", MOBILE], ["0.", MOBILE], ["x", IDENTITY], ["１", "３"]], True)
def test_the_engine_and_python_see_the_same(pieces: list[list[str]], in_number: bool) -> None:
    texts = ["".join(each) for each in pieces]
    with duckdb.connect() as connection:
        values = ", ".join(f"({at}, {literal(text)})" for at, text in enumerate(texts))
        query = (
            f"SELECT {looks_personal('t', in_number=in_number)} FROM (VALUES {values}) AS v(n, t) ORDER BY n"
        )
        found = [each for (each,) in connection.execute(query).fetchall()]
    assert list(zip(texts, found, strict=True)) == [
        (text, holds_personal_number(text, in_number=in_number)) for text in texts
    ]


@given(st.integers(0, 2**32))
def test_every_identity_number_is_known_by_its_check_digit(seed: int) -> None:
    """The last digit worked out another way: the weights are the powers of two modulo eleven."""
    rng = random.Random(seed)
    body = f"{rng.randrange(110000, 660000)}{rng.randrange(1950, 2024)}{rng.randrange(1, 13):02}"
    body += f"{rng.randrange(1, 29):02}{rng.randrange(1000):03}"
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(body))
    for last in "0123456789X":
        value = 10 if last == "X" else int(last)
        assert holds_personal_number(f"证件{body}{last}。") is ((total + value) % 11 == 1)
        assert shown(body + last) == ("…" if (total + value) % 11 == 1 else body + last)
