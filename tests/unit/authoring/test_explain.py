"""`explain` lays one requirement of one unit open: rule, statement, figures, rows, what else a row served."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import Options
from auditor.authoring.explain import Explanation, explain
from auditor.errors import BadInput
from auditor.periods.period import Window

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parents[3] / "fixtures" / "university-2024"
PLAIN = Options(judged_by="plain")
Y2024 = Window.of_year(2024)


def laid_open(
    unit: str, requirement: str, of: Callable[[Explanation], Any], window: Window | None = Y2024
) -> Any:
    found = explain(SAMPLE, unit, requirement, ["henan-2023"], window, PLAIN)
    with found.audit:
        return of(found)


def test_the_figures_the_rows_and_the_rule() -> None:
    found: Explanation = laid_open("D06", "henan-2023/12-lead-time", lambda found: found)
    (finding,) = found.findings
    assert (finding.verdict, finding.value, finding.borderline) == ("fail", 2, False)
    # 19 of 20 working days, and 17
    off = {each.value: each.shortfall for each in finding.evidence if each.shortfall is not None}
    assert off == {19: 1, 17: 3}
    assert "20" in found.rule["en"]
    assert "20" in found.rule["zh"]
    assert found.sql.startswith("WITH")
    late = next(each for each in finding.evidence if each.value == 17)
    cells = found.contents["en"][late.file, late.sheet, late.row]  # type: ignore[index]
    assert (cells["filed on"], cells["held on"], cells["unit id"]) == ("2024-06-04", "2024-06-28", "D06")
    assert all(value for value in cells.values())
    assert found.also[late.file, late.sheet, late.row] == ("henan-2023/12-approved-first",)  # type: ignore[index]


def test_a_row_that_served_several_says_which() -> None:
    also = laid_open("U01", "henan-2023/1-sessions", lambda found: found.also)
    served = {other for others in also.values() for other in others}
    assert served == {"henan-2023/1-speakers", "henan-2023/14-session", "henan-2023/15-session"}
    assert all(list(others) == sorted(others) for others in also.values())


def test_only_that_unit_is_audited() -> None:
    units = laid_open("D03", "18-reviewers", lambda found: [each.unit_id for each in found.audit.units])
    assert units == ["D03"]


def test_the_short_name_and_the_busiest_year_are_found() -> None:
    found = explain(SAMPLE, "D04", "1-active", [], None, PLAIN)
    with found.audit:
        assert found.requirement.id == "henan-2023/1-active"
        assert (found.audit.provenance.first_on.year, len(found.findings)) == (2024, 12)


@pytest.mark.parametrize(
    ("unit", "requirement", "code", "hint"),
    [
        ("D01", "henan-2023/1-sesions", "usage.unknown_requirement", "henan-2023/1-sessions"),
        ("D01", "henan-2023/1-sessions", "usage.requirement_not_owed", None),
        ("D13", "henan-2023/1-active", "usage.unknown_unit", None),
    ],
)
def test_what_cannot_be_explained_is_a_problem(
    unit: str, requirement: str, code: str, hint: str | None
) -> None:
    with pytest.raises(BadInput) as bad:
        laid_open(unit, requirement, lambda found: found)
    (problem,) = bad.value.problems
    assert problem.code == code
    assert hint is None or problem.hint == hint
