"""The audit as one page that opens anywhere: no network, no script needed, on a screen, a phone and paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from auditor.model.audit import Audit
from auditor.reports.html.closing_parts import data, method, questions
from auditor.reports.html.frame import closing, found_by, opening, section
from auditor.reports.html.heat_map import heat_map
from auditor.reports.html.leader import heading, leader
from auditor.reports.html.list_of_issues import Issues, list_of_issues
from auditor.reports.html.markup import Markup
from auditor.reports.html.page import Page
from auditor.reports.html.ranking import ranking
from auditor.reports.html.requirements import requirements
from auditor.reports.html.units import units
from auditor.reports.registry import Layout


def write(audit: Audit, layout: Layout) -> Iterator[str]:
    """Yield the page: the leader's page first, so that it is seen before the rest is read."""
    page = Page(audit, layout)
    issues = Issues(page)
    yield opening(page, heading(page))
    yield from _section(page, "leader", leader(page, issues))
    yield found_by(page)
    parts: tuple[tuple[str, Callable[[Page], Iterator[Markup]]], ...] = (
        ("heat", heat_map),
        ("ranking", ranking),
        ("list", lambda page: list_of_issues(page, issues)),
        ("requirements", requirements),
        ("units", units),
        ("questions", questions),
        ("data", data),
        ("method", method),
    )
    for name, part in parts:
        yield from _section(page, name, part(page))
    yield closing(page)


def _section(page: Page, name: str, parts: Iterator[Markup | None]) -> Iterator[str]:
    before, after = section(page, name)
    yield before
    yield from (each for each in parts if each)
    yield after
