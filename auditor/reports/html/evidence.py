"""The evidence of a finding: where each row stands, what it says, what it lacks; and how many rows are not shown."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model.audit import RowPlace
from auditor.model.finding import Evidence
from auditor.reports.by_unit import Shown
from auditor.reports.html.markup import Markup, el, joined, user
from auditor.reports.html.page import Page, row
from auditor.reports.view import number, place

_CELL_SHOWN = 400
"""Signs of one cell; a longer one is cut, and the page says so."""


def evidence(page: Page, shown: Shown, contents: Mapping[RowPlace, Mapping[str, str]]) -> Markup | None:
    """Return the rows of a finding, folded; where some are off, only those. Nothing where it rests on none."""
    finding = shown.finding
    if not finding.evidence:
        return None
    count = len(finding.evidence) + shown.left_out
    off = [each for each in finding.evidence if each.shortfall is not None]
    rows = off or list(finding.evidence)
    caption = page.say("evidence.caption", period=finding.period, rows=count)
    headers = [page.say(f"evidence.{each}") for each in ("place", "subject", "figure", "row")]
    late = page.digest.requirement[finding.requirement_id].requirement.measure.kind == "deadline"
    written = [
        _row(page, each, contents.get((each.file, each.sheet, each.row), {}), late=late) for each in rows
    ]
    return el(
        "details",
        el("summary", caption),
        page.table(caption, headers, written, class_="evidence", quiet=True),
        _left_out(page, count - len(rows), in_order=0 < len(off) < len(finding.evidence)),
        class_="fold rows",
    )


def _left_out(page: Page, more: int, *, in_order: bool) -> Markup | None:
    """Say how many rows are not shown. What is off comes first: where another row was kept, all of it was."""
    if not more:
        return None
    return el("p", page.say("evidence.others" if in_order else "evidence.left_out", more=more))


def _row(page: Page, each: Evidence, cells: Mapping[str, str], *, late: bool) -> Markup:
    said = [
        el("span", el("span", label, class_="k"), " ", user(cut(page, cell)), class_="cell")
        for label, cell in cells.items()
    ]
    return row(
        user(place(each)) if each.file else "—",
        user(each.subject) if each.subject is not None else "—",
        _figure(page, each, late=late),
        joined([[one, " "] for one in said]) if said else "—",
        class_="off" if each.shortfall is not None else None,
    )


def _figure(page: Page, each: Evidence, *, late: bool) -> str:
    if each.shortfall is not None and late:
        return page.say("evidence.late", days=number(each.shortfall))
    value = [] if each.value is None else [number(each.value)]
    short = [] if each.shortfall is None else [page.say("evidence.short", shortfall=number(each.shortfall))]
    return page.say("evidence.join").join([*value, *short]) or "—"


def cut(page: Page, text: str) -> str:
    """Return text of a bearable length; where it was cut, it says how much is missing."""
    if len(text) <= _CELL_SHOWN:
        return text
    return text[:_CELL_SHOWN] + page.say("cut", more=len(text) - _CELL_SHOWN)
