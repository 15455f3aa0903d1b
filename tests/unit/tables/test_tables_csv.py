from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables_samples import UNITS, codes

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.declaration import Declaration, load_declaration
from auditor.tables.read import LeftOutRow, Reading, read_tables
from auditor.texts import say_problem

Read = Callable[..., Reading]


def test_every_declared_table_is_there_and_typed(
    read: Read, engine: DuckDBEngine, declaration: Declaration
) -> None:
    reading = read({"units.csv": UNITS})
    assert reading.problems == ()
    assert reading.present == {"units"}
    assert reading.columns == {"units": {"unit_id", "type"}}
    stored = {
        "text": "VARCHAR",
        "choice": "VARCHAR",
        "choices": "VARCHAR",
        "integer": "BIGINT",
        "number": "DECIMAL(18,6)",
        "date": "DATE",
        "boolean": "BOOLEAN",
    }
    for table in declaration.tables.values():
        described = {row[0]: row[1] for row in engine.rows(f"DESCRIBE {table.name}")}
        wanted = {column.name: stored[column.type] for column in table.columns.values()}
        assert described == {**wanted, "source_no": "INTEGER", "row_no": "BIGINT"}


def test_zh_headers_and_labels_mean_the_same_as_codes(read: Read, engine: DuckDBEngine) -> None:
    read(
        {
            "单位.csv": "单位编号,单位类型,标签,parent_id\nU1,高校,,\nU2,系,试点；自定频次1、teaching,U1\n",
            "activities.csv": (
                "activity_id,unit id,活动类型,held_on,hours,topics,first_topic\n"
                "A1,U1,学习,2024年3月5日,1.5,理论、责任制,是\n"
                "A2,Ｕ１,LESSON,２０２４/3/6, ２ ,theory,No\n"
                "A3,U1,,2024.3.7,.5,,\n"
                "A4,U1,,2024-03-08 00:00:00,,,\n"
            ),
        }
    )
    assert engine.rows("SELECT unit_id, type, tags, parent_id FROM units ORDER BY row_no") == [
        ("U1", "university", None, None),
        ("U2", "department", ";pilot;self_set_1;teaching;", "U1"),
    ]
    rows = "SELECT unit_id, kind, held_on, hours, topics, first_topic FROM activities ORDER BY row_no"
    assert engine.rows(rows) == [
        ("U1", "study_session", date(2024, 3, 5), Decimal("1.5"), ";theory;responsibility_system;", True),
        ("U1", "lesson", date(2024, 3, 6), Decimal(2), ";theory;", False),
        ("U1", None, date(2024, 3, 7), Decimal("0.5"), None, None),
        ("U1", None, date(2024, 3, 8), None, None, None),
    ]


def test_blanks_around_are_no_part_of_a_value(read: Read, engine: DuckDBEngine) -> None:
    read({"units.csv": "\ufeffunit_id , type\n\u3000U1\u00a0,\thttp\n".replace("http", "university\u3000")})
    assert engine.rows("SELECT unit_id, type FROM units") == [("U1", "university")]


def test_rows_are_numbered_as_a_spreadsheet_does(read: Read, engine: DuckDBEngine) -> None:
    text = 'unit_id,type,name\r\nU1,university,"two\r\n\r\nlines"\r\n\r\n,,\r\nU2,university,x\r\n\r\n'
    reading = read({"units.csv": text})
    assert codes(reading) == []
    assert engine.rows("SELECT unit_id, name, row_no FROM units ORDER BY row_no") == [
        ("U1", "two\r\n\r\nlines", 2),
        ("U2", "x", 5),
    ]


