"""The difference of two packs as one JSON object; both languages are always in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from auditor.authoring.diff import Changed, PackDifference
from auditor.authoring.diff_words import DifferenceInWords, FieldChange
from auditor.authoring.flips import AuditDifference, Flip
from auditor.model.finding import Finding, UnitResult
from auditor.model.requirement import Pack, Requirement
from auditor.reports.json_text import json_page


def as_json(difference: PackDifference, audits: AuditDifference | None) -> Iterator[str]:
    """Yield the text of the object: `packs`, `head`, `added`, `removed`, `changed`, `clauses`, `audits`."""
    words = DifferenceInWords(difference)
    told = {
        "packs": {"before": _pack(difference.before), "after": _pack(difference.after)},
        "head": [_change(each) for each in words.head()],
        "added": [_requirement(each, difference.after, words) for each in difference.added],
        "removed": [_requirement(each, difference.before, words) for each in difference.removed],
        "changed": [_changed(each, words) for each in difference.changed],
        "clauses": [
            {**asdict(each), "reason": each.reason and each.reason.model_dump()} for each in difference.moved
        ],
        "audits": _audits(audits) if audits else None,
    }
    yield json_page(told, whole=True)


def _pack(pack: Pack) -> dict[str, Any]:
    return {
        "pack": pack.pack,
        "version": pack.version,
        "title": pack.title.model_dump(),
        "sha256": pack.content_hash,
    }


def _change(change: FieldChange) -> dict[str, Any]:
    return {"field": change.field, "before": dict(change.before), "after": dict(change.after)}


def _requirement(requirement: Requirement, pack: Pack, words: DifferenceInWords) -> dict[str, Any]:
    return {
        "requirement_id": requirement.id,
        "title": requirement.title.model_dump(),
        "rule": dict(words.rule(requirement, pack)),
    }


def _changed(changed: Changed, words: DifferenceInWords) -> dict[str, Any]:
    rules = words.rules(changed)
    return {
        "requirement_id": {"before": changed.before.id, "after": changed.after.id},
        "fields": [_change(each) for each in words.fields(changed)],
        "rule": {"before": dict(rules.before), "after": dict(rules.after)} if rules else None,
    }


def _audits(audits: AuditDifference) -> dict[str, Any]:
    source = audits.before.provenance
    return {
        "window": {"from": source.first_on, "to": source.last_on},
        "as_of": source.as_of,
        "assume_effective": source.assume_effective,
        "compared": audits.compared,
        "flips": [_flip(each) for each in audits.flips],
        "alone": [asdict(each) for each in audits.alone],
        "units": [
            {
                "unit_id": each.unit_id,
                "name": each.name,
                "before": _unit(each.before),
                "after": _unit(each.after),
            }
            for each in audits.units
        ],
    }


def _flip(flip: Flip) -> dict[str, Any]:
    return {
        "unit_id": flip.unit_id,
        "name": flip.name,
        "period": flip.period,
        "before": _finding(flip.before),
        "after": _finding(flip.after),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    asked = finding.threshold
    value = None if asked is None else [asked.low, asked.high] if asked.op == "between" else asked.low
    return {
        "requirement_id": finding.requirement_id,
        "verdict": finding.verdict,
        "value": finding.value,
        "numerator": finding.numerator,
        "denominator": finding.denominator,
        "threshold": None if asked is None else {"op": asked.op, "value": value},
        "shortfall": finding.shortfall,
    }


def _unit(unit: UnitResult | None) -> dict[str, Any] | None:
    return None if unit is None else {"rating": unit.rating, "score": unit.score}
