from __future__ import annotations

from datetime import date

import pytest

from auditor.errors import BadInput
from auditor.periods.period import Period, Semesters, Window, parse_period, periods_in

Y2024 = Window.of_year(2024)


def only_code(bad: pytest.ExceptionInfo[BadInput]) -> str:
    (problem,) = bad.value.problems
    return problem.code


@pytest.mark.parametrize(
    ("label", "scheme", "first_on", "last_on"),
    [
        ("2024", "year", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-H1", "half_year", date(2024, 1, 1), date(2024, 6, 30)),
        ("2024-H2", "half_year", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024-Q1", "quarter", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-Q3", "quarter", date(2024, 7, 1), date(2024, 9, 30)),
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", "month", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-W07", "week", date(2024, 2, 12), date(2024, 2, 18)),
        ("2025-W01", "week", date(2024, 12, 30), date(2025, 1, 5)),
        ("2020-W53", "week", date(2020, 12, 28), date(2021, 1, 3)),
        ("2024-S1", "semester", date(2024, 2, 1), date(2024, 7, 31)),
        ("2024-S2", "semester", date(2024, 8, 1), date(2025, 1, 31)),
    ],
)
def test_a_label_names_these_days(label: str, scheme: str, first_on: date, last_on: date) -> None:
    period = parse_period(label)
    assert (period.scheme, period.label, period.first_on, period.last_on) == (
        scheme,
        label,
        first_on,
        last_on,
    )


@pytest.mark.parametrize(
    ("label", "ordinal"),
    [("2024", 2024), ("2024-H2", 4050), ("2024-Q3", 8099), ("2024-05", 24293), ("2024-S2", 4050)],
)
def test_ordinals_are_the_running_numbers_of_the_scheme(label: str, ordinal: int) -> None:
    assert parse_period(label).ordinal == ordinal


@pytest.mark.parametrize(
    ("scheme", "periods"),
    [
        ("stage-05-11..05-31", [("2024-stage-05-11..05-31", date(2024, 5, 11), date(2024, 5, 31))]),
        ("due-04-25..05-10", [("2024-due-05-10", date(2024, 4, 25), date(2024, 5, 10))]),
        (
            "due-11-30,05-31",
            [
                ("2024-due-05-31", date(2024, 1, 1), date(2024, 5, 31)),
                ("2024-due-11-30", date(2024, 6, 1), date(2024, 11, 30)),
            ],
        ),
        ("academic_year", [("2024-AY", date(2024, 9, 1), date(2025, 8, 31))]),
    ],
)
def test_stages_due_dates_and_academic_years(scheme: str, periods: list[tuple[str, date, date]]) -> None:
    found = periods_in(scheme, Y2024)
    assert [(each.label, each.first_on, each.last_on) for each in found] == periods


def test_a_monthly_due_date_is_clipped_to_the_month() -> None:
    found = periods_in("due-monthly-31", Y2024)
    assert [each.label for each in found[:3]] == ["2024-due-01-31", "2024-due-02-29", "2024-due-03-31"]
    assert (found[1].first_on, found[-1].last_on, len(found)) == (date(2024, 2, 1), date(2024, 12, 31), 12)


def test_the_user_sets_the_academic_year() -> None:
    (period,) = periods_in("academic_year", Y2024, Semesters().with_academic_year("08-20"))
    assert (period.label, period.first_on, period.last_on) == (
        "2024-AY",
        date(2024, 8, 20),
        date(2025, 8, 19),
    )


@pytest.mark.parametrize("text", ["", "9", "02-29", "13-01", "09-01,10-01"])
def test_an_academic_year_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as bad:
        Semesters().with_academic_year(text)
    assert only_code(bad) == "calendar.academic_year"


def test_a_week_begins_on_its_thursday_and_any_other_period_on_its_first_day() -> None:
    assert parse_period("2024-W07").begins_on == date(2024, 2, 15)
    assert parse_period("2024-S2").begins_on == date(2024, 8, 1)


@pytest.mark.parametrize(
    ("scheme", "labels"),
    [
        ("year", ["2024"]),
        ("half_year", ["2024-H1", "2024-H2"]),
        ("quarter", ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]),
        ("month", [f"2024-{month:02d}" for month in range(1, 13)]),
        ("week", [f"2024-W{week:02d}" for week in range(1, 53)]),
        ("semester", ["2024-S1", "2024-S2"]),
    ],
)
def test_the_periods_of_2024(scheme: str, labels: list[str]) -> None:
    assert [period.label for period in periods_in(scheme, Y2024)] == labels


def test_2020_has_a_week_53() -> None:
    assert [period.label for period in periods_in("week", Window.of_year(2020))][-1] == "2020-W53"


def test_a_period_belongs_to_the_window_it_begins_in() -> None:
    def labels(scheme: str, first_on: date, last_on: date) -> list[str]:
        return [period.label for period in periods_in(scheme, Window(first_on, last_on))]

    assert labels("quarter", date(2024, 1, 2), date(2024, 7, 1)) == ["2024-Q2", "2024-Q3"]
    # The week of Thursday 15 February.
    assert labels("week", date(2024, 2, 15), date(2024, 2, 21)) == ["2024-W07"]
    assert labels("week", date(2024, 2, 16), date(2024, 2, 22)) == ["2024-W08"]
    assert labels("semester", date(2024, 8, 1), date(2025, 2, 1)) == ["2024-S2", "2025-S1"]


def test_the_user_sets_the_semesters() -> None:
    semesters = Semesters.parse("02-20,09-01")
    assert semesters == Semesters((2, 20), (9, 1))
    second = Period("semester", "2023-S2", date(2023, 9, 1), date(2024, 2, 19), date(2023, 9, 1), 4048)
    assert parse_period("2023-S2", semesters) == second
    assert Semesters.parse(" 2-1, 8-1 ") == Semesters()


@pytest.mark.parametrize(
    "text", ["", "02-01", "08-01,02-01", "02-01,02-01", "02-29,08-01", "13-01,08-01", "a,b"]
)
def test_semesters_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BadInput) as bad:
        Semesters.parse(text)
    assert only_code(bad) == "calendar.semesters"


@pytest.mark.parametrize(
    "label", ["", "24", "2024-5", "2024-13", "2024-W53", "2024-Q5", "2024-q1", "1066", "9999-S2"]
)
def test_labels_that_name_nothing_are_refused(label: str) -> None:
    with pytest.raises(BadInput) as bad:
        parse_period(label)
    assert only_code(bad) == "calendar.label"
    assert bad.value.problems[0].figures["value"] == label


def test_a_window_runs_forward() -> None:
    assert date(2024, 12, 31) in Y2024
    assert date(2025, 1, 1) not in Y2024
    with pytest.raises(BadInput) as bad:
        Window(date(2024, 5, 2), date(2024, 5, 1))
    assert only_code(bad) == "calendar.window"


def test_a_window_lies_in_the_years_that_data_may_name() -> None:
    for year in (1948, 2101, 20240):
        with pytest.raises(BadInput) as bad:
            Window.of_year(year)
        assert only_code(bad) == "calendar.year"
