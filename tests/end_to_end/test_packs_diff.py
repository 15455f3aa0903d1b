"""`packs diff`: what changed between two packs, and which verdicts flip on real data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from end_to_end.conftest import Run
from end_to_end.small_world import write_pack

pytestmark = pytest.mark.slow

YEAR = ("--year", "2024", "--as-of", "2024-12-31")


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """Return the pack again, of a later version: three trainings, which the small organisation did not hold."""
    path = write_pack(tmp_path / "later.yaml", 3)
    text = path.read_text(encoding="utf-8").replace('version: "1.0.0"', 'version: "1.1.0"')
    path.write_text(text, encoding="utf-8")
    return path


def test_a_pack_and_itself_do_not_differ(run: Run, pack: Path, data: Path) -> None:
    ran = run("packs", "diff", pack, pack)
    assert (ran.code, ran.err) == (0, "")
    assert "没有差别" in ran.text
    ran = run("packs", "diff", pack, pack, "--data", data, *YEAR, "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert "No verdict flips" in ran.text


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("small 1.0.0 → small 1.1.0", "版本：1.0.0 → 1.1.0", "改动的要求（1）", "原：高校，每年：",
                "标准：不少于2次 → 不少于3次", "改动 1 项")),
        ("en", ("small 1.0.0 → small 1.1.0", "version: 1.0.0 → 1.1.0", "Requirements changed (1)",
                "standard: at least 2 trainings → at least 3 trainings", "1 changed")),
    ],
)  # fmt: skip
def test_what_changed_is_said_in_words(
    run: Run, pack: Path, later: Path, lang: str, words: tuple[str, ...]
) -> None:
    ran = run("packs", "diff", pack, later, "--lang", lang)
    assert (ran.code, ran.err) == (1, "")
    for word in words:
        assert word in ran.text
    assert "None" not in ran.text
    assert "{" not in ran.text


def test_requirements_added_and_removed_are_told_with_their_rule(
    run: Run, pack: Path, strict_pack: Path
) -> None:
    ran = run("packs", "diff", pack, strict_pack)
    assert "新增的要求（1）" in ran.text
    assert "＋ small/2-trainings" in ran.text
    assert "不少于5次" in "".join(ran.text.split())
    back = run("packs", "diff", strict_pack, pack, "--lang", "en")
    assert "− small/2-trainings" in back.text


def test_on_data_the_verdicts_that_flip_are_listed(run: Run, pack: Path, later: Path, data: Path) -> None:
    ran = run("packs", "diff", pack, later, "--data", data, *YEAR)
    assert (ran.code, ran.err) == (1, "")
    (row,) = [line for line in ran.text.splitlines() if line.startswith("U1 试验大学") and "2024" in line]
    assert "通过 → 不通过" in row
    assert "2次" in row
    # One major requirement: all of it met, then none; three of them would be worse than to improve.
    assert "合格 → 待改进" in ran.text
    assert "100.0 → 0.0" in ran.text
    assert "1 个结论中，1 个改变；1 个单位" in ran.text


def test_as_json_the_same_is_told_in_both_languages(run: Run, pack: Path, later: Path, data: Path) -> None:
    ran = run("packs", "diff", pack, later, "--data", data, *YEAR, "--format", "json")
    assert (ran.code, ran.err) == (1, "")
    told = json.loads(ran.out)
    assert [each["field"] for each in told["head"]] == ["version"]
    (changed,) = told["changed"]
    titles, threshold = changed["fields"]
    assert (titles["field"], threshold["field"]) == ("title", "threshold")
    assert threshold["before"] == {"zh": "不少于2次", "en": "at least 2 trainings"}
    assert told["audits"]["compared"] == 1
    (flip,) = told["audits"]["flips"]
    assert (flip["unit_id"], flip["period"]) == ("U1", "2024")
    assert flip["before"] == {
        "requirement_id": "small/1-trainings", "verdict": "pass", "value": 2, "numerator": None,
        "denominator": None, "threshold": {"op": ">=", "value": 2}, "shortfall": None,
    }  # fmt: skip
    assert (flip["after"]["verdict"], flip["after"]["shortfall"]) == ("fail", 1)
    (unit,) = told["audits"]["units"]
    assert unit["after"] == {"rating": "improve", "score": 0}
    without = json.loads(run("packs", "diff", pack, later, "--format", "json").out)
    assert without["audits"] is None


def test_the_day_the_audits_pretend_it_is_and_the_lifted_dates_are_passed_on(
    run: Run, pack: Path, later: Path, data: Path
) -> None:
    # On 1 April one training is held of two and of three, and the year is not over: nothing flips.
    ran = run("packs", "diff", pack, later, "--data", data, "--year", "2024", "--as-of", "2024-04-01")
    assert "没有结论改变" in ran.text
    old = run("packs", "diff", pack, later, "--data", data, "--year", "2023", "--format", "json")
    assert json.loads(old.out)["audits"]["flips"] == []
    lifted = run("packs", "diff", pack, later, "--data", data, "--year", "2023", "--assume-effective")
    assert "都不看文件的施行日期" in lifted.text


def test_the_difference_goes_to_a_file(run: Run, pack: Path, later: Path, tmp_path: Path) -> None:
    ran = run("packs", "diff", pack, later, "--out", tmp_path / "diff.txt")
    assert (ran.code, ran.out) == (1, b"")
    assert "改动的要求" in (tmp_path / "diff.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--year", "2024"), "usage.no_data_to_audit"),
        (("--as-of", "2024-06-30"), "usage.no_data_to_audit"),
        (("--assume-effective",), "usage.no_data_to_audit"),
        (("--data", "."), "usage.no_window"),
        (("--set", "year=2018"), "usage.unknown_parameter"),
        (("--format", "html"), "usage.unknown_format"),
        (("--data", "nowhere", "--year", "2024"), "table.no_such_data"),
    ],
)
def test_what_makes_no_sense_is_refused(
    run: Run, pack: Path, later: Path, words: tuple[str, ...], code: str
) -> None:
    ran = run("packs", "diff", pack, later, *words)
    assert (ran.code, ran.out) == (2, b"")
    assert code in ran.err


def test_a_parameter_is_set_for_the_pack_that_asks_for_it(run: Run, data: Path, pack: Path) -> None:
    words = ("packs", "diff", pack, "yushu-rectification", "--data", data, *YEAR)
    ran = run(*words)
    assert ran.code == 2
    assert "pack.parameter_unset" in ran.err
    assert run(*words, "--set", "year=2024").code == 1


def test_the_problems_of_both_packs_are_told(run: Run, tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("pack: 7\n", encoding="utf-8")
    ran = run("packs", "diff", tmp_path / "a.yaml", tmp_path / "b.yaml")
    assert ran.code == 2
    assert "a.yaml" in ran.err
    assert "b.yaml" in ran.err
