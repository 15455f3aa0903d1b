from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from auditor.periods.workdays import Lead, WorkCalendar, load_calendar

CALENDAR = load_calendar()

# The State Council's notice for 2024 (国办发明电〔2023〕7号): Mid-Autumn 15-17 September, worked Saturday 14;
# National Day 1-7 October, worked Sunday 29 September and Saturday 12 October.
AUTUMN_2024 = {
    date(2024, 9, 13): True,  # Friday
    date(2024, 9, 14): True,  # Saturday, swapped
    date(2024, 9, 15): False,
    date(2024, 9, 16): False,
    date(2024, 9, 17): False,
    date(2024, 9, 18): True,
    date(2024, 9, 19): True,
    date(2024, 9, 20): True,
    date(2024, 9, 21): False,  # Saturday
    date(2024, 9, 22): False,
    date(2024, 9, 23): True,
    date(2024, 9, 24): True,
    date(2024, 9, 25): True,
    date(2024, 9, 26): True,
    date(2024, 9, 27): True,
    date(2024, 9, 28): False,  # Saturday
    date(2024, 9, 29): True,  # Sunday, swapped
    date(2024, 9, 30): True,
    date(2024, 10, 1): False,
    date(2024, 10, 2): False,
    date(2024, 10, 3): False,
    date(2024, 10, 4): False,
    date(2024, 10, 5): False,
    date(2024, 10, 6): False,
    date(2024, 10, 7): False,
    date(2024, 10, 8): True,
    date(2024, 10, 9): True,
    date(2024, 10, 10): True,
    date(2024, 10, 11): True,
    date(2024, 10, 12): True,  # Saturday, swapped
    date(2024, 10, 13): False,
}


def test_the_swapped_days_of_autumn_2024() -> None:
    assert {day: CALENDAR.is_working(day) for day in AUTUMN_2024} == AUTUMN_2024
    assert len(CALENDAR.working_days(min(AUTUMN_2024), max(AUTUMN_2024))) == 17


@pytest.mark.parametrize(
    ("filed", "held", "days", "both", "neither"),
    [
        pytest.param(date(2024, 3, 4), date(2024, 3, 5), 1, 2, 0, id="monday-for-tuesday"),
        pytest.param(date(2024, 3, 8), date(2024, 3, 9), 0, 1, 0, id="friday-for-saturday"),
        pytest.param(date(2024, 3, 10), date(2024, 3, 11), 0, 1, 0, id="sunday-for-monday"),
        pytest.param(date(2024, 3, 9), date(2024, 3, 10), 0, 0, 0, id="saturday-for-sunday"),
        pytest.param(date(2024, 3, 4), date(2024, 3, 4), 0, 1, 0, id="the-same-day"),
        pytest.param(date(2024, 3, 4), date(2024, 3, 8), 4, 5, 3, id="monday-for-friday"),
        pytest.param(date(2024, 3, 4), date(2024, 3, 10), 4, 5, 4, id="the-event-on-a-sunday"),
        # Counts from Wednesday 18; worked after it: 19, 20, 23-27, 29, 30, October 8.
        pytest.param(date(2024, 9, 15), date(2024, 10, 8), 10, 11, 9, id="over-national-day"),
        pytest.param(date(2024, 3, 6), date(2024, 3, 4), -2, 0, 0, id="wednesday-after-monday"),
        # Saturday counts from Monday: Friday's event is one working day past.
        pytest.param(date(2024, 3, 9), date(2024, 3, 8), -1, 0, 0, id="saturday-after-friday"),
        pytest.param(date(2024, 10, 2), date(2024, 9, 30), -1, 0, 0, id="in-the-holiday-after-the-eve"),
    ],
)
def test_leads(filed: date, held: date, days: int, both: int, neither: int) -> None:
    assert CALENDAR.lead(filed, held) == Lead(days, both, neither, announced=True)


def test_the_latest_filing_day_for_a_lead() -> None:
    # Worked before Tuesday 8 October 2024: September 30, 29, 27, 26, 25.
    assert CALENDAR.ahead(date(2024, 10, 8), 1) == date(2024, 9, 30)
    assert CALENDAR.ahead(date(2024, 10, 8), 5) == date(2024, 9, 25)
    # An event on a day off: the last working day before it is the first that counts.
    assert CALENDAR.ahead(date(2024, 10, 6), 1) == date(2024, 9, 29)
    assert CALENDAR.ahead(date(2024, 10, 6), 0) == date(2024, 10, 6)


