"""The same duty in several documents: which requirements bind a unit at once, and the strictest of them.

Requirements that carry the same `duty` slug word one duty. Every one of them is judged; the reports name the one
that asks most. To keep it is not always to keep the others: thirteen in a year may all lie in one month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from auditor.model.audit import Duty
from auditor.model.requirement import PeriodKind, Requirement

_A_YEAR: Mapping[PeriodKind, int] = {
    "year": 1, "academic_year": 1, "stage": 1, "half_year": 2, "semester": 2, "quarter": 4, "month": 12, "week": 52,
}  # fmt: skip
"""How often a period comes in a year: twice a month is more than twelve a year."""

UnitOwing = tuple[str, str, str | None]
"""A unit's id, its type, and its tags as the tables hold them."""


def shared_duties(requirements: Sequence[Requirement], units: Iterable[UnitOwing]) -> tuple[Duty, ...]:
    """Return each duty that binds units by more than one requirement, with those units and the strictest.

    Units bound by the same requirements stand together. Sorted by duty and requirements.
    """
    of_duty: dict[str, list[Requirement]] = defaultdict(list)
    for each in requirements:
        if each.duty:
            of_duty[each.duty].append(each)
    several = {duty: group for duty, group in of_duty.items() if len(group) > 1}
    bound: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for unit_id, unit_type, tags in units if several else ():
        for duty, group in several.items():
            ids = tuple(sorted(each.id for each in group if each.applies_to.binds(unit_type, tags)))
            if len(ids) > 1:
                bound[duty, ids].append(unit_id)
    by_id = {each.id: each for each in requirements}
    return tuple(
        Duty(duty, ids, strictest([by_id[each] for each in ids]), tuple(sorted(unit_ids)))
        for (duty, ids), unit_ids in sorted(bound.items())
    )


def strictest(requirements: Sequence[Requirement]) -> tuple[str, ...]:
    """Return the ids of the requirements than which none of the others is stricter.

    Several, where they ask the same or cannot be compared.
    """
    return tuple(
        each.id for each in requirements if not any(is_stricter(other, each) for other in requirements)
    )


def is_stricter(one: Requirement, other: Requirement) -> bool:
    """Return whether the one asks more than the other.

    Numbers of the same kind of measure are compared as what they come to in a year, shares as they are, records
    by their conditions. What cannot be compared is not stricter.
    """
    if one.measure.kind != other.measure.kind:
        return False
    if one.measure.shape == "breaches":
        return _covers(one, other) and not _covers(other, one)
    here, there = _asked(one), _asked(other)
    if here is None or there is None or here[0] != there[0]:
        return False
    return here[1] < there[1] if here[0] == "<=" else here[1] > there[1]


def _asked(requirement: Requirement) -> tuple[str, Decimal] | None:
    """Return the operator and the number a requirement asks for in a year; None where it names no one number."""
    threshold = requirement.threshold
    if threshold is None or threshold.standard != "number" or threshold.op not in (">=", ">", "<="):
        return None
    assert threshold.low is not None
    adds_up = requirement.measure.kind in ("count", "sum", "deadline") and threshold.op != "<="
    return threshold.op, threshold.low * (_A_YEAR[requirement.period] if adds_up else 1)


def _covers(one: Requirement, other: Requirement) -> bool:
    """Return whether the conditions of the one hold all those of the other, each at least as high."""
    mine, theirs = (getattr(each.measure, "must", ()) for each in (one, other))
    return all(any(_implies(own, wanted) for own in mine) for wanted in theirs)


def _implies(own: Any, wanted: Any) -> bool:
    if own == wanted:
        return True
    mine, theirs = own.model_dump(), wanted.model_dump()
    if mine.get("op") != ">=" or not isinstance(mine.get("value"), int | Decimal):
        return False
    alike = {**mine, "value": None} == {**theirs, "value": None}
    return alike and isinstance(theirs["value"], int | Decimal) and bool(mine["value"] >= theirs["value"])
