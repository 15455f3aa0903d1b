"""An audit summed up by a level of the tree of units: a row for each unit of it, with all units below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from auditor.errors import BadInput, Problem
from auditor.model.audit import Audit
from auditor.model.finding import VERDICTS, UnitResult

MOST_FAILED = 5


@dataclass(frozen=True)
class Failed:
    """A requirement, and the units that failed it without a waiver."""

    requirement_id: str
    unit_ids: tuple[str, ...]


@dataclass(frozen=True)
class RolledUp:
    """A unit of the level with all units below it; `unit_id` None: the units above the level, or the whole.

    `units` are all of them, `judged` those that have a score, `counts` their findings by verdict. `median` and `worst`
    are of the units' scores (None: nothing was judged), `worst_units` those that have the worst. `failed` are the
    requirements that most units failed, at most five, with `more_failed` others. `sent_nothing` are the units for which
    no table was supplied that a requirement of theirs reads.
    """

    unit_id: str | None
    name: str | None
    units: int
    judged: int
    counts: Mapping[str, int]
    median: Decimal | None
    worst: Decimal | None
    worst_units: tuple[str, ...]
    failed: tuple[Failed, ...]
    more_failed: int
    sent_nothing: tuple[str, ...]


@dataclass(frozen=True)
class RollUp:
    """The rows of a level, in the order of their ids; `above` are the units above it, `total` all of them."""

    level: int
    levels: int
    rows: tuple[RolledUp, ...]
    above: RolledUp | None
    total: RolledUp


def roll_up(audit: Audit, level: int | None = None) -> RollUp:
    """Return an audit summed up by a level, 1 the top; left out, the topmost level of more than one unit.

    A unit whose parent the data do not have stands at the top. Raises BadInput (`usage.no_such_level`) for a level
    that the tree does not have.
    """
    paths = {unit.unit_id: path for unit, path in zip(audit.units, _paths(audit.units), strict=True)}
    levels = max(map(len, paths.values()), default=1)
    chosen = level or _topmost_of_several(paths.values(), levels)
    if not 1 <= chosen <= levels:
        raise BadInput([Problem("usage.no_such_level", {"value": chosen, "expected": levels})])
    frame = _frame(
        audit, {unit: path[chosen - 1] if len(path) >= chosen else "" for unit, path in paths.items()}
    )
    failed = [(each.unit_id, each.requirement_id) for each in audit.issues()]
    silent = _sent_nothing(audit)
    names = {unit.unit_id: unit.name for unit in audit.units}
    of_group = {str(group): part for group, part in frame.groupby("group", sort=True)}
    rows = [_row(group, names.get(group), part, failed, silent) for group, part in of_group.items() if group]
    above = _row(None, None, of_group[""], failed, silent) if "" in of_group else None
    return RollUp(chosen, levels, tuple(rows), above, _row(None, None, frame, failed, silent))


def _paths(units: Sequence[UnitResult]) -> list[tuple[str, ...]]:
    """Return the ids from the top down to each unit."""
    parents = {unit.unit_id: unit.parent_id for unit in units}
    found: list[tuple[str, ...]] = []
    for unit in units:
        path, above = [unit.unit_id], unit.parent_id
        while above in parents and above is not None:
            path.append(above)
            above = parents[above]
        found.append(tuple(reversed(path)))
    return found


def _topmost_of_several(paths: Iterable[tuple[str, ...]], levels: int) -> int:
    depths = [len(path) for path in paths]
    return next((each for each in range(1, levels + 1) if depths.count(each) > 1), 1)


def _frame(audit: Audit, groups: Mapping[str, str]) -> pd.DataFrame:
    """Return a row for each unit: its group, its score in tenths (a blank: none), and its findings by verdict."""
    rows = [
        {"unit_id": unit.unit_id, "group": groups[unit.unit_id],
         "tenths": None if unit.score is None else int(unit.score * 10), **unit.counts}
        for unit in audit.units
    ]  # fmt: skip
    columns: dict[str, Any] = {"unit_id": object, "group": object, "tenths": "Int64"}
    columns |= dict.fromkeys(VERDICTS, "int64")
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _row(
    unit_id: str | None,
    name: str | None,
    part: pd.DataFrame,
    failed: Sequence[tuple[str, str]],
    silent: frozenset[str],
) -> RolledUp:
    members = frozenset(part["unit_id"])
    scores = part["tenths"].dropna()
    worst = None if scores.empty else int(scores.min())
    by_requirement: dict[str, list[str]] = defaultdict(list)
    for unit, requirement_id in failed:
        if unit in members:
            by_requirement[requirement_id].append(unit)
    most = sorted(by_requirement.items(), key=lambda each: (-len(each[1]), each[0]))
    return RolledUp(
        unit_id=unit_id,
        name=name,
        units=len(part),
        judged=len(scores),
        counts={verdict: int(part[verdict].sum()) for verdict in VERDICTS},
        median=None if scores.empty else _tenths(Decimal(str(scores.median()))),
        worst=None if worst is None else _tenths(Decimal(worst)),
        worst_units=tuple(sorted(part.loc[part["tenths"].eq(worst).fillna(value=False), "unit_id"]))
        if worst is not None
        else (),
        failed=tuple(Failed(requirement_id, tuple(units)) for requirement_id, units in most[:MOST_FAILED]),
        more_failed=max(0, len(most) - MOST_FAILED),
        sent_nothing=tuple(sorted(members & silent)),
    )


def _tenths(value: Decimal) -> Decimal:
    """Return a number of tenths as a score, rounded half up to one decimal."""
    return (value.quantize(Decimal(1), ROUND_HALF_UP) / 10).quantize(Decimal("0.1"))


def _sent_nothing(audit: Audit) -> frozenset[str]:
    """Return the units all of whose duties read a table that was not supplied for them."""
    nothing = {each.unit_id for each in audit.units if each.applicable}
    nothing -= {each.unit_id for each in audit.units if each.counts["insufficient_data"] != each.applicable}
    for finding in audit.findings(False) if nothing else ():
        if finding.verdict == "insufficient_data" and finding.reason != "table_missing":
            nothing.discard(finding.unit_id)
    return frozenset(nothing)
