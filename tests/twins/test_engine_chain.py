"""The engine and its plain twin agree: on random unit histories, and on random rules."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.judge.escalation import Escalation, FailedFinding, Ruling, escalate, has_engine, load_escalation

if not has_engine():
    pytest.skip("durable-rules 2.0.28 cannot run here", allow_module_level=True)

SHIPPED = load_escalation()
HISTORIES = 2_000


def history(chance: random.Random) -> list[FailedFinding]:
    """Return a unit's failed findings: few or many requirements, dense or sparse periods, in any order."""
    found: list[FailedFinding] = []
    density = chance.choice([0.15, 0.5, 0.9])
    for number in range(chance.choice([0, 1, 2, 3, 4, 7, 10])):
        severity = chance.choice(["minor", "minor", "major", "major", "major", "veto"])
        scheme, length = chance.choice([("month", 12), ("quarter", 4), ("half_year", 2), ("year", 1)])
        first = chance.choice([2024, 2030]) * length + chance.randrange(-3, 3)
        for ordinal in range(first, first + length):
            if chance.random() < density:
                found.append(
                    FailedFinding(f"p-{number % 2}/{number}", severity, scheme, f"{scheme}{ordinal}", ordinal)
                )
    chance.shuffle(found)
    return found


def compare(histories: list[list[FailedFinding]], escalation: Escalation) -> tuple[Ruling, ...]:
    units = [(f"U{number}", findings) for number, findings in enumerate(histories)]
    durable, _ = escalate(units, escalation, judged_by="durable")
    plain, _ = escalate(units, escalation, judged_by="plain")
    for one, other in zip(durable, plain, strict=True):
        assert one == other
    return durable


@pytest.mark.slow
def test_the_shipped_rules_over_random_histories() -> None:
    chance = random.Random(20240305)
    rulings = compare([history(chance) for _ in range(HISTORIES)], SHIPPED)
    ratings = [ruling.rating for ruling in rulings]
    # The histories must reach every end of the chain, or the agreement would say little.
    assert all(ratings.count(rating) > 100 for rating in (*SHIPPED.ratings, None))
    assert sum(bool(ruling.repeats) for ruling in rulings) > 300


def test_the_order_of_findings_changes_nothing() -> None:
    chance = random.Random(7)
    histories = [history(chance) for _ in range(150)]
    shuffled = [chance.sample(findings, len(findings)) for findings in histories]
    assert compare(histories, SHIPPED) == compare(shuffled, SHIPPED)


def test_the_rulings_are_what_the_clauses_say() -> None:
    """A third reading, straight from the words, that shares no code with either judge."""
    chance = random.Random(99)
    histories = [history(chance) for _ in range(300)]
    for findings, ruling in zip(histories, compare(histories, SHIPPED), strict=True):
        seen = {(f.requirement_id, f.scheme, f.ordinal) for f in findings}
        repeats = {r for r, scheme, ordinal in seen if (r, scheme, ordinal + 1) in seen}
        majors = {f.requirement_id for f in findings if f.severity == "major"}
        rating = "improve" if findings else None
        if len(majors) >= 3:
            rating = "rectify"
        if any(f.severity == "veto" for f in findings):
            rating = "unqualified"
        assert (ruling.rating, set(ruling.repeats)) == (rating, repeats)


def random_rules(chance: random.Random) -> dict[str, Any]:
    """Return a random file of rules, a chain of two to eight over fed and concluded facts."""
    kinds = {
        "finding": ["requirement", "scheme", "period", "severity"],
        "requirement_failed": ["requirement", "severity"],
    }
    rules: list[dict[str, Any]] = [
        {"id": "any", "when": [{"fact": "finding"}], "then": {"rating": "improve"}}
    ]
    for number in range(chance.randint(2, 8)):
        when = [{"fact": chance.choice(list(kinds)), "as": "a"}]
        while len(when) < 3 and chance.random() < 0.5:
            joined = pattern(chance, kinds, when)
            if joined is not None:
                when.append({**joined, "as": "abc"[len(when)]})
        for given in when:
            if "severity" in kinds[given["fact"]] and "severity" not in given and chance.random() < 0.4:
                given["severity"] = chance.choice(["minor", "major", "veto"])
        rule: dict[str, Any] = {"id": f"r{number}", "when": when}
        counted = len(when) == 1 and chance.random() < 0.4
        if counted:
            rule["count"] = chance.randint(2, 4)
        if chance.random() < 0.3:
            rule["then"] = {"rating": chance.choice(["unqualified", "rectify", "improve"])}
        else:
            carried = [] if counted else chance.choice([[], ["requirement"], kinds[when[0]["fact"]]])
            carried = [field for field in carried if field in kinds[when[0]["fact"]]]
            rule["then"] = {"fact": f"f{number}", **dict.fromkeys(carried, "same as a")}
            kinds[f"f{number}"] = carried
        rules.append(rule)
    for rule in rules:
        rule["title"] = {"zh": "甲", "en": "a"}
    ratings = ["unqualified", "rectify", "improve"]
    return {
        "escalation": "random",
        "version": "1",
        "title": {"zh": "甲", "en": "a"},
        "ratings": ratings,
        "rules": rules,
    }


def pattern(
    chance: random.Random, kinds: dict[str, list[str]], when: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """Return a pattern that joins an earlier one of the rule, or None where the kinds cannot be joined."""
    other, kind = chance.choice(when), chance.choice(list(kinds))
    shared = set(kinds[kind]) & set(kinds[other["fact"]])
    given = {"fact": kind}
    if "requirement" in shared and chance.random() < 0.8:
        given["requirement"] = f"same as {other['as']}"
    if {"scheme", "period"} <= shared and chance.random() < 0.8:
        given["scheme"] = f"same as {other['as']}"
        given["period"] = f"{chance.choice(['same as', 'next after'])} {other['as']}"
    if "severity" in shared and chance.random() < 0.3:
        given["severity"] = f"same as {other['as']}"
    return given if {"requirement", "period"} & set(given) else None


@pytest.mark.parametrize(
    "seed", [*range(8), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(8, 25))]
)
def test_random_rules_over_random_histories(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    path = tmp_path / "random.yaml"
    path.write_text(yaml.safe_dump(random_rules(chance), allow_unicode=True), encoding="utf-8")
    compare([history(chance) for _ in range(25)], load_escalation(path))
