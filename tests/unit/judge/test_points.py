"""Lines and sums of a table of points, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from auditor.judge.score import Mark, add_up, line_of_points
from auditor.model.finding import ScoreLine, ScoreSum
from auditor.model.scoring import Score, Scoring

PASS, WAIVED = Mark(passed=True, waived=False), Mark(passed=False, waived=True)


def off(by: str) -> Mark:
    return Mark(passed=False, waived=False, off=Fraction(by))


def over(by: str) -> Mark:
    return Mark(passed=True, waived=False, over=Fraction(by))


def line(score: dict[str, Any], *marks: Mark) -> ScoreLine:
    return line_of_points("p/1", Score.model_validate(score), marks)


@pytest.mark.parametrize(
    ("score", "marks", "missing", "gained", "capped"),
    [
        # 10 - 2 x 3
        ({"points": 10, "deduct": {"each": 2}}, [off("3")], 3, "4", False),
        # five of them take all, six take no more
        ({"points": 10, "deduct": {"each": 2}}, [off("5")], 5, "0", False),
        ({"points": 10, "deduct": {"each": 2}}, [off("6")], 6, "0", True),
        # at most 7
        ({"points": 10, "deduct": {"each": 2, "cap": 7}}, [off("3")], 3, "4", False),
        ({"points": 10, "deduct": {"each": 2, "cap": 7}}, [off("4")], 4, "3", True),
        # half an hour is a step, and one begun counts: 1.1 hours are three
        ({"points": 10, "deduct": {"each": 1, "per": "0.5"}}, [off("1.1")], 3, "7", False),
        ({"points": 10, "deduct": {"each": 1, "per": "0.5"}}, [off("1")], 2, "8", False),
        # a share a hair below: a step all the same; exactly one percentage point is one
        ({"points": 10, "deduct": {"each": 1, "per": "1%"}}, [off("1/100000")], 1, "9", False),
        ({"points": 10, "deduct": {"each": 1, "per": "1%"}}, [off("1/100")], 1, "9", False),
        # missed by nothing that can be counted (more than five, and there are five): one step
        ({"points": 10, "deduct": {"each": 1, "per": "1%"}}, [off("0")], 1, "9", False),
        # two periods share the points and the cap: 5 each, at most 3 each
        ({"points": 10, "deduct": {"each": 2, "cap": 6}}, [off("1"), off("9")], 10, "5", True),
        # the waived one leaves its share to the others: three periods, 4 each
        ({"points": 12, "deduct": {"each": 5}}, [off("1"), PASS, WAIVED, PASS], 1, "8", True),
        # without deduct a period loses its share
        ({"points": 10}, [off("1"), PASS, PASS, PASS], 0, "7.5", False),
        ({"points": 10}, [off("7"), PASS, PASS], 0, "20/3", False),
        ({"points": 10}, [WAIVED], 0, "0", False),
    ],
)
def test_what_is_taken_off(
    score: dict[str, Any], marks: list[Mark], missing: int, gained: str, capped: bool
) -> None:
    found = line(score, *marks)
    assert (found.missing, found.gained, found.is_capped) == (missing, Fraction(gained), capped)
    assert found.judged + found.waived == len(marks)


@pytest.mark.parametrize(
    ("marks", "extra", "bonus"),
    [
        ([over("0")], 0, "0"),
        # full steps only: 1.9 beyond is no pair
        ([over("1.9")], 0, "0"),
        ([over("2")], 1, "0.5"),
        # four pairs in one period and one in the other, and never more than 2
        ([over("6"), over("2")], 4, "2.0"),
        ([over("8"), over("2")], 5, "2"),
        # a failed period adds nothing
        ([off("1"), over("4")], 2, "1.0"),
    ],
)
def test_what_is_added(marks: list[Mark], extra: int, bonus: str) -> None:
    found = line({"points": 10, "bonus": {"each": 0.5, "per": 2, "ceiling": 2}}, *marks)
    assert (found.extra, found.bonus) == (extra, Decimal(bonus))


def test_a_waived_veto_is_none() -> None:
    assert line({"veto": True}, off("1")).is_veto
    assert not line({"veto": True}, WAIVED).is_veto
    assert not line({"veto": True}, PASS).is_veto


def summed(*lines: ScoreLine, ceiling: int | None = None) -> ScoreSum:
    return add_up(lines, Scoring.model_validate({"total": 120, "bonus_ceiling": ceiling}))


def test_what_was_not_judged_is_scaled_away() -> None:
    # 60 of the 80 judged: 120 x 60 / 80 = 90
    found = summed(line({"points": 60}, PASS), line({"points": 20}, off("1")), line({"points": 40}, WAIVED))
    assert (found.judged, found.gained, found.score) == (80, 60, Decimal("90.0"))


def test_a_bonus_is_added_as_it_is() -> None:
    extra = {"points": 20, "bonus": {"each": 3, "ceiling": 9}}
    lines = line({"points": 60}, PASS), line(extra, over("2"))
    assert summed(*lines).score == Decimal("126.0")
    assert summed(*lines, ceiling=5).score == Decimal("125.0")


def test_points_without_anything_judged_are_no_score() -> None:
    assert summed(line({"points": 60}, WAIVED)).score is None
    # a bonus alone has nothing to be added to
    assert summed(line({"bonus": {"each": 1, "ceiling": 9}}, over("3"))).score is None
    assert summed(line({"veto": True}, off("1"))).score == Decimal("0.0")
