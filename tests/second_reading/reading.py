"""The second reading: an audit from the design's words alone, with loops over rows.

Nothing here knows the product. Where the two disagree, one of them has misread the design.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from .conditions import Row, Tables
from .days import Period, Semesters, periods
from .kinds import measure_cell
from .measuring import Cell, Measurement, is_alive
from .verdicts import Judged, judge

DEFAULT_SEMESTERS: Semesters = ((2, 1), (8, 1))
Finding = dict[str, Any]


def audit(
    tables: Tables,
    requirements: list[dict[str, Any]],
    *,
    effective: tuple[date | None, date | None],
    first: date,
    last: date,
    as_of: date,
    semesters: Semesters = DEFAULT_SEMESTERS,
) -> list[Finding]:
    """Return one finding for each requirement, unit and period that applies, sorted by these three.

    Figures are ints where whole, else Fractions; `value` of a ratio is exact, not rounded. An evidence row is
    (table, index + 2). Besides the contract's keys a finding has `records` (each_record: place, value,
    shortfall of every row), `inner_rows` (what each_subject counted) and `left_out` (subjects alive in part).
    """
    findings = []
    for requirement in requirements:
        for period in periods(requirement, first, last, as_of, semesters):
            for unit in tables["units"] or []:
                if applies(requirement, unit):
                    cell = Cell(tables, requirement, unit["unit_id"], period, as_of)
                    findings.append(find(cell, unit, effective))
    return sorted(findings, key=lambda one: (one["unit_id"], one["requirement_id"], one["period"]))


def applies(requirement: dict[str, Any], unit: Row) -> bool:
    """Say whether a requirement concerns units of this type and with these tags."""
    applies_to = requirement.get("applies_to", {})
    if "types" in applies_to and unit["type"] not in applies_to["types"]:
        return False
    return set(applies_to.get("tags") or ()) <= set(unit.get("tags") or ())


def tables_read(requirement: dict[str, Any]) -> set[str]:
    """Return every table a requirement reads: its own, the subjects', the inner one, those of `exists_in`."""
    measure = requirement["measure"]
    if measure["kind"] == "attest":
        return {"attestations"}
    inner = measure.get("inner", {})
    read = {part["table"] for part in (measure, measure.get("subjects", {}), inner) if "table" in part}
    for condition in (*measure.get("must", ()), *inner.get("must", ())):
        if "exists_in" in condition:
            read.add(condition["exists_in"])
    return read


def is_effective(period: Period, effective: tuple[date | None, date | None]) -> bool:
    """Say whether the period begins inside the pack's effective dates."""
    since, until = effective
    return (since is None or period.begins >= since) and (until is None or period.begins <= until)


def find(cell: Cell, unit: Row, effective: tuple[date | None, date | None]) -> Finding:
    """Judge one cell by the first line of the verdict table that fits."""
    if not is_effective(cell.period, effective):
        return finding(cell, Measurement(), Judged("not_applicable", "outside_effective_dates"))
    if not is_alive(unit, "units", cell.period.first, cell.reference_day):
        return finding(cell, Measurement(), Judged("not_applicable", "unit_not_active"))
    if any(cell.tables.get(table) is None for table in tables_read(cell.requirement)):
        return finding(cell, Measurement(), Judged("insufficient_data", "table_missing"))
    measured = measure_cell(cell)
    return finding(cell, measured, judge(cell, measured))


def is_borderline(cell: Cell, verdict: str) -> bool:
    """Say whether another usual counting of working days would turn the verdict."""
    if verdict not in ("pass", "fail"):
        return False
    for reading in ("both", "neither"):
        other = replace(cell, reading=reading)
        if judge(other, measure_cell(other)).verdict != verdict:
            return True
    return False


def counts_working_days(cell: Cell) -> bool:
    """Say whether a condition of the requirement counts a lead."""
    measure = cell.measure
    conditions = (*measure.get("must", ()), *measure.get("inner", {}).get("must", ()))
    return any("lead_working_days" in condition for condition in conditions)


def waiver_of(cell: Cell) -> str | None:
    """Return the smallest id of the unit's waivers of the requirement valid on the reference day."""
    valid = []
    for row in cell.tables.get("waivers") or []:
        if row["unit_id"] != cell.unit_id or row["requirement_id"] != cell.requirement["id"]:
            continue
        since, until = row.get("valid_from"), row.get("valid_to")
        if since is not None and since > cell.reference_day:
            continue
        if until is not None and until < cell.reference_day:
            continue
        valid.append(row["waiver_id"])
    return min(valid, default=None)


def finding(cell: Cell, measured: Measurement, judged: Judged) -> Finding:
    """Put a finding together."""
    counts = counts_working_days(cell) and measured.value is not None
    return {
        "unit_id": cell.unit_id,
        "requirement_id": cell.requirement["id"],
        "period": cell.period.label,
        "verdict": judged.verdict,
        "value": measured.answer if cell.measure["kind"] == "attest" else measured.value,
        "numerator": measured.numerator,
        "denominator": measured.denominator,
        "shortfall": judged.shortfall,
        "provisional": judged.provisional,
        "forecast": judged.forecast,
        "borderline": counts and is_borderline(cell, judged.verdict),
        "calendar": "unannounced" if measured.is_unannounced else None,
        "waived": waiver_of(cell) if judged.verdict == "fail" else None,
        "reason": judged.reason,
        "evidence_rows": sorted(measured.evidence),
        "subjects": measured.subjects,
        "records": measured.records,
        "inner_rows": sorted(measured.inner_rows),
        "left_out": measured.left_out,
    }
