"""`workdays`: the working days between two days, the lead that a filing has, and the last day to file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from auditor.commands.options import DAY, option
from auditor.commands.options import build as build_command
from auditor.commands.showing import show
from auditor.errors import BadInput, Problem
from auditor.periods.workdays import WorkCalendar, load_calendar
from auditor.texts import Lang, say

MOST_AHEAD = 2500
"""Working days: ten years, as far as two days may lie apart."""


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(first_on: datetime, last_on: datetime | None, ahead: int | None, calendar: Path | None) -> int:
        if (last_on is None) == (ahead is None):
            raise BadInput([Problem("usage.to_or_ahead")])
        if last_on is not None:
            return _run(first_on, last_on, calendar, lang)
        return _ahead(first_on.date(), ahead or 0, calendar, lang)

    return build_command(
        run, "workdays", lang,
        click.argument("first_on", type=DAY, metavar="FROM"),
        click.argument("last_on", type=DAY, metavar="[TO]", required=False),
        option(lang, "--ahead", type=click.IntRange(0, MOST_AHEAD), metavar="N"),
        option(lang, "--calendar", type=click.Path(path_type=Path)),
    )  # fmt: skip


def _run(first_on: datetime, last_on: datetime, file: Path | None, lang: Lang) -> int:
    first, last, calendar = first_on.date(), last_on.date(), load_calendar(file)
    if last < first and (first - last).days > 3660:
        raise BadInput([Problem("usage.too_far_apart")])
    days, lead = calendar.working_days(first, last), calendar.lead(first, last)
    figures = {
        "first": first, "last": last, "days": len(days), "filing": calendar.filing_on(first),
        "lead": lead.days, "both": lead.both, "neither": lead.neither,
    }  # fmt: skip
    lines = [say("workdays", "days", figures, lang)] if first <= last else []
    lines.append(say("workdays", "lead", figures, lang))
    if lead.both != lead.neither:
        lines.append(say("workdays", "readings", figures, lang))
    lines += _unannounced(min(first, last), max(first, last), calendar, lang)
    show(f"{line}\n" for line in lines)
    return 0


def _ahead(held: date, asked: int, file: Path | None, lang: Lang) -> int:
    """Tell the last day on which an event can be filed so many working days ahead."""
    calendar = load_calendar(file)
    last = calendar.ahead(held, asked)
    # The day of filing counted as well, one day less is enough; the day of the event not, it takes one more.
    others = {
        "both": calendar.ahead(held, max(0, asked - 1)),
        "neither": calendar.ahead(held, asked + calendar.is_working(held)),
    }
    figures = {"held": held, "asked": asked, "last": last, **others}
    lines = [say("workdays", "ahead", figures, lang)]
    lines += [say("workdays", "ahead.readings", figures, lang)] if asked else []
    lines += _unannounced(last, held, calendar, lang)
    show(f"{line}\n" for line in lines)
    return 0


def _unannounced(first: date, last: date, calendar: WorkCalendar, lang: Lang) -> list[str]:
    unknown = [year for year in range(first.year, last.year + 1) if year not in calendar.announced_years]
    return [say("workdays", "unannounced", {"years": _years(unknown, lang)}, lang)] if unknown else []


def _years(years: Sequence[int], lang: Lang) -> str:
    return (
        f"{years[0]}–{years[-1]}" if len(years) > 3 else say("usage", "join", {}, lang).join(map(str, years))
    )
