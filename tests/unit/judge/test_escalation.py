"""The first chain through its public door, by both judges: repeats, three majors, veto, rating, trace."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from auditor.errors import EngineFault
from auditor.judge import escalation as door
from auditor.judge.escalation import (
    Escalation,
    FailedFinding,
    Ruling,
    TraceStep,
    escalate,
    load_escalation,
    told,
)
from auditor.texts import LANGUAGES, Lang, sentences

SHIPPED = load_escalation()
Judge = Callable[..., Ruling]


@pytest.fixture(params=["plain", "durable"])
def judge(request: pytest.FixtureRequest) -> Judge:
    if request.param == "durable" and not door.has_engine():
        pytest.skip("durable-rules 2.0.28 cannot run here")

    def judged(*findings: FailedFinding, escalation: Escalation = SHIPPED) -> Ruling:
        (ruling,), name = escalate([("U1", findings)], escalation, judged_by=request.param)
        assert name == ("plain chain" if request.param == "plain" else "durable-rules 2.0.28")
        return ruling

    return judged


def fail(requirement: str, month: int = 1, year: int = 2024, **others: Any) -> FailedFinding:
    known = {
        "severity": "minor",
        "scheme": "month",
        "period": f"{year}-{month:02d}",
        "ordinal": year * 12 + month,
    }
    return FailedFinding(requirement, **{**known, **others})


def test_one_minor_fail_is_to_improve(judge: Judge) -> None:
    assert judge(fail("p/1")) == Ruling("U1", "improve", (), (TraceStep("any_fail", ("p/1",)),))


def test_a_repeat_in_both_arrival_orders(judge: Judge) -> None:
    forth, back = judge(fail("p/1", 1), fail("p/1", 2)), judge(fail("p/1", 2), fail("p/1", 1))
    assert forth == back
    assert forth.repeats == ("p/1",)
    assert forth.rating == "improve"
    assert forth.trace == (
        TraceStep("repeat", ("p/1@2024-01", "p/1@2024-02")),
        TraceStep("any_fail", ("p/1",)),
    )


def test_periods_1_2_4_3_repeat_three_times(judge: Judge) -> None:
    ruling = judge(*(fail("p/1", month) for month in (1, 2, 4, 3)))
    pairs = [step.facts for step in ruling.trace if step.rule == "repeat"]
    assert pairs == [(f"p/1@2024-0{month}", f"p/1@2024-0{month + 1}") for month in (1, 2, 3)]
    assert ruling.repeats == ("p/1",)


def test_a_repeat_across_the_end_of_the_year(judge: Judge) -> None:
    assert judge(fail("p/1", 12), fail("p/1", 1, 2025)).repeats == ("p/1",)


@pytest.mark.parametrize(
    "other",
    [fail("p/1", 3), fail("p/1", 1, 2025), fail("p/2", 2), fail("p/1", 2, scheme="quarter")],
    ids=["a month between", "a year between", "another requirement", "another scheme"],
)
def test_what_is_no_repeat(judge: Judge, other: FailedFinding) -> None:
    assert judge(fail("p/1", 1), other).repeats == ()


def test_two_requirements_interleaved_repeat_each_for_itself(judge: Judge) -> None:
    ruling = judge(fail("p/1", 1), fail("p/2", 2), fail("p/1", 3), fail("p/2", 3), fail("p/3", 4))
    assert ruling.repeats == ("p/2",)


@pytest.mark.parametrize("majors", [1, 2, 3, 4, 5, 6, 7, 9])
def test_three_different_majors_are_to_rectify(judge: Judge, majors: int) -> None:
    names = tuple(f"p/{n}" for n in range(majors))
    ruling = judge(*(fail(name, severity="major") for name in names))
    accumulated = [step for step in ruling.trace if step.rule == "three_majors"]
    assert ruling.rating == ("rectify" if majors >= 3 else "improve")
    assert accumulated == ([TraceStep("three_majors", names)] if majors >= 3 else [])


def test_one_major_failed_in_many_months_is_one_major(judge: Judge) -> None:
    ruling = judge(
        *(fail("p/1", month, severity="major") for month in range(1, 13)), fail("p/2", severity="major")
    )
    assert ruling.rating == "improve"


def test_a_veto_fail_is_no_major(judge: Judge) -> None:
    majors = [fail(f"p/{n}", severity="major") for n in range(2)]
    ruling = judge(*majors, fail("p/v", severity="veto"))
    assert [step.rule for step in ruling.trace] == ["veto", "any_fail"]
    assert ruling.rating == "unqualified"


def test_the_worst_rating_holds(judge: Judge) -> None:
    findings = [fail(f"p/{n}", severity="major") for n in range(3)]
    findings += [fail("p/v", severity="veto"), fail("p/w", severity="veto"), fail("p/m", 1), fail("p/m", 2)]
    ruling = judge(*findings)
    assert ruling.rating == "unqualified"
    assert [step.rule for step in ruling.trace] == ["repeat", "three_majors", "veto", "rectify", "any_fail"]
    assert ruling.trace[2].facts == ("p/v", "p/w")
    assert ruling.trace[3].facts == ("three_majors",)
    random.Random(7).shuffle(findings)
    assert judge(*findings) == ruling


def test_a_unit_without_a_failed_finding_has_no_rating(judge: Judge) -> None:
    assert judge() == Ruling("U1", None, (), ())


def test_units_come_back_in_their_order_and_do_not_know_each_other() -> None:
    units = [("B", [fail("p/1", 1)]), ("A", [fail("p/1", 2)]), ("C", []), ("B2", [fail("p/2", 1)])]
    rulings, _ = escalate(units, SHIPPED)
    assert [(r.unit_id, r.rating, r.repeats) for r in rulings] == [
        ("B", "improve", ()), ("A", "improve", ()), ("C", None, ()), ("B2", "improve", ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "findings",
    [
        [fail("p/1"), fail("p/1")],
        [fail("p/1"), fail("p/1", period="otherwise")],
        [fail("p/1"), fail("p/1", 2, severity="major")],
        [fail("p/1", severity="grave")],
        [fail("p/1", ordinal=True)],
        [fail("p/1", ordinal=2.0)],
    ],
)
def test_findings_that_break_a_law_are_a_fault_that_names_the_unit(findings: list[FailedFinding]) -> None:
    with pytest.raises(EngineFault, match="U1"):
        escalate([("U1", findings)], SHIPPED, judged_by="plain")


def test_numpy_integers_are_refused() -> None:
    numpy = pytest.importorskip("numpy")
    with pytest.raises(EngineFault, match="U1"):
        escalate([("U1", [fail("p/1", ordinal=numpy.int64(3))])], SHIPPED, judged_by="plain")


def test_without_the_engine_the_plain_chain_judges_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "has_engine", lambda: False)
    assert escalate([("U1", [fail("p/1")])], SHIPPED)[1] == "plain chain"
    with pytest.raises(EngineFault, match="cannot run here"):
        escalate([("U1", [fail("p/1")])], SHIPPED, judged_by="durable")


def test_there_is_no_other_judge() -> None:
    with pytest.raises(EngineFault, match="no judge 'spark'"):
        escalate([], SHIPPED, judged_by="spark")


def test_another_version_of_the_engine_does_not_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "version", lambda name: "2.0.29")
    assert not door.has_engine()


@pytest.mark.skipif(not door.has_engine(), reason="durable-rules 2.0.28 cannot run here")
def test_both_stops_on_any_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    units = [("U1", [fail("p/1", 1), fail("p/1", 2)])]
    assert escalate(units, SHIPPED, judged_by="both") == escalate(units, SHIPPED, judged_by="durable")
    whole = door.judge_plainly
    monkeypatch.setattr(door, "judge_plainly", lambda rules, facts: whole(rules, facts)[1:])
    with pytest.raises(EngineFault, match="U1"):
        escalate(units, SHIPPED, judged_by="both")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_shipped_rule_has_its_sentence(lang: Lang) -> None:
    known = sentences("trace", lang)
    assert set(known) == {rule.rule_id for rule in SHIPPED.rules} | {"own_rule"}
    for rule in SHIPPED.rules:
        code, figures = told(TraceStep(rule.rule_id, ("p/1@2024-01", "p/1@2024-02")), SHIPPED, lang)
        assert "{" not in known[code].format(**figures)
