"""A unit's check of itself as one JSON object; both languages are always in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.authoring.check import SelfCheck, Standing
from auditor.authoring.pace import last_of_week
from auditor.commands.plan_words import event_as_json
from auditor.model.audit import Audit
from auditor.model.finding import Finding
from auditor.reports.json_text import json_page
from auditor.reports.view import reason_sentence
from auditor.texts import LANGUAGES


def as_json(found: SelfCheck) -> Iterator[str]:
    """Yield the text of the object: the unit at present, its findings by state, the week, the events, the end."""
    source = found.today.provenance
    told: dict[str, Any] = {
        "unit": {"unit_id": found.unit.unit_id, "name": found.unit.name},
        "packs": [{"pack": each.pack, "version": each.version, "sha256": each.content_hash} for each in source.packs],
        "window": {"from": source.first_on, "to": source.last_on},
        "present": _stand(found.today),
        **{state: [_standing(each, found) for each in found.of(state)]
           for state in ("lost", "curable", "open", "unknown")},
        "week": {
            "to": last_of_week(source.as_of),
            "duties": [_standing(each, found) for each in found.week],
            "events": [event_as_json(each) for each in found.plans_this_week],
        },
        "events": [event_as_json(each) for each in found.plans],
        "end": {**_stand(found.end), "findings": [_finding(each, found.end) for each in found.then]},
    }  # fmt: skip
    yield json_page(told, whole=True)


def _stand(audit: Audit) -> dict[str, Any]:
    unit = audit.units[0]
    return {
        "as_of": audit.provenance.as_of,
        "score": unit.score,
        "rating": unit.rating,
        "judged": unit.judged,
        "applicable": unit.applicable,
        "counts": dict(unit.counts),
    }


def _standing(standing: Standing, found: SelfCheck) -> dict[str, Any]:
    return {
        **_finding(standing.finding, found.today),
        "due_by_today": standing.due,
        "needed_this_week": standing.this_week,
        "behind": standing.behind,
        "first_on": standing.period.first_on,
        "last_on": standing.period.last_on,
    }


def _finding(finding: Finding, audit: Audit) -> dict[str, Any]:
    requirement = audit.requirements[finding.requirement_id]
    asked = finding.threshold
    low_high = None if asked is None else [asked.low, asked.high] if asked.op == "between" else asked.low
    return {
        "requirement_id": finding.requirement_id,
        "title": requirement.title.model_dump(),
        "clause": requirement.clause,
        "severity": requirement.severity,
        "period": finding.period,
        "verdict": finding.verdict,
        "value": finding.value,
        "numerator": finding.numerator,
        "denominator": finding.denominator,
        "threshold": None if asked is None else {"op": asked.op, "value": low_high},
        "shortfall": finding.shortfall,
        "provisional": finding.provisional,
        "forecast": finding.forecast,
        "waived": finding.waived,
        "reason": {
            lang: reason_sentence(finding, requirement, audit.table_labels, lang) for lang in LANGUAGES
        },
        "remedy": requirement.remedy.model_dump(),
    }
