"""Boundary cases of deadline and attest: on the due date and the day after; yes, no and nobody asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from auditor.authoring.generate_cases_figures import before_the_end, over
from auditor.authoring.generate_cases_frame import BELOW, UNIT, Draft, Frame, makes
from auditor.authoring.generate_cases_rows import left_out_rows
from auditor.measures.attest import TABLE as ATTESTATIONS
from auditor.measures.deadline import Deadline


@makes("deadline")
def of_deadline(frame: Frame) -> Iterator[Draft]:
    """Yield the cases of a due date: the ends of its window and the days beside them."""
    measure = frame.measure
    assert isinstance(measure, Deadline)
    dated, day = str(measure.dated(frame.declaration)), timedelta(days=1)
    first, last = frame.period.first_on, frame.period.last_on

    def drafted(note: str, days: list[date], value: int) -> Draft:
        rows = frame.dated_rows(measure.table, measure.where, dated, days)
        want = over(">=", value, 1, 1)
        return Draft(note, frame.tables({measure.table: rows}), want, as_of=frame.after, border=bool(days))

    yield drafted("on_due_date", [last], 1)
    yield drafted("after_due_date", [last + day], 0)
    yield drafted("first_day", [first], 1)
    yield drafted("day_before", [first - day], 0)
    yield drafted("no_row", [], 0)
    if frame.days > 1:
        yield drafted("two_rows", [first, last], 1)
        want = before_the_end(">=", 0, 1, 1, frame.gone, frame.days)
        yield Draft("half_way", frame.tables(), want, {"value": 0}, as_of=frame.middle)
    row = frame.dated_rows(measure.table, measure.where, dated, [last])[0]
    for column, other in left_out_rows(frame.table(measure.table), measure.where, row, frame.middle):
        tables = frame.tables({measure.table: [other]})
        yield Draft("left_out", tables, over(">=", 0, 1, 1), {"column": column})
    tables = frame.tables({measure.table: [{**row, "unit_id": BELOW}], "units": [frame.below()]})
    below = measure.scope == "subtree"
    yield Draft("below_counts" if below else "below_not", tables, over(">=", int(below), 1, 1))


@makes("attest")
def of_attest(frame: Frame) -> Iterator[Draft]:
    """Yield the cases of an answer: each answer, none, the latest of two, and for which period it is."""
    last, day = frame.period.last_on, timedelta(days=1)
    none = {"verdict": "insufficient_data", "value": None, "reason": "not_attested"}

    def drafted(note: str, want: dict[str, Any], *answers: dict[str, Any], **more: Any) -> Draft:
        named = {"unit_id": UNIT, "requirement_id": frame.requirement.id}
        return Draft(
            note, frame.tables({ATTESTATIONS: [{**named, **each} for each in answers]}), want, **more
        )

    for answer in _ANSWERS:
        given: dict[str, Any] = {"checked_on": last, "answer": answer}
        yield drafted("answer", _answered(answer), given, figures={"value": answer}, border=True)
    yield drafted("no_row", none)
    want: dict[str, Any]
    if frame.days > 1:
        first = {"checked_on": frame.period.first_on, "answer": "no"}
        yield drafted("later_answer", _answered("yes"), first, {"checked_on": last, "answer": "yes"})
        want = {"verdict": "pending", "value": None, "reason": "not_attested"}
        yield drafted("half_way", want, figures={"value": "—"}, as_of=frame.middle)
        want = {**_answered("no"), "provisional": True}
        yield drafted("half_way", want, first, figures={"value": "no"}, as_of=frame.middle)
    late = {"checked_on": last + day, "answer": "yes"}
    yield drafted("day_after", none, late, as_of=frame.after)
    named = {**late, "for_period": frame.period.label}
    yield drafted("names_period", _answered("yes"), named, as_of=frame.after)


_ANSWERS = {"yes": "pass", "no": "fail", "not_applicable": "not_applicable"}


def _answered(answer: str) -> dict[str, Any]:
    return {"verdict": _ANSWERS[answer], "value": answer, "reason": f"attested_{answer}"}
