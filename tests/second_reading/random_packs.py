"""Random requirements beyond henan-2023, each of them named by a line of the verdict table."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

from .random_parts import FLOWS, LIMITS, RATIOS, RECORDS, STOCKS, SUBJECTS, SUMS

PERIODS = ("year", "year", "half_year", "quarter", "month", "semester", "semester", "week")
RANDOM_IDS = tuple(f"random/{number:02d}-x" for number in range(1, 13))
LATER_IDS = tuple(f"random/{number:02d}-x" for number in range(13, 18))
Requirement = dict[str, Any]


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
    found = {"measure": with_scope(rng, measure), "threshold": threshold(rng, 5)}
    # So few different values that a higher number could not be reached.
    chosen_from = {"body", "decision", *(key.split()[0] for key in where)}
    if measure.get("distinct") in chosen_from:
        found["threshold"] = {"op": ">=", "value": 1}
    return found


def random_stock_count(rng: random.Random) -> Requirement:
    """Return a count of a stock."""
    table, wheres = rng.choice(STOCKS)
    measure = with_scope(rng, {"kind": "count", "table": table, "where": rng.choice(wheres)})
    if table == "units":  # of itself a unit has one
        measure["scope"] = "subtree"
    return {"measure": measure, "threshold": threshold(rng, 3)}


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


def random_coverage(rng: random.Random) -> Requirement:
    """Return a share of subjects, over a flow or over a stock."""
    values = rng.choice((["term_start", "graduation"], ["theory", "academic_security"]))
    subjects = rng.choice((*SUBJECTS, {"values": values}))
    measure: dict[str, Any] = {"kind": "coverage", "subjects": subjects, "inner": random_inner(rng, subjects)}
    if subjects.get("table") == "units" and rng.random() < 0.5:
        table = rng.choice(("assets", "assets", "posts", "activities"))
        measure["inner"] = {"kind": "count", "table": table, "by": "unit_id"}
    if subjects.get("table") in ("posts", "assets") and rng.random() < 0.4:
        measure["scope"] = "subtree"
    if rng.random() < 0.3:
        measure["when_no_subjects"] = "insufficient_data"
    op, percent = rng.choice(((">=", "100%"), (">=", "100%"), (">=", "50%"), (">", "90%"), (">", "33.3%")))
    return {"measure": measure, "threshold": {"op": op, "value": percent}}


def random_deadline(rng: random.Random) -> Requirement:
    """Return due dates of the year, of every month, or of a window."""
    table, wheres, dates, _ = rng.choice((FLOWS[0], FLOWS[3], FLOWS[3]))
    measure: dict[str, Any] = {"kind": "deadline", "table": table, "where": rng.choice(wheres)}
    if dates and rng.random() < 0.3:
        measure["date"] = rng.choice(dates)
    found: Requirement = {"measure": with_scope(rng, measure), "threshold": {"op": ">=", "value": 1}}
    match rng.choice(("dates", "monthly", "window")):
        case "dates":
            days = rng.sample(("01-31", "03-31", "05-31", "07-01", "09-30", "11-30"), rng.choice((1, 2, 3)))
            found["measure"]["dates"], found["period"] = days, "year"
        case "monthly":
            found["measure"]["monthly"], found["period"] = rng.choice((1, 24, 29, 31)), "month"
        case "window":
            windows = (["04-01", "06-30"], ["01-31", "02-01"], ["07-01", "07-31"], ["12-01", "12-31"])
            found["window"], found["period"] = list(rng.choice(windows)), "stage"
    return found


def random_max_gap(rng: random.Random) -> Requirement:
    """Return a longest stretch in months or days."""
    values = rng.choice((["term_start", "graduation"], ["theory", "academic_security"]))
    subjects = rng.choice((*SUBJECTS, {"values": values}))
    inner = {
        key: value for key, value in random_inner(rng, subjects).items() if key not in ("kind", "column")
    }
    period, step, most = rng.choice(LIMITS)
    measure: dict[str, Any] = {"kind": "max_gap", "subjects": subjects, "inner": inner, "in": step}
    if subjects.get("table") in ("posts", "assets") and rng.random() < 0.4:
        measure["scope"] = "subtree"
    return {"measure": measure, "threshold": {"op": "<=", "value": most}, "period": period}


LATER_KINDS = (random_coverage, random_coverage, random_deadline, random_deadline, random_max_gap)
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
    found += later_requirements(rng, {one["id"] for one in found})
    return sorted(found, key=lambda one: str(one["id"]))


def later_requirements(rng: random.Random, taken: set[str]) -> list[Requirement]:
    """Return a requirement of each later kind; the dice of the others fall as if these were not."""
    dice = random.Random()
    dice.setstate(rng.getstate())
    spare = [one for one in (*RANDOM_IDS, *LATER_IDS) if one not in taken]
    return [
        {
            "id": requirement_id,
            "applies_to": {"types": dice.choice((["university"], ["university", "department"]))},
            "period": dice.choice(PERIODS),
            "severity": dice.choice(("minor", "major", "veto")),
            **make(dice),
        }
        for requirement_id, make in zip(spare, LATER_KINDS, strict=False)
    ]


def as_pack(requirements: list[Requirement], effective: tuple[date | None, date | None]) -> dict[str, Any]:
    """Return the requirements as a whole pack, with words for everything a pack has to say."""
    both = {"zh": "随机", "en": "random"}
    since, until = effective
    said = {"title": both, "responsible": both, "remedy": both}
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
            {**one, "clause": str(number), **said, **({"value_unit": both} if "threshold" in one else {})}
            for number, one in enumerate(requirements, 1)
        ],
        "out_of_scope": [],
        "not_quantified": [],
    }
