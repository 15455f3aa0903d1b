"""The units one by one: why the rating, what failed on what evidence, what is open, the score line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from auditor.model.audit import RowPlace
from auditor.model.finding import Finding
from auditor.reports.by_unit import Shown, by_unit
from auditor.reports.digest import UnitSummary
from auditor.reports.html.evidence import evidence
from auditor.reports.html.markup import Markup, el, joined, user
from auditor.reports.html.page import Page, amount, percent_of, row
from auditor.reports.html.ranking import sum_of

Contents = Mapping[RowPlace, Mapping[str, str]]

_PLACES_AT_ONCE = 2000
"""Rows whose cells are fetched together: enough that few queries do, few enough to hold."""
_PASSED_SHOWN = 4
"""Periods of one requirement that are named one by one where they need no answer."""


def evidence_shown(fails: int) -> int:
    """Return how many rows of evidence are shown of each finding: the more fails, the fewer, so that the page opens."""
    steps = ((500, 10), (5_000, 5), (20_000, 2))
    return next((most for limit, most in steps if fails <= limit), 1)


def units(page: Page) -> Iterator[Markup]:
    """Yield a section for each unit, folded, in the order of their ids."""
    most = evidence_shown(page.digest.counts["fail"])
    if len(page.shown_units) < len(page.digest.units):
        yield el(
            "p",
            page.say(
                "units.left_out",
                shown=len(page.shown_units),
                more=len(page.digest.units) - len(page.shown_units),
            ),
        )
    yield el("p", page.say("units.evidence", most=most))
    for held in _held(page, most):
        contents = page.audit.contents(page.audit.table_labels, _places(held), page.lang)
        for unit_id, shown in held:
            yield _unit(page, page.digest.unit[unit_id], shown, contents)


def _held(page: Page, most: int) -> Iterator[list[tuple[str, list[Shown]]]]:
    """Yield the units in groups with no more evidence than is fetched at once."""
    wanted = {each.unit_id for each in page.shown_units}
    held: list[tuple[str, list[Shown]]] = []
    places = 0
    for unit_id, shown in by_unit(page.audit, most=most):
        if unit_id in wanted:
            held.append((unit_id, shown))
            places += sum(len(each.finding.evidence) for each in shown if _is_told(each.finding))
        if places >= _PLACES_AT_ONCE:
            yield held
            held, places = [], 0
    yield held


def _is_told(finding: Finding) -> bool:
    """Return whether a finding's rows are shown with what they say: they are for what failed or nearly did."""
    return finding.verdict == "fail" or finding.borderline


def _places(held: Iterable[tuple[str, list[Shown]]]) -> list[RowPlace]:
    return [
        (row.file, row.sheet, row.row)
        for _, shown in held
        for each in shown
        if _is_told(each.finding)
        for row in each.finding.evidence
        if row.file is not None
    ]


def _unit(page: Page, unit: UnitSummary, shown: list[Shown], contents: Contents) -> Markup:
    parts = [
        _about(page, unit),
        _failed(page, shown, contents),
        _waived(page, shown, contents),
        _border(page, shown, contents),
        _open(page, shown),
        _all(page, unit, shown),
    ]
    return joined(
        el(
            "details",
            _headline(page, unit),
            parts,
            id=f"u{page.unit_at[unit.unit_id]}",
            class_="find fold unit",
            data_rating=unit.rating,
        ),
        Markup("\n"),
    )


def _headline(page: Page, unit: UnitSummary) -> Markup:
    score = page.say("unit.score", score="—" if unit.score is None else unit.score)
    failed = (
        el("span", page.say("unit.failed", count=len(unit.failed)), class_="tag t-fails")
        if unit.failed
        else None
    )
    little = el("span", page.say("little_judged"), class_="tag t-note") if unit.little_judged else None
    name = el("h3", user(unit.name), el("small", " ", user(unit.unit_id)))
    return el(
        "summary", name, " ", page.rating(unit.rating), " ", el("span", score), " ", failed, " ", little
    )


