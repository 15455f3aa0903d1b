"""Make a pack of 60 requirements over the tables of `make_data`.

    python benchmarks/make_pack.py FILE --most 60 --mix documents

Two mixes: `documents` draws evenly from all shipped documents, so that measures and lengths of periods stand in
their proportions, and makes every unit owe every one of them; `heavy` is made up, and a third of it is monthly.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from auditor.packs.load import packs_shipped

ALL, UNIVERSITIES, DEPARTMENTS = ["university", "department"], ["university"], ["department"]
_AT_LEAST_ONE = {"op": ">=", "value": 1}
_NONE_BROKEN = {"op": "<=", "value": 0}

Written = dict[str, Any]


class _Plain(yaml.SafeDumper):
    """Writes everything out: packs may not refer to another part of the file."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def heavy() -> list[Written]:
    """Return made-up requirements as a pack words them: 20 monthly, 15 quarterly, 11 half-yearly, 14 yearly."""
    return [*_monthly(), *_quarterly(), *_half_yearly(), *_yearly()]


def documents() -> list[Written]:
    """Return the requirements of every shipped document, owed by all units; what two ask alike stands once."""
    packs = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in packs_shipped().values()]
    found: list[Written] = []
    asked: list[list[Any]] = []
    for pack in packs:
        for each in pack["requirements"]:
            meaning = [each.get(key) for key in ("measure", "period", "window", "threshold")]
            if each["measure"]["kind"] != "attest" and meaning in asked:
                continue
            asked.append(meaning)
            name = f"bench/{pack['pack']}-{each['id'].partition('/')[2]}"
            found.append({**each, "id": name, "applies_to": {"types": ALL}})
    return found


MIXES = {"documents": documents, "heavy": heavy}


