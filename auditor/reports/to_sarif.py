"""The findings as SARIF 2.1.0, for the pages of continuous integration: a result a finding, at its rows of evidence.

A fail is an error (minor: a warning), what is pending or lacks data a note; a pass says so. A waiver is a suppression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from auditor.model.audit import Audit
from auditor.model.finding import Evidence, Finding
from auditor.model.requirement import Requirement
from auditor.reports.identity import identity
from auditor.reports.json_text import json_line
from auditor.reports.registry import Layout
from auditor.reports.view import View, place

_SHOWN = 100
"""How many rows of evidence a result names; it says how many more there are."""
_KINDS = {"fail": "fail", "pass": "pass", "not_applicable": "notApplicable", "pending": "open"}
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def write(audit: Audit, layout: Layout) -> Iterator[str]:
    """Yield the text of the log: one run, a result a line."""
    view = View(audit, layout.lang)
    rules = {requirement_id: at for at, requirement_id in enumerate(sorted(audit.requirements))}
    driver = {
        "name": "ducha",
        "version": audit.provenance.tool_version,
        "language": "zh-CN" if layout.lang == "zh" else "en",
        "rules": [_rule(audit.requirements[each], view) for each in rules],
    }
    yield f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{\n"tool": {{"driver": {json_line(driver)}}},\n'
    yield '"columnKind": "unicodeCodePoints",\n"results": ['
    names = {unit.unit_id: unit.name or unit.unit_id for unit in audit.units}
    before = "\n"
    for finding in audit.findings(True):
        yield before + json_line(_result(finding, rules[finding.requirement_id], names, view))
        before = ",\n"
    yield "\n]}]}\n"


def _rule(requirement: Requirement, view: View) -> dict[str, Any]:
    return {
        "id": requirement.id,
        "shortDescription": {"text": view.title(requirement)},
        "help": {"text": requirement.remedy.in_language(view.lang)},
        "properties": {"clause": requirement.clause, "document": view.document(requirement)},
    }


def _result(finding: Finding, rule: int, names: dict[str, str], view: View) -> dict[str, Any]:
    requirement = view.requirement(finding)
    off = [each for each in finding.evidence if each.shortfall is not None] or list(finding.evidence)
    shown = [each for each in off if each.file is not None]
    said = (
        f"{names[finding.unit_id]} · {view.title(requirement)} · {finding.period}: {view.sentence(finding)}"
    )
    more = f" (+{len(shown) - _SHOWN})" if len(shown) > _SHOWN else ""
    key = identity("sarif", finding.unit_id, finding.requirement_id, finding.period)
    return {
        "ruleId": finding.requirement_id,
        "ruleIndex": rule,
        "kind": _KINDS.get(finding.verdict, "review"),
        "level": _level(finding, requirement),
        "message": {"text": _literal(said + more)},
        "locations": [_location(each) for each in shown[:_SHOWN]],
        "partialFingerprints": {"finding/v1": str(key)},
        **(
            {"suppressions": [{"kind": "external", "justification": finding.waived}]}
            if finding.waived
            else {}
        ),
        "properties": {"unit_id": finding.unit_id, "period": finding.period, "verdict": finding.verdict},
    }


def _level(finding: Finding, requirement: Requirement) -> str:
    # Where the kind is not fail, the standard knows no level but none.
    if finding.verdict != "fail":
        return "none"
    return "warning" if requirement.severity == "minor" else "error"


def _location(each: Evidence) -> dict[str, Any]:
    artifact = {"artifactLocation": {"uri": quote(str(each.file))}}
    region = {"region": {"startLine": each.row}} if each.row else {}
    return {"physicalLocation": {**artifact, **region}, "message": {"text": _literal(place(each))}}


def _literal(text: str) -> str:
    """Return a text as a message that holds neither a placeholder nor a link."""
    return _LINK.sub(r"\\[", text.replace("{", "{{").replace("}", "}}"))
