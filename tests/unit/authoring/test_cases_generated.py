"""Generated cases: they pass against the rule that made them, whatever its kind, and fail against another rule.

What they want is worked out in plain arithmetic, what `run_cases` finds by an audit: two things that share nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pack_files import made_up, read_yaml, write_pack

from auditor.authoring.cases import RequirementResult, run_cases
from auditor.authoring.generate_cases import generate_cases
from auditor.authoring.generate_cases_frame import maker_of
from auditor.measures.registry import kinds
from auditor.packs.load import load_pack, packs_shipped
from auditor.periods.workdays import WorkCalendar

pytestmark = pytest.mark.slow

SESSIONS = {"kind": "count", "table": "activities", "where": {"kind": "study_session"}}
HOURS = {"kind": "sum", "table": "activities", "column": "hours", "where": {"kind": "lesson"}}
ACTIVE = {"kind": "ratio", "table": "platform_usage", "numerator": "active", "denominator": "members"}
CLUBS = {"table": "assets", "where": {"kind": ["club", "journal"]}}
POSTS = {"table": "posts", "where": {"roles": "dean"}}
UPDATES = {"table": "publications", "where": {"kind": "board_update"}, "by": "asset_id"}
LEAD = {"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 5}
BOTH = {"zh": "文", "en": "text"}
DATED = [
    {"from": yaml.safe_load("2023-01-01"), "value": 2, "reference": BOTH},
    {"from": yaml.safe_load("2024-01-01"), "value": 3, "reference": BOTH},
]


def asked(op: str, value: Any) -> dict[str, Any]:
    return {"threshold": {"op": op, "value": value}}


def lessons(**inner: Any) -> dict[str, Any]:
    return {"table": "activities", "where": {"kind": "lesson"}, "by": "post_id", **inner}


RULES: Mapping[str, dict[str, Any]] = {
    "count": {"measure": SESSIONS, **asked(">=", 6)},
    "count above": {"measure": SESSIONS, **asked(">", 2), "period": "week"},
    "count at most": {"measure": SESSIONS, **asked("<=", 2), "period": "quarter"},
    "count exactly": {"measure": SESSIONS, **asked("==", 2), "period": "semester"},
    "count between": {"measure": {**SESSIONS, "scope": "subtree"}, **asked("between", [2, 4])},
    "count distinct": {"measure": {**SESSIONS, "distinct": "body"}, **asked(">=", 3), "period": "half_year"},
    "count of days": {"measure": {**SESSIONS, "distinct": "held_on"}, **asked(">=", 3), "period": "academic_year"},
    "count of a stock": {"measure": {"kind": "count", **CLUBS}, **asked(">=", 2), "period": "quarter"},
    "count with filters": {
        "measure": {**SESSIONS, "where": {"speakers >=": 3, "hours <": 2.5, "kind not": ["award", "lesson"]}},
        **asked(">=", 1),
        "period": "month",
    },
    "count of targets": {"measure": SESSIONS, **asked(">=", "target")},
    "count dated": {"measure": SESSIONS, **asked(">=", DATED), "period": "quarter"},
    "count in a stage": {"measure": SESSIONS, **asked(">=", 1), "period": "stage", "window": ["05-11", "05-31"]},
    "sum": {"measure": HOURS, **asked(">=", "3.5"), "period": "semester"},
    "sum of whole numbers": {"measure": {**HOURS, "column": "participants"}, **asked("between", [30, 40])},
    "ratio pooled": {"measure": {**ACTIVE, "how": "pooled"}, **asked(">=", "35%"), "period": "month"},
    "ratio above": {"measure": {**ACTIVE, "how": "pooled"}, **asked(">", "90%")},
    "ratio at most": {"measure": {**ACTIVE, "how": "latest"}, **asked("<=", "12.5%")},
    "ratio in the period": {"measure": {**ACTIVE, "how": "latest_in_period"}, **asked(">=", "100%")},
    "ratio against the past": {
        "measure": {**ACTIVE, "how": "pooled"},
        "threshold": {"op": ">", "against": "previous"},
    },
    "each record, lead": {
        "measure": {"kind": "each_record", "table": "approvals", "where": {"listed_topic": True}, "must": [
            LEAD, {"column": "decision", "op": "==", "value": "approved"}]},
        **asked("<=", 0),
    },
    "each record, weekday": {
        "measure": {"kind": "each_record", "table": "activities", "must": [
            {"column": "held_on", "weekday": "tuesday"}, {"column": "speakers", "op": ">", "value": 1}]},
        **asked("<=", 0),
    },
    "each record, days": {
        "measure": {"kind": "each_record", "table": "rectifications", "must": [
            {"column": "done_on", "present": True}, {"column": "done_on", "op": "<=", "other": "due_on"},
            {"column": "raised_on", "op": "<=", "value": "05-31"}]},
        **asked("<=", 0),
    },
    "each record, filed": {
        "measure": {"kind": "each_record", "table": "activities", "where": {"kind": "forum_event"}, "must": [
            {"column": "approval_id", "exists_in": "approvals"}]},
        **asked("<=", 0),
    },
    "each subject, count": {
        "measure": {"kind": "each_subject", "subjects": POSTS, "inner": lessons(kind="count")},
        **asked(">=", 2),
    },
    "each subject, sum": {
        "measure": {"kind": "each_subject", "subjects": POSTS, "scope": "subtree",
                    "inner": lessons(kind="sum", column="hours"), "when_no_subjects": "insufficient_data"},
        **asked(">=", 4),
        "period": "semester",
    },
    "each subject, values": {
        "measure": {"kind": "each_subject", "subjects": {"values": ["term_start", "graduation"]},
                    "inner": {"kind": "count", "table": "activities", "by": "occasion"}},
        **asked(">", 0),
    },
    "each subject, column": {
        "measure": {"kind": "each_subject", "subjects": CLUBS, "inner": {"column": "advisors"}},
        **asked("between", [1, 3]),
    },
    "each subject, must": {
        "measure": {"kind": "each_subject", "subjects": CLUBS, "inner": {"must": [
            {"column": "approved_on", "present": True}, {"column": "members", "op": ">=", "value": 20}]}},
        **asked(">=", 1),
    },
    "coverage": {
        "measure": {"kind": "coverage", "subjects": {"table": "units", "where": {"type": "department"}},
                    "inner": {"kind": "count", "table": "activities", "by": "target_id"}},
        **asked(">=", "80%"),
        "applies_to": {"types": ["university", "department"]},
    },
    "coverage by a stock": {
        "measure": {"kind": "coverage", "subjects": {"table": "units"},
                    "inner": {"kind": "count", "table": "assets", "by": "unit_id"}},
        **asked(">=", "100%"),
    },
    "deadline on dates": {
        "measure": {"kind": "deadline", "table": "submissions", "dates": ["05-31", "11-30"]},
        **asked(">=", 1),
    },
    "deadline of every month": {
        "measure": {"kind": "deadline", "table": "submissions", "monthly": 31}, **asked(">=", 1), "period": "month",
    },
    "deadline of a window": {
        "measure": {"kind": "deadline", "table": "submissions"},
        **asked(">=", 1), "period": "stage", "window": ["04-25", "05-10"],
    },
    "longest stretch": {
        "measure": {"kind": "max_gap", "subjects": CLUBS, "inner": UPDATES, "in": "months"}, **asked("<=", 5),
    },
    "longest stretch in days": {
        "measure": {"kind": "max_gap", "subjects": CLUBS, "inner": UPDATES, "in": "days"},
        **asked("<=", 30), "period": "half_year",
    },
    "attest": {"measure": {"kind": "attest"}, "period": "semester"},
}  # fmt: skip


def written_pack(folder: Path, rule: dict[str, Any]) -> Path:
    return write_pack(made_up(rule), folder / "pack.yaml")


def generated(pack: Path, requirement: str = "test/1-x") -> Path:
    """Write the cases of a requirement beside its pack and return the file."""
    path = pack.with_suffix(".cases.yaml")
    path.write_text("".join(generate_cases(requirement, str(pack), path.parent, "zh")), encoding="utf-8")
    return path


def failed(results: tuple[RequirementResult, ...]) -> list[str]:
    return [
        f"{each.path.name}:{case.placed.case.line}: {case.placed.case.note}: {difference}"
        for each in results
        for case in each.failed
        for difference in case.differences
    ]


def test_every_kind_of_measure_has_a_maker_and_a_rule_here() -> None:
    assert {kind for kind in kinds() if maker_of(kind)} == set(kinds())
    assert {rule["measure"]["kind"] for rule in RULES.values()} == set(kinds())


def some(names: Iterable[str]) -> list[Any]:
    """Return every eighth name as it is, the others for the slow tests: each takes half a second."""
    slow = pytest.mark.slow
    return [name if at % 8 == 0 else pytest.param(name, marks=slow) for at, name in enumerate(names)]


@pytest.mark.parametrize("name", some(RULES))
def test_generated_cases_pass_against_their_rule(name: str, tmp_path: Path) -> None:
    results = run_cases([str(generated(written_pack(tmp_path, RULES[name])))], tmp_path)
    said = failed(results)
    assert not said, "\n" + "\n".join(said)
    assert len(results[0].cases) >= 6


CHANGES: Mapping[str, dict[str, Any]] = {
    "count": {"threshold": {"op": ">", "value": 6}},
    "count at most": {"threshold": {"op": "<=", "value": 3}},
    "count between": {"threshold": {"op": "between", "value": [2, 5]}},
    "count of a stock": {"threshold": {"op": ">=", "value": 3}},
    "count dated": {"threshold": {"op": ">=", "value": 3}},
    "sum": {"threshold": {"op": ">=", "value": 4}},
    "ratio pooled": {"threshold": {"op": ">", "value": "35%"}},
    "ratio against the past": {"threshold": {"op": ">=", "against": "previous"}},
    "each record, lead": {"measure": {"must.0.value": 6}},
    "each record, weekday": {"measure": {"must.0.weekday": "wednesday"}},
    "each record, days": {"measure": {"must.1.op": "<"}},
    "each subject, count": {"threshold": {"op": ">=", "value": 1}},
    "each subject, column": {"threshold": {"op": ">=", "value": 1}},
    "coverage": {"threshold": {"op": ">", "value": "80%"}},
    "deadline on dates": {"measure": {"dates": ["05-31", "11-29"]}},
    "longest stretch": {"threshold": {"op": "<=", "value": 6}},
    "longest stretch in days": {"threshold": {"op": "<=", "value": 31}},
}


@pytest.mark.parametrize("name", some(CHANGES))
def test_generated_cases_fail_against_another_rule(name: str, tmp_path: Path) -> None:
    cases = generated(written_pack(tmp_path, RULES[name]))
    written_pack(tmp_path, changed(RULES[name], CHANGES[name]))
    assert failed(run_cases([str(cases)], tmp_path))


def changed(rule: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Return the rule with another threshold, or with another value at a place of its measure."""
    copied = yaml.safe_load(yaml.safe_dump({**rule, **{k: v for k, v in change.items() if k == "threshold"}}))
    for place, value in change.get("measure", {}).items():
        *outer, last = place.split(".")
        part = copied["measure"]
        for each in outer:
            part = part[int(each)] if each.isdecimal() else part[each]
        part[last] = value
    return dict(copied)


