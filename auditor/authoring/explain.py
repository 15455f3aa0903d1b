"""One requirement of one unit, laid open: the rule in words, the SQL, the figures, the rows that counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.audit import USUAL, Options, audit
from auditor.engines.duckdb import DuckDBEngine
from auditor.errors import BadInput, Problem
from auditor.measures.measure import measure, rule_in_words
from auditor.model.audit import Audit, RowPlace
from auditor.model.finding import Finding
from auditor.model.measurement import Measurement
from auditor.model.requirement import Requirement
from auditor.packs.load import load_pack, load_packs, packs_shipped
from auditor.packs.mistakes import near
from auditor.periods.period import Window
from auditor.tables.contents import busiest_year
from auditor.tables.database import Database
from auditor.tables.declaration import Declaration, load_declaration
from auditor.tables.read import read_tables
from auditor.texts import LANGUAGES, Lang


@dataclass(frozen=True)
class Explanation:
    """What stands behind the findings of one requirement and one unit.

    `rule` is the rule in words by language; `sql` the one statement that measured it; `contents` by language the
    filled cells of each evidence row by its place; `also` the other requirements that a row served. `audit` is
    the audit of that unit: close it when the explanation is told.
    """

    requirement: Requirement
    unit_id: str
    rule: Mapping[str, str]
    sql: str
    findings: tuple[Finding, ...]
    contents: Mapping[Lang, Mapping[RowPlace, Mapping[str, str]]]
    also: Mapping[RowPlace, tuple[str, ...]]
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
        return _explanation(done, measurement, unit_id, declaration)
    except BaseException:
        done.close()
        raise


def _explanation(
    done: Audit, measurement: Measurement, unit_id: str, declaration: Declaration
) -> Explanation:
    requirement = measurement.requirement
    findings = list(done.findings(True))
    own = tuple(each for each in findings if each.requirement_id == requirement.id)
    if not own:
        raise BadInput(
            [Problem("usage.requirement_not_owed", {"value": unit_id, "expected": requirement.id})]
        )
    places = [place for finding in own for place in _places(finding)]
    return Explanation(
        requirement=requirement,
        unit_id=unit_id,
        rule={lang: rule_in_words(requirement, declaration, lang) for lang in LANGUAGES},
        sql=measurement.sql,
        findings=own,
        contents={lang: done.contents(measurement.tables, places, lang) for lang in LANGUAGES},
        also=_also_served(findings, requirement, places),
        audit=done,
    )


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
