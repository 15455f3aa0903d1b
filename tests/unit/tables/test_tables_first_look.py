"""Rows read twice at most: the first look takes what is plain, and both looks read what `cleaning` reads."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tables_samples import UNITS, codes

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables import handed
from auditor.tables.cleaning import REPORTED, Relation, create_rows, insert_rows
from auditor.tables.declaration import Column, Declaration, Table
from auditor.tables.first_look import insert_plain_rows
from auditor.tables.read import LeftOutRow, Reading

Read = Callable[..., Reading]

BLANK = (None, "", " ", "\u3000", "\t", "\u00a0")
CELLS = {
    "date": ("2024-03-05", "2024/3/5", "2024.3.5", "2024年3月5日", "2024-02-30", "1949-09-30", "2101-01-01",
             "12024-01-01", "infinity", "2024-03-05 00:00:00", "2024-1--05", "2024-01-1x", "2-04-01-02", "-999-01-02",
             "２０２４-03-05", "2024-03-05 (BC)", "20240305", "45000"),
    "integer": ("0", "12", "-3", "+5", "007", "3.0", "3.00", "3.", "1,200", "12人", "1e3", "0x1F", "1_000", "-0",
                "-0.0", "9223372036854775807", "9223372036854775808", "123456789012345678.0", "5.5", "５", "nan"),
    "number": ("0", "1.5", "-3", "+5.25", "007.5", "1.1234567", "1.123456", ".5", "5.", "-.5", "-", ".", "1e2", "1_000",
               "999999999999.999999", "1000000000000", "nan", "inf", "-0", "１.５", "0.30000000000000004"),
    "boolean": ("true", "TRUE", "1", "0", "是", "否", "yes", "No", "√", "t", "ｙｅｓ", "１"),
    "text": ("甲", "abc", "a b", "13812345678", "电话13812345678", "110101199003070011", "11010519491231002X",
             "20240305001.pdf", "123456789012", "合计", "~", "a%20b", "null", "o'x", "\\", "１２", "é", "a\tb"),
    "id": ("U1", "A000001", "007", "110101199003070011", "学院01", "U-1.2", "a b", "Ｕ1", "U１", "a/b", "é1", "%41"),
}  # fmt: skip
PLAIN = {"date": "2024-03-05", "integer": "2024", "number": "1.5", "boolean": "true", "text": "甲"}


def cells_of(column: Column, draw: random.Random) -> str | None:
    """Return a cell: mostly one that could stand in the column, blanks around it, a character too many."""
    if draw.random() < 0.15:
        return draw.choice(BLANK)
    if column.type == "choices":
        spellings = [*column.values, *column.spellings]
        text = draw.choice(";;；、").join(draw.choice(spellings) for _ in range(draw.randrange(1, 4)))
    elif column.type == "choice":
        text = draw.choice([*column.values, *column.spellings])
    else:
        text = draw.choice(CELLS["id" if column.is_id else column.type])
    change = draw.random()
    if change < 0.1:
        return text.upper()
    if change < 0.3:
        return (
            draw.choice([" ", "\u3000", "\n", ""]) + text + draw.choice([" ", "\ufeff", "x", ";", "0", ".0"])
        )
    return text


def drawn(table: Table, columns: Sequence[str], draw: random.Random, rows: int) -> Iterator[list[Any]]:
    """Yield so many rows of drawn cells, most of them plain but for one cell; the last one is plain throughout."""
    plain = [next(iter(table.columns[c].values), PLAIN.get(table.columns[c].type)) for c in columns]
    for row in range(1, rows + 1):
        cells = [cells_of(table.columns[column], draw) for column in columns]
        if draw.random() < 0.7:  # else hardly any row would be plain from end to end
            one = draw.randrange(len(cells))
            cells = [cell if at == one else plain[at] for at, cell in enumerate(cells)]
        if draw.random() < 0.05:
            cells = [draw.choice(BLANK) for _ in columns]
        if draw.random() < 0.05:
            cells[draw.randrange(len(cells))] = REPORTED
        yield [row, *cells]
    yield [rows + 1, *plain]


def rows_of(engine: DuckDBEngine, table: Table, insert: str) -> dict[int, tuple[Any, ...]]:
    """Return each row that a statement inserts by its number: its values, and last whether it is marked."""
    engine.run(create_rows(table))
    engine.run(insert)
    return {row[-2]: row for row in engine.rows(f"SELECT * FROM {table.name}_rows")}


@pytest.mark.parametrize(
    ("seed", "count"), [(1, 150), *(pytest.param(s, 4000, marks=pytest.mark.slow) for s in range(4))]
)
@pytest.mark.parametrize("name", ["activities", "attestations", "targets", "units"])
def test_a_row_that_is_not_marked_reads_as_cleaning_reads_it(
    engine: DuckDBEngine, declaration: Declaration, name: str, seed: int, count: int
) -> None:
    draw = random.Random(f"{name} {seed}")
    table = declaration.tables[name]
    columns = [column for column in table.columns if draw.random() < 0.8 or table.columns[column].required]
    texts = ", ".join(f"{column} VARCHAR" for column in columns)
    engine.run(f"CREATE TABLE given (row_no BIGINT, {texts})")
    engine.insert("given", list(drawn(table, columns, draw, count)))
    for unit in (None, "Ｕ9"):
        relation = Relation("SELECT * FROM given", columns, unit_id=unit, has_reported=True)
        cleaned = rows_of(engine, table, insert_rows(table, relation, 1))
        plain = rows_of(engine, table, insert_plain_rows(table, relation, 1, []))
        assert set(cleaned) <= set(plain)
        unmarked = {number: row for number, row in plain.items() if not row[-1]}
        assert {number: cleaned.get(number) for number in unmarked} == unmarked
        assert count + 1 in unmarked


HEAD = "activity_id,unit_id,held_on,participants,evidence\n"
ODD = (
    "A2,U1,2024-03-05,12人,\n"
    ",,,,\n"
    "A4,U1,,3,\n"
    '"合 计",,,15,\n'
    "activity_id,unit_id,held_on,participants,evidence\n"
    'A7,U1,2024-02-30,,"a\nb"\n'
    "Ａ8,U1 ,2024年3月5日,1,13812345678\n"
    " ,\u3000,,,\n"
    "A10,U1,2024-03-05,1,\n"
)
EXPECTED = [
    ("A10", date(2024, 3, 5), 1, 10),
    ("A2", date(2024, 3, 5), 12, 2),
    ("A4", None, 3, 4),
    ("A7", None, None, 7),
    ("A8", date(2024, 3, 5), 1, 8),
]


@pytest.mark.parametrize("large", [0, 1 << 30])
def test_a_large_file_reads_as_a_small_one(
    read: Read, engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(handed, "LARGE", large)
    reading = read({"units.csv": UNITS, "activities.csv": HEAD + ODD})
    assert [(problem.code, problem.place.row) for problem in reading.problems] == [
        ("table.bad_date", 7),
        ("table.personal_value", 8),
    ]
    assert [(note.code, note.figures["count"]) for note in reading.warnings] == [
        ("table.read_number", 1),
        ("table.left_out_totals", 1),
        ("table.left_out_headers", 1),
    ]
    query = "SELECT activity_id, held_on, participants, row_no FROM activities ORDER BY activity_id"
    assert engine.rows(query) == EXPECTED


@pytest.mark.parametrize("large", [0, 1 << 30])
def test_bad_rows_of_a_large_file_are_left_out(
    read: Read, engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(handed, "LARGE", large)
    again = "A10,U1,2024-03-05,1,\nA12,U9,2024-03-05,1,\n"
    reading = read({"units.csv": UNITS, "activities.csv": HEAD + ODD + again}, skip_bad_rows=True)
    assert reading.problems == ()
    left_out = [LeftOutRow("activities", "activities.csv", None, row) for row in (7, 8, 11, 12)]
    assert list(reading.left_out) == left_out
    assert engine.rows("SELECT activity_id FROM activities ORDER BY row_no") == [("A2",), ("A4",), ("A10",)]


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["x" * 60, '"line\nbreak {i}"', '"A1,U1\nA2,U1\nA3,U1\n{i}"'])
def test_many_threads_keep_the_order_of_a_large_file(
    read: Read, engine: DuckDBEngine, tmp_path: Path, cell: str
) -> None:
    """The last kind of cell looks like rows to a thread that starts in the middle of it."""
    lines = (f"A{i},U1,{cell.format(i=i)}\n" for i in range(2, 500_002))
    with (tmp_path / "activities.csv").open("w", encoding="utf-8", newline="") as file:
        file.write("activity_id,unit_id,evidence\n")
        file.writelines(lines)
    assert (tmp_path / "activities.csv").stat().st_size > handed.LARGE
    assert codes(read({"units.csv": UNITS})) == []
    wrong = (
        "SELECT count(*) FILTER (CAST(substr(activity_id, 2) AS BIGINT) <> row_no), count(*) FROM activities"
    )
    assert engine.rows(wrong) == [(0, 500_000)]


@pytest.mark.slow
@pytest.mark.parametrize("row", [2, 100_000, 299_990, 300_001])
def test_a_quote_of_a_large_file_that_is_never_closed_is_told(read: Read, row: int) -> None:
    lines = [f"A{i},U1,{'x' * 40}\n" for i in range(2, 300_002)]
    lines[row - 2] = lines[row - 2].replace("x", '"x', 1)
    reading = read({"units.csv": UNITS, "activities.csv": "activity_id,unit_id,evidence\n" + "".join(lines)})
    # Where a mebibyte and more follows, the text is too long before its end is missed; both say to look at quotes.
    code = "table.long_cell" if row <= 100_000 else "table.unclosed_quote"
    assert [(problem.code, problem.place.row) for problem in reading.problems] == [(code, row)]
