"""`packs diff`: what changed from one pack to another, and which verdicts flip on real data."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import click

from auditor.authoring.diff import PackDifference, pack_difference
from auditor.authoring.flips import AuditDifference, audit_difference
from auditor.commands.delivering import check_delivery, deliver
from auditor.commands.options import DATA, as_written, option, options_of, when, window_of
from auditor.commands.options import build as build_command
from auditor.commands.packs_diff_json import as_json
from auditor.commands.packs_diff_table import as_table
from auditor.errors import BadInput, Problem
from auditor.model.requirement import Pack
from auditor.packs.load import load_pack
from auditor.packs.mistakes import near
from auditor.texts import Lang

FORMATS = ("table", "json")
_OF_AN_AUDIT = (
    *("year", "first_on", "last_on", "as_of", "assume_effective"),
    *("skip_bad_rows", "mapping", "drop_columns"),
)


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(before: str, after: str, **given: Any) -> int:
        return _run(before, after, lang, given)

    return build_command(
        run, "packs_diff", lang,
        click.argument("before", metavar="A"),
        click.argument("after", metavar="B"),
        option(lang, "--data", type=DATA),
        *when(lang),
        option(lang, "--skip-bad-rows", is_flag=True),
        *as_written(lang),
        option(lang, "--format", "format_name", default="table", metavar="|".join(FORMATS)),
        option(lang, "--out", "-o", type=click.Path(path_type=Path)),
    )  # fmt: skip


def _run(before: str, after: str, lang: Lang, given: dict[str, Any]) -> int:
    check_delivery(given["format_name"], FORMATS, given["out"])
    data, window = given["data"], window_of(given["year"], given["first_on"], given["last_on"])
    if data is not None and window is None:
        raise BadInput([Problem("usage.no_window")])
    if data is None and any(given[each] for each in _OF_AN_AUDIT):
        raise BadInput([Problem("usage.no_data_to_audit")])
    difference = pack_difference(*_loaded((before, after), given["settings"], audited=data is not None))
    audits = audit_difference(data, difference, window, options_of(**given)) if data and window else None
    deliver(_parts(difference, audits, lang, given["format_name"]), given["out"])
    return 1 if difference.differs or (audits is not None and audits.differs) else 0


def _loaded(names: tuple[str, str], settings: dict[str, str], audited: bool) -> tuple[Pack, Pack]:
    """Return both packs, each with the values of its own parameters; only to be read, examples will do."""
    problems: list[Problem] = []
    packs: list[Pack] = []
    for name in dict.fromkeys(names):
        try:
            packs.append(load_pack(name, None, settings if settings or audited else None))
        except BadInput as bad:
            problems += bad.problems
    problems = problems or _asked_by_neither(packs, settings)
    if problems:
        raise BadInput(problems)
    return packs[0], packs[-1]


def _asked_by_neither(packs: list[Pack], settings: dict[str, str]) -> list[Problem]:
    layers = [layer for pack in packs for layer in (pack, pack.base) if layer]
    known = {name for layer in layers for name in layer.parameters}
    figures = {"expected": "、".join(sorted(known)) or "—"}
    return [
        Problem("usage.unknown_parameter", {"value": name, **figures}, hint=near(name, known))
        for name in sorted(set(settings) - known)
    ]


def _parts(difference: PackDifference, audits: AuditDifference | None, lang: Lang, format_name: str) -> Any:
    if format_name == "json":
        return as_json(difference, audits)
    width = min(max(80, shutil.get_terminal_size((100, 40)).columns), 120)
    return as_table(difference, audits, lang, width)
