"""`explain`: why a finding says what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from tabulate import tabulate

from auditor.authoring.explain import Explanation, explain
from auditor.commands.options import as_written, data_argument, option, options_of, when, window_of
from auditor.commands.options import build as build_command
from auditor.commands.showing import show
from auditor.errors import BadInput, Problem
from auditor.model.finding import Finding
from auditor.reports.to_table import wrap
from auditor.reports.view import View, number, place
from auditor.tables.database import Database
from auditor.texts import Lang, say


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
    )  # fmt: skip


def _run(data: Path | Database, unit: str, requirement: str, lang: Lang, given: dict[str, Any]) -> int:
    window = window_of(given["year"], given["first_on"], given["last_on"])
    found = explain(data, unit, requirement, given["packs"], window, options_of(**given))
    with found.audit:
        findings = [each for each in found.findings if given["period"] in (None, each.period)]
        if not findings:
            periods = "、".join(each.period for each in found.findings)
            raise BadInput([Problem("usage.unknown_period", {"value": given["period"], "expected": periods})])
        show(_page(found, findings, lang))
        return 1 if any(each.verdict == "fail" for each in findings) else 0


def _page(found: Explanation, findings: list[Finding], lang: Lang) -> Iterator[str]:
    requirement, source = found.requirement, found.audit.provenance
    unit = found.audit.units[0]
    head = {
        "id": requirement.id, "title": requirement.title.in_language(lang), "clause": requirement.clause,
        "pack": source.packs[0].title.in_language(lang), "unit": found.unit_id, "name": unit.name or "",
        "first": source.first_on, "last": source.last_on, "as_of": source.as_of,
    }  # fmt: skip
    yield say("explain", "head", head, lang) + "\n"
    yield _part("rule", wrap(found.rule[lang], 96), lang)
    if requirement.note:
        yield _part("note", wrap(requirement.note.in_language(lang), 96), lang)
    yield _part("sql", found.sql, lang)
    for finding in findings:
        yield from _finding(found, finding, View(found.audit, lang))
    yield _part("remedy", requirement.remedy.in_language(lang), lang)


def _part(code: str, text: str, lang: Lang) -> str:
    indented = "\n".join(f"  {line}" for line in text.split("\n"))
    return f"\n{say('explain', code, {}, lang)}\n{indented}\n"


def _finding(found: Explanation, finding: Finding, view: View) -> Iterator[str]:
    verdict = view.word(f"verdict.{finding.verdict}")
    lines = [view.sentence(finding), *view.notes(finding)]
    yield (
        _part("finding", "\n".join(lines), view.lang)
        .replace("{period}", finding.period)
        .replace("{verdict}", verdict)
    )
    if finding.evidence:
        headers = [
            say("explain", f"column.{each}", {}, view.lang)
            for each in ("place", "value", "shortfall", "row", "also")
        ]
        rows = [_evidence(found, each, view) for each in finding.evidence]
        table = tabulate(rows, headers, tablefmt="simple", disable_numparse=True)
        yield "".join(f"  {line}\n" for line in table.split("\n"))


def _evidence(found: Explanation, each: Any, view: View) -> list[str]:
    key = (each.file, each.sheet, each.row)
    cells = found.contents[view.lang].get(key, {})
    also = say("explain", "join", {}, view.lang).join(
        other.partition("/")[2] for other in found.also.get(key, ())
    )
    shown = [("" if figure is None else number(figure)) for figure in (each.value, each.shortfall)]
    return [
        place(each),
        *shown,
        wrap(_row(cells, view.lang), 60),
        wrap(also, 24),
    ]


def _row(cells: Mapping[str, str], lang: Lang) -> str:
    words = [say("explain", "cell", {"label": label, "value": value}, lang) for label, value in cells.items()]
    return say("explain", "cells", {}, lang).join(words)
