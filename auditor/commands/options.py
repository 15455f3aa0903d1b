"""The options that several commands share, with their help in the user's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from auditor.audit import Options
from auditor.commands.worded import WordedCommand
from auditor.errors import BadInput, Problem
from auditor.periods.period import Semesters, Window
from auditor.texts import Lang, say

DAY = click.DateTime(formats=["%Y-%m-%d"])
DAY_SHOWN = "YYYY-MM-DD"


FIRST_YEAR, LAST_YEAR = 1949, 2100


def _year(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Return the year; what is wrong with another value is said by the code `a_year`."""
    if value is None:
        return None
    if value.isdecimal() and FIRST_YEAR <= int(value) <= LAST_YEAR:
        return int(value)
    raise click.BadParameter("a_year", ctx, param)


def _settings(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    """Return the settings by name; what is wrong with one that is no NAME=VALUE is said by the code `a_setting`."""
    settings = dict(each.partition("=")[::2] for each in value)
    if not all("=" in each and each.partition("=")[0] for each in value) or len(settings) < len(value):
        raise click.BadParameter("a_setting", ctx, param)
    return settings


def option(lang: Lang, *names: str, **attributes: Any) -> Callable[[Any], Any]:
    """Return an option whose help is the sentence of its long name, or of `said_as`."""
    long = next(name for name in names if name.startswith("--")).split("/")[0].removeprefix("--")
    code = attributes.pop("said_as", long)
    return click.option(*names, help=say("help", f"option.{code}", {}, lang), **attributes)


def year_option(lang: Lang, **attributes: Any) -> Callable[[Any], Any]:
    """Return `--year`."""
    return option(lang, "--year", callback=_year, metavar="YYYY", **attributes)


def set_option(lang: Lang) -> Callable[[Any], Any]:
    """Return `--set`, for the parameters of packs."""
    return option(lang, "--set", "settings", multiple=True, metavar="NAME=VALUE", callback=_settings)


def build(
    command: Callable[..., int], name: str, lang: Lang, *decorators: Callable[[Any], Any]
) -> click.Command:
    """Return a click command of a function, its options in the order given."""
    for decorator in reversed(decorators):
        command = decorator(command)
    worded = click.command(
        name, cls=WordedCommand, lang=lang,
        help=say("help", f"{name}.long", {}, lang), short_help=say("help", name, {}, lang),
    )  # fmt: skip
    return worded(command)


def when(lang: Lang) -> list[Callable[[Any], Any]]:
    """Return the options that choose window, day and calendar."""
    return [
        year_option(lang),
        option(lang, "--from", "first_on", type=DAY, metavar=DAY_SHOWN),
        option(lang, "--to", "last_on", type=DAY, metavar=DAY_SHOWN),
        option(lang, "--as-of", type=DAY, metavar=DAY_SHOWN),
        option(lang, "--semesters", metavar="MM-DD,MM-DD"),
        option(lang, "--academic-year", metavar="MM-DD"),
        option(lang, "--calendar", type=click.Path(path_type=Path)),
        option(lang, "--strict-calendar", is_flag=True),
        set_option(lang),
        option(lang, "--assume-effective", is_flag=True),
    ]


def as_written(lang: Lang) -> list[Callable[[Any], Any]]:
    """Return the options that say how the files of a data set write the tables."""
    return [
        option(lang, "--map", "mapping", type=click.Path(path_type=Path)),
        option(lang, "--drop-column", "drop_columns", multiple=True, metavar="[FILE:]HEADER"),
    ]


def window_of(year: int | None, first_on: datetime | None, last_on: datetime | None) -> Window | None:
    """Return the window of `--year`, or of `--from` and `--to`; None where neither is given.

    Raises BadInput where both or only half are given.
    """
    if year is not None and (first_on or last_on):
        raise BadInput([Problem("usage.year_or_days")])
    if year is not None:
        return Window.of_year(year)
    if bool(first_on) != bool(last_on):
        raise BadInput([Problem("usage.from_and_to")])
    return Window(first_on.date(), last_on.date()) if first_on and last_on else None


def options_of(**given: Any) -> Options:
    """Return the audit's options of a command line. The clock is read here, and nowhere else."""
    as_of = given.get("as_of")
    return Options(
        as_of=as_of.date() if as_of else None,
        today=date.today(),  # noqa: DTZ011 - the user's own calendar day is meant
        units=tuple(given.get("units") or ()),
        semesters=_semesters(given.get("semesters"), given.get("academic_year")),
        calendar=given.get("calendar"),
        strict_calendar=bool(given.get("strict_calendar")),
        escalation=given.get("escalation"),
        plausibility=given.get("plausibility"),
        settings=given.get("settings") or {},
        assume_effective=bool(given.get("assume_effective")),
        skip_bad_rows=bool(given.get("skip_bad_rows")),
        mapping=given.get("mapping"),
        drop_columns=tuple(given.get("drop_columns") or ()),
    )


def _semesters(semesters: str | None, academic_year: str | None) -> Semesters:
    chosen = Semesters.parse(semesters) if semesters else Semesters()
    return chosen.with_academic_year(academic_year) if academic_year else chosen
