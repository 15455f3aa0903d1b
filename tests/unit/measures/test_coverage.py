"""coverage: how many of the subjects have a row at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from audits import YEAR_END, findings, read
from pack_files import made_up

from auditor.model.finding import Finding

pytestmark = pytest.mark.slow

U1 = {"unit_id": "U1", "type": "university"}
DEPARTMENTS = {"table": "units", "where": {"type": "department"}}
CHECKS = {"kind": "count", "table": "activities", "where": {"kind": "risk_check"}, "by": "unit_id"}
BRANDS = {"kind": "count", "table": "assets", "where": {"kind": "club"}, "by": "unit_id"}


def departments(number: int) -> list[dict[str, Any]]:
    """Return so many departments of U1, the even ones below the odd ones before them."""
    return [
        {"unit_id": f"D{at:02d}", "type": "department", "parent_id": "U1" if at % 2 else f"D{at - 1:02d}"}
        for at in range(1, number + 1)
    ]


def checks(*units: str, on: date = date(2024, 3, 1), **more: Any) -> list[dict[str, Any]]:
    return [
        {"activity_id": f"A{at}", "unit_id": unit, "kind": "risk_check", "held_on": on, **more}
        for at, unit in enumerate(units)
    ]


def pack_of(measure: dict[str, Any], op: str = ">=", value: Any = "100%") -> dict[str, Any]:
    requirement = {
        "measure": {"kind": "coverage", **measure},
        "threshold": {"op": op, "value": value},
    }
    return made_up(requirement)


def one(
    tables: dict[str, Any], measure: dict[str, Any], op: str = ">=", value: Any = "100%", **how: Any
) -> Finding:
    """Return the finding of U1 over 2024."""
    found = findings(tables, pack_of(measure, op, value), **{"as_of": YEAR_END, **how})
    return found["U1", "test/1-x", "2024"]


def shown(finding: Finding) -> list[tuple[str | None, Any, Any]]:
    return [(each.subject, each.value, each.shortfall) for each in finding.evidence]


def test_eleven_of_twelve() -> None:
    units = departments(12)
    done = checks(*(each["unit_id"] for each in units if each["unit_id"] != "D07"), "D01", "U1")
    finding = one({"units": [U1, *units], "activities": done}, {"subjects": DEPARTMENTS, "inner": CHECKS})
    assert (finding.verdict, finding.numerator, finding.denominator, finding.shortfall) == (
        "fail", 11, 12, 1,
    )  # fmt: skip
    assert (finding.value, finding.reason, finding.provisional) == (
        Decimal("0.916667"), "below_threshold", False,
    )  # fmt: skip
    counted = {"D01": 2, "D07": 0}
    assert shown(finding) == [
        (each["unit_id"], counted.get(each["unit_id"], 1), 1 if each["unit_id"] == "D07" else None)
        for each in units
    ]
    # the subjects' own rows: U1 stands in row 2, so D01 in row 3
    assert [(each.file, each.row) for each in finding.evidence] == [("units.csv", at) for at in range(3, 15)]


@pytest.mark.parametrize(
    ("op", "value", "covered", "verdict", "shortfall"),
    [
        # 10 of 12 is 83.33 percent
        (">=", "83.33%", 10, "pass", None),
        (">=", "83.34%", 10, "fail", 1),
        (">=", "50%", 6, "pass", None),
        (">", "50%", 6, "fail", 1),
        (">", "50%", 7, "pass", None),
        (">=", "100%", 12, "pass", None),
        (">=", "100%", 0, "fail", 12),
    ],
)
def test_shares_are_exact(op: str, value: str, covered: int, verdict: str, shortfall: int | None) -> None:
    units = departments(12)
    tables = {"units": [U1, *units], "activities": checks(*(each["unit_id"] for each in units[:covered]))}
    finding = one(tables, {"subjects": DEPARTMENTS, "inner": CHECKS}, op, value)
    assert (finding.verdict, finding.numerator, finding.shortfall) == (verdict, covered, shortfall)


@pytest.mark.parametrize(
    ("as_of", "covered", "verdict", "forecast", "provisional"),
    [
        (date(2024, 6, 30), 1, "pending", "on_track", False),
        # of 366 days 329 are gone on 24 November: nine tenths are 329.4
        (date(2024, 11, 24), 1, "pending", "on_track", False),
        (date(2024, 11, 25), 1, "pending", "at_risk", False),
        (date(2024, 6, 30), 2, "pass", None, True),
        (date(2024, 12, 31), 2, "pass", None, False),
        (date(2024, 12, 31), 1, "fail", None, False),
    ],
)
def test_before_the_end(
    as_of: date, covered: int, verdict: str, forecast: str | None, provisional: bool
) -> None:
    planned = checks("D02", on=date(2025, 1, 1))
    planned[0]["activity_id"] = "planned"
    tables = {
        "units": [U1, *departments(2)],
        "activities": [*checks(*["D01", "D02"][:covered]), *planned],
    }
    finding = one(tables, {"subjects": DEPARTMENTS, "inner": CHECKS}, as_of=as_of)
    assert (finding.verdict, finding.forecast, finding.provisional, finding.numerator) == (
        verdict, forecast, provisional, covered,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("closed_on", "as_of", "covered", "verdict"),
    [
        (None, date(2024, 6, 30), 2, "pass"),
        (date(2024, 6, 30), date(2024, 6, 30), 2, "pass"),
        (date(2024, 6, 29), date(2024, 6, 30), 1, "fail"),
        # over: the reference day is the last of the year, though the audit looks back from later
        (date(2024, 12, 31), date(2025, 3, 1), 2, "pass"),
        (date(2024, 12, 30), date(2025, 3, 1), 1, "fail"),
    ],
)
def test_what_closed_before_the_reference_day_covers_nobody(
    closed_on: date | None, as_of: date, covered: int, verdict: str
) -> None:
    assets = [
        {"asset_id": "C1", "unit_id": "D01", "kind": "club"},
        {"asset_id": "C2", "unit_id": "D02", "kind": "club", "closed_on": closed_on},
        {"asset_id": "C3", "unit_id": "D02", "kind": "journal"},
    ]
    tables = {"units": [U1, *departments(2)], "assets": assets}
    finding = one(tables, {"subjects": DEPARTMENTS, "inner": BRANDS}, as_of=as_of)
    assert (finding.verdict, finding.numerator, finding.denominator) == (verdict, covered, 2)
    # a state: what is missing fails at once, and can still be put right
    assert finding.provisional == (as_of < YEAR_END)


def test_with_sum_too_a_row_is_a_row() -> None:
    hours = {"kind": "sum", "table": "activities", "column": "hours", "by": "unit_id"}
    rows = [*checks("D01", hours=None), *checks("D02", hours=0)]
    rows[1]["activity_id"] = "other"
    tables = {"units": [U1, *departments(3)], "activities": rows}
    finding = one(tables, {"subjects": DEPARTMENTS, "inner": hours})
    assert (finding.numerator, finding.denominator) == (2, 3)
    assert shown(finding) == [("D01", 1, None), ("D02", 1, None), ("D03", 0, 1)]


def test_a_department_there_in_part_is_left_out_and_listed() -> None:
    units = departments(4)
    units[1]["active_from"] = date(2024, 1, 2)
    units[2]["active_to"] = date(2024, 12, 30)
    units[3]["active_to"] = date(2023, 12, 31)
    pack = pack_of({"subjects": DEPARTMENTS, "inner": CHECKS})
    tables = {"units": [U1, *units], "activities": checks("D01")}
    found, left_out = read(
        tables, pack, lambda done: (list(done.findings(True)), done.data.left_out), as_of=YEAR_END
    )
    assert (found[0].verdict, found[0].numerator, found[0].denominator) == ("pass", 1, 1)
    assert [(each.subject, each.reason, each.period) for each in left_out] == [
        ("D02", "active_in_part", "2024"), ("D03", "active_in_part", "2024"),
    ]  # fmt: skip


@pytest.mark.parametrize("verdict", ["not_applicable", "insufficient_data"])
def test_without_a_subject_there_is_no_share(verdict: str) -> None:
    measure = {"subjects": DEPARTMENTS, "inner": CHECKS, "when_no_subjects": verdict}
    finding = one({"units": [U1], "activities": checks("U1")}, measure)
    assert (finding.verdict, finding.reason, finding.numerator, finding.denominator) == (
        verdict, "no_subjects", None, None,
    )  # fmt: skip


def test_listed_values_have_no_row_of_their_own() -> None:
    inner = {"kind": "count", "table": "activities", "by": "topics"}
    rows = checks("U1", "U1", topics=("theory", "news_editing"))
    measure = {"subjects": {"values": ["academic_security", "theory"]}, "inner": inner}
    finding = one({"units": [U1], "activities": rows}, measure, value="50%")
    assert (finding.verdict, finding.numerator, finding.denominator) == ("pass", 1, 2)
    assert [(each.file, each.subject, each.value, each.shortfall) for each in finding.evidence] == [
        (None, "academic_security", 0, 1), (None, "theory", 2, None),
    ]  # fmt: skip


@pytest.mark.parametrize("missing", ["posts", "activities"])
def test_a_table_that_was_not_supplied(missing: str) -> None:
    inner = {"kind": "count", "table": "activities", "by": "post_id"}
    tables = {"units": [U1], "posts": [], "activities": []}
    finding = one({**tables, missing: None}, {"subjects": {"table": "posts"}, "inner": inner})
    assert (finding.verdict, finding.reason) == ("insufficient_data", "table_missing")
