"""Boundary cases of each_subject: every subject at the number asked, one a step short, one without anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from fractions import Fraction
from typing import Any

from auditor.authoring.generate_cases_conditions import Conditions
from auditor.authoring.generate_cases_figures import Figures, forecast, meets, plain
from auditor.authoring.generate_cases_frame import Draft, Frame, Tables, makes
from auditor.authoring.generate_cases_rows import CannotMakeError, as_cells
from auditor.authoring.generate_cases_subjects import Over, beside, several
from auditor.measures.each_subject import EachSubject
from auditor.measures.subjects import InnerColumn, InnerCount, InnerMust, InnerSum


@makes("each_subject")
def of_each_subject(frame: Frame) -> Iterator[Draft]:
    """Yield the cases of what every subject must reach."""
    measure = frame.measure
    assert isinstance(measure, EachSubject)
    over = Over(frame, measure)
    if isinstance(measure.inner, InnerMust):
        yield from _of_must(over, measure.inner)
    elif isinstance(measure.inner, InnerColumn):
        yield from _of_column(over, measure.inner)
    else:
        yield from _of_rows(over, measure.inner)


def _missing(missing: int) -> Figures:
    """Return what is wanted where so many subjects miss."""
    if missing:
        return {"verdict": "fail", "value": missing, "shortfall": missing, "reason": "subjects_short"}
    return {"verdict": "pass", "value": 0, "shortfall": None, "reason": "subjects_met"}


def _short(frame: Frame, value: Fraction | int | None) -> bool:
    return value is None or not meets(frame.op, value, frame.low, frame.high)


def _of_rows(over: Over, inner: InnerCount | InnerSum) -> Iterator[Draft]:
    frame, keys = over.frame, over.keys
    step = Fraction(1)
    if isinstance(inner, InnerSum) and frame.table(inner.table).columns[inner.column].type == "number":
        step = Fraction(1, 2)
    enough = _least(frame, step)

    def rows(key: str, value: Fraction, days: list[date] | None = None) -> Tables:
        if not value:
            return {}
        if isinstance(inner, InnerSum):
            cells = {inner.column: plain(value)}
            return {inner.table: over.rows(inner, key, days or over.spread(1), **cells)}
        return {inner.table: over.rows(inner, key, days or over.spread(int(value)))}

    def drafted(note: str, last: Fraction, **more: Any) -> Iterator[Draft]:
        with suppress(CannotMakeError):  # where a filter asks for another number in the column summed
            every = [rows(key, enough) for key in keys[:-1]] + [rows(keys[-1], last)]
            want = _missing(int(_short(frame, last)))
            yield over.drafted(note, want, keys, several(*every), figures={"value": plain(last)}, **more)

    for value in sorted({Fraction(0), *_about(frame, step)}):
        yield from drafted("last_subject" if value else "last_subject_none", value, border=bool(value))
    yield from over.without_subjects(lambda key: rows(key, enough))
    if inner.dated(frame.declaration):
        yield from _days_of_rows(over, inner, enough, rows)
        yield from _half_way(over, enough, rows)


def _least(frame: Frame, step: Fraction) -> Fraction:
    """Return the number that just meets; where only less is asked, the most that does."""
    if frame.op == "<=":
        return frame.high
    return frame.low + step if frame.op == ">" else frame.low


def _about(frame: Frame, step: Fraction) -> list[Fraction]:
    """Return the numbers about every border of what is asked."""
    borders = {_least(frame, step), frame.high if frame.op == "between" else _least(frame, step)}
    return sorted(
        {max(Fraction(0), border + each) for border in borders for each in (-step, Fraction(0), step)}
    )


def _days_of_rows(over: Over, inner: InnerCount | InnerSum, enough: Fraction, rows: Any) -> Iterator[Draft]:
    """Yield rows on the last day of the period and beside it."""
    frame, keys = over.frame, over.keys
    others = [rows(key, enough) for key in keys[:-1]]
    one = Fraction(1) if isinstance(inner, InnerCount) else enough
    rest = enough - one
    for note, day, value in [
        ("last_day", frame.period.last_on, enough),
        *((*each, rest) for each in beside(frame)),
    ]:
        dated = [*over.early(int(rest)), day] if isinstance(inner, InnerCount) else [day]
        if len(set(dated)) < len(dated):
            return
        every = several(*others, rows(keys[-1], enough, dated))
        yield over.drafted(note, _missing(int(_short(frame, value))), keys, every, as_of=frame.after)


def _half_way(over: Over, enough: Fraction, rows: Any) -> Iterator[Draft]:
    """Yield what holds in the middle of the period: every subject with nothing, every subject with enough."""
    frame, keys = over.frame, over.keys
    if frame.days < 2:
        return
    if _short(frame, 0):
        pace = forecast(0, frame.low, frame.gone, frame.days)
        want = {**_missing(len(keys)), "verdict": "pending", "forecast": pace}
        yield over.drafted("half_way", want, keys, figures={"value": 0}, as_of=frame.middle)
    is_count = isinstance(over.measure.inner, InnerCount)
    days = over.early(int(enough) if is_count else 1)
    every = several(*(rows(key, enough, days) for key in keys))
    want = {**_missing(0), "provisional": True}
    yield over.drafted("half_way", want, keys, every, figures={"value": plain(enough)}, as_of=frame.middle)


def _of_column(over: Over, inner: InnerColumn) -> Iterator[Draft]:
    frame, table = over.frame, over.table
    assert table is not None
    step = Fraction(1)
    enough = _least(frame, step)
    for value in (None, *_about(frame, step)):
        subjects = [
            over.subject(key, **{inner.column: number if number is None else plain(number)})
            for key, number in zip(over.keys, (enough, value), strict=True)
        ]
        rows = {table.name: [as_cells(each) for each in subjects]}
        note = "last_subject_none" if value is None else "last_subject"
        said = {"value": "—" if value is None else plain(value)}
        want = _missing(int(_short(frame, value)))
        yield over.drafted(note, want, (), rows, figures=said, border=value is not None)
    yield from over.without_subjects(lambda _: {})


def _of_must(over: Over, inner: InnerMust) -> Iterator[Draft]:
    frame, table = over.frame, over.table
    assert table is not None
    conditions = Conditions(frame, table.name, over.measure.subjects.where, inner.must, None)
    good, others = conditions.good(), conditions.lookups()

    def drafted(note: str, *subjects: dict[str, Any], **more: Any) -> Draft:
        rows = [
            as_cells({**over.subject(key), **_without_owner(row)})
            for key, row in zip(over.keys, subjects, strict=False)
        ]
        missing = sum(bool(conditions.broken(row)) for row in subjects)
        together = several(others, {table.name: rows})
        return over.drafted(note, _missing(missing), (), together, border=True, **more)

    yield drafted("keeps", good, good)
    for columns, row in conditions.bad():
        yield drafted("breaks", good, row, figures={"column": columns})
    yield from over.without_subjects(lambda _: {})


def _without_owner(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("unit_id", "parent_id")}
