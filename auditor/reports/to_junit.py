"""The findings as JUnit's XML, for programs that show test runs: a suite a unit, a case a finding.

A fail is a failure; what is pending, not applicable, lacks data or is waived is skipped, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from auditor.model.audit import Audit
from auditor.model.finding import Finding, UnitResult
from auditor.reports.registry import Layout
from auditor.reports.unseen import pictured
from auditor.reports.view import View

_SHOWN = 20
_NO_XML = dict.fromkeys((65534, 65535), "�")
"""The two that no XML may hold, beside the control characters."""


def write(audit: Audit, layout: Layout) -> Iterator[str]:
    """Yield the text: suites in the order of the units."""
    view = View(audit, layout.lang)
    units = {unit.unit_id: unit for unit in audit.units}
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="ducha">\n'
    for unit_id, findings in groupby(audit.findings(True), key=lambda each: each.unit_id):
        yield from _suite(units[unit_id], findings, view)
    yield "</testsuites>\n"


def _suite(unit: UnitResult, findings: Iterator[Finding], view: View) -> Iterator[str]:
    cases = [(each, _outcome(each)) for each in findings]
    counts = {
        "tests": len(cases),
        "failures": sum(outcome == "failure" for _, outcome in cases),
        "errors": 0,
        "skipped": sum(outcome == "skipped" for _, outcome in cases),
    }
    stamp = f"{view.audit.provenance.as_of.isoformat()}T00:00:00"
    numbers = " ".join(f'{name}="{count}"' for name, count in counts.items())
    yield f"<testsuite name={_attribute(unit.name or unit.unit_id)} id={_attribute(unit.unit_id)}"
    yield f' {numbers} time="0" timestamp="{stamp}">\n'
    for finding, outcome in cases:
        yield from _case(finding, outcome, view)
    yield "</testsuite>\n"


def _outcome(finding: Finding) -> str:
    if finding.verdict == "pass":
        return ""
    return "failure" if finding.verdict == "fail" and finding.waived is None else "skipped"


def _case(finding: Finding, outcome: str, view: View) -> Iterator[str]:
    name = f"{view.title(view.requirement(finding))} ({finding.period})"
    yield f'<testcase name={_attribute(name)} classname={_attribute(finding.requirement_id)} time="0"'
    if not outcome:
        yield "/>\n"
        return
    said = f"{view.word(f'verdict.{finding.verdict}')}: {view.sentence(finding)}"
    places = "\n".join(view.places(finding, _SHOWN))
    yield f"><{outcome} message={_attribute(said)}>{escape(_holdable(places))}</{outcome}></testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(_holdable(text), {"\n": "&#10;", "\t": "&#9;"})


def _holdable(text: str) -> str:
    return pictured(text).translate(_NO_XML)
