"""Hand-worked records, subjects, answers; each expectation was worked out from the design."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from .cases import LEAD, SESSIONS, U1, YEAR_END, day, findings, one, said, sessions, wanting
from .conditions import Row, Tables, matches

# --- each_record ----------------------------------------------------------------------------------


def test_each_record_without_a_row() -> None:
    """Nothing in the period: not applicable; rows of other years are no rows."""
    requirement = wanting({**LEAD, "table": "approvals"}, "<=", 0)
    row = {"approval_id": "P1", "unit_id": "U1", "held_on": date(2023, 12, 31)}
    assert said(one({"approvals": [row]}, requirement), "verdict", "reason") == (
        "not_applicable",
        "no_records",
    )


def test_each_record_shortfalls() -> None:
    """17 for 20 lacks 3; two broken conditions are 2; a blank breaks but measures nothing."""
    must = [{"column": "reviews", "op": ">=", "value": 3}, {"column": "proofreads", "op": ">=", "value": 3}]
    rows = [
        {
            "publication_id": f"B{n}",
            "unit_id": "U1",
            "published_on": day("03-01"),
            "reviews": r,
            "proofreads": p,
        }
        for n, (r, p) in enumerate(((3, 3), (1, 3), (2, 0), (None, 3)))
    ]
    requirement = wanting({"kind": "each_record", "table": "publications", "must": must}, "<=", 0)
    found = one({"publications": rows}, requirement, "06-30")
    # Fails at once: breaches can only become more.
    assert said(found, "verdict", "value", "shortfall", "provisional") == ("fail", 3, 3, False)
    assert [shortfall for _, _, shortfall in found["records"]] == [None, 2, 2, 1]
    assert len(found["evidence_rows"]) == 4


@pytest.mark.parametrize(
    ("condition", "row", "breaches"),
    [
        ({"column": "held_on", "weekday": "tuesday"}, {"held_on": day("03-05")}, 0),
        ({"column": "held_on", "weekday": "tuesday"}, {"held_on": day("03-06")}, 1),
        ({"column": "report_on", "present": True}, {"report_on": None}, 1),
        ({"column": "report_on", "op": "<", "other": "held_on"}, {"report_on": day("03-01")}, 1),
        ({"column": "report_on", "op": "<=", "other": "held_on"}, {"report_on": day("03-01")}, 0),
        ({"column": "report_on", "op": "<=", "other": "held_on"}, {"report_on": None}, 1),
        ({"column": "held_on", "op": "<=", "value": "02-29"}, {}, 1),
        ({"column": "held_on", "op": "<=", "value": "03-01"}, {}, 0),
        ({"column": "first_topic", "op": "==", "value": True}, {"first_topic": False}, 1),
        ({"column": "first_topic", "op": "==", "value": True}, {"first_topic": None}, 1),
        ({"column": "format", "op": "==", "value": "online"}, {"format": "online"}, 0),
    ],
)
def test_conditions(condition: dict[str, Any], row: dict[str, Any], breaches: int) -> None:
    """Each kind of condition, on a row held on 1 March unless it says otherwise."""
    (base,) = sessions("03-01")
    requirement = wanting({"kind": "each_record", "table": "activities", "must": [condition]}, "<=", 0)
    assert one({"activities": [{**base, **row}]}, requirement)["value"] == breaches


def test_due_dates_that_have_not_come_do_not_count() -> None:
    """Rows are dated by due_on: due on the as-of day counts, due the day after is planned."""
    must = [{"column": "done_on", "present": True}, {"column": "done_on", "op": "<=", "other": "due_on"}]
    requirement = wanting({"kind": "each_record", "table": "rectifications", "must": must}, "<=", 0)
    row = {"rectification_id": "R1", "unit_id": "U1", "due_on": day("06-30"), "done_on": None}
    assert one({"rectifications": [row]}, requirement, "06-29")["verdict"] == "not_applicable"
    assert one({"rectifications": [row]}, requirement, "06-30")["verdict"] == "fail"
    # Done a day late breaks one condition, not done breaks both.
    late = {**row, "done_on": day("07-01")}
    found = one({"rectifications": [row, late]}, requirement)
    assert [shortfall for _, _, shortfall in found["records"]] == [2, 1]


# --- each_subject ---------------------------------------------------------------------------------

ESSAYS = {
    "kind": "each_subject",
    "subjects": {"table": "posts", "where": {"roles": "study_group_member"}},
    "inner": {"kind": "count", "table": "publications", "where": {"kind": "study_essay"}, "by": "post_id"},
}


def post(post_id: str, **more: Any) -> dict[str, Any]:
    """Return a post of U1 in the study group."""
    return {"post_id": post_id, "unit_id": "U1", "roles": ("dean", "study_group_member"), **more}


def essay(post_id: str, **more: Any) -> dict[str, Any]:
    """Return an essay of a post, of 1 March."""
    row = {"unit_id": "U1", "kind": "study_essay", "published_on": day("03-01"), "post_id": post_id}
    return {"publication_id": f"B-{post_id}-{len(more)}", **row, **more}


def test_subjects_that_miss() -> None:
    """Of three posts two wrote; the chairman's secretary is not in the group and does not count."""
    posts = [post("P1"), post("P2"), post("P3"), {**post("P4"), "roles": ("dean",)}]
    tables: Tables = {"posts": posts, "publications": [essay("P1"), essay("P3"), essay("P4")]}
    found = one(tables, wanting(ESSAYS))
    assert said(found, "verdict", "reason", "value", "shortfall") == ("fail", "subjects_short", 1, 1)
    assert found["subjects"] == [("P1", 1, None), ("P2", 0, 1), ("P3", 1, None)]
    assert found["evidence_rows"] == [("posts", 2), ("posts", 3), ("posts", 4)]


