"""`check`: one unit's check of itself, before the inspectors come."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from auditor.authoring.check import self_check
from auditor.commands.check_json import as_json
from auditor.commands.check_table import as_table
from auditor.commands.delivering import check_delivery, deliver
from auditor.commands.options import as_written, data_argument, option, options_of, when, window_of
from auditor.commands.options import build as build_command
from auditor.commands.progress import progress
from auditor.errors import BadInput, Problem
from auditor.packs.load import packs_shipped
from auditor.tables.database import Database
from auditor.texts import Lang

FORMATS = ("table", "json")


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(data: Path | Database, **given: Any) -> int:
        return _run(data, lang, given)

    return build_command(
        run, "check", lang,
        data_argument(),
        # What ducha.toml calls `unit`, `format` and `out` is an audit's: hence other names.
        option(lang, "--unit", "unit_id", required=True, metavar="UNIT", said_as="unit-of-check"),
        option(lang, "--pack", "packs", multiple=True, metavar="NAME|FILE"),
        *when(lang),
        option(lang, "--skip-bad-rows", is_flag=True),
        *as_written(lang),
        option(lang, "--format", "shown_as", default="table", metavar="|".join(FORMATS)),
        option(lang, "--out", "-o", "place", type=click.Path(path_type=Path)),
        option(lang, "--verbose", "-v", is_flag=True),
    )  # fmt: skip


def _run(data: Path | Database, lang: Lang, given: dict[str, Any]) -> int:
    check_delivery(given["shown_as"], FORMATS, given["place"])
    window = window_of(given["year"], given["first_on"], given["last_on"])
    missing = [] if given["packs"] else [Problem("usage.no_pack", {"expected": "、".join(packs_shipped())})]
    missing += [] if window else [Problem("usage.no_window")]
    if missing or window is None:
        raise BadInput(missing)
    with progress(lang) as bar:
        options = replace(options_of(**given), tell=bar)
        found = self_check(data, given["unit_id"], given["packs"], window, options)
    if given["shown_as"] == "json":
        parts = as_json(found)
    else:
        width = min(max(80, shutil.get_terminal_size((100, 40)).columns), 120)
        parts = as_table(found, lang, width, verbose=given["verbose"])
    deliver(parts, given["place"])
    return 1 if found.today.failed else 0
