"""One finding for every cell, nothing unevaluated passes, a missing table is not an empty one."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from audits import YEAR_END, Cell, findings
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_files import cut_pack, raw_pack
from second_reading.days import periods
from second_reading.organisations import organisation, organisations, random_as_of
from second_reading.reading import DEFAULT_SEMESTERS, applies, tables_read

from auditor.model.finding import Finding

pytestmark = pytest.mark.slow

PACK = raw_pack("henan-2023")
REQUIREMENTS: dict[str, dict[str, Any]] = {each["id"]: each for each in PACK["requirements"]}
as_of_days = st.integers(0, 2**32 - 1).map(lambda seed: random_as_of(random.Random(seed)))


def cells(tables: Any, as_of: date) -> set[Cell]:
    """Return every cell there is: requirement x unit that owes it x period that has begun."""
    return {
        (unit["unit_id"], requirement["id"], period.label)
        for requirement in REQUIREMENTS.values()
        for unit in tables["units"]
        if applies(requirement, unit)
        for period in periods(requirement["period"], date(2024, 1, 1), YEAR_END, as_of, DEFAULT_SEMESTERS)
    }


def is_met(finding: Finding, requirement: dict[str, Any]) -> bool:
    """Hold a finding's own figures against the threshold, exactly and by hand."""
    threshold = requirement.get("threshold")
    if threshold is None:
        return finding.value == "yes"
    value, wanted = finding.value, threshold["value"]
    assert not isinstance(value, str)
    if value is None:
        return False
    if requirement["measure"]["kind"] == "ratio":
        assert finding.denominator
        wanted = Fraction(Decimal(wanted.rstrip("%"))) / 100
        return Fraction(finding.numerator or 0, finding.denominator) >= wanted
    if requirement["measure"]["kind"] in ("each_record", "each_subject"):
        return value == 0
    assert threshold["op"] == ">="
    return value >= Decimal(str(wanted))


@settings(max_examples=2)
@given(organisations(), as_of_days)
def test_exactly_one_finding_for_each_requirement_unit_and_period(tables: Any, as_of: date) -> None:
    found = findings(tables, "henan-2023", as_of=as_of)
    assert set(found) == cells(tables, as_of)
    for (_, requirement_id, _), finding in found.items():
        requirement = REQUIREMENTS[requirement_id]
        missing = {table for table in tables_read(requirement) if tables.get(table) is None}
        if finding.verdict in ("pass", "fail"):
            assert is_met(finding, requirement) == (finding.verdict == "pass")
            assert not missing
            assert finding.evidence or finding.value is not None
        if missing:
            assert finding.reason in ("table_missing", "outside_effective_dates", "unit_not_active")
            assert (finding.value, finding.numerator, finding.shortfall, finding.evidence) == (
                None,
                None,
                None,
                (),
            )
        if finding.verdict == "insufficient_data":
            assert finding.shortfall is None
        if finding.shortfall is not None:
            assert finding.verdict in ("fail", "pending")
            assert finding.shortfall > 0
        assert (finding.waived is None) or finding.verdict == "fail"
        assert (finding.forecast is None) or finding.verdict == "pending"


@settings(max_examples=2)
@given(st.integers(0, 2**32 - 1))
def test_a_silent_unit_counts_0_and_without_its_table_nothing_is_said(seed: int) -> None:
    counts = [key for key, each in REQUIREMENTS.items() if each["measure"]["kind"] == "count"]
    pack = cut_pack("henan-2023", counts)
    tables = organisation(random.Random(seed))
    silent = {"unit_id": "silent", "type": "university"}
    tables["units"] = [*(tables["units"] or []), silent]
    found = findings(tables, pack, as_of=date(2025, 1, 31))
    of_silent = {where: finding for where, finding in found.items() if where[0] == "silent"}
    assert {where[1] for where in of_silent} == set(counts)
    for (_, requirement_id, _), finding in of_silent.items():
        if tables.get(REQUIREMENTS[requirement_id]["measure"]["table"]) is None:
            assert (finding.verdict, finding.reason) == ("insufficient_data", "table_missing")
        else:
            assert (finding.verdict, finding.value, finding.evidence) == ("fail", 0, ())


@settings(max_examples=1)
@given(st.integers(0, 2**32 - 1), st.data())
def test_taking_a_table_away_makes_what_read_it_insufficient_and_touches_nothing_else(
    seed: int, data: st.DataObject
) -> None:
    tables = organisation(random.Random(seed), small=True)
    supplied = sorted(
        table for table, rows in tables.items() if rows is not None and table not in ("units", "waivers")
    )
    gone = data.draw(st.sampled_from(supplied))
    before = findings(tables, "henan-2023", as_of=YEAR_END)
    after = findings({**tables, gone: None}, "henan-2023", as_of=YEAR_END)
    for where, finding in after.items():
        if gone not in tables_read(REQUIREMENTS[where[1]]):
            assert finding == before[where]
        elif finding.verdict == "not_applicable":
            assert finding.reason in ("outside_effective_dates", "unit_not_active")
        else:
            assert (finding.verdict, finding.reason) == ("insufficient_data", "table_missing")
            assert gone in finding.figures["tables"]
