"""The score: 100 x weight passed ÷ weight judged, rounded half up to one decimal; exact up to the rounding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from auditor.model.finding import ScoreLine

WEIGHTS: Mapping[str, int] = {"minor": 1, "major": 3, "veto": 5}
"""The default weight of a requirement, by severity."""


def score(lines: Iterable[ScoreLine]) -> Decimal | None:
    """Return a unit's score, or None where nothing was judged.

    Each requirement's weight is shared equally among its judged periods; a waived fail is neither judged nor
    passed here.
    """
    judged = passed = Fraction(0)
    for line in lines:
        if line.judged:
            judged += line.weight
            passed += Fraction(line.weight * line.passed, line.judged)
    return None if not judged else _one_decimal(100 * passed / judged)


def _one_decimal(value: Fraction) -> Decimal:
    tenths = (20 * value.numerator + value.denominator) // (2 * value.denominator)
    return (Decimal(tenths) / 10).quantize(Decimal("0.1"), ROUND_HALF_UP)
