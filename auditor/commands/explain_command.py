"""`explain`: why a finding says what it says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from auditor.authoring.explain import explain
from auditor.commands.explain_page import ExplainPage
from auditor.commands.options import as_written, data_argument, option, options_of, when, window_of
from auditor.commands.options import build as build_command
from auditor.commands.showing import show
from auditor.errors import BadInput, Problem
from auditor.model.finding import Finding
from auditor.tables.database import Database
from auditor.texts import Lang


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(data: Path | Database, unit: str, requirement: str, **given: Any) -> int:
        return _run(data, unit, requirement, lang, given)

    return build_command(
        run, "explain", lang,
        data_argument(),
        click.argument("unit"),
        click.argument("requirement"),
        option(lang, "--pack", "packs", multiple=True, metavar="NAME|FILE"),
        option(lang, "--period", metavar="LABEL"),
        *when(lang),
        *as_written(lang),
        option(lang, "--verbose", "-v", is_flag=True),
    )  # fmt: skip


def _run(data: Path | Database, unit: str, requirement: str, lang: Lang, given: dict[str, Any]) -> int:
    window = window_of(given["year"], given["first_on"], given["last_on"])
    found = explain(data, unit, requirement, given["packs"], window, options_of(**given))
    with found.audit:
        findings = [each for each in found.findings if given["period"] in (None, each.period)]
        if not findings:
            periods = "、".join(each.period for each in found.findings)
            raise BadInput([Problem("usage.unknown_period", {"value": given["period"], "expected": periods})])
        width = min(shutil.get_terminal_size((80, 40)).columns, 110)
        show(_page(ExplainPage(found, lang, max(width, 60), given["verbose"]), findings))
        return 1 if any(each.verdict == "fail" for each in findings) else 0


def _page(page: ExplainPage, findings: list[Finding]) -> Iterator[str]:
    yield from page.head()
    for finding in findings:
        yield from page.finding(finding)
    yield from page.remedy()
