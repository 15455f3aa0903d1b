"""What failed in one unit, or nearly did, with its evidence; and what is not decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from auditor.model.audit import RowPlace
from auditor.model.finding import Finding
from auditor.reports.by_unit import Shown
from auditor.reports.digest import RequirementSummary
from auditor.reports.html.evidence import evidence
from auditor.reports.html.limits import Limits
from auditor.reports.html.markup import Markup, el
from auditor.reports.html.page import Page, row

Contents = Mapping[RowPlace, Mapping[str, str]]

_OPEN_SHOWN = 60
_GROUPS = ("to_rectify", "waived", "borderline")


def group_of(finding: Finding) -> str | None:
    """Return under which heading a finding is told with its evidence; None for one that needs none."""
    if finding.verdict == "fail":
        return "waived" if finding.waived else "to_rectify"
    return "borderline" if finding.borderline else None


def told(shown: list[Shown], limit: Limits) -> list[list[Shown]]:
    """Return what is told, a list of periods for each requirement; beyond the limit periods lose their evidence."""
    wanted = [each for each in shown if group_of(each.finding)]
    groups = groupby(wanted, key=lambda each: (group_of(each.finding), each.finding.requirement_id))
    return [
        [
            each if at < limit.told else replace(each, finding=replace(each.finding, evidence=()))
            for at, each in enumerate(same)
        ]
        for _, same in groups
    ]


def findings(page: Page, told: list[list[Shown]], limit: Limits, contents: Contents) -> Iterator[Markup]:
    """Yield what is to be put right, what is waived, and what another reading would turn."""
    for group in _GROUPS:
        of_group = [periods for periods in told if group_of(periods[0].finding) == group]
        if of_group:
            yield el("h4", page.say(f"unit.{group}"))
            yield from (_finding(page, periods, limit, contents) for periods in of_group)


def _finding(page: Page, periods: list[Shown], limit: Limits, contents: Contents) -> Markup:
    about = page.digest.requirement[periods[0].finding.requirement_id]
    headers = [page.say(f"finding.{each}") for each in ("period", "measured", "required", "shortfall", "why")]
    rows = [_period(page, each.finding) for each in periods[: limit.periods]]
    more = len(periods) - len(rows)
    return el(
        "article",
        el("h5", page.requirement(about.requirement_id), " ", page.severity(about.severity)),
        el("p", page.basis(about.document, about.clause), class_="quiet"),
        page.table(
            page.say("finding.caption", title=about.title), headers, rows, class_="findings", quiet=True
        ),
        el("p", page.say("periods.more", more=more)) if more else None,
        _remedy(page, about) if group_of(periods[0].finding) == "to_rectify" else None,
        [evidence(page, each, contents) for each in periods],
        class_="finding",
    )


def _remedy(page: Page, about: RequirementSummary) -> Markup:
    requirement = about.requirement
    return el(
        "p",
        el("b", page.say("req.remedy"), page.say("colon")),
        requirement.remedy.in_language(page.lang),
        el("br"),
        el("b", page.say("req.responsible"), page.say("colon")),
        requirement.responsible.in_language(page.lang),
        page.say("semicolon"),
        page.say("within", days=requirement.rectify_working_days),
    )


def _period(page: Page, finding: Finding) -> Markup:
    return row(
        finding.period,
        page.view.measured(finding),
        page.view.standard(finding),
        page.view.shortfall(finding),
        _why(page, finding),
        head=0,
    )


def _why(page: Page, finding: Finding) -> list[Markup | str | None]:
    notes = page.view.notes(finding)
    return [
        page.view.sentence(finding),
        el("ul", [el("li", each) for each in notes], class_="notes") if notes else None,
    ]


def undecided(page: Page, shown: list[Shown]) -> Iterator[Markup]:
    """Yield what still runs, and what the data do not say."""
    headers = [page.say(f"finding.{each}") for each in ("requirement", "period", "why")]
    for verdict in ("pending", "insufficient_data"):
        found = [each.finding for each in shown if each.finding.verdict == verdict]
        if found:
            rows = [_undecided(page, each) for each in found[:_OPEN_SHOWN]]
            yield el("h4", page.say(f"unit.{verdict}", count=len(found)))
            yield page.table(page.word(f"verdict.{verdict}"), headers, rows, class_="findings", quiet=True)
        if len(found) > _OPEN_SHOWN:
            yield el("p", page.say("data.more", more=len(found) - _OPEN_SHOWN))


def _undecided(page: Page, finding: Finding) -> Markup:
    clause = el("span", page.clause(page.view.requirement(finding).clause), class_="quiet")
    return row(
        [page.requirement(finding.requirement_id), " ", clause], finding.period, _why(page, finding), head=0
    )
