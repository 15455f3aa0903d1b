"""Findings -> the lines of a table of points: how far each judged period misses what was asked, or is beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from auditor.engines.duckdb import DuckDBEngine
from auditor.judge.findings import stream_marks
from auditor.judge.score import Mark, line_of_points
from auditor.model.finding import ScoreLine
from auditor.model.measurement import Measurement
from auditor.model.requirement import Requirement
from auditor.model.scoring import Score

Lines = Mapping[tuple[str, int], ScoreLine]
"""The line of each unit and requirement (by its number) of which something was judged."""


class _Judged(NamedTuple):
    """A finding as `stream_marks` gives it, behind its unit and number."""

    passed: bool
    waived: bool
    shortfall: Decimal | None
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    low: Decimal | None
    high: Decimal | None
    wanted: int | None
    scale: int | None


def lines_of_points(by_number: Mapping[int, Measurement], engine: DuckDBEngine) -> Lines:
    """Return the lines of every requirement that its pack gives points."""
    found: dict[tuple[str, int], ScoreLine] = {}
    for (unit_id, number), rows in groupby(stream_marks(engine), key=lambda row: (row[0], row[1])):
        requirement = by_number[number].requirement
        asked = requirement.score
        if asked is not None:
            marks = [_mark(_Judged(*row[2:]), requirement, asked) for row in rows]
            found[unit_id, number] = line_of_points(requirement.id, asked, marks)
    return found


def _mark(each: _Judged, requirement: Requirement, asked: Score) -> Mark:
    per = asked.deduct.per if asked.deduct else Decimal(1)
    off = None if each.shortfall is None else Fraction(each.shortfall)
    if _is_percentage(per, requirement) and off is not None:
        off = abs(_share_off(each))
    beyond = asked.bonus.per if asked.bonus else Decimal(1)
    return Mark(each.passed, each.waived, off, _over(each, beyond, requirement))


def _over(each: _Judged, per: Decimal, requirement: Requirement) -> Fraction | None:
    """Return how far a value is beyond what was asked; a share in percentage points, or in its numerator."""
    if requirement.measure.shape == "share":
        if each.denominator is None or each.scale is None:
            return None
        off = _share_off(each)
        return off if _is_percentage(per, requirement) else off * each.denominator
    if each.value is None or each.low is None:
        return None
    return Fraction(each.value) - Fraction(each.low)


def _share_off(each: _Judged) -> Fraction:
    """Return the share less what was asked."""
    assert each.denominator
    assert each.scale
    return Fraction(each.numerator or 0, each.denominator) - Fraction(each.wanted or 0, each.scale)


def _is_percentage(per: Decimal, requirement: Requirement) -> bool:
    """Return whether a step is counted in percentage points: of a share, where it is less than one."""
    return requirement.measure.shape == "share" and per < 1
