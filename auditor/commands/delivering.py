"""What the `packs` commands hand over: a known format, to the screen or into a file that can be written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from auditor.commands.showing import show
from auditor.errors import BadInput, Problem
from auditor.packs.mistakes import near
from auditor.reports.writing import write_file


def check_delivery(format_name: str, formats: Sequence[str], out: Path | None) -> None:
    """Refuse before the work a format that there is not, and a place that cannot be written."""
    problems = []
    if format_name not in formats:
        figures = {"value": format_name, "expected": "、".join(formats)}
        problems.append(Problem("usage.unknown_format", figures, hint=near(format_name, formats)))
    if out is not None and ((out.exists() and not out.is_file()) or not out.parent.is_dir()):
        problems.append(Problem("usage.bad_place", {"value": str(out)}))
    if problems:
        raise BadInput(problems)


def deliver(parts: Iterable[str | bytes], out: Path | None) -> None:
    """Write the parts to a file, or to standard output where none is named."""
    if out is None:
        show(parts)
    else:
        write_file(out, parts)
