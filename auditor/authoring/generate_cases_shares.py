"""Boundary cases of a ratio: exactly the share asked, one below, one above; no row, nothing to divide by, a blank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

from auditor.authoring.generate_cases_figures import share, six_decimals
from auditor.authoring.generate_cases_frame import BELOW, Draft, Frame, makes
from auditor.authoring.generate_cases_rows import Row, left_out_rows
from auditor.measures.ratio import Ratio

BASE = (40, 100)
"""The ratio of the period before, where it is what is asked."""


@makes("ratio")
def of_ratio(frame: Frame) -> Iterator[Draft]:
    """Yield the cases of a ratio."""
    measure = frame.measure
    assert isinstance(measure, Ratio)
    asked, base = _asked(frame), _base(frame, measure)
    denominator = (
        max(each for each in (asked.denominator * k for k in range(1, 21)) if each <= 20)
        if (asked.denominator <= 20)
        else asked.denominator
    )
    exact = {">=": ceil, ">": floor, "<=": floor}[frame.op](asked * denominator)
    for numerator in (exact - 1, exact, exact + 1):
        if 0 <= numerator <= denominator:
            rows = [*base, _row(frame, measure, frame.middle, numerator, denominator)]
            want = share(frame.op, numerator, denominator, asked)
            said = {"numerator": numerator, "denominator": denominator}
            yield Draft("share", frame.tables({measure.table: rows}), want, said, border=True)
    enough = exact + 1 if frame.op == ">" else exact
    yield from _no_value(frame, measure, base)
    yield from _beside(frame, measure, enough, denominator, base, asked)
    if frame.requirement.threshold and frame.requirement.threshold.standard == "previous":
        yield from _no_base(frame, measure, enough, denominator)


def _asked(frame: Frame) -> Fraction:
    return Fraction(*BASE) if frame.asked is None else frame.low


def _base(frame: Frame, measure: Ratio) -> list[Row]:
    """Return the row of the period before, where that is what is asked."""
    before = frame.before() if frame.asked is None else None
    return [_row(frame, measure, before.last_on, *BASE)] if before else []


def _row(frame: Frame, measure: Ratio, day: date, numerator: int | None, denominator: int | None) -> Row:
    dated = str(measure.dated(frame.declaration))
    cells = {measure.numerator: numerator, measure.denominator: denominator}
    return {**frame.dated_rows(measure.table, measure.where, dated, [day])[0], **cells}


def _no_value(frame: Frame, measure: Ratio, base: list[Row]) -> Iterator[Draft]:
    """Yield what gives no value: no row, a blank, a denominator of 0."""
    # The latest row is also one from before the period, so that the base itself would be the present.
    before = [] if measure.how == "latest" else base
    nothing = {"verdict": "insufficient_data", "value": None, "reason": "no_rows"}
    yield Draft("no_row", frame.tables({measure.table: before}), nothing)
    for numerator, denominator in ((None, 20), (1, None)):
        row = _row(frame, measure, frame.middle, numerator, denominator)
        column = measure.numerator if numerator is None else measure.denominator
        tables = frame.tables({measure.table: [*before, row]})
        yield Draft("blank", tables, nothing, {"column": column})
    row = _row(frame, measure, frame.middle, 0, 0)
    tables = frame.tables({measure.table: [*base, row]})
    yield Draft("zero_denominator", tables, {**nothing, "reason": "zero_denominator"})


def _beside(
    frame: Frame, measure: Ratio, numerator: int, denominator: int, base: list[Row], asked: Fraction
) -> Iterator[Draft]:
    """Yield a row on the last day, and rows beside the period or of others, which do not count."""
    good = share(frame.op, numerator, denominator, asked)
    nothing: dict[str, Any] = {"verdict": "insufficient_data", "value": None, "reason": "no_rows"}
    last, day = frame.period.last_on, timedelta(days=1)
    row = _row(frame, measure, last, numerator, denominator)
    yield Draft("last_day", frame.tables({measure.table: [*base, row]}), good, as_of=frame.after)
    if base:
        return
    late = _row(frame, measure, last + day, numerator, denominator)
    yield Draft("day_after", frame.tables({measure.table: [late]}), nothing, as_of=frame.after)
    early = _row(frame, measure, frame.period.first_on - day, numerator, denominator)
    want = good if measure.how == "latest" else nothing
    note = "earlier_counts" if measure.how == "latest" else "day_before"
    yield Draft(note, frame.tables({measure.table: [early]}), want)
    other = {**row, "unit_id": BELOW}
    tables = frame.tables({measure.table: [other], "units": [frame.below()]})
    below = measure.scope == "subtree"
    yield Draft("below_counts" if below else "below_not", tables, good if below else nothing)
    for column, left_out in left_out_rows(frame.table(measure.table), measure.where, row, frame.middle):
        tables = frame.tables({measure.table: [left_out]})
        yield Draft("left_out", tables, nothing, {"column": column})
    if frame.days > 1:
        yield from _two_rows(frame, measure, denominator, asked)


def _two_rows(frame: Frame, measure: Ratio, denominator: int, asked: Fraction) -> Iterator[Draft]:
    """Yield two rows: added up, or the later one alone."""
    first, last = frame.period.first_on, frame.period.last_on
    rows = [_row(frame, measure, first, 0, denominator), _row(frame, measure, last, denominator, denominator)]
    pooled = measure.how == "pooled"
    figures = (denominator, 2 * denominator) if pooled else (denominator, denominator)
    note = "rows_pooled" if pooled else "later_row"
    yield Draft(note, frame.tables({measure.table: rows}), share(frame.op, *figures, asked))


def _no_base(frame: Frame, measure: Ratio, numerator: int, denominator: int) -> Iterator[Draft]:
    """Yield a period whose period before has no row."""
    row = _row(frame, measure, frame.middle, numerator, denominator)
    want = {
        "verdict": "insufficient_data", "value": six_decimals(numerator, denominator), "numerator": numerator,
        "denominator": denominator, "reason": "no_base",
    }  # fmt: skip
    yield Draft("no_base", frame.tables({measure.table: [row]}), want)
