"""An event on a day, planned backwards: by when each of its filings and approvals has to be there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from auditor.audit import USUAL, Options, audit
from auditor.authoring.filing import EventPlan, FilingDuty, event_plans, filing_duties
from auditor.model.audit import RowPlace
from auditor.model.requirement import Requirement
from auditor.packs.load import load_packs
from auditor.periods.period import Window
from auditor.periods.workdays import load_calendar
from auditor.tables.database import Database
from auditor.tables.declaration import Declaration, load_declaration
from auditor.texts import LANGUAGES, Lang


@dataclass(frozen=True)
class Planned:
    """What an event asks for (`duties`), and the events that the data plan (`plans`; None without data).

    `rows` says what the rows of the plans hold, by language and place.
    """

    held_on: date
    today: date
    duties: tuple[FilingDuty, ...]
    plans: tuple[EventPlan, ...] | None
    rows: Mapping[Lang, Mapping[RowPlace, Mapping[str, str]]]
    requirements: Mapping[str, Requirement]
    declaration: Declaration


def plan(
    packs: Sequence[str | Path],
    held_on: date,
    today: date,
    options: Options = USUAL,
    data: Path | Database | None = None,
) -> Planned:
    """Return what an event on a day asks for, as of today; with data also what is planned in them after today.

    Of `options.units` only the duties that bind one of them. Raises BadInput as `audit` does.
    """
    loaded, declaration = load_packs(packs, load_declaration(), options.settings)
    calendar = load_calendar(options.calendar)
    duties = filing_duties(loaded, held_on, today, calendar, assume_effective=options.assume_effective)
    if data is None:
        return Planned(held_on, today, duties, None, {}, {}, declaration)
    window = Window(date(min(today, held_on).year, 1, 1), date(max(today, held_on).year, 12, 31))
    with audit(data, loaded, window, replace(options, as_of=today)) as done:
        plans = event_plans(done.events(), today, calendar)
        binding = {each.requirement_id for each in done.findings(False)} if options.units else None
        tables = {each.event.table for each in plans}
        places: list[RowPlace] = [(each.event.file, each.event.sheet, each.event.row) for each in plans]
        rows = {lang: done.contents(tables, places, lang) for lang in LANGUAGES}
    owed = tuple(each for each in duties if binding is None or each.requirement.id in binding)
    return Planned(held_on, today, owed, plans, rows, done.requirements, declaration)
