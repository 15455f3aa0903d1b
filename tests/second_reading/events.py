"""Random activities and publications: what was done, by whom, for whom and when."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from .conditions import Row
from .days import periods_of_year
from .forms import CHOICES
from .making import Making
from .reading import DEFAULT_SEMESTERS


def activities(making: Making) -> list[Row]:
    """Make activities of every kind, in numbers around the thresholds."""
    found: list[Row] = []
    for row in making.rows["units"]:
        for kind, wanted in KIND_NUMBERS.items():
            if row["type"] != "university" and making.chance(0.4):
                continue
            care = making.care()
            for _ in range(making.about(wanted)):
                found.append(activity(making, row["unit_id"], kind, care))
    found += [*lessons(making), *for_targets(making)]
    return found


KIND_NUMBERS = {
    "study_session": 6,
    "committee_meeting": 2,
    "risk_check": 3,
    "forum_event": 2,
    "internal_briefing": 1,
    "school_briefing": 1,
    "training": 1,
    "committee_study": 2,
    "situation_analysis": 4,
}


def activity(making: Making, unit_id: str, kind: str, care: float) -> Row:
    """Make one activity; a careful unit leaves nothing out."""
    rng, held = making.rng, making.day()
    if kind == "situation_analysis" and making.chance(care):
        held = date(making.year, 3 * rng.randint(0, 3) + rng.randint(1, 3), rng.randint(1, 28))
    topics = making.choices("topics")
    if kind in ("training", "committee_study") and making.chance(care):
        topics = tuple({*topics, "responsibility_system"})
    filed = [row["approval_id"] for row in making.rows["approvals"]] or ["P999"]
    body = "theory_study_group" if kind == "study_session" else rng.choice(CHOICES["body"])
    return {
        "activity_id": f"A{making.number():04d}",
        "unit_id": unit_id,
        "kind": kind,
        "body": body if making.chance(0.9) else "staff",
        "format": "collective" if making.chance(0.9) else rng.choice(CHOICES["format"]),
        "topics": tuple(sorted(topics)),
        "occasion": making.maybe(rng.choice(CHOICES["occasion"][: 3 + rng.choice((0, 0, 2))]), 0.9),
        "held_on": held,
        "hours": making.maybe(Decimal(rng.choice(("0.5", "1", "1.5", "2"))), 0.8),
        "speakers": rng.randint(2, 4) if making.chance(care) else rng.randint(0, 2),
        "participants": rng.randint(0, 60),
        "approval_id": rng.choice(filed) if making.chance(care) else rng.choice((None, "P999")),
        "first_topic": making.chance(care),
        "report_on": making.maybe(held + timedelta(days=3), care),
        "feedback_on": making.maybe(held + timedelta(days=9), care),
        "recorded_on": making.maybe(held + timedelta(days=rng.randint(0, 60)), 0.7),
    }


def lessons(making: Making) -> list[Row]:
    """Make lessons of posts, with hours that add up to about what is asked of a semester."""
    rng, found = making.rng, []
    years = (making.year,) if making.small else (making.year - 1, making.year)
    for post in making.rows["posts"]:
        care = making.care()
        for year in years:
            for semester in periods_of_year("semester", year, DEFAULT_SEMESTERS):
                full = rng.choice((("2", "2"), ("1.5", "2.5"), ("4",), ("0.5", "3.5"), ("1", "1")))
                for hours in full if making.chance(max(care, 0.3)) else ("2", "1.5"):
                    row = activity(making, post["unit_id"], "lesson", 1.0)
                    row["body"] = "students" if making.chance(0.9) else "staff"
                    row["held_on"] = rng.choice(
                        (semester.first, semester.last, semester.first + timedelta(days=rng.randint(1, 170)))
                    )
                    row["hours"], row["post_id"] = Decimal(hours), post["post_id"]
                    if making.chance(0.06):
                        row["unit_id"] = rng.choice(making.unit_ids())
                    found.append(row)
    return found


def for_targets(making: Making) -> list[Row]:
    """Make what is done for others: lectures and inspections for departments, reviews of clubs."""
    found = []
    for row in making.rows["units"]:
        for kind, share in (("outreach_lecture", making.care()), ("special_inspection", making.care())):
            if row["parent_id"] and making.chance(share):
                top = row["unit_id"].split("-")[0]
                one = activity(making, top if making.chance(0.9) else row["unit_id"], kind, making.care())
                found.append({**one, "target_id": row["unit_id"]})
    for asset in making.rows["assets"]:
        if asset["kind"] == "club" and making.chance(0.7):
            one = activity(making, asset["unit_id"], "annual_review", 1.0)
            found.append({**one, "target_id": asset["asset_id"]})
    return found


def publications(making: Making) -> list[Row]:
    """Make releases, essays of posts and articles in journals."""
    rng, found = making.rng, []
    for unit_id in making.unit_ids():
        care = making.care()
        for _ in range(making.about(3)):
            found.append(publication(making, unit_id, "release", care))
        if making.chance(0.5):
            found.append(publication(making, unit_id, rng.choice(CHOICES["publication_kinds"]), care))
    for post in making.rows["posts"]:
        if making.chance(0.8):
            one = publication(making, post["unit_id"], "study_essay", 1.0)
            found.append({**one, "post_id": post["post_id"]})
    for asset in making.rows["assets"]:
        if asset["kind"] == "journal" and making.chance(0.7):
            one = publication(making, asset["unit_id"], "column_article", 1.0)
            found.append({**one, "asset_id": asset["asset_id"]})
    return found


def publication(making: Making, unit_id: str, kind: str, care: float) -> Row:
    """Make one publication."""
    rng, day = making.rng, making.day()
    return {
        "publication_id": f"B{making.number():04d}",
        "unit_id": unit_id,
        "kind": kind,
        "channels": making.choices("channels"),
        "channel_level": rng.choice(CHOICES["channel_level"]),
        "published_on": day,
        "reviews": 3 if making.chance(care) else rng.randint(0, 4),
        "proofreads": rng.randint(3, 4) if making.chance(care) else rng.randint(0, 3),
        "reviewed_on": day - timedelta(days=rng.randint(0, 2))
        if making.chance(care)
        else making.around(day, 1),
        "recorded_on": making.maybe(day, 0.7),
    }
