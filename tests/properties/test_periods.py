"""The laws of periods and working days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.periods.period import SCHEMES, Period, Semesters, Window, parse_period, periods_in, previous
from auditor.periods.workdays import Lead, WorkCalendar

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)

years = st.integers(1950, 2099)
days = st.dates(date(1950, 1, 1), date(2099, 12, 31))
month_days = st.dates(date(2023, 1, 1), date(2023, 12, 31)).map(lambda day: (day.month, day.day))
semesters = st.tuples(st.lists(month_days, min_size=2, max_size=2, unique=True), month_days).map(
    lambda days: Semesters(*sorted(days[0]), academic_year=days[1])
)
due_schemes = st.one_of(
    st.lists(month_days, min_size=1, max_size=6, unique=True).map(
        lambda dates: "due-" + ",".join(f"{month:02d}-{day:02d}" for month, day in dates)
    ),
    st.integers(1, 31).map(lambda day: f"due-monthly-{day}"),
)

# Years with and without a notice, and days marked against it.
near = st.dates(date(2025, 12, 1), date(2029, 1, 31))
calendars = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.booleans(), max_size=30
).flatmap(
    lambda of_2026: st.dictionaries(
        st.dates(date(2028, 1, 1), date(2028, 12, 31)), st.booleans(), max_size=3
    ).map(lambda of_2028: WorkCalendar({**of_2026, **of_2028}))
)


def tiles(periods: tuple[Period, ...]) -> bool:
    return all(p.first_on <= p.begins_on <= p.last_on for p in periods) and all(
        later.first_on == earlier.last_on + DAY and later.ordinal == earlier.ordinal + 1
        for earlier, later in pairwise(periods)
    )


@given(years, semesters)
def test_the_periods_of_a_scheme_tile_the_years_and_their_ordinals_are_consecutive(
    year: int, terms: Semesters
) -> None:
    three_years = Window(date(year - 1, 1, 1), date(year + 1, 12, 31))
    for scheme in SCHEMES:
        assert tiles(periods_in(scheme, three_years, terms))
        of_year = periods_in(scheme, Window.of_year(year), terms)
        if scheme == "week":
            assert of_year[0].first_on.isocalendar() == (year, 1, 1)
            assert (of_year[-1].last_on + DAY).isocalendar() == (year + 1, 1, 1)
        elif scheme == "semester":
            assert of_year[0].first_on == date(year, *terms.first)
            assert of_year[-1].last_on == date(year + 1, *terms.first) - DAY
        elif scheme == "academic_year":
            assert of_year[0].first_on == date(year, *terms.academic_year)
            assert of_year[0].last_on == date(year + 1, *terms.academic_year) - DAY
        else:
            assert (of_year[0].first_on, of_year[-1].last_on) == (date(year, 1, 1), date(year, 12, 31))


@given(years, due_schemes)
def test_due_dates_share_out_the_year_up_to_the_last_of_them(year: int, scheme: str) -> None:
    periods = periods_in(scheme, Window.of_year(year))
    assert periods[0].first_on == date(year, 1, 1)
    assert tiles(periods)
    assert [period.label for period in periods] == [f"{year}-due-{each.last_on:%m-%d}" for each in periods]
    assert tiles((*periods, *periods_in(scheme, Window.of_year(year + 1)))) == (
        periods[-1].last_on == date(year, 12, 31)
    )


@given(st.one_of(st.sampled_from(SCHEMES), due_schemes), days, days, semesters)
def test_the_periods_before_are_those_of_an_ordinal_less(
    scheme: str, a: date, b: date, terms: Semesters
) -> None:
    window = Window(*sorted((a, b)))
    here, before = periods_in(scheme, window, terms), periods_in(previous(scheme), window, terms)
    assert [each.ordinal + 1 for each in before] == [each.ordinal for each in here]
    assert {each.scheme for each in before} <= {previous(scheme)}


@given(years, semesters)
def test_labels_are_unique_open_with_their_year_and_parse_back(year: int, terms: Semesters) -> None:
    periods = [period for scheme in SCHEMES for period in periods_in(scheme, Window.of_year(year), terms)]
    assert len({period.label for period in periods}) == len(periods)
    for period in periods:
        assert period.label.startswith(str(year))
        assert parse_period(period.label, terms) == period


@given(st.sampled_from(SCHEMES), days, days, days, semesters)
def test_adjoining_windows_share_out_the_periods(
    scheme: str, a: date, b: date, c: date, terms: Semesters
) -> None:
    first, cut, last = sorted((a, b, c))
    whole = periods_in(scheme, Window(first, last), terms)
    if cut == last:
        assert periods_in(scheme, Window(first, cut), terms) == whole
    else:
        head, tail = Window(first, cut), Window(cut + DAY, last)
        assert periods_in(scheme, head, terms) + periods_in(scheme, tail, terms) == whole


@given(calendars, near, near, near)
def test_working_days_of_adjoining_stretches_add_up(
    calendar: WorkCalendar, a: date, b: date, c: date
) -> None:
    first, cut, last = sorted((a, b, c))
    parts = calendar.working_days(first, cut) + calendar.working_days(cut + DAY, last)
    assert parts == calendar.working_days(first, last)
    columns = calendar.frame(first, last)
    assert columns["working_through"][-1] == len(parts) == sum(columns["working"])


def looped(calendar: WorkCalendar, filed: date, held: date) -> Lead:
    """The words of the definition, one day at a time."""
    filing = filed
    while not calendar.is_working(filing):
        filing += DAY
    span = [min(filed, held) + DAY * offset for offset in range(abs((held - filed).days) + 60)]
    worked = [day for day in span if calendar.is_working(day)]
    touched = [day for day in span if (filed <= day <= held if filed <= held else held < day <= filing)]
    return Lead(
        sum(filing < day <= held for day in worked)
        if filed <= held
        else -sum(held < day <= filing for day in worked),
        sum(filing <= day <= held for day in worked),
        sum(filing < day < held for day in worked),
        all(calendar.is_announced(day) for day in touched),
    )


def from_columns(calendar: WorkCalendar, filed: date, held: date) -> Lead:
    """As the documentation of `DayColumns` says, with subtractions only."""
    columns = calendar.frame(date(2025, 12, 1), date(2029, 1, 31))
    f, h = columns["day"].index(filed), columns["day"].index(held)
    through, filing = columns["working_through"][h], columns["filing_through"][f]
    unannounced = columns["unannounced_through"]
    if filed > held:
        return Lead(through - filing, 0, 0, not columns["unannounced_filing_through"][f] > unannounced[h])
    return Lead(
        max(0, through - filing),
        max(0, through - filing + 1),
        max(0, through - columns["working"][h] - filing),
        not unannounced[h] > unannounced[f] - columns["unannounced"][f],
    )


@given(calendars, near, near | st.none(), st.integers(-10, 10))
def test_leads_by_loop_by_call_and_by_columns_agree(
    calendar: WorkCalendar, filed: date, anywhere: date | None, nearby: int
) -> None:
    bounds = date(2025, 12, 1), date(2029, 1, 31)
    held = anywhere or min(max(filed + DAY * nearby, bounds[0]), bounds[1])
    wanted = looped(calendar, filed, held)
    assert calendar.lead(filed, held) == wanted
    assert from_columns(calendar, filed, held) == wanted


@given(calendars, near, st.integers(0, 25))
def test_ahead_is_the_latest_day_with_that_lead(calendar: WorkCalendar, held: date, n: int) -> None:
    latest = calendar.ahead(held, n)
    assert calendar.lead(latest, held).days >= n
    assert calendar.lead(latest + DAY, held).days < n


@given(calendars, near, st.integers(1, 25))
def test_a_term_of_n_working_days_holds_n_working_days(calendar: WorkCalendar, start: date, n: int) -> None:
    end = calendar.after(start, n)
    assert calendar.is_working(end)
    assert len(calendar.working_days(start + DAY, end)) == n


@pytest.mark.parametrize(("first", "last"), [(date(1949, 10, 1), date(2100, 12, 31))])
def test_the_columns_cover_every_day_that_data_may_name(first: date, last: date) -> None:
    columns = WorkCalendar().frame(first, last)
    assert {len(column) for column in columns.values()} == {(last - first).days + 1}  # type: ignore[arg-type]
