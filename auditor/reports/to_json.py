"""The audit as one JSON object: the contract of the command line, the same bytes for the same inputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from auditor.errors import Problem
from auditor.model.audit import Audit, FileHash, Question, RowNote
from auditor.model.finding import Asked, Finding, Issue, ScoreLine, ScoreSum, UnitResult
from auditor.reports.json_text import json_line
from auditor.reports.ranking import Ranked, ranked
from auditor.reports.registry import Layout
from auditor.reports.scoring import line_in_words, rounded, sum_in_words
from auditor.reports.view import reason_sentence
from auditor.texts import LANGUAGES, say_problem

_NOTES = {
    "problems": "problem", "warnings": "warning", "planned": "planned", "undated": "undated", "left_out": "left_out",
}  # fmt: skip
"""The lists of the data's own notes, and the kind that one of each is."""


def write(audit: Audit, layout: Layout) -> Iterator[str]:
    """Yield the text of the object, a finding a line; both languages are always in it."""
    yield f'{{"audit": {json_line(_provenance(audit))},\n"findings": ['
    yield from _list(_finding(each, audit) for each in audit.findings(True))
    yield '],\n"units": ['
    duties, places = _duties(audit), {each.unit.unit_id: each for each in ranked(audit.units)}
    yield from _list(_unit(places[each.unit_id], audit, duties.get(each.unit_id, [])) for each in audit.units)
    yield '],\n"issues": ['
    yield from _list(_issue(each) for each in audit.issues())
    yield f'],\n"data": {json_line(_data(audit)).removesuffix("}")}, "questions": ['
    yield from _list(_question(each) for each in audit.questions())
    yield "]}}\n"


def records(audit: Audit) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of the report with its kind, in the report's order; the head first."""
    yield "audit", _provenance(audit)
    yield from (("finding", _finding(each, audit)) for each in audit.findings(True))
    duties, places = _duties(audit), {each.unit.unit_id: each for each in ranked(audit.units)}
    yield from (
        ("unit", _unit(places[each.unit_id], audit, duties.get(each.unit_id, []))) for each in audit.units
    )
    yield from (("issue", _issue(each)) for each in audit.issues())
    for list_name, notes in _data(audit).items():
        yield from ((_NOTES[list_name], each) for each in notes)
    yield from (("question", _question(each)) for each in audit.questions())


def _list(items: Iterator[Any]) -> Iterator[str]:
    before = "\n"
    for item in items:
        yield before + json_line(item)
        before = ",\n"


def _provenance(audit: Audit) -> dict[str, Any]:
    source = audit.provenance
    return {
        "packs": [
            {
                "pack": pack.pack,
                "version": pack.version,
                "title": pack.title.model_dump(),
                "sha256": pack.content_hash,
            }
            for pack in source.packs
        ],
        "window": {"from": source.first_on, "to": source.last_on},
        "as_of": source.as_of,
        "data": [_hash(each) for each in source.data],
        "calendar": _hash(source.calendar) if source.calendar else None,
        "tool": {"name": "ducha", "version": source.tool_version},
        "judged_by": source.judged_by,
        "settings": dict(source.settings),
        "assume_effective": source.assume_effective,
    }


def _hash(each: FileHash) -> dict[str, str]:
    return {"file": each.file, "sha256": each.sha256}


def _finding(finding: Finding, audit: Audit) -> dict[str, Any]:
    requirement = audit.requirements[finding.requirement_id]
    return {
        "unit_id": finding.unit_id,
        "requirement_id": finding.requirement_id,
        "period": finding.period,
        "verdict": finding.verdict,
        "value": finding.value,
        "numerator": finding.numerator,
        "denominator": finding.denominator,
        "threshold": _threshold(finding.threshold),
        "shortfall": finding.shortfall,
        "provisional": finding.provisional,
        "forecast": finding.forecast,
        "borderline": finding.borderline,
        "calendar": finding.calendar,
        "waived": finding.waived,
        "reason": {
            "code": finding.reason,
            "figures": finding.figures,
            **{lang: reason_sentence(finding, requirement, audit.table_labels, lang) for lang in LANGUAGES},
        },
        "evidence": [asdict(each) for each in finding.evidence],
    }


