"""What is asked where the rule names no one number: the unit's target, the period before, dated numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from audits import findings
from pack_files import made_up

from auditor.model.finding import Asked, Finding
from auditor.periods.period import Window

UNITS = [{"unit_id": "U1", "type": "university"}]
COUNT = {"kind": "count", "table": "publications", "where": {"kind": "article"}}
ACTIVE = {
    "kind": "ratio",
    "table": "platform_usage",
    "numerator": "active",
    "denominator": "members",
    "how": "pooled",
}
BOTH = {"zh": "文", "en": "document"}


def articles(number: int, year: int = 2024) -> list[dict[str, Any]]:
    return [
        {
            "publication_id": f"P{year}-{at}",
            "unit_id": "U1",
            "kind": "article",
            "published_on": date(year, 2, 1),
        }
        for at in range(number)
    ]


def target(value: Any, year: int = 2024, requirement_id: str = "test/1-x") -> dict[str, Any]:
    return {"unit_id": "U1", "requirement_id": requirement_id, "year": year, "value": value}


def usage(day: date, active: int, members: int) -> dict[str, Any]:
    return {"unit_id": "U1", "day": day, "active": active, "members": members}


def one(
    tables: dict[str, Any], period: str = "2024", pack: dict[str, Any] | None = None, **how: Any
) -> Finding:
    asked = pack or made_up({"measure": COUNT, "threshold": {"op": ">=", "value": "target"}})
    return findings({"units": UNITS, **tables}, asked, **how)["U1", "test/1-x", period]


@pytest.mark.parametrize(
    ("held", "verdict", "shortfall"),
    [(12, "pass", None), (11, "fail", 1), (13, "pass", None), (0, "fail", 12)],
)
def test_the_units_own_target(held: int, verdict: str, shortfall: int | None) -> None:
    finding = one(
        {"publications": articles(held), "targets": [target(12), target(99, 2023), target(3, 2024, "x/1")]}
    )
    assert (finding.verdict, finding.value, finding.shortfall) == (verdict, held, shortfall)
    assert finding.threshold == Asked(">=", Decimal(12), Decimal(12))
    assert finding.figures["threshold"] == 12


@pytest.mark.parametrize("targets", [[], [target(12, 2023)], [target(12, 2024, "test/2-x")], [target(None)]])
def test_without_a_target_nothing_can_be_said(targets: list[dict[str, Any]]) -> None:
    finding = one({"publications": articles(5), "targets": targets})
    assert (finding.verdict, finding.reason, finding.value) == ("insufficient_data", "no_target", 5)
    assert finding.shortfall is None
    assert finding.threshold == Asked(">=", None, None)


def test_a_target_while_the_year_runs() -> None:
    finding = one({"publications": articles(5), "targets": [target(12)]}, as_of=date(2024, 5, 31))
    # 152 of 366 days gone: 12 x 152 / 366 = 4.98, rounded down 4.
    assert (finding.verdict, finding.forecast, finding.shortfall) == ("pending", "on_track", 7)
    early = one({"publications": articles(5), "targets": []}, as_of=date(2024, 5, 31))
    assert (early.verdict, early.reason) == ("insufficient_data", "no_target")


UP = made_up({"measure": ACTIVE, "threshold": {"op": ">", "against": "previous"}})
BEFORE = usage(date(2023, 6, 1), 30, 90)


@pytest.mark.parametrize(
    ("active", "members", "verdict", "shortfall"),
    [(34, 100, "pass", None), (33, 100, "fail", 1), (1, 3, "fail", 1), (30, 99, "fail", 4)],
)
def test_against_the_year_before(active: int, members: int, verdict: str, shortfall: int | None) -> None:
    # 30 of 90 is a third: 34/100 is more, 33/100 is not, 1/3 is the same; of 99 it takes 34 to be more than 33.
    rows = [BEFORE, usage(date(2024, 3, 1), active, members)]
    finding = one({"platform_usage": rows}, pack=UP)
    assert (finding.verdict, finding.shortfall) == (verdict, shortfall)
    assert finding.threshold == Asked(">", Decimal("0.333333"), Decimal("0.333333"), 30, 90)
    assert (finding.figures["base_numerator"], finding.figures["base_denominator"]) == (30, 90)
    assert [each.row for each in finding.evidence] == [3]


@pytest.mark.parametrize("before", [[], [usage(date(2023, 6, 1), 0, 0)], [usage(date(2022, 6, 1), 1, 3)]])
def test_without_a_ratio_before_nothing_can_be_said(before: list[dict[str, Any]]) -> None:
    finding = one({"platform_usage": [*before, usage(date(2024, 3, 1), 1, 2)]}, pack=UP)
    assert (finding.verdict, finding.reason) == ("insufficient_data", "no_base")
    assert (finding.numerator, finding.denominator, finding.shortfall) == (1, 2, None)


def test_against_the_month_before_across_the_new_year() -> None:
    monthly = made_up(
        {"measure": ACTIVE, "threshold": {"op": ">=", "against": "previous"}, "period": "month"}
    )
    rows = [usage(date(2023, 12, 5), 1, 2), usage(date(2024, 1, 5), 1, 2), usage(date(2024, 2, 5), 1, 3)]
    found = findings({"units": UNITS, "platform_usage": rows}, monthly, as_of=date(2024, 3, 31))
    said = {period: (each.verdict, each.reason) for (_, _, period), each in found.items()}
    assert said == {
        "2024-01": ("pass", "met"),
        "2024-02": ("fail", "below_threshold"),
        "2024-03": ("insufficient_data", "no_rows"),
    }


def dated(op: str, *numbers: tuple[date, Any]) -> dict[str, Any]:
    return {"op": op, "value": [{"from": day, "value": value, "reference": BOTH} for day, value in numbers]}


OLD, NEW = date(2020, 1, 1), date(2024, 1, 1)


def test_last_years_data_are_judged_by_last_years_rule() -> None:
    pack = made_up({"measure": COUNT, "threshold": dated(">=", (OLD, 2), (NEW, 4))})
    tables = {"units": UNITS, "publications": [*articles(3, 2023), *articles(3, 2024)]}
    found = findings(tables, pack, window=Window(date(2023, 1, 1), date(2024, 12, 31)))
    assert {period: (each.verdict, each.shortfall) for (_, _, period), each in found.items()} == {
        "2023": ("pass", None),
        "2024": ("fail", 1),
    }
    assert {period: each.threshold.low for (_, _, period), each in found.items() if each.threshold} == {
        "2023": 2,
        "2024": 4,
    }


def test_a_dated_share_and_a_dated_range() -> None:
    share = made_up({"measure": ACTIVE, "threshold": dated(">=", (OLD, "30%"), (NEW, "35%"))})
    finding = one({"platform_usage": [usage(date(2024, 3, 1), 34, 100)]}, pack=share)
    assert (finding.verdict, finding.shortfall) == ("fail", 1)
    between = made_up({"measure": COUNT, "threshold": dated("between", (OLD, [0, 9]), (NEW, [1, 2]))})
    finding = one({"publications": articles(3)}, pack=between)
    assert (finding.verdict, finding.reason, finding.shortfall) == ("fail", "above_threshold", 1)
    assert finding.figures["threshold"] == [1, 2]


def test_a_dated_number_inside_each_subject() -> None:
    inner = {"kind": "count", "table": "activities", "where": {"kind": "lesson"}, "by": "post_id"}
    measure = {"kind": "each_subject", "subjects": {"table": "posts"}, "inner": inner}
    half = date(2024, 7, 1)
    pack = made_up({"measure": measure, "threshold": dated(">=", (OLD, 1), (half, 2)), "period": "half_year"})
    lessons = [
        {
            "activity_id": f"A{month}",
            "unit_id": "U1",
            "kind": "lesson",
            "post_id": "P1",
            "held_on": date(2024, month, 1),
        }
        for month in (3, 9)
    ]
    tables = {"units": UNITS, "posts": [{"post_id": "P1", "unit_id": "U1"}], "activities": lessons}
    found = findings(tables, pack)
    assert {period: (each.verdict, each.value) for (_, _, period), each in found.items()} == {
        "2024-H1": ("pass", 0),
        "2024-H2": ("fail", 1),
    }
    assert [(each.value, each.shortfall) for each in found["U1", "test/1-x", "2024-H2"].evidence] == [(1, 1)]
