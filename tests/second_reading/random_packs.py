"""Random requirements beyond henan-2023, each of them named by a line of the verdict table."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

PERIODS = ("year", "year", "half_year", "quarter", "month", "semester", "semester", "week")
RANDOM_IDS = tuple(f"random/{number:02d}-x" for number in range(1, 13))
Requirement = dict[str, Any]

# Table, a `where`, other columns that may date its rows, columns whose distinct values may be counted.
FLOWS: tuple[tuple[str, tuple[dict[str, Any], ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "activities",
        (
            {},
            {"kind": "study_session"},
            {"kind": ["training", "risk_check", "lesson"]},
            {"kind not": "lesson", "hours >=": 1},
            {"body not": ["students", "staff"]},
            {"topics": "theory", "format": "collective"},
            {"topics": ["theory", "responsibility_system"]},
            {"topics not": ["theory", "news_editing"], "participants >": 10},
            {"first_topic": True, "speakers <=": 2},
            {"hours <": 1.5},
        ),
        ("report_on", "recorded_on", "feedback_on"),
        ("held_on", "kind", "body", "post_id", "occasion"),
    ),
    (
        "publications",
        (
            {},
            {"kind": "release"},
            {"channels": "online"},
            {"channels": ["newspaper", "television"]},
            {"channels not": "online", "reviews >=": 3},
            {"channel_level": ["city", "province"]},
        ),
        ("reviewed_on", "recorded_on"),
        ("published_on", "channel_level", "post_id"),
    ),
    ("submissions", ({}, {"report": "half_year_report"}, {"report not": "training_plan"}), (), ("report",)),
    (
        "approvals",
        ({}, {"decision": "approved"}, {"changed": False}),
        ("filed_on", "decided_on"),
        ("decision",),
    ),
    ("rectifications", ({},), ("raised_on", "done_on"), ("raised_on",)),
    ("platform_usage", ({}, {"active >": 8}), (), ("day", "members")),
)
STOCKS: tuple[tuple[str, tuple[dict[str, Any], ...]], ...] = (
    ("posts", ({}, {"roles": "study_group_member"}, {"roles not": ["dean"], "concurrent_posts <": 3})),
    ("assets", ({}, {"kind": "club"}, {"members >=": 10}, {"kind not": ["club", "journal"]})),
    ("units", ({"type": "department"}, {"tags": "teaching"}, {"tags not": "pilot"})),
)
SUMS = (
    ("activities", "hours"),
    ("activities", "participants"),
    ("activities", "speakers"),
    ("publications", "reviews"),
    ("platform_usage", "items_sent"),
)
RATIOS = (
    ("platform_usage", "active", "members"),
    ("platform_usage", "registered", "members"),
    ("platform_usage", "items_accepted", "items_sent"),
    ("headcounts", "trained", "staff"),
    ("headcounts", "law_exam_taken", "staff_established"),
)
# Table, a `where`, the date if it is not the table's, and conditions to choose from.
RECORDS: tuple[tuple[str, dict[str, Any], str | None, tuple[dict[str, Any], ...]], ...] = (
    (
        "activities",
        {"kind": ["forum_event", "risk_check", "study_session"]},
        None,
        (
            {"column": "approval_id", "exists_in": "approvals"},
            {"column": "held_on", "weekday": "tuesday"},
            {"column": "report_on", "present": True},
            {"column": "speakers", "op": ">=", "value": 2},
            {"column": "participants", "op": "<=", "value": 50},
            {"column": "participants", "op": ">", "value": 5},
            {"column": "speakers", "op": "==", "value": 3},
            {"column": "speakers", "op": "<", "value": 4},
            {"column": "hours", "op": ">=", "value": 1.5},
            {"column": "held_on", "op": "<=", "value": "11-30"},
            {"column": "format", "op": "==", "value": "collective"},
            {"column": "recorded_on", "op": ">=", "other": "held_on"},
            {"lead_working_days": ["held_on", "recorded_on"], "op": "<=", "value": 20},
        ),
    ),
    (
        "approvals",
        {"listed_topic": True},
        None,
        (
            {"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20},
            {"lead_working_days": ["filed_on", "held_on"], "op": ">", "value": 20},
            {"lead_working_days": ["decided_on", "held_on"], "op": ">=", "value": 3},
            {"column": "decided_on", "op": ">", "other": "filed_on"},
            {"column": "decision", "op": "==", "value": "approved"},
        ),
    ),
    (
        "publications",
        {},
        None,
        (
            {"column": "asset_id", "exists_in": "assets"},
            {"column": "reviews", "op": ">=", "value": 3},
            {"column": "proofreads", "op": ">", "value": 2},
            {"column": "reviewed_on", "op": "<", "other": "published_on"},
        ),
    ),
    (
        "assets",
        {"kind not": "journal"},
        "opened_on",
        (
            {"column": "approved_on", "op": "<=", "other": "opened_on"},
            {"column": "advisors", "op": ">=", "value": 2},
            {"lead_working_days": ["approved_on", "opened_on"], "op": ">=", "value": 1},
        ),
    ),
)
SUBJECTS: tuple[dict[str, Any], ...] = (
    {"table": "posts", "where": {"roles": ["study_group_member", "dean", "department_secretary"]}},
    {"table": "posts", "where": {"roles": "leadership_member", "roles not": "president"}},
    {"table": "posts"},
    {"table": "assets", "where": {"kind": ["club", "journal"]}},
    {"table": "units", "where": {"type": ["department", "branch"]}},
    {"table": "units", "where": {"tags": "teaching"}},
)


def chosen(rng: random.Random, *values: Any) -> Any:
    """Return one of the values."""
    return rng.choice(values)


def threshold(rng: random.Random, most: int, strict: bool = True) -> dict[str, Any]:
    """Return a random threshold of a number."""
    low = rng.randint(0, most)
    op = rng.choice((">=", ">=", "<=", "==", "between", *((">",) if strict else ())))
    if op == "between":
        return {"op": op, "value": [low, low + rng.randint(0, 3)]}
    return {"op": op, "value": max(low, 1) if op == ">=" else low}


def with_scope(rng: random.Random, measure: dict[str, Any]) -> dict[str, Any]:
    """Return the measure with a scope, or without one."""
    scope = rng.choice((None, "unit", "subtree", "subtree"))
    return {**measure, "scope": scope} if scope else measure


def random_count(rng: random.Random) -> Requirement:
    """Return a count of a flow: rows or distinct values."""
    table, wheres, dates, distincts = rng.choice(FLOWS)
    measure: dict[str, Any] = {"kind": "count", "table": table}
    where = rng.choice(wheres)
    if where:
        measure["where"] = where
    if dates and rng.random() < 0.3:
        measure["date"] = rng.choice(dates)
    if distincts and rng.random() < 0.4:
        measure["distinct"] = rng.choice(distincts)
    return {"measure": with_scope(rng, measure), "threshold": threshold(rng, 5)}


def random_stock_count(rng: random.Random) -> Requirement:
    """Return a count of a stock."""
    table, wheres = rng.choice(STOCKS)
    measure = {"kind": "count", "table": table, "where": rng.choice(wheres)}
    return {"measure": with_scope(rng, measure), "threshold": threshold(rng, 3)}


def random_sum(rng: random.Random) -> Requirement:
    """Return a sum; hours, which have no whole step, are never held strictly."""
    table, column = rng.choice(SUMS)
    measure = {"kind": "sum", "table": table, "column": column}
    found = threshold(rng, 30, strict=column != "hours")
    if column == "hours" and found["op"] in (">=", "<="):
        found["value"] += 0.5
    return {"measure": with_scope(rng, measure), "threshold": found}


def random_ratio(rng: random.Random) -> Requirement:
    """Return a ratio; only a pooled one looks at the subtree."""
    table, numerator, denominator = rng.choice(RATIOS)
    how = rng.choice(("pooled", "latest", "latest_in_period"))
    measure = {
        "kind": "ratio",
        "table": table,
        "numerator": numerator,
        "denominator": denominator,
        "how": how,
    }
    if how == "pooled":
        measure = with_scope(rng, measure)
    percent = rng.choice(("10%", "35%", "50%", "33.3%", "90%", "100%"))
    return {"measure": measure, "threshold": {"op": chosen(rng, ">=", ">=", ">", "<="), "value": percent}}


def random_each_record(rng: random.Random) -> Requirement:
    """Return conditions on every row."""
    table, where, column, conditions = rng.choice(RECORDS)
    measure: dict[str, Any] = {"kind": "each_record", "table": table, "where": where}
    if column:
        measure["date"] = column
    measure["must"] = rng.sample(conditions, rng.choice((1, 1, 2, 3)))
    return {"measure": with_scope(rng, measure), "threshold": {"op": "<=", "value": 0}}


def random_inner(rng: random.Random, subjects: dict[str, Any]) -> dict[str, Any]:
    """Return an inner count or sum whose `by` holds the keys of the subjects."""
    by = "target_id"
    if subjects.get("table") == "posts":
        by = "post_id"
    elif "values" in subjects:
        by = "topics" if "theory" in subjects["values"] else "occasion"
    if by == "target_id" and subjects["table"] == "assets" and rng.random() < 0.5:
        return {"kind": "count", "table": "publications", "by": "asset_id"}
    inner: dict[str, Any] = {"kind": "count", "table": "activities", "by": by}
    if rng.random() < 0.4:
        column = rng.choice(("hours", "participants"))
        inner = {"kind": "sum", "table": "activities", "column": column, "by": by}
    if rng.random() < 0.4:
        inner["where"] = rng.choice(({"body": ["students", "staff"]}, {"hours >=": 1}))
    if rng.random() < 0.2:
        inner["date"] = "recorded_on"
    return inner


def random_each_subject(rng: random.Random) -> Requirement:
    """Return a count or sum asked of every subject."""
    values = rng.choice((["term_start", "graduation"], ["theory", "academic_security"]))
    subjects = rng.choice((*SUBJECTS, {"values": values}))
    measure: dict[str, Any] = {"kind": "each_subject", "subjects": subjects}
    if subjects.get("table") in ("posts", "assets") and rng.random() < 0.4:
        measure["scope"] = "subtree"
    measure["inner"] = random_inner(rng, subjects)
    if rng.random() < 0.3:
        measure["when_no_subjects"] = rng.choice(("not_applicable", "insufficient_data"))
    return {"measure": measure, "threshold": {"op": ">=", "value": rng.randint(1, 4)}}


def random_standing_subject(rng: random.Random) -> Requirement:
    """Return a column or conditions asked of every subject as it stands."""
    table = rng.choice(("posts", "assets"))
    column = "concurrent_posts" if table == "posts" else rng.choice(("advisors", "members"))
    inner: dict[str, Any] = {"column": column}
    bound = threshold(rng, 3)
    if table == "assets" and rng.random() < 0.5:
        inner = {"must": rng.sample(RECORDS[3][3], rng.choice((1, 2)))}
        bound = {"op": ">=", "value": 1}
    measure: dict[str, Any] = {"kind": "each_subject", "subjects": {"table": table}, "inner": inner}
    if rng.random() < 0.4:
        measure["scope"] = "subtree"
    if rng.random() < 0.3:
        measure["when_no_subjects"] = "insufficient_data"
    return {"measure": measure, "threshold": bound}


def random_attest(_: random.Random) -> Requirement:
    """Return a requirement that is attested."""
    return {"measure": {"kind": "attest"}}


KINDS: tuple[Callable[[random.Random], Requirement], ...] = (
    *(random_count, random_count, random_count, random_stock_count, random_sum, random_ratio, random_ratio),
    *(random_each_record, random_each_record, random_each_subject, random_each_subject),
    *(random_standing_subject, random_attest),
)


def random_requirements(rng: random.Random) -> list[Requirement]:
    """Return up to twelve valid requirements; their ids are among those the organisations' waivers name."""
    found = []
    for requirement_id in rng.sample(RANDOM_IDS, rng.randint(4, len(RANDOM_IDS))):
        types = rng.choice((["university"], ["university", "department"], ["department", "branch"]))
        applies_to: dict[str, Any] = {"types": types}
        if rng.random() < 0.2:
            applies_to["tags"] = rng.choice((["teaching"], ["teaching", "pilot"]))
        found.append(
            {
                "id": requirement_id,
                "applies_to": applies_to,
                "period": rng.choice(PERIODS),
                "severity": rng.choice(("minor", "major", "veto")),
                **rng.choice(KINDS)(rng),
            }
        )
    return sorted(found, key=lambda one: str(one["id"]))


def as_pack(requirements: list[Requirement], effective: tuple[date | None, date | None]) -> dict[str, Any]:
    """Return the requirements as a whole pack, with words for everything a pack has to say."""
    both = {"zh": "随机", "en": "random"}
    since, until = effective
    said = {"title": both, "responsible": both, "remedy": both, "value_unit": both}
    return {
        "pack": "random",
        "version": "1.0.0",
        "title": both,
        "issuer": both,
        "issued": since or date(2023, 12, 28),
        "effective": {
            **({"from": since} if since else {}),
            **({"to": until} if until else {}),
        },
        "unit_types": ["university", "department", "branch"],
        "requirements": [
            {**one, "clause": str(number), **said} for number, one in enumerate(requirements, 1)
        ],
        "out_of_scope": [],
        "not_quantified": [],
    }
