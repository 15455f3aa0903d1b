"""Small tables, requirements and audits for the hand-worked examples."""

from __future__ import annotations

from datetime import date
from typing import Any

from .conditions import Tables
from .reading import audit

U1 = {"unit_id": "U1", "type": "university"}
YEAR_END = date(2024, 12, 31)
SESSIONS = {"kind": "count", "table": "activities", "where": {"kind": "study_session"}}
LEAD = {
    "kind": "each_record",
    "table": "approvals",
    "must": [{"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20}],
}


def day(text: str) -> date:
    """Return `03-05` as a day of 2024, or a whole date."""
    return date.fromisoformat(text if len(text) == 10 else f"2024-{text}")


def sessions(*days: str, **more: Any) -> list[dict[str, Any]]:
    """Return study sessions of U1 on these days."""
    return [
        {"activity_id": f"A{number}", "unit_id": "U1", "kind": "study_session", "held_on": day(held), **more}
        for number, held in enumerate(days)
    ]


def wanting(measure: dict[str, Any], op: str = ">=", value: Any = 1, **more: Any) -> dict[str, Any]:
    """Return a requirement on universities."""
    return {
        "id": "test/1-x",
        "applies_to": {"types": ["university"]},
        "measure": measure,
        "period": "year",
        "threshold": {"op": op, "value": value},
        **more,
    }


def findings(tables: Tables, requirement: dict[str, Any], as_of: date = YEAR_END, **more: Any) -> list[Any]:
    """Audit 2024 with one requirement."""
    options: dict[str, Any] = {
        "effective": (None, None),
        "first": date(2024, 1, 1),
        "last": YEAR_END,
        "as_of": as_of,
        **more,
    }
    return audit({"units": [U1], **tables}, [requirement], **options)


def one(tables: Tables, requirement: dict[str, Any], as_of: date | str = YEAR_END, **more: Any) -> Any:
    """Return the single finding of U1."""
    if isinstance(as_of, str):
        as_of = day(as_of)
    (found,) = [one for one in findings(tables, requirement, as_of, **more) if one["unit_id"] == "U1"]
    return found


def said(found: Any, *keys: str) -> tuple[Any, ...]:
    """Return some figures of a finding."""
    return tuple(found[key] for key in keys)