def test_subjects_before_the_end() -> None:
    """One essay a year: the pace is 0 until the last day, so on track before nine tenths."""
    tables: Tables = {"posts": [post("P1")], "publications": []}
    keys = ("verdict", "forecast", "provisional", "shortfall")
    assert said(one(tables, wanting(ESSAYS), "11-24"), *keys) == ("pending", "on_track", False, 1)
    assert said(one(tables, wanting(ESSAYS), "11-25"), *keys) == ("pending", "at_risk", False, 1)
    # Two asked: by 1 July one is due (2 x 183 / 366 = 1).
    assert said(one(tables, wanting(ESSAYS, value=2), "07-01"), *keys) == ("pending", "at_risk", False, 1)
    tables["publications"] = [essay("P1")]
    assert said(one(tables, wanting(ESSAYS, value=2), "07-01"), *keys) == ("pending", "on_track", False, 1)
    assert said(one(tables, wanting(ESSAYS), "07-01"), *keys) == ("pass", None, True, None)


def test_subjects_alive_in_part_are_left_out() -> None:
    """Over a flow a subject takes part when alive from the first day to the reference day."""
    posts = [
        post("P1", active_from=day("01-02")),
        post("P2", active_to=day("12-30")),
        post("P3", active_from=day("01-01"), active_to=day("12-31")),
    ]
    tables: Tables = {"posts": posts, "publications": []}
    found = one(tables, wanting(ESSAYS))
    assert ([key for key, _, _ in found["subjects"]], found["left_out"]) == (["P3"], ["P1", "P2"])
    # As of 30 June P2 is still there.
    assert [key for key, _, _ in one(tables, wanting(ESSAYS), "06-30")["subjects"]] == ["P2", "P3"]


def test_no_subject() -> None:
    """Not applicable, or insufficient data where the requirement says so."""
    tables: Tables = {"posts": [], "publications": []}
    keys = ("verdict", "reason", "value")
    assert said(one(tables, wanting(ESSAYS)), *keys) == ("not_applicable", "no_subjects", None)
    stern = wanting({**ESSAYS, "when_no_subjects": "insufficient_data"})
    assert said(one(tables, stern), *keys) == ("insufficient_data", "no_subjects", None)


