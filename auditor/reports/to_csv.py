"""The findings as CSV, a row each, for Excel and WPS: UTF-8 with a byte-order mark, headers in the user's language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from auditor.model.audit import Audit
from auditor.model.finding import Finding
from auditor.reports.registry import Layout
from auditor.reports.view import View, place
from auditor.texts import sentences

_EVIDENCE_SHOWN = 20
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(audit: Audit, layout: Layout) -> Iterator[str]:
    """Yield the text, a finding a line, sorted by unit, requirement and period."""
    view = View(audit, layout.lang)
    names = {unit.unit_id: unit.name or "" for unit in audit.units}
    yield "\ufeff" + line(list(sentences("csv", layout.lang).values()))
    for finding in audit.findings(True):
        yield line(_cells(finding, names[finding.unit_id], view))


def _cells(finding: Finding, unit_name: str, view: View) -> list[Any]:
    requirement = view.requirement(finding)
    shown = finding.evidence[:_EVIDENCE_SHOWN]
    more = len(finding.evidence) - len(shown)
    places = [place(each) for each in shown] + ([f"+{more}"] if more else [])
    return [
        finding.unit_id, unit_name, requirement.id, requirement.clause, view.title(requirement), finding.period,
        view.word(f"verdict.{finding.verdict}"), view.word(f"severity.{requirement.severity}"),
        view.measured(finding), view.standard(finding), finding.shortfall, view.sentence(finding),
        "；".join(view.notes(finding)), "；".join(places),
    ]  # fmt: skip


def line(cells: list[Any]) -> str:
    """Return a row of a CSV that a spreadsheet opens as text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([_safe(cell) for cell in cells])
    return text.getvalue()


def _safe(cell: Any) -> str:
    """Return a cell as text that a spreadsheet never takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
