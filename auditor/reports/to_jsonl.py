"""The audit as JSON Lines: one object a line, each saying its `kind`; what the JSON says, for programs that stream."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.audit import Audit
from auditor.reports.json_text import json_line
from auditor.reports.registry import Layout
from auditor.reports.to_json import records


def write(audit: Audit, layout: Layout) -> Iterator[str]:
    """Yield the lines: where the audit comes from, then findings, units, issues, notes on the data, questions."""
    for kind, record in records(audit):
        # No line may be split by a reader that takes these for ends of lines, as Python's splitlines does.
        text = json_line({"kind": kind, **record})
        yield text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085") + "\n"