def test_inner_rows_belong_to_the_unit_or_below() -> None:
    """A row of a department below counts for the university's post; a stranger's does not."""
    units: list[Row] = [
        U1,
        {"unit_id": "D1", "type": "department", "parent_id": "U1"},
        {"unit_id": "X", "type": "office"},
    ]
    tables: Tables = {"units": units, "posts": [post("P1"), post("P2")]}
    tables["publications"] = [essay("P1", unit_id="D1"), essay("P2", unit_id="X")]
    assert one(tables, wanting(ESSAYS))["subjects"] == [("P1", 1, None), ("P2", 0, 1)]


def test_subjects_may_be_units_below_or_fixed_values() -> None:
    """Departments at any depth, never the unit itself; fixed values always take part."""
    units: list[Row] = [
        U1,
        {"unit_id": "D1", "type": "department", "parent_id": "U1"},
        {"unit_id": "D2", "type": "department", "parent_id": "D1"},
        {"unit_id": "B1", "type": "branch", "parent_id": "D1"},
    ]
    inner = {"kind": "count", "table": "activities", "by": "target_id"}
    below = {"kind": "each_subject", "subjects": {"table": "units", "where": {"type": "department"}}}
    rows = sessions("03-01", target_id="D2", occasion="enrolment")
    tables: Tables = {"units": units, "activities": rows}
    assert one(tables, wanting({**below, "inner": inner}))["subjects"] == [("D1", 0, 1), ("D2", 1, None)]
    everyone = {"kind": "each_subject", "subjects": {"table": "units"}, "inner": inner}
    found = one(tables, wanting(everyone))
    assert [key for key, _, _ in found["subjects"]] == ["B1", "D1", "D2"]
    seasons = {"kind": "each_subject", "subjects": {"values": ["term_start", "enrolment"]}}
    found = one(tables, wanting({**seasons, "inner": {**inner, "by": "occasion"}}))
    assert said(found, "subjects", "evidence_rows") == ([("enrolment", 1, None), ("term_start", 0, 1)], [])


def test_subjects_by_their_own_column_or_conditions() -> None:
    """A state: alive on the reference day, failing provisionally; a blank misses."""
    clubs: list[Row] = [
        {"asset_id": "S1", "unit_id": "U1", "advisors": 1, "approved_on": day("02-01")},
        {"asset_id": "S2", "unit_id": "U1", "advisors": 0, "approved_on": None},
        {"asset_id": "S3", "unit_id": "U1", "advisors": None, "approved_on": None},
        {"asset_id": "S4", "unit_id": "U1", "advisors": 0, "closed_on": day("06-29")},
    ]
    own = {"kind": "each_subject", "subjects": {"table": "assets"}, "inner": {"column": "advisors"}}
    found = one({"assets": clubs}, wanting(own), "06-30")
    assert said(found, "verdict", "provisional", "value") == ("fail", True, 2)
    assert found["subjects"] == [("S1", 1, None), ("S2", 0, 1), ("S3", None, 1)]
    must = {**own, "inner": {"must": [{"column": "approved_on", "present": True}]}}
    assert one({"assets": clubs}, wanting(must), "06-30")["value"] == 2


# --- attest, waivers, where -----------------------------------------------------------------------


def answered(*rows: tuple[str, str | None, str], as_of: str = "12-31") -> Any:
    """Return the finding over answers (checked on, for period, answer)."""
    answers = [
        {
            "unit_id": "U1",
            "requirement_id": "test/1-x",
            "checked_on": day(on),
            "for_period": label,
            "answer": answer,
        }
        for on, label, answer in rows
    ]
    return one({"attestations": answers}, wanting({"kind": "attest"}), as_of)


def test_attestations() -> None:
    """The latest answer for the period decides, provisionally before the end."""
    keys = ("verdict", "provisional", "reason", "value")
    yes, no = ("03-01", None, "yes"), ("05-01", None, "no")
    assert said(answered(yes, no, as_of="04-30"), *keys) == ("pass", True, "attested_yes", "yes")
    assert said(answered(yes, no, as_of="05-01"), *keys) == ("fail", True, "attested_no", "no")
    assert said(answered(yes, no), *keys) == ("fail", False, "attested_no", "no")
    assert said(answered(as_of="12-30"), *keys) == ("pending", False, "not_attested", None)
    assert said(answered(), *keys) == ("insufficient_data", False, "not_attested", None)
    not_applicable = said(answered(("03-01", "2024", "not_applicable"), as_of="04-30"), *keys)
    assert not_applicable == ("not_applicable", False, "attested_not_applicable", "not_applicable")


