"""Failed findings -> facts, and the firings of the rules -> a unit's rating with its trace."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from auditor.errors import EngineFault
from auditor.judge.rules import FED, RATING, SEVERITIES, Escalation, Fact, Firing, Rule
from auditor.model.finding import TraceStep


@dataclass(frozen=True)
class FailedFinding:
    """One failed finding that no waiver covers, as the judge sees it.

    `period` is the label; `ordinal` the running number of the period within its scheme, so that the next
    period's is one more. `severity` is minor, major or veto, the same in all findings of a requirement.
    """

    requirement_id: str
    severity: str
    scheme: str
    period: str
    ordinal: int


@dataclass(frozen=True)
class Ruling:
    """What a unit's failed findings amount to.

    `rating` is unqualified, rectify or improve, and None without a failed finding. `repeats` are the
    requirements failed in two consecutive periods, sorted. `trace` stands in the order of the rules.
    """

    unit_id: str
    rating: str | None
    repeats: tuple[str, ...]
    trace: tuple[TraceStep, ...]


@dataclass(frozen=True)
class Docket:
    """A unit's failed findings as facts, and the names behind their numbers.

    The facts stand in one order, whatever the order of the findings. `requirements` are numbered from 1;
    `periods` gives the label of (requirement, scheme, ordinal).
    """

    unit_id: str
    facts: tuple[Fact, ...]
    requirements: tuple[str, ...]
    periods: Mapping[tuple[int, int, int], str]


def make_docket(unit_id: str, findings: Iterable[FailedFinding]) -> Docket:
    """Return a unit's findings as facts: one for each finding, and one for each failed requirement.

    Raises:
        EngineFault: a finding given twice, an unknown severity or two of them for one requirement, or an
            ordinal that is no plain integer.
    """
    ordered = sorted(findings, key=lambda f: (f.requirement_id, f.scheme, f.ordinal))
    _check(unit_id, ordered)
    requirements = tuple(sorted({finding.requirement_id for finding in ordered}))
    number = {name: place for place, name in enumerate(requirements, start=1)}
    schemes = {name: place for place, name in enumerate(sorted({f.scheme for f in ordered}), start=1)}
    facts: dict[Fact, str] = {}
    failed: dict[Fact, None] = {}
    for finding in ordered:
        named = number[finding.requirement_id]
        severity = SEVERITIES[finding.severity]
        facts["finding", named, schemes[finding.scheme], finding.ordinal, severity] = finding.period
        failed["requirement_failed", named, severity] = None
    if len(failed) != len(requirements):
        raise EngineFault(f"unit {unit_id}: a requirement has more than one severity")
    periods = {(fact[1], fact[2], fact[3]): label for fact, label in facts.items()}
    return Docket(unit_id, (*facts, *failed), requirements, periods)


def _check(unit_id: str, ordered: Sequence[FailedFinding]) -> None:
    for finding in ordered:
        if finding.severity not in SEVERITIES or type(finding.ordinal) is not int:
            raise EngineFault(f"unit {unit_id}: not to be judged: {finding}")
    for one, other in pairwise(ordered):
        if (one.requirement_id, one.scheme, one.ordinal) == (
            other.requirement_id,
            other.scheme,
            other.ordinal,
        ):
            raise EngineFault(f"unit {unit_id}: two failed findings for one period: {one}, {other}")


def make_ruling(escalation: Escalation, docket: Docket, firings: Iterable[Firing]) -> Ruling:
    """Return the ruling that the firings over a docket's facts come to.

    Raises:
        EngineFault: a rule fired on facts that nobody stated, or no rating was reached.
    """
    fired = sorted(set(firings))
    concluded = {firing.concluded for firing in fired}
    known = {*docket.facts, *concluded}
    if not all(fact in known for firing in fired for fact in firing.facts):
        raise EngineFault(f"unit {docket.unit_id}: a rule fired on a fact that nobody stated")
    ranks = [fact[1] for fact in concluded if fact[0] == RATING]
    if docket.facts and not ranks:
        raise EngineFault(f"unit {docket.unit_id}: failed findings, but no rating")
    rating = escalation.ratings[min(ranks)] if ranks else None
    repeats = {
        docket.requirements[escalation.value(fact, "requirement") - 1]
        for fact in concluded
        if fact[0] == "repeat"
    }
    return Ruling(docket.unit_id, rating, tuple(sorted(repeats)), _trace(escalation, docket, fired, known))


def _trace(
    escalation: Escalation, docket: Docket, fired: Sequence[Firing], known: Iterable[Fact]
) -> tuple[TraceStep, ...]:
    steps: dict[tuple[int, Fact, tuple[Fact, ...]], set[Fact]] = {}
    for firing in fired:
        rule = escalation.rules[firing.rule]
        # One pattern: the facts that lead to one conclusion are one step. A join: each pair is its own.
        joined = firing.facts if len(rule.when) > 1 else ()
        step = steps.setdefault((firing.rule, firing.concluded, joined), set())
        step.update(_all_counted(escalation, rule, known) if rule.count > 1 else firing.facts)
    return tuple(
        TraceStep(
            escalation.rules[number].rule_id,
            tuple(_readable(escalation, docket, f) for f in joined or sorted(facts)),
        )
        for (number, _, joined), facts in steps.items()
    )


def _all_counted(escalation: Escalation, rule: Rule, known: Iterable[Fact]) -> Iterable[Fact]:
    # The engine hands over only the facts of one round of counting, in an order of its own.
    return (fact for fact in known if escalation.fits(rule.when[0], fact))


def _readable(escalation: Escalation, docket: Docket, fact: Fact) -> str:
    kind = fact[0]
    values = dict(zip(escalation.kinds[kind], fact[1:], strict=True))
    parts = [] if kind in FED else [kind]
    if "requirement" in values:
        requirement = values["requirement"]
        parts.append(docket.requirements[requirement - 1])
        if "period" in values:
            parts[-1] += "@" + docket.periods[requirement, values["scheme"], values["period"]]
    if "severity" in values and kind not in FED:
        parts.append(next(word for word, rank in SEVERITIES.items() if rank == values["severity"]))
    # The same few thousand names stand in the traces of all units: kept once.
    return sys.intern(":".join(parts))
