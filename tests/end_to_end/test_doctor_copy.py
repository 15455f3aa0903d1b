"""The marked copy that `doctor -o` writes: colours, comments, links, what it leaves out, what it never touches."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import MergedCell

from auditor.commands import main
from end_to_end.conftest import Run
from end_to_end.messy_book import PROBLEMS, UNITS, write_messy
from end_to_end.small_world import write_data

RED, YELLOW = "00FFC7CE", "00FFEB9C"
LIST = "体检结果"


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    return write_messy(tmp_path / "汇总.xlsx")


def copied(run: Run, data: Path, *words: object, code: int = 2) -> Any:
    place = data.parent / "体检.xlsx"
    ran = run("doctor", data, "-o", place, *words)
    assert (ran.code, ran.err) == (code, "")
    return openpyxl.load_workbook(place)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the copy of the messy workbook, made once for those who only look at it."""
    folder = tmp_path_factory.mktemp("copy")
    place = folder / "copy.xlsx"
    assert main(["doctor", str(write_messy(folder / "汇总.xlsx")), "-o", str(place), "--lang", "zh"]) == 2
    return place


@pytest.fixture(scope="module")
def book(copy: Path) -> Any:
    return openpyxl.load_workbook(copy)


def coloured(sheet: Any, colour: str) -> set[str]:
    return {
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if not isinstance(cell, MergedCell) and cell.fill.fgColor.rgb == colour and cell.fill.fill_type
    }


def listed(book: Any) -> Iterator[dict[str, Any]]:
    """Yield the rows of the list of problems by their headers, and the place that each links to."""
    rows = list(book.worksheets[0].iter_rows())
    at = next(at for at, row in enumerate(rows) if row[0].value == "类别")
    names = [cell.value for cell in rows[at]]
    for row in rows[at + 1 :]:
        link = row[names.index("位置")].hyperlink
        cells = dict(zip(names, (cell.value for cell in row), strict=True))
        yield {**cells, "link": link and link.location}


def notes(book: Any) -> str:
    return "\n".join(str(row[0].value) for row in book.worksheets[0].iter_rows(max_row=8))


def test_problem_cells_are_red_and_say_why(book: Any) -> None:
    assert book.sheetnames == [LIST, "单位", "活动台账", "草稿", "说明"]
    sheet = book["活动台账"]
    assert coloured(sheet, RED) == {cell for cell, _ in PROBLEMS}
    # Understood: the header below a title, 2学时, 12人, the total.
    assert coloured(sheet, YELLOW) == {"A3", "F4", "G4", "A7"}
    assert sheet["E5"].comment.text == (
        "问题：“举办日期”应为日期，这里是“24.3.5”。\n"
        "怎样改：请填四位年份的日期，如 2024-03-05、2024/3/5 或 2024年3月5日，不带时刻。"
    )
    assert sheet["A4"].comment is None
    assert sheet["E4"].number_format == "yyyy-mm-dd"  # as openpyxl writes a day
    assert sheet["E4"].is_date


def test_the_user_s_own_comment_stays(book: Any) -> None:
    text = book["活动台账"]["F6"].comment.text
    assert text.startswith("请核对\n\n问题：“学时”不能是负数")


def test_the_list_links_every_problem_to_its_cell(book: Any) -> None:
    rows = list(listed(book))
    problems = {each["link"] for each in rows if each["类别"] == "须改正"}
    assert problems == {None, *(f"'活动台账'!{cell}" for cell, _ in PROBLEMS)}
    (day,) = (each for each in rows if each["link"] == "'活动台账'!E5")
    assert (day["工作表"], day["位置"], day["列"], day["内容"]) == ("活动台账", "E5", "举办日期", "24.3.5")
    assert day["怎样改"] == "请填四位年份的日期，如 2024-03-05、2024/3/5 或 2024年3月5日，不带时刻。"
    (draft,) = (each for each in rows if each["工作表"] == "草稿")
    assert draft["link"] is None
    assert "草稿" in draft["问题"]


def test_what_is_personal_is_not_in_the_copy(book: Any, copy: Path) -> None:
    sheet = book["活动台账"]
    assert [sheet[cell].value for cell in ("H3", "H4", "H5", "H6", "I4", "I5")] == [
        "姓名", "…", "…", None, "档案盒3", "…",
    ]  # fmt: skip
    assert "有 3 个单元格像是个人信息，副本中已换成“…”。" in notes(book)
    with zipfile.ZipFile(copy) as archive:
        written = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    for word in ("13812345678", "张三", "李四"):
        assert word not in written