def test_attestations_for_a_named_period() -> None:
    """A named period wins over the day: given in 2025 for 2024 it counts, in 2024 for 2023 not."""
    late = ("2025-02-01", "2024", "yes")
    assert answered(late, as_of="2025-03-01")["verdict"] == "pass"
    assert answered(late, as_of="2025-01-31")["verdict"] == "insufficient_data"
    assert answered(("03-01", "2023", "yes"))["verdict"] == "insufficient_data"
    assert answered(("2025-02-01", None, "yes"), as_of="2025-03-01")["verdict"] == "insufficient_data"


def test_waivers_change_no_verdict() -> None:
    """Valid on the reference day, the smallest id is carried; an expired one counts for nothing."""

    def waiver(waiver_id: str, since: str, until: str) -> dict[str, Any]:
        ids = {"waiver_id": waiver_id, "unit_id": "U1", "requirement_id": "test/1-x"}
        return {**ids, "valid_from": day(since), "valid_to": day(until)}

    waivers = [
        waiver("W3", "12-31", "12-31"),
        waiver("W2", "01-01", "2025-12-31"),
        waiver("W1", "01-01", "12-30"),
    ]
    found = one({"activities": [], "waivers": waivers}, wanting(SESSIONS))
    assert said(found, "verdict", "waived") == ("fail", "W2")
    assert one({"activities": [], "waivers": waivers[2:]}, wanting(SESSIONS))["waived"] is None
    # Valid from the reference day on is valid.
    assert one({"activities": [], "waivers": waivers[:1]}, wanting(SESSIONS))["waived"] == "W3"
    # The reference day is the period's end, however late the audit.
    later = date(2026, 1, 1)
    assert one({"activities": [], "waivers": waivers}, wanting(SESSIONS), later)["waived"] == "W2"


@pytest.mark.parametrize(
    ("where", "row", "kept"),
    [
        ({"kind": "a"}, {"kind": "a"}, True),
        ({"kind": ["a", "b"]}, {"kind": "b"}, True),
        ({"kind": "a"}, {"kind": None}, False),
        ({"kind not": "a"}, {"kind": "b"}, True),
        # A blank is none of them.
        ({"kind not": ["a", "b"]}, {"kind": None}, True),
        ({"roles": "a"}, {"roles": ("b", "a")}, True),
        ({"roles": ["c", "a"]}, {"roles": ("b", "a")}, True),
        ({"roles": "a"}, {"roles": ("b",)}, False),
        ({"roles not": ["a", "c"]}, {"roles": ("b", "a")}, False),
        ({"members >=": 10}, {"members": 10}, True),
        ({"members >": 10}, {"members": 10}, False),
        ({"members <=": 10}, {"members": None}, False),
        ({"hours <": 1.5}, {"hours": Decimal("1.5")}, False),
        ({"listed": True}, {"listed": False}, False),
        ({}, {}, True),
    ],
)
def test_where(where: dict[str, Any], row: dict[str, Any], kept: bool) -> None:
    """Equal, one of, none of, contains, and the comparisons."""
    assert matches(row, where, 2024) is kept


def test_findings_are_sorted() -> None:
    """By unit, requirement, period, whatever the order of the rows."""
    units = [{**U1, "unit_id": name} for name in ("u2", "U2", "U10")]
    requirement = wanting(SESSIONS, period="half_year")
    found = findings({"units": units, "activities": []}, requirement, YEAR_END + timedelta(days=1))
    assert [(one["unit_id"], one["period"][-2:]) for one in found] == [
        *(("U10", "H1"), ("U10", "H2"), ("U2", "H1"), ("U2", "H2"), ("u2", "H1"), ("u2", "H2")),
    ]
