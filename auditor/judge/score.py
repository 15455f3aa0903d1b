"""A unit's score, exact up to the rounding (half up to one decimal): by severity, or by the points of a table.

Both are one sum: total x weight gained ÷ weight judged, plus what is added. What was not judged, or failed and is
waived, stands on neither side; several judged periods of a requirement share its weight equally.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from auditor.model.finding import ScoreLine, ScoreSum
from auditor.model.scoring import Bonus, Score, Scoring

WEIGHTS: Mapping[str, int] = {"minor": 1, "major": 3, "veto": 5}
"""The default weight of a requirement, by severity."""

_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Mark:
    """One judged period as a table of points sees it.

    `off` is how far the value misses what was asked, `over` how far it is beyond (None: no number says so), both in
    what a step of the table is counted in: the value's own unit, or a fraction of a share.
    """

    passed: bool
    waived: bool
    off: Fraction | None = None
    over: Fraction | None = None


def score(lines: Iterable[ScoreLine]) -> Decimal | None:
    """Return a unit's score by weights, or None where nothing was judged."""
    return add_up(tuple(lines)).score


def add_up(lines: Sequence[ScoreLine], scoring: Scoring | None = None) -> ScoreSum:
    """Return how lines add up; without `scoring` they weigh by severity, and nothing is added or vetoed."""
    counted = [line for line in lines if line.judged]
    judged = sum((Fraction(line.weight) for line in counted), Fraction(0))
    gained = sum((line.gained for line in counted), Fraction(0))
    bonus = added = sum((line.bonus for line in counted), Decimal(0))
    if scoring and scoring.bonus_ceiling is not None:
        bonus = min(bonus, scoring.bonus_ceiling)
    total = scoring.total if scoring else _HUNDRED
    reached = _one_decimal(Fraction(total) * gained / judged + Fraction(bonus)) if judged else None
    vetoed_by = tuple(line.requirement_id for line in lines if line.is_veto)
    return ScoreSum(
        by="points" if scoring else "weights",
        total=total,
        judged=judged,
        gained=gained,
        bonus=bonus,
        bonus_of_lines=added,
        vetoed_by=vetoed_by,
        before_veto=reached if vetoed_by else None,
        score=Decimal("0.0") if vetoed_by else reached,
    )


def line_of_points(requirement_id: str, asked: Score, marks: Sequence[Mark]) -> ScoreLine:
    """Return a requirement's line in a table of points.

    Every judged period has an equal share of the points and of the cap. A failed one without `deduct` loses its
    share; with it, `each` for every `per` it lacks, one begun counting as a whole, up to its share of the cap.
    """
    judged = [each for each in marks if each.passed or not each.waived]
    steps = [_steps(each.off, asked) for each in judged if not each.passed]
    taken = [_taken(each, asked, len(judged)) for each in steps]
    extra = sum(_extra(each.over, asked.bonus) for each in judged if each.passed)
    bonus = asked.bonus.each * extra if asked.bonus else Decimal(0)
    deduct = asked.deduct
    return ScoreLine(
        requirement_id=requirement_id,
        weight=asked.points,
        judged=len(judged),
        passed=len(judged) - len(steps),
        waived=len(marks) - len(judged),
        missing=sum(steps) if deduct else 0,
        deducted=sum(taken, Fraction(0)) if deduct else None,
        is_capped=deduct is not None and sum(taken) < Fraction(deduct.each) * sum(steps),
        extra=extra,
        bonus=min(bonus, asked.bonus.ceiling) if asked.bonus else bonus,
        is_veto=asked.veto and bool(steps),
    )


def _steps(off: Fraction | None, asked: Score) -> int:
    """Return how many steps a failed period lacks: at least one, and one begun is one."""
    if asked.deduct is None or off is None:
        return 1
    return max(1, -(-off // Fraction(asked.deduct.per)))


def _taken(steps: int, asked: Score, periods: int) -> Fraction:
    if asked.deduct is None:
        return Fraction(asked.points) / periods
    return min(Fraction(asked.deduct.each) * steps, Fraction(asked.cap) / periods)


def _extra(over: Fraction | None, bonus: Bonus | None) -> int:
    """Return the full steps beyond what was asked."""
    return 0 if bonus is None or over is None or over < 0 else int(over // Fraction(bonus.per))


def _one_decimal(value: Fraction) -> Decimal:
    tenths = (20 * value.numerator + value.denominator) // (2 * value.denominator)
    return (Decimal(tenths) / 10).quantize(Decimal("0.1"), ROUND_HALF_UP)
