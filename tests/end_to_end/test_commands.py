"""The commands beside `audit`: explain, packs, tables, workdays, demo."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.shipped import shipped
from end_to_end.conftest import Run

SAMPLE = shipped("fixtures/university-2024")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("规则", "每年", "不少于2次", "SELECT", "结果 2024：通过", "activities.csv:2", "补办培训", "第1条")),
        ("en", ("The rule", "every year", "at least 2 trainings", "SELECT", "Finding 2024: pass", "Hold them")),
    ],
)  # fmt: skip
def test_explain_lays_a_finding_open(
    run: Run, data: Path, pack: Path, lang: str, words: tuple[str, ...]
) -> None:
    ran = run("explain", data, "U1", "small/1-trainings", "--pack", pack, "--year", 2024, "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    for word in words:
        assert word in ran.text


def test_explain_finds_the_year_by_itself(run: Run, data: Path, pack: Path) -> None:
    assert "2024-01-01" in run("explain", data, "U1", "small/1-trainings", "--pack", pack).text


def test_explain_says_what_failed_with_exit_code_1(run: Run, data: Path, strict_pack: Path) -> None:
    ran = run("explain", data, "U1", "small/2-trainings", "--pack", strict_pack, "--period", "2024")
    assert ran.code == 1
    assert "不通过" in ran.text
    assert "1-trainings" in ran.text  # the rows served the other requirement too


def test_packs_list_names_every_shipped_pack(run: Run) -> None:
    for lang in ("zh", "en"):
        assert "henan-2023" in run("packs", "list", "--lang", lang).text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_packs_show_words_every_requirement_and_what_is_never_judged(run: Run, lang: str) -> None:
    ran = run("packs", "show", "henan-2023", "--lang", lang)
    assert ran.code == 0
    source = shipped("rules/packs/henan-2023.yaml").read_text(encoding="utf-8")
    for requirement_id in re.findall(r"^  - {0,1}\{?id: (henan-2023/[\w.-]+)", source, re.MULTILINE):
        assert requirement_id in ran.text
    assert "None" not in ran.text
    assert "{" not in ran.text


def test_packs_show_one_requirement_by_its_long_or_short_id(run: Run) -> None:
    long = run("packs", "show", "henan-2023", "--requirement", "henan-2023/1-sessions")
    short = run("packs", "show", "henan-2023", "-r", "1-sessions")
    assert long.out == short.out
    assert "不少于6次" in long.text


def test_packs_lint_finds_the_shipped_packs_sound(run: Run, pack: Path) -> None:
    assert run("packs", "lint").code == 0
    ran = run("packs", "lint", pack, "henan-2023", "--lang", "en")
    assert (ran.code, ran.text) == (0, "Packs checked: 2. Nothing wrong.\n")


def test_packs_lint_tells_the_problems_of_all_files(run: Run, tmp_path: Path, pack: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("pack: 7\n", encoding="utf-8")
    ran = run("packs", "lint", "henan-2032", bad, pack, tmp_path / "none.yaml")
    assert (ran.code, ran.out) == (2, b"")
    for word in ("henan-2032", "bad.yaml", "none.yaml"):
        assert word in ran.err


def test_tables_show_says_what_every_column_means(run: Run) -> None:
    zh, en = run("tables", "show"), run("tables", "show", "--lang", "en")
    for word in ("units", "活动", "held_on", "attestations"):
        assert word in zh.text
    assert "allowed values" in en.text
    assert "The unit's own identifier." in en.text


def test_tables_show_knows_chinese_names(run: Run) -> None:
    assert run("tables", "show", "单位").out == run("tables", "show", "units").out


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("共 18 个工作日", "提前 17 个工作日", "首尾都计 18 个")),
        ("en", ("18 working days", "17 working days ahead")),
    ],
)
def test_workdays_counts_the_lead_of_a_filing(run: Run, lang: str, words: tuple[str, ...]) -> None:
    ran = run("workdays", "2024-09-20", "2024-10-18", "--lang", lang)
    assert ran.code == 0
    for word in words:
        assert word in ran.text


def test_workdays_says_where_the_holidays_are_not_known(run: Run) -> None:
    assert "放假通知" in run("workdays", "2090-01-01", "2090-02-01").text
    assert "放假通知" not in run("workdays", "2024-01-01", "2024-02-01").text


def test_workdays_counts_backwards_where_the_filing_came_late(run: Run) -> None:
    assert "-" in run("workdays", "2024-10-18", "2024-10-14").text


def test_workdays_takes_a_calendar(run: Run, tmp_path: Path) -> None:
    calendar = tmp_path / "calendar.csv"
    calendar.write_text("day,working\n2024-06-12,no\n", encoding="utf-8")
    assert "共 4 个工作日" in run("workdays", "2024-06-11", "2024-06-14").text
    assert "共 3 个工作日" in run("workdays", "2024-06-11", "2024-06-14", "--calendar", calendar).text


def test_demo_audits_the_sample_and_says_what_to_try(run: Run) -> None:
    ran = run("demo")
    assert ran.code == 1
    assert "中州示范大学" in ran.text
    assert "接下来可以试" in ran.err
    assert str(SAMPLE) in ran.err


def test_what_the_demo_says_to_try_works(run: Run) -> None:
    ran = run("explain", SAMPLE, "U01", "henan-2023/1-sessions", "--lang", "en")
    assert ran.code == 0
    assert "Finding 2024" in ran.text
