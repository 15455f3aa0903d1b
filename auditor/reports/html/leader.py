"""The leader's page: who, how bad, what is common, what to do next. One printed page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from auditor.model.finding import VERDICTS
from auditor.reports.digest import RATINGS, UnitSummary
from auditor.reports.html.charts import bar
from auditor.reports.html.list_of_issues import Issues
from auditor.reports.html.markup import Markup, el, joined, user
from auditor.reports.html.page import Page, percent_of, row

_UNITS, _COMMON, _VETOES = 6, 5, 4
"""How many of each the page names before it says how many more there are."""


def leader(page: Page, issues: Issues) -> Iterator[Markup | None]:
    """Yield the title, the summary, the worst units, what is common, and the next steps."""
    yield _title(page)
    yield _summary(page, issues)
    yield el("div", _ratings(page), _verdicts(page), class_="two")
    yield _worst(page, issues)
    yield _common(page)
    yield _next_steps(page, issues)


def heading(page: Page) -> str:
    """Return the page's title: the organisation, where one is at the top, and the kind of report."""
    tops = {each.path[0] for each in page.digest.units}
    return page.say("title_of", name=tops.pop()) if len(tops) == 1 else page.say("title")


def _title(page: Page) -> Markup:
    method = page.digest.method
    documents = page.join(page.say("document", title=each.title) for each in method.documents)
    days = page.say("window", first=method.first_on, last=method.last_on, as_of=method.as_of)
    return el(
        "header",
        el("h1", user(heading(page)), id="title"),
        el("p", page.say("basis"), documents),
        el("p", days),
        class_="title",
    )


def _summary(page: Page, issues: Issues) -> Markup:
    digest = page.digest
    counts = {f"n_{verdict}": count for verdict, count in digest.counts.items()}
    sentences = [
        page.say(
            "summary",
            units=len(digest.units),
            requirements=len(digest.requirements),
            findings=sum(digest.counts.values()),
            **counts,
        ),
        page.say("summary.issues", issues=issues.count, units=len(issues.units))
        if issues.count
        else page.say("summary.none"),
        page.say("summary.veto", count=issues.by_severity["veto"]) if issues.by_severity["veto"] else "",
        page.say("summary.repeat", count=issues.repeats) if issues.repeats else "",
        page.say("summary.waived", count=_waived(page)) if _waived(page) else "",
    ]
    return el(
        "p", (" " if page.lang == "en" else "").join(each for each in sentences if each), class_="summary"
    )


def _waived(page: Page) -> int:
    return sum(cell.waived for cells in page.digest.matrix.values() for cell in cells if cell)


def _ratings(page: Page) -> Markup:
    counts = page.digest.rating_counts
    shown = [(rating, counts[rating]) for rating in RATINGS]
    words = page.join(
        page.say("count", what=page.word(f"rating.{rating}"), count=n) for rating, n in shown if n
    )
    rows = [
        el("li", page.rating(rating), " ", page.say("by_rating.units", count=n), _names(page, rating))
        for rating, n in shown
        if n
    ]
    return el(
        "div",
        el("h2", page.say("by_rating")),
        bar(shown, words),
        el("ul", rows, class_="plain"),
        class_="card",
    )


def _names(page: Page, rating: str) -> Markup:
    named = [page.unit(each.unit_id) for each in page.digest.ranking if each.rating == rating]
    more = page.say("more", more=len(named) - _UNITS) if len(named) > _UNITS else ""
    return joined(page.join(named[:_UNITS]), more)


def _verdicts(page: Page) -> Markup:
    shown = [(verdict, page.digest.counts[verdict]) for verdict in VERDICTS]
    words = page.join(
        page.say("count", what=page.word(f"verdict.{verdict}"), count=n) for verdict, n in shown
    )
    rows = [
        el(
            "li",
            el(
                "span",
                el("span", page.say(f"sign.{verdict}"), aria_hidden="true"),
                class_=f"sign k-{verdict}",
            ),
            " ",
            page.word(f"verdict.{verdict}"),
            " ",
            el("b", n),
        )
        for verdict, n in shown
    ]
    judged = page.digest.counts["pass"] + page.digest.counts["fail"]
    applicable = sum(page.digest.counts.values()) - page.digest.counts["not_applicable"]
    coverage = page.say(
        "coverage_of",
        judged=judged,
        applicable=applicable,
        share=percent_of(Fraction(judged, applicable)) if applicable else "—",
    )
    return el(
        "div",
        el("h2", page.say("by_verdict")),
        bar(shown, words),
        el("ul", rows, class_="plain across"),
        el("p", coverage),
        class_="card",
    )


