"""Audits of tables made up in memory, for tests: written to a folder of their own, audited, gone again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pack_files import write_pack
from second_reading.organisations import write_csv

from auditor.audit import Options, audit
from auditor.model.audit import Audit
from auditor.model.finding import Finding
from auditor.periods.period import Window
from auditor.tables.database import Database

Tables = Mapping[str, Sequence[Mapping[str, Any]] | None]
Cell = tuple[str, str, str]
YEAR_END = date(2024, 12, 31)
JUDGEMENT = (
    "verdict", "value", "numerator", "denominator", "shortfall", "provisional", "forecast", "borderline", "calendar",
    "waived", "reason",
)  # fmt: skip


def read(
    tables: Tables,
    pack: dict[str, Any] | str,
    of: Callable[[Audit], Any],
    *,
    window: Window | int = 2024,
    as_of: date | None = None,
    write: Callable[[Any, Path], Path | Database | None] = write_csv,
    **more: Any,
) -> Any:
    """Audit the tables as `write` puts them into a folder, and return what `of` makes of the audit.

    What `write` returns is the data, if that is not the folder. `more` are further options of the audit, such as
    `units`.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = write(tables, folder / "data") or folder / "data"
        chosen = pack if isinstance(pack, str) else write_pack(pack, folder / "pack.yaml")
        with audit(data, [chosen], window, Options(as_of=as_of, judged_by="plain", **more)) as done:
            return of(done)


def findings(tables: Tables, pack: dict[str, Any] | str, **how: Any) -> dict[Cell, Finding]:
    """Return the findings of an audit, with their evidence, by unit, requirement and period."""
    found: list[Finding] = read(tables, pack, lambda done: list(done.findings(True)), **how)
    assert len({cell(each) for each in found}) == len(found)
    return {cell(each): each for each in found}


def cell(finding: Finding) -> Cell:
    """Return what a finding is about."""
    return (finding.unit_id, finding.requirement_id, finding.period)


def judgement(finding: Finding) -> tuple[Any, ...]:
    """Return everything that a finding says, apart from where its rows stand."""
    rows = sorted((each.subject or "", str(each.value), str(each.shortfall)) for each in finding.evidence)
    return (*(getattr(finding, key) for key in JUDGEMENT), dict(finding.figures), rows)


def judgements(found: Mapping[Cell, Finding]) -> dict[Cell, tuple[Any, ...]]:
    """Return what every finding says, apart from where its rows stand."""
    return {where: judgement(finding) for where, finding in found.items()}
