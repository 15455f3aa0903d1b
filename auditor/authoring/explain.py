"""One requirement of one unit, laid open: the rule in words, the SQL, the figures, the rows that counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.audit import Examined, Options, closing_on_error, examine, finish
from auditor.errors import BadInput, Problem
from auditor.measures.measure import rule_in_words
from auditor.model.audit import Audit
from auditor.model.finding import Finding
from auditor.model.requirement import Requirement
from auditor.packs.load import near
from auditor.periods.period import Window
from auditor.tables.contents import busiest_year, row_contents
from auditor.texts import LANGUAGES


@dataclass(frozen=True)
class Explanation:
    """What stands behind the findings of one requirement and one unit.

    `rule` is the rule in words by language; `sql` the one statement that measured it; `contents` the cells of
    each evidence row, by (file, sheet, row), with the labels of both languages; `also` the other requirements
    that a row served.
    """

    requirement: Requirement
    unit_id: str
    window: Window
    rule: dict[str, str]
    sql: str
    findings: tuple[Finding, ...]
    contents: dict[tuple[str | None, str | None, int | None], dict[str, str]]
    also: dict[tuple[str | None, str | None, int | None], tuple[str, ...]]
    audit: Audit


def explain(
    data: Path,
    unit_id: str,
    requirement_id: str,
    packs: Sequence[str | Path],
    window: Window | None = None,
    options: Options = Options(),
) -> Explanation:
    """Return what stands behind one requirement's findings for one unit.

    `packs` may be left empty: then the shipped pack that the id names. `window` left out is the year in which
    the table that the requirement reads has most of its rows. Raises BadInput as `audit` does, and for a
    requirement that no pack has or that the unit does not owe.
    """
    named = list(packs) or [requirement_id.partition("/")[0]]
    chosen = replace(options, units=(unit_id,))
    examined = examine(data, named, window or Window.of_year(2000), chosen)
    with closing_on_error(examined.engine):
        requirement = _requirement(examined, requirement_id)
        if window is None:
            window = Window.of_year(_year(examined, requirement))
    if window != Window(examined.span.window.first_on, examined.span.window.last_on):
        examined.engine.close()
        examined = examine(data, named, window, chosen)
    audit = finish(examined, chosen)
    findings = [each for each in audit.findings(True) if each.unit_id == unit_id]
    return _explanation(examined, audit, requirement, unit_id, window, findings)


def _explanation(
    examined: Examined,
    audit: Audit,
    requirement: Requirement,
    unit_id: str,
    window: Window,
    findings: list[Finding],
) -> Explanation:
    own = tuple(each for each in findings if each.requirement_id == requirement.id)
    if not own:
        figures = {"value": unit_id, "expected": requirement.id}
        raise BadInput([Problem("usage.requirement_not_owed", figures)])
    measurement = next(each for each in examined.measurements if each.requirement.id == requirement.id)
    places = {(e.file, e.sheet, e.row) for finding in own for e in finding.evidence}
    also: dict[tuple[str | None, str | None, int | None], set[str]] = {}
    for finding in findings:
        for e in finding.evidence:
            if finding.requirement_id != requirement.id and (e.file, e.sheet, e.row) in places:
                also.setdefault((e.file, e.sheet, e.row), set()).add(finding.requirement_id)
    return Explanation(
        requirement=requirement,
        unit_id=unit_id,
        window=window,
        rule={lang: rule_in_words(requirement, examined.declaration, lang) for lang in LANGUAGES},
        sql=measurement.sql,
        findings=own,
        contents=row_contents(
            examined.engine, examined.declaration, measurement.tables, [p for p in places if p[0] is not None]
        ),
        also={place: tuple(sorted(others)) for place, others in also.items()},
        audit=audit,
    )


def _requirement(examined: Examined, requirement_id: str) -> Requirement:
    known = {each.requirement.id: each.requirement for each in examined.measurements}
    if requirement_id not in known:
        figures = {
            "value": requirement_id,
            "expected": "、".join(sorted({each.pack for each in known.values()})),
        }
        raise BadInput([Problem("usage.unknown_requirement", figures, hint=near(requirement_id, known))])
    return known[requirement_id]


def _year(examined: Examined, requirement: Requirement) -> int:
    measurement = next(each for each in examined.measurements if each.requirement.id == requirement.id)
    year = busiest_year(examined.engine, examined.declaration, measurement.tables)
    if year is None:
        raise BadInput([Problem("usage.no_window")])
    return year
