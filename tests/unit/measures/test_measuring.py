"""What each measure counts, examined on a few rows: its evidence, what is left out, what is blank."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from audits import findings, read
from pack_files import made_up

from auditor.model.finding import Finding

U1 = {"unit_id": "U1", "type": "university"}
D1 = {"unit_id": "D1", "type": "department", "parent_id": "U1"}
D2 = {"unit_id": "D2", "type": "department", "parent_id": "D1"}


def one(
    tables: dict[str, Any], measure: dict[str, Any], op: str = ">=", value: Any = 1, **more: Any
) -> Finding:
    """Return the finding of U1 over 2024."""
    requirement = {"measure": measure, "threshold": {"op": op, "value": value}, **more}
    found = findings({"units": [U1, D1, D2], **tables}, made_up(requirement), as_of=date(2024, 12, 31))
    return found["U1", "test/1-x", "2024"]


def activity(at: int, unit_id: str = "U1", **more: Any) -> dict[str, Any]:
    return {"activity_id": f"A{at}", "unit_id": unit_id, "held_on": date(2024, 1, at), **more}


def rows(finding: Finding) -> list[int | None]:
    return [each.row for each in finding.evidence]


def test_a_blank_is_no_distinct_value() -> None:
    tables = {"activities": [activity(1, kind="lesson"), activity(2), activity(3, kind="lesson")]}
    finding = one(tables, {"kind": "count", "table": "activities", "distinct": "kind"})
    assert (finding.value, rows(finding)) == (1, [2, 4])


@pytest.mark.parametrize(("scope", "value"), [("unit", 1), ("subtree", 3)])
def test_a_subtree_is_the_unit_and_all_below_it(scope: str, value: int) -> None:
    tables = {"activities": [activity(1), activity(2, "D1"), activity(3, "D2")]}
    assert one(tables, {"kind": "count", "table": "activities", "scope": scope}).value == value


def test_a_blank_counts_0_in_a_sum_and_stands_in_the_evidence() -> None:
    tables = {
        "activities": [activity(1, hours=Decimal("1.25")), activity(2), activity(3, hours=Decimal("0.5"))]
    }
    finding = one(tables, {"kind": "sum", "table": "activities", "column": "hours"}, value=2)
    assert (finding.value, finding.shortfall, rows(finding)) == (Decimal("1.75"), Decimal("0.25"), [2, 3, 4])


def test_a_life_holds_both_its_ends() -> None:
    ends = [(None, None), (date(2024, 12, 31), None), (None, date(2024, 12, 31)), (date(2025, 1, 1), None)]
    ends.append((None, date(2024, 12, 30)))
    assets = [
        {"asset_id": f"C{at}", "unit_id": "U1", "kind": "club", "opened_on": opened, "closed_on": closed}
        for at, (opened, closed) in enumerate(ends)
    ]
    finding = one({"assets": assets}, {"kind": "count", "table": "assets"})
    assert (finding.value, rows(finding)) == (3, [2, 3, 4])


def test_pooled_sums_and_latest_looks_back() -> None:
    headcounts = [
        {"unit_id": "U1", "counted_on": date(2023, 5, 1), "reviewers": 1, "staff": 10},
        {"unit_id": "U1", "counted_on": date(2024, 5, 1), "reviewers": None, "staff": 10},
    ]
    ratio = {"kind": "ratio", "table": "headcounts", "numerator": "reviewers", "denominator": "staff"}
    latest = one({"headcounts": headcounts}, {**ratio, "how": "latest"}, value="10%")
    assert (latest.verdict, latest.numerator, latest.denominator, rows(latest)) == ("pass", 1, 10, [2])
    for how in ("pooled", "latest_in_period"):
        nothing = one({"headcounts": headcounts}, {**ratio, "how": how}, value="10%")
        assert (nothing.verdict, nothing.reason, nothing.numerator) == ("insufficient_data", "no_rows", None)


def test_every_condition_that_is_broken_counts_a_row_once() -> None:
    must = [
        {"column": "speakers", "op": ">=", "value": 3},
        {"column": "participants", "op": "<", "other": "speakers"},
        {"column": "report_on", "present": True},
    ]
    good = {"speakers": 3, "participants": 2, "report_on": date(2024, 2, 1)}
    tables = {
        "activities": [
            activity(1, **good),
            activity(2, **{**good, "speakers": 1, "participants": 0}),
            activity(3, **{**good, "speakers": None}),
            activity(4),
        ]
    }
    finding = one(tables, {"kind": "each_record", "table": "activities", "must": must}, "<=", 0)
    assert (finding.value, finding.shortfall, finding.reason) == (3, 3, "rows_in_breach")
    # one broken condition that measures: its own lack; otherwise how many are broken
    assert [each.shortfall for each in finding.evidence] == [None, 2, 2, 3]


def test_a_weekday_and_a_day_of_the_year() -> None:
    # 2 and 9 January 2024 are Tuesdays
    tables = {"activities": [activity(2), activity(3), activity(9)]}
    tuesday = {
        "kind": "each_record",
        "table": "activities",
        "must": [{"column": "held_on", "weekday": "tuesday"}],
    }
    assert one(tables, tuesday, "<=", 0).value == 1
    early = [{"column": "held_on", "op": "<=", "value": "01-03"}]
    assert one(tables, {"kind": "each_record", "table": "activities", "must": early}, "<=", 0).value == 1


def test_a_subject_there_in_part_is_left_out_and_listed() -> None:
    posts = [
        {"post_id": "P1", "unit_id": "U1"},
        {"post_id": "P2", "unit_id": "U1", "active_from": date(2024, 1, 2)},
        {"post_id": "P3", "unit_id": "U1", "active_to": date(2023, 12, 31)},
    ]
    measure = {
        "kind": "each_subject",
        "subjects": {"table": "posts"},
        "inner": {"kind": "count", "table": "activities", "by": "post_id"},
    }
    tables = {"units": [U1], "posts": posts, "activities": [activity(1, post_id="P1")]}
    pack = made_up({"measure": measure, "threshold": {"op": ">=", "value": 1}})
    found, left_out = read(
        tables, pack, lambda done: (list(done.findings(True)), done.data.left_out), as_of=date(2024, 12, 31)
    )
    assert (found[0].verdict, found[0].figures["considered"]) == ("pass", 1)
    assert [(each.subject, each.reason, each.row, each.period) for each in left_out] == [
        ("P2", "active_in_part", 3, "2024")
    ]


def test_fixed_values_take_part_and_have_no_row() -> None:
    measure = {
        "kind": "each_subject",
        "subjects": {"values": ["term_start", "graduation"]},
        "inner": {"kind": "count", "table": "activities", "by": "occasion"},
    }
    finding = one({"activities": [activity(1, "D2", occasion="graduation")]}, measure)
    assert [(e.file, e.row, e.subject, e.value, e.shortfall) for e in finding.evidence] == [
        (None, None, "graduation", 1, None),
        (None, None, "term_start", 0, 1),
    ]


def test_of_two_answers_of_a_day_the_one_that_names_the_period_stands() -> None:
    answer = {"unit_id": "U1", "requirement_id": "test/1-x", "checked_on": date(2024, 5, 6)}
    attestations = [{**answer, "answer": "yes"}, {**answer, "for_period": "2024", "answer": "no"}]
    pack = made_up({"measure": {"kind": "attest"}})
    found = findings({"units": [U1], "attestations": attestations}, pack, as_of=date(2024, 12, 31))
    finding = found["U1", "test/1-x", "2024"]
    assert (finding.verdict, finding.value, rows(finding)) == ("fail", "no", [3])
