"""Make a seeded data set: units in a tree, their posts and assets, and as many activities as asked.

    python benchmarks/make_data.py FOLDER --rows 10000000 --units 20000 --form parquet

Everything follows from row numbers and a hash, in the engine's own SQL: the same figures give the same rows.
Activities lie in no order, so that no reader can skip blocks of a file by its statistics.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
from make_pack import documents

UNITS_OF_A_UNIVERSITY = 20
"""One university, twelve departments below it, seven more below these: three levels."""

_KINDS = (
    *["lesson"] * 8, *["study_session"] * 6, *["committee_meeting"] * 5, *["training"] * 4,
    *["outreach_lecture"] * 3, *["forum_event"] * 2, "seminar", "policy_lesson", "committee_study", "risk_check",
    "patrol", "care_visit", "campaign", "special_report", "internal_briefing", "consultation_meeting", "award",
    "situation_analysis",
)  # fmt: skip
_TOPICS = ("theory", "theory;news_editing", "responsibility_system", "religious_affairs_policy",
           "theory;responsibility_system", "reviewers", "academic_security", "correspondents")  # fmt: skip
_BODIES = ("theory_study_group", "party_committee", "staff", "students")
_FORMATS = ("collective", "collective", "self_study", "online")

_UNIT = "printf('U%06d', {})"


def statements(rows: int, units: int) -> dict[str, str]:
    """Return the SELECT of each table of a data set with so many activities and units."""
    return {
        "units": _units(units),
        "posts": _posts(units),
        "assets": _assets(units),
        "activities": _activities(rows, units),
        "approvals": _approvals(rows // 100, units),
        "publications": _publications(rows // 20, units),
        "platform_usage": _platform_usage(units),
        "headcounts": _headcounts(units),
        "submissions": _submissions(units),
        "attestations": _attestations(units),
        "rectifications": _rectifications(units),
        "targets": _targets(units),
        "waivers": _waivers(units),
    }


def make(folder: Path, rows: int, units: int, form: str = "parquet") -> None:
    """Write the data set into a folder, a file a table, as Parquet or CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    options = {"parquet": "FORMAT parquet", "csv": "FORMAT csv, HEADER"}[form]
    with duckdb.connect(":memory:") as connection:
        for table, select in statements(rows, units).items():
            path = (folder / f"{table}.{form}").as_posix()
            connection.execute(f"COPY ({select}) TO '{path}' ({options})")


def _pick(values: tuple[str, ...], number: str) -> str:
    words = ", ".join(f"'{value}'" for value in values)
    return f"[{words}][1 + ({number}) % {len(values)}]"


def _drawn(name: str, below: str | int, number: str = "i") -> str:
    """Return a number from 0 to below `below`, drawn by the hash of a row's number and a name."""
    return f"CAST(hash({number}, '{name}') % {below} AS BIGINT)"


def _day(name: str, days: int = 366, first: str = "2024-01-01") -> str:
    return f"DATE '{first}' + CAST({_drawn(name, days)} AS INTEGER)"


def _units(units: int) -> str:
    of = UNITS_OF_A_UNIVERSITY
    return f"""
SELECT {_UNIT.format("i")} AS unit_id, concat('单位', i) AS name,
  CASE WHEN i % {of} = 0 THEN 'university' ELSE 'department' END AS type,
  CASE WHEN i % {of} = 0 THEN NULL WHEN i % {of} <= 12 THEN {_UNIT.format(f"i - i % {of}")}
    ELSE {_UNIT.format("i - 12")} END AS parent_id,
  CASE WHEN i % {of} <> 0 AND i % 3 <> 0 THEN 'teaching' END AS tags,
  DATE '2000-01-01' AS active_from, CASE WHEN i % 97 = 96 THEN DATE '2024-09-30' END AS active_to
FROM range({units}) r(i)"""


def _posts(units: int) -> str:
    of = UNITS_OF_A_UNIVERSITY
    return f"""
SELECT concat('P-', {_UNIT.format("i")}, '-', k) AS post_id, {_UNIT.format("i")} AS unit_id,
  CASE WHEN i % {of} <> 0 THEN {_pick(("department_secretary", "dean", "publicity_officer"), "k")}
    WHEN k = 0 THEN 'party_secretary;leadership_member;study_group_member'
    WHEN k = 1 THEN 'president;leadership_member;study_group_member'
    ELSE 'leadership_member;study_group_member' END AS roles,
  concat('岗位', k) AS title, DATE '2010-01-01' AS active_from,
  CASE WHEN hash(i, k) % 50 = 0 THEN DATE '2024-06-30' END AS active_to, 0 AS concurrent_posts
FROM range({units}) r(i), range(10) s(k) WHERE i % {of} = 0 OR k < 3"""


