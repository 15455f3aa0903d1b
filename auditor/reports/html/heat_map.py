"""The heat map: units x requirements. Each cell says its verdict by a sign as well as by its colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from auditor.model.finding import VERDICTS
from auditor.reports.digest import Cell, RequirementSummary, UnitSummary
from auditor.reports.html.markup import Markup, el, joined
from auditor.reports.html.page import Page

_COLUMNS = 50
"""Requirements side by side: what a landscape page of A4 holds; more are shared out evenly."""


def heat_map(page: Page) -> Iterator[Markup]:
    """Yield the meaning of the signs, then a map for each document, the worst unit at the top."""
    yield _signs(page)
    shown = page.digest.ranking[: len(page.shown_units)]
    if len(shown) < len(page.digest.ranking):
        yield el("p", page.say("heat.left_out", shown=len(shown), more=len(page.digest.ranking) - len(shown)))
    for document, each in groupby(page.digest.requirements, key=lambda each: each.document):
        for columns in _shared_out(list(each)):
            yield from _map(page, document, columns, shown)


def _shared_out(columns: list[RequirementSummary]) -> Iterator[list[RequirementSummary]]:
    blocks = -(-len(columns) // _COLUMNS)
    size = -(-len(columns) // blocks)
    for at in range(0, len(columns), size):
        yield columns[at : at + size]


def _signs(page: Page) -> Markup:
    kinds = [
        *((verdict, page.word(f"verdict.{verdict}")) for verdict in VERDICTS),
        ("waived", page.say("sign.waived_is")),
    ]
    items = [
        el("li", el("span", page.say(f"sign.{kind}"), class_=f"sign k-{kind}"), " ", word)
        for kind, word in kinds
    ]
    return joined(
        el("ul", items, el("li", page.say("heat.blank")), class_="plain across"),
        el("p", page.say("heat.number")),
    )


def _map(
    page: Page, document: str, columns: Sequence[RequirementSummary], units: Sequence[UnitSummary]
) -> Iterator[Markup]:
    """Yield one map in pieces: a map of many units is long, and is written without holding it."""
    caption = page.say("heat.caption", document=document, first=columns[0].clause, last=columns[-1].clause)
    yield Markup('<div class="scroll tall" role="group" tabindex="0" aria-label="')
    yield joined(caption)
    yield Markup('"><table class="heat">')
    yield joined(el("caption", caption), _head(page, columns), Markup("<tbody>"))
    places = [page.requirement_at[each.requirement_id] - 1 for each in columns]
    known: dict[Cell | None, str] = {}
    for unit in units:
        cells = page.digest.matrix[unit.unit_id]
        yield _row(page, unit, [cells[at] for at in places], known)
    yield joined(Markup("</tbody>"), _foot(page, columns), Markup("</table></div>\n"))


def _head(page: Page, columns: Sequence[RequirementSummary]) -> Markup:
    heads = [
        el(
            "th",
            el(
                "a",
                el("span", f"{each.clause} {each.title}"),
                href=f"#r{page.requirement_at[each.requirement_id]}",
            ),
            scope="col",
        )
        for each in columns
    ]
    return el(
        "thead",
        el(
            "tr",
            el("th", page.say("heat.unit"), scope="col"),
            heads,
            el("th", page.say("heat.failed"), scope="col"),
        ),
    )


def _row(
    page: Page, unit: UnitSummary, cells: Sequence[Cell | None], known: dict[Cell | None, str]
) -> Markup:
    written = "".join(known.get(cell) or known.setdefault(cell, _cell(page, cell)) for cell in cells)
    failed = sum(cell is not None and cell.fails for cell in cells)
    name = el("th", page.unit(unit.unit_id), " ", page.rating(unit.rating), scope="row")
    return Markup(
        f'<tr class="find" data-rating="{unit.rating}">{name}{written}<td class="sum">{failed}</td></tr>\n'
    )


def _cell(page: Page, cell: Cell | None) -> str:
    if cell is None:
        return "<td></td>"
    kind = "waived" if cell.is_waived else cell.verdict
    sign, number = page.say(f"sign.{kind}"), cell.count("fail") if cell.count("fail") > 1 else ""
    return f'<td class="k-{kind}">{joined(sign)}{number}</td>'


def _foot(page: Page, columns: Sequence[RequirementSummary]) -> Markup:
    sums = [el("td", len(each.failing), class_="sum") for each in columns]
    return el(
        "tfoot",
        el(
            "tr",
            el("th", page.say("heat.failing"), scope="row"),
            sums,
            el("td", sum(len(each.failing) for each in columns), class_="sum"),
        ),
    )
