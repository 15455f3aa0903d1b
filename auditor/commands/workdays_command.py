"""`workdays`: the working days between two days, and the lead that a filing has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from auditor.commands.options import DAY, option
from auditor.commands.options import build as build_command
from auditor.commands.showing import show
from auditor.errors import BadInput, Problem
from auditor.periods.workdays import load_calendar
from auditor.texts import Lang, say


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(first_on: datetime, last_on: datetime, calendar: Path | None) -> int:
        return _run(first_on, last_on, calendar, lang)

    return build_command(
        run, "workdays", lang,
        click.argument("first_on", type=DAY, metavar="FROM"),
        click.argument("last_on", type=DAY, metavar="TO"),
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
    unknown = [
        year
        for year in range(min(first, last).year, max(first, last).year + 1)
        if year not in calendar.announced_years
    ]
    if unknown:
        lines.append(say("workdays", "unannounced", {"years": _years(unknown, lang)}, lang))
    show(f"{line}\n" for line in lines)
    return 0


def _years(years: Sequence[int], lang: Lang) -> str:
    return (
        f"{years[0]}–{years[-1]}" if len(years) > 3 else say("usage", "join", {}, lang).join(map(str, years))
    )
