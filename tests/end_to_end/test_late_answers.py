"""A checklist filled in after the period's end: it counts from the day of the visit on, and before that it is said."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pack_files import made_up, write_pack

from auditor.audit import Options, audit
from end_to_end.conftest import Run
from end_to_end.small_world import write_data

ATTEST = {"measure": {"kind": "attest"}, "period": "half_year"}
VISIT = date(2023, 1, 15)
"""The day of the visit for the second half of 2022; the first half was visited in its time."""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(made_up(ATTEST), tmp_path / "pack.yaml")


@pytest.fixture
def data(run: Run, pack: Path, tmp_path: Path) -> Path:
    """Return the small organisation with a checklist, made by the program and filled in by a person."""
    folder = write_data(tmp_path / "data")
    place = folder / "checklist.xlsx"
    assert (
        run("template", "--checklist", "--pack", pack, "--unit", "U1", "--year", 2022, "-o", place).code == 0
    )
    book = openpyxl.load_workbook(place)
    sheet = book.worksheets[0]
    headers = {cell.value: cell.column for cell in sheet[1]}
    assert [sheet.cell(row, headers["所属周期"]).value for row in (2, 3)] == ["2022-H1", "2022-H2"]
    for row, answer, day in ((2, "是", date(2022, 6, 20)), (3, "否", VISIT)):
        sheet.cell(row, headers["核查结果"]).value = answer
        sheet.cell(row, headers["核查日期"]).value = day
    book.save(place)
    return folder


def audited(run: Run, data: Path, pack: Path, *words: object) -> tuple[dict[str, tuple[str, Any]], list[Any]]:
    ran = run("audit", data, "--pack", pack, *words, "--format", "json")
    assert ran.err == ""
    found = json.loads(ran.out)
    verdicts = {each["period"]: (each["verdict"], each["value"]) for each in found["findings"]}
    return verdicts, [each for each in found["data"]["warnings"] if each["code"] == "usage.later_answers"]


def test_an_answer_after_the_end_counts_once_the_audit_looks_back_from_then(
    run: Run, data: Path, pack: Path
) -> None:
    verdicts, warned = audited(run, data, pack, "--year", 2022, "--as-of", "2023-01-20")
    assert verdicts == {"2022-H1": ("pass", "yes"), "2022-H2": ("fail", "no")}
    assert warned == []


def test_an_audit_as_of_the_year_s_end_leaves_it_out_and_says_so(run: Run, data: Path, pack: Path) -> None:
    verdicts, (warning,) = audited(run, data, pack, "--year", 2022)
    assert verdicts == {"2022-H1": ("pass", "yes"), "2022-H2": ("insufficient_data", None)}
    assert warning["figures"] == {"count": 1, "value": "2022-12-31", "expected": "2023-01-15"}
    page = "".join(run("audit", data, "--pack", pack, "--year", 2022).text.split())
    assert "有1条核查结论写明属于本次督查的周期，但核查日期晚于截止日2022-12-31，没有计入" in page
    assert "--as-of2023-01-15" in page
    # What it advises is what helps.
    assert audited(run, data, pack, "--year", 2022, "--as-of", "2023-01-15")[0]["2022-H2"] == ("fail", "no")


def test_a_day_that_the_user_chose_is_not_argued_with(run: Run, data: Path, pack: Path) -> None:
    verdicts, warned = audited(run, data, pack, "--year", 2022, "--as-of", "2022-12-31")
    assert verdicts["2022-H2"] == ("insufficient_data", None)
    assert warned == []


@pytest.mark.parametrize(
    ("chosen", "counts"),
    [
        ({"today": VISIT}, [1]),
        ({"today": date(2023, 1, 14)}, []),  # the visit is still to come: no day to look back from
        ({"units": ("U2",)}, []),
    ],
    ids=["on the day", "before it", "another unit"],
)
def test_only_answers_that_are_there_and_asked_for_are_meant(
    data: Path, pack: Path, chosen: dict[str, Any], counts: list[int]
) -> None:
    with audit(data, [pack], 2022, Options(judged_by="plain", **chosen)) as done:
        warned = [each.figures["count"] for each in done.data.warnings if each.code == "usage.later_answers"]
    assert warned == counts