def test_a_term_starts_the_day_after() -> None:
    assert CALENDAR.after(date(2024, 9, 30), 1) == date(2024, 10, 8)
    assert CALENDAR.after(date(2024, 9, 27), 5) == date(2024, 10, 10)


def test_a_year_without_notice_counts_monday_to_friday_and_says_so() -> None:
    calendar = WorkCalendar()
    unannounced = max(calendar.announced_years) + 1
    new_year = date(unannounced, 1, 1)
    assert unannounced >= 2027
    assert not calendar.is_announced(new_year)
    assert calendar.is_announced(new_year - timedelta(days=1))
    week = [new_year + timedelta(days=offset) for offset in range(7)]
    assert [calendar.is_working(day) for day in week] == [day.weekday() < 5 for day in week]
    assert not calendar.lead(new_year - timedelta(days=40), new_year).announced
    assert calendar.lead(new_year - timedelta(days=40), new_year - timedelta(days=1)).announced
    # Filed after the event: the day the filing counts from lies in the unannounced year.
    assert not calendar.lead(new_year, new_year - timedelta(days=1)).announced


def test_a_filing_after_the_event_does_not_count_the_events_own_year() -> None:
    # Held on the last day of a year without notice; counted are only days of the next, which has one.
    calendar = WorkCalendar({date(2050, 1, 1): False})
    assert calendar.lead(date(2050, 1, 3), date(2049, 12, 31)) == Lead(-1, 0, 0, announced=True)


def test_the_users_file_wins_day_by_day_and_announces_its_years(tmp_path: Path) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text(
        "day,working,note\n2024-10-08,no,typhoon\n2024-10-05,yes,\n2031-10-01,no,\n", encoding="utf-8"
    )
    calendar = load_calendar(path)
    assert not calendar.is_working(date(2024, 10, 8))
    assert calendar.is_working(date(2024, 10, 5))
    assert not calendar.is_working(date(2024, 10, 4))
    assert not calendar.is_working(date(2031, 10, 1))
    assert calendar.is_working(date(2031, 10, 2))
    assert calendar.is_announced(date(2031, 1, 1))
    assert not calendar.is_announced(date(2032, 1, 1))
    assert calendar.frame(date(2024, 10, 8), date(2024, 10, 8))["filing_on"] == [date(2024, 10, 9)]


def test_the_columns_of_the_national_day_of_2024() -> None:
    assert CALENDAR.frame(date(2024, 9, 29), date(2024, 10, 2)) == {
        "day": [date(2024, 9, 29), date(2024, 9, 30), date(2024, 10, 1), date(2024, 10, 2)],
        "working": [1, 1, 0, 0],
        "working_through": [1, 2, 2, 2],
        "filing_on": [date(2024, 9, 29), date(2024, 9, 30), date(2024, 10, 8), date(2024, 10, 8)],
        "filing_through": [1, 2, 3, 3],
        "unannounced": [0, 0, 0, 0],
        "unannounced_through": [0, 0, 0, 0],
        "unannounced_filing_through": [0, 0, 0, 0],
    }


def test_the_columns_where_the_filing_counts_from_an_unannounced_year() -> None:
    # Every year but 2049 is without notice; 31 December 2049 is a Friday, marked as a day off.
    columns = WorkCalendar({date(2049, 12, 31): False}).frame(date(2049, 12, 30), date(2050, 1, 1))
    assert columns["filing_on"] == [date(2049, 12, 30), date(2050, 1, 3), date(2050, 1, 3)]
    assert columns["unannounced"] == [0, 0, 1]
    assert columns["unannounced_through"] == [0, 0, 1]
    assert columns["unannounced_filing_through"] == [0, 3, 3]


def test_the_package_of_notices_is_loaded_only_when_a_working_day_is_asked_for() -> None:
    asked = (
        "import sys; from auditor.periods.workdays import load_calendar; load_calendar();"
        "print('chinese_calendar' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", asked], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
