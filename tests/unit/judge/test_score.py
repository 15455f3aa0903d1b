"""Scores worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from auditor.judge.score import WEIGHTS, score
from auditor.model.finding import ScoreLine


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        # each line: its weight, how many were judged, how many passed
        ([(1, 1, 1)], "100.0"),
        ([(1, 1, 0)], "0.0"),
        # 3 of 4
        ([(3, 1, 1), (1, 1, 0)], "75.0"),
        # a weight is shared among its periods: 3 x 11/12 + 1 = 3.75 of 4
        ([(3, 12, 11), (1, 1, 1)], "93.8"),
        # 2 of 3: 66.66…; 1 of 3: 33.33…
        ([(1, 3, 2)], "66.7"),
        ([(1, 3, 1)], "33.3"),
        # exactly on the half: 1249 of 2000 is 62.45, and 62.5 is half up, where half to even says 62.4
        ([(1, 2000, 1249)], "62.5"),
        ([(1, 2000, 1251)], "62.6"),
        # what was not judged (or was waived) stands on neither side
        ([(5, 0, 0), (1, 2, 1)], "50.0"),
        # the sample's university: 24 + 3/4 of 28 minor, 30 + 3/2 of 36 major, the veto: 100 x 61.25 / 69 = 88.768
        (
            [(1, 1, 1)] * 24
            + [(1, 1, 0)] * 3
            + [(1, 4, 3)]
            + [(3, 1, 1)] * 10
            + [(3, 2, 1), (3, 1, 0), (5, 1, 1)],
            "88.8",
        ),
    ],
)
def test_by_hand(lines: list[tuple[int, int, int]], wanted: str) -> None:
    given = [ScoreLine(f"p/{at}", *line) for at, line in enumerate(lines)]
    got = score(given)
    assert got == Decimal(wanted)
    assert str(got) == wanted
    assert score(reversed(given)) == got


@pytest.mark.parametrize("lines", [[], [ScoreLine("p/1", 3, 0, 0)]])
def test_nothing_judged_has_no_score(lines: list[ScoreLine]) -> None:
    assert score(lines) is None


def test_weights() -> None:
    assert WEIGHTS == {"minor": 1, "major": 3, "veto": 5}
