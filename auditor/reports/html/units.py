"""The units one by one: why the rating, what failed on what evidence, what is open, the score line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.model.audit import RowPlace
from auditor.reports.by_unit import Shown, by_unit
from auditor.reports.digest import UnitSummary
from auditor.reports.html.limits import Limits, limits, told_in_full
from auditor.reports.html.markup import Markup, el, joined, user
from auditor.reports.html.page import Page, percent_of
from auditor.reports.html.score_lines import score_lines
from auditor.reports.html.unit_findings import Contents, findings, told, undecided

_PLACES_AT_ONCE = 2000
"""Rows whose cells are fetched together: enough that few queries do, few enough to hold."""


@dataclass(frozen=True)
class _Held:
    """A unit whose section waits for what its rows say; `told` is None where its issues are left to other reports."""

    unit: UnitSummary
    shown: list[Shown]
    told: list[list[Shown]] | None


def units(page: Page) -> Iterator[Markup]:
    """Yield a section for each unit, folded, in the order of their ids."""
    limit = limits(page.digest.counts["fail"])
    in_full = told_in_full(page.digest)
    yield from _left_out(page, limit, in_full)
    for held in _groups(page, limit, in_full):
        contents = page.audit.contents(page.audit.table_labels, _places(held), page.lang)
        for each in held:
            yield _unit(page, each, limit, contents)


def _left_out(page: Page, limit: Limits, in_full: frozenset[str]) -> Iterator[Markup]:
    """Say how much is shown of each fail, and which units are shown in part or not at all."""
    every, shown = len(page.digest.units), len(page.shown_units)
    yield el("p", page.say("units.evidence", most=limit.rows, periods=limit.told))
    if shown < every:
        yield el("p", page.say("units.left_out", shown=shown, more=every - shown))
    brief = sum(each.unit_id not in in_full for each in page.shown_units)
    if brief:
        yield el("p", page.say("units.brief", brief=brief))


def _groups(page: Page, limit: Limits, in_full: frozenset[str]) -> Iterator[list[_Held]]:
    """Yield the units in groups with no more evidence than is fetched at once."""
    wanted = {each.unit_id for each in page.shown_units}
    held: list[_Held] = []
    places = 0
    for unit_id, shown in by_unit(page.audit, most=limit.rows):
        if unit_id in wanted:
            unit = page.digest.unit[unit_id]
            held.append(_Held(unit, shown, told(shown, limit) if unit_id in in_full else None))
            places += len(_places(held[-1:]))
        if places >= _PLACES_AT_ONCE:
            yield held
            held, places = [], 0
    yield held


def _places(held: Iterable[_Held]) -> list[RowPlace]:
    return [
        (row.file, row.sheet, row.row)
        for each in held
        for periods in each.told or ()
        for one in periods
        for row in one.finding.evidence
        if row.file is not None
    ]


def _unit(page: Page, held: _Held, limit: Limits, contents: Contents) -> Markup:
    unit = held.unit
    parts = [
        _about(page, unit),
        el("p", page.say("unit.brief")) if held.told is None else findings(page, held.told, limit, contents),
        undecided(page, held.shown) if held.told is not None else None,
        score_lines(page, unit, held.shown),
    ]
    section = el(
        "details",
        _headline(page, unit),
        parts,
        id=f"u{page.unit_at[unit.unit_id]}",
        class_="find fold unit",
        data_rating=unit.rating,
    )
    return joined(section, Markup("\n"))


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
