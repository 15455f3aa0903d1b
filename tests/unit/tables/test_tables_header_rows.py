"""The header where offices put it: below titles, in two rows, with blanks and line breaks inside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from tables_samples import UNITS, codes

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.declaration import Declaration, word
from auditor.tables.header_rows import find_header
from auditor.tables.read import Reading

Read = Callable[..., Reading]

HEAD = "活动编号,单位编号,举办日期,发言人数"


def rows_of(text: str) -> list[tuple[int, list[str]]]:
    lines = [(row, line.split(",")) for row, line in enumerate(text.split("\n"), start=1)]
    return [(row, cells) for row, cells in lines if any(cells)]


@pytest.mark.parametrize(
    ("text", "row", "above"),
    [
        (f"{HEAD}\nA1,U1,2024-03-05,2", 1, 0),
        (f"\n\n{HEAD}\nA1,U1,2024-03-05,2", 3, 0),
        (f"2024年活动登记表\n{HEAD}\nA1,U1,2024-03-05,2", 2, 1),
        (f"单位编号,U1,举办日期,2024年\n\n填表人\n{HEAD}\nA1,U1,2024-03-05,2", 4, 2),
        (f"{HEAD}\nA1,U1,2024-03-05,2\n{HEAD}", 1, 0),  # the first of equals
        ("活动编号\nA1", 1, 0),
        ("标题\n活动编号,佐证\nA1,x", 2, 1),  # half of the cells
        (
            "编号,学院,什么时候\nA1,主题,2024-03-05",
            1,
            0,
        ),  # one in four is no header: the first row, for its problems
        ("登记表\n姓名,民族\nx,y", 2, 1),  # refused, but by its names
    ],
)
def test_the_row_with_most_known_headers(declaration: Declaration, text: str, row: int, above: int) -> None:
    found = find_header(declaration, declaration.tables["activities"], rows_of(text))
    assert (found.row, found.rows_above, found.is_double) == (row, above, False)
    assert ",".join(found.texts) == text.split("\n")[row - 1]


@pytest.mark.parametrize(
    ("text", "row", "above", "texts"),
    [
        (
            "活动编号,单位编号,日期,\n,,举办日期,反馈日期\nA1,U1,2024-03-05,",
            2,
            0,
            "活动编号,单位编号,举办日期,反馈日期",
        ),
        ("登记表\n活动编号,情况,\n,举办日期,反馈日期\nA1,,", 3, 1, "活动编号,举办日期,反馈日期"),
        # What stands beside headers in their own row stays, for its problem to be told.
        ("登记表,单位编号,日期\n,,举办日期\n,U1,2024-03-05", 2, 0, "登记表,单位编号,举办日期"),
    ],
)
def test_two_rows_that_share_cells_are_one_header(
    declaration: Declaration, text: str, row: int, above: int, texts: str
) -> None:
    found = find_header(declaration, declaration.tables["activities"], rows_of(text))
    assert (found.row, found.rows_above, ",".join(found.texts), found.is_double) == (row, above, texts, True)


def test_a_row_of_data_is_no_second_header(declaration: Declaration) -> None:
    """`主题` is a header, but beside it stands what is none."""
    rows = rows_of("活动编号,单位编号,备注\n主题,U1,\nA1,U1,")
    assert find_header(declaration, declaration.tables["activities"], rows).is_double is False


def test_the_header_of_row_twenty_is_found_and_of_row_twenty_one_is_not(read: Read) -> None:
    for blank, code in ((18, []), (19, ["table.unknown_header"])):
        text = "登记表\n" + "\n" * blank + f"{HEAD}\nA1,U1,2024-03-05,2\n"
        assert codes(read({"units.csv": UNITS, "activities.csv": text})) == code


def test_rows_keep_the_numbers_a_spreadsheet_shows(read: Read, engine: DuckDBEngine) -> None:
    text = f'"登记表\n（2024年）",,,\n\n{HEAD}\nA1,U1,2024-03-05,2\n\nA2,U1,soon,2\n'
    reading = read({"units.csv": UNITS, "activities.csv": text})
    assert [(p.code, p.place.row) for p in reading.problems] == [("table.bad_date", 6)]
    assert [(w.code, w.place.row, w.figures["count"]) for w in reading.warnings] == [
        ("table.read_header_below", 3, 1)
    ]
    assert engine.rows("SELECT activity_id, row_no FROM activities ORDER BY 2") == [("A1", 4), ("A2", 6)]


def test_a_sheet_with_a_title_and_merged_cells(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "活动"
    for row in (
        ["2024年活动登记表"],
        ["活动编号", "单位\n编号", "日期", None, "发言 人数"],
        [None, None, "举办日期", "反馈日期", None],
        ["A1", "U1", "2024-03-05", "2024-03-09", 2],
    ):
        sheet.append(row)
    for cells in ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "活动.xlsx")
    reading = read({"units.csv": UNITS})
    assert codes(reading) == []
    assert [(w.code, w.place.row, dict(w.figures)) for w in reading.warnings] == [
        ("table.read_header_below", 3, {"value": 3, "count": 1}),
        ("table.read_header_of_two", 3, {"value": 2, "other": 3}),
    ]
    rows = engine.rows(
        "SELECT activity_id, held_on::VARCHAR, feedback_on::VARCHAR, speakers, row_no FROM activities"
    )
    assert rows == [("A1", "2024-03-05", "2024-03-09", 2, 4)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("单位编号", "单位\n编号"),
        ("单位编号", "　单 位 编 号 "),
        ("unit_id", "ＵＮＩＴ＿ＩＤ"),
        ("unit id", "Unit-ID"),
        ("e mail", "E\r\nMail"),
    ],
)
def test_headers_are_the_same_word(one: str, other: str) -> None:
    assert word(one) == word(other)


def test_words_are_not_run_together() -> None:
    assert word("unit id") != word("unitid")


def test_a_personal_header_is_refused_with_blanks_inside(read: Read) -> None:
    reading = read({"units.csv": UNITS, "activities.csv": "活动编号,单位编号,姓 名,联系\t电话\nA1,U1,,\n"})
    assert codes(reading) == ["table.personal_column", "table.personal_column"]
