"""When an event has to be filed, and what may still become of one that is planned: counted in working days."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.measures.condition import Compare
from auditor.measures.planned import leads_of, working_days_asked
from auditor.measures.registry import measure_of
from auditor.model.audit import FilingEvent
from auditor.model.requirement import Pack, Requirement
from auditor.periods.workdays import WorkCalendar


@dataclass(frozen=True)
class FilingDuty:
    """What a requirement wants done ahead of an event, and the last day for it.

    `asked` are the working days ahead of a filing; None where only the order of two days counts, as of a decision
    before the event: then `table` and `column` name the day. `has_passed` says that the last day lies before the day
    that the plan is made: then `earliest_on` is the first day for an event that is filed on that day.
    """

    requirement: Requirement
    asked: int | None
    table: str
    column: str
    last_on: date
    working_days_left: int
    has_passed: bool
    earliest_on: date | None
    announced: bool


@dataclass(frozen=True)
class EventPlan:
    """A planned event whose filing is too late (`lead` working days ahead), or still to come (`lead` None).

    `last_filing_on` is the last day to file it as planned. `earliest_on` is the first day on which it can be held,
    filed as it is, or today where it is not filed; None where it can still be held as planned. `borderline`: by
    another usual reading of the working days (both ends counted) it passes.
    """

    event: FilingEvent
    lead: int | None
    last_filing_on: date
    earliest_on: date | None
    borderline: bool
    announced: bool

    @property
    def cannot_pass(self) -> bool:
        """Whether it fails if it is held as planned."""
        return self.earliest_on is not None


def filing_duties(
    packs: Sequence[Pack],
    held_on: date,
    today: date,
    calendar: WorkCalendar,
    *,
    assume_effective: bool = False,
) -> tuple[FilingDuty, ...]:
    """Return what has to be done ahead of an event on a day, by its last day.

    Only documents in force on that day count, unless `assume_effective`.
    """
    asked = [
        requirement
        for pack in packs
        for requirement in pack.requirements
        if assume_effective or _in_force(pack, requirement, held_on)
    ]
    events = {
        (_table(requirement), lead.lead_working_days[1])
        for requirement in asked
        for lead in leads_of(requirement)
    }
    duties = [
        duty for requirement in asked for duty in _duties(requirement, events, held_on, today, calendar)
    ]
    return tuple(sorted(duties, key=lambda each: (each.last_on, each.requirement.id, each.column)))


def _in_force(pack: Pack, requirement: Requirement, day: date) -> bool:
    effective = pack.effective_dates[requirement.pack]
    return (effective.from_ or day) <= day <= (effective.to or day)


def _table(requirement: Requirement) -> str:
    return getattr(measure_of(requirement), "table", "")


def _duties(
    requirement: Requirement,
    events: Collection[tuple[str, str]],
    held_on: date,
    today: date,
    calendar: WorkCalendar,
) -> Iterator[FilingDuty]:
    """Yield the leads of a requirement, and what else must lie before the day of such an event (table, column)."""
    table = _table(requirement)
    for lead in leads_of(requirement):
        asked = working_days_asked(lead)
        last_on = calendar.ahead(held_on, asked)
        yield FilingDuty(
            requirement, asked, table, lead.lead_working_days[0], last_on,
            len(calendar.working_days(today, last_on)), last_on < today,
            _earliest(today, asked, calendar) if last_on < today else None,
            calendar.all_announced(min(today, last_on), held_on),
        )  # fmt: skip
    for each in getattr(measure_of(requirement), "must", ()):
        if isinstance(each, Compare) and (table, each.other) in events and each.op in ("<", "<="):
            last_on = held_on - timedelta(days=each.op == "<")
            yield FilingDuty(
                requirement, None, table, each.column, last_on, len(calendar.working_days(today, last_on)),
                last_on < today, None, calendar.all_announced(min(today, last_on), held_on),
            )  # fmt: skip


def _earliest(filed: date, asked: int, calendar: WorkCalendar) -> date:
    """Return the first day that has so many working days after a filing."""
    filing = calendar.filing_on(filed)
    return calendar.after(filing, asked) if asked else filing


def event_plans(events: Iterator[FilingEvent], today: date, calendar: WorkCalendar) -> tuple[EventPlan, ...]:
    """Return the planned events that fail as they are planned, and those still to be filed, by the day held."""
    plans = (_plan(each, today, calendar) for each in events)
    found = [each for each in plans if each is not None]
    return tuple(sorted(found, key=lambda each: (each.event.held_on, each.event.file, each.event.row)))


def _plan(event: FilingEvent, today: date, calendar: WorkCalendar) -> EventPlan | None:
    last_on = calendar.ahead(event.held_on, event.asked)
    lead = calendar.lead(event.filed_on, event.held_on) if event.filed_on else None
    if lead and lead.days >= event.asked:
        return None
    # A filing that is itself planned can still be made sooner.
    if lead is None or event.filed_on is None or event.filed_on > today:
        earliest = _earliest(today, event.asked, calendar) if last_on < today else None
        announced = calendar.all_announced(today, event.held_on)
        return EventPlan(event, None, last_on, earliest, borderline=False, announced=announced)
    earliest = _earliest(event.filed_on, event.asked, calendar)
    borderline = lead.both >= event.asked
    return EventPlan(event, lead.days, last_on, earliest, borderline, lead.announced)
