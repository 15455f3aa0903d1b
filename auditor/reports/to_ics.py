"""Every duty still to come, as a calendar: an event of a whole day on its last safe day, with an alarm a week before.

Reports due; what is still needed, with the pace; duties of periods that have not begun; updates that fall due; the
last filing day of each planned event, and those that can no longer be held as planned. The same duty keeps its UID
from audit to audit, so that a calendar that takes a later file in moves the event instead of doubling it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.model.audit import Audit, DutyAhead, NextUpdate, PlannedEvent
from auditor.model.finding import Finding
from auditor.model.requirement import Requirement
from auditor.reports.calendar_file import line, text, whole_day
from auditor.reports.identity import identity
from auditor.reports.pace import pace
from auditor.reports.registry import Layout
from auditor.reports.view import View, asked_in_words, number, path, place_of
from auditor.texts import Lang, say

SUBJECTS_NAMED = 20
"""How many subjects that miss the standard an event names; it says how many more there are."""


def write(audit: Audit, layout: Layout) -> Iterator[str]:
    """Yield the lines of the calendar."""
    writing = _Writing(audit, layout.lang)
    yield line("BEGIN", "VCALENDAR")
    yield line("VERSION", "2.0")
    yield line("PRODID", f"-//ducha//ducha {audit.provenance.tool_version}//{layout.lang.upper()}")
    yield line("CALSCALE", "GREGORIAN")
    yield line("METHOD", "PUBLISH")
    yield line("X-WR-CALNAME", text(writing.say("calendar")))
    yield from (part for each in writing.entries() for part in writing.laid_out(each))
    yield line("END", "VCALENDAR")


@dataclass(frozen=True)
class _Entry:
    """What an event says: of which unit and requirement, on which day; `key` tells it from others of these."""

    unit_id: str
    requirement: Requirement
    key: tuple[str, ...]
    on: date
    summary: str
    lines: tuple[str, ...]


class _Writing:
    """The words of the events, in one language."""

    def __init__(self, audit: Audit, lang: Lang) -> None:
        self._audit, self._lang, self._view = audit, lang, View(audit, lang)
        self._as_of = audit.provenance.as_of
        self._names = {unit.unit_id: unit.name or unit.unit_id for unit in audit.units}
        self._paths = {unit.unit_id: path(unit) for unit in audit.units}

    def say(self, code: str, **figures: Any) -> str:
        """Return a sentence of the calendar."""
        return say("ics", code, figures, self._lang)

    def entries(self) -> Iterator[_Entry]:
        """Yield what the events say: pending findings, then what lies ahead."""
        for finding in self._audit.findings(True):
            if finding.verdict == "pending":
                yield self._pending(finding)
        yield from map(self._duty, self._audit.ahead.duties())
        yield from map(self._update, self._audit.ahead.updates())
        yield from map(self._event, self._audit.ahead.events())

    def laid_out(self, entry: _Entry) -> Iterator[str]:
        """Yield the lines of an event."""
        requirement, unit = entry.requirement, self._names[entry.unit_id]
        document = self._view.document(requirement)
        said = [
            self.say("line.unit", unit=self._paths[entry.unit_id], unit_id=entry.unit_id),
            self.say("line.requirement", title=self._title(requirement), requirement_id=requirement.id),
            self.say("line.clause", document=document, clause=requirement.clause),
            *entry.lines,
            self.say("line.responsible", responsible=requirement.responsible.in_language(self._lang)),
        ]
        uid = f"{identity('ics', entry.unit_id, requirement.id, *entry.key)}@ducha"
        alarm = self.say("alarm", what=entry.summary)
        return whole_day(uid, entry.on, self._as_of, entry.summary, "\n".join(said), alarm, [unit])

    def _pending(self, finding: Finding) -> _Entry:
        requirement = self._view.requirement(finding)
        by = date.fromisoformat(finding.figures["by"])
        notes = [each for each in self._view.notes(finding) if each]
        lines = [
            self.say("line.period", period=finding.period),
            self.say("line.standard", standard=self._view.standard(finding)),
            self._view.sentence(finding),
            self._left(finding, requirement, by),
            *self._missing(finding, requirement),
            *([self.say("line.notes", notes="；".join(notes))] if notes else []),
        ]
        summary = self._summary(finding, requirement)
        return _Entry(finding.unit_id, requirement, ("duty", finding.period), by, summary, tuple(lines))

    def _summary(self, finding: Finding, requirement: Requirement) -> str:
        kind = requirement.measure.kind
        code = "report" if kind == "deadline" else "needed" if kind in ("count", "sum") else "due"
        figures = self._of(finding.unit_id, requirement)
        return self.say(f"summary.{code}", **figures, **self._still_needed(finding, requirement))

    def _still_needed(self, finding: Finding, requirement: Requirement) -> dict[str, str]:
        unit = requirement.value_unit.in_language(self._lang) if requirement.value_unit else ""
        shortfall = "" if finding.shortfall is None else number(finding.shortfall)
        return {"shortfall": shortfall, "unit_of_value": unit}

    def _left(self, finding: Finding, requirement: Requirement, by: date) -> str:
        """Return how much time is left, and the pace where something is still to be counted up."""
        counted = requirement.measure.kind in ("count", "sum")
        asked = pace(finding.shortfall or 1, self._as_of, by)
        if not counted or finding.shortfall is None or asked is None:
            return self.say("line.left", days=(by - self._as_of).days)
        code = "this_month" if asked.months == 1 else "every" if asked.every else "each_month"
        figures: dict[str, Any] = {"days": asked.days, "months": asked.months, "every": asked.every}
        figures |= {"a_month": number(asked.a_month)}
        return self.say(f"pace.{code}", **figures, **self._still_needed(finding, requirement))

    def _missing(self, finding: Finding, requirement: Requirement) -> Iterator[str]:
        """Yield which subjects are not there yet, where the requirement is about several."""
        if requirement.measure.kind in ("each_subject", "coverage"):
            off = [each for each in finding.evidence if each.subject and _is_off(each.value, each.shortfall)]
            named = self.say("missing.join").join(str(each.subject) for each in off[:SUBJECTS_NAMED])
            more = len(off) - SUBJECTS_NAMED
            if off:
                yield self.say("missing", subjects=named) + (
                    self.say("missing.more", more=more) if more > 0 else ""
                )

    def _duty(self, duty: DutyAhead) -> _Entry:
        requirement = self._audit.requirements[duty.requirement_id]
        asked = duty.asked
        code = "standard_elsewhere" if asked and asked.low is None else "standard"
        standard = asked_in_words(asked, requirement, self._lang)
        if requirement.measure.shape == "subjects":
            standard = self._view.word("each", standard=standard)
        lines = (
            self.say("line.period", period=duty.period),
            self.say(f"line.{code}", standard=standard),
            self.say("ahead", first_on=duty.first_on, last_on=duty.last_on),
        )
        summary = self.say("summary.ahead", period=duty.period, **self._of(duty.unit_id, requirement))
        return _Entry(duty.unit_id, requirement, ("duty", duty.period), duty.last_on, summary, lines)

    def _update(self, update: NextUpdate) -> _Entry:
        requirement = self._audit.requirements[update.requirement_id]
        figures = self._of(update.unit_id, requirement) | {"subject": update.subject}
        lines = (
            self.say("line.period", period=update.period),
            self.say("update", last_on=update.last_on, due_on=update.due_on),
        )
        summary = self.say("summary.update", **figures)
        key = ("update", update.period, update.subject)
        return _Entry(update.unit_id, requirement, key, update.due_on, summary, lines)

    def _event(self, event: PlannedEvent) -> _Entry:
        requirement = self._audit.requirements[event.requirement_id]
        figures: dict[str, Any] = {
            "event": event.title or event.key, "held_on": event.held_on, "file_by": event.file_by,
            "needed": event.needed, "filed_on": event.filed_on, "lead": event.lead, "hold_from": event.hold_from,
            "as_of": self._as_of, **self._of(event.unit_id, requirement),
        }  # fmt: skip
        late = event.hold_from is not None
        code = "file" if not late else "hold.filed" if event.filed_on else "hold.unfiled"
        lines = [
            self.say(code, **figures),
            *([] if event.announced else [self.say("unannounced")]),
            self.say("place", place=place_of(*event.place), key=event.key),
        ]
        summary = self.say("summary.hold" if late else "summary.file", **figures)
        on = event.held_on if late else event.file_by
        return _Entry(event.unit_id, requirement, ("event", event.key), on, summary, tuple(lines))

    def _of(self, unit_id: str, requirement: Requirement) -> dict[str, str]:
        return {"unit": self._names[unit_id], "title": self._title(requirement)}

    def _title(self, requirement: Requirement) -> str:
        return self._view.title(requirement)


def _is_off(value: object, shortfall: object) -> bool:
    return shortfall is not None or value == 0
