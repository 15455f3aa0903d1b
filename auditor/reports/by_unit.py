"""The findings of one unit after another, what needs an answer first, with no more evidence than a page can show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from auditor.model.audit import Audit
from auditor.model.finding import VERDICTS, Finding

_SEVERITIES = ("veto", "major", "minor")


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with the evidence that is shown, what is off first; `left_out` rows more there are."""

    finding: Finding
    left_out: int


def by_unit(audit: Audit, *, most: int) -> Iterator[tuple[str, list[Shown]]]:
    """Yield each unit with its findings: failing first, then by severity, requirement and period.

    Units come sorted by id. `most` rows of evidence are kept of each finding; 0 reads none. One unit is held at a time.
    """
    for unit_id, findings in groupby(audit.findings(most > 0), key=lambda each: each.unit_id):
        shown = [capped(each, most) for each in findings]
        yield unit_id, sorted(shown, key=lambda each: _urgency(each.finding, audit))


def capped(finding: Finding, most: int) -> Shown:
    """Return a finding with at most so many rows of evidence: what is off first, then the rest in order."""
    rows = finding.evidence
    if len(rows) <= most:
        return Shown(finding, 0)
    off = [each for each in rows if each.shortfall is not None]
    rest = (each for each in rows if each.shortfall is None)
    kept = [*off[:most], *(each for _, each in zip(range(most - len(off)), rest, strict=False))]
    return Shown(replace(finding, evidence=tuple(kept)), len(rows) - len(kept))


def _urgency(finding: Finding, audit: Audit) -> tuple[int, bool, int, str, str]:
    severity = audit.requirements[finding.requirement_id].severity
    return (
        VERDICTS.index(finding.verdict),
        finding.waived is not None,
        _SEVERITIES.index(severity),
        finding.requirement_id,
        finding.period,
    )
