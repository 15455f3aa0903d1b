"""`audit`: the findings of an organisation, in the format asked."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from auditor.audit import audit
from auditor.commands.options import as_written, option, options_of, when, window_of
from auditor.commands.options import build as build_command
from auditor.commands.progress import progress
from auditor.commands.showing import show, shows_colours
from auditor.commands.telling import tell
from auditor.errors import BadInput, Problem
from auditor.model.audit import Audit
from auditor.packs.load import load_pack, packs_shipped
from auditor.packs.mistakes import near
from auditor.reports.registry import PLANNED, WRITERS, Layout, writer
from auditor.reports.writing import write_file
from auditor.texts import Lang, say

_PIPE = 80
"""Columns of a page where there is no terminal to ask."""


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(data: Path, **given: Any) -> int:
        return _run(data, lang, given)

    return build_command(
        run, "audit", lang,
        click.argument("data", type=click.Path(path_type=Path)),
        option(lang, "--pack", "packs", multiple=True, metavar="NAME|FILE"),
        option(lang, "--all-packs", is_flag=True),
        *when(lang),
        option(lang, "--unit", "units", multiple=True, metavar="UNIT"),
        option(lang, "--format", "format_name", default="table", metavar="|".join(WRITERS)),
        option(lang, "--out", "-o", type=click.Path(path_type=Path)),
        option(lang, "--escalation", type=click.Path(path_type=Path)),
        option(lang, "--plausibility", type=click.Path(path_type=Path)),
        option(lang, "--ledger", metavar="URL"),
        option(lang, "--skip-bad-rows", is_flag=True),
        *as_written(lang),
        option(lang, "--verbose", "-v", is_flag=True),
    )  # fmt: skip


def _run(data: Path, lang: Lang, given: dict[str, Any]) -> int:
    _refuse_what_is_not_built(given)
    packs = _all_packs(given["settings"], lang) if given["all_packs"] else list(given["packs"])
    _check_place(given["out"])
    window = window_of(given["year"], given["first_on"], given["last_on"])
    missing = [] if packs else [Problem("usage.no_pack", {"expected": "、".join(packs_shipped())})]
    missing += [] if window else [Problem("usage.no_window")]
    missing += [Problem("usage.pack_or_all")] if given["all_packs"] and given["packs"] else []
    if missing or window is None:
        raise BadInput(missing)
    with progress(lang) as bar:
        done = audit(data, packs, window, replace(options_of(**given), tell=bar))
        if given["out"] is not None:
            return _finish(done, data, lang, given)
    return _finish(done, data, lang, given)  # without the bar, which would stand between the lines


def _finish(done: Audit, data: Path, lang: Lang, given: dict[str, Any]) -> int:
    with done:
        _keep_the_data(done, data, given["out"])
        _write(done, lang, given)
        return 1 if done.failed else 0


def _all_packs(settings: Mapping[str, str], lang: Lang) -> list[str]:
    """Return the shipped packs but those whose parameters are not set; which these are is told."""
    packs = [load_pack(path) for path in packs_shipped().values()]
    unset = {pack.pack: "、".join(set(pack.settings) - set(settings)) for pack in packs}
    for name, parameters in unset.items():
        if parameters:
            tell(say("usage", "pack_left_out", {"pack": name, "parameters": parameters}, lang))
    return [name for name, parameters in unset.items() if not parameters]


def _refuse_what_is_not_built(given: dict[str, Any]) -> None:
    name = given["format_name"]
    figures = {"value": name, "expected": "、".join(WRITERS)}
    if name in PLANNED:
        raise BadInput([Problem("usage.format_not_built", figures)])
    if name not in WRITERS:
        raise BadInput([Problem("usage.unknown_format", figures, hint=near(name, WRITERS))])
    if given["ledger"]:
        raise BadInput([Problem("usage.ledger_not_built", {"value": given["ledger"]})])


def _check_place(out: Path | None) -> None:
    """Refuse a place that cannot be written before the work, not after it."""
    if out is not None and ((out.exists() and not out.is_file()) or not out.parent.is_dir()):
        raise BadInput([Problem("usage.bad_place", {"value": str(out)})])


def _keep_the_data(done: Audit, data: Path, out: Path | None) -> None:
    """Refuse to write the report over a file that was read."""
    folder = data if data.is_dir() else data.parent
    read = {(folder / each.file).resolve() for each in done.provenance.data}
    if out is not None and out.resolve() in read:
        raise BadInput([Problem("usage.place_is_data", {"value": str(out)})])


def _write(done: Audit, lang: Lang, given: dict[str, Any]) -> None:
    width = shutil.get_terminal_size((_PIPE, 40)).columns
    colour = given["out"] is None and shows_colours()
    parts = writer(given["format_name"])(done, Layout(lang, width, given["verbose"], colour))
    if given["out"] is None:
        show(parts)
    else:
        write_file(given["out"], parts)
