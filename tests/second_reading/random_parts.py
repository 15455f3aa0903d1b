"""What random requirements are made of: tables with filters, columns, conditions, subjects and limits."""

from __future__ import annotations

from typing import Any

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
# How long a stretch may be: less than its period.
LIMITS = (
    *(("year", "months", 6), ("year", "days", 180), ("semester", "months", 4), ("half_year", "days", 60)),
    *(("quarter", "months", 2), ("month", "days", 20), ("week", "days", 4)),
)
