"""What `explain` lays open, worked out by hand: the way from all rows to those that counted, near misses, the cure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pack_files import made_up, write_pack
from second_reading.organisations import write_csv

from auditor.audit import Options
from auditor.authoring.explain import Explanation, explain
from auditor.periods.period import Window

Rows = Sequence[Mapping[str, Any]]
UNITS: Rows = [
    {"unit_id": "U1", "name": "大学", "type": "university"},
    {"unit_id": "D1", "name": "院", "type": "department", "parent_id": "U1"},
    {"unit_id": "U2", "name": "别的大学", "type": "university"},
]
OVER, EARLY = date(2024, 12, 31), date(2024, 6, 14)


def day(text: str) -> date:
    return date.fromisoformat(f"2024-{text}")


def why(folder: Path, requirement: dict[str, Any], as_of: date = OVER, **tables: Rows) -> Explanation:
    """Return the explanation of the one requirement for U1; the audit is closed, its trails and cures stay."""
    write_csv({"units": UNITS, **tables}, folder / "data")
    pack = write_pack(made_up(requirement), folder / "pack.yaml")
    options = Options(as_of=as_of, judged_by="plain")
    found = explain(folder / "data", "U1", "test/1-x", [pack], Window.of_year(2024), options)
    found.audit.close()
    return found


def steps(found: Explanation, period: str = "2024") -> list[tuple[str, int]]:
    return [(each.code, each.count) for each in found.trails[period].steps]


def misses(found: Explanation, period: str = "2024") -> list[tuple[int | None, str, str | None]]:
    return [(each.row, each.code, each.column) for each in found.trails[period].misses]


def cure(found: Explanation, period: str = "2024") -> list[tuple[str, dict[str, Any]]]:
    return [(each.code, each.figures) for each in found.cures[period]]


def codes(found: Explanation, period: str = "2024") -> list[str]:
    return [each.code for each in found.cures[period]]


def activity(
    at: int, on: date | None, unit: str = "U1", kind: str = "study_session", **more: Any
) -> dict[str, Any]:
    return {"activity_id": f"A{at}", "unit_id": unit, "kind": kind, "held_on": on, **more}


SESSIONS = {
    "measure": {
        "kind": "count",
        "table": "activities",
        "where": {"kind": "study_session", "format": "collective"},
    },
    "threshold": {"op": ">=", "value": 3},
}
ACTIVITIES = [
    activity(2, day("01-09"), format="collective"),
    activity(3, day("02-09"), kind="training", format="collective"),
    activity(4, day("03-09"), format="online"),
    activity(5, None, format="collective"),
    activity(6, date(2023, 12, 31), format="collective"),
    activity(7, date(2025, 1, 1), format="collective"),
    activity(8, day("08-01"), format="collective"),
    activity(9, day("04-09"), unit="D1", format="collective"),
    # nobody's near miss: another university's own, and one that falls at two gates
    activity(10, day("04-09"), unit="U2", format="collective"),
    activity(11, day("05-09"), kind="training", format="online"),
]


def test_a_count_before_the_end(tmp_path: Path) -> None:
    found = why(tmp_path, SESSIONS, EARLY, activities=ACTIVITIES)
    # of ten rows eight are the unit's; two of them are trainings; one of the rest is online; one of five is in time
    assert steps(found) == [("table", 10), ("unit", 8), ("where", 6), ("where", 5), ("period", 1)]
    # by gate: the unit, each filter, the day (the latest first, the blank one last), three of each at most
    assert misses(found) == [
        (9, "unit", "unit_id"),
        (3, "where", "kind"),
        (4, "where", "format"),
        (7, "after", "held_on"),
        (8, "planned", "held_on"),
        (6, "before", "held_on"),
    ]
    assert found.trails["2024"].left == 1
    ((code, figures),) = cure(found)
    assert (code, figures["shortfall"], figures["last"]) == ("rows_more", "2", OVER)


def test_a_count_after_the_end(tmp_path: Path) -> None:
    found = why(tmp_path, SESSIONS, OVER, activities=ACTIVITIES)
    assert steps(found)[-1] == ("period", 2)
    assert codes(found) == ["too_late", "rows_more.was", "only_if_missing"]
    assert cure(found)[0][1]["last"] == OVER
    assert cure(found)[1][1]["shortfall"] == "1"


def test_what_is_met_needs_no_cure(tmp_path: Path) -> None:
    found = why(tmp_path, {**SESSIONS, "threshold": {"op": ">=", "value": 1}}, activities=ACTIVITIES)
    assert codes(found) == []


def test_a_number_exceeded_cannot_be_cured(tmp_path: Path) -> None:
    found = why(
        tmp_path, {**SESSIONS, "threshold": {"op": "between", "value": [0, 1]}}, activities=ACTIVITIES
    )
    assert cure(found) == [("never", {"value": "1"})]


def test_a_total(tmp_path: Path) -> None:
    hours = {"kind": "sum", "table": "activities", "column": "hours", "scope": "subtree"}
    rows = [
        activity(2, day("01-09"), hours=1.5),
        activity(3, day("01-10"), "D1", hours=2),
        activity(4, day("09-01"), hours=9),
    ]
    found = why(tmp_path, {"measure": hours, "threshold": {"op": ">=", "value": 8}}, EARLY, activities=rows)
    assert steps(found) == [("table", 3), ("unit", 3), ("period", 2)]
    assert misses(found) == [(4, "planned", "held_on")]
    assert [(code, figures["shortfall"]) for code, figures in cure(found)] == [("sum_more", "4.5")]


HEADS = [
    {"unit_id": "U1", "counted_on": day("01-05"), "reviewers": 3, "staff": 40},
    {"unit_id": "U1", "counted_on": day("03-05"), "reviewers": 3, "staff": 45},
    {"unit_id": "U1", "counted_on": day("04-05"), "reviewers": None, "staff": 45},
    {"unit_id": "U1", "counted_on": day("09-05"), "reviewers": 9, "staff": 45},
]


def test_the_latest_share(tmp_path: Path) -> None:
    ratio = {
        "kind": "ratio",
        "table": "headcounts",
        "numerator": "reviewers",
        "denominator": "staff",
        "how": "latest",
    }
    found = why(
        tmp_path, {"measure": ratio, "threshold": {"op": ">=", "value": "10%"}}, EARLY, headcounts=HEADS
    )
    assert steps(found) == [
        ("table", 4), ("unit", 4), ("blank", 3), ("blank", 3), ("period", 2), ("not_latest", 1),
    ]  # fmt: skip
    assert misses(found) == [
        (4, "blank", "reviewers"),
        (5, "planned", "counted_on"),
        (2, "not_latest", "counted_on"),
    ]
    # 3 of 45 are 6.7%: 5 of 45 are 11.1%, so two more
    assert [(code, figures["shortfall"]) for code, figures in cure(found)] == [("ratio_more", "2")]
    assert found.cures["2024"][0].columns == {"column": ("headcounts", "reviewers")}


def approval(at: int, filed: date | None, held: date | None) -> dict[str, Any]:
    return {
        "approval_id": f"V{at}",
        "unit_id": "U1",
        "filed_on": filed,
        "held_on": held,
        "decision": "approved",
    }


LEAD = {"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 3}


def test_records_filed_too_late(tmp_path: Path) -> None:
    measure = {"kind": "each_record", "table": "approvals", "must": [LEAD]}
    # Thursday 11 April: Monday the 8th is three working days ahead, Tuesday two
    rows = [
        approval(2, day("04-09"), day("04-11")),
        approval(3, day("04-08"), day("04-11")),
        approval(4, day("04-08"), None),
    ]
    found = why(tmp_path, {"measure": measure, "threshold": {"op": "<=", "value": 0}}, approvals=rows)
    assert misses(found) == [(4, "undated", "held_on")]
    (late, note) = found.cures["2024"]
    assert (late.code, note.code) == ("lead.was", "only_if_wrong")
    assert (late.figures["last"], late.figures["filed"], late.figures["held"]) == (
        day("04-08"), day("04-09"), day("04-11"),
    )  # fmt: skip
    assert late.evidence is not None
    assert late.evidence.row == 2


@pytest.mark.parametrize(
    ("as_of", "filed", "code", "last", "earliest"),
    [
        # to be held on Thursday 11 April: file by Monday; filed on Tuesday the 9th, Friday is the third day after
        (day("04-05"), None, "lead.file", day("04-08"), None),
        (day("04-09"), day("04-09"), "lead.move", day("04-08"), day("04-12")),
        # not filed by Tuesday: filed today, it may be held on Friday
        (day("04-09"), None, "lead.move", day("04-08"), day("04-12")),
    ],
)
def test_events_still_to_come(
    as_of: date, filed: date | None, code: str, last: date, earliest: date | None, tmp_path: Path
) -> None:
    measure = {"kind": "each_record", "table": "approvals", "date": "decided_on", "must": [LEAD]}
    rows = [{**approval(2, filed, day("04-11")), "decided_on": day("04-03")}]
    found = why(tmp_path, {"measure": measure, "threshold": {"op": "<=", "value": 0}}, as_of, approvals=rows)
    first = found.cures["2024"][0]
    assert (first.code, first.figures["last"], first.figures.get("earliest")) == (code, last, earliest)


def test_only_the_condition_that_is_broken_is_told(tmp_path: Path) -> None:
    measure = {
        "kind": "each_record", "table": "approvals",
        "must": [LEAD, {"column": "subject", "present": True}, {"column": "decision", "op": "==", "value": "approved"}],
    }  # fmt: skip
    rows = [approval(2, day("04-01"), day("04-11"))]
    found = why(tmp_path, {"measure": measure, "threshold": {"op": "<=", "value": 0}}, approvals=rows)
    assert codes(found) == ["fill_in", "only_if_wrong"]


POSTS = [
    {"post_id": f"P{at}", "unit_id": unit, "roles": "leadership_member", "title": "x"}
    for at, unit in enumerate(("U1", "U1", "D1"), 1)
]


def test_subjects(tmp_path: Path) -> None:
    measure = {
        "kind": "each_subject", "subjects": {"table": "posts"},
        "inner": {"kind": "count", "table": "activities", "where": {"kind": "lesson"}, "by": "post_id"},
    }  # fmt: skip
    rows = [
        activity(2, day("02-01"), kind="lesson", post_id="P1"),
        activity(3, day("02-01"), kind="lesson", post_id="P1"),
        activity(4, day("02-01"), kind="seminar", post_id="P2"),
        activity(5, day("02-01"), kind="lesson", post_id="P3"),  # a post of the department, no subject here
        activity(6, day("02-01"), kind="lesson"),
        activity(7, date(2023, 2, 1), kind="lesson", post_id="P2"),
    ]
    asked = {"measure": measure, "threshold": {"op": ">=", "value": 2}}
    found = why(tmp_path, asked, EARLY, activities=rows, posts=POSTS)
    assert steps(found) == [("table", 6), ("unit", 6), ("where", 5), ("subject", 3), ("period", 2)]
    assert misses(found) == [
        (4, "where", "kind"),
        (5, "subject", "post_id"),
        (6, "subject", "post_id"),
        (7, "before", "held_on"),
    ]
    assert [(code, figures.get("subject")) for code, figures in cure(found)] == [
        ("subjects", None),
        ("subject", "P2"),
    ]


def test_values_in_the_subjects_own_row(tmp_path: Path) -> None:
    assets = [
        {"asset_id": "C1", "unit_id": "U1", "kind": "club", "name": "甲", "advisors": 0},
        {"asset_id": "C2", "unit_id": "U1", "kind": "journal", "name": "乙", "advisors": 0},
        {"asset_id": "C3", "unit_id": "U1", "kind": "club", "name": "丙", "closed_on": day("02-01")},
    ]
    measure = {
        "kind": "each_subject",
        "subjects": {"table": "assets", "where": {"kind": "club"}},
        "inner": {"column": "advisors"},
    }
    found = why(tmp_path, {"measure": measure, "threshold": {"op": ">=", "value": 1}}, assets=assets)
    assert steps(found) == [("table", 3), ("unit", 3), ("where", 2), ("life", 1)]
    assert misses(found) == [(3, "where", "kind"), (4, "life", None)]
    assert codes(found) == ["too_late", "subjects.was", "subject", "only_if_missing"]


def test_coverage_and_listed_values(tmp_path: Path) -> None:
    measure = {
        "kind": "coverage", "subjects": {"values": ["term_start", "graduation"]},
        "inner": {"kind": "count", "table": "activities", "by": "occasion"},
    }  # fmt: skip
    rows = [activity(2, day("02-01"), occasion="term_start"), activity(3, day("02-01"))]
    found = why(
        tmp_path, {"measure": measure, "threshold": {"op": ">=", "value": "100%"}}, EARLY, activities=rows
    )
    assert steps(found) == [("table", 2), ("unit", 2), ("subject", 1), ("period", 1)]
    assert misses(found) == [(3, "subject", "occasion")]
    assert [(code, figures.get("subject"), figures["shortfall"]) for code, figures in cure(found)] == [
        ("coverage_more", None, "1"),
        ("subject", "graduation", "1"),
    ]


def test_a_due_date_missed_and_one_to_come(tmp_path: Path) -> None:
    measure = {
        "kind": "deadline",
        "table": "submissions",
        "where": {"report": "half_year_report"},
        "dates": ["05-31", "11-30"],
    }
    rows = [
        {"submission_id": "S1", "unit_id": "U1", "report": "half_year_report", "submitted_on": day("06-05")},
        {"submission_id": "S2", "unit_id": "U1", "report": "annual_plan", "submitted_on": day("05-05")},
    ]
    asked = {"measure": measure, "threshold": {"op": ">=", "value": 1}}
    found = why(tmp_path, asked, EARLY, submissions=rows[1:])
    assert codes(found, "2024-due-05-31") == ["too_late", "deadline_more.was", "only_if_missing"]
    assert [(code, figures["last"]) for code, figures in cure(found, "2024-due-11-30")] == [
        ("deadline_more", day("11-30"))
    ]
    found = why(tmp_path / "late", asked, EARLY, submissions=rows)
    # the late one is evidence already, with the days it is late
    assert misses(found, "2024-due-05-31") == [(3, "where", "report")]


def test_a_gap_too_long_stays(tmp_path: Path) -> None:
    measure = {
        "kind": "max_gap", "subjects": {"table": "posts"},
        "inner": {"table": "activities", "by": "post_id"}, "in": "months",
    }  # fmt: skip
    rows = [activity(2, day("02-01"), post_id="P1")]
    asked = {
        "measure": measure,
        "threshold": {"op": "<=", "value": 6},
        "value_unit": {"zh": "月", "en": "months"},
    }
    found = why(tmp_path, asked, activities=rows, posts=POSTS[:1])
    # from 1 February to 31 December: eleven months, five too many
    assert cure(found) == [("never", {"value": "5"})]


@pytest.mark.parametrize(
    ("answers", "wanted", "seen"),
    [
        ([("05-06", "no", None)], ["check_again"], []),
        ([("05-06", "no", None), ("04-06", "yes", None)], ["check_again"], [(3, "not_latest", "checked_on")]),
        ([], ["check"], []),
        # found out after the as-of day, and for another year
        ([("11-06", "yes", None)], ["check"], [(2, "planned", "checked_on")]),
        ([("05-06", "yes", "2023")], ["check"], [(2, "other_period", "checked_on")]),
    ],
)
def test_answers(
    answers: list[tuple[str, str, str | None]], wanted: list[str], seen: list[Any], tmp_path: Path
) -> None:
    rows = [
        {
            "unit_id": "U1",
            "requirement_id": "test/1-x",
            "checked_on": day(on),
            "answer": answer,
            "for_period": period,
        }
        for on, answer, period in answers
    ]
    rows += [{"unit_id": "U2", "requirement_id": "test/1-x", "checked_on": day("01-01"), "answer": "yes"}]
    found = why(tmp_path, {"measure": {"kind": "attest"}}, day("06-30"), attestations=rows)
    assert (codes(found), misses(found)) == (wanted, seen)


def test_a_table_that_is_missing_is_to_be_supplied(tmp_path: Path) -> None:
    found = why(tmp_path, SESSIONS)
    ((code, figures),) = cure(found)
    assert (code, figures["tables"]) == ("supply", ["activities"])
    assert steps(found)[0] == ("table", 0)
