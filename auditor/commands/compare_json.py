"""The difference of two audits as one JSON object; both languages are always in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from auditor.authoring.compare import Cause, Comparison, ReportedFlip
from auditor.model.requirement import Requirement
from auditor.reports.audit_file import AuditFile, Reported
from auditor.reports.json_text import json_page

_OF_A_UNIT = ("rating", "score", "judged", "applicable")


def as_json(found: Comparison, titles: Mapping[str, Requirement]) -> Iterator[str]:
    """Yield the text of the object: the heads `a` and `b`, then what differs between them."""
    names = {**found.before.names, **found.after.names}
    told = {
        "a": _head(found.before),
        "b": _head(found.after),
        "periods": "label" if found.by_label else "place",
        "differences": found.differences,
        "compared": found.compared,
        "moved": found.moved,
        "flips": [_flip(each, names, titles) for each in found.flips],
        "alone": [
            {
                "requirement_id": each.requirement_id, "title": _title(each.requirement_id, titles),
                "only_in": "b" if each.second else "a", "units": each.units, "verdicts": each.verdicts,
            }
            for each in found.alone
        ],
        "units": [
            {"unit_id": each.unit_id, "name": names[each.unit_id], "a": _unit(each.before), "b": _unit(each.after)}
            for each in found.units
        ],
    }  # fmt: skip
    yield json_page(told)


def _head(file: AuditFile) -> dict[str, Any]:
    return {"file": file.name, **file.head}


def _title(requirement_id: str, titles: Mapping[str, Requirement]) -> dict[str, str] | None:
    found = titles.get(requirement_id)
    return found.title.model_dump() if found else None


def _flip(flip: ReportedFlip, names: Mapping[str, str], titles: Mapping[str, Requirement]) -> dict[str, Any]:
    requirement_id = flip.after["requirement_id"]
    return {
        "unit_id": flip.after["unit_id"],
        "name": names[flip.after["unit_id"]],
        "title": _title(requirement_id, titles),
        "a": _finding(flip.before),
        "b": _finding(flip.after),
        "causes": [_cause(each) for each in flip.causes],
    }


def _finding(finding: Reported) -> dict[str, Any]:
    left_out = ("unit_id", "evidence")
    return {key: value for key, value in finding.items() if key not in left_out}


def _cause(cause: Cause) -> dict[str, Any]:
    if cause.code != "rows":
        return {"code": cause.code}
    return {key: value if key == "code" else _rows(value) for key, value in asdict(cause).items()}


def _rows(places: Any) -> list[dict[str, Any]]:
    keys = ("file", "sheet", "row", "subject")
    return [{key: value or None for key, value in zip(keys, each, strict=True)} for each in places]


def _unit(unit: Reported | None) -> dict[str, Any] | None:
    return None if unit is None else {key: unit[key] for key in _OF_A_UNIT}
