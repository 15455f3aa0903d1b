"""A share is compared exactly, and its shortfall is the least whole number that would do."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from audits import findings
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pack_files import made_up

from auditor.model.finding import Finding

pytestmark = pytest.mark.slow

shares = st.tuples(st.integers(0, 2000), st.integers(0, 2000))
percents = st.one_of(
    st.sampled_from(["0%", "10%", "35%", "33.3%", "66.67%", "100%"]),
    st.integers(0, 20000).map(lambda hundredths: f"{Decimal(hundredths) / 100}%"),
)

# A share is never below 0%, so packs may not ask for that; nor for the same twice.
thresholds = st.tuples(st.sampled_from([">=", ">", "<="]), percents).filter(lambda each: each != (">=", "0%"))


def is_met(share: Fraction, op: str, wanted: Fraction) -> bool:
    return {">=": share >= wanted, ">": share > wanted, "<=": share <= wanted}[op]


def check(finding: Finding, op: str, percent: str) -> None:
    numerator, denominator = finding.numerator, finding.denominator
    assert numerator is not None
    if not denominator:
        assert (finding.verdict, finding.reason, finding.value) == (
            "insufficient_data",
            "zero_denominator",
            None,
        )
        return
    wanted = Fraction(Decimal(percent.rstrip("%"))) / 100
    share = Fraction(numerator, denominator)
    assert (finding.verdict == "pass") == is_met(share, op, wanted)
    rounded = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    assert finding.value == rounded
    if finding.verdict == "pass":
        assert finding.shortfall is None
        return
    assert isinstance(finding.shortfall, int)
    step = -1 if op == "<=" else 1
    assert is_met(Fraction(numerator + step * finding.shortfall, denominator), op, wanted)
    assert not is_met(Fraction(numerator + step * (finding.shortfall - 1), denominator), op, wanted)


@settings(max_examples=3)
@given(
    st.lists(shares, min_size=1, max_size=30),
    st.lists(thresholds, min_size=3, max_size=5, unique=True),
)
@example(
    [(7, 20), (69, 200), (4, 45), (5, 45), (0, 0), (34, 100)], [(">=", "35%"), (">=", "10%"), (">", "35%")]
)
def test_shares_are_compared_exactly(rows: list[tuple[int, int]], wanted: list[tuple[str, str]]) -> None:
    measure = {"kind": "ratio", "table": "headcounts", "numerator": "reviewers", "denominator": "staff"}
    requirements: list[dict[str, Any]] = [
        {"measure": {**measure, "how": how}, "threshold": {"op": op, "value": percent}}
        for op, percent in wanted
        for how in ("latest", "pooled")
    ]
    tables = {
        "units": [{"unit_id": f"U{at}", "type": "university"} for at in range(len(rows))],
        "headcounts": [
            {"unit_id": f"U{at}", "counted_on": date(2024, 5, 6), "reviewers": a, "staff": b}
            for at, (a, b) in enumerate(rows)
        ],
    }
    found = findings(tables, made_up(*requirements))
    assert len(found) == len(rows) * len(requirements)
    for (unit_id, requirement_id, _), finding in found.items():
        assert (finding.numerator, finding.denominator) == rows[int(unit_id[1:])]
        threshold = requirements[int(requirement_id.partition("/")[2].partition("-")[0]) - 1]["threshold"]
        check(finding, threshold["op"], threshold["value"])