def test_personal_numbers_past_the_cap_are_left_out_too(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"A{at},U1,档案 13812345678\n" for at in range(230))
    folder = write_data(tmp_path / "data", activities="activity_id,unit_id,evidence\n" + rows)
    sheet = copied(run, folder)["activities"]
    assert {sheet.cell(row, 3).value for row in range(2, 232)} == {"…"}


def test_hidden_rows_with_a_problem_are_shown(book: Any) -> None:
    assert not book["活动台账"].row_dimensions[6].hidden


def test_the_original_stays_and_nothing_is_overwritten(run: Run, messy: Path, tmp_path: Path) -> None:
    before = messy.read_bytes()
    copied(run, messy)
    assert messy.read_bytes() == before
    first = (tmp_path / "体检.xlsx").read_bytes()
    ran = run("doctor", messy, "-o", tmp_path / "体检.xlsx")
    assert (ran.code, ran.out) == (2, b"")
    assert "[usage.file_exists]" in ran.err
    assert (tmp_path / "体检.xlsx").read_bytes() == first
    assert run("doctor", messy, "-o", tmp_path / "again.xlsx").code == 2
    assert (tmp_path / "again.xlsx").read_bytes() == first


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("data/units.csv", "usage.not_a_workbook"),
        ("data/体检.xlsx", "usage.place_in_data"),
        ("none/体检.xlsx", "usage.bad_place"),
    ],
)
def test_places_that_will_not_do(run: Run, data: Path, place: str, code: str) -> None:
    ran = run("doctor", data, "-o", data.parent / place)
    assert (ran.code, ran.out) == (2, b"")
    assert f"[{code}]" in ran.err
    assert sorted(path.name for path in data.iterdir()) == ["activities.csv", "units.csv"]


def test_the_file_read_is_no_place(run: Run, messy: Path) -> None:
    ran = run("doctor", messy, "-o", messy)
    assert (ran.code, ran.out) == (2, b"")
    assert "[usage.place_is_data]" in ran.err


