"""One requirement of one unit, laid open: the rule in words, the SQL, the figures, the rows that counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from auditor.audit import USUAL, Options, audit
from auditor.authoring.cure import Cure, Days, cures
from auditor.engines.duckdb import DuckDBEngine
from auditor.errors import BadInput, Problem
from auditor.measures.measure import measure, rule_in_words
from auditor.model.audit import Audit, RowPlace
from auditor.model.finding import Finding
from auditor.model.measurement import Measurement
from auditor.model.requirement import Requirement
from auditor.model.trail import Trail
from auditor.packs.load import load_pack, load_packs, packs_shipped
from auditor.packs.mistakes import near
from auditor.periods.period import Window
from auditor.periods.workdays import WorkCalendar, load_calendar
from auditor.tables.contents import busiest_year
from auditor.tables.database import Database
from auditor.tables.declaration import Declaration, load_declaration
from auditor.tables.read import read_tables
from auditor.texts import LANGUAGES, Lang


@dataclass(frozen=True)
class Explanation:
    """What stands behind the findings of one requirement and one unit.

    `rule` is the rule in words by language; `sql` the one statement that measured it; `contents` by language the
    filled cells of each evidence row by its place; `also` the other requirements that a row served. By period,
    `trails` say how the rows came down to those that counted and which nearly did, `cures` what would put it right.
    `audit` is the audit of that unit: close it when the explanation is told.
    """

    requirement: Requirement
    unit_id: str
    rule: Mapping[str, str]
    sql: str
    findings: tuple[Finding, ...]
    contents: Mapping[Lang, Mapping[RowPlace, Mapping[str, str]]]
    also: Mapping[RowPlace, tuple[str, ...]]
    trails: Mapping[str, Trail]
    cures: Mapping[str, tuple[Cure, ...]]
    declaration: Declaration
    audit: Audit


def explain(
    data: Path | Database,
    unit_id: str,
    requirement_id: str,
    packs: Sequence[str | Path],
    window: Window | None = None,
    options: Options = USUAL,
) -> Explanation:
    """Return what stands behind one requirement's findings for one unit.

    `packs` may be left empty: then the shipped pack that has the requirement (its id, or the part of the id
    after the slash). `window` left out is the year in which the tables that the requirement reads have most of
    their rows. Raises BadInput as `audit` does, and for a requirement that no pack has or the unit does not owe.
    """
    named = list(packs) or _shipped_with(requirement_id)
    loaded, declaration = load_packs(named, load_declaration(), options.settings)
    requirement = _requirement([each for pack in loaded for each in pack.requirements], requirement_id)
    measurement = measure([requirement], declaration)[0]
    window = window or _busiest_year(data, declaration, measurement, options)
    done = audit(data, named, window, replace(options, units=(unit_id,)))
    try:
        return _explanation(done, measurement, unit_id, declaration, load_calendar(options.calendar))
    except BaseException:
        done.close()
        raise


def _explanation(
    done: Audit, measurement: Measurement, unit_id: str, declaration: Declaration, working: WorkCalendar
) -> Explanation:
    requirement = measurement.requirement
    findings = list(done.findings(True))
    own = tuple(each for each in findings if each.requirement_id == requirement.id)
    if not own:
        raise BadInput(
            [Problem("usage.requirement_not_owed", {"value": unit_id, "expected": requirement.id})]
        )
    trails = {each.period: _trail(done, each) for each in own}
    counted = [place for finding in own for place in _places(finding)]
    places = [*counted, *((m.file, m.sheet, m.row) for trail in trails.values() for m in trail.misses)]
    tables = {*measurement.tables, *(trail.table for trail in trails.values())}
    contents = {lang: done.contents(tables, places, lang) for lang in LANGUAGES}
    days = _days(contents["en"], trails, declaration)
    return Explanation(
        requirement=requirement,
        unit_id=unit_id,
        rule={lang: rule_in_words(requirement, declaration, lang) for lang in LANGUAGES},
        sql=measurement.sql,
        findings=own,
        contents=contents,
        also=_also_served(findings, requirement, counted),
        trails=trails,
        cures={each.period: cures(each, measurement, trails[each.period], working, days) for each in own},
        declaration=declaration,
        audit=done,
    )


def _trail(done: Audit, finding: Finding) -> Trail:
    """Return the trail of a finding; a row that is evidence, such as one that came late, is no near miss too."""
    trail, shown = done.trail(finding.requirement_id, finding.unit_id, finding.period), set(_places(finding))
    return replace(
        trail, misses=tuple(each for each in trail.misses if (each.file, each.sheet, each.row) not in shown)
    )


def _days(
    contents: Mapping[RowPlace, Mapping[str, str]], trails: Mapping[str, Trail], declaration: Declaration
) -> Days:
    """Return the days that rows hold, by place and column."""
    labels = {
        column.label.en: column.name
        for table in {trail.table for trail in trails.values()}
        for column in declaration.tables[table].columns.values()
        if column.type == "date"
    }
    return {
        place: {labels[label]: date.fromisoformat(cell) for label, cell in cells.items() if label in labels}
        for place, cells in contents.items()
    }


def _places(finding: Finding) -> list[RowPlace]:
    return [(each.file, each.sheet, each.row) for each in finding.evidence if each.file is not None]


def _also_served(
    findings: Sequence[Finding], requirement: Requirement, places: Sequence[RowPlace]
) -> dict[RowPlace, tuple[str, ...]]:
    """Return the other requirements that each row served."""
    asked = set(places)
    served: dict[RowPlace, set[str]] = {}
    for finding in findings:
        for place in _places(finding) if finding.requirement_id != requirement.id else ():
            if place in asked:
                served.setdefault(place, set()).add(finding.requirement_id)
    return {place: tuple(sorted(others)) for place, others in served.items()}


def _shipped_with(requirement_id: str) -> list[str]:
    """Return the shipped packs that have a requirement, by its id or the part of it after the slash."""
    pack, _, slug = requirement_id.partition("/")
    if slug:
        return [pack]
    shipped = packs_shipped()
    # To read a pack takes a tenth of a second: only those are read whose file names the requirement at all.
    naming = [path for path in shipped.values() if f"/{requirement_id}\n" in path.read_text(encoding="utf-8")]
    named = [
        pack.pack for pack in map(load_pack, naming) if pack.requirement(f"{pack.pack}/{requirement_id}")
    ]
    return named or [pack.pack for pack in map(load_pack, shipped.values()) if not pack.parameters]


def _requirement(requirements: Sequence[Requirement], requirement_id: str) -> Requirement:
    known = {each.id: each for each in requirements}
    by_slug = [each for each in requirements if each.id.partition("/")[2] == requirement_id]
    if requirement_id not in known and len(by_slug) != 1:
        packs = sorted({each.pack for each in requirements})
        figures = {"value": requirement_id, "expected": "、".join(packs)}
        raise BadInput([Problem("usage.unknown_requirement", figures, hint=near(requirement_id, known))])
    return known.get(requirement_id) or by_slug[0]


def _busiest_year(
    data: Path | Database, declaration: Declaration, measurement: Measurement, options: Options
) -> Window:
    with DuckDBEngine() as engine:
        reading = read_tables(
            data, declaration, engine, mapping=options.mapping, drop_columns=options.drop_columns
        )
        if reading.problems:
            raise BadInput(reading.problems)
        year = busiest_year(engine, declaration, measurement.tables)
    if year is None:
        raise BadInput([Problem("usage.no_window")])
    return Window.of_year(year)
