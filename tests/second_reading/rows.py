"""Random rows of every table but the busiest two, near the numbers and days where verdicts turn."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from .conditions import Row
from .days import lead_working_days, periods_of_year
from .forms import CHOICES
from .henan import REQUIREMENTS
from .making import Making
from .random_packs import RANDOM_IDS
from .reading import DEFAULT_SEMESTERS

ATTEST_IDS = tuple(one["id"] for one in REQUIREMENTS if one["measure"]["kind"] == "attest")


def units(making: Making) -> list[Row]:
    """Make one or two universities with departments, departments below them, and units of other types."""
    rng, found = making.rng, []
    for university in ("U1", "u2")[: 1 if making.small else rng.choice((1, 1, 2))]:
        parent = "U1" if university == "u2" and making.chance(0.15) else None
        found.append(unit(making, university, "university", parent))
        for number in range(rng.randint(0, 1 if making.small else 3)):
            department = f"{university}-{number + 1:02d}"
            found.append(unit(making, department, "department", university))
            for below in range(rng.choice((0, 0, 1, 2))):
                kind = rng.choice(("department", "department", "branch"))
                found.append(unit(making, f"{department}-{below + 1}", kind, department))
    return found


def unit(making: Making, unit_id: str, kind: str, parent: str | None) -> Row:
    """Make one unit."""
    start, end = making.life() if making.chance(0.3) else (None, None)
    tags = tuple(tag for tag in CHOICES["tags"] if making.chance(0.6))
    return {
        "unit_id": unit_id,
        "name": f"单位{unit_id}",
        "type": kind,
        "parent_id": parent,
        "tags": tags or None,
        "active_from": start,
        "active_to": end,
    }


def posts(making: Making) -> list[Row]:
    """Make posts, one office in several roles."""
    wanted = {
        "university": (
            *(("party_secretary", "leadership_member", "study_group_member"),),
            *(("president", "study_group_member"), ("leadership_member", "study_group_member")),
            *(("leadership_member",), ("party_secretary", "president")),
        ),
        "department": (("department_secretary",), ("dean", "department_secretary"), ("dean",)),
        "branch": (("publicity_officer",),),
    }
    found = []
    for row in making.rows["units"]:
        for roles in wanted[row["type"]]:
            if not making.chance(0.6):
                continue
            start, end = making.life()
            found.append(
                {
                    "post_id": f"{making.number():04d}",
                    "unit_id": row["unit_id"],
                    "roles": tuple(making.rng.sample(roles, len(roles))),
                    "title": "岗位",
                    "active_from": start,
                    "active_to": end,
                    "concurrent_posts": making.rng.randint(0, 4),
                }
            )
    return found


def assets(making: Making) -> list[Row]:
    """Make assets with lives: clubs, societies, teams, journals."""
    found = []
    for unit_id in making.unit_ids():
        for kind, wanted in (
            *(("club", 1), ("affiliated_society", 1), ("lecture_team", 3)),
            *(("journal", 1), ("media_account", 1)),
        ):
            care = making.care()
            for _ in range(making.about(wanted)):
                opened, closed = making.life()
                approved = making.around(opened, 2) if opened and making.chance(0.5) else opened
                if approved and opened and approved > opened and making.chance(care):
                    approved = opened
                found.append(
                    {
                        "asset_id": f"S{making.number():03d}",
                        "unit_id": unit_id,
                        "kind": kind,
                        "name": kind,
                        "opened_on": opened,
                        "closed_on": closed,
                        "approved_on": approved if making.chance(max(care, 0.5)) else None,
                        "advisors": making.rng.randint(1, 2) if making.chance(care) else 0,
                        "members": making.rng.choice((9, 10, 11, 30)),
                    }
                )
    return found


def filing(making: Making, held: date) -> date:
    """Return a filing day whose lead is around 20 working days, weekends and holidays included."""
    wanted = making.rng.choice((19, 20, 20, 20, 21, 21, 30))
    filed = held
    while lead_working_days(filed, held) < wanted:
        filed -= timedelta(days=1)
    return filed - timedelta(days=making.rng.choice((0, 0, 1, 2)))


def event_day(making: Making) -> date:
    """Return the day of an event, often after a holiday."""
    days = [(1, 2), (2, 19), (3, 8), (4, 30), (5, 7), (6, 12), (9, 20), (10, 8), (10, 31), (11, 1), (12, 31)]
    if making.chance(0.5):
        return making.around(date(making.year, *making.rng.choice(days)), 3)
    return making.day()


def approvals(making: Making) -> list[Row]:
    """Make filings, most in time, some near the border, some after the event."""
    found = []
    for unit_id in making.unit_ids():
        care = making.care()
        for _ in range(making.rng.randint(0, 1 if making.small else 4)):
            held = event_day(making)
            filed = filing(making, held)
            if not making.chance(max(care, 0.4)):
                filed = held + timedelta(days=making.rng.choice((-14, -1, 0, 3, 40)))
            if making.chance(0.01):
                filed = date(making.year + 3, 1, 5)
            decided = held - timedelta(days=making.rng.randint(1, 9) if making.chance(care) else 0)
            again = held - timedelta(days=1) if making.chance(care) else making.around(held, 1)
            changed = making.chance(0.4)
            found.append(
                {
                    "approval_id": f"P{making.number():03d}",
                    "unit_id": unit_id,
                    "subject": "讲座",
                    "listed_topic": making.chance(0.8),
                    "filed_on": filed,
                    "decision": "approved" if making.chance(care) else making.rng.choice(CHOICES["decision"]),
                    "decided_on": decided,
                    "held_on": making.maybe(held, 0.93),
                    "changed": changed,
                    "reapproved_on": making.maybe(again, care) if changed else None,
                }
            )
    return found


def platform_usage(making: Making) -> list[Row]:
    """Make days of platform use with shares on and beside 35% and 100%."""
    rng, found = making.rng, []
    for unit_id in making.unit_ids():
        care = making.care()
        for month in range(1, 13):
            for _ in range(rng.choice((0, 1) if making.small else (0, 1, 1, 2))):
                members, active = rng.choice(
                    ((20, 7), (20, 7), (100, 35), (100, 34), (3, 1), (60, 21), (20, 9), (40, 13), (0, 0))
                )
                sent = rng.randint(0, 5)
                day = date(making.year, month, rng.choice((1, 15, 28)))
                found.append(
                    {
                        "unit_id": unit_id,
                        "day": making.border() if making.chance(0.1) else day,
                        "members": making.maybe(members, 0.97),
                        "registered": members if making.chance(care) else max(members - 1, 0),
                        "active": making.maybe(active, 0.97),
                        "items_sent": sent,
                        "items_accepted": rng.randint(0, sent),
                    }
                )
    return found


def headcounts(making: Making) -> list[Row]:
    """Make counts of staff with shares on and beside 10% and 100%."""
    rng, found = making.rng, []
    for unit_id in making.unit_ids():
        for _ in range(rng.randint(0, 3)):
            established, reviewers = rng.choice(((45, 4), (45, 5), (10, 1), (19, 2), (20, 2), (0, 0), (9, 0)))
            staff, teachers = established + rng.randint(0, 9), rng.choice((0, 7, 31))
            found.append(
                {
                    "unit_id": unit_id,
                    "counted_on": making.day(),
                    "staff": staff,
                    "staff_established": making.maybe(established, 0.95),
                    "teachers": teachers,
                    "reviewers": making.maybe(reviewers, 0.95),
                    "trained": rng.randint(0, staff),
                    "teachers_trained": teachers if making.chance(0.6) else max(teachers - 1, 0),
                    "account_followers": rng.randint(0, 500),
                    "law_exam_taken": rng.randint(0, staff),
                }
            )
    return found


def submissions(making: Making) -> list[Row]:
    """Make reports handed in."""
    found = []
    for unit_id in making.unit_ids():
        for report in CHOICES["reports"]:
            for _ in range(making.rng.choice((0, 1, 1, 2))):
                found.append(
                    {
                        "submission_id": f"M{making.number():04d}",
                        "unit_id": unit_id,
                        "report": report,
                        "submitted_on": making.day(),
                    }
                )
    return found


def rectifications(making: Making) -> list[Row]:
    """Make items of supervision, done in time, late or not at all."""
    found = []
    for unit_id in making.unit_ids():
        care = making.care()
        for _ in range(making.rng.randint(0, 3)):
            raised = making.day()
            due = raised + timedelta(days=making.rng.choice((0, 10, 30, 90)))
            late = 0 if making.chance(care) else making.rng.choice((0, 1, 9))
            done = max(due - timedelta(days=making.rng.randint(0, 5)), raised) + timedelta(days=late)
            found.append(
                {
                    "rectification_id": f"R{making.number():03d}",
                    "unit_id": unit_id,
                    "raised_on": raised,
                    "due_on": making.maybe(due, max(care, 0.8)),
                    "done_on": making.maybe(done, max(care, 0.6)),
                    "responsible_post": "书记",
                    "source": "巡察",
                }
            )
    return found


def targets(making: Making) -> list[Row]:
    """Make targets, which nothing of henan-2023 reads."""
    ids = [making.rng.choice(making.unit_ids()) for _ in range(making.rng.randint(0, 2))]
    return [
        {"unit_id": one, "requirement_id": RANDOM_IDS[0], "year": making.year, "value": Decimal("3")}
        for one in ids
    ]


def waivers(making: Making) -> list[Row]:
    """Make waivers, valid, expired, not yet valid, several for one requirement."""
    rng, found = making.rng, []
    ids = (*(one["id"] for one in REQUIREMENTS), *RANDOM_IDS)
    for unit_id in making.unit_ids():
        for requirement_id in rng.sample(ids, 1 if making.small else 12):
            for _ in range(rng.choice((1, 1, 2))):
                since, until = making.life()
                found.append(
                    {
                        "waiver_id": f"W{rng.randint(0, 9)}{making.number():03d}",
                        "unit_id": unit_id,
                        "requirement_id": requirement_id,
                        "reason": "停办",
                        "approved_by": "督查室主任",
                        "document_no": "校办〔2024〕1号",
                        "valid_from": since or date(making.year - 2, 1, 1),
                        "valid_to": until or date(making.year + 2, 1, 1),
                    }
                )
    return found


def attestations(making: Making) -> list[Row]:
    """Make answers, with and without the period they are for; at most one a day."""
    rng, found = making.rng, []
    labels = [
        period.label
        for kind in ("year", "half_year", "quarter", "month", "week", "semester")
        for year in (making.year - 1, making.year)
        for period in periods_of_year(kind, year, DEFAULT_SEMESTERS)
    ]
    common = [f"{making.year}", f"{making.year}-S1", f"{making.year}-S2", f"{making.year}-H1"]
    for unit_id in making.unit_ids():
        for requirement_id in (*ATTEST_IDS, *RANDOM_IDS):
            days = {making.day() for _ in range(rng.choice((0, 1) if making.small else (0, 1, 1, 2, 3)))}
            for day in sorted(days):
                label = rng.choice((None, None, rng.choice(common), rng.choice(labels)))
                found.append(
                    {
                        "unit_id": unit_id,
                        "requirement_id": requirement_id,
                        "checked_on": day,
                        "for_period": label,
                        "answer": rng.choice(("yes", "yes", "yes", "no", "not_applicable")),
                        "evidence": making.maybe("台账第3页", 0.5),
                    }
                )
    return found
