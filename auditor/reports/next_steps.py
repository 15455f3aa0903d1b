"""What to do next, told from an audit as it stands: plain figures, for every format that opens with a summary."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.audit import Audit


@dataclass(frozen=True)
class NextSteps:
    """What an audit leaves to be done.

    `issues` are those to be put right, by severity; `failed_by` how many units failed each requirement, most first;
    `missing` how many findings each table that was not supplied leaves unsaid; `at_risk` the pending findings that lag,
    and `due` the first last day of them; `unchecked` the findings that wait for a person's check; `waived` the fails
    that a waiver covers; `borderline` those that another counting of working days would turn, and their units.
    """

    issues: Mapping[str, int]
    failed_by: tuple[tuple[str, int], ...]
    missing: tuple[tuple[str, int], ...]
    at_risk: int
    due: str | None
    unchecked: int
    waived: int
    borderline: int
    borderline_units: frozenset[str]


def next_steps(audit: Audit) -> NextSteps:
    """Return what an audit leaves to be done; reads its findings once, without the evidence."""
    severities: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for issue in audit.issues():
        severities[issue.severity] += 1
        failed[issue.requirement_id] += 1
    seen: dict[str, int] = defaultdict(int)
    missing: Counter[str] = Counter()
    due: list[str] = []
    borderline: Counter[str] = Counter()
    for finding in audit.findings(False):
        seen["waived"] += finding.waived is not None
        seen["unchecked"] += finding.reason == "not_attested"
        borderline.update([finding.unit_id] if finding.borderline else ())
        if finding.reason == "table_missing":
            missing.update(finding.figures.get("tables", ()))
        if finding.forecast == "at_risk" and finding.verdict == "pending":
            due.append(str(finding.figures["by"]))
    return NextSteps(
        issues={each: severities[each] for each in ("veto", "major", "minor") if severities[each]},
        failed_by=tuple(sorted(failed.items(), key=lambda each: (-each[1], each[0]))),
        missing=tuple(sorted(missing.items(), key=lambda each: (-each[1], each[0]))),
        at_risk=len(due),
        due=min(due, default=None),
        unchecked=seen["unchecked"],
        waived=seen["waived"],
        borderline=borderline.total(),
        borderline_units=frozenset(borderline),
    )
