"""The clause ledger as one HTML page that stands alone: no script, nothing from elsewhere, fit for print."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from auditor import __version__
from auditor.authoring.coverage import COUNTED, FATES, Cases, Clause, ClauseLedger, Document, Entry
from auditor.texts import Lang, say

_TAGS = {"zh": "zh-CN", "en": "en"}
_VERDICTS = (*COUNTED, "other")
_STYLE = """
:root { color-scheme: light; --ink: #1c2024; --quiet: #565d66; --line: #c9ced6; --ground: #f4f6f8; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; color: var(--ink); background: #fff;
  font: 1rem/1.6 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .25rem; }
p { margin: .25rem 0; } .quiet { color: var(--quiet); } code { font-size: .85em; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; }
caption { text-align: start; color: var(--quiet); padding-bottom: .35rem; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: start; vertical-align: top; }
thead th { background: var(--ground); white-space: nowrap; }
td.number { text-align: end; font-variant-numeric: tabular-nums; }
tbody th { font-weight: 600; overflow-wrap: anywhere; } table.summary { width: auto; }
.fate { white-space: nowrap; border-inline-start: .3rem solid var(--line); }
.automated { border-inline-start-color: #1a7f4b; } .manual { border-inline-start-color: #1f5fae; }
.out_of_scope { border-inline-start-color: #7a4fa3; } .not_quantified { border-inline-start-color: #8a8f98; }
.switched_off { border-inline-start-color: #b26a00; }
.uncovered, .none { color: #a3161f; font-weight: 600; }
.uncovered { border-inline-start-color: #a3161f; }
@media print { @page { margin: 15mm; } body { max-width: none; padding: 0; font-size: 9.5pt; }
  h2 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; } }
"""


def coverage_page(ledger: ClauseLedger, lang: Lang) -> Iterator[str]:
    """Yield the page: the summary, then each document with a table of its clauses."""
    return _Page(ledger, lang).parts()


class _Page:
    def __init__(self, ledger: ClauseLedger, lang: Lang) -> None:
        self.ledger, self.lang = ledger, lang

    def say(self, code: str, **figures: Any) -> str:
        """Return a sentence as HTML text."""
        return escape(say("coverage", code, figures, self.lang))

    def parts(self) -> Iterator[str]:
        yield from self.head()
        yield "<main>\n"
        yield from self.summary()
        for document in self.ledger.documents:
            yield from self.document(document)
        yield "</main>\n"
        made = self.say("made_by", version=__version__, hash=self.ledger.pack.content_hash)
        yield f'<footer class="quiet"><p><small>{made}</small></p></footer>\n</body>\n</html>\n'

    def head(self) -> Iterator[str]:
        pack = self.ledger.pack
        title = self.say("title")
        named = {"title": pack.title.in_language(self.lang), "pack": pack.pack, "version": pack.version}
        document = self.say("document", **named)
        yield f'<!DOCTYPE html>\n<html lang="{_TAGS[self.lang]}">\n<head>\n<meta charset="utf-8">\n'
        yield (
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            "style-src 'unsafe-inline'\">\n"
        )
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        yield f"<title>{title} {document}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        yield f"<header>\n<h1>{title}</h1>\n<p>{document}</p>\n"
        yield f'<p class="quiet">{self.say("issuer", issuer=pack.issuer.in_language(self.lang))}</p>\n</header>\n'

    def summary(self) -> Iterator[str]:
        ledger = self.ledger
        counts = [(self.say(f"fate.{fate}"), ledger.with_fate(fate)) for fate in FATES]
        counts += [
            (self.say("uncovered"), len(ledger.uncovered)),
            (self.say("all_clauses"), len(ledger.clauses)),
        ]
        yield f'<section aria-labelledby="summary">\n<h2 id="summary">{self.say("summary")}</h2>\n'
        figures = {"requirements": len(ledger.requirements), "untested": len(ledger.untested)}
        yield f"<p>{self.say('requirements', **figures)}</p>\n"
        if ledger.untested:
            ids = say("coverage", "join", {}, self.lang).join(ledger.untested)
            yield f'<p class="none">{self.say("untested", ids=ids)}</p>\n'
        yield f'<table class="summary">\n<caption>{self.say("several")}</caption>\n<thead>\n'
        yield _row([_heading(self.say("column.fate")), _heading(self.say("number"))])
        yield "</thead>\n<tbody>\n"
        yield from (_row([_heading(name, "row"), _number(str(number))]) for name, number in counts)
        yield "</tbody>\n</table>\n</section>\n"

    def document(self, document: Document) -> Iterator[str]:
        pack = document.pack
        named = {"title": pack.title.in_language(self.lang), "pack": pack.pack, "version": pack.version}
        name = f"document-{pack.pack}"
        yield f'<section aria-labelledby="{name}">\n<h2 id="{name}">{self.say("document", **named)}</h2>\n'
        yield f"<table>\n<caption>{self.say('legend_columns')}</caption>\n<thead>\n"
        columns = ("clause", "fate", "entry", "cases", *_VERDICTS)
        yield _row([_heading(self.say(f"column.{each}")) for each in columns])
        yield "</thead>\n"
        for clause in document.clauses:
            yield "<tbody>\n"
            yield from self.clause(clause)
            yield "</tbody>\n"
        yield "</table>\n</section>\n"

    def clause(self, clause: Clause) -> Iterator[str]:
        rows = [self.entry(entry) for entry in clause.entries] or [self.uncovered()]
        label = f'<th scope="rowgroup" rowspan="{len(rows)}">{escape(clause.label)}</th>'
        for at, cells in enumerate(rows):
            yield _row([label, *cells] if at == 0 else cells)

    def entry(self, entry: Entry) -> list[str]:
        fate = f'<td class="fate {entry.fate}">{self.say(f"fate.{entry.fate}")}</td>'
        text = entry.title or entry.reason
        told = escape(text.in_language(self.lang)) if text else self.say("no_reason")
        named = f" <code>{escape(entry.id)}</code>" if entry.id else ""
        return [fate, f"<td>{told}{named}</td>", *self.cases(entry.cases)]

    def uncovered(self) -> list[str]:
        fate = f'<td class="fate uncovered">{self.say("uncovered")}</td>'
        return [fate, f"<td>{self.say('uncovered_why')}</td>", *self.cases(None)]

    def cases(self, cases: Cases | None) -> list[str]:
        if cases is None:
            return ["<td></td>"] * (1 + len(_VERDICTS))
        if not cases.cases:
            none = f'<td class="number none">{self.say("no_cases")}</td>'
            return [none, *["<td></td>"] * len(_VERDICTS)]
        return [_number(str(each)) for each in (cases.cases, *map(cases.wanting, _VERDICTS))]


def _row(cells: list[str]) -> str:
    return f"<tr>{''.join(cells)}</tr>\n"


def _heading(text: str, scope: str = "col") -> str:
    return f'<th scope="{scope}">{text}</th>'


def _number(text: str) -> str:
    return f'<td class="number">{text}</td>'