def test_what_the_copy_cannot_keep_is_said(run: Run, messy: Path) -> None:
    with zipfile.ZipFile(messy, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
        archive.writestr("xl/media/image1.png", b"picture")
        archive.writestr("xl/pivotTables/pivotTable1.xml", b"<x/>")
        archive.writestr("xl/drawings/drawing1.xml", b"<xdr:wsDr><xdr:sp></xdr:sp></xdr:wsDr>")
    place = messy.parent / "体检.xlsx"
    ran = run("doctor", messy, "-o", place)
    sentence = "副本不含原文件中的：宏、图片、数据透视表、形状和文本框。"
    assert sentence in ran.text
    assert sentence in notes(openpyxl.load_workbook(place))
    with zipfile.ZipFile(place) as archive:
        assert not {"xl/vbaProject.bin", "xl/media/image1.png"} & set(archive.namelist())


def test_a_merged_cell_is_marked_where_it_can_be(run: Run, tmp_path: Path) -> None:
    path = write_messy(tmp_path / "merged.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["活动台账"]
    sheet["B5"], sheet["B6"] = "U7", None
    sheet.merge_cells("B5:B6")
    book.save(path)
    assert "B5" in coloured(copied(run, path)["活动台账"], RED)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_clean_copy_is_read_like_the_original(run: Run, tmp_path: Path, lang: str) -> None:
    path, place = tmp_path / "units.xlsx", tmp_path / "copy.xlsx"
    book = openpyxl.Workbook()
    for row in UNITS:
        book.active.append(row)
    book.active.title = "单位"
    book.save(path)
    assert run("doctor", path, "-o", place, "--lang", lang).code == 0
    assert len(openpyxl.load_workbook(place).sheetnames) == 2
    assert run("doctor", place).code == 0


def test_a_workbook_that_cannot_be_kept_is_given_back_as_its_cells(run: Run, tmp_path: Path) -> None:
    path, odd = write_messy(tmp_path / "plain.xlsx"), tmp_path / "odd.xlsx"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(odd, "w") as changed:
        for name in archive.namelist():
            # A view that the standard does not know: values can be read, the workbook as a whole cannot.
            part = archive.read(name).replace(b"<sheetView ", b'<sheetView view="odd" ')
            changed.writestr(name, part)
    book = copied(run, odd)
    assert book.sheetnames == [LIST, "odd·单位", "odd·活动台账"]
    assert coloured(book["odd·活动台账"], RED) == {cell for cell, _ in PROBLEMS}
    assert "原工作簿的样式无法保留" in notes(book)


# ---- Other files ---------------------------------------------------------------------------------

CSV = "活动编号,单位编号,活动类型,学时\n\nA1,U1,学习,=1+1\n#N/A,U1,学习会,2\nA3,U1,学习\n"


def test_a_folder_of_text_files_becomes_sheets_of_texts(run: Run, tmp_path: Path) -> None:
    folder = write_data(tmp_path / "data", activities=None)
    (folder / "activities.csv").write_bytes(CSV.encode("gb18030"))
    book = copied(run, folder)
    assert book.sheetnames == [LIST, "activities", "units"]
    sheet = book["activities"]
    # Every row where it stands in the file, blank ones too; no text became a formula or an error.
    assert [sheet.cell(row, 1).value for row in range(1, 6)] == ["活动编号", None, "A1", "#N/A", "A3"]
    assert (sheet["D3"].value, sheet["D3"].data_type, sheet["A4"].data_type) == ("=1+1", "s", "s")
    assert sheet["D3"].quotePrefix
    assert coloured(sheet, RED) == {"D3", "C4", "A5"}  # no number, no such kind, a cell too few
    links = {each["link"] for each in listed(book) if each["类别"] == "须改正"}
    assert links == {"'activities'!D3", "'activities'!C4", "'activities'!A5"}


def test_a_problem_s_value_never_becomes_a_formula_in_the_list(run: Run, tmp_path: Path) -> None:
    folder = write_data(tmp_path / "data", activities=CSV)
    copied(run, folder)
    book = openpyxl.load_workbook(tmp_path / "体检.xlsx")
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_json_lines_get_a_row_of_keys_and_their_line_numbers(run: Run, tmp_path: Path) -> None:
    folder = write_data(tmp_path / "data", activities=None)
    lines = [
        {"activity_id": "A1", "unit_id": "U1", "hours": 2},
        {"activity_id": "A2", "unit_id": "U1", "hours": "x"},
    ]
    (folder / "activities.jsonl").write_text(
        "".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8"
    )
    sheet = copied(run, folder)["activities"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["原行号", "activity_id", "unit_id", "hours"],
        ["1", "A1", "U1", "2"],
        ["2", "A2", "U1", "x"],
    ]
    assert coloured(sheet, RED) == {"D3"}


def test_one_unreadable_workbook_leaves_the_list_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "data.xlsx"
    path.write_bytes(b"PK\x03\x04 no workbook")
    book = copied(run, path)
    assert book.sheetnames == [LIST]
    assert [each["link"] for each in listed(book)] == [None]


@pytest.mark.slow
def test_of_a_large_file_the_first_rows_and_those_with_problems_are_shown(run: Run, tmp_path: Path) -> None:
    rows = [f"A{at},U1,2" for at in range(1, 100_002)]
    rows[70_000] = "A70001,U1,x"
    text = "activity_id,unit_id,hours\n" + "\n".join(rows) + "\n"
    book = copied(run, write_data(tmp_path / "data", activities=text))
    sheet = book["activities"]
    # The header is row 1, so the first twenty rows of the file are it and A1 to A19; A70001 stands in row 70,002.
    assert [sheet.cell(row, 1).value for row in (1, 2, 3, 21, 22, 23)] == [
        "原行号",
        "1",
        "2",
        "20",
        "70002",
        None,
    ]
    assert [sheet.cell(22, at).value for at in (2, 4)] == ["A70001", "x"]
    assert coloured(sheet, RED) == {"D22"}
    assert "activities.csv 有 100001 行，超过 100000 行" in notes(book)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_copy(run: Run, messy: Path) -> None:
    place = messy.parent / "copy.xlsx"
    run("doctor", messy, "-o", place)
    home = f"-env:UserInstallation={(messy.parent / 'home').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "ods", "--outdir", messy.parent, place]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(messy.parent / "copy.ods") as archive:
        content = archive.read("content.xml").decode("utf-8")
    assert "这里是“24.3.5”" in content
    assert content.count("office:annotation ") >= len(PROBLEMS)