def _threshold(asked: Asked | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    value = [_number(asked.low), _number(asked.high)] if asked.op == "between" else _number(asked.low)
    return {"op": asked.op, "value": value}


def _number(value: Decimal | None) -> int | Decimal | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else value.normalize()


def _duties(audit: Audit) -> dict[str, list[dict[str, Any]]]:
    """Return, by unit, the duties that bind it by more than one requirement, with the strictest."""
    by_unit: dict[str, list[dict[str, Any]]] = {}
    for duty in audit.duties:
        told = {"duty": duty.duty, "requirement_ids": duty.requirement_ids, "strictest": duty.strictest}
        for unit_id in duty.unit_ids:
            by_unit.setdefault(unit_id, []).append(told)
    return by_unit


def _unit(ranked: Ranked, audit: Audit, duties: list[dict[str, Any]]) -> dict[str, Any]:
    unit = ranked.unit
    return {
        "unit_id": unit.unit_id,
        "name": unit.name,
        "score": unit.score,
        "judged": unit.judged,
        "applicable": unit.applicable,
        "rating": unit.rating,
        "place": ranked.place,
        "tied": ranked.is_tied,
        "little_judged": ranked.is_little,
        "score_sum": _score_sum(unit.score_sum) if unit.score_sum else None,
        "score_lines": [_score_line(each, unit, audit) for each in unit.score_lines],
        "trace": [
            {"rule": step.rule, "facts": step.facts, **{lang: audit.told(step, lang) for lang in LANGUAGES}}
            for step in unit.trace
        ],
        "duties": duties,
    }


def _score_sum(found: ScoreSum) -> dict[str, Any]:
    return {
        "by": found.by,
        "total": _number(found.total),
        "judged": _number(rounded(found.judged)),
        "gained": _number(rounded(found.gained)),
        "bonus": _number(found.bonus),
        "bonus_of_lines": _number(found.bonus_of_lines),
        "vetoed_by": found.vetoed_by,
        "before_veto": found.before_veto,
        **{lang: sum_in_words(found, lang) for lang in LANGUAGES},
    }


def _score_line(line: ScoreLine, unit: UnitResult, audit: Audit) -> dict[str, Any]:
    requirement = audit.requirements[line.requirement_id]
    by = unit.score_sum.by if unit.score_sum else "weights"
    return {
        "requirement_id": line.requirement_id,
        "points": _number(Decimal(line.weight)),
        "judged": line.judged,
        "passed": line.passed,
        "waived": line.waived,
        "missing": line.missing,
        "deducted": None if line.deducted is None else _number(rounded(line.deducted)),
        "capped": line.is_capped,
        "gained": _number(rounded(line.gained)),
        "extra": line.extra,
        "bonus": _number(line.bonus),
        "veto": line.is_veto,
        **{lang: line_in_words(line, by, requirement, lang) for lang in LANGUAGES},
    }


def _issue(issue: Issue) -> dict[str, Any]:
    return asdict(issue)


def _data(audit: Audit) -> dict[str, Any]:
    data = audit.data
    return {
        "problems": [_problem(each) for each in data.problems],
        "warnings": [_problem(each) for each in data.warnings],
        "planned": [_note(each) for each in data.planned],
        "undated": [_note(each) for each in data.undated],
        "left_out": [_note(each) for each in data.left_out],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.rule_id,
        "table": question.table,
        "unit_id": question.unit_id,
        **{lang: question.sentences[lang] for lang in LANGUAGES},
        "count": question.count,
        "rows": [dict(zip(("file", "sheet", "row"), place, strict=True)) for place in question.rows],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        **asdict(problem.place),
        "figures": dict(problem.figures),
        "hint": problem.hint,
        "zh": " ".join(say_problem(problem.code, problem.figures, "zh")),
        "en": " ".join(say_problem(problem.code, problem.figures, "en")),
    }


def _note(note: RowNote) -> dict[str, Any]:
    return asdict(note)