def cases_of(tmp_path: Path, name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = read_yaml(generated(written_pack(tmp_path, RULES[name])))["cases"]
    return cases


def test_the_border_of_a_count_is_there(tmp_path: Path) -> None:
    wanted = [case["want"] for case in cases_of(tmp_path, "count")]
    assert {(each.get("value"), each["verdict"]) for each in wanted} >= {
        (5, "fail"),
        (6, "pass"),
        (7, "pass"),
        (0, "fail"),
    }
    reasons = {each.get("reason") for each in wanted}
    assert {"table_missing", "unit_not_active"} <= reasons


def test_both_sides_of_a_dated_number_are_there(tmp_path: Path) -> None:
    passes = {
        (case["want"]["period"], case["want"]["value"])
        for case in cases_of(tmp_path, "count dated")
        if case["want"]["verdict"] == "pass"
    }
    assert {("2023-Q4", 2), ("2024-Q1", 3)} <= passes
    assert ("2024-Q1", 2) not in passes


def test_a_worked_saturday_is_there(tmp_path: Path) -> None:
    saturdays = [
        row["held_on"]
        for case in cases_of(tmp_path, "each record, lead")
        for row in case["tables"].get("approvals", ())
        if row["held_on"].weekday() == 5
    ]
    assert saturdays
    assert all(WorkCalendar().is_working(day) for day in saturdays)


def test_the_head_says_that_they_must_be_read(tmp_path: Path) -> None:
    text = generated(written_pack(tmp_path, RULES["count"])).read_text(encoding="utf-8")
    assert text.startswith("# 本文件由 packs test --generate")
    assert "再相信" in text.partition("requirement:")[0]


@pytest.mark.slow
@pytest.mark.parametrize("pack", packs_shipped())
def test_every_shipped_requirement_has_generated_cases_that_pass(pack: str, tmp_path: Path) -> None:
    requirements = load_pack(pack).requirements
    for requirement in requirements:
        file = tmp_path / f"{requirement.id.partition('/')[2]}.yaml"
        file.write_text("".join(generate_cases(requirement.id, None, tmp_path, "en")), encoding="utf-8")
    results = run_cases(["."], tmp_path)
    said = failed(results)
    assert not said, "\n" + "\n".join(said)
    assert len(results) == len(requirements)
