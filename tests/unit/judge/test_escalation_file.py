"""The file of escalation rules: every problem found at once, each with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor import marked
from auditor.errors import BadInput, Problem
from auditor.judge import reading
from auditor.judge.escalation import FailedFinding, TraceStep, escalate, load_escalation, told
from auditor.texts import LANGUAGES, say, say_problem, sentences

HEAD = """\
escalation: ours
version: "1"
title: {zh: 我们的, en: ours}
ratings: [unqualified, rectify, improve]
rules:
"""
ANY = """\
  - id: any_fail
    title: {zh: 任一, en: any}
    when: [{fact: finding}]
    then: {rating: improve}
"""
GOOD = HEAD + ANY


def rule(when: str, then: str = "{fact: found}", rest: str = "") -> str:
    """Return a good file with one more rule; its `when` stands on line 8, its `then` on line 9."""
    added = f"  - id: more\n    title: {{zh: 甲, en: a}}\n    when: [{when}]\n    then: {then}\n{rest}"
    return HEAD + added + ANY


TWO = "{fact: finding, as: one}, {fact: finding, "
BROKEN: list[tuple[str, str, int, str | None]] = [
    ("escalation.not_yaml", "rules: [a: b: c]\n", 1, None),
    ("escalation.not_yaml", "a: b: c", 1, None),
    ("escalation.alias", GOOD + "again: &a {}\nmore: *a\n", 11, None),
    ("escalation.duplicate_key", GOOD + 'version: "2"\n', 10, None),
    ("escalation.wrong_value", "- a list\n", 1, None),
    ("escalation.wrong_value", "", 1, None),
    ("escalation.wrong_value", GOOD.replace('"1"', "1.0"), 2, None),
    ("escalation.wrong_value", GOOD.replace("en: ours", "en: ''"), 3, None),
    ("escalation.wrong_value", GOOD.replace("[{fact: finding}]", "finding"), 8, None),
    ("escalation.wrong_value", HEAD + "  none\n", 5, None),
    ("escalation.wrong_value", rule("{fact: finding, severity: grave}"), 8, None),
    ("escalation.wrong_value", rule("{fact: finding, severity: [major, veto]}"), 8, None),
    ("escalation.wrong_value", rule("{fact: finding, requirement: p/1}"), 8, None),
    ("escalation.wrong_value", rule(TWO + "requirement: next after one}"), 8, None),
    ("escalation.unknown_key", GOOD + "rule: []\n", 10, "rules"),
    ("escalation.unknown_key", rule("{fact: requirement_failed, period: same as one}"), 8, None),
    ("escalation.unknown_key", rule("{fact: finding, severty: major}"), 8, "severity"),
    ("escalation.missing_key", GOOD.replace('version: "1"\n', ""), 1, None),
    ("escalation.missing_key", rule("{fact: finding}", "{fact: repeat}"), 9, None),
    ("escalation.bad_name", GOOD.replace("ours\nv", "Ours 1\nv"), 1, None),
    ("escalation.bad_name", GOOD.replace("id: any_fail", "id: 任一"), 6, None),
    ("escalation.bad_name", rule("{fact: finding, as: One}"), 8, None),
    ("escalation.duplicate_name", HEAD + ANY + ANY, 10, None),
    ("escalation.duplicate_name", rule(TWO + "requirement: same as one, as: one}"), 8, None),
    ("escalation.unknown_rating", GOOD.replace("improve]", "improves]"), 4, "improve"),
    ("escalation.unknown_rating", GOOD.replace("improve]", "rectify]"), 4, None),
    ("escalation.unknown_rating", GOOD.replace("rating: improve", "rating: qualified"), 9, "unqualified"),
    ("escalation.unknown_fact", rule("{fact: findings}"), 8, "finding"),
    ("escalation.unknown_fact", rule("{fact: found}"), 8, None),
    ("escalation.unknown_fact", rule("finding"), 8, None),
    ("escalation.unknown_fact", rule("{fact: rating}"), 8, None),
    ("escalation.unknown_name", rule(TWO + "requirement: same as two}"), 8, None),
    ("escalation.unknown_name", rule("{fact: finding}", "{fact: found, requirement: same as one}"), 9, None),
    ("escalation.count", rule("{fact: finding}", rest="    count: 0\n"), 10, None),
    ("escalation.count", rule("{fact: finding}", rest="    count: three\n"), 10, None),
    ("escalation.count", rule(TWO + "requirement: same as one}", rest="    count: 2\n"), 10, None),
    ("escalation.loose", rule(TWO + "severity: same as one}"), 8, None),
    ("escalation.loose", rule("{fact: finding}, {fact: requirement_failed}"), 8, None),
    ("escalation.period_without_scheme", rule(TWO + "period: next after one}"), 8, None),
    ("escalation.period_without_scheme",
        rule("{fact: finding, as: one}", "{fact: found, period: same as one}"), 9, None),
    ("escalation.reserved", rule("{fact: finding}", "{fact: requirement_failed}"), 9, None),
    ("escalation.other_fields", rule("{fact: finding}") + ANY.replace("any_fail", "last").replace(
        "{rating: improve}", "{fact: found, severity: major}"), 17, None),
    ("escalation.no_rating", GOOD.replace("{fact: finding}", "{fact: finding, severity: major}"), 5, None),
    ("escalation.no_rating", GOOD + "    count: 2\n", 5, None),
    ("escalation.too_much", HEAD + "".join(ANY.replace("any_fail", f"any_{n}") for n in range(201)), 1, None),
]  # fmt: skip
BROKEN.append(
    (
        "escalation.used_above",
        rule("{fact: finding}")
        + ANY.replace("any_fail", "use")
        .replace("finding", "found")
        .replace("{rating: improve}", "{fact: used}")
        + ANY.replace("any_fail", "late").replace("{rating: improve}", "{fact: found}"),
        21,
        None,
    )
)


def problems_of(tmp_path: Path, text: str) -> tuple[Problem, ...]:
    path = tmp_path / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_escalation(path)
    return caught.value.problems


def test_the_good_file_is_good(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    escalation = load_escalation(path)
    assert not escalation.shipped
    (ruling,), _ = escalate([("U1", [FailedFinding("p/1", "veto", "year", "2024", 2024)])], escalation)
    assert (ruling.rating, ruling.trace) == ("improve", (TraceStep("any_fail", ("p/1@2024",)),))
    assert say("trace", *told(ruling.trace[0], escalation, "zh"), "zh") == "任一：p/1@2024。"


@pytest.mark.parametrize(
    ("code", "text", "line", "hint"), BROKEN, ids=[f"{b[0]}-{n}" for n, b in enumerate(BROKEN)]
)
def test_a_broken_file(tmp_path: Path, code: str, text: str, line: int, hint: str | None) -> None:
    (problem,) = problems_of(tmp_path, text)
    assert (problem.code, problem.place.file, problem.place.line) == (code, "ours.yaml", line)
    assert problem.hint == hint
    assert problem.stops
    for lang in LANGUAGES:
        said = " ".join(say_problem(code, problem.figures, lang))
        assert not re.search(r"\{(value|expected|why|field)\}", said)


def test_all_problems_at_once_in_order(tmp_path: Path) -> None:
    text = rule("{fact: findings}", "{rating: none}").replace('"1"', "1").replace("en: ours", "em: ours")
    found = [(problem.code, problem.place.line) for problem in problems_of(tmp_path, text)]
    assert found == [
        ("escalation.wrong_value", 2),
        ("escalation.missing_key", 3),
        ("escalation.unknown_key", 3),
        ("escalation.unknown_fact", 8),
        ("escalation.unknown_rating", 9),
    ]


@pytest.mark.parametrize("content", [None, b"\xc9\xfd\xbc\xb6"])
def test_an_unreadable_file(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ours.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        load_escalation(path)
    assert [problem.code for problem in caught.value.problems] == ["escalation.unreadable"]


def test_every_code_has_both_languages_and_a_broken_example() -> None:
    source = "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in (marked, reading))
    codes = set(re.findall(r'"(escalation\.[a-z_]+)"', source))
    codes |= {f"escalation.{end}" for end in re.findall(r"{kind}\.([a-z_]+)", source)}
    assert codes == set(sentences("escalation_problems", "zh")) == set(sentences("escalation_problems", "en"))
    assert codes == {code for code, *_ in BROKEN} | {"escalation.unreadable"}
