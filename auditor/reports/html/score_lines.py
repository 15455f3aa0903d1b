"""Every requirement of one unit: its verdict, what was measured, and its part of the score; the sum below them."""

from __future__ import annotations

from itertools import groupby

from auditor.model.finding import Finding
from auditor.reports.by_unit import Shown
from auditor.reports.digest import Cell, ScoreRow, UnitSummary
from auditor.reports.html.markup import Markup, el, joined
from auditor.reports.html.page import Page, amount, row
from auditor.reports.html.ranking import sum_of

_PERIODS_SHOWN = 4
"""Periods of one requirement that are named; what needs an answer comes first."""


def score_lines(page: Page, unit: UnitSummary, shown: list[Shown]) -> Markup:
    """Return the table, under its heading."""
    by_id: dict[str, list[Shown]] = {}
    for each in shown:
        by_id.setdefault(each.finding.requirement_id, []).append(each)
    ids = (each.requirement_id for each in page.digest.requirements)
    cells = dict(zip(ids, page.digest.matrix[unit.unit_id], strict=True))
    rows = [_line(page, line, cells[line.requirement_id], by_id) for line in unit.score_rows]
    headers = [
        page.say(f"line.{each}") for each in ("requirement", "verdict", "measured", "periods", "points")
    ]
    foot = el(
        "tr", el("th", page.say("line.sum"), scope="row", colspan=3), el("td", sum_of(page, unit), colspan=2)
    )
    caption = page.say("unit.all_of", name=unit.name)
    return joined(
        el("h4", page.say("unit.all", count=len(rows))),
        page.table(caption, headers, rows, class_="lines", foot=foot, quiet=True),
    )


def _line(page: Page, line: ScoreRow, cell: Cell | None, by_id: dict[str, list[Shown]]) -> Markup:
    judged, earned = "—", page.say("line.none")
    if line.judged:
        judged = page.say("line.judged", passed=line.passed, judged=line.judged)
        earned = page.say("line.earned", earned=amount(line.earned), weight=line.weight)
    return row(
        [page.requirement(line.requirement_id), " ", el("span", page.clause(line.clause), class_="quiet")],
        page.verdict(cell) if cell else None,
        _measured(page, by_id.get(line.requirement_id, [])),
        judged,
        earned,
        head=0,
    )


def _measured(page: Page, shown: list[Shown]) -> Markup:
    """Return period by period what was measured; periods that say the same stand together."""
    parts = []
    for words, same in groupby(shown, key=lambda each: _said(page, each.finding)):
        parts.append(
            el(
                "li",
                el("span", _span(page, [each.finding.period for each in same]), class_="quiet"),
                " ",
                words,
            )
        )
    more = (
        el("li", page.say("line.more", more=len(parts) - _PERIODS_SHOWN))
        if len(parts) > _PERIODS_SHOWN
        else None
    )
    counted = _counted(page, shown)
    rows = el("li", counted, class_="quiet") if counted else None
    return el("ul", parts[:_PERIODS_SHOWN], more, rows, class_="plain")


def _span(page: Page, periods: list[str]) -> str:
    if len(periods) == 1:
        return periods[0]
    return page.say("line.span", first=periods[0], last=periods[-1], count=len(periods))


def _said(page: Page, finding: Finding) -> str:
    if finding.verdict in ("not_applicable", "insufficient_data"):
        return page.view.sentence(finding)
    return page.say(
        "line.figures", measured=page.view.measured(finding), required=page.view.standard(finding)
    )


def _counted(page: Page, shown: list[Shown]) -> str:
    rows = sum(len(each.finding.evidence) + each.left_out for each in shown)
    files = sorted({row.file for each in shown for row in each.finding.evidence if row.file})
    return page.say("line.rows", rows=rows, files=page.say("join").join(files)) if rows and files else ""
