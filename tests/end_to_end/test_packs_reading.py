"""`packs list|show|coverage`: what the packs say, and what became of every clause."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pack_files import made_up
from pack_files import write_pack as write
from wcwidth import wcswidth

from auditor.shipped import shipped
from end_to_end.conftest import Run

pytestmark = pytest.mark.slow

TRAININGS = {
    "measure": {"kind": "count", "table": "activities", "where": {"kind": "training"}},
    "threshold": {"op": ">=", "value": 2},
}
WHY = {"zh": "本校从严", "en": "stricter here"}


def own_pack(folder: Path) -> Path:
    """Write a pack upon another, with a parameter, a change and a requirement switched off."""
    year = {"type": "year", "title": {"zh": "年份", "en": "the year"}, "example": 2021}
    write(
        made_up(
            {**TRAININGS, "id": "test/1-trainings", "duty": "study-sessions"},
            {"measure": {"kind": "attest"}, "id": "test/2-asked"},
        ),
        folder / "test.yaml",
    )
    own = made_up({**TRAININGS, "id": "own/7-more", "threshold": {"op": ">=", "value": 9}, "clause": "7"})
    more = {"pack": "own", "extends": "test.yaml", "parameters": {"year": year}, "issued": "${year}-05-06"}
    override = {
        "test/1-trainings": {"threshold": {"op": ">=", "value": 3}, "reason": WHY},
        "test/2-asked": {"switched_off": {"zh": "没有这项", "en": "not held here"}},
    }
    return write({**own, **more, "override": override}, folder / "own.yaml")


@pytest.mark.parametrize(("lang", "words"), [("zh", "自动"), ("en", "auto")])
def test_list_counts_what_is_automated_and_what_a_person_answers(run: Run, lang: str, words: str) -> None:
    ran = run("packs", "list", "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    assert words in ran.text.splitlines()[0]
    at = next(number for number, line in enumerate(ran.text.splitlines()) if line.startswith("henan-2023"))
    cells = ran.text.splitlines()[at].split()
    # 48 requirements, 8 of them answered by a person; issued in 2023 and in force from 2024 on
    assert [each for each in cells if each.isdigit()] == ["40", "8"]
    assert {"2023-12-28", "2024-01-01"} <= set(cells)
    for name in (path.stem for path in shipped("rules/packs").glob("*.yaml")):
        assert name in ran.text


def test_list_shows_parameters_with_their_examples(run: Run) -> None:
    ran = run("packs", "list", "--lang", "en")
    assert "year=" in ran.text
    assert "--set NAME=VALUE" in ran.text


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("以《试》（test 1.0.0）为基础", "参数 year（年份）：核查时用 --set year=… 给出", "发文日期：2021-05-06",
                "第1条 [一般] 试（test/1-trainings）", "不少于3次", "职责：study-sessions", "由 own 调整：本校从严",
                "已停用的要求", "第2条 test/2-asked 没有这项")),
        ("en", ("On top of: test (test 1.0.0)", "Parameter year (the year)", "on 2021-05-06", "at least 3 times",
                "Duty: study-sessions", "Changed by own: stricter here", "Requirements switched off",
                "clause 2 test/2-asked not held here")),
    ],
)  # fmt: skip
def test_show_says_what_a_pack_stands_on(run: Run, tmp_path: Path, lang: str, words: tuple[str, ...]) -> None:
    ran = run("packs", "show", own_pack(tmp_path), "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    for word in words:
        assert word in " ".join(ran.text.split())
    assert "None" not in ran.text


def test_show_of_one_requirement_names_the_same_duty_in_other_documents(run: Run) -> None:
    ran = run("packs", "show", "bureau-2024", "-r", "2.1.1-sessions", "--lang", "en")
    assert "at least 12 sessions" in ran.text
    assert "What other documents require for the same duty (study-sessions)" in ran.text
    rest = ran.text.partition("same duty")[2]
    assert "hunan-2019/2-sessions" in rest
    assert "at least 10 sessions" in rest
    assert "bureau-2024/2.1.1-sessions" not in rest


def test_show_of_a_requirement_without_a_duty_names_no_other(run: Run) -> None:
    assert "其他文件" not in run("packs", "show", "henan-2023", "-r", "16-advisors").text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("pack", [path.stem for path in sorted(shipped("rules/packs").glob("*.yaml"))])
def test_every_shipped_pack_can_be_shown_and_accounted_for(run: Run, pack: str, lang: str) -> None:
    for command in ("show", "coverage"):
        ran = run("packs", command, pack, "--lang", lang)
        assert (ran.code, ran.err) == (0, "")
        assert "{" not in ran.text
        assert "None" not in ran.text


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("条款台账", "自动核查", "人工核查", "不在范围", "未量化", "条款 22 条", "要求 48 项")),
        ("en", ("Clause ledger", "automated", "manual check", "out of scope", "Clauses: 22.", "Requirements: 48,")),
    ],
)  # fmt: skip
def test_coverage_lists_every_clause(run: Run, lang: str, words: tuple[str, ...]) -> None:
    ran = run("packs", "coverage", "henan-2023", "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    for word in words:
        assert word in ran.text
    first = [line.split()[0] for line in ran.text.splitlines() if line[:1].isdigit()]
    assert first == [str(clause) for clause in range(1, 23)]


def test_coverage_keeps_its_columns_in_line_also_in_chinese(run: Run) -> None:
    lines = run("packs", "coverage", "henan-2023").text.splitlines()
    rule = next(line for line in lines if line.startswith("---"))
    found = [re.fullmatch(r"(.*?) {2,}(\d+（\d+/\d+/\d+/\d+）)", line) for line in lines]
    starts = [wcswidth(line[0]) - wcswidth(line[2]) for line in found if line]
    # 48 requirements; 19-term-set stands under its two clauses
    assert starts == [rule.rindex(" -") + 1] * 49


def test_coverage_as_a_page_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "clauses.html"
    ran = run("packs", "coverage", own_pack(tmp_path), "--format", "html", "-o", out)
    assert (ran.code, ran.out, ran.err) == (0, b"", "")
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="zh-CN">' in page
    assert "没有这项" in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "htm"), "html"),
        (("--out", "no/such/folder/x.html"), "no/such/folder"),
        (("--requirement", "x"), "--requirement"),
    ],
)
def test_coverage_refuses_what_it_cannot_do(run: Run, words: tuple[str, ...], said: str) -> None:
    ran = run("packs", "coverage", "henan-2023", *words)
    assert (ran.code, ran.out) == (2, b"")
    assert said in ran.err


def test_coverage_of_an_unknown_pack_names_the_nearest(run: Run) -> None:
    ran = run("packs", "coverage", "henan-2032")
    assert ran.code == 2
    assert "henan-2023" in ran.err
