"""The tables as the design declares them: columns, their types, and the values of choices the tests use."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from .conditions import Tables

COLUMNS: dict[str, tuple[str, ...]] = {
    "units": ("unit_id", "name", "type", "parent_id", "tags", "active_from", "active_to", "successor_id"),
    "headcounts": (
        *("unit_id", "counted_on", "staff", "staff_established", "teachers", "reviewers", "trained"),
        *("teachers_trained", "account_followers", "law_exam_taken"),
    ),
    "posts": ("post_id", "unit_id", "roles", "title", "active_from", "active_to", "concurrent_posts"),
    "activities": (
        *("activity_id", "unit_id", "kind", "body", "format", "topics", "occasion", "held_on", "hours"),
        *("speakers", "participants", "post_id", "target_id", "approval_id", "first_topic", "report_on"),
        *("feedback_on", "recorded_on", "evidence"),
    ),
    "approvals": (
        *("approval_id", "unit_id", "subject", "listed_topic", "filed_on", "decision", "decided_on"),
        *("held_on", "changed", "reapproved_on"),
    ),
    "publications": (
        *("publication_id", "unit_id", "kind", "channels", "channel_level", "published_on", "post_id"),
        *("asset_id", "reviews", "proofreads", "reviewed_on", "recorded_on"),
    ),
    "platform_usage": ("unit_id", "day", "members", "registered", "active", "items_sent", "items_accepted"),
    "submissions": ("submission_id", "unit_id", "report", "submitted_on", "recorded_on"),
    "assets": (
        *("asset_id", "unit_id", "kind", "name", "opened_on", "closed_on", "approved_on", "advisors"),
        "members",
    ),
    "rectifications": (
        *("rectification_id", "unit_id", "raised_on", "due_on", "done_on", "responsible_post", "source"),
    ),
    "targets": ("unit_id", "requirement_id", "year", "value"),
    "waivers": (
        *("waiver_id", "unit_id", "requirement_id", "reason", "approved_by", "document_no"),
        *("valid_from", "valid_to"),
    ),
    "attestations": (
        *("unit_id", "requirement_id", "checked_on", "for_period", "answer", "note", "evidence"),
    ),
}

# The key (first) and what a row cannot do without.
REQUIRED: dict[str, tuple[str, ...]] = {
    "units": ("unit_id", "type"),
    "headcounts": ("unit_id", "counted_on"),
    "posts": ("post_id", "unit_id"),
    "activities": ("activity_id", "unit_id"),
    "approvals": ("approval_id", "unit_id"),
    "publications": ("publication_id", "unit_id"),
    "platform_usage": ("unit_id", "day"),
    "submissions": ("submission_id", "unit_id"),
    "assets": ("asset_id", "unit_id"),
    "rectifications": ("rectification_id", "unit_id"),
    "targets": ("unit_id", "requirement_id", "year"),
    "waivers": ("waiver_id", "unit_id", "requirement_id"),
    "attestations": ("unit_id", "requirement_id", "checked_on", "for_period"),
}

UNIQUE: dict[str, tuple[str, ...]] = {
    "headcounts": ("unit_id", "counted_on"),
    "platform_usage": ("unit_id", "day"),
    "targets": ("unit_id", "requirement_id", "year"),
    "attestations": ("unit_id", "requirement_id", "checked_on", "for_period"),
    **{
        table: (REQUIRED[table][0],)
        for table in COLUMNS
        if table not in ("headcounts", "platform_usage", "targets", "attestations")
    },
}

CHOICES: dict[str, tuple[str, ...]] = {
    "topics": (
        *("theory", "religious_affairs_policy", "ethnic_affairs_policy", "responsibility_system"),
        *("news_editing", "academic_security"),
    ),
    "occasion": ("term_start", "enrolment", "graduation", "constitution_day", "youth_day"),
    "body": ("theory_study_group", "party_committee", "staff", "students"),
    "format": ("collective", "self_study", "online"),
    "decision": ("approved", "rejected", "pending", "withdrawn"),
    "channels": ("mainstream_media", "newspaper", "television", "online", "official_account"),
    "channel_level": ("school", "county", "city", "province", "national"),
    "activity_kinds": (
        *("study_session", "seminar", "lesson", "policy_lesson", "outreach_lecture", "committee_meeting"),
        *("committee_study", "training", "internal_briefing", "school_briefing", "situation_analysis"),
        *("special_inspection", "risk_check", "forum_event", "annual_review", "award"),
    ),
    "publication_kinds": ("release", "article", "column_article", "study_essay", "board_update"),
    "reports": (
        *("annual_study_plan", "annual_work_list", "special_report_to_superior", "half_year_report"),
        "training_plan",
    ),
    "asset_kinds": ("club", "affiliated_society", "lecture_team", "journal", "media_account", "showcase"),
    "roles": (
        *("party_secretary", "president", "leadership_member", "study_group_member"),
        *("standing_committee_member", "department_secretary", "dean", "publicity_officer"),
    ),
    "tags": ("teaching", "pilot"),
}


def as_text(value: Any) -> str:
    """Return a value as the machine form writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def write_csv(tables: Tables, folder: Path) -> None:
    """Write every supplied table as `TABLE.csv`: UTF-8, English headers, every declared column."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        if rows is None:
            continue
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS[table])
            for row in rows:
                writer.writerow([as_text(row.get(column)) for column in COLUMNS[table]])
