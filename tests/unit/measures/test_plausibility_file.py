"""The file of the questions: every problem is found at once, each with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor import marked
from auditor.errors import BadInput, Problem
from auditor.measures.plausibility import reading
from auditor.measures.plausibility.reading import load_plausibility
from auditor.tables.declaration import load_declaration
from auditor.texts import LANGUAGES, say_problem, sentences

HEAD = """\
plausibility: ours
version: "1"
title: {zh: 我们的, en: ours}
rules:
"""
RULE = """\
  - id: late
    kind: days_between
    table: activities
    where: {kind: training}
    earlier: held_on
    later: recorded_on
    days: 30
    title: {zh: 晚, en: late}
    question: {zh: "{unit}：{count} 行，最长 {most} 天？", en: "{unit}: {count} rows, {most} days?"}
"""
GOOD = HEAD + RULE
STOCK = (
    GOOD.replace("activities", "assets").replace("held_on", "opened_on").replace("recorded_on", "closed_on")
)
RUN = (
    HEAD
    + """\
  - id: again
    kind: run_of_equals
    table: activities
    column: participants
    title: {zh: 同, en: same}
    question: {zh: 同, en: same}
"""
)

BROKEN: list[tuple[str, str, int, str | None]] = [
    ("plausibility.not_yaml", "rules: [a: b: c]\n", 1, None),
    ("plausibility.alias", GOOD + "again: &a {}\nmore: *a\n", 15, None),
    ("plausibility.duplicate_key", GOOD + 'version: "2"\n', 14, None),
    ("plausibility.wrong_value", "- a list\n", 1, None),
    ("plausibility.wrong_value", "", 1, None),
    ("plausibility.wrong_value", GOOD.replace('"1"', "1.0"), 2, None),
    ("plausibility.wrong_value", GOOD.replace(": ours\nv", ": Ours\nv"), 1, None),
    ("plausibility.wrong_value", HEAD + "  none\n", 4, None),
    ("plausibility.wrong_value", GOOD.replace("days: 30", "days: soon"), 11, None),
    ("plausibility.wrong_value", GOOD.replace("days: 30", "days: 0"), 11, None),
    ("plausibility.wrong_value", GOOD.replace("id: late", "id: Too late"), 5, None),
    ("plausibility.wrong_value", GOOD.replace("en: late", "en: ''"), 12, None),
    ("plausibility.wrong_value", GOOD.replace("{kind: training}", "training"), 8, None),
    ("plausibility.wrong_value", GOOD.replace("kind: training", "kind is: training"), 8, None),
    ("plausibility.wrong_value", GOOD.replace("kind: training", "hours >=: many"), 8, None),
    ("plausibility.wrong_value", GOOD.replace("kind: training", "hours: .nan"), 8, None),
    ("plausibility.wrong_value", GOOD.replace("kind: training", "hours: -.inf"), 8, None),
    ("plausibility.wrong_value", GOOD.replace("kind: training", f"speakers: {10**40}"), 8, None),
    ("plausibility.wrong_value", GOOD.replace("kind: training", "held_on >=: 3"), 8, None),
    ("plausibility.unknown_key", GOOD + "rule: []\n", 14, "rules"),
    ("plausibility.unknown_key", GOOD.replace("    days", "    leest: 2\n    days"), 11, "least"),
    ("plausibility.unknown_key", GOOD.replace("    days", "    column: hours\n    days"), 11, None),
    ("plausibility.missing_key", GOOD.replace('version: "1"\n', ""), 1, None),
    ("plausibility.missing_key", GOOD.replace("    days: 30\n", ""), 5, None),
    ("plausibility.missing_key", GOOD.replace(', en: "{unit}: {count} rows, {most} days?"', ""), 13, None),
    ("plausibility.missing_key", RUN, 5, None),
    ("plausibility.duplicate_name", GOOD + RULE, 14, None),
    ("plausibility.unknown_kind", GOOD.replace("days_between", "day_between"), 6, "days_between"),
    ("plausibility.missing_key", GOOD.replace("    kind: days_between\n", ""), 5, None),
    ("plausibility.wrong_value", HEAD + "  - late\n", 5, None),
    ("plausibility.unknown_table", GOOD.replace("activities", "activitys"), 7, "activities"),
    ("plausibility.unknown_column", GOOD.replace("recorded_on", "recordedon"), 10, "recorded_on"),
    ("plausibility.unknown_column", GOOD.replace("kind: training", "kinds: training"), 8, "kind"),
    ("plausibility.unknown_value", GOOD.replace("kind: training", "kind: traning"), 8, "training"),
    ("plausibility.not_comparable", GOOD.replace("kind: training", "kind >=: training"), 8, None),
    ("plausibility.not_comparable", GOOD.replace("kind: training", "evidence >=: a"), 8, None),
    ("plausibility.not_a_day", GOOD.replace("later: recorded_on", "later: hours"), 10, None),
    ("plausibility.not_a_day", GOOD.replace("    days", "    date: kind\n    days"), 11, None),
    ("plausibility.needs_a_date", STOCK.replace("training", "club"), 5, None),
    ("plausibility.unknown_figure", GOOD.replace("{most} 天", "{must} 天"), 13, "most"),
    ("plausibility.unknown_figure", GOOD.replace("{most} 天", "{most 天"), 13, None),
    ("plausibility.unknown_figure", GOOD.replace("{most} 天", "{} 天"), 13, None),
    ("plausibility.unknown_figure", GOOD.replace("{most} 天", "{most:x} 天"), 13, "most"),
    ("plausibility.unknown_figure", GOOD.replace("{most} 天", "{unit.name} 天"), 13, "unit"),
]  # fmt: skip


def problems(text: str, tmp_path: Path) -> list[Problem]:
    """Return the problems of a file of this text."""
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        load_plausibility(path)
    return list(bad.value.problems)


@pytest.mark.parametrize(("code", "text", "line", "hint"), BROKEN)
def test_a_broken_file_says_where_and_what(
    code: str, text: str, line: int, hint: str | None, tmp_path: Path
) -> None:
    found = [each for each in problems(text, tmp_path) if each.code == code]
    assert [(each.place.file, each.place.line) for each in found] == [("rules.yaml", line)]
    assert found[0].hint == hint
    for lang in LANGUAGES:
        what, do = say_problem(code, found[0].figures, lang)
        value = found[0].figures["value"]
        assert ("—" if value is None else str(value)) in what + do


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as bad:
        load_plausibility(tmp_path / "none.yaml")
    assert [each.code for each in bad.value.problems] == ["plausibility.unreadable"]


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("days: 30", "days: 0").replace('"1"', "1")
    text += (
        RULE.replace("table: activities", "table: x")
        .replace("{most} 天", "{x} 天")
        .replace("id: late", "id: b")
    )
    assert [(each.code.partition(".")[2], each.place.line) for each in problems(text, tmp_path)] == [
        ("wrong_value", 2), ("wrong_value", 11), ("unknown_table", 16), ("unknown_figure", 22),
    ]  # fmt: skip


def test_every_code_has_a_broken_example() -> None:
    listed = set(sentences("plausibility_problems", "zh"))
    assert {code for code, *_ in BROKEN} | {"plausibility.unreadable"} == listed
    written = Path(reading.__file__).read_text(encoding="utf-8")
    made = {f"plausibility.{code}" for code in re.findall(r'_problem\(\s*"(\w+)"', written)}
    made |= {
        f"plausibility.{code}"
        for code in re.findall(r"{kind}\.(\w+)", Path(marked.__file__).read_text("utf-8"))
    }
    assert made == listed


def test_a_good_file_is_read_and_one_without_rules_asks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(GOOD, encoding="utf-8")
    (rule,) = load_plausibility(path).rules
    assert (rule.id, rule.days, rule.least, rule.where[0].values) == ("late", 30, 1, ("training",))
    path.write_text(HEAD.rstrip() + " []\n", encoding="utf-8")
    assert load_plausibility(path).rules == ()


def test_values_that_packs_add_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(GOOD.replace("kind: training", "kind: drill"), encoding="utf-8")
    wider = load_declaration().with_vocabulary({"activities.kind": {"drill": "演练"}})
    assert load_plausibility(path, wider).rules
    with pytest.raises(BadInput):
        load_plausibility(path)


def test_a_column_alone_may_stand_for_a_list_of_one(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    text = RUN.replace("    column", "    by: kind\n    least: 3\n    column")
    path.write_text(text, encoding="utf-8")
    assert load_plausibility(path).rules[0].alike == ("kind", "participants")