def _assets(units: int) -> str:
    of = UNITS_OF_A_UNIVERSITY
    return f"""
SELECT concat('S-', {_UNIT.format("i")}, '-', k) AS asset_id, {_UNIT.format("i")} AS unit_id,
  {_pick(("media_account", "club", "club", "lecture_team", "journal", "club", "lecture_team", "showcase"), "k")}
    AS kind, concat('阵地', k) AS name, DATE '2015-03-01' AS opened_on, NULL::DATE AS closed_on,
  DATE '2015-02-01' AS approved_on, CAST(hash(i, k) % 3 AS INTEGER) AS advisors, 20 AS members
FROM range({units}) r(i), range(8) s(k) WHERE i % {of} = 0 OR k < 2"""


def _activities(rows: int, units: int) -> str:
    drawn = f"""
SELECT i, {_drawn("unit", units)} AS u, {_pick(_KINDS, _drawn("kind", 1 << 30))} AS kind,
  {_drawn("more", 1 << 30)} AS m, {_day("day", 380, "2023-12-20")} AS held_on FROM range({rows}) r(i)"""
    unit, first = _UNIT.format("u"), f"(u - u % {UNITS_OF_A_UNIVERSITY})"
    return f"""
SELECT printf('A%09d', i) AS activity_id, {unit} AS unit_id, kind,
  {_pick(_BODIES, "m")} AS body, {_pick(_FORMATS, "m // 4")} AS format, {_pick(_TOPICS, "m // 16")} AS topics,
  CASE WHEN m % 11 = 0 THEN 'national_day' END AS occasion, held_on,
  CASE WHEN kind IN ('lesson', 'policy_lesson', 'training') THEN CAST(1 + m % 6 * 0.5 AS DECIMAL(9, 2)) END AS hours,
  CASE WHEN kind = 'study_session' THEN CAST(1 + m % 5 AS INTEGER) END AS speakers,
  CAST(5 + m % 200 AS INTEGER) AS participants,
  CASE WHEN kind IN ('lesson', 'policy_lesson', 'care_visit') THEN concat('P-', {unit}, '-', m % 3) END AS post_id,
  CASE WHEN kind = 'outreach_lecture' THEN {_UNIT.format(f"{first} + 1 + m % 19")} END AS target_id,
  CASE WHEN kind = 'forum_event' THEN printf('F%08d', m % {max(1, rows // 100) + 50}) END AS approval_id,
  CASE WHEN kind = 'committee_meeting' THEN m % 20 <> 0 END AS first_topic,
  CASE WHEN kind IN ('risk_check', 'patrol') THEN held_on + CAST(m % 20 AS INTEGER) END AS report_on,
  held_on + CAST(m % 8 AS INTEGER) AS recorded_on,
  CASE WHEN m % 2 = 0 THEN concat('ACT-', i, '.pdf') END AS evidence
FROM ({drawn})"""


def _approvals(rows: int, units: int) -> str:
    return f"""
SELECT printf('F%08d', i) AS approval_id, {_UNIT.format(_drawn("unit", units))} AS unit_id, '报告会' AS subject,
  i % 4 = 0 AS listed_topic, {_day("day", 350)} AS filed_on, 'approved' AS decision,
  {_day("day", 350)} + 3 AS decided_on, {_day("day", 350)} + CAST({_drawn("lead", 40)} AS INTEGER) AS held_on,
  i % 30 = 0 AS changed
FROM range({max(1, rows)}) r(i)"""


def _publications(rows: int, units: int) -> str:
    drawn = f"SELECT i, {_drawn('unit', units)} AS u, {_day('day')} AS published_on FROM range({rows}) r(i)"
    unit = _UNIT.format("u")
    kinds = ("release", "article", "board_update", "study_essay", "study_push")
    return f"""
SELECT printf('B%08d', i) AS publication_id, {unit} AS unit_id, {_pick(kinds, "i")} AS kind,
  {_pick(("online", "newspaper;online", "official_account"), "i")} AS channels,
  {_pick(("school", "city", "province"), "i")} AS channel_level, published_on,
  CASE WHEN i % 5 = 3 THEN concat('P-', {unit}, '-', i % 3) END AS post_id,
  concat('S-', {unit}, '-', i % 2) AS asset_id, CAST(i % 4 AS INTEGER) AS reviews,
  CAST(i % 3 AS INTEGER) AS proofreads, published_on - 1 AS reviewed_on
FROM ({drawn})"""


