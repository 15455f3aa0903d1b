"""Templates and checklists: written, filled in by a script, and read back by `audit`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from pack_files import made_up, write_pack

from end_to_end.conftest import Run

Change = Callable[[Any], None]
TRAININGS = {
    "measure": {"kind": "count", "table": "activities", "where": {"kind": ["training", "lesson"]}},
    "threshold": {"op": ">=", "value": 2},
}
TOPIC = {
    "measure": {"kind": "count", "table": "activities", "where": {"topics": ["theory", "reviewers"]}},
    "threshold": {"op": ">=", "value": 1},
}
OPEN = {
    "measure": {
        "kind": "each_record",
        "table": "approvals",
        "must": [{"column": "changed", "op": "==", "value": False}],
    },
    "threshold": {"op": "<=", "value": 0},
}
ATTEST = {"measure": {"kind": "attest"}, "period": "half_year"}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a pack of three requirements over rows and one that a person answers for each half-year."""
    return write_pack(made_up(TRAININGS, TOPIC, OPEN, ATTEST), tmp_path / "pack.yaml")


@pytest.fixture(params=["zh", "en"])
def form(request: pytest.FixtureRequest, run: Run, pack: Path, tmp_path: Path) -> Path:
    """Return the template of that pack, in each language."""
    place = tmp_path / "form.xlsx"
    ran = run("template", "--pack", pack, "-o", place, "--lang", request.param)
    assert (ran.code, ran.err) == (0, "")
    return place


def fill(place: Path, rows: dict[str, list[list[Any]]]) -> None:
    """Append rows to the sheets of a form; each is named in zh or in en."""
    book = openpyxl.load_workbook(place)
    for names, added in rows.items():
        (sheet,) = (book[each] for each in names.split("|") if each in book.sheetnames)
        for row in added:
            sheet.append(row)
    book.save(place)


FILLED: dict[str, list[list[Any]]] = {
    "单位|units": [["U1", "试验大学", "高校"]],
    # number, unit, kind, topics, day
    "活动|activities": [
        ["007", "U1", "培训", "理论；网评员", date(2024, 3, 5)],
        ["A2", "U1", "lesson", None, "2024年5月6日"],
    ],
    # number, unit, day, changed
    "审批|approvals": [["S1", "U1", date(2024, 4, 1), "否"], ["S2", "U1", date(2024, 4, 2), "是"]],
    # unit, requirement, checked on, for period, answer
    "核查|attestations": [["U1", "test/4-x", date(2025, 1, 10), "2024-H1", "是"]],
}


def verdicts(run: Run, data: Path, pack: Path, *words: object) -> dict[tuple[str, str], tuple[str, Any]]:
    ran = run(
        "audit", data, "--pack", pack, "--year", 2024, "--as-of", "2025-01-31", "--format", "json", *words
    )
    assert ran.err == ""
    found = json.loads(ran.out)
    assert found["data"]["problems"] == []
    return {
        (each["requirement_id"], each["period"]): (each["verdict"], each["value"])
        for each in found["findings"]
    }


EXPECTED = {
    ("test/1-x", "2024"): ("pass", 2),  # a training and a lesson
    ("test/2-x", "2024"): ("pass", 1),  # the training was on both topics, and is one row
    ("test/3-x", "2024"): ("fail", 1),  # S2 was changed
    ("test/4-x", "2024-H1"): ("pass", "yes"),
    ("test/4-x", "2024-H2"): ("insufficient_data", None),
}


def test_a_template_filled_in_is_audited(run: Run, form: Path, pack: Path) -> None:
    fill(form, FILLED)
    assert verdicts(run, form, pack) == EXPECTED


def test_an_empty_template_has_every_table_and_no_problem(run: Run, form: Path, pack: Path) -> None:
    assert verdicts(run, form, pack) == {}
    fill(form, {"单位|units": FILLED["单位|units"]})
    # Supplied and empty: nothing was held, which is a fail and not a lack of data.
    assert verdicts(run, form, pack)["test/1-x", "2024"] == ("fail", 0)
    assert verdicts(run, form, pack)["test/3-x", "2024"] == ("not_applicable", None)