def _about(page: Page, unit: UnitSummary) -> Iterator[Markup]:
    place = (
        page.say("unit.place", place=unit.place, tied=page.say("unit.tied") if unit.tied else "")
        if unit.place is not None
        else page.say("unit.no_place")
    )
    yield el(
        "p",
        [page.path(unit), " / "] if unit.depth > 1 else None,
        user(unit.name),
        page.say("stop"),
        place,
        " ",
        page.say(
            "coverage_of", judged=unit.judged, applicable=unit.applicable, share=percent_of(unit.coverage)
        ),
    )
    if unit.trace:
        yield el("h4", page.say("unit.why"))
        yield el("ol", [el("li", each) for each in unit.trace])


def _failed(page: Page, shown: list[Shown], contents: Contents) -> Iterator[Markup]:
    failed = [each for each in shown if each.finding.verdict == "fail" and not each.finding.waived]
    if failed:
        yield el("h4", page.say("unit.to_rectify"))
        yield from _by_requirement(page, failed, contents)


def _waived(page: Page, shown: list[Shown], contents: Contents) -> Iterator[Markup]:
    waived = [each for each in shown if each.finding.verdict == "fail" and each.finding.waived]
    if waived:
        yield el("h4", page.say("unit.waived"))
        yield from _by_requirement(page, waived, contents)


def _border(page: Page, shown: list[Shown], contents: Contents) -> Iterator[Markup]:
    border = [each for each in shown if each.finding.borderline and each.finding.verdict != "fail"]
    if border:
        yield el("h4", page.say("unit.borderline"))
        yield from _by_requirement(page, border, contents)


def _by_requirement(page: Page, shown: list[Shown], contents: Contents) -> Iterator[Markup]:
    for requirement_id, each in groupby(shown, key=lambda one: one.finding.requirement_id):
        yield _finding(page, requirement_id, list(each), contents)


def _finding(page: Page, requirement_id: str, shown: list[Shown], contents: Contents) -> Markup:
    about = page.digest.requirement[requirement_id]
    requirement = about.requirement
    headers = [page.say(f"finding.{each}") for each in ("period", "measured", "required", "shortfall", "why")]
    rows = [_period(page, each.finding) for each in shown]
    return el(
        "article",
        el("h5", page.requirement(requirement_id), " ", page.severity(about.severity)),
        el("p", page.say("document", title=about.document), page.clause(about.clause), class_="quiet"),
        page.table(
            page.say("finding.caption", title=about.title), headers, rows, class_="findings", quiet=True
        ),
        el(
            "p",
            el("b", page.say("req.remedy"), page.say("colon")),
            requirement.remedy.in_language(page.lang),
            el("br"),
            el("b", page.say("req.responsible"), page.say("colon")),
            requirement.responsible.in_language(page.lang),
            page.say("semicolon"),
            page.say("within", days=requirement.rectify_working_days),
        )
        if any(each.finding.verdict == "fail" and not each.finding.waived for each in shown)
        else None,
        [evidence(page, each, contents) for each in shown],
        class_="finding",
    )


def _period(page: Page, finding: Finding) -> Markup:
    notes = page.view.notes(finding)
    return row(
        finding.period,
        page.view.measured(finding),
        page.view.standard(finding),
        page.view.shortfall(finding),
        [
            page.view.sentence(finding),
            el("ul", [el("li", each) for each in notes], class_="notes") if notes else None,
        ],
        head=0,
    )


def _open(page: Page, shown: list[Shown]) -> Iterator[Markup]:
    """Yield what is not decided: what still runs, and what the data do not say."""
    for verdict in ("pending", "insufficient_data"):
        rows = [_open_row(page, each.finding) for each in shown if each.finding.verdict == verdict]
        if rows:
            headers = [page.say(f"finding.{each}") for each in ("requirement", "period", "why")]
            yield el("h4", page.say(f"unit.{verdict}", count=len(rows)))
            yield page.table(page.word(f"verdict.{verdict}"), headers, rows, class_="findings", quiet=True)


