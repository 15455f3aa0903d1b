"""The verdict table of the design's section 4, line by line: the first line that fits decides."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from .conditions import lack_of
from .measuring import Cell, Measurement, Number, Threshold, date_column


@dataclass(frozen=True)
class Judged:
    """A verdict with its reason and what goes with it."""

    verdict: str
    reason: str
    provisional: bool = False
    forecast: str | None = None
    shortfall: Number | None = None


def is_standing(cell: Cell) -> bool:
    """Say whether a measure only reads a state."""
    measure = cell.measure
    match measure["kind"]:
        case "count":
            return date_column(measure) is None
        case "ratio":
            return bool(measure["how"] == "latest")
        case "coverage":
            return date_column(measure["inner"]) is None
        case "each_subject":
            return "kind" not in measure["inner"]
    return False


def judge(cell: Cell, measured: Measurement) -> Judged:
    """Return the verdict of a measurement; effective dates, the unit's life and the tables are settled."""
    kind = cell.measure["kind"]
    is_over = cell.period.is_over(cell.as_of)
    if kind == "attest":
        return judge_attest(measured.answer, is_over)
    if measured.nothing in ("no_records", "no_subjects"):
        return judge_nothing(cell, measured)
    if measured.value is None:
        assert measured.nothing is not None
        may_come = cell.measure["how"] in ("pooled", "latest_in_period") and not is_over
        return Judged("pending" if may_come else "insufficient_data", measured.nothing)
    if is_standing(cell):
        return judge_standing(cell, measured, is_over)
    if kind in ("each_record", "max_gap"):
        return judge_what_only_grows(cell, measured, is_over)
    if kind == "ratio":
        return judge_ratio(cell, measured, is_over)
    if kind in ("each_subject", "coverage"):
        return judge_subjects(cell, measured, is_over)
    return judge_flow(cell, measured, is_over)


def judge_attest(answer: str | None, is_over: bool) -> Judged:
    """Judge an answer: yes passes, no fails, both provisional before the end."""
    match answer:
        case "yes":
            return Judged("pass", "attested_yes", provisional=not is_over)
        case "no":
            return Judged("fail", "attested_no", provisional=not is_over)
        case "not_applicable":
            return Judged("not_applicable", "attested_not_applicable")
    return Judged("insufficient_data" if is_over else "pending", "not_attested")


def judge_nothing(cell: Cell, measured: Measurement) -> Judged:
    """Judge a measure that found no row or no subject to look at."""
    measured.value = None
    if measured.nothing == "no_records":
        return Judged("not_applicable", "no_records")
    return Judged(cell.measure.get("when_no_subjects", "not_applicable"), "no_subjects")


def shortfall_of(cell: Cell, measured: Measurement) -> Number | None:
    """Return how far the value is off, where the threshold is not met."""
    value = measured.value
    assert value is not None
    if cell.measure["kind"] == "each_subject":
        return value or None
    threshold = Threshold.of(cell.requirement)
    if threshold.is_met(value):
        return None
    if cell.measure["kind"] not in ("ratio", "coverage"):
        return lack_of(threshold.op, threshold.value, value, measured.is_whole)
    assert measured.numerator is not None
    assert measured.denominator is not None
    if threshold.op == "between":
        wanted = threshold.value[0] if threshold.is_below(value) else threshold.value[1]
    else:
        wanted = threshold.value
    # The least whole number to add to the numerator (or, above the threshold, to take from it).
    missing = abs(Fraction(wanted) * Fraction(measured.denominator) - Fraction(measured.numerator))
    return math.floor(missing) + 1 if threshold.op == ">" else math.ceil(missing)


def reason_of(cell: Cell, measured: Measurement) -> str:
    """Return the code that says why, from the value alone."""
    value = measured.value
    assert value is not None
    threshold = Threshold.of(cell.requirement)
    if cell.measure["kind"] == "each_subject":
        return "subjects_short" if value else "subjects_met"
    if cell.measure["kind"] == "each_record":
        return "no_breach" if threshold.is_met(value) else "rows_in_breach"
    if threshold.is_met(value):
        return "met"
    if threshold.op == "==":
        return "not_equal"
    return "below_threshold" if threshold.is_below(value) else "above_threshold"


