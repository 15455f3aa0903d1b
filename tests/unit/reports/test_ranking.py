"""The ranking: the worst first, ties share a place, little judged is marked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from auditor.model.finding import UnitResult
from auditor.reports.ranking import ranked


def unit(unit_id: str, rating: Any, score: str | None, judged: int = 4, applicable: int = 8) -> UnitResult:
    worth = None if score is None else Decimal(score)
    return UnitResult(unit_id, None, None, worth, judged, applicable, {}, rating, ())


def test_ties_share_a_place_and_the_next_is_left_out() -> None:
    found = ranked([
        unit("A", "qualified", "100.0"), unit("B", "improve", "90.0"), unit("C", "qualified", "100.0"),
        unit("D", "not_rated", None, 0, 3), unit("E", "unqualified", "95.0"), unit("F", "improve", "90.0"),
        unit("G", "improve", "80.0"),
    ])  # fmt: skip
    # the same score under another rating is no tie, and a veto stands below whatever its score
    assert [(each.unit.unit_id, each.place, each.is_tied) for each in found] == [
        ("E", 6, False), ("G", 5, False), ("B", 3, True), ("F", 3, True), ("A", 1, True), ("C", 1, True),
        ("D", None, False),
    ]  # fmt: skip


def test_little_is_less_than_half() -> None:
    found = ranked([
        unit("A", "qualified", "100.0", 4, 8),
        unit("B", "qualified", "100.0", 3, 8),
        unit("C", "not_rated", None, 0, 0),
    ])  # fmt: skip
    assert [(each.unit.unit_id, each.is_little) for each in found] == [
        ("A", False),
        ("B", True),
        ("C", False),
    ]
