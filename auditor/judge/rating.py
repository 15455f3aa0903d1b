"""Findings -> each unit's score and rating, and the issues."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from auditor.engines.duckdb import DuckDBEngine
from auditor.judge.escalation import escalate
from auditor.judge.findings import Tally, stream_failed, stream_tallies, unit_rows, unit_tree
from auditor.judge.rules import Escalation
from auditor.judge.ruling import FailedFinding, Ruling
from auditor.judge.score import WEIGHTS, score
from auditor.model.finding import VERDICTS, Issue, ScoreLine, UnitName, UnitResult
from auditor.model.measurement import Measurement


def rate(
    measurements: Sequence[Measurement], escalation: Escalation, engine: DuckDBEngine, judged_by: str = "auto"
) -> tuple[tuple[UnitResult, ...], Callable[[], Iterator[Issue]], str]:
    """Return every unit's result sorted by id, a reader of the issues, and which engine judged.

    Failed findings go to the forward-chaining engine a unit at a time; a fail that a waiver covers does not.
    """
    by_number = {each.number: each for each in measurements}
    rulings, judge = escalate(_failed(by_number, engine), escalation, judged_by=judged_by)
    by_unit = {ruling.unit_id: ruling for ruling in rulings}
    tallies = groupby(stream_tallies(engine), key=lambda tally: tally.unit_id)
    lines = {unit_id: _Lines(group, by_number) for unit_id, group in tallies}
    tree = unit_tree(engine)
    units = tuple(
        _result(row, lines.get(row[0]) or _Lines((), by_number), by_unit.get(row[0]), _above(row[2], tree))
        for row in unit_rows(engine)
    )
    repeats = {unit_id: frozenset(ruling.repeats) for unit_id, ruling in by_unit.items() if ruling.repeats}
    return units, lambda: _issues(by_number, repeats, engine), judge


def _failed(
    by_number: Mapping[int, Measurement], engine: DuckDBEngine
) -> Iterator[tuple[str, Sequence[FailedFinding]]]:
    for unit_id, rows in groupby(stream_failed(engine), key=lambda row: row[0]):
        yield unit_id, [_failed_finding(row, by_number) for row in rows]


def _failed_finding(row: tuple[Any, ...], by_number: Mapping[int, Measurement]) -> FailedFinding:
    _, number, period, ordinal = row
    requirement = by_number[number].requirement
    return FailedFinding(requirement.id, requirement.severity, requirement.scheme, period, ordinal)


class _Lines:
    """A unit's tallies added up: what its score and its counts are made of."""

    def __init__(self, tallies: Iterator[Tally] | tuple[()], by_number: Mapping[int, Measurement]) -> None:
        self.counts: dict[str, int] = dict.fromkeys(VERDICTS, 0)
        self.lines: list[ScoreLine] = []
        for tally in tallies:
            requirement = by_number[tally.number].requirement
            for verdict, count in tally.counts.items():
                self.counts[verdict] += count
            passed = tally.counts["pass"]
            judged = passed + tally.counts["fail"] - tally.waived
            weight = WEIGHTS[requirement.severity]
            self.lines.append(ScoreLine(requirement.id, weight, judged, passed, tally.waived))


def _above(parent_id: str | None, tree: Mapping[str, tuple[str | None, str | None]]) -> tuple[UnitName, ...]:
    """Return the units above, the top one first; the intake has refused circles."""
    above: list[UnitName] = []
    while parent_id is not None and parent_id in tree:
        name, next_above = tree[parent_id]
        above.insert(0, UnitName(parent_id, name))
        parent_id = next_above
    return tuple(above)


def _result(
    unit: tuple[str, str | None, str | None],
    lines: _Lines,
    ruling: Ruling | None,
    above: tuple[UnitName, ...],
) -> UnitResult:
    unit_id, name, parent_id = unit
    judged = lines.counts["pass"] + lines.counts["fail"]
    applicable = sum(lines.counts.values()) - lines.counts["not_applicable"]
    rating: Any = ruling.rating if ruling else None
    return UnitResult(
        unit_id=unit_id,
        name=name,
        parent_id=parent_id,
        score=score(lines.lines),
        judged=judged,
        applicable=applicable,
        counts=lines.counts,
        rating=rating or ("qualified" if judged else "not_rated"),
        trace=ruling.trace if ruling else (),
        above=above,
        score_lines=tuple(lines.lines),
    )


def _issues(
    by_number: Mapping[int, Measurement], repeats: Mapping[str, frozenset[str]], engine: DuckDBEngine
) -> Iterator[Issue]:
    """Yield one issue for each unit and requirement that failed without a waiver, in their order."""
    for (unit_id, number), rows in groupby(stream_failed(engine), key=lambda row: (row[0], row[1])):
        requirement = by_number[number].requirement
        yield Issue(
            unit_id=unit_id,
            requirement_id=requirement.id,
            periods=tuple(row[2] for row in rows),
            severity=requirement.severity,
            repeat=requirement.id in repeats.get(unit_id, ()),
            clause=requirement.clause,
            responsible=requirement.responsible.model_dump(),
            remedy=requirement.remedy.model_dump(),
            rectify_within=requirement.rectify_working_days,
        )
