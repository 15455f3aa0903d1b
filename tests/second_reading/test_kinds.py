"""Hand-worked due dates, shares of subjects and stretches; each expectation was worked out from the design."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from .cases import U1, day, one, said, wanting
from .days import periods
from .kinds import days_from, months_from
from .reading import DEFAULT_SEMESTERS, audit

DEPARTMENTS: list[dict[str, Any]] = [
    {"unit_id": f"D{number:02d}", "type": "department", "parent_id": "U1"} for number in range(12)
]
BOARD = {"asset_id": "B1", "unit_id": "U1", "kind": "showcase"}


def submissions(*days: str) -> list[dict[str, Any]]:
    """Return submissions of U1."""
    return [
        {"submission_id": f"M{number}", "unit_id": "U1", "submitted_on": day(handed_in)}
        for number, handed_in in enumerate(days)
    ]


def deadlines(rows: list[dict[str, Any]], as_of: str = "12-31", **due: Any) -> dict[str, Any]:
    """Return the findings of U1 over 2024 by their labels."""
    more = {key: due.pop(key) for key in ("period", "window") if key in due}
    requirement = wanting({"kind": "deadline", "table": "submissions", **due}, **more)
    found = audit(
        {"units": [U1], "submissions": rows},
        [requirement],
        effective=(None, None),
        first=day("01-01"),
        last=day("12-31"),
        as_of=day(as_of),
    )
    return {one["period"].removeprefix("2024-due-"): one for one in found}


@pytest.mark.parametrize(
    ("handed_in", "first", "second", "days_late"),
    [
        ("05-31", "pass", "fail", None),
        ("06-01", "fail", "pass", 1),
        # 31 May to 9 June: nine days late, and in time for November.
        ("06-09", "fail", "pass", 9),
        ("11-30", "fail", "pass", 183),
        ("12-01", "fail", "fail", 184),
    ],
)
def test_two_due_dates(handed_in: str, first: str, second: str, days_late: int | None) -> None:
    """The due date is in time, the day after is late for it and early for the next."""
    found = deadlines(submissions(handed_in), dates=["05-31", "11-30"])
    assert [found[due]["verdict"] for due in ("05-31", "11-30")] == [first, second]
    assert [late for _, _, late in found["05-31"]["records"]] == ([days_late] if days_late else [])


def test_labels_of_due_dates() -> None:
    """Every month has its own, the last day where it lacks the day; a window ends on its last day."""
    monthly = deadlines([], monthly=30, period="month")
    assert list(monthly)[:4] == ["01-30", "02-29", "03-30", "04-30"]
    assert len(monthly) == 12
    assert list(deadlines([], period="stage", window=["04-25", "05-10"])) == ["05-10"]
    stage = wanting({"kind": "count", "table": "submissions"}, period="stage", window=["05-11", "05-31"])
    (found,) = periods(stage, day("01-01"), day("12-31"), day("12-31"), DEFAULT_SEMESTERS)
    assert (found.label, found.first, found.last) == ("2024-stage-05-11..05-31", day("05-11"), day("05-31"))


def test_a_deadline_before_its_day() -> None:
    """Nothing yet: pending; the next window has not begun."""
    found = deadlines([], "03-01", dates=["05-31", "11-30"])
    assert {due: said(one, "verdict", "forecast") for due, one in found.items()} == {
        "05-31": ("pending", "on_track")
    }


def coverage(covered: int, as_of: str = "12-31", op: str = ">=", percent: str = "100%") -> Any:
    """Return the finding of U1 with so many of twelve departments checked."""
    rows = [
        {"activity_id": f"A{number}", "unit_id": each["unit_id"], "held_on": day("02-01")}
        for number, each in enumerate(DEPARTMENTS[:covered])
    ]
    measure = {
        "kind": "coverage",
        "subjects": {"table": "units", "where": {"type": "department"}},
        "inner": {"kind": "count", "table": "activities", "by": "unit_id"},
    }
    return one({"units": [U1, *DEPARTMENTS], "activities": rows}, wanting(measure, op, percent), as_of)


def test_eleven_of_twelve() -> None:
    """One is missing at the end; before it the share is pending, and on track until nine tenths are gone."""
    keys = ("verdict", "value", "shortfall", "forecast", "provisional")
    assert said(coverage(11), *keys) == ("fail", Fraction(11, 12), 1, None, False)
    assert said(coverage(11, "11-24"), *keys) == ("pending", Fraction(11, 12), 1, "on_track", False)
    assert said(coverage(11, "11-25"), *keys) == ("pending", Fraction(11, 12), 1, "at_risk", False)
    assert said(coverage(12, "06-30"), *keys) == ("pass", 1, None, None, True)
    assert said(coverage(6, op=">", percent="50%"), *keys) == ("fail", Fraction(1, 2), 1, None, False)
    assert [each for each in coverage(11)["subjects"] if each[1] == 0] == [("D11", 0, 1)]


@pytest.mark.parametrize(
    ("earlier", "later", "months", "days"),
    [
        ("2023-08-31", "2024-02-29", 6, 182),
        ("2023-08-31", "2024-03-01", 7, 183),
        ("2024-01-01", "2024-07-01", 6, 182),
        ("2024-01-01", "2024-12-31", 12, 365),
        ("2024-05-05", "2024-05-05", 0, 0),
    ],
)
def test_stretches(earlier: str, later: str, months: int, days: int) -> None:
    """A gap of exactly six calendar months holds; a day the month lacks is its last."""
    both = date.fromisoformat(earlier), date.fromisoformat(later)
    assert (months_from(*both), days_from(*both)) == (months, days)


@pytest.mark.parametrize(
    ("updated", "as_of", "expected"),
    [
        ((), "12-31", ("fail", 12, 6, False)),
        (("07-01",), "12-31", ("pass", 6, None, False)),
        (("07-02",), "12-31", ("fail", 7, 1, False)),
        ((), "07-01", ("pass", 6, None, True)),
        ((), "07-02", ("fail", 7, 1, False)),
    ],
)
def test_the_longest_stretch(updated: tuple[str, ...], as_of: str, expected: Any) -> None:
    """Too long fails at once, not too long passes provisionally."""
    rows = [
        {"publication_id": f"B{number}", "unit_id": "U1", "asset_id": "B1", "published_on": day(text)}
        for number, text in enumerate(updated)
    ]
    measure = {
        "kind": "max_gap",
        "subjects": {"table": "assets"},
        "inner": {"table": "publications", "by": "asset_id"},
        "in": "months",
    }
    found = one({"assets": [BOARD], "publications": rows}, wanting(measure, "<=", 6), as_of)
    assert said(found, "verdict", "value", "shortfall", "provisional") == expected
    gone = {**BOARD, "closed_on": day("01-15")}
    found = one({"assets": [gone], "publications": rows}, wanting(measure, "<=", 6), as_of)
    assert said(found, "verdict", "reason", "value") == ("not_applicable", "no_subjects", None)