def _platform_usage(units: int) -> str:
    return f"""
SELECT {_UNIT.format("i")} AS unit_id, make_date(CAST(2023 + k // 12 AS INTEGER), CAST(1 + k % 12 AS INTEGER), 20)
    AS day,
  40 AS members, 38 AS registered,
  CAST(hash(i, k) % 40 AS INTEGER) AS active, 10 AS items_sent, CAST(hash(k, i) % 11 AS INTEGER) AS items_accepted
FROM range({units}) r(i), range(24) s(k)"""


def _headcounts(units: int) -> str:
    return f"""
SELECT {_UNIT.format("i")} AS unit_id, make_date(2024, CAST(3 + k * 3 AS INTEGER), 1) AS counted_on,
  60 AS staff, 50 AS staff_established, 45 AS teachers, CAST(hash(k, i) % 46 AS INTEGER) AS teachers_trained,
  CAST(40 + hash(i, k) % 10 AS INTEGER) AS account_followers, CAST(hash(i) % 61 AS INTEGER) AS law_exam_taken,
  CAST(2 + hash(i, k) % 12 AS INTEGER) AS reviewers, CAST(hash(k, i) % 60 AS INTEGER) AS trained
FROM range({units}) r(i), range(4) s(k)"""


def _submissions(units: int) -> str:
    return f"""
SELECT printf('R%08d', i) AS submission_id, {_UNIT.format("i // 8")} AS unit_id,
  {_pick(_REPORTS, "i + i // 8")} AS report, {_day("day")} AS submitted_on
FROM range({8 * units}) r(i) WHERE hash(i) % 10 <> 0"""


def _rectifications(units: int) -> str:
    return f"""
SELECT printf('X%08d', i) AS rectification_id, {_UNIT.format("i // 4")} AS unit_id, {_day("raised", 200)} AS raised_on,
  CASE WHEN i % 9 <> 0 THEN {_day("raised", 200)} + 30 END AS due_on,
  CASE WHEN i % 7 <> 0 THEN {_day("raised", 200)} + CAST({_drawn("done", 40)} AS INTEGER) END AS done_on,
  CASE WHEN i % 5 <> 0 THEN '宣传部' END AS responsible_post
FROM range({4 * units}) r(i)"""


def _targets(units: int) -> str:
    return f"""
SELECT {_UNIT.format("i")} AS unit_id, id AS requirement_id, 2024 AS year, CAST(2 + hash(i, id) % 9 AS INTEGER) AS value
FROM range({units}) r(i), (SELECT unnest([{_ids("target")}]) AS id) s WHERE hash(i) % 20 <> 0"""


def _ids(asked: str) -> str:
    """Return the ids, as literals, of the documents' requirements that a person answers, or that ask a target."""
    found = [
        each["id"]
        for each in documents()
        if (
            each["measure"]["kind"] == "attest"
            if asked == "attest"
            else "target" in str(each.get("threshold"))
        )
    ]
    return ", ".join(f"'{each}'" for each in found)


def _attestations(units: int) -> str:
    return f"""
SELECT {_UNIT.format("i")} AS unit_id, id AS requirement_id, {_day("day")} AS checked_on,
  NULL::VARCHAR AS for_period, {_pick(("yes", "yes", "yes", "no", "not_applicable"), "i")} AS answer
FROM range({units}) r(i), (SELECT unnest(['bench/attest-1', 'bench/attest-2', {_ids("attest")}]) AS id) s
WHERE hash(i, id) % 20 <> 0"""


_REPORTS = (
    "annual_study_plan", "self_check_report", "annual_plan", "annual_work_list", "half_year_report",
    "monthly_statistics", "responsibility_letter", "rectification_plan",
)  # fmt: skip


def _waivers(units: int) -> str:
    return f"""
SELECT printf('W%05d', i) AS waiver_id, {_UNIT.format("i * 20")} AS unit_id, 'bench/month-count-3' AS requirement_id,
  '停课' AS reason, DATE '2024-01-01' AS valid_from, DATE '2024-06-30' AS valid_to
FROM range({units // 200}) r(i)"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--units", type=int, default=20_000)
    parser.add_argument("--form", choices=("parquet", "csv"), default="parquet")
    given = parser.parse_args()
    make(given.folder, given.rows, given.units, given.form)
