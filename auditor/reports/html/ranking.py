"""The ranking: every unit with its rating, its score and the sum that the score is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from auditor.reports.digest import UnitSummary
from auditor.reports.html.charts import bar
from auditor.reports.html.markup import Markup, el, joined
from auditor.reports.html.page import Page, amount, percent_of, row


def ranking(page: Page) -> Iterator[Markup]:
    """Yield how scores come about, then the units from the worst to the best."""
    headers = [
        page.say(f"rank.{each}") for each in ("place", "unit", "rating", "score", "sum", "coverage", "failed")
    ]
    rated = sum(each.place is not None for each in page.digest.units)
    yield page.table(
        page.say("rank.caption", units=len(page.digest.units), rated=rated),
        headers,
        [_row(page, each) for each in page.digest.ranking],
        class_="figures",
    )


def _row(page: Page, unit: UnitSummary) -> Markup:
    tied = el("span", page.say("tied"), class_="tag t-note") if unit.tied else None
    little = el("span", page.say("little_judged"), class_="tag t-note") if unit.little_judged else None
    return row(
        "—" if unit.place is None else [unit.place, tied],
        [page.unit(unit.unit_id, with_id=True), " ", page.path(unit), little],
        page.rating(unit.rating),
        _score(page, unit),
        sum_of(page, unit),
        [
            page.say("coverage", judged=unit.judged, applicable=unit.applicable),
            " (",
            percent_of(unit.coverage),
            ")",
        ],
        len(unit.failed),
        head=1,
        class_="find",
        data_rating=unit.rating,
    )


def _score(page: Page, unit: UnitSummary) -> Markup:
    if unit.score is None:
        return joined("—")
    shown = bar([(unit.rating, Fraction(unit.score))], page.say("rank.bar", score=unit.score), 100)
    return joined(el("b", str(unit.score)), shown)


def sum_of(page: Page, unit: UnitSummary) -> str:
    """Return the sum that a unit's score is, in one line."""
    if unit.score is None:
        return page.say("sum.none")
    return page.say("sum", earned=amount(unit.weight_earned), judged=unit.weight_judged, score=unit.score)