def write(path: Path, most: int, mix: str) -> None:
    """Write a pack of at most so many requirements, drawn evenly from all of a mix."""
    every = MIXES[mix]()
    chosen = [every[at * len(every) // most] for at in range(most)] if most < len(every) else every
    words = {"zh": "基准", "en": "benchmark"}
    pack = {
        "pack": "bench", "version": "1.0.0", "title": words, "issuer": words, "effective": {"from": "2024-01-01"},
        "unit_types": ALL, "requirements": chosen,
    }  # fmt: skip
    path.write_text(yaml.dump(pack, Dumper=_Plain, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _requirement(
    name: str, period: str, measure: Written, threshold: Written | None = None, types: list[str] = ALL
) -> Written:
    words = {"zh": "基准", "en": "benchmark"}
    written = {
        "id": f"bench/{name}", "clause": "1", "title": words, "applies_to": {"types": types}, "measure": measure,
        "period": period, "threshold": threshold, "value_unit": words if threshold else None,
        "severity": ("minor", "major", "veto")[2 if name.endswith("-1") else len(name) % 2],
        "responsible": words, "remedy": words,
    }  # fmt: skip
    return {key: value for key, value in written.items() if value is not None}


def _count(where: Written, **more: Any) -> Written:
    return {"kind": "count", "table": "activities", "where": where, **more}


def _sum(column: str, where: Written, **more: Any) -> Written:
    return {"kind": "sum", "table": "activities", "column": column, "where": where, **more}


def _ratio(table: str, numerator: str, denominator: str, how: str) -> Written:
    return {"kind": "ratio", "table": table, "numerator": numerator, "denominator": denominator, "how": how}


def _monthly() -> Iterator[Written]:
    filters: list[Written] = [
        {"kind": "lesson", "body": "students"}, {"kind": "lesson", "format": "online"},
        {"kind": "study_session"}, {"kind": "study_session", "format": "collective"},
        {"kind": "committee_meeting"}, {"kind": "committee_meeting", "first_topic": True},
        {"kind": "training"}, {"kind": ["outreach_lecture", "forum_event"]},
        {"topics": "responsibility_system", "body": "staff"}, {"occasion": "national_day"},
        {"participants >=": 180}, {"kind": ["patrol", "risk_check", "campaign"]},
    ]  # fmt: skip
    for at, where in enumerate(filters, 1):
        yield _requirement(f"month-count-{at}", "month", _count(where), _AT_LEAST_ONE)
    for at, body in enumerate(("students", "staff"), 1):
        measure = _sum("hours", {"kind": "lesson", "body": body})
        yield _requirement(f"month-hours-{at}", "month", measure, {"op": ">=", "value": 2})
    for at, kind in enumerate(("training", "outreach_lecture"), 1):
        measure = _sum("participants", {"kind": kind})
        yield _requirement(f"month-people-{at}", "month", measure, {"op": ">=", "value": 50})
    for at, columns in enumerate((("active", "members"), ("items_accepted", "items_sent")), 1):
        measure = _ratio("platform_usage", *columns, "pooled")
        yield _requirement(f"month-ratio-{at}", "month", measure, {"op": ">=", "value": "35%"})
    for at, distinct in enumerate(("post_id", "topics"), 1):
        measure = _count({"kind": "lesson"}, distinct=distinct)
        yield _requirement(f"month-distinct-{at}", "month", measure, {"op": ">=", "value": 2})


def _quarterly() -> Iterator[Written]:
    for at, kind in enumerate(
        ("seminar", "policy_lesson", "committee_study", "care_visit", "award", "special_report"), 1
    ):
        yield _requirement(f"quarter-count-{at}", "quarter", _count({"kind": kind}), _AT_LEAST_ONE)
    for at, body in enumerate(("party_committee", "theory_study_group"), 1):
        measure = _sum("participants", {"body": body, "format": "collective", "topics": "theory"})
        yield _requirement(f"quarter-people-{at}", "quarter", measure, {"op": ">=", "value": 100})
    measure = _count({"kind": "study_session"}, distinct="held_on")
    yield _requirement("quarter-distinct-1", "quarter", measure, {"op": ">=", "value": 3})
    records: list[tuple[Written, Written]] = [
        ({"kind": "study_session"}, {"column": "speakers", "op": ">=", "value": 2}),
        ({"kind": "committee_meeting"}, {"column": "first_topic", "op": "==", "value": True}),
        ({"kind": "forum_event"}, {"column": "approval_id", "exists_in": "approvals"}),
        ({"kind": ["risk_check", "patrol"]}, {"lead_working_days": ["held_on", "report_on"], "op": "<=", "value": 10}),
    ]  # fmt: skip
    for at, (where, must) in enumerate(records, 1):
        measure = {"kind": "each_record", "table": "activities", "where": where, "must": [must]}
        yield _requirement(f"quarter-record-{at}", "quarter", measure, _NONE_BROKEN)
    must = {"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20}
    measure = {"kind": "each_record", "table": "approvals", "where": {"listed_topic": True}, "must": [must]}
    yield _requirement("quarter-record-5", "quarter", measure, _NONE_BROKEN)
    measure = {"kind": "count", "table": "publications", "where": {"kind": "article", "channels": "online"}}
    yield _requirement("quarter-articles", "quarter", measure, _AT_LEAST_ONE)


def _half_yearly() -> Iterator[Written]:
    roles: list[tuple[list[str], list[str]]] = [
        (["department_secretary", "dean"], DEPARTMENTS), (["party_secretary", "president"], UNIVERSITIES),
    ]  # fmt: skip
    for at, (wanted, types) in enumerate(roles, 1):
        inner = {
            "kind": "sum",
            "table": "activities",
            "column": "hours",
            "where": {"kind": "lesson"},
            "by": "post_id",
        }
        subjects = {"table": "posts", "where": {"roles": wanted}}
        measure: Written = {"kind": "each_subject", "subjects": subjects, "inner": inner}
        yield _requirement(f"semester-posts-{at}", "semester", measure, {"op": ">=", "value": 4}, types)
    for at, topic in enumerate(("reviewers", "academic_security", "correspondents"), 1):
        yield _requirement(f"semester-count-{at}", "semester", _count({"topics": topic}), _AT_LEAST_ONE)
    for at, kind in enumerate(("situation_analysis", "consultation_meeting", "internal_briefing"), 1):
        measure = _count({"kind": kind}, scope="subtree")
        yield _requirement(f"half-year-below-{at}", "half_year", measure, {"op": ">=", "value": 2})
    measure = _count({"body": "students", "kind": ["training", "campaign"]}, distinct="format")
    yield _requirement("half-year-distinct", "half_year", measure, {"op": ">=", "value": 2})
    measure = {
        "kind": "each_subject", "subjects": {"values": ["theory", "responsibility_system", "religious_affairs_policy"]},
        "inner": {"kind": "count", "table": "activities", "where": {"kind": "training"}, "by": "topics"},
    }  # fmt: skip
    yield _requirement("half-year-topics", "half_year", measure, _AT_LEAST_ONE)
    measure = _count({"kind": "study_session", "topics": ["theory", "reviewers"], "body not": "students"})
    yield _requirement("half-year-count", "half_year", measure, {"op": ">=", "value": 3})


def _yearly() -> Iterator[Written]:
    inner: Written = {
        "kind": "count", "table": "activities", "where": {"kind": "outreach_lecture"}, "by": "target_id",
    }  # fmt: skip
    subjects: Written = {"table": "units", "where": {"type": "department", "tags": "teaching"}}
    measure: Written = {"kind": "each_subject", "subjects": subjects, "inner": inner}
    yield _requirement("year-outreach", "year", measure, _AT_LEAST_ONE, UNIVERSITIES)
    inner = {"kind": "count", "table": "publications", "where": {"kind": "study_essay"}, "by": "post_id"}
    measure = {"kind": "each_subject", "subjects": {"table": "posts"}, "inner": inner}
    yield _requirement("year-essays", "year", measure, _AT_LEAST_ONE)
    inner = {"kind": "count", "table": "publications", "where": {"kind": "board_update"}, "by": "asset_id"}
    measure = {
        "kind": "each_subject", "subjects": {"table": "assets", "where": {"kind": "media_account"}}, "inner": inner,
    }  # fmt: skip
    yield _requirement("year-accounts", "year", measure, _AT_LEAST_ONE)
    measure = {
        "kind": "each_subject", "subjects": {"table": "assets", "where": {"kind": "club"}},
        "inner": {"column": "advisors"},
    }  # fmt: skip
    yield _requirement("year-advisors", "year", measure, _AT_LEAST_ONE)
    measure = {"kind": "count", "table": "assets", "where": {"kind": "lecture_team"}}
    yield _requirement("year-teams", "year", measure, {"op": ">=", "value": 2}, UNIVERSITIES)
    ratios = (("headcounts", "reviewers", "staff", "10%"), ("platform_usage", "registered", "members", "90%"))
    for at, (table, numerator, denominator, share) in enumerate(ratios, 1):
        measure = _ratio(table, numerator, denominator, "latest")
        yield _requirement(f"year-latest-{at}", "year", measure, {"op": ">=", "value": share})
    measure = _ratio("headcounts", "trained", "staff", "latest_in_period")
    yield _requirement("year-trained", "year", measure, {"op": ">=", "value": "50%"})
    for at, report in enumerate(("annual_study_plan", "self_check_report"), 1):
        measure = {"kind": "count", "table": "submissions", "where": {"report": report}}
        yield _requirement(f"year-report-{at}", "year", measure, _AT_LEAST_ONE)
    yield _requirement("year-below", "year", _count({"kind": "lesson"}, scope="subtree"), _AT_LEAST_ONE)
    measure = _count({"kind": "committee_meeting", "body": "party_committee"})
    yield _requirement("year-meetings", "year", measure, {"op": ">=", "value": 6})
    for at in (1, 2):
        yield _requirement(f"attest-{at}", "year", {"kind": "attest"})


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--most", type=int, default=60)
    parser.add_argument("--mix", choices=tuple(MIXES), default="documents")
    given = parser.parse_args()
    write(given.file, given.most, given.mix)
