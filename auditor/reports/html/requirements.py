"""The requirements one by one: the rule in words, its basis, which units failed it, which could not be judged."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.finding import VERDICTS
from auditor.reports.digest import RequirementSummary
from auditor.reports.html.charts import bar
from auditor.reports.html.markup import Markup, el, joined
from auditor.reports.html.page import Page, row

_UNITS_SHOWN = 100


def requirements(page: Page) -> Iterator[Markup]:
    """Yield a section for each requirement, folded; in front of them the duties that several documents word."""
    yield from _duties(page)
    for each in page.digest.requirements:
        yield _requirement(page, each)


def _requirement(page: Page, each: RequirementSummary) -> Markup:
    at = page.requirement_at[each.requirement_id]
    failing = (
        el("span", page.say("req.failing", count=len(each.failing)), class_="tag t-fails")
        if each.failing
        else None
    )
    summary = el(
        "summary",
        el("h3", each.title),
        " ",
        page.severity(each.severity),
        " ",
        failing,
        " ",
        el("span", page.clause(each.clause), class_="quiet"),
    )
    return joined(
        el("details", summary, _facts(page, each), _standing(page, each), id=f"r{at}", class_="find fold"),
        Markup("\n"),
    )


def _facts(page: Page, each: RequirementSummary) -> Markup:
    requirement = each.requirement
    facts: list[tuple[str, str | Markup]] = [
        ("rule", page.audit.rule(each.requirement_id, page.lang)),
        ("basis", page.basis(each.document, each.clause)),
        ("id", el("code", each.requirement_id)),
        ("remedy", requirement.remedy.in_language(page.lang)),
        ("responsible", requirement.responsible.in_language(page.lang)),
        ("within", page.say("within", days=requirement.rectify_working_days)),
    ]
    if requirement.note:
        facts.append(("note", requirement.note.in_language(page.lang)))
    if requirement.assumed:
        facts.append(("assumed", page.word("note.assumed")))
    if requirement.changed:
        why = requirement.changed.reason.in_language(page.lang)
        facts.append(("changed", page.word("note.changed", by=requirement.changed.by, reason=why)))
    return el("dl", [[el("dt", page.say(f"req.{name}")), el("dd", value)] for name, value in facts])


def _standing(page: Page, each: RequirementSummary) -> Iterator[Markup]:
    shown = [(verdict, each.unit_counts[verdict]) for verdict in VERDICTS]
    words = page.join(
        page.say("count", what=page.word(f"verdict.{verdict}"), count=n) for verdict, n in shown if n
    )
    yield el("p", page.say("req.units", bound=each.bound), words)
    yield bar(shown, page.say("req.bar", bound=each.bound))
    for name, units in (
        ("failing", each.failing),
        ("waived", each.waived),
        ("lacking", _lacking(page, each)),
    ):
        if units:
            more = page.say("more", more=len(units) - _UNITS_SHOWN) if len(units) > _UNITS_SHOWN else ""
            links = page.join(page.unit(unit_id, with_id=True) for unit_id in units[:_UNITS_SHOWN])
            yield el("p", el("b", page.say(f"req.who.{name}", count=len(units))), links, more)


def _lacking(page: Page, each: RequirementSummary) -> tuple[str, ...]:
    at = page.requirement_at[each.requirement_id] - 1
    standing = ((unit_id, cells[at]) for unit_id, cells in page.digest.matrix.items())
    return tuple(unit_id for unit_id, cell in standing if cell and cell.verdict == "insufficient_data")


def _duties(page: Page) -> Iterator[Markup]:
    duties = page.audit.duties
    if duties:
        rows = [
            row(
                el(
                    "ul",
                    [el("li", _asked(page, each, each in duty.strictest)) for each in duty.requirement_ids],
                    class_="plain",
                ),
                len(duty.unit_ids),
            )
            for duty in duties
        ]
        headers = [page.say("duties.asked"), page.say("duties.units")]
        yield page.table(page.say("duties.caption", count=len(duties)), headers, rows)


def _asked(page: Page, requirement_id: str, is_strictest: bool) -> Markup:
    mark = el("span", page.say("duties.strictest"), class_="tag t-note") if is_strictest else None
    return joined(
        page.requirement(requirement_id),
        " ",
        el("span", page.digest.requirement[requirement_id].document, class_="quiet"),
        " ",
        mark,
    )
