"""The supervision list: what each unit is to put right, as the office sends it out. One row an issue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from auditor.model.audit import Audit
from auditor.model.finding import Finding, Issue
from auditor.reports.view import View

Grade = Literal["notice", "supervision_order"]


@dataclass(frozen=True, slots=True)
class FailedPeriod:
    """One period that failed: measured against required, what is short, and the sentence that says so."""

    period: str
    measured: str
    required: str
    shortfall: str
    sentence: str
    provisional: bool


@dataclass(frozen=True)
class SupervisionRow:
    """A row of the supervision list.

    `number` counts from 1. The basis is `document` and `clause`. `within` are the working days from the day after
    notification; `deadline` is known only once somebody was notified. A fault that repeated is answered by a
    supervision order (督办单), any other by a notice (提示函): `grade`.
    """

    number: int
    unit_id: str
    unit: str
    requirement_id: str
    title: str
    document: str
    clause: str
    severity: str
    failed: tuple[FailedPeriod, ...]
    remedy: str
    responsible: str
    within: int
    deadline: date | None
    repeat: bool
    grade: Grade


def supervision(audit: Audit, view: View) -> Iterator[SupervisionRow]:
    """Yield the rows in the order of the issues: by unit and requirement. Two streams walk in step; none is held."""
    names = {unit.unit_id: unit.name or unit.unit_id for unit in audit.units}
    failed = (each for each in audit.findings(False) if each.verdict == "fail" and each.waived is None)
    grouped = groupby(failed, key=lambda each: (each.unit_id, each.requirement_id))
    for number, (issue, (key, findings)) in enumerate(zip(audit.issues(), grouped, strict=True), start=1):
        assert key == (issue.unit_id, issue.requirement_id)
        yield _row(number, issue, names[issue.unit_id], findings, view)


def _row(number: int, issue: Issue, unit: str, findings: Iterator[Finding], view: View) -> SupervisionRow:
    requirement = view.audit.requirements[issue.requirement_id]
    return SupervisionRow(
        number=number,
        unit_id=issue.unit_id,
        unit=unit,
        requirement_id=issue.requirement_id,
        title=view.title(requirement),
        document=view.document(requirement),
        clause=issue.clause,
        severity=issue.severity,
        failed=tuple(_period(each, view) for each in findings),
        remedy=issue.remedy[view.lang],
        responsible=issue.responsible[view.lang],
        within=issue.rectify_within,
        deadline=None,
        repeat=issue.repeat,
        grade="supervision_order" if issue.repeat else "notice",
    )


def _period(finding: Finding, view: View) -> FailedPeriod:
    return FailedPeriod(
        period=finding.period,
        measured=view.measured(finding),
        required=view.standard(finding),
        shortfall=view.shortfall(finding),
        sentence=view.sentence(finding),
        provisional=finding.provisional,
    )
