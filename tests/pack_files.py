"""Packs for tests: a shipped pack cut down to a few requirements, or one made up, written as a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from auditor.packs.load import find_pack


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds, by the quick reader where there is one."""
    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class _Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes a value twice rather than as an alias, which packs may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@cache
def raw_pack(name: str) -> dict[str, Any]:
    """Return a shipped pack as its YAML reads; not to be changed."""
    raw: dict[str, Any] = read_yaml(find_pack(name))
    return raw


def write_pack(raw: dict[str, Any], path: Path) -> Path:
    """Write a pack and return its file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(raw, Dumper=_Plain, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def cut_pack(name: str, requirement_ids: Iterable[str]) -> dict[str, Any]:
    """Return a shipped pack with only these requirements, and so without the list of its document's clauses."""
    raw, wanted = {**raw_pack(name)}, set(requirement_ids)
    raw.pop("clauses", None)
    kept = [each for each in raw["requirements"] if each["id"] in wanted]
    assert {each["id"] for each in kept} == wanted, f"{name} lacks {sorted(wanted - {e['id'] for e in kept})}"
    return {**raw, "requirements": kept}


def made_up(*requirements: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a pack `test` of requirements that need only say what matters: measure, threshold, period …

    A requirement without an id is `test/1-x`, `test/2-x` …; it binds universities, over the year, and is minor.
    """
    both = {"zh": "试", "en": "test"}
    said = {"title": both, "responsible": both, "remedy": both}
    usual = {"applies_to": {"types": ["university"]}, "period": "year", "severity": "minor"}
    written = []
    for at, each in enumerate(requirements, 1):
        value_unit = (
            {} if each["measure"]["kind"] == "attest" else {"value_unit": {"zh": "次", "en": "times"}}
        )
        written.append({"id": f"test/{at}-x", "clause": str(at), **said, **usual, **value_unit, **each})
    return {
        "pack": "test",
        "version": "1.0.0",
        "title": both,
        "issuer": both,
        "unit_types": ["university", "department", "branch"],
        "requirements": written,
        **more,
    }


def every_kind() -> dict[str, Any]:
    """Return a pack with each kind of measure once or twice, over periods of every scheme: small, so quick."""
    sessions = {"kind": "study_session"}
    club, clubs = {"kind": "club"}, {"table": "assets", "where": {"kind": ["club", "journal"]}}
    lead = {"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20}
    active = {"kind": "ratio", "table": "platform_usage", "numerator": "active", "denominator": "members"}
    reviewers = {
        "kind": "ratio",
        "table": "headcounts",
        "numerator": "reviewers",
        "denominator": "staff_established",
    }
    hours = {"kind": "sum", "table": "activities", "column": "hours"}
    both = {"applies_to": {"types": ["university", "department"]}}
    words = {"zh": "办法", "en": "measures"}

    def at(op: str, value: Any) -> dict[str, Any]:
        return {"threshold": {"op": op, "value": value}}

    return made_up(
        {
            "measure": {"kind": "count", "table": "activities", "where": sessions},
            **at(">=", 4),
            "severity": "major",
        },
        {
            "measure": {"kind": "count", "table": "activities", "distinct": "kind", "scope": "subtree"},
            **at("between", [2, 6]),
            "period": "quarter",
        },
        {
            "measure": {"kind": "count", "table": "assets", "where": club},
            **at("<=", 2),
            "period": "half_year",
        },
        {"measure": {**hours, "where": {"kind": "lesson"}}, **at(">=", "3.5"), "period": "semester", **both},
        {
            "measure": {**active, "how": "pooled"},
            **at(">=", "35%"),
            "period": "month",
            "severity": "major",
            **both,
        },
        {"measure": {**reviewers, "how": "latest"}, **at(">=", "10%"), **both},
        {
            "measure": {
                "kind": "each_record",
                "table": "approvals",
                "where": {"listed_topic": True},
                "must": [lead, {"column": "decision", "op": "==", "value": "approved"}],
            },
            **at("<=", 0),
            "severity": "veto",
            **both,
        },
        {
            "measure": {
                "kind": "each_subject",
                "subjects": {"table": "posts", "where": {"roles": "leadership_member"}},
                "inner": {**hours, "by": "post_id"},
            },
            **at(">=", 2),
            "severity": "major",
        },
        {
            "measure": {
                "kind": "each_subject",
                "subjects": clubs,
                "scope": "subtree",
                "inner": {"column": "advisors"},
            },
            **at(">=", 1),
        },
        {"measure": {"kind": "attest"}, **both},
        {
            "measure": {"kind": "count", "table": "publications", "where": {"kind": "release"}},
            **at(">=", 1),
            "period": "week",
        },
        {
            "measure": {
                "kind": "coverage",
                "subjects": {"table": "units", "where": {"type": "department"}},
                "inner": {"kind": "count", "table": "activities", "where": sessions, "by": "unit_id"},
            },
            **at(">=", "100%"),
        },
        {
            "measure": {"kind": "deadline", "table": "publications", "dates": ["05-31", "11-30"]},
            **at(">=", 1),
            **both,
        },
        {
            "measure": {
                "kind": "max_gap",
                "subjects": clubs,
                "inner": {"table": "activities", "by": "target_id"},
                "in": "months",
            },
            **at("<=", 6),
        },
        {
            "measure": {"kind": "count", "table": "activities", "where": {"kind": "training"}},
            **at(">=", 1),
            "period": "stage",
            "window": ["04-25", "05-31"],
        },
        {
            "measure": {"kind": "count", "table": "activities", "where": {"kind": "risk_check"}},
            **at(">=", 2),
            "period": "academic_year",
        },
        {
            "measure": {**active, "how": "pooled"},
            "threshold": {"op": ">", "against": "previous"},
            "period": "quarter",
            **both,
        },
        {
            "measure": {"kind": "count", "table": "publications", "where": {"kind": "article"}},
            **at(">=", "target"),
        },
        {
            "measure": {"kind": "count", "table": "activities", "where": {"kind": "lesson"}},
            "period": "half_year",
            "threshold": {
                "op": ">=",
                "value": [
                    {"from": date(2020, 1, 1), "value": 1, "reference": words},
                    {"from": date(2024, 7, 1), "value": 3, "reference": words},
                ],
            },
        },
    )
