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
    "csv": "auditor.reports.to_csv",
    "html": "auditor.reports.to_html",
}
"""Each format and the module whose `write` lays it out; imported when it is used."""

PLANNED = ("xlsx", "docx", "oscal", "ics")
"""Formats that the contract names and this version does not have yet: refused, never replaced."""


@dataclass(frozen=True)
class Layout:
    """How a report is to be laid out: its language, and for the terminal the width, whether to say all, and colours."""

    lang: Lang = "zh"
    width: int = 80
    verbose: bool = False
    colour: bool = False


Writer = Callable[[Audit, Layout], Iterator[str | bytes]]


def writer(name: str) -> Writer:
    """Return the writer of a format. Raises KeyError for one that is not built."""
    write: Writer = import_module(WRITERS[name]).write
    return write
