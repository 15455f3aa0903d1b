"""What would put a finding right: the least change and its last day, or that the day has passed.

It is told for the finding as it stands on the as-of day. Where rows are only missing from the tables, to enter them is
always a cure, and is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from auditor.measures.condition import Compare, ExistsIn, Lead, OnWeekday, Present
from auditor.measures.registry import measure_of
from auditor.model.finding import Evidence, Finding, Number
from auditor.model.measurement import Measurement
from auditor.model.requirement import Nature
from auditor.model.trail import Trail
from auditor.periods.workdays import WorkCalendar

SHOWN = 5
"""Rows or subjects whose own cure is told; the others are counted."""


@dataclass(frozen=True)
class Cure:
    """One thing that can be done, or cannot: a code of the texts, and its figures.

    `columns` name columns as (table, column), `evidence` the row it is about.
    """

    code: str
    figures: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    evidence: Evidence | None = None


Days = dict[tuple[str | None, str | None, int | None], dict[str, date]]
"""The days that evidence rows hold, by place and column."""


def cures(
    finding: Finding, measurement: Measurement, trail: Trail, working: WorkCalendar, days: Days
) -> tuple[Cure, ...]:
    """Return what would put a finding right; nothing for one that passed or does not apply."""
    return tuple(_cures(finding, measurement, trail, working, days))


def _cures(
    finding: Finding, measurement: Measurement, trail: Trail, working: WorkCalendar, days: Days
) -> Iterator[Cure]:
    said = _WITHOUT_VALUE.get(finding.reason)
    if finding.verdict in ("pass", "not_applicable"):
        return
    if said:
        tables = {"tables": finding.figures.get("tables", ())}
        yield Cure(said, {**_window(trail), **tables, "requirement_id": finding.requirement_id})
    elif finding.reason == "attested_no":
        yield Cure("check_again", {"period": finding.period})
    elif measurement.requirement.measure.shape == "breaches":
        yield from _of_records(finding, measurement, working, days, trail)
    elif measurement.requirement.measure.kind == "max_gap":
        yield Cure("never", {"value": _plain(finding.shortfall)})
    elif measurement.requirement.measure.shape == "subjects":
        yield from _of_subjects(finding, measurement, trail)
    else:
        yield from _of_number(finding, measurement, trail)


_WITHOUT_VALUE = {
    "table_missing": "supply", "no_target": "set_target", "no_base": "no_base", "not_attested": "check",
    "no_rows": "enter_row", "zero_denominator": "enter_row", "no_subjects": "enter_subjects",
}  # fmt: skip


def _window(trail: Trail) -> dict[str, Any]:
    """Return the days on which it can still be done, and the one on which it ended."""
    return {"first": max(trail.first_on, trail.as_of), "last": trail.last_on, "as_of": trail.as_of}


def _of_number(finding: Finding, measurement: Measurement, trail: Trail) -> Iterator[Cure]:
    """Yield how a count, a total, a due row or a share comes to what is asked."""
    measure: Any = measure_of(measurement.requirement)
    figures = {**_window(trail), "shortfall": _plain(finding.shortfall)}
    columns = {"column": (measure.table, measure.numerator)} if measure.kind == "ratio" else {}
    is_low = finding.reason in ("below_threshold", "not_equal") and not _is_above(finding)
    kind = measure.kind if measure.kind in ("ratio", "coverage", "deadline", "sum") else "rows"
    if measurement.nature is Nature.STANDING and kind == "rows":
        kind = "stock"
    if not is_low and measurement.nature is Nature.FLOW:
        yield Cure("never", {"value": _plain(finding.shortfall)})
        return
    more = f"{kind}_{'more' if is_low else 'fewer'}"
    if kind == "deadline":
        more = "deadline_more"
    if trail.is_over:
        yield Cure("too_late", figures)
        yield Cure(f"{more}.was", figures, columns)
        yield Cure("only_if_missing", figures)
    else:
        yield Cure(more, figures, columns)
        if kind == "coverage":
            yield from _each_missing(finding, trail)


def _is_above(finding: Finding) -> bool:
    asked = finding.threshold
    high = asked.high if asked else None
    return isinstance(finding.value, Number) and high is not None and finding.value > high


def _of_subjects(finding: Finding, measurement: Measurement, trail: Trail) -> Iterator[Cure]:
    over = trail.is_over
    figures = {**_window(trail), "count": _plain(finding.shortfall)}
    if over:
        yield Cure("too_late", figures)
    yield Cure("subjects.was" if over else "subjects", figures)
    yield from _each_missing(finding, trail)
    if over:
        yield Cure("only_if_missing", figures)


def _each_missing(finding: Finding, trail: Trail) -> Iterator[Cure]:
    """Yield each subject that misses with what it lacks."""
    off = [each for each in finding.evidence if each.shortfall is not None]
    for each in off[:SHOWN]:
        figures = {"subject": each.subject, "shortfall": _plain(each.shortfall), "last": trail.last_on}
        yield Cure("subject", figures, evidence=each)
    if len(off) > SHOWN:
        yield Cure("more", {"more": len(off) - SHOWN})


def _of_records(
    finding: Finding, measurement: Measurement, working: WorkCalendar, days: Days, trail: Trail
) -> Iterator[Cure]:
    """Yield for each record in breach which condition could still be kept, and by when."""
    measure: Any = measure_of(measurement.requirement)
    off = [each for each in finding.evidence if each.shortfall is not None]
    for each in off[:SHOWN]:
        key = (each.file, each.sheet, each.row)
        for at in trail.broken.get(key, ()):
            cure = _of_condition(measure.must[at], measure.table, days.get(key, {}), working, trail.as_of)
            if cure:
                yield Cure(cure.code, cure.figures, cure.columns, each)
    if len(off) > SHOWN:
        yield Cure("more", {"more": len(off) - SHOWN})
    yield Cure("only_if_wrong")


def _of_condition(
    condition: Any, table: str, own: dict[str, date], working: WorkCalendar, as_of: date
) -> Cure | None:
    if isinstance(condition, Lead):
        return _of_lead(condition, table, own, working, as_of)
    if isinstance(condition, Present):
        return Cure("fill_in", {}, {"column": (table, condition.column)})
    if isinstance(condition, ExistsIn):
        return Cure("name_existing", {"table": condition.exists_in}, {"column": (table, condition.column)})
    if isinstance(condition, OnWeekday):
        return Cure("other_day", {}, {"column": (table, condition.column)})
    if isinstance(condition, Compare):
        return Cure("change", {"condition": condition}, {"column": (table, condition.column)})
    return None


def _of_lead(
    condition: Lead, table: str, own: dict[str, date], working: WorkCalendar, as_of: date
) -> Cure | None:
    """Return the last safe filing day, and the first day on which the event may be held once it is filed."""
    filed_column, held_column = condition.lead_working_days
    columns = {"filed_column": (table, filed_column), "held_column": (table, held_column)}
    filed, held = own.get(filed_column), own.get(held_column)
    if condition.op != ">=" or held is None:
        return Cure("fill_in", {}, {"column": (table, held_column if held is None else filed_column)})
    last = working.ahead(held, condition.value)
    figures: dict[str, Any] = {"held": held, "filed": filed, "last": last, "value": condition.value}
    if held <= as_of:
        return Cure("lead.was", figures, columns)
    if filed is None and last > as_of:
        return Cure("lead.file", figures, columns)
    begun = filed or as_of
    figures["earliest"] = _first_day(begun, condition.value, working)
    return Cure("lead.move", figures, columns)


def _first_day(filed: date, value: int, working: WorkCalendar) -> date:
    """Return the first day of an event with at least so many working days' lead on a filing."""
    begins = working.filing_on(filed)
    return working.after(begins, value) if value > 0 else begins


def _plain(value: Number | None) -> str:
    return "" if value is None else f"{value.normalize():f}" if not isinstance(value, int) else str(value)
