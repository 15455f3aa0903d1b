"""`roll-up`: an audit summed up by a level of the tree of units."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from auditor.audit import audit
from auditor.commands.delivering import check_delivery, deliver
from auditor.commands.options import as_written, data_argument, option, options_of, when, window_of
from auditor.commands.options import build as build_command
from auditor.commands.progress import progress
from auditor.errors import BadInput, Problem
from auditor.packs.load import packs_shipped
from auditor.tables.database import Database
from auditor.texts import Lang

FORMATS = ("table", "json", "csv")


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(data: Path | Database, **given: Any) -> int:
        return _run(data, lang, given)

    return build_command(
        run, "roll-up", lang,
        data_argument(),
        option(lang, "--level", type=int, metavar="N"),
        option(lang, "--pack", "packs", multiple=True, metavar="NAME|FILE"),
        *when(lang),
        option(lang, "--escalation", type=click.Path(path_type=Path)),
        option(lang, "--skip-bad-rows", is_flag=True),
        *as_written(lang),
        # What ducha.toml calls `format` and `out` is an audit's report: hence other names.
        option(lang, "--format", "shown_as", default="table", metavar="|".join(FORMATS)),
        option(lang, "--out", "-o", "place", type=click.Path(path_type=Path)),
    )  # fmt: skip


def _run(data: Path | Database, lang: Lang, given: dict[str, Any]) -> int:
    from auditor.authoring.roll_up import roll_up  # noqa: PLC0415 - pandas; help and mistakes do without

    check_delivery(given["shown_as"], FORMATS, given["place"])
    if given["level"] is not None and given["level"] < 1:
        figures = {"value": "--level", "given": given["level"], "expected": 1}
        raise BadInput([Problem("usage.number_too_small", figures)])
    window = window_of(given["year"], given["first_on"], given["last_on"])
    missing = [] if given["packs"] else [Problem("usage.no_pack", {"expected": "、".join(packs_shipped())})]
    missing += [] if window else [Problem("usage.no_window")]
    if missing or window is None:
        raise BadInput(missing)
    with progress(lang) as bar:
        done = audit(data, given["packs"], window, replace(options_of(**given), tell=bar))
    with done:
        found = roll_up(done, given["level"])
        deliver(_parts(done, found, given["shown_as"], lang), given["place"])
        return 1 if done.failed else 0


def _parts(done: Any, found: Any, shown_as: str, lang: Lang) -> Iterator[str]:
    from auditor.commands.roll_up_words import as_csv, as_json, as_table  # noqa: PLC0415 - likewise

    if shown_as == "json":
        return as_json(found, done)
    if shown_as == "csv":
        return as_csv(found, done, lang)
    return as_table(found, done, lang, min(max(80, shutil.get_terminal_size((100, 40)).columns), 120))
