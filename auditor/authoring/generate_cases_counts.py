"""Boundary cases of count and sum: one step below, the number asked, one step above; the days at the ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from auditor.authoring.generate_cases_figures import Number, before_the_end, over, plain
from auditor.authoring.generate_cases_frame import BELOW, UNIT, Draft, Frame, makes
from auditor.authoring.generate_cases_rows import CannotMakeError, Row, kept_row, left_out_rows, other_values
from auditor.measures.count import Count
from auditor.measures.sum import Sum


@makes("count")
def of_count(frame: Frame) -> Iterator[Draft]:
    """Yield the cases of a count of rows, or of distinct values."""
    measure = frame.measure
    assert isinstance(measure, Count)
    if measure.dated(frame.declaration) is None:
        yield from _of_stock(frame, measure)
        return
    for value in _about(frame):
        yield from _reached(frame, measure, value)
    yield from _at_the_ends(frame, measure)
    yield from _other_rows(frame, measure)
    yield from _half_way(frame, measure)
    if measure.distinct and measure.distinct != measure.dated(frame.declaration) and frame.days > 1:
        first = _rows(frame, measure, frame.spread(1))[0]
        twice = [{**first, str(measure.dated(frame.declaration)): frame.spread(2)}]
        yield Draft("same_twice", frame.tables({measure.table: twice}), _over(frame, 1))


@makes("sum")
def of_sum(frame: Frame) -> Iterator[Draft]:
    """Yield the cases of a total."""
    measure = frame.measure
    assert isinstance(measure, Sum)
    dated = measure.dated(frame.declaration)
    if dated is None:
        raise CannotMakeError(measure.table)
    step = _step(frame, measure)

    def drafted(note: str, value: Fraction, days: Sequence[date], **more: Any) -> Iterator[Draft]:
        with suppress(CannotMakeError):  # where a filter asks for another number in the column summed
            rows = _portions(frame, measure, dated, value, days)
            yield Draft(note, frame.tables({measure.table: rows}), **more)

    for value in sorted({max(Fraction(0), each) for each in _steps(frame, step)}):
        ends = [frame.period.first_on, frame.period.last_on]
        yield from drafted("number", value, ends, want=_over(frame, value), figures=_said(value), border=True)
    whole = Fraction(max(1, frame.enough))
    for note, day in _beside(frame):
        yield from drafted(note, whole, [day], want=_over(frame, 0), as_of=frame.after)
    if measure.column in {each.column for each in measure.where}:
        return
    blank = frame.dated_rows(measure.table, measure.where, dated, frame.spread(1))
    yield Draft("blank_counts_0", frame.tables({measure.table: blank}), _over(frame, 0))
    for column, row in left_out_rows(frame.table(measure.table), measure.where, blank[0], frame.middle):
        rows = [{**row, measure.column: plain(whole)}]
        yield Draft("left_out", frame.tables({measure.table: rows}), _over(frame, 0), {"column": column})


def _over(frame: Frame, value: Number) -> dict[str, Any]:
    return over(frame.op, value, frame.low, frame.high)


def _said(value: Number) -> dict[str, Any]:
    return {"value": plain(value)}


def _about(frame: Frame) -> list[int]:
    """Return the whole numbers about what is asked, and 0."""
    borders = {int(each) for each in frame.whole} if frame.op != "<=" else {frame.enough}
    return sorted({0} | {max(0, border + step) for border in borders for step in (-1, 0, 1)})


def _steps(frame: Frame, step: Fraction) -> Iterator[Fraction]:
    yield Fraction(0)
    for border in {frame.low, frame.high}:
        yield from (border - step, border, border + step)


def _step(frame: Frame, measure: Sum) -> Fraction:
    return (
        Fraction(1, 2) if frame.table(measure.table).columns[measure.column].type == "number" else Fraction(1)
    )


def _reached(frame: Frame, measure: Count, value: int) -> Iterator[Draft]:
    try:
        rows = _rows(frame, measure, frame.spread(value))
    except CannotMakeError:
        return
    note = "number" if value else "no_row"
    yield Draft(
        note, frame.tables({measure.table: rows}), _over(frame, value), _said(value), border=value > 0
    )


def _rows(frame: Frame, measure: Count, days: Sequence[date], **cells: Any) -> list[Row]:
    """Return one row a day; where distinct values are counted, each with a value of its own."""
    dated = str(measure.dated(frame.declaration))
    table = frame.table(measure.table)
    if (table.key == ("unit_id", dated) or measure.distinct == dated) and len(set(days)) < len(days):
        raise CannotMakeError(dated)
    if measure.distinct in (None, dated):
        return frame.dated_rows(measure.table, measure.where, dated, days, **cells)
    several = other_values(table, measure.where, str(measure.distinct), frame.middle)
    if len(several) < len(days):
        raise CannotMakeError(str(measure.distinct))
    return [
        {
            **frame.dated_rows(measure.table, measure.where, dated, [day], **cells)[0],
            str(measure.distinct): value,
        }
        for day, value in zip(days, several, strict=False)
    ]


def _beside(frame: Frame) -> list[tuple[str, date]]:
    """Return the days beside the period."""
    day = timedelta(days=1)
    return [("day_before", frame.period.first_on - day), ("day_after", frame.period.last_on + day)]


def _at_the_ends(frame: Frame, measure: Count) -> Iterator[Draft]:
    """Yield enough rows of which one lies on the first or the last day, and then beside the period."""
    enough = max(1, frame.enough)
    inside = [each for each in frame.spread(enough + 1) if each != frame.period.first_on][: enough - 1]
    if len(inside) < enough - 1 or len(set(inside)) < len(inside):
        return
    first, last = frame.period.first_on, frame.period.last_on
    for note, day, value in [
        ("first_day", first, enough),
        ("last_day", last, enough),
        *((note, day, enough - 1) for note, day in _beside(frame)),
    ]:
        days = sorted({*(each for each in inside if each != last), day})
        if len(days) < enough:
            continue
        try:
            rows = _rows(frame, measure, days)
        except CannotMakeError:
            return
        yield Draft(note, frame.tables({measure.table: rows}), _over(frame, value), as_of=frame.after)


def _other_rows(frame: Frame, measure: Count) -> Iterator[Draft]:
    """Yield rows that a filter leaves out, and rows of a unit below."""
    row = _rows(frame, measure, frame.spread(1))[0]
    for column, other in left_out_rows(frame.table(measure.table), measure.where, row, frame.middle):
        if column != measure.dated(frame.declaration):
            tables = frame.tables({measure.table: [other]})
            yield Draft("left_out", tables, _over(frame, 0), {"column": column})
    tables = frame.tables({measure.table: [{**row, "unit_id": BELOW}], "units": [frame.below()]})
    if measure.scope == "subtree":
        yield Draft("below_counts", tables, _over(frame, 1))
    else:
        yield Draft("below_not", tables, _over(frame, 0))


def _half_way(frame: Frame, measure: Count) -> Iterator[Draft]:
    """Yield what holds in the middle of the period: without a row, and with as many as are asked."""
    if frame.days < 2:
        return
    for value in sorted({0, frame.enough}):
        days = [frame.period.first_on + timedelta(days=at % frame.gone) for at in range(value)]
        want = before_the_end(frame.op, value, frame.low, frame.high, frame.gone, frame.days)
        try:
            rows = _rows(frame, measure, days)
        except CannotMakeError:
            continue
        yield Draft("half_way", frame.tables({measure.table: rows}), want, _said(value), as_of=frame.middle)


def _portions(frame: Frame, measure: Sum, dated: str, value: Fraction, days: Sequence[date]) -> list[Row]:
    """Return rows that add up to a value, one for each day where it can be divided."""
    if not value:
        return []
    several = sorted(set(days))
    part = Fraction(value // len(several))
    shares = [part] * (len(several) - 1) + [value - part * (len(several) - 1)]
    return [
        row
        for day, share in zip(several, shares, strict=True)
        for row in frame.dated_rows(
            measure.table, measure.where, dated, [day], **{measure.column: plain(share)}
        )
    ]


def _of_stock(frame: Frame, measure: Count) -> Iterator[Draft]:
    """Yield the cases of a count of what is there on the reference day."""
    table = frame.table(measure.table)
    if measure.table == "units" or table.life is None or measure.distinct:
        raise CannotMakeError(measure.table)
    opened, closed = table.life
    row = kept_row(table, measure.where, frame.middle, unit_id=UNIT)
    for value in _about(frame):
        tables = frame.tables({measure.table: [row] * value})
        note = "number" if value else "no_row"
        yield Draft(note, tables, _over(frame, value), _said(value), border=value > 0)
    enough, last, day = max(1, frame.enough), frame.period.last_on, timedelta(days=1)
    for note, life, value in [
        ("closes_last_day", {closed: last}, enough),
        ("closes_before", {closed: last - day}, enough - 1),
        ("opens_last_day", {opened: last}, enough),
        ("opens_after", {opened: last + day}, enough - 1),
    ]:
        rows = [*([row] * (enough - 1)), {**row, **life}]
        yield Draft(note, frame.tables({measure.table: rows}), _over(frame, value), as_of=frame.after)
    for column, other in left_out_rows(table, measure.where, row, frame.middle):
        yield Draft("left_out", frame.tables({measure.table: [other]}), _over(frame, 0), {"column": column})
    if frame.days > 1:
        for value in sorted({0, enough}):
            want = {**_over(frame, value), "provisional": True}
            tables = frame.tables({measure.table: [row] * value})
            yield Draft("half_way", tables, want, _said(value), as_of=frame.middle)
