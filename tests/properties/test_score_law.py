"""A unit's score and rating, added up again from its findings by hand."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from audits import read
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_files import every_kind, raw_pack
from second_reading.organisations import organisation, random_as_of

from auditor.model.finding import Finding

pytestmark = pytest.mark.slow

WEIGHTS = {"minor": 1, "major": 3, "veto": 5}


def score(findings: Sequence[Finding], severity: dict[str, str]) -> Decimal | None:
    """Return 100 x weight passed ÷ weight judged, half up to one decimal; each weight shared among its periods."""
    judged: dict[str, list[bool]] = defaultdict(list)
    for finding in findings:
        if finding.verdict == "pass" or (finding.verdict == "fail" and not finding.waived):
            judged[finding.requirement_id].append(finding.verdict == "pass")
    weight = sum(Fraction(WEIGHTS[severity[each]]) for each in judged)
    if not weight:
        return None
    passed = sum(Fraction(WEIGHTS[severity[each]] * sum(all_), len(all_)) for each, all_ in judged.items())
    tenths = 1000 * passed / weight + Fraction(1, 2)
    return Decimal(tenths.numerator // tenths.denominator) / 10


def rating(findings: Sequence[Finding], severity: dict[str, str]) -> str:
    """Return the first rating that fits."""
    failed = {each.requirement_id for each in findings if each.verdict == "fail" and not each.waived}
    if any(severity[each] == "veto" for each in failed):
        return "unqualified"
    if sum(severity[each] == "major" for each in failed) >= 3:
        return "rectify"
    if failed:
        return "improve"
    return "qualified" if any(each.verdict in ("pass", "fail") for each in findings) else "not_rated"


@settings(max_examples=3)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_scores_and_ratings_add_up(seed: int, of_henan: bool) -> None:
    dice = random.Random(seed)
    tables, as_of = organisation(dice, small=not of_henan), random_as_of(dice)
    pack: Any = raw_pack("henan-2023") if of_henan else every_kind()
    severity = {each["id"]: each["severity"] for each in pack["requirements"]}
    found, units = read(
        tables,
        "henan-2023" if of_henan else pack,
        lambda done: (list(done.findings(False)), done.units),
        as_of=max(as_of, date(2024, 2, 1)),
    )
    assert [unit.unit_id for unit in units] == sorted(unit["unit_id"] for unit in tables["units"])
    for unit in units:
        own = [each for each in found if each.unit_id == unit.unit_id]
        assert unit.score == score(own, severity)
        assert unit.score is None or 0 <= unit.score <= 100
        assert unit.rating == rating(own, severity)
        assert unit.judged == sum(each.verdict in ("pass", "fail") for each in own)
        assert unit.applicable == sum(each.verdict != "not_applicable" for each in own)
