"""Boundary cases of each_record: a record that just keeps every condition, and for each one that breaks it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from auditor.authoring.generate_cases_conditions import Conditions
from auditor.authoring.generate_cases_frame import Draft, Frame, makes
from auditor.authoring.generate_cases_rows import Row, left_out_rows
from auditor.measures.each_record import EachRecord

NO_RECORDS = {"verdict": "not_applicable", "value": None, "reason": "no_records"}


@makes("each_record")
def of_each_record(frame: Frame) -> Iterator[Draft]:
    """Yield the cases of conditions on records."""
    measure = frame.measure
    assert isinstance(measure, EachRecord)
    dated = str(measure.dated(frame.declaration))
    conditions = Conditions(frame, measure.table, measure.where, measure.must, dated)
    good = conditions.good()

    def drafted(note: str, *rows: Row, **more: Any) -> Draft:
        tables = frame.tables({**conditions.lookups(), measure.table: rows})
        return Draft(note, tables, _judged(conditions, rows), border=True, **more)

    yield drafted("keeps", good)
    for columns, row in conditions.bad():
        yield drafted("breaks", good, row, figures={"column": columns})
    for keeps, row in conditions.on_worked_weekend():
        yield drafted("weekend_keeps" if keeps else "weekend_breaks", row, figures={"value": row[dated]})
    yield Draft("no_row", frame.tables(conditions.lookups()), NO_RECORDS)
    yield from _that_do_not_count(frame, measure, conditions, good)
    if frame.days > 1:
        want = {**_judged(conditions, [good]), "provisional": True}
        tables = frame.tables({**conditions.lookups(), measure.table: [good]})
        if good[dated] <= frame.middle:
            yield Draft("half_way", tables, want, {"value": 0}, as_of=frame.middle)


def _that_do_not_count(
    frame: Frame, measure: EachRecord, conditions: Conditions, good: Row
) -> Iterator[Draft]:
    """Yield records beside the period, and records that a filter leaves out."""
    dated, day = str(measure.dated(frame.declaration)), timedelta(days=1)
    for note, beside in (
        ("day_before", frame.period.first_on - day),
        ("day_after", frame.period.last_on + day),
    ):
        tables = frame.tables({**conditions.lookups(), measure.table: [{**good, dated: beside}]})
        yield Draft(note, tables, NO_RECORDS, as_of=frame.after)
    for column, row in left_out_rows(frame.table(measure.table), measure.where, good, frame.middle):
        if column != dated:
            tables = frame.tables({**conditions.lookups(), measure.table: [row]})
            yield Draft("left_out", tables, NO_RECORDS, {"column": column})


def _judged(conditions: Conditions, rows: Sequence[Row]) -> dict[str, Any]:
    """Return what is wanted of records: how many break a condition, and whether another reading turns the verdict."""
    broken = _broken(conditions, rows, "days")
    found: dict[str, Any] = {"verdict": "pass", "value": 0, "shortfall": None, "reason": "no_breach"}
    if broken:
        found = {"verdict": "fail", "value": broken, "shortfall": broken, "reason": "rows_in_breach"}
    if conditions.has_lead:
        others = [_broken(conditions, rows, reading) for reading in ("both", "neither")]
        found["borderline"] = any((other == 0) != (broken == 0) for other in others)
    return found


def _broken(conditions: Conditions, rows: Sequence[Row], reading: str) -> int:
    return sum(bool(conditions.broken(row, reading)) for row in rows)
