"""What lies ahead: duties of periods not begun, updates that fall due, the last filing day of a planned event."""

from __future__ import annotations

from datetime import date
from typing import Any

from audits import read
from pack_files import made_up

from auditor.model.audit import Audit, DutyAhead, NextUpdate, PlannedEvent

UNITS = [{"unit_id": "U1", "name": "校", "type": "university"}]
LEAD = {
    "measure": {
        "kind": "each_record", "table": "approvals", "where": {"listed_topic": True},
        "must": [{"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20}],
    },
    "threshold": {"op": "<=", "value": 0},
}  # fmt: skip


def approval(key: str, filed_on: date | None, held_on: date | None, listed: bool = True) -> dict[str, Any]:
    return {
        "approval_id": key, "unit_id": "U1", "subject": f"讲座{key}", "listed_topic": listed, "filed_on": filed_on,
        "held_on": held_on,
    }  # fmt: skip


def events(as_of: date, *approvals: dict[str, Any], pack: Any = None) -> list[PlannedEvent]:
    tables = {"units": UNITS, "approvals": approvals}
    found: list[PlannedEvent] = read(
        tables, pack or made_up(LEAD), lambda done: list(done.ahead.events()), as_of=as_of
    )
    return found


def test_the_last_filing_day_has_twenty_working_days_ahead() -> None:
    """By hand: back from Tuesday 31 December, twenty working days without a holiday, to Tuesday 3 December."""
    (event,) = events(date(2024, 11, 10), approval("A", None, date(2024, 12, 31)))
    assert (event.key, event.title, event.held_on) == ("A", "讲座A", date(2024, 12, 31))
    assert (event.file_by, event.hold_from, event.filed_on) == (date(2024, 12, 3), None, None)
    assert event.place == ("approvals.csv", None, 2)
    assert event.announced


def test_filed_too_late_names_the_day_from_which_it_may_be_held() -> None:
    """Filed Friday 8 November for Tuesday the 26th: 5 + 5 + 2 working days; the twentieth is Friday 6 December."""
    (event,) = events(date(2024, 11, 10), approval("A", date(2024, 11, 8), date(2024, 11, 26)))
    assert (event.lead, event.needed, event.hold_from) == (12, 20, date(2024, 12, 6))
    assert event.file_by == date(2024, 10, 29)


def test_too_late_to_file_names_the_day_that_filing_today_allows() -> None:
    """Sunday 10 November counts as Monday the 11th; the twentieth working day after it is Monday 9 December."""
    (event,) = events(date(2024, 11, 10), approval("A", None, date(2024, 11, 29)))
    assert (event.file_by, event.lead, event.hold_from) == (date(2024, 11, 1), None, date(2024, 12, 9))


def test_on_the_last_filing_day_it_can_still_be_filed() -> None:
    (event,) = events(date(2024, 12, 3), approval("A", None, date(2024, 12, 31)))
    assert (event.file_by, event.hold_from) == (date(2024, 12, 3), None)
    (event,) = events(date(2024, 12, 4), approval("A", None, date(2024, 12, 31)))
    assert event.hold_from == date(2025, 1, 2)  # twenty days after 4 December, New Year's Day being off


def test_a_filing_that_lies_ahead_is_no_filing_yet() -> None:
    (event,) = events(date(2024, 11, 10), approval("A", date(2024, 11, 20), date(2024, 12, 31)))
    assert (event.filed_on, event.lead, event.file_by) == (None, None, date(2024, 12, 3))


def test_what_needs_nothing_more_is_not_listed() -> None:
    as_of = date(2024, 11, 10)
    assert not events(
        as_of,
        approval("in time", date(2024, 10, 29), date(2024, 11, 26)),
        approval("over", None, date(2024, 11, 10)),
        approval("not on the list", None, date(2024, 12, 31), listed=False),
        approval("no day", None, None),
    )


def test_days_of_a_year_without_notice_are_marked() -> None:
    (event,) = events(date(2024, 11, 10), approval("A", None, date(2099, 12, 31)))
    assert not event.announced


def of(done: Audit) -> tuple[list[DutyAhead], list[NextUpdate]]:
    return list(done.ahead.duties()), list(done.ahead.updates())


def test_periods_that_have_not_begun_are_duties_ahead() -> None:
    quarterly = {
        "measure": {"kind": "count", "table": "activities"}, "threshold": {"op": ">=", "value": 2},
        "period": "quarter",
    }  # fmt: skip
    at_most = {**quarterly, "threshold": {"op": "<=", "value": 2}}
    units = [*UNITS, {"unit_id": "U2", "name": "撤", "type": "university", "active_to": date(2024, 11, 1)}]
    tables = {"units": units, "activities": []}
    duties, _ = read(tables, made_up(quarterly, at_most), of, as_of=date(2024, 5, 10))
    assert [(each.unit_id, each.period, each.last_on) for each in duties] == [
        ("U1", "2024-Q3", date(2024, 9, 30)),
        ("U2", "2024-Q3", date(2024, 9, 30)),
        ("U1", "2024-Q4", date(2024, 12, 31)),
    ]
    assert {(each.asked.op, each.asked.low) for each in duties} == {(">=", 2)}


def test_documents_not_in_force_ask_nothing_ahead() -> None:
    monthly = {
        "measure": {"kind": "deadline", "table": "submissions", "monthly": 20}, "threshold": {"op": ">=", "value": 1},
        "period": "month",
    }  # fmt: skip
    tables = {"units": UNITS, "submissions": [], "approvals": [approval("A", None, date(2024, 12, 31))]}
    ended = {"effective": {"from": date(2024, 1, 1), "to": date(2024, 10, 31)}}
    duties, _ = read(tables, made_up(monthly, **ended), of, as_of=date(2024, 8, 30))
    # each month's window begins on the 21st of the one before
    assert [each.period for each in duties] == ["2024-due-10-20", "2024-due-11-20"]
    assert not events(date(2024, 8, 30), *tables["approvals"], pack=made_up(LEAD, **ended))


GAP = {
    "measure": {
        "kind": "max_gap", "subjects": {"table": "assets", "where": {"kind": "outreach_board"}},
        "inner": {"table": "publications", "where": {"kind": "board_update"}, "by": "asset_id"}, "in": "months",
    },
    "threshold": {"op": "<=", "value": 6},
}  # fmt: skip


def boards(**updated: date | None) -> dict[str, Any]:
    return {
        "units": UNITS,
        "assets": [
            {"asset_id": board, "unit_id": "U1", "kind": "outreach_board", "name": board} for board in updated
        ],
        "publications": [
            {
                "publication_id": f"P{board}", "unit_id": "U1", "kind": "board_update", "published_on": day,
                "asset_id": board,
            }
            for board, day in updated.items()
            if day
        ],
    }  # fmt: skip


def test_the_next_update_is_due_before_the_stretch_gets_too_long() -> None:
    """31 March and six months is 30 September; never updated counts from 1 January."""
    tables = boards(B1=date(2024, 3, 31), B2=None, B3=date(2024, 7, 10))
    _, updates = read(tables, made_up(GAP), of, as_of=date(2024, 7, 1))
    assert [(each.subject, each.last_on, each.due_on) for each in updates] == [
        ("B1", date(2024, 3, 31), date(2024, 9, 30)),
        ("B2", date(2024, 1, 1), date(2024, 7, 1)),
        ("B3", date(2024, 1, 1), date(2024, 7, 1)),  # what lies after the as-of day does not count yet
    ]
    _, updates = read(tables, made_up(GAP), of, as_of=date(2024, 7, 15))
    assert [each.subject for each in updates] == ["B1"]  # B2 is too late already


def test_stretches_in_days_are_counted_in_days() -> None:
    gap = {**GAP, "measure": {**GAP["measure"], "in": "days"}, "threshold": {"op": "<=", "value": 30}}
    _, updates = read(boards(B1=date(2024, 2, 10)), made_up(gap), of, as_of=date(2024, 2, 20))
    assert [each.due_on for each in updates] == [date(2024, 3, 11)]
