"""How much of a large audit one page shows, so that it opens: what is left out is always said."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.reports.digest import Digest

ISSUES_IN_FULL = 6_000
"""Failed requirements told with their periods and evidence: those of the worst units, as many as fit."""


@dataclass(frozen=True)
class Limits:
    """What is shown of one failed requirement: `periods`, of which `told` with at most `rows` of evidence each."""

    rows: int
    periods: int
    told: int


_STEPS = ((500, Limits(10, 60, 12)), (5_000, Limits(5, 12, 3)))
_FEWEST = Limits(2, 6, 1)


def limits(fails: int) -> Limits:
    """Return what is shown of each failed requirement: the more findings failed, the less."""
    return next((limit for most, limit in _STEPS if fails <= most), _FEWEST)


def told_in_full(digest: Digest) -> frozenset[str]:
    """Return the units whose issues are told in full, the worst first."""
    told, issues = set(), 0
    for unit in digest.ranking:
        issues += len(unit.failed) + len(unit.waived)
        if issues > ISSUES_IN_FULL:
            break
        told.add(unit.unit_id)
    return frozenset(told)
