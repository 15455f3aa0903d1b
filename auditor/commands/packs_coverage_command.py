"""`packs coverage`: every clause of a document, what became of it, and its cases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import click
from tabulate import tabulate

from auditor.authoring.coverage import (
    COUNTED,
    FATES,
    Cases,
    Clause,
    ClauseLedger,
    Document,
    Entry,
    clause_ledger,
)
from auditor.authoring.coverage_page import coverage_page
from auditor.commands.delivering import check_delivery, deliver
from auditor.commands.options import build as build_command
from auditor.commands.options import option
from auditor.packs.load import find_pack, load_pack
from auditor.reports.to_table import wrap
from auditor.texts import Lang, say

FORMATS = ("table", "html")
_COLUMNS = ("clause", "fate", "entry", "cases")
_LONGEST_LABEL, _OTHER_COLUMNS = 22, 36
"""How wide a clause's label may be, and what the columns of fate and cases take."""


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(pack: str, format_name: str, out: Path | None) -> int:
        check_delivery(format_name, FORMATS, out)
        ledger = clause_ledger(load_pack(pack), find_pack(pack), Path.cwd())
        deliver(coverage_page(ledger, lang) if format_name == "html" else _table(ledger, lang), out)
        return 0

    return build_command(
        run, "packs_coverage", lang,
        click.argument("pack", metavar="NAME|FILE"),
        option(lang, "--format", "format_name", default="table", metavar="|".join(FORMATS)),
        option(lang, "--out", "-o", type=click.Path(path_type=Path)),
    )  # fmt: skip


def _table(ledger: ClauseLedger, lang: Lang) -> Iterator[str]:
    width = min(max(80, shutil.get_terminal_size((100, 40)).columns), 120)
    labels = (_width(clause.label) for clause in ledger.clauses)
    label_width = min(max(labels, default=0), _LONGEST_LABEL)
    page = _Page(lang, label_width, width - _OTHER_COLUMNS - label_width)
    yield page.say("title") + "\n"
    for document in ledger.documents:
        yield from page.document(document)
    figures = {fate: ledger.with_fate(fate) for fate in FATES}
    counts = {"clauses": len(ledger.clauses), "uncovered": len(ledger.uncovered)}
    tested = {"requirements": len(ledger.requirements), "untested": len(ledger.untested)}
    sentences = [page.say("clauses", **figures, **counts), page.say("requirements", **tested)]
    if ledger.untested:
        sentences.append(page.say("untested", ids=page.say("join").join(ledger.untested)))
    yield "\n" + "".join(wrap(each, width) + "\n" for each in [page.say("legend"), *sentences])


def _width(label: str) -> int:
    """Return how many columns of a terminal a label takes."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in label)


class _Page:
    def __init__(self, lang: Lang, label_width: int, text_width: int) -> None:
        self.lang, self.label_width, self.text_width = lang, label_width, text_width

    def say(self, code: str, **figures: Any) -> str:
        return say("coverage", code, figures, self.lang)

    def document(self, document: Document) -> Iterator[str]:
        pack = document.pack
        title = pack.title.in_language(self.lang)
        yield "\n" + self.say("document", title=title, pack=pack.pack, version=pack.version) + "\n\n"
        rows = [row for clause in document.clauses for row in self.clause(clause)]
        headers = [self.say(f"column.{each}") for each in _COLUMNS]
        yield tabulate(rows, headers, tablefmt="simple", disable_numparse=True) + "\n"

    def clause(self, clause: Clause) -> Iterator[list[str]]:
        label = wrap(clause.label, self.label_width)
        if not clause.entries:
            yield [label, self.say("uncovered"), wrap(self.say("uncovered_why"), self.text_width), ""]
        for at, entry in enumerate(clause.entries):
            yield [
                "" if at else label,
                self.say(f"fate.{entry.fate}"),
                self.told(entry),
                self.cases(entry.cases),
            ]

    def told(self, entry: Entry) -> str:
        text = entry.title or entry.reason
        told = text.in_language(self.lang) if text else self.say("no_reason")
        named = f" [{entry.id.partition('/')[2]}]" if entry.id else ""
        return wrap(told + named, self.text_width)

    def cases(self, cases: Cases | None) -> str:
        if cases is None:
            return ""
        if not cases.cases:
            return self.say("no_cases")
        wanting = {verdict: cases.wanting(verdict) for verdict in (*COUNTED, "other")}
        return self.say("cases", cases=cases.cases, **wanting)