def test_blank_lines_above_the_header_count(read: Read, engine: DuckDBEngine) -> None:
    read({"units.csv": "\n\nunit_id,type\nU1,university\n"})
    assert engine.rows("SELECT unit_id, row_no FROM units") == [("U1", 4)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
def test_every_newline_is_read_alike(read: Read, engine: DuckDBEngine, end: str, last: str) -> None:
    text = end.join(["unit_id,type", "U1,university", "U2,university"]) + (end if last else "")
    assert codes(read({"units.csv": text.encode()})) == []
    assert engine.rows("SELECT unit_id, row_no FROM units ORDER BY row_no") == [("U1", 2), ("U2", 3)]


def test_many_rows_keep_the_order_of_the_file(read: Read, engine: DuckDBEngine) -> None:
    rows = "".join(f'A{i},U1,"note\n{i}"\n' if i % 7 == 0 else f"A{i},U1,note\n" for i in range(2, 300_002))
    reading = read({"units.csv": UNITS, "activities.csv": "activity_id,unit_id,evidence\n" + rows})
    assert codes(reading) == []
    wrong = "SELECT count(*) FROM activities WHERE CAST(substr(activity_id, 2) AS BIGINT) <> row_no"
    assert engine.rows(wrong) == [(0,)]


def test_whole_and_batches_read_the_same(read: Read, engine: DuckDBEngine) -> None:
    """A blank line in the middle sends a file through Python's reader; nothing but row numbers may change."""
    lines = ["activity_id,unit_id,kind,held_on,evidence,hours"]
    lines += [f'A{i},U1,学习,2024/{i % 12 + 1}/5,"a ""{i}"", b",{i}.5' for i in range(50)]
    read({"units.csv": UNITS, "activities.csv": "\n".join(lines)})
    query = "SELECT * EXCLUDE (row_no) FROM activities ORDER BY activity_id"
    whole = engine.rows(query)
    read({"activities.csv": "\n".join([*lines[:25], "", *lines[25:]])})
    assert engine.rows(query) == whole
    assert engine.rows("SELECT max(row_no) FROM activities") == [(52,)]


def test_a_table_in_two_files_is_joined(read: Read, engine: DuckDBEngine) -> None:
    reading = read({"b/units.csv": UNITS, "a/单位.csv": "单位编号,单位类型\nU2,高校\n", "a/readme.md": "x"})
    assert [file.file for file in reading.files] == ["a/单位.csv", "b/units.csv"]
    assert engine.rows("SELECT * FROM sources") == [(1, "a/单位.csv", None), (2, "b/units.csv", None)]
    assert engine.rows("SELECT unit_id, source_no FROM units ORDER BY ALL") == [("U1", 2), ("U2", 1)]


def test_one_file_alone_is_a_data_set(tmp_path: Path, engine: DuckDBEngine, declaration: Declaration) -> None:
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    reading = read_tables(tmp_path / "units.csv", declaration, engine)
    assert (reading.problems, reading.files[0].file) == ((), "units.csv")


def test_other_files_are_passed_over(read: Read) -> None:
    others = {
        "notes.md": "x",
        ".hidden.csv": "x",
        "~$units.xlsx": "x",
        "ducha.toml": "x",
        "a.yaml": "x",
        "b.txt": "x",
    }
    reading = read({"units.csv": UNITS, **others})
    assert (codes(reading), len(reading.files)) == ([], 1)


def test_names_of_files_are_no_patterns(
    tmp_path: Path, engine: DuckDBEngine, declaration: Declaration
) -> None:
    folder = tmp_path / "year=2024 [a]?*'x".replace("?", "").replace("*", "")
    folder.mkdir()
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "a").mkdir()
    assert read_tables(folder, declaration, engine).problems == ()
    assert engine.rows("SELECT unit_id FROM units") == [("U1",)]


def test_a_missing_table_is_not_an_empty_one(read: Read, engine: DuckDBEngine) -> None:
    reading = read({"units.csv": UNITS + "U2,university\n", "posts.csv": "post_id,unit_id\n"})
    assert reading.present == {"units", "posts"}
    missing = engine.rows("SELECT unit_id, count(*) FROM missing_tables GROUP BY ALL ORDER BY ALL")
    assert missing == [("U1", 11), ("U2", 11)]
    assert engine.rows("SELECT count(*) FROM missing_tables WHERE table_name IN ('posts', 'units')") == [(0,)]


