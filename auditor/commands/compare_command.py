"""`compare`: two JSON reports of audits, and which verdicts flip between them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from auditor.authoring.compare import Comparison, compare
from auditor.authoring.titles import requirements_named
from auditor.commands.compare_json import as_json
from auditor.commands.compare_table import as_table
from auditor.commands.delivering import check_delivery, deliver
from auditor.commands.options import build as build_command
from auditor.commands.options import option
from auditor.errors import BadInput, Problem
from auditor.reports.audit_file import AuditFile, read_audit_file
from auditor.texts import Lang

FORMATS = ("table", "json")


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(before: Path, after: Path, **given: Any) -> int:
        return _run(before, after, lang, given)

    return build_command(
        run, "compare", lang,
        click.argument("before", metavar="A.json", type=click.Path(path_type=Path)),
        click.argument("after", metavar="B.json", type=click.Path(path_type=Path)),
        # What ducha.toml calls `format` and `out` is an audit's report: hence other names.
        option(lang, "--format", "shown_as", default="table", metavar="|".join(FORMATS)),
        option(lang, "--out", "-o", "place", type=click.Path(path_type=Path)),
        option(lang, "--verbose", "-v", is_flag=True),
    )  # fmt: skip


def _run(before: Path, after: Path, lang: Lang, given: dict[str, Any]) -> int:
    check_delivery(given["shown_as"], FORMATS, given["place"])
    found = compare(*_both(before, after))
    deliver(_parts(found, lang, given), given["place"])
    return 1 if found.differs else 0


def _both(before: Path, after: Path) -> tuple[AuditFile, AuditFile]:
    """Return both reports; what is wrong with either is told at once."""
    files: list[AuditFile] = []
    problems: list[Problem] = []
    for path in (before, after):
        try:
            files.append(read_audit_file(path))
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    return files[0], files[1]


def _parts(found: Comparison, lang: Lang, given: dict[str, Any]) -> Iterator[str]:
    named = [each.after["requirement_id"] for each in found.flips]
    titles = requirements_named([*named, *(each.requirement_id for each in found.alone)])
    if given["shown_as"] == "json":
        return as_json(found, titles)
    width = min(max(80, shutil.get_terminal_size((100, 40)).columns), 120)
    return as_table(found, titles, lang, width, verbose=given["verbose"])
