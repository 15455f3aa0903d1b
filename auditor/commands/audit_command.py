"""`audit`: the findings of an organisation, in the format asked."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from auditor.audit import WRITING, audit
from auditor.commands.options import as_written, data_argument, option, options_of, when, window_of
from auditor.commands.options import build as build_command
from auditor.commands.progress import progress
from auditor.commands.showing import show, shows_colours
from auditor.commands.telling import tell
from auditor.errors import BadInput, Problem
from auditor.model.audit import Audit
from auditor.packs.load import load_pack, packs_shipped
from auditor.packs.mistakes import near
from auditor.reports.registry import COMPANIONS, PLANNED, WRITERS, Layout, companions, writer
from auditor.reports.writing import beside, write_files
from auditor.tables.database import Database
from auditor.tables.door import guard
from auditor.texts import Lang, say

_PIPE = 80
"""Columns of a page where there is no terminal to ask."""


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(data: Path | Database, **given: Any) -> int:
        return _run(data, lang, given)

    return build_command(
        run, "audit", lang,
        data_argument(),
        option(lang, "--pack", "packs", multiple=True, metavar="NAME|FILE"),
        option(lang, "--all-packs", is_flag=True),
        *when(lang),
        option(lang, "--unit", "units", multiple=True, metavar="UNIT"),
        option(
            lang, "--format", "format_name", default="table", metavar="|".join(WRITERS), said_as="format-of-report"
        ),
        option(lang, "--out", "-o", type=click.Path(path_type=Path)),
        option(lang, "--escalation", type=click.Path(path_type=Path)),
        option(lang, "--plausibility", type=click.Path(path_type=Path)),
        option(lang, "--ledger", metavar="URL"),
        option(lang, "--skip-bad-rows", is_flag=True),
        *as_written(lang),
        option(lang, "--verbose", "-v", is_flag=True),
    )  # fmt: skip


def _run(data: Path | Database, lang: Lang, given: dict[str, Any]) -> int:
    _refuse_what_is_not_built(given)
    packs = _all_packs(given["settings"], lang) if given["all_packs"] else list(given["packs"])
    for place in _places(given):
        _check_place(place)
    window = window_of(given["year"], given["first_on"], given["last_on"])
    missing = [] if packs else [Problem("usage.no_pack", {"expected": "、".join(packs_shipped())})]
    missing += [] if window else [Problem("usage.no_window")]
    missing += [Problem("usage.pack_or_all")] if given["all_packs"] and given["packs"] else []
    if missing or window is None:
        raise BadInput(missing)
    guard.start()  # it loads its libraries while the packs are loaded here
    with progress(lang) as bar:
        done = audit(data, packs, window, replace(options_of(**given), tell=bar))
        if given["out"] is not None:
            bar(WRITING)
            return _finish(done, data, lang, given)
    return _finish(done, data, lang, given)  # without the bar, which would stand between the lines


def _finish(done: Audit, data: Path | Database, lang: Lang, given: dict[str, Any]) -> int:
    with done:
        for place in _places(given):
            _keep_the_data(done, data, place)
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


def _places(given: dict[str, Any]) -> list[Path]:
    """Return the files that the report is written to: of some formats several, none for the screen."""
    out = given["out"]
    further = [beside(out, ending) for ending in COMPANIONS.get(given["format_name"], ())] if out else []
    return [out, *further] if out else []


def _check_place(out: Path) -> None:
    """Refuse a place that cannot be written before the work, not after it."""
    if (out.exists() and not out.is_file()) or not out.parent.is_dir():
        raise BadInput([Problem("usage.bad_place", {"value": str(out)})])


def _keep_the_data(done: Audit, data: Path | Database, out: Path) -> None:
    """Refuse to write the report over a file that was read."""
    if isinstance(data, Database):
        read = {data.file.resolve()} if data.file else set()
    else:
        folder = data if data.is_dir() else data.parent
        read = {(folder / each.file).resolve() for each in done.provenance.data}
    if out.resolve() in read:
        raise BadInput([Problem("usage.place_is_data", {"value": str(out)})])


def _write(done: Audit, lang: Lang, given: dict[str, Any]) -> None:
    width = shutil.get_terminal_size((_PIPE, 40)).columns
    colour = given["out"] is None and shows_colours()
    name, layout = given["format_name"], Layout(lang, width, given["verbose"], colour)
    if given["out"] is None:
        show(writer(name)(done, layout))
        return
    writers = [writer(name), *companions(name).values()]
    write_files({place: write(done, layout) for place, write in zip(_places(given), writers, strict=True)})