def _open_row(page: Page, finding: Finding) -> Markup:
    notes = page.view.notes(finding)
    why = [
        page.view.sentence(finding),
        el("ul", [el("li", each) for each in notes], class_="notes") if notes else None,
    ]
    return row(
        [
            page.requirement(finding.requirement_id),
            " ",
            el("span", page.clause(page.view.requirement(finding).clause), class_="quiet"),
        ],
        finding.period,
        why,
        head=0,
    )


def _all(page: Page, unit: UnitSummary, shown: list[Shown]) -> Iterator[Markup]:
    """Yield every requirement with its verdict and its part of the score, and the sum below them."""
    by_id: dict[str, list[Shown]] = {}
    for each in shown:
        by_id.setdefault(each.finding.requirement_id, []).append(each)
    cells = dict(
        zip(
            (each.requirement_id for each in page.digest.requirements),
            page.digest.matrix[unit.unit_id],
            strict=True,
        )
    )
    rows = []
    for line in unit.score_rows:
        cell = cells[line.requirement_id]
        assert cell is not None
        judged = page.say("line.judged", passed=line.passed, judged=line.judged) if line.judged else "—"
        earned = (
            page.say("line.earned", earned=amount(line.earned), weight=line.weight)
            if line.judged
            else page.say("line.none")
        )
        measured = _measured(page, by_id.get(line.requirement_id, []))
        rows.append(
            row(
                [
                    page.requirement(line.requirement_id),
                    " ",
                    el("span", page.clause(line.clause), class_="quiet"),
                ],
                page.verdict(cell),
                measured,
                judged,
                earned,
                head=0,
            )
        )
    headers = [
        page.say(f"line.{each}") for each in ("requirement", "verdict", "measured", "periods", "points")
    ]
    foot = el(
        "tr", el("th", page.say("line.sum"), scope="row", colspan=3), el("td", sum_of(page, unit), colspan=2)
    )
    yield el("h4", page.say("unit.all", count=len(rows)))
    yield page.table(
        page.say("unit.all_of", name=unit.name), headers, rows, class_="lines", foot=foot, quiet=True
    )


def _measured(page: Page, shown: list[Shown]) -> Markup | None:
    """Return period by period what was measured; periods that say the same stand together."""
    if not shown:
        return None
    said = [(each, _said(page, each.finding)) for each in shown]
    parts = []
    for words, same in groupby(said, key=lambda each: each[1]):
        periods = [each.finding.period for each, _ in same]
        span = (
            periods[0]
            if len(periods) == 1
            else page.say("line.span", first=periods[0], last=periods[-1], count=len(periods))
        )
        parts.append(el("li", el("span", span, class_="quiet"), " ", words))
    more = (
        el("li", page.say("periods.more", more=len(parts) - _PASSED_SHOWN))
        if len(parts) > _PASSED_SHOWN
        else None
    )
    return el(
        "ul",
        parts[:_PASSED_SHOWN],
        more,
        el("li", _counted(page, shown), class_="quiet") if _counted(page, shown) else None,
        class_="plain",
    )


def _said(page: Page, finding: Finding) -> str:
    if finding.verdict in ("not_applicable", "insufficient_data"):
        return page.view.sentence(finding)
    return page.say(
        "line.figures", measured=page.view.measured(finding), required=page.view.standard(finding)
    )


def _counted(page: Page, shown: list[Shown]) -> str:
    rows = sum(len(each.finding.evidence) + each.left_out for each in shown)
    files = sorted({row.file for each in shown for row in each.finding.evidence if row.file})
    return page.say("line.rows", rows=rows, files=str(page.say("join")).join(files)) if rows and files else ""
