"""The units in the order of their results: places with ties, and which of them were judged on little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditor.model.finding import UnitResult

RATINGS = ("unqualified", "rectify", "improve", "qualified", "not_rated")
"""The ratings, the worst first."""


@dataclass(frozen=True)
class Ranked:
    """A unit and its place: 1 is the best; units of the same rating and score share one (`is_tied`).

    A unit without a score has no place. `is_little` says that less than half of what applied to it could be judged,
    so that its score says little.
    """

    unit: UnitResult
    place: int | None
    is_tied: bool
    is_little: bool


def ranked(units: Sequence[UnitResult]) -> tuple[Ranked, ...]:
    """Return the units, the worst first: by rating, then by score, then by id."""
    standings = [_standing(each) for each in units]
    scored = [each for each, unit in zip(standings, units, strict=True) if unit.score is not None]
    found = [
        Ranked(
            unit=unit,
            place=None if unit.score is None else 1 + sum(other > own for other in scored),
            is_tied=unit.score is not None and scored.count(own) > 1,
            is_little=2 * unit.judged < unit.applicable,
        )
        for unit, own in zip(units, standings, strict=True)
    ]
    return tuple(sorted(found, key=lambda each: (*_standing(each.unit), each.unit.unit_id)))


def _standing(unit: UnitResult) -> tuple[int, Decimal]:
    return RATINGS.index(unit.rating), Decimal(101) if unit.score is None else unit.score