def _worst(page: Page, issues: Issues) -> Markup | None:
    bad = [each for each in page.digest.ranking if each.failed]
    if not bad:
        return None
    headers = [
        page.say(f"worst.{each}")
        for each in ("unit", "rating", "score", "coverage", "veto", "major", "minor")
    ]
    table = page.table(
        page.say("worst"),
        headers,
        [_worst_row(page, each, issues) for each in bad[:_UNITS]],
        class_="figures",
        quiet=True,
    )
    more = el("p", page.say("worst.more", more=len(bad) - _UNITS)) if len(bad) > _UNITS else None
    return joined(el("h2", page.say("worst")), table, more)


def _worst_row(page: Page, unit: UnitSummary, issues: Issues) -> Markup:
    failed: Mapping[str, int] = issues.units.get(unit.unit_id, {})
    return row(
        [page.unit(unit.unit_id), _doubt(page, unit)],
        page.rating(unit.rating),
        "—" if unit.score is None else str(unit.score),
        page.say("coverage", judged=unit.judged, applicable=unit.applicable),
        *(failed.get(severity, 0) for severity in ("veto", "major", "minor")),
        head=0,
    )


def _doubt(page: Page, unit: UnitSummary) -> Markup | None:
    return el("span", page.say("little_judged"), class_="tag t-note") if unit.little_judged else None


def _common(page: Page) -> Markup:
    common = [each for each in page.digest.common if len(each.failing) > 1]
    if not common:
        return joined(el("h2", page.say("common")), el("p", page.say("common.none")))
    items = [
        el(
            "li",
            page.requirement(each.requirement_id),
            " ",
            page.severity(each.severity),
            el("br"),
            bar(
                [("fail", len(each.failing))],
                page.say("common.bar", failing=len(each.failing), bound=each.judged_units),
                each.judged_units,
            ),
            page.say(
                "common.item",
                failing=len(each.failing),
                judged=each.judged_units,
                clause=page.clause(each.clause),
            ),
            page.join(page.unit(unit_id) for unit_id in each.failing[:_UNITS]),
            page.say("more", more=len(each.failing) - _UNITS) if len(each.failing) > _UNITS else "",
        )
        for each in common[:_COMMON]
    ]
    more = el("p", page.say("common.more", more=len(common) - _COMMON)) if len(common) > _COMMON else None
    return joined(el("h2", page.say("common")), el("ol", items, class_="common"), more)


def _next_steps(page: Page, issues: Issues) -> Markup:
    steps = list(_steps(page, issues))
    return joined(el("h2", page.say("next")), el("ol", [el("li", each) for each in steps], class_="next"))


def _steps(page: Page, issues: Issues) -> Iterator[Markup]:
    """Yield what to do, the gravest first; each names what it rests on."""
    vetoes = [
        joined(page.unit(each.unit_id), page.say("colon"), page.requirement(each.requirement_id))
        for each in issues.vetoes[:_VETOES]
    ]
    if vetoes:
        yield joined(
            page.say("next.veto", days=min(each.within for each in issues.vetoes)),
            page.join(vetoes),
            page.say("stop"),
        )
    if issues.repeats:
        yield joined(
            page.say("next.repeat", count=issues.repeats),
            page.join(map(page.unit, issues.repeating[:_UNITS])),
            page.say("stop"),
        )
    plain = issues.count - issues.repeats
    if plain:
        days = page.join(
            page.say("next.days", days=days, count=n) for days, n in sorted(issues.by_days.items())
        )
        yield joined(
            page.say("next.notice", count=issues.count),
            days,
            page.say("stop"),
            el("a", page.say("next.list"), href="#list"),
        )
    yield from _steps_about_data(page)


def _steps_about_data(page: Page) -> Iterator[Markup]:
    digest = page.digest
    lacking = digest.counts["insufficient_data"]
    if lacking:
        wanting = sorted(
            (each for each in digest.requirements if each.counts["insufficient_data"]),
            key=lambda each: -each.counts["insufficient_data"],
        )
        named = [page.requirement(each.requirement_id) for each in wanting[:4]]
        more = page.say("more", more=len(wanting) - 4) if len(wanting) > 4 else ""
        yield joined(page.say("next.lacking", count=lacking), page.join(named), more, page.say("stop"))
    little = [each for each in digest.ranking if each.little_judged]
    if little:
        yield joined(
            page.say("next.little"),
            page.join(page.unit(each.unit_id) for each in little[:_UNITS]),
            page.say("stop"),
        )
    if digest.counts["pending"]:
        yield joined(page.say("next.pending", count=digest.counts["pending"]))
    asked = sum(each.count for each in digest.notes.questions)
    if asked:
        yield joined(
            page.say("next.questions", count=asked), " ", el("a", page.say("next.see"), href="#questions")
        )
    warnings = len(digest.notes.warnings)
    if warnings:
        yield joined(
            page.say("next.warnings", count=warnings), " ", el("a", page.say("next.see"), href="#data")
        )
    if not digest.issues and not lacking:
        yield joined(page.say("next.nothing"))
