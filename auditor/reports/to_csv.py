"""The findings as CSV, a row each, for Excel and WPS: UTF-8 with a byte-order mark, headers in the user's language.

A cell that a spreadsheet would take for a formula gets an apostrophe before it. Nothing else keeps every program
from computing it: quotes are gone before a cell is looked at (Excel, WPS and LibreOffice alike), a blank or a tab
before the sign is skipped by some and kept by none, and `="…"` would itself be a formula. The apostrophe shows, and
can be taken off again without loss (`unguarded`). Numbers of our own stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from auditor.model.audit import Audit
from auditor.model.finding import Finding
from auditor.reports.registry import Layout
from auditor.reports.view import View, path, place
from auditor.texts import sentences

_EVIDENCE_SHOWN = 20
_FORMULA = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060\ufeff']*[=+\-@＝＋－＠\t\r\n]")
"""What begins like a formula: after blanks and unseen signs, one of these, also full-width as a Chinese Excel reads it.

An apostrophe before it counts among the unseen signs, so that ours can be told from one that was there.
"""


def write(audit: Audit, layout: Layout) -> Iterator[str]:
    """Yield the text, a finding a line, sorted by unit, requirement and period."""
    view = View(audit, layout.lang)
    named = {unit.unit_id: (unit.name or "", path(unit)) for unit in audit.units}
    yield "\ufeff" + line(list(sentences("csv", layout.lang).values()))
    for finding in audit.findings(True):
        yield line(_cells(finding, *named[finding.unit_id], view))


def _cells(finding: Finding, unit_name: str, unit_path: str, view: View) -> list[Any]:
    requirement = view.requirement(finding)
    shown = finding.evidence[:_EVIDENCE_SHOWN]
    more = len(finding.evidence) - len(shown)
    places = [place(each) for each in shown] + ([f"+{more}"] if more else [])
    return [
        finding.unit_id, unit_name, unit_path, requirement.id, view.document(requirement), requirement.clause,
        view.title(requirement), finding.period,
        view.word(f"verdict.{finding.verdict}"), view.word(f"severity.{requirement.severity}"),
        view.measured(finding), view.standard(finding), finding.shortfall, view.sentence(finding),
        "；".join(view.notes(finding)), "；".join(places),
    ]  # fmt: skip


def line(cells: list[Any]) -> str:
    """Return a row of a CSV that a spreadsheet opens as text."""
    text = io.StringIO()
    # With these ends of lines the module quotes a cell that holds either sign of them.
    csv.writer(text, lineterminator="\r\n").writerow([_safe(cell) for cell in cells])
    return text.getvalue().removesuffix("\r\n") + "\n"


def _safe(cell: Any) -> str:
    return "" if cell is None else guarded(cell) if isinstance(cell, str) else str(cell)


def guarded(text: str) -> str:
    """Return a text that a spreadsheet never takes for a formula; `unguarded` gives it back."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text that a cell of the report stands for."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
