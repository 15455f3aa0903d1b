"""Boundary cases of coverage and max_gap: one subject fewer than asked, a stretch one day too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import ceil, floor
from typing import Any

from auditor.authoring.generate_cases_figures import Figures, longest, months_later, over, share
from auditor.authoring.generate_cases_frame import Draft, Frame, Tables, makes
from auditor.authoring.generate_cases_subjects import Over, beside, several
from auditor.measures.coverage import Coverage
from auditor.measures.max_gap import MaxGap
from auditor.measures.subjects import InnerCount, InnerSum

_FEWEST, _MOST = 2, 20
"""Subjects of a case: as many as make the share asked a whole number of them, in these bounds."""


@makes("coverage")
def of_coverage(frame: Frame) -> Iterator[Draft]:
    """Yield the cases of the share of subjects that have a row."""
    measure = frame.measure
    assert isinstance(measure, Coverage)
    subjects = Over(frame, measure)
    number = min(max(_FEWEST, frame.low.denominator), _MOST)
    keys = measure.subjects.values or tuple(f"S{at}" for at in range(1, number + 1))
    reached = frame.low * len(keys)
    least = floor(reached) + 1 if frame.op == ">" else ceil(reached)

    def rows(key: str, day: date | None = None) -> Tables:
        days = [day or frame.period.first_on]
        return {measure.inner.table: subjects.rows(measure.inner, key, days, **_number_of(measure.inner))}

    def drafted(note: str, covered: int, also: Figures | None = None, **more: Any) -> Draft:
        want = share(frame.op, covered, len(keys), frame.low)
        every = several(*(rows(key) for key in keys[:covered]), *more.pop("rows", ()))
        said = {"numerator": covered, "denominator": len(keys)}
        return subjects.drafted(note, {**want, **(also or {})}, keys, every, figures=said, **more)

    for covered in sorted({0, least - 1, least, min(least + 1, len(keys))}):
        yield drafted("covered", covered, border=covered > 0)
    yield from subjects.without_subjects(rows)
    if not measure.inner.dated(frame.declaration):
        return
    on_last_day = [rows(keys[0], frame.period.last_on), *(rows(key) for key in keys[1:least])]
    want = share(frame.op, least, len(keys), frame.low)
    yield subjects.drafted("last_day", want, keys, several(*on_last_day), as_of=frame.after)
    for note, day in beside(frame):
        yield drafted(note, least - 1, rows=[rows(keys[least - 1], day)], as_of=frame.after)
    if frame.days > 1:
        # A subject owes one row until the end, so that none is behind its own pace before.
        pace = "on_track" if 10 * frame.gone < 9 * frame.days else "at_risk"
        before = {"verdict": "pending", "forecast": pace}
        yield drafted("half_way_share", 0, also=before, as_of=frame.middle)
        yield drafted("half_way_share", least, also={"provisional": True}, as_of=frame.middle)


def _number_of(inner: InnerCount | InnerSum) -> dict[str, int]:
    """Return a number for the column summed: a row covers whatever it is, where the filters do not ask for one."""
    if isinstance(inner, InnerSum) and not any(each.column == inner.column for each in inner.where):
        return {inner.column: 0}
    return {}


@makes("max_gap")
def of_max_gap(frame: Frame) -> Iterator[Draft]:
    """Yield the cases of the longest stretch: exactly as long as is allowed, and one day longer."""
    measure = frame.measure
    assert isinstance(measure, MaxGap)
    subjects = Over(frame, measure)
    first, last = frame.period.first_on, frame.period.last_on
    just = _marks(measure, first, last, int(frame.high))

    def rows(key: str, days: Sequence[date]) -> Tables:
        return {measure.inner.table: subjects.rows(measure.inner, key, days)} if days else {}

    def drafted(note: str, days: list[date], **more: Any) -> Draft:
        every = [rows(key, just) for key in subjects.keys[:-1]] + [rows(subjects.keys[-1], days)]
        counted = [day for day in days if first <= day <= last]
        worst = max(longest(each, first, last, measure.step) for each in (just, counted))
        want = over("<=", worst, frame.high, frame.high)
        return subjects.drafted(note, want, subjects.keys, several(*every), figures={"value": worst}, **more)

    yield drafted("stretch", just, border=True)
    if just:
        later = [
            just[0] + timedelta(days=1),
            *_marks(measure, just[0] + timedelta(days=1), last, int(frame.high)),
        ]
        yield drafted("stretch_day_more", [day for day in later if day <= last], border=True)
        # The stretch before the end, where only a row after the period would close it.
        short = [*just[:-1], last + timedelta(days=1)]
        yield drafted("day_after", short, as_of=frame.after)
    yield drafted("last_subject_none", [])
    yield from subjects.without_subjects(lambda key: rows(key, just))


def _marks(measure: MaxGap, first: date, last: date, most: int) -> list[date]:
    """Return days from the first, each as late as is allowed, until the last is near enough."""
    found: list[date] = []
    day = first
    while longest([], day, last, measure.step) > most:
        day = months_later(day, most) if measure.step == "months" else day + timedelta(days=most)
        found.append(day)
    return found
