"""The same chain in plain Python: the twin of the engine, and the judge where the engine is not installed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from auditor.judge.rules import Copied, Escalation, Fact, Firing, Pattern, Rule


def judge_plainly(escalation: Escalation, facts: Iterable[Fact]) -> list[Firing]:
    """Return every firing of the rules over a unit's facts.

    One pass is enough: a rule uses only what was fed or what rules above it conclude.
    """
    known = dict.fromkeys(facts)
    firings: list[Firing] = []
    for number, rule in enumerate(escalation.rules):
        fired = [
            Firing(number, found, _concluded(escalation, rule, found))
            for found in _matches(escalation, rule, known)
        ]
        firings += fired
        known.update(dict.fromkeys(firing.concluded for firing in fired))
    return firings


def _matches(escalation: Escalation, rule: Rule, known: Iterable[Fact]) -> Iterable[tuple[Fact, ...]]:
    if rule.count > 1:
        found = tuple(fact for fact in known if escalation.fits(rule.when[0], fact))
        return [found] if len(found) >= rule.count else []
    bindings: list[tuple[Fact, ...]] = [()]
    for pattern in rule.when:
        bindings = list(_joined(escalation, pattern, bindings, known))
    return bindings


def _joined(
    escalation: Escalation, pattern: Pattern, bindings: Iterable[tuple[Fact, ...]], known: Iterable[Fact]
) -> Iterator[tuple[Fact, ...]]:
    fields = [field for field, _ in (*pattern.same, *pattern.after)]
    by_values: dict[tuple[int, ...], list[Fact]] = defaultdict(list)
    for fact in known:
        if escalation.fits(pattern, fact):
            by_values[tuple(escalation.value(fact, field) for field in fields)].append(fact)
    for bound in bindings:
        wanted = [escalation.value(bound[other], field) for field, other in pattern.same]
        wanted += [escalation.value(bound[other], field) + 1 for field, other in pattern.after]
        for fact in by_values.get(tuple(wanted), ()):
            if fact not in bound:
                yield (*bound, fact)


def _concluded(escalation: Escalation, rule: Rule, found: tuple[Fact, ...]) -> Fact:
    values = (
        escalation.value(found[value.pattern], field) if isinstance(value, Copied) else value
        for field, value in rule.fields
    )
    return (rule.concludes, *values)
