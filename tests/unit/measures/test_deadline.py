"""deadline: in time or not, by the day; what comes late is shown with its days and does not pass."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from audits import YEAR_END, findings, read
from pack_files import made_up

from auditor.model.finding import Finding

pytestmark = pytest.mark.slow

U1 = {"unit_id": "U1", "type": "university"}
D1 = {"unit_id": "D1", "type": "department", "parent_id": "U1"}
HALVES = {"dates": ["05-31", "11-30"]}


def handed_in(*days: str, unit_id: str = "U1", report: str = "half_year_report") -> list[dict[str, Any]]:
    return [
        {
            "submission_id": f"{unit_id}-{report}-{at}",
            "unit_id": unit_id,
            "report": report,
            "submitted_on": date.fromisoformat(f"2024-{day}"),
        }
        for at, day in enumerate(days)
    ]


def by_period(
    submissions: list[dict[str, Any]],
    due: dict[str, Any],
    as_of: date = YEAR_END,
    **more: Any,
) -> dict[str, Finding]:
    """Return the findings of U1 over 2024 by the due date that labels them, such as `05-31`."""
    measure = {
        "kind": "deadline",
        "table": "submissions",
        "where": {"report": "half_year_report"},
        **due,
    }
    pack = made_up({"measure": measure, "threshold": {"op": ">=", "value": 1}, **more})
    found = findings({"units": [U1, D1], "submissions": submissions}, pack, as_of=as_of)
    assert all(period.startswith("2024-due-") for _, _, period in found)
    return {period.removeprefix("2024-due-"): finding for (_, _, period), finding in found.items()}


def shown(finding: Finding) -> list[tuple[int | None, Any, Any]]:
    return [(each.row, each.value, each.shortfall) for each in finding.evidence]


def test_the_due_date_itself_is_in_time_and_the_day_after_is_not() -> None:
    in_time = by_period(handed_in("05-31"), HALVES)["05-31"]
    assert (in_time.verdict, in_time.value, shown(in_time)) == ("pass", 1, [(2, None, None)])
    late = by_period(handed_in("06-01"), HALVES)["05-31"]
    assert (late.verdict, late.reason, late.value, late.shortfall) == ("fail", "below_threshold", 0, 1)
    assert shown(late) == [(2, None, 1)]


def test_a_late_report_fails_its_due_date_and_counts_for_the_next() -> None:
    # from 31 May to 9 June are nine days
    found = by_period(handed_in("06-09"), HALVES)
    assert (found["05-31"].verdict, shown(found["05-31"])) == ("fail", [(2, None, 9)])
    assert (found["11-30"].verdict, shown(found["11-30"])) == ("pass", [(2, None, None)])


def test_two_reports_for_the_first_half_do_not_make_up_for_the_second() -> None:
    found = by_period(handed_in("01-01", "05-31"), HALVES)
    assert [(due, each.verdict) for due, each in sorted(found.items())] == [
        ("05-31", "pass"),
        ("11-30", "fail"),
    ]
    assert shown(found["05-31"]) == [(2, None, None), (3, None, None)]
    assert shown(found["11-30"]) == []


def test_the_order_of_the_dates_is_of_no_account() -> None:
    found = by_period(handed_in("06-09"), {"dates": ["11-30", "05-31"]})
    assert [(due, each.verdict) for due, each in sorted(found.items())] == [
        ("05-31", "fail"),
        ("11-30", "pass"),
    ]


def test_of_the_late_rows_the_first_is_shown() -> None:
    rows = [*handed_in("07-01", "06-10"), *handed_in("06-02", report="training_plan")]
    # row 3 is the earlier of the two; the training plan is another report. 31 May to 10 June: 10 days
    assert shown(by_period(rows, HALVES)["05-31"]) == [(3, None, 10)]


def test_lateness_across_the_end_of_a_month_and_of_february() -> None:
    assert shown(by_period(handed_in("03-01"), {"dates": ["02-28"]})["02-28"]) == [(2, None, 2)]
    assert shown(by_period(handed_in("12-31"), {"dates": ["05-31"]})["05-31"]) == [(2, None, 214)]


@pytest.mark.parametrize(
    ("as_of", "verdict", "forecast"),
    [
        # 1 January to 31 May are 152 days, nine tenths of them 136.8: 136 are gone on 15 May
        (date(2024, 3, 1), "pending", "on_track"),
        (date(2024, 5, 15), "pending", "on_track"),
        (date(2024, 5, 16), "pending", "at_risk"),
        (date(2024, 5, 31), "fail", None),
    ],
)
def test_before_the_due_date_it_is_pending(as_of: date, verdict: str, forecast: str | None) -> None:
    # what is dated after the as-of day does not count yet, neither as in time nor as late
    found = by_period(handed_in("06-09"), HALVES, as_of)
    assert set(found) == {"05-31"}
    finding = found["05-31"]
    assert (finding.verdict, finding.forecast, finding.value, shown(finding)) == (verdict, forecast, 0, [])


def test_what_is_handed_in_passes_before_the_due_date() -> None:
    finding = by_period(handed_in("03-01"), HALVES, date(2024, 3, 1))["05-31"]
    assert (finding.verdict, finding.provisional) == ("pass", False)


def test_a_day_of_every_month() -> None:
    found = by_period(handed_in("01-24", "01-25", "03-24", "12-25"), {"monthly": 24}, period="month")
    assert sorted(found) == [f"{month:02d}-24" for month in range(1, 13)]
    # 25 January is February's; 25 December is December's, a day late
    assert [due for due, each in sorted(found.items()) if each.verdict == "pass"] == [
        "01-24",
        "02-24",
        "03-24",
    ]
    assert shown(found["12-24"]) == [(5, None, 1)]
    assert shown(found["04-24"]) == [(5, None, 245)]


def test_a_day_that_a_month_lacks_is_its_last() -> None:
    found = by_period(handed_in("02-29", "05-01"), {"monthly": 31}, period="month")
    assert sorted(found)[:6] == ["01-31", "02-29", "03-31", "04-30", "05-31", "06-30"]
    assert found["02-29"].verdict == "pass"
    assert (found["04-30"].verdict, shown(found["04-30"])) == ("fail", [(3, None, 1)])
    assert found["05-31"].verdict == "pass"


def test_a_window_of_its_own_holds_both_its_days_and_none_before() -> None:
    stage = {"period": "stage", "window": ["04-25", "05-10"]}
    for day, verdict, rows in [
        ("04-24", "fail", []),
        ("04-25", "pass", [(2, None, None)]),
        ("05-10", "pass", [(2, None, None)]),
        ("05-11", "fail", [(2, None, 1)]),
    ]:
        (finding,) = by_period(handed_in(day), {}, **stage).values()
        assert (finding.period, finding.verdict, shown(finding)) == ("2024-due-05-10", verdict, rows)


def test_a_stage_that_has_not_begun_has_no_finding() -> None:
    stage = {"period": "stage", "window": ["04-25", "05-10"]}
    assert by_period([], {}, date(2024, 4, 24), **stage) == {}
    assert set(by_period([], {}, date(2024, 4, 25), **stage)) == {"05-10"}


def test_a_subtree_hands_in_for_the_unit_above() -> None:
    rows = handed_in("05-30", unit_id="D1")
    assert by_period(rows, HALVES)["05-31"].verdict == "fail"
    assert by_period(rows, {**HALVES, "scope": "subtree"})["05-31"].verdict == "pass"
    late = by_period(handed_in("06-02", unit_id="D1"), {**HALVES, "scope": "subtree"})["05-31"]
    assert shown(late) == [(2, None, 2)]


def test_another_day_of_the_row_can_count() -> None:
    (row,) = handed_in("05-31")
    found = by_period([{**row, "recorded_on": date(2024, 6, 3)}], {**HALVES, "date": "recorded_on"})
    assert shown(found["05-31"]) == [(2, None, 3)]


def test_two_years_are_two_windows() -> None:
    rows = handed_in("12-01")
    rows[0]["submitted_on"] = date(2023, 12, 1)
    measure = {"kind": "deadline", "table": "submissions", "dates": ["11-30"]}
    pack = made_up({"measure": measure, "threshold": {"op": ">=", "value": 1}})
    found = read(
        {"units": [U1], "submissions": rows},
        pack,
        lambda done: {each.period: (each.verdict, shown(each)) for each in done.findings(True)},
        window=2023,
        as_of=YEAR_END,
    )
    assert found == {"2023-due-11-30": ("fail", [(2, None, 1)])}
    # 1 December 2023 lies in no window of 2024, whose first begins on 1 January
    finding = findings({"units": [U1], "submissions": rows}, pack, as_of=YEAR_END)[
        "U1", "test/1-x", "2024-due-11-30"
    ]
    assert (finding.verdict, shown(finding)) == ("fail", [])
