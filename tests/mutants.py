"""Mutants of requirements: each comparison flipped, each number moved by one step, one at a time.

    python tests/mutants.py [PACK …]

A mutant that no case notices shows a case that is missing. Mutants of many requirements are tried together, one
of each at a time, so that all cases of the shipped packs run only as often as the richest requirement has mutants.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

from auditor.authoring.cases import placed_cases
from auditor.authoring.cases_run import Placed, run
from auditor.measures.condition import Compare, Lead
from auditor.measures.subjects import InnerMust
from auditor.model.requirement import Pack, Requirement, Threshold
from auditor.packs.load import packs_shipped
from auditor.tables.declaration import load_declaration

ROOT = Path(__file__).parents[1]
FLIPPED = {">=": "<=", ">": "<=", "<=": ">=", "<": ">=", "==": ">=", "between": ">="}


@dataclass(frozen=True)
class Mutant:
    """A requirement with one comparison or number changed, and what was changed."""

    requirement: Requirement
    change: str


def mutants(requirement: Requirement) -> Iterator[Mutant]:
    """Yield every mutant of a requirement."""
    # The threshold beside conditions on a subject's own row is not read: a subject keeps them or not.
    if requirement.threshold and not isinstance(getattr(requirement.measure, "inner", None), InnerMust):
        for threshold, change in _thresholds(
            requirement.threshold, share=requirement.measure.shape == "share"
        ):
            yield Mutant(requirement.model_copy(update={"threshold": threshold}), f"threshold: {change}")
    for measure, change in _measures(requirement.measure):
        yield Mutant(requirement.model_copy(update={"measure": measure}), change)


def _thresholds(threshold: Threshold, *, share: bool) -> Iterator[tuple[Threshold, str]]:
    low, high, flipped = threshold.low, threshold.high, FLIPPED[threshold.op]
    value = low if threshold.op == "between" else threshold.value
    yield threshold.model_copy(update={"op": flipped, "value": value}), f"{threshold.op} -> {flipped}"
    if low is None or high is None or threshold.dated:
        return
    step = Decimal("0.01") if share else Decimal(1)
    for by in (step, -step):
        if threshold.op != "between" and low + by >= 0 and not (share and low + by > 1):
            yield threshold.model_copy(update={"value": low + by}), f"{low} -> {low + by}"
        elif threshold.op == "between":
            yield (
                threshold.model_copy(update={"value": (low + by, high)}),
                f"{low} … {high} -> {low + by} … {high}",
            )
            yield (
                threshold.model_copy(update={"value": (low, high + by)}),
                f"{low} … {high} -> {low} … {high + by}",
            )


def _measures(measure: Any) -> Iterator[tuple[Any, str]]:
    for key in ("where", "must"):
        for at, each in enumerate(getattr(measure, key, ())):
            for changed, change in _parts(each):
                parts = getattr(measure, key)
                kept = (*parts[:at], changed, *parts[at + 1 :])
                yield measure.model_copy(update={key: kept}), f"{key}: {change}"
    for key in ("subjects", "inner"):
        inside = getattr(measure, key, None)
        for changed, change in _measures(inside) if inside is not None else ():
            yield measure.model_copy(update={key: changed}), f"{key}.{change}"


def _parts(part: Any) -> Iterator[tuple[Any, str]]:
    """Yield a filter or condition with its comparison flipped, and with its number a step up and down."""
    op = getattr(part, "op", None)
    if op in FLIPPED:
        flipped = "<" if op == "==" and _is_ordered(part) else FLIPPED[op]
        if op != "==" or _is_ordered(part):
            yield part.model_copy(update={"op": flipped}), f"{_name(part)} {op} -> {flipped}"
        elif isinstance(part, Compare) and isinstance(part.value, bool):
            yield part.model_copy(update={"value": not part.value}), f"{_name(part)} == {part.value} -> not"
    number = getattr(part, "value", None)
    if (
        isinstance(part, Compare | Lead)
        and isinstance(number, int | Decimal)
        and not isinstance(number, bool)
    ):
        for by in (1, -1):
            yield part.model_copy(update={"value": number + by}), f"{_name(part)} {number} -> {number + by}"
    values = getattr(part, "values", ())
    if op in (">=", ">", "<=", "<") and len(values) == 1 and isinstance(values[0], int | Decimal):
        for by in (1, -1):
            yield (
                part.model_copy(update={"values": (values[0] + by,)}),
                f"{_name(part)} {values[0]} -> {values[0] + by}",
            )


def _is_ordered(part: Any) -> bool:
    value = getattr(part, "value", None)
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _name(part: Any) -> str:
    return str(getattr(part, "column", None) or "lead")


def survivors(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the mutants of the packs that no case notices: requirement and change."""
    declaration = load_declaration()
    cases = list(placed_cases(names, ROOT, declaration))
    requirements = {each.requirement.id: each.requirement for each in cases}
    alive: list[tuple[str, str]] = []
    rounds = zip_longest(*(list(mutants(each)) for each in requirements.values()))
    for tried in rounds:
        chosen = {each.requirement.id: each for each in tried if each}
        results = run(list(_mutated(cases, chosen)), declaration)
        noticed = {each.placed.requirement.id for each in results if each.differences}
        alive += [
            (each.requirement.id, each.change)
            for each in chosen.values()
            if each.requirement.id not in noticed
        ]
    return sorted(alive)


def _mutated(cases: Sequence[Placed], chosen: Mapping[str, Mutant]) -> Iterator[Placed]:
    """Yield the cases of the requirements chosen, over packs in which these are mutants."""
    packs: dict[int, Pack] = {}
    for case in cases:
        if case.requirement.id not in chosen:
            continue
        if id(case.pack) not in packs:
            changed = [
                chosen[each.id].requirement if each.id in chosen else each for each in case.pack.requirements
            ]
            packs[id(case.pack)] = case.pack.model_copy(update={"requirements": tuple(changed)})
        yield replace(case, pack=packs[id(case.pack)], requirement=chosen[case.requirement.id].requirement)


if __name__ == "__main__":
    found = survivors(sys.argv[1:] or sorted(packs_shipped()))
    for requirement_id, said in found:
        sys.stdout.write(f"{requirement_id}: {said}\n")
    sys.exit(1 if found else 0)