def test_a_renamed_header_and_sheet_are_known_by_their_names(run: Run, form: Path, pack: Path) -> None:
    fill(form, FILLED)
    book = openpyxl.load_workbook(form)
    sheet = next(book[each] for each in ("活动", "activities") if each in book.sheetnames)
    # As a spreadsheet renames: the names go along.
    for each in book.defined_names.values():
        each.attr_text = each.attr_text.replace(f"'{sheet.title}'!", "'三月''s 台账'!")
    sheet.title, sheet["E1"] = "三月's 台账", "哪天办的"
    book.save(form)
    assert verdicts(run, form, pack) == EXPECTED


def test_a_name_never_overrules_a_header_nor_lets_a_person_in(run: Run, form: Path, pack: Path) -> None:
    fill(form, FILLED)
    book = openpyxl.load_workbook(form)
    sheet = next(book[each] for each in ("活动", "activities") if each in book.sheetnames)
    sheet["D1"], sheet["E1"] = "手机号", "主题"
    book.save(form)
    ran = run("audit", form, "--pack", pack, "--year", 2024, "--lang", "zh")
    assert ran.code == 2
    assert "table.personal_column" in ran.err
    # The days stand under a header that says topics.
    assert "table.unknown_value" in ran.err


def test_the_cells_of_a_template_take_what_audit_takes(form: Path) -> None:
    book = openpyxl.load_workbook(form)
    sheet = next(book[each] for each in ("活动", "activities") if each in book.sheetnames)
    rules = {
        str(each.sqref).split(":", maxsplit=1)[0]: each for each in sheet.data_validations.dataValidation
    }
    assert {cell: rule.type for cell, rule in rules.items()} == {
        "A2": None, "B2": None, "C2": "list", "D2": None, "E2": "date",
    }  # fmt: skip
    hidden, cells = rules["C2"].formula1.rsplit("!", 1)
    lists = book[hidden.strip("'")]
    assert lists.sheet_state == "hidden"
    left, first, right, last = range_boundaries(cells.replace("$", ""))
    offered = [lists.cell(row, left).value for row in range(first, last + 1)]
    assert (left, offered) in ((right, ["思政课", "培训"]), (right, ["lesson", "training"]))
    # 1949-10-01 and 2100-12-31 as a spreadsheet counts days from 1899-12-30.
    assert (rules["E2"].formula1, rules["E2"].formula2) == ("18172", "73415")
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.b
    assert book.sheetnames[0] in ("填表说明", "instructions")


def test_the_first_sheet_explains_every_column(form: Path) -> None:
    book = openpyxl.load_workbook(form)
    told = [row for row in book.worksheets[0].iter_rows(values_only=True) if row[0]]
    headers = [cell.value for sheet in book.worksheets[1:-1] for cell in sheet[1]]
    assert [row[0] for row in told if row[0] in headers] == headers
    (topics,) = (row for row in told if row[0] in ("主题", "topics"))
    assert topics[4:6] in (("理论；网评员",) * 2, ("theory; reviewers",) * 2)
    assert topics[6] in ("test：2", "test: 2")
    assert any("姓名" in row[0] or "name, identity number" in row[0] for row in told)


def test_the_same_template_is_the_same_bytes(run: Run, form: Path, pack: Path, tmp_path: Path) -> None:
    lang = "zh" if "填表说明" in openpyxl.load_workbook(form).sheetnames else "en"
    assert run("template", "--pack", pack, "-o", tmp_path / "other.xlsx", "--lang", lang).code == 0
    assert (tmp_path / "other.xlsx").read_bytes() == form.read_bytes()


# ---- The checklist ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_checklist_filled_in_in_part_is_audited(
    run: Run, pack: Path, data: Path, tmp_path: Path, lang: str
) -> None:
    place = data / "checklist.xlsx"
    chosen = ("--checklist", "--pack", pack, "--unit", "U1", "--year", 2024)
    assert run("template", *chosen, "-o", place, "--lang", lang).code == 0
    book = openpyxl.load_workbook(place)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet["E"]][1:] == ["2024-H1", "2024-H2"]
    assert [each.sheet_state for each in book.worksheets] == ["visible", "visible", "hidden"]
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")
    # The second half-year, checked after its end; the first stays blank.
    sheet["F3"], sheet["G3"] = "否" if lang == "zh" else "no", date(2025, 1, 10)
    book.save(place)
    found = verdicts(run, data, pack)
    assert found["test/4-x", "2024-H1"] == ("insufficient_data", None)
    assert found["test/4-x", "2024-H2"] == ("fail", "no")