def test_the_tree_of_units_at_any_depth(read: Read, engine: DuckDBEngine) -> None:
    chain = "".join(f"U{i},university,U{i - 1}\n" for i in range(1, 40))
    read({"units.csv": "unit_id,type,parent_id\nU0,university,\n" + chain})
    assert engine.rows("SELECT count(*) FROM unit_tree") == [(40 * 41 // 2,)]
    assert engine.rows("SELECT count(*) FROM unit_tree WHERE unit_id = 'U0'") == [(40,)]
    assert engine.rows("SELECT unit_id FROM unit_tree WHERE below_id = 'U2' ORDER BY 1") == [
        ("U0",),
        ("U1",),
        ("U2",),
    ]


def test_all_problems_come_at_once(read: Read) -> None:
    reading = read(
        {
            "units.csv": "unit_id,type,parent_id\nU1,学院,U9\n",
            "activities.csv": "activity_id,unit_id,held_on,speakers,colour\nA1,U7,soon,many,x\nA1,U1,,,\n",
        }
    )
    assert sorted(codes(reading)) == [
        "table.ambiguous_value",
        "table.bad_date",
        "table.bad_integer",
        "table.duplicate_key",
        "table.unknown_column",
        "table.unknown_unit",
        "table.unknown_unit",
    ]


BAD_ROWS = {
    "units.csv": "unit_id,type,parent_id\nU1,school,\nU2,nonsense,U1\nU3,branch,U2\nU4,department,U1\n",
    "activities.csv": (
        "activity_id,unit_id,held_on\nA1,U1,2024-03-05\nA2,U1,someday\nA3,U3,2024-03-05\nA4,U4,2024-03-05\n"
        "A4,U4,2024-03-06\nA5,U4\n"
    ),
}


def test_bad_rows_can_be_left_out_and_are_listed(read: Read, engine: DuckDBEngine) -> None:
    reading = read(BAD_ROWS, skip_bad_rows=True)
    assert reading.problems == ()
    assert [row.row for row in reading.left_out if row.table == "units"] == [3, 4]
    activities = [row for row in reading.left_out if row.table == "activities"]
    assert activities[0] == LeftOutRow("activities", "activities.csv", None, 3)
    assert [row.row for row in activities] == [3, 4, 6, 7]
    assert engine.rows("SELECT unit_id FROM units ORDER BY 1") == [("U1",), ("U4",)]
    assert engine.rows("SELECT activity_id, held_on FROM activities ORDER BY 1") == [
        ("A1", date(2024, 3, 5)),
        ("A4", date(2024, 3, 5)),
    ]
    assert {warning.code for warning in reading.warnings} == {
        "table.unknown_value",
        "table.bad_date",
        "table.unknown_unit",
        "table.duplicate_key",
        "table.ragged_row",
    }


def test_structure_stops_even_when_bad_rows_are_left_out(read: Read) -> None:
    reading = read({**BAD_ROWS, "posts.csv": "post_id,colour\n"}, skip_bad_rows=True)
    assert sorted(codes(reading)) == ["table.missing_column", "table.unknown_column"]


def test_a_circle_stops_even_when_bad_rows_are_left_out(read: Read) -> None:
    reading = read({"units.csv": "unit_id,type,parent_id\nU1,school,U2\nU2,school,U1\n"}, skip_bad_rows=True)
    assert codes(reading) == ["table.circle"]


def test_without_a_problem_nothing_is_left_out(read: Read) -> None:
    reading = read({"units.csv": UNITS}, skip_bad_rows=True)
    assert (reading.left_out, reading.warnings) == ((), ())


ids = st.integers(1, 5).map("U{}".format)
cells = st.sampled_from(
    ["", "学习", "lesson", "宣讲 ", "2024-03-05", "2024/3/5", "1.5", "-2", "x", "a,b", 'q"q', "l\nl"]
)


@pytest.mark.slow
@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(ids, ids, cells, cells, cells), max_size=8), seed=st.integers(0, 99))
def test_row_and_column_order_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], seed: int
) -> None:
    """Nothing but the numbers of the rows, and which of two equal keys is the first."""
    header = ("activity_id", "unit_id", "kind", "held_on", "evidence")
    shuffled, columns = rows[:], list(range(len(header)))
    random.Random(seed).shuffle(shuffled)
    random.Random(seed).shuffle(columns)
    turned = [tuple(row[i] for i in columns) for row in [header, *shuffled]]
    one = _read_rows(tmp_path_factory.mktemp("one"), [header, *rows])
    other = _read_rows(tmp_path_factory.mktemp("other"), turned)
    assert one == other


def _read_rows(folder: Path, rows: list[tuple[str, ...]]) -> tuple[object, ...]:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    (folder / "activities.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    with DuckDBEngine() as engine:
        reading = read_tables(folder, load_declaration(), engine)
        held = engine.rows(
            "SELECT activity_id, unit_id, kind, held_on, evidence FROM activities ORDER BY ALL"
        )
    found = [(p.code, p.place.column, p.figures.get("value")) for p in reading.problems]
    return held, sorted(found, key=repr)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_another_separator_is_told_so(read: Read, separator: str) -> None:
    reading = read({"units.csv": f"unit_id{separator}type\nU1{separator}university\n"})
    (problem,) = reading.problems
    assert (problem.code, problem.place.row) == ("table.unknown_header", 1)
    assert "CSV by commas" in say_problem(problem.code, problem.figures, "en")[1]
    assert "英文逗号" in say_problem(problem.code, problem.figures, "zh")[1]
