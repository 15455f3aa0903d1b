"""A unit's check of itself: how it stands today, what to do this week, and what the inspectors will see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from auditor.audit import USUAL, Options, audit
from auditor.authoring.filing import EventPlan, event_plans
from auditor.authoring.pace import due_by, last_of_week, needed_this_week
from auditor.measures.grid import last_day
from auditor.model.audit import Audit, RowPlace
from auditor.model.finding import Finding, Number, UnitResult
from auditor.model.requirement import Pack
from auditor.packs.load import load_packs
from auditor.periods.period import Period, Semesters, Window, periods_in
from auditor.periods.workdays import load_calendar
from auditor.tables.database import Database
from auditor.tables.declaration import load_declaration
from auditor.texts import LANGUAGES, Lang

State = Literal["lost", "curable", "open", "unknown", "kept"]
"""Failed for good; failed but not yet for good; not due yet; not to be judged; passed."""


@dataclass(frozen=True)
class Standing:
    """A finding today. `due` is what the pace asks for by today, `this_week` what the week asks for (None: unsaid)."""

    finding: Finding
    period: Period
    state: State
    due: int | None
    this_week: Number | None

    @property
    def behind(self) -> bool:
        """Whether an open finding is not on track."""
        return self.finding.forecast == "at_risk"


@dataclass(frozen=True)
class SelfCheck:
    """How a unit stands. `today` and `end` are the two audits, closed: what they say of themselves can be read.

    `end` is as of the last day of the last period, with the rows of today: what is planned is taken as held, and
    nothing else as done. `then` are its findings that fail or cannot be judged. `plans` are the planned events that
    cannot pass or are still to be filed; `rows` says what their rows hold, by language and place.
    """

    today: Audit
    end: Audit
    standings: tuple[Standing, ...]
    then: tuple[Finding, ...]
    plans: tuple[EventPlan, ...]
    rows: Mapping[Lang, Mapping[RowPlace, Mapping[str, str]]]

    @property
    def unit(self) -> UnitResult:
        """The unit's result today."""
        return self.today.units[0]

    def of(self, *states: State) -> tuple[Standing, ...]:
        """Return the standings of these states, in the order of requirements and periods."""
        return tuple(each for each in self.standings if each.state in states)

    @property
    def week(self) -> tuple[Standing, ...]:
        """What the week asks for: what fails but not for good, and what would fall behind; the first due first."""
        found = [each for each in self.of("curable", "open") if each.state == "curable" or each.this_week]
        return tuple(sorted(found, key=lambda each: (each.state, each.period.last_on)))

    @property
    def plans_this_week(self) -> tuple[EventPlan, ...]:
        """The planned events that cannot pass, and those whose last filing day lies in the week."""
        last_on = last_of_week(self.today.provenance.as_of)
        return tuple(each for each in self.plans if each.cannot_pass or each.last_filing_on <= last_on)


def self_check(
    data: Path | Database, unit_id: str, packs: Sequence[str | Path], window: Window, options: Options = USUAL
) -> SelfCheck:
    """Return how a unit stands today and how it will stand at the end. Raises BadInput as `audit` does."""
    loaded, _ = load_packs(packs, load_declaration(), options.settings)
    options = replace(options, units=(unit_id,))
    with audit(data, loaded, window, options) as today:
        as_of = today.provenance.as_of
        periods = _periods(loaded, window, options.semesters)
        standings = tuple(_standings(today, periods, as_of))
        plans = event_plans(today.events(), as_of, load_calendar(options.calendar))
        rows = _rows(today, plans)
    last_on = last_day(
        window, (each.scheme for pack in loaded for each in pack.requirements), options.semesters
    )
    with audit(data, loaded, window, replace(options, as_of=max(as_of, last_on))) as end:
        then = tuple(each for each in end.findings(False) if each.verdict in ("fail", "insufficient_data"))
    return SelfCheck(today, end, standings, then, plans, rows)


def _periods(packs: Sequence[Pack], window: Window, semesters: Semesters) -> dict[tuple[str, str], Period]:
    """Return every period by its requirement and label."""
    return {
        (requirement.id, period.label): period
        for pack in packs
        for requirement in pack.requirements
        for period in periods_in(requirement.scheme, window, semesters)
    }


def _standings(today: Audit, periods: Mapping[tuple[str, str], Period], as_of: date) -> Iterator[Standing]:
    for finding in today.findings(True):
        if finding.verdict == "not_applicable":
            continue
        period = periods[finding.requirement_id, finding.period]
        requirement = today.requirements[finding.requirement_id]
        is_open = finding.verdict == "pending"
        paced = is_open and requirement.measure.shape == "number" and finding.threshold is not None
        low = finding.threshold.low if finding.threshold else None
        yield Standing(
            finding=finding,
            period=period,
            state=_state(finding),
            due=due_by(low, period, as_of) if paced and low is not None else None,
            this_week=needed_this_week(finding, requirement, period, as_of) if is_open else None,
        )


def _state(finding: Finding) -> State:
    if finding.verdict == "fail":
        return "curable" if finding.provisional else "lost"
    states: Mapping[str, State] = {"pending": "open", "insufficient_data": "unknown"}
    return states.get(finding.verdict, "kept")


def _rows(today: Audit, plans: Sequence[EventPlan]) -> dict[Lang, Mapping[RowPlace, Mapping[str, str]]]:
    tables = {each.event.table for each in plans}
    places: list[RowPlace] = [(each.event.file, each.event.sheet, each.event.row) for each in plans]
    return {lang: today.contents(tables, places, lang) for lang in LANGUAGES}