def test_an_answer_without_its_day_is_still_a_problem(run: Run, pack: Path, data: Path) -> None:
    place = data / "checklist.xlsx"
    run("template", "--checklist", "--pack", pack, "--unit", "U1", "--year", 2024, "-o", place)
    book = openpyxl.load_workbook(place)
    book.worksheets[0]["F2"] = "是"
    book.save(place)
    ran = run("audit", data, "--pack", pack, "--year", 2024)
    assert ran.code == 2
    assert ran.err.count("table.blank_key") == 1
    assert "第2行 “核查日期”列" in ran.err


def test_a_checklist_without_units_and_year_leaves_them_blank(run: Run, pack: Path, tmp_path: Path) -> None:
    place = tmp_path / "checklist.xlsx"
    run("template", "--checklist", "--pack", pack, "-o", place)
    (row,) = openpyxl.load_workbook(place).worksheets[0].iter_rows(min_row=2, values_only=True)
    assert row == (None, "test/4-x", "4", "试", *[None] * 5)


# ---- The command line ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("-o", "form.csv"), "usage.not_a_workbook"),
        (("-o", "no/such/folder/form.xlsx"), "usage.bad_place"),
        (("--unit", "U1"), "usage.only_with"),
        (("--year", 2024), "usage.only_with"),
        (("--unit-type", "village"), "usage.unknown_unit_type"),
        (("--checklist", "--unit-type", "village"), "usage.unknown_unit_type"),
        (("--set", "year=2024"), "usage.unknown_parameter"),
    ],
)
def test_what_will_not_do_is_refused_and_nothing_written(
    run: Run, pack: Path, words: tuple[object, ...], code: str
) -> None:
    ran = run("template", "--pack", pack, *words)
    assert (ran.code, ran.out) == (2, b"")
    assert f"[{code}]" in ran.err
    assert list(Path.cwd().iterdir()) == []


def test_a_file_that_is_there_is_kept(run: Run, pack: Path) -> None:
    assert run("template", "--pack", pack).text.startswith("已写入 填报模板.xlsx：4 张表")
    before = Path("填报模板.xlsx").read_bytes()
    Path("填报模板.xlsx").write_bytes(before + b"filled in")
    ran = run("template", "--pack", pack)
    assert (ran.code, "usage.file_exists" in ran.err) == (2, True)
    assert Path("填报模板.xlsx").read_bytes() == before + b"filled in"


def test_what_ducha_toml_says_for_audits_does_not_hinder(run: Run, pack: Path) -> None:
    settings = (
        f'pack = ["{pack.as_posix()}"]\nyear = 2024\nunit = "U1"\nout = "report.json"\nformat = "json"\n'
    )
    Path("ducha.toml").write_text(settings, encoding="utf-8")
    assert run("template").code == 0
    assert run("template", "--checklist").text.startswith("已写入 核查表.xlsx：2 行")


def test_a_pack_is_asked_for(run: Run) -> None:
    assert "[usage.no_pack]" in run("template").err


@pytest.mark.slow
@pytest.mark.parametrize("words", [(), ("--checklist", "--year", 2024)])
def test_libreoffice_opens_and_converts_it(
    run: Run, need: Callable[[str], str], tmp_path: Path, words: tuple[object, ...]
) -> None:
    soffice, place = need("soffice"), tmp_path / "form.xlsx"
    run("template", "--pack", "henan-2023", *words, "-o", place, "--lang", "zh")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for kind in ("pdf", "ods"):
        subprocess.run(
            [soffice, profile, "--headless", "--convert-to", kind, "--outdir", tmp_path, place],
            check=True,
            capture_output=True,
            timeout=180,
        )
        assert place.with_suffix(f".{kind}").stat().st_size > 10_000
