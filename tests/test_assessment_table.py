"""A table of 100 points: the audit finds the sums that were worked out by hand (`expected.yaml` in its folder)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pack_files import read_yaml

from auditor.audit import Options, audit
from auditor.model.audit import Audit
from auditor.packs.load import load_pack
from auditor.reports.registry import Layout, writer

FOLDER = Path(__file__).parents[1] / "fixtures" / "assessment-table"
PACK = FOLDER / "assessment-table.yaml"
EXPECTED: dict[str, Any] = read_yaml(FOLDER / "expected.yaml")
FIGURES = ("judged", "passed", "waived", "missing", "deducted", "gained", "extra", "bonus")


@pytest.fixture(scope="module")
def done() -> Iterator[Audit]:
    with audit(FOLDER, [PACK], 2024, Options(as_of=EXPECTED["as_of"], judged_by="plain")) as finished:
        yield finished


@pytest.fixture(scope="module")
def units(done: Audit) -> dict[str, Any]:
    report = json.loads("".join(writer("json")(done, Layout())))
    return {each["unit_id"]: each for each in report["units"]}


@pytest.mark.parametrize("wanted", EXPECTED["units"], ids=lambda each: each["unit"])
def test_every_sum_is_the_one_worked_out(wanted: dict[str, Any], units: dict[str, Any]) -> None:
    found = units[wanted["unit"]]
    assert {key: found[key] for key in ("score", "rating", "place", "tied")} == {
        key: wanted[key] for key in ("score", "rating", "place", "tied")
    }
    assert {key: found["score_sum"][key] for key in wanted["sum"]} == wanted["sum"]
    lines = {
        each["requirement_id"].partition("/")[2]: [each[key] for key in FIGURES]
        for each in found["score_lines"]
    }
    assert lines == wanted["lines"]


def test_the_veto_says_what_the_score_was_before(units: dict[str, Any]) -> None:
    found = units["D4"]["score_sum"]
    assert (found["vetoed_by"], found["before_veto"]) == (["assessment-table/8-approved"], 100.0)
    assert [each["requirement_id"] for each in units["D4"]["score_lines"] if each["veto"]] == [
        "assessment-table/8-approved"
    ]
    assert all(not each["score_sum"]["vetoed_by"] for each in units.values() if each["unit_id"] != "D4")


def test_limits_that_held_are_marked(units: dict[str, Any]) -> None:
    capped = {
        (unit_id, each["requirement_id"].partition("/")[2])
        for unit_id, unit in units.items()
        for each in unit["score_lines"]
        if each["capped"]
    }
    assert capped == {("D2", "1-sessions"), ("D2", "4-reviews"), ("D2", "6-articles")}


def test_the_sentences_are_the_arithmetic(units: dict[str, Any]) -> None:
    by_id = {each["requirement_id"].partition("/")[2]: each for each in units["D5"]["score_lines"]}
    assert by_id["2-training"]["zh"] == "分值 20；差 4 × 2，扣 8：20 − 8 = 12"
    assert (
        by_id["6-articles"]["en"] == "15 points; nothing off, 15; 10 beyond × 0.5, added up to the ceiling 3"
    )
    assert units["D5"]["score_sum"]["en"] == "100 × 87 ÷ 100 + 5 (bonuses 7, at most 5) = 92.0"
    assert units["D3"]["score_sum"]["zh"] == "100 × 75.5 ÷ 80 = 94.4"


@pytest.mark.parametrize("page", ["README.md", "手算.md"])
def test_the_page_works_out_every_unit(page: str) -> None:
    text = (FOLDER / page).read_text(encoding="utf-8")
    for each in EXPECTED["units"]:
        part = text.partition(f"**{each['unit']}")[2]
        assert part
        if each["score"] is not None:
            assert f"**{each['score']}**" in part.split("\n\n")[0]


def test_together_with_another_pack_the_points_do_not_count() -> None:
    with audit(FOLDER, [PACK, "summaries"], 2024, Options(judged_by="plain")) as done:
        assert {each.score_sum.by for each in done.units if each.score_sum} == {"weights"}
        aside = [each for each in done.data.warnings if each.code == "usage.points_set_aside"]
        assert [each.figures["value"] for each in aside] == ["assessment-table"]
        # D2: major 3 each, 1 and 2 quarters of 4 passed: 1.5 of 3; training 0; reports 0.5 of 1; reviews 0 of 3;
        # reviewers 0 of 1; articles 0 of 1; outreach 1 of 1: 3 of 13
        (score,) = [each.score for each in done.units if each.unit_id == "D2"]
        assert str(score) == "23.1"


def test_a_pack_upon_a_table_keeps_its_points(tmp_path: Path) -> None:
    upper = tmp_path / "upper.yaml"
    (tmp_path / PACK.name).write_bytes(PACK.read_bytes())
    upper.write_text(
        'pack: upper\nversion: "1.0.0"\ntitle: {zh: 上, en: Upper}\nissuer: {zh: 某校, en: A school}\n'
        f"extends: {PACK.name}\noverride:\n  assessment-table/3-reports:\n"
        "    score: {points: 10, deduct: {each: 1}}\n    reason: {zh: 本校从宽, en: Ours is milder}\n",
        encoding="utf-8",
    )
    with audit(FOLDER, [upper], 2024, Options(as_of=EXPECTED["as_of"], judged_by="plain")) as done:
        # one report late: 1 off in place of 5
        (score,) = [each.score for each in done.units if each.unit_id == "D2"]
        assert str(score) == "57.0"
    assert load_pack(upper).scoring == load_pack(PACK).scoring


def test_the_page_shows_the_sums_of_points(done: Audit) -> None:
    page = b"".join(
        each if isinstance(each, bytes) else each.encode() for each in writer("html")(done, Layout("zh"))
    ).decode()
    assert "100 × 75.5 ÷ 80 = 94.4" in page
    assert "分值 20；差 3 × 2，扣到上限 5：20 − 5 = 15" in page
    assert "否决前 100.0" in page