def is_met(cell: Cell, measured: Measurement) -> bool:
    """Say whether the threshold is met; for subjects, whether none misses."""
    assert measured.value is not None
    if cell.measure["kind"] == "each_subject":
        return measured.value == 0
    return Threshold.of(cell.requirement).is_met(measured.value)


def judged(
    cell: Cell, measured: Measurement, verdict: str, provisional: bool = False, forecast: str | None = None
) -> Judged:
    """Return a verdict with the reason and the shortfall that follow from the value."""
    reason, shortfall = reason_of(cell, measured), shortfall_of(cell, measured)
    return Judged(verdict, reason, provisional, forecast, shortfall)


def is_on_pace(cell: Cell, value: Number) -> bool:
    """Say whether a value is not behind: threshold x days gone / days, rounded down to a whole step."""
    gone, days = cell.period.days_gone(cell.as_of), cell.period.days()
    # A subject of a coverage owes one row, whatever share of the subjects is asked.
    owed = 1 if cell.measure["kind"] == "coverage" else Threshold.of(cell.requirement).low
    pace = math.floor(Fraction(owed) * gone / days)
    return value >= pace


def forecast_of(cell: Cell, values: list[Number]) -> str:
    """Return on_track while less than nine tenths of the days are gone and no value is behind its pace."""
    gone, days = cell.period.days_gone(cell.as_of), cell.period.days()
    is_early = 10 * gone < 9 * days
    return "on_track" if is_early and all(is_on_pace(cell, value) for value in values) else "at_risk"


def judge_flow(cell: Cell, measured: Measurement, is_over: bool) -> Judged:
    """Judge a count or sum of a flow."""
    value, threshold = measured.value, Threshold.of(cell.requirement)
    assert value is not None
    if threshold.op in (">=", ">"):
        if threshold.is_met(value):
            return judged(cell, measured, "pass")
        return judge_flow_below(cell, measured, is_over)
    if threshold.op == "<=":
        if not threshold.is_met(value):
            return judged(cell, measured, "fail")
        return judged(cell, measured, "pass", provisional=not is_over)
    if threshold.op not in ("between", "=="):
        raise ValueError(f"no line of the verdict table names {threshold.op}")
    if threshold.is_met(value):
        return judged(cell, measured, "pass", provisional=not is_over)
    if threshold.is_below(value):
        return judge_flow_below(cell, measured, is_over)
    return judged(cell, measured, "fail")


def judge_flow_below(cell: Cell, measured: Measurement, is_over: bool) -> Judged:
    """Judge a count or sum that does not reach its threshold: it may still come, until the end."""
    assert measured.value is not None
    if is_over:
        return judged(cell, measured, "fail")
    return judged(cell, measured, "pending", forecast=forecast_of(cell, [measured.value]))


def judge_what_only_grows(cell: Cell, measured: Measurement, is_over: bool) -> Judged:
    """Judge rows in breach and stretches, which can only become more: fail at once."""
    if not is_met(cell, measured):
        return judged(cell, measured, "fail")
    return judged(cell, measured, "pass", provisional=not is_over)


def judge_standing(cell: Cell, measured: Measurement, is_over: bool) -> Judged:
    """Judge a state: met or not, provisional before the end."""
    return judged(cell, measured, "pass" if is_met(cell, measured) else "fail", provisional=not is_over)


def judge_ratio(cell: Cell, measured: Measurement, is_over: bool) -> Judged:
    """Judge a pooled or latest_in_period ratio."""
    if is_met(cell, measured):
        return judged(cell, measured, "pass", provisional=not is_over)
    if is_over:
        return judged(cell, measured, "fail")
    return judged(cell, measured, "pending", forecast="at_risk")


def judge_subjects(cell: Cell, measured: Measurement, is_over: bool) -> Judged:
    """Judge subjects over a flow."""
    if is_met(cell, measured):
        return judged(cell, measured, "pass", provisional=not is_over)
    if is_over:
        return judged(cell, measured, "fail")
    values = [value for _, value, _ in measured.subjects if value is not None]
    return judged(cell, measured, "pending", forecast=forecast_of(cell, values))
