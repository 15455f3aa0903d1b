"""Hand-worked leads and periods; each expectation was worked out from the design."""

from __future__ import annotations

from datetime import date

import pytest

from .cases import LEAD, SESSIONS, YEAR_END, day, findings, one, said, sessions, wanting
from .days import lead_working_days, periods, touches_unannounced
from .reading import DEFAULT_SEMESTERS

# --- working days (section 3) ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filed", "held", "strict", "both", "neither"),
    [
        # The design's own three: Monday for Tuesday 1, Friday for Saturday 0, Sunday for Monday 0.
        ("03-04", "03-05", 1, 2, 0),
        ("03-08", "03-09", 0, 1, 0),
        ("03-10", "03-11", 0, 1, 0),
        # Saturday for Sunday: F is the Monday after the event, nothing lies between in any reading.
        ("03-09", "03-10", 0, 0, 0),
        # 5-8, 11-15, 18-22, 25-29 March are 4 + 5 + 5 + 5 = 19; 1 April is the twentieth.
        ("03-04", "03-29", 19, 20, 18),
        ("03-04", "04-01", 20, 21, 19),
        # Labour Day 2024: off 1-5 May, worked Sunday 28 April: 28, 29, 30 April, 6, 7 May.
        ("04-26", "05-07", 5, 6, 4),
        # Filed on the worked Sunday itself: it is F.
        ("04-28", "04-29", 1, 2, 0),
        # After the event: Tuesday and Wednesday; Saturday for the Friday before counts the Monday.
        ("03-06", "03-04", -2, -3, -1),
        ("03-09", "03-08", -1, -2, 0),
    ],
)
def test_leads(filed: str, held: str, strict: int, both: int, neither: int) -> None:
    """Leads in the three readings."""
    leads = [lead_working_days(day(filed), day(held), reading) for reading in ("strict", "both", "neither")]
    assert leads == [strict, both, neither]


def test_years_without_a_notice_are_said() -> None:
    """2027's notice is not out; a count into it says so, one inside 2024 does not."""
    assert touches_unannounced(date(2026, 12, 30), date(2027, 1, 4))
    assert not touches_unannounced(day("03-04"), day("04-01"))


@pytest.mark.parametrize(
    ("held", "verdict", "shortfall", "borderline"),
    [
        ("03-29", "fail", 1, True),  # 19; counting both days it would be 20
        ("04-01", "pass", None, True),  # 20; counting neither it would be 19
        ("04-02", "pass", None, False),  # 21, and 20 when counting neither
        ("03-28", "fail", 2, False),  # 18, and 19 when counting both
    ],
)
def test_lead_near_twenty(held: str, verdict: str, shortfall: int | None, borderline: bool) -> None:
    """The verdict is the strict one; a reading that would turn it is named."""
    approvals = [{"approval_id": "P1", "unit_id": "U1", "filed_on": day("03-04"), "held_on": day(held)}]
    found = one({"approvals": approvals}, wanting(LEAD, "<=", 0))
    assert said(found, "verdict", "borderline", "calendar") == (verdict, borderline, None)
    assert found["records"][0][2] == shortfall
    assert found["evidence_rows"] == [("approvals", 2)]


def test_a_sure_breach_is_not_borderline() -> None:
    """One row 19 (would turn) beside one row filed on the day (would not): the finding fails anyway."""
    approvals = [
        {"approval_id": "P1", "unit_id": "U1", "filed_on": day("03-04"), "held_on": day("03-29")},
        {"approval_id": "P2", "unit_id": "U1", "filed_on": day("06-03"), "held_on": day("06-03")},
    ]
    found = one({"approvals": approvals}, wanting(LEAD, "<=", 0))
    assert said(found, "verdict", "value", "shortfall", "borderline") == ("fail", 2, 2, False)
    assert [shortfall for _, _, shortfall in found["records"]] == [1, 20]


def test_unannounced_calendar_in_a_finding() -> None:
    """Filed in 2027 for an event of 2024: far too late, and counted partly by guess."""
    approvals = [
        {"approval_id": "P1", "unit_id": "U1", "filed_on": date(2027, 1, 5), "held_on": day("03-29")},
    ]
    found = one({"approvals": approvals}, wanting(LEAD, "<=", 0))
    assert said(found, "verdict", "calendar", "borderline") == ("fail", "unannounced", False)


# --- periods (section 3) --------------------------------------------------------------------------


def labels(kind: str, first: str, last: str, as_of: str) -> list[str]:
    """Return the labels of the periods of a window."""
    found = periods(kind, day(first), day(last), day(as_of), DEFAULT_SEMESTERS)
    return [period.label for period in found]


def test_periods_begin_in_the_window_and_not_after_the_as_of_day() -> None:
    """A quarter that began before the window is not in it, nor one that begins after the as-of day."""
    assert labels("quarter", "01-02", "12-31", "09-30") == ["2024-Q2", "2024-Q3"]
    assert labels("half_year", "01-01", "12-31", "07-01") == ["2024-H1", "2024-H2"]
    assert labels("month", "01-01", "03-31", "02-01") == ["2024-01", "2024-02"]
    assert labels("year", "01-02", "12-31", "12-31") == []


def test_weeks_belong_to_the_year_of_their_thursday() -> None:
    """2024 has W01 (Monday 1 January) to W52; Monday 30 December 2024 is in 2025-W01."""
    assert labels("week", "01-01", "12-31", "12-31")[::51] == ["2024-W01", "2024-W52"]
    # As of a Wednesday the week has not begun.
    assert labels("week", "01-01", "12-31", "01-10") == ["2024-W01"]
    assert labels("week", "2025-01-01", "2025-01-05", "2025-01-05") == ["2025-W01"]


def test_semesters() -> None:
    """S1 is 1 February to 31 July, S2 1 August to 31 January, of the year they start in."""
    first, second = periods("semester", day("01-01"), YEAR_END, date(2025, 1, 31), DEFAULT_SEMESTERS)
    assert (first.label, first.first, first.last) == ("2024-S1", day("02-01"), day("07-31"))
    assert (second.label, second.first, second.last) == ("2024-S2", day("08-01"), date(2025, 1, 31))
    (own,) = periods("semester", day("03-01"), day("03-01"), YEAR_END, ((3, 1), (9, 16)))
    assert (own.label, own.last) == ("2024-S1", day("09-15"))


def test_rows_fall_into_their_semester() -> None:
    """31 January 2024 is in 2023-S2, outside the audit; 31 January 2025 still counts for 2024-S2."""
    rows = sessions("01-31", "02-01", "07-31", "08-01", "2025-01-31", "2025-02-01")
    requirement = wanting(SESSIONS, period="semester")
    found = findings({"activities": rows}, requirement, date(2025, 2, 1))
    assert [said(one, "period", "value", "evidence_rows") for one in found] == [
        ("2024-S1", 2, [("activities", 3), ("activities", 4)]),
        ("2024-S2", 2, [("activities", 5), ("activities", 6)]),
    ]
