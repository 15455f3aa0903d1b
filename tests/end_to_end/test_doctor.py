"""The doctor: what it says of a data set, in both languages and as JSON, and its exit codes."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditor.authoring.doctor import Examined
from auditor.commands.doctor_json import as_json
from auditor.commands.doctor_table import as_table
from auditor.tables.declaration import load_declaration
from auditor.tables.recognised import Recognised, RecognisedColumn
from auditor.tables.sheet_facts import SheetFacts
from end_to_end.conftest import Run
from end_to_end.messy_book import PROBLEMS, write_messy
from end_to_end.small_world import write_data


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    return write_messy(tmp_path / "汇总.xlsx")


def told(run: Run, data: Path, code: int, *words: object) -> dict[str, Any]:
    ran = run("doctor", data, "--format", "json", *words)
    assert (ran.code, ran.err) == (code, "")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def codes(found: dict[str, Any], of: str = "problems") -> list[str]:
    return [each["code"] for each in found[of]]


def test_every_problem_is_told_with_its_cell(run: Run, messy: Path) -> None:
    found = told(run, messy, 2)
    cells = {(f"{each['letter']}{each['row']}", each["code"]) for each in found["problems"] if each["row"]}
    assert cells == PROBLEMS
    (sheet,) = (each for each in found["problems"] if not each["row"])
    assert (sheet["code"], sheet["sheet"]) == ("table.unknown_sheet", "草稿")


def test_what_was_recognised_is_told(run: Run, messy: Path) -> None:
    found = told(run, messy, 2)
    assert [(each["sheet"], each["table"], each["rows"]) for each in found["recognised"]] == [
        ("单位", "units", 1),
        ("活动台账", "activities", 3),  # the total is no row
        ("草稿", None, 0),
    ]
    sheet = found["recognised"][1]
    assert sheet["header_rows"] == [3]
    assert sheet["facts"]["epoch"] == "1899-12-30"
    columns = {each["letter"]: (each["header"], each["column"], each["use"]) for each in sheet["columns"]}
    assert columns["A"] == ("活动编号", "activity_id", "read")
    assert columns["C"] == ("类 型", None, "unknown")
    assert columns["H"] == ("姓名", None, "personal")
    assert columns["I"] == ("佐证材料", "evidence", "read")
    assert len(columns) == 9


def test_the_page_says_all_of_it(run: Run, messy: Path) -> None:
    page = run("doctor", messy).text
    for line in (
        "■ 汇总.xlsx 工作表“活动台账” → 活动表（activities），读到 3 行",
        "  表头      第 3 行",
        "C 类 型（不认识）、H 姓名（像是个人信息，不接收）",
        "“参加人数”有 1 个单元格不是纯数字，已按数字读取，如“12人”读作 12。",
        "有 1 行是合计，没有当作数据读取：第 7 行。",
        "  汇总.xlsx 工作表“草稿”：不知道是哪张表",
        "== 须改正的问题（8 个） ==",
        "→ 请填四位年份的日期，如 2024-03-05",
        "共 1 个文件，读到 2 张表、4 行数据。",
        "有 8 个问题须改正",
    ):
        assert line in page
    assert re.search("E5 +举办日期 +“举办日期”应为日期，这里是“24.3.5”。", page)
    assert "13812345678" not in page
    assert "李四" not in page


def test_columns_stay_aligned_beside_wide_characters(run: Run, messy: Path) -> None:
    lines = run("doctor", messy).text.splitlines()
    # What is wrong begins in one column of the terminal, whatever stands before it.
    starts = {
        each.encode("gbk").index("“".encode("gbk")) for each in lines if each[2:4] in ("E5", "F6", "B6")
    }
    assert len(starts) == 1


def test_english(run: Run, messy: Path) -> None:
    page = run("doctor", messy, "--lang", "en").text
    assert "table activities (activities), 3 rows read" in page
    assert "Problems to put right (8)" in page


def test_clean_data_has_no_problem(run: Run, data: Path) -> None:
    found = told(run, data, 0)
    assert (found["problems"], found["warnings"], found["unread"]) == ([], [], [])
    assert "units" not in found["missing_tables"]
    assert "approvals" in found["missing_tables"]
    page = run("doctor", data).text
    assert "没有发现问题" in page
    assert "数据不足" in page


def test_warnings_alone_are_no_problem(run: Run, tmp_path: Path) -> None:
    text = "活动编号,单位编号,活动类型,举办日期\nA1,U1,培训,2024年5月6日\n"
    folder = write_data(tmp_path / "data", activities=None)
    (folder / "活动.csv").write_bytes(text.encode("gb18030"))
    found = told(run, folder, 0)
    assert codes(found, "warnings") == ["table.read_encoding"]
    assert "编码      GB18030" in run("doctor", folder).text


def test_one_table_without_units_is_examined(run: Run, data: Path) -> None:
    found = told(run, data / "activities.csv", 0)
    assert found["missing_tables"][0] == "units"
    assert codes(found, "warnings") == ["table.no_units"]
    assert "单位表（units）必须有" in run("doctor", data / "activities.csv").text


def test_a_file_that_cannot_be_read_stands_beside_those_that_can(run: Run, data: Path) -> None:
    (data / "approvals.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    found = told(run, data, 2)
    assert found["unread"] == ["approvals.xlsx"]
    assert codes(found) == ["table.corrupt_file"]
    assert [each["table"] for each in found["recognised"]] == ["activities", "units"]
    assert "approvals" not in found["missing_tables"]
    assert "approvals.xlsx：打不开或读不出" in run("doctor", data).text


def test_two_header_rows_are_named(run: Run, tmp_path: Path) -> None:
    text = "单位,,,活动\n单位编号,活动编号,活动类型,举办日期\nU1,A1,培训,2024-05-06\n"
    folder = write_data(
        tmp_path / "data",
        activities=text.replace("单位,,,活动", "单位编号,,活动类型,").replace(
            "单位编号,活动编号,活动类型,举办日期", ",活动编号,,举办日期"
        ),
    )
    found = told(run, folder, 0)
    assert found["recognised"][0]["header_rows"] == [1, 2]
    assert "第 1、2 行合为一个表头" in run("doctor", folder).text


def test_many_problems_of_a_column_are_counted(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"A{at},U1,training,昨天\n" for at in range(250))
    folder = write_data(tmp_path / "data", activities="activity_id,unit_id,kind,held_on\n" + rows)
    found = told(run, folder, 2)
    # 200 are listed, and one line says how many are not.
    assert codes(found).count("table.bad_date") == 200
    (more,) = (each for each in found["problems"] if each["code"] == "table.more_problems")
    assert (more["figures"]["count"], more["letter"]) == (50, "D")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_data_that_is_not_there(run: Run, tmp_path: Path, lang: str) -> None:
    ran = run("doctor", tmp_path / "none", "--lang", lang)
    assert (ran.code, ran.out) == (2, b"")
    assert "[table.no_such_data]" in ran.err


def test_an_unknown_format_is_refused(run: Run, data: Path) -> None:
    ran = run("doctor", data, "--format", "html")
    assert (ran.code, ran.out) == (2, b"")
    assert "[usage.unknown_format]" in ran.err


def test_a_report_s_settings_are_not_the_doctor_s(run: Run, data: Path) -> None:
    Path("ducha.toml").write_text('format = "csv"\nout = "findings.csv"\n', encoding="utf-8")
    assert "没有发现问题" in run("doctor", data).text
    assert not Path("findings.csv").exists()


FACTS = SheetFacts(
    epoch=date(1904, 1, 1),
    is_hidden=True,
    hidden_rows=(3, 4),
    hidden_columns=(2, 28),
    merged_filled=("A3:A5",),
)
SHEET = Recognised(
    "a.xlsx", "活动", "activities", (1,), (RecognisedColumn(1, "A", "编号", "activity_id", "read"),), 5, FACTS
)
EXAMINED = Examined(Path("a.xlsx"), (), (SHEET,), (), (), (), ())


def test_what_a_person_does_not_see_is_told() -> None:
    page = "".join(as_table(EXAMINED, [], None, None, load_declaration(), "zh", 100))
    for line in (
        "  日期起点    1904 年制",
        "  隐藏内容    整个工作表；第 3、4 行；B、AB 列，已照常读取",
        "  合并单元格  A3:A5：各格都按合并的内容读取",
        "  读取的列    A 编号（即“活动编号”）",
    ):
        assert line in re.sub(r"\n {14}", "", page)
    facts = json.loads("".join(as_json(EXAMINED, None, None)))["recognised"][0]["facts"]
    assert (facts["epoch"], facts["hidden_rows"], facts["merged_filled"]) == ("1904-01-01", [3, 4], ["A3:A5"])
