"""Escalation rules -> a ruleset of durable-rules, inside the small subset that the engine judges rightly.

The program is plain data, to be sent to the worker: `definition` (the ruleset), `kinds` (fields by kind) and
`conclusions` (what a rule puts when it fires). A kind's `seen_N` rule fires for each of its facts, so that
facts in can be counted against facts accounted for; `boot` makes every session run at least one action,
without which the engine cannot close it.
"""

from __future__ import annotations

from typing import Any

from auditor.judge.rules import Copied, Escalation, Pattern, Rule


def compile_rules(escalation: Escalation) -> dict[str, Any]:
    """Return the program of an escalation; rule n of the file is `rule_n`."""
    definition: dict[str, Any] = {"boot": {"all": [{"m0": {"t": "boot"}}], "pri": 60000}}
    for number, kind in enumerate(escalation.kinds):
        definition[f"seen_{number}"] = {"all": [{"m0": {"t": kind}}], "pri": 1}
    for number, rule in enumerate(escalation.rules):
        definition[f"rule_{number}"] = _definition(rule, 10 * (number + 1))
    return {
        "definition": definition,
        "kinds": {kind: list(fields) for kind, fields in escalation.kinds.items()},
        "conclusions": [_conclusion(rule) for rule in escalation.rules],
    }


def _definition(rule: Rule, priority: int) -> dict[str, Any]:
    patterns = [{f"m{place}": _body(pattern, place)} for place, pattern in enumerate(rule.when)]
    counted = {"count": rule.count} if rule.count > 1 else {}
    return {"all": patterns, **counted, "pri": priority}


def _body(pattern: Pattern, place: int) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = [{"t": pattern.kind}]
    conditions += [{field: value} for field, value in pattern.equals]
    conditions += [{field: {f"m{other}": field}} for field, other in pattern.same]
    conditions += [{field: {"$add": {"$l": {f"m{other}": field}, "$r": 1}}} for field, other in pattern.after]
    if place:
        # Always true, always last: a join whose last condition is false reads past the engine's heap.
        conditions.append({"u": {f"m{place - 1}": "u"}})
    return {"$and": conditions} if len(conditions) > 1 else conditions[0]


def _conclusion(rule: Rule) -> dict[str, Any]:
    fields = [f"m{value.pattern}" if isinstance(value, Copied) else value for _, value in rule.fields]
    return {"kind": rule.concludes, "fields": fields}
