"""The questions of `audit`: their section in the reports, a user's own file, and that no verdict depends on them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from end_to_end.conftest import Ran, Run
from end_to_end.small_world import write_data

OWN = """\
plausibility: ours
version: "1"
title: {zh: 我们的, en: ours}
rules:
  - id: in-a-row
    kind: run_of_equals
    table: activities
    column: unit_id
    least: 2
    title: {zh: 接连, en: In a row}
    question: {zh: "{unit} 有 {count} 行（{first} 至 {last}）？", en: "{unit} has {count} rows ({first} to {last})?"}
"""
ROWS = [f"A{at:02},U1,award,2024-{at % 12 + 1:02}-05,{at},2024-12-31\n" for at in range(25)]
LATE = "activity_id,unit_id,kind,held_on,hours,recorded_on\n" + "".join(ROWS)


def questions(ran: Ran) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ran.out)["data"]["questions"]
    return found


def pairs(number: int) -> str:
    """Return activities of which every two are alike."""
    days = [f"2024-{at // 28 + 1:02}-{at % 28 + 1:02}" for at in range(number)]
    rows = [f"A{at}{twice},U1,care_visit,{day}\n" for at, day in enumerate(days) for twice in "ab"]
    return "activity_id,unit_id,kind,held_on\n" + "".join(rows)


def test_questions_change_neither_exit_code_nor_findings(run: Run, pack: Path, tmp_path: Path) -> None:
    data = write_data(tmp_path / "late", activities=LATE)
    words = ("audit", data, "--pack", pack, "--year", 2024, "--format", "json")
    none = tmp_path / "none.yaml"
    none.write_text(OWN[: OWN.index("rules:")] + "rules: []\n", encoding="utf-8")
    asked, silent = run(*words), run(*words, "--plausibility", none)
    assert (asked.code, asked.err) == (silent.code, silent.err) == (1, "")
    assert [each["id"] for each in questions(asked)] == ["activities-recorded-late"]
    assert questions(silent) == []
    first, second = json.loads(asked.out), json.loads(silent.out)
    first["data"].pop("questions")
    second["data"].pop("questions")
    assert first == second


def test_a_question_lists_twenty_rows_and_counts_all(run: Run, pack: Path, tmp_path: Path) -> None:
    data = write_data(tmp_path / "late", activities=LATE)
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--format", "json")
    # Of the 25 rows two are of 5 November, 56 days before the end of the year, and two of 5 December: 21 are late.
    late = questions(ran)[0]
    assert (late["count"], len(late["rows"])) == (21, 20)
    rows = [each["row"] for each in late["rows"]]
    assert rows == [at for at in range(2, 27) if (at - 2) % 12 < 10][:20]
    assert "21" in late["zh"]


@pytest.mark.parametrize(
    ("lang", "heading", "question", "none"),
    [
        ("zh", "只是提问", "U1 有 21 项活动在举办 60 天以后才登记（最长相隔 361 天）", "没有需要提问的登记"),
        (
            "en",
            "questions to check only",
            "U1 recorded 21 activities more than 60 days afterwards",
            "no questions",
        ),
    ],
)
def test_the_terminal_report_has_a_section_of_questions(
    run: Run, pack: Path, data: Path, tmp_path: Path, lang: str, heading: str, question: str, none: str
) -> None:
    words = ("--pack", pack, "--year", 2024, "--lang", lang)
    told = run("audit", write_data(tmp_path / "late", activities=LATE), *words).text
    section = told[told.index(heading) :]
    assert question in " ".join(section.split()).replace(" ）", "）")
    assert "activities.csv:2 activities.csv:3 activities.csv:4 +18" in section
    assert told.index("■") < told.index(heading)
    assert none in run("audit", data, *words).text


def test_many_questions_of_a_rule_are_cut_short_unless_all_is_asked_for(
    run: Run, pack: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN.replace("least: 2", "least: 2\n    by: [held_on]"), encoding="utf-8")
    data = write_data(tmp_path / "pairs", activities=pairs(8))
    words = ("audit", data, "--pack", pack, "--year", 2024, "--plausibility", own)
    told = run(*words, "--lang", "en").text
    assert (told.count("? U1 has 2 rows"), "and 3 more questions" in told) == (5, True)
    told = run(*words, "--verbose").text
    assert (told.count("？U1 有 2 行"), "另有" in told) == (8, False)


@pytest.mark.parametrize("in_settings", [False, True])
def test_an_own_file_replaces_the_shipped_one(
    run: Run, pack: Path, tmp_path: Path, in_settings: bool
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN, encoding="utf-8")
    data = write_data(tmp_path / "late", activities=LATE)
    if in_settings:
        Path("ducha.toml").write_text(f"plausibility = '{own.as_posix()}'\n", encoding="utf-8")
    words = () if in_settings else ("--plausibility", own)
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--format", "json", *words)
    said = [("in-a-row", "U1 有 25 行（2024-01-05 至 2024-12-05）？")]
    assert [(each["id"], each["zh"]) for each in questions(ran)] == said


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "own.yaml 第7行：没有名为“activitys”的表。是不是“activities”"), ("en", "own.yaml line 7:")],
)
def test_a_broken_file_is_refused_with_its_line(
    run: Run, data: Path, pack: Path, tmp_path: Path, lang: str, words: str
) -> None:
    own, out = tmp_path / "own.yaml", tmp_path / "report.json"
    own.write_text(OWN.replace("activities", "activitys"), encoding="utf-8")
    told = ("--plausibility", own, "--format", "json", "--out", out, "--lang", lang)
    ran = run("audit", data, "--pack", pack, "--year", 2024, *told)
    assert (ran.code, ran.out, out.exists()) == (2, b"", False)
    assert words in ran.err
