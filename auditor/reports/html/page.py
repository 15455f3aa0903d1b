"""What every part of the page shares: the audit's words, links between units and requirements, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from auditor.model.audit import Audit
from auditor.reports.digest import Cell, Digest, UnitSummary, digest
from auditor.reports.html.markup import Child, Markup, el, joined, user
from auditor.reports.registry import Layout
from auditor.reports.view import View, number
from auditor.texts import say

UNITS_IN_FULL = 1000
"""Units that the heat map and the sections show, the worst ones; the ranking names them all."""


class Page:
    """An audit on its way to a page."""

    def __init__(self, audit: Audit, layout: Layout) -> None:
        self.audit, self.lang, self.view = audit, layout.lang, View(audit, layout.lang)
        self.digest: Digest = digest(audit, layout.lang)
        shown = {each.unit_id for each in self.digest.ranking[:UNITS_IN_FULL]}
        self.shown_units = tuple(each for each in self.digest.units if each.unit_id in shown)
        self.unit_at = {each.unit_id: at for at, each in enumerate(self.digest.units, 1)}
        self.requirement_at = {each.requirement_id: at for at, each in enumerate(self.digest.requirements, 1)}
        self._shown = shown

    def say(self, code: str, **figures: Any) -> str:
        """Return a sentence of the page."""
        return say("html", code, figures, self.lang)

    def word(self, code: str, **figures: Any) -> str:
        """Return a fixed word of the reports."""
        return self.view.word(code, **figures)

    def join(self, words: Iterable[Child]) -> Markup:
        """Return words as a list within a sentence."""
        between, parts = self.say("join"), list(words)
        return joined([[between, each] if at else each for at, each in enumerate(parts)])

    def unit(self, unit_id: str, *, with_id: bool = False) -> Markup:
        """Return a unit's name, linked to its section where it has one."""
        unit = self.digest.unit[unit_id]
        name = joined(user(unit.name), el("small", " ", user(unit.unit_id)) if with_id else None)
        if unit_id not in self._shown:
            return el("span", name)
        return el("a", name, href=f"#u{self.unit_at[unit_id]}")

    def path(self, unit: UnitSummary) -> Markup | None:
        """Return the names above a unit; nothing for one at the top."""
        above = unit.path[:-1]
        if not above:
            return None
        return el(
            "span", [[" / " if at else None, user(each)] for at, each in enumerate(above)], class_="path"
        )

    def requirement(self, requirement_id: str) -> Markup:
        """Return a requirement's title, linked to its section."""
        found = self.digest.requirement[requirement_id]
        return el("a", found.title, href=f"#r{self.requirement_at[requirement_id]}")

    def basis(self, document: str, clause: str) -> str:
        """Return where a requirement stands: the document and the clause."""
        return self.say("basis_of", document=self.say("document", title=document), clause=self.clause(clause))

    def clause(self, clause: str) -> str:
        """Return a clause as a reader names it."""
        return self.say("clause", clause=clause)

    def rating(self, rating: str) -> Markup:
        """Return a rating as a coloured word."""
        return el("span", self.word(f"rating.{rating}"), class_=f"tag t-{rating}")

    def severity(self, severity: str) -> Markup:
        """Return a severity as a word; the grave ones are marked."""
        return el("span", self.word(f"severity.{severity}"), class_=f"tag t-{severity}")

    def verdict(self, cell: Cell) -> Markup:
        """Return the verdict of a cell as a sign and a word."""
        kind = "waived" if cell.is_waived else cell.verdict
        word = self.word(f"verdict.{cell.verdict}") + (self.say("of_waived") if cell.is_waived else "")
        return el(
            "span", el("span", self.say(f"sign.{kind}"), aria_hidden="true"), " ", word, class_=f"v k-{kind}"
        )

    def table(
        self,
        caption: str,
        headers: Sequence[str],
        rows: Iterable[Child],
        *,
        class_: str = "",
        foot: Child = None,
        quiet: bool = False,
    ) -> Markup:
        """Return a table that scrolls within itself. Rows are `tr` elements; a quiet caption is for listeners alone."""
        return el(
            "div",
            el(
                "table",
                el("caption", caption, class_="hid" if quiet else None),
                el("thead", el("tr", [el("th", each, scope="col") for each in headers])),
                el("tbody", rows),
                el("tfoot", foot) if foot else None,
                class_=class_ or None,
            ),
            class_="scroll",
            role="group",
            tabindex=0,
            aria_label=caption,
        )


def amount(value: Fraction) -> str:
    """Return a part of a weight: exact where two decimals hold it, else rounded and marked as such."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    shown = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return number(shown) if Fraction(shown) == value else f"≈{number(shown)}"


def percent_of(part: Fraction | None) -> str:
    """Return a share in whole percent, never 100 % for less than all."""
    return "—" if part is None else f"{part.numerator * 100 // part.denominator}%"


def row(*cells: Child, head: int | None = None, **attributes: str | int | bool | None) -> Markup:
    """Return a row of a table; the cell numbered `head` names the row."""
    written = [el("th", each, scope="row") if at == head else el("td", each) for at, each in enumerate(cells)]
    return el("tr", written, **attributes)
