"""Format name -> writer; an unknown name is an error, never a default."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from auditor.model.audit import Audit
from auditor.texts import Lang

WRITERS: dict[str, str] = {
    "table": "auditor.reports.to_table",
    "json": "auditor.reports.to_json",
    "jsonl": "auditor.reports.to_jsonl",
    "csv": "auditor.reports.to_csv",
    "html": "auditor.reports.to_html",
    "ics": "auditor.reports.to_ics",
    "oscal": "auditor.reports.to_oscal",
    "sarif": "auditor.reports.to_sarif",
    "junit": "auditor.reports.to_junit",
}
"""Each format and the module whose `write` lays it out; imported when it is used."""

COMPANIONS: dict[str, dict[str, str]] = {"oscal": {".poam.json": "auditor.reports.to_oscal_plan"}}
"""Formats of more than one document: how the file of each further one ends, beside the first, and its module."""

PLANNED = ("xlsx", "docx")
"""Formats that the contract names and this version does not have yet: refused, never replaced."""


@dataclass(frozen=True)
class Layout:
    """How a report is to be laid out: its language, and for the terminal the width and whether to say all."""

    lang: Lang = "zh"
    width: int = 100
    verbose: bool = False


Writer = Callable[[Audit, Layout], Iterator[str | bytes]]


def writer(name: str) -> Writer:
    """Return the writer of a format. Raises KeyError for one that is not built."""
    write: Writer = import_module(WRITERS[name]).write
    return write


def companions(name: str) -> dict[str, Writer]:
    """Return the writers of a format's further documents, by how their files end; one may have nothing to write."""
    return {ending: import_module(module).write for ending, module in COMPANIONS.get(name, {}).items()}
