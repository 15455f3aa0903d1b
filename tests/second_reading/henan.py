"""The 48 requirements of henan-2023 as the second reading understands them; only what an audit needs."""

from __future__ import annotations

from typing import Any

UNIVERSITY = ("university",)
BOTH = ("university", "department")
GROUP_SESSION = {"kind": "study_session", "body": "theory_study_group", "format": "collective"}
RELEASE = {"kind": "release"}
LISTED = {"listed_topic": True}


def requirement(
    slug: str,
    types: tuple[str, ...],
    measure: dict[str, Any],
    threshold: tuple[str, Any] | None,
    *,
    period: str = "year",
    severity: str = "minor",
    tags: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return a requirement in the form of a pack."""
    applies_to: dict[str, Any] = {"types": list(types)}
    if tags:
        applies_to["tags"] = list(tags)
    found: dict[str, Any] = {
        "id": f"henan-2023/{slug}",
        "applies_to": applies_to,
        "measure": measure,
        "period": period,
        "severity": severity,
    }
    if threshold is not None:
        found["threshold"] = {"op": threshold[0], "value": threshold[1]}
    return found


def at_least(slug: str, types: tuple[str, ...], number: int, table: str, where: Any, **more: Any) -> Any:
    """Return a requirement for so many rows of a table."""
    measure = {"kind": "count", "table": table, "where": where}
    return requirement(slug, types, measure, (">=", number), **more)


def every_row(
    slug: str,
    types: tuple[str, ...],
    table: str,
    where: Any,
    must: Any,
    *,
    date: str | None = None,
    **more: Any,
) -> Any:
    """Return a requirement on every row of a table."""
    measure = {"kind": "each_record", "table": table, "where": where, "must": must}
    if date:
        measure["date"] = date
    return requirement(slug, types, measure, ("<=", 0), **more)


def every_subject(
    slug: str, types: tuple[str, ...], number: int, subjects: Any, inner: Any, **more: Any
) -> Any:
    """Return a requirement on every subject."""
    measure = {"kind": "each_subject", "subjects": subjects, "inner": inner}
    return requirement(slug, types, measure, (">=", number), **more)


def share(
    slug: str,
    types: tuple[str, ...],
    percent: str,
    how: str,
    table: str,
    *,
    columns: tuple[str, str],
    **more: Any,
) -> Any:
    """Return a requirement on a ratio."""
    names = {"numerator": columns[0], "denominator": columns[1]}
    return requirement(
        slug, types, {"kind": "ratio", "table": table, "how": how, **names}, (">=", percent), **more
    )


def attested(slug: str, types: tuple[str, ...], period: str = "year") -> Any:
    """Return a requirement that is answered by an attestation."""
    return requirement(slug, types, {"kind": "attest"}, None, period=period)


def posts(*roles: str, without: tuple[str, ...] = ()) -> Any:
    """Return the posts with one of these roles and none of those."""
    where: dict[str, Any] = {"roles": list(roles)}
    if without:
        where["roles not"] = list(without)
    return {"table": "posts", "where": where}


def counted(table: str, where: Any, by: str) -> Any:
    """Return an inner count."""
    return {"kind": "count", "table": table, "where": where, "by": by}


def lessons(*bodies: str) -> Any:
    """Return the inner sum of class hours a post gave."""
    where = {"kind": "lesson", "body": list(bodies)}
    return {"kind": "sum", "table": "activities", "column": "hours", "where": where, "by": "post_id"}


def assets(kind: str) -> Any:
    """Return the assets of a kind."""
    return {"table": "assets", "where": {"kind": kind}}


def departments(**more: str) -> Any:
    """Return the departments below."""
    return {"table": "units", "where": {"type": "department", **more}}


def present(*columns: str) -> Any:
    """Return the conditions that columns are filled."""
    return [{"column": column, "present": True} for column in columns]


def against(column: str, op: str, other: str) -> Any:
    """Return the condition that one column stands so to another."""
    return {"column": column, "op": op, "other": other}


def value(column: str, op: str, number: Any) -> Any:
    """Return the condition that a column stands so to a value."""
    return {"column": column, "op": op, "value": number}


ON_RELIGION = {**GROUP_SESSION, "topics": "religious_affairs_policy"}
ON_ETHNIC = {**GROUP_SESSION, "topics": "ethnic_affairs_policy"}
ON_DUTIES = {"topics": "responsibility_system"}
SEASONS = {"values": ["term_start", "enrolment", "graduation"]}
LEAD = [{"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20}]
APPROVED_FIRST = [value("decision", "==", "approved"), against("decided_on", "<", "held_on")]
APPROVED_AGAIN = [*present("reapproved_on"), against("reapproved_on", "<", "held_on")]
CLUB_APPROVED = [*present("approved_on"), against("approved_on", "<=", "opened_on")]
REVIEWED_FIRST = [*present("reviewed_on"), against("reviewed_on", "<=", "published_on")]
DONE_IN_TIME = [*present("done_on"), against("done_on", "<=", "due_on")]
THREE_REVIEWS = [value("reviews", ">=", 3), value("proofreads", ">=", 3)]
FILED = [{"column": "approval_id", "exists_in": "approvals"}]
TERM = {"period": "semester"}
MAJOR = {"severity": "major"}

REQUIREMENTS: list[dict[str, Any]] = [
    at_least("1-sessions", UNIVERSITY, 6, "activities", GROUP_SESSION, **MAJOR),
    every_row("1-speakers", UNIVERSITY, "activities", GROUP_SESSION, [value("speakers", ">=", 2)]),
    every_row(
        "1-first-topic", BOTH, "activities", {"kind": "committee_meeting"}, [value("first_topic", "==", True)]
    ),
    attested("1-self-study", UNIVERSITY),
    at_least("1-plan", UNIVERSITY, 1, "submissions", {"report": "annual_study_plan"}),
    every_subject(
        "1-essay",
        UNIVERSITY,
        1,
        posts("study_group_member"),
        counted("publications", {"kind": "study_essay"}, "post_id"),
    ),
    share("1-registered", BOTH, "100%", "latest", "platform_usage", columns=("registered", "members")),
    share(
        "1-active",
        BOTH,
        "35%",
        "pooled",
        "platform_usage",
        columns=("active", "members"),
        period="month",
        **MAJOR,
    ),
    every_subject(
        "2-outreach",
        UNIVERSITY,
        1,
        departments(tags="teaching"),
        counted("activities", {"kind": "outreach_lecture"}, "target_id"),
    ),
    every_subject(
        "2-lessons-top",
        UNIVERSITY,
        4,
        posts("party_secretary", "president"),
        lessons("students"),
        **TERM,
        **MAJOR,
    ),
    every_subject(
        "2-lessons-leaders",
        UNIVERSITY,
        2,
        posts("leadership_member", without=("party_secretary", "president")),
        lessons("students"),
        **TERM,
    ),
    every_subject(
        "2-lessons-depts",
        ("department",),
        4,
        posts("department_secretary", "dean"),
        lessons("students", "staff"),
        tags=("teaching",),
        **TERM,
    ),
    at_least("2-teams", UNIVERSITY, 3, "assets", {"kind": "lecture_team"}),
    every_subject(
        "3-columns",
        UNIVERSITY,
        1,
        assets("journal"),
        counted("publications", {"kind": "column_article"}, "asset_id"),
    ),
    attested("4-yearly-points", BOTH),
    attested("5-leading-group", BOTH),
    attested("11-materials", UNIVERSITY, "semester"),
    every_row("12-lead-time", BOTH, "approvals", LISTED, LEAD, **MAJOR),
    every_row("12-approved-first", BOTH, "approvals", LISTED, APPROVED_FIRST, severity="veto"),
    every_row("12-one-report", BOTH, "activities", {"kind": "forum_event"}, FILED, **MAJOR),
    every_row("12-changes", BOTH, "approvals", {"changed": True}, APPROVED_AGAIN, **MAJOR),
    every_row("13-reviews", BOTH, "publications", RELEASE, THREE_REVIEWS, **MAJOR),
    at_least("14-session", BOTH, 1, "activities", ON_RELIGION),
    at_least("15-session", BOTH, 1, "activities", ON_ETHNIC),
    every_subject("16-advisors", BOTH, 1, assets("club"), {"column": "advisors"}),
    every_row("16-club-approval", BOTH, "assets", {"kind": "club"}, CLUB_APPROVED, date="opened_on"),
    every_subject(
        "16-club-review",
        BOTH,
        1,
        assets("club"),
        counted("activities", {"kind": "annual_review"}, "target_id"),
    ),
    every_subject(
        "16-affiliated-filed", BOTH, 1, assets("affiliated_society"), {"must": present("approved_on")}
    ),
    every_subject(
        "17-seasonal-checks",
        UNIVERSITY,
        1,
        SEASONS,
        counted("activities", {"kind": "risk_check"}, "occasion"),
    ),
    share(
        "18-reviewers",
        BOTH,
        "10%",
        "latest",
        "headcounts",
        columns=("reviewers", "staff_established"),
        **MAJOR,
    ),
    at_least("19-list", UNIVERSITY, 1, "submissions", {"report": "annual_work_list"}),
    every_row("19-rectified", BOTH, "rectifications", {}, DONE_IN_TIME, **MAJOR),
    at_least("20-briefing", UNIVERSITY, 1, "activities", {"kind": "internal_briefing"}),
    at_least("20-training", UNIVERSITY, 1, "activities", {"kind": "training", **ON_DUTIES}),
    at_least("20-committee", UNIVERSITY, 2, "activities", {"kind": "committee_study", **ON_DUTIES}, **MAJOR),
    at_least("20-report-up", UNIVERSITY, 1, "submissions", {"report": "special_report_to_superior"}, **MAJOR),
    attested("20-embedded", UNIVERSITY),
    at_least("21-analysis", UNIVERSITY, 1, "activities", {"kind": "situation_analysis"}, period="quarter"),
    every_subject(
        "22-inspection",
        UNIVERSITY,
        1,
        departments(),
        counted("activities", {"kind": "special_inspection"}, "target_id"),
        **MAJOR,
    ),
    every_row(
        "22-feedback",
        UNIVERSITY,
        "activities",
        {"kind": "special_inspection"},
        present("report_on", "feedback_on"),
    ),
    at_least("22-risk-checks", UNIVERSITY, 2, "activities", {"kind": "risk_check"}, **MAJOR),
    attested("22-in-report", UNIVERSITY),
    attested("5-accountability", UNIVERSITY),
    every_row("13-review-first", BOTH, "publications", RELEASE, REVIEWED_FIRST, **MAJOR),
    every_row("19-term-set", BOTH, "rectifications", {}, present("due_on"), date="raised_on"),
    at_least("20-school-briefing", UNIVERSITY, 1, "activities", {"kind": "school_briefing"}),
    share(
        "10-training",
        UNIVERSITY,
        "100%",
        "latest_in_period",
        "headcounts",
        columns=("teachers_trained", "teachers"),
    ),
    attested("7-ethics-in-appraisal", UNIVERSITY),
]
