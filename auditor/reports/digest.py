"""A whole audit as plain data, once for every report: units, requirements, their matrix, what is common, the method.

Everything here is in one language and small beside the findings: it comes from one pass over them without their
evidence. The findings themselves stay a stream; `auditor.reports.by_unit` and `auditor.reports.supervision` walk it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby

from auditor.model.audit import Audit
from auditor.model.finding import VERDICTS, Finding, Rating, ScoreLine, UnitResult, Verdict
from auditor.model.requirement import Requirement
from auditor.reports.data_notes import Notes, notes_of
from auditor.reports.method import Method, method_of
from auditor.reports.view import View
from auditor.texts import Lang

RATINGS: tuple[Rating, ...] = ("unqualified", "rectify", "improve", "qualified", "not_rated")
"""Every rating, the worst first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How a unit stands with a requirement over all periods.

    `verdict` is the worst of them in the order of `VERDICTS`; `counts` the findings by verdict in that order;
    `waived` how many of the fails a waiver covers, which opens no issue but changes no verdict.
    """

    verdict: Verdict
    counts: tuple[int, ...]
    waived: int
    marked: bool
    """Whether a finding is provisional, borderline or counted by a calendar that is not announced."""

    def count(self, verdict: Verdict) -> int:
        """Return how many findings have a verdict."""
        return self.counts[VERDICTS.index(verdict)]

    @property
    def fails(self) -> bool:
        """Whether a finding failed that no waiver covers: that there is an issue."""
        return self.count("fail") > self.waived

    @property
    def is_waived(self) -> bool:
        """Whether all that failed is covered by waivers."""
        return self.verdict == "fail" and not self.fails


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A requirement's line in the sum of a score: `earned` of `weight`, for `passed` of `judged` periods.

    One that was not judged (`judged` is 0) earns nothing and asks nothing: it is on neither side.
    """

    requirement_id: str
    clause: str
    title: str
    severity: str
    weight: int
    judged: int
    passed: int
    waived: int
    earned: Fraction


@dataclass(frozen=True)
class UnitSummary:
    """A unit as reports show it.

    `path` are the names from the top of the tree to the unit itself, `depth` its floor (the top: 1). `place` counts
    the rated units from the best, 1; those with the same rating and score share it (`tied`). `coverage` is
    judged ÷ applicable, None where nothing applied; `little_judged` marks a unit of which less than half was judged.
    """

    unit_id: str
    name: str
    path: tuple[str, ...]
    parent_id: str | None
    rating: Rating
    score: Decimal | None
    judged: int
    applicable: int
    counts: Mapping[str, int]
    score_rows: tuple[ScoreRow, ...]
    trace: tuple[str, ...]
    failed: tuple[str, ...]
    waived: tuple[str, ...]
    place: int | None
    tied: bool

    @property
    def depth(self) -> int:
        """The unit's floor in the tree, the top being 1."""
        return len(self.path)

    @property
    def coverage(self) -> Fraction | None:
        """How much of what applied could be judged."""
        return Fraction(self.judged, self.applicable) if self.applicable else None

    @property
    def little_judged(self) -> bool:
        """Whether less than half of what applied could be judged: its score says little."""
        return 2 * self.judged < self.applicable

    @property
    def weight_judged(self) -> int:
        """What the score could have earned."""
        return sum(row.weight for row in self.score_rows if row.judged)

    @property
    def weight_earned(self) -> Fraction:
        """What the score did earn."""
        return sum((row.earned for row in self.score_rows), Fraction(0))


@dataclass(frozen=True)
class RequirementSummary:
    """A requirement over all units: `counts` are findings by verdict, `unit_counts` units by their worst verdict.

    `failing` are the units with an issue, `waived` those whose fails are all covered; `bound` is how many owe it.
    """

    requirement: Requirement
    requirement_id: str
    clause: str
    title: str
    severity: str
    document: str
    counts: Mapping[str, int]
    unit_counts: Mapping[str, int]
    failing: tuple[str, ...]
    waived: tuple[str, ...]
    bound: int

    @property
    def judged_units(self) -> int:
        """How many units passed or failed it."""
        return self.unit_counts["pass"] + self.unit_counts["fail"]


@dataclass(frozen=True)
class Digest:
    """An audit as plain data in one language.

    `units` are sorted by id, `ranking` holds the same from the worst to the best; `requirements` stand in the order
    of their documents. `matrix` gives each unit's cells, one for each of `requirements`, None where the unit does not
    owe it. `common` are the requirements failed, by most units first. `counts` are the findings by verdict,
    `rating_counts` the units by rating.
    """

    lang: Lang
    units: tuple[UnitSummary, ...]
    ranking: tuple[UnitSummary, ...]
    requirements: tuple[RequirementSummary, ...]
    matrix: Mapping[str, tuple[Cell | None, ...]]
    common: tuple[RequirementSummary, ...]
    counts: Mapping[str, int]
    rating_counts: Mapping[str, int]
    notes: Notes
    method: Method

    @cached_property
    def unit(self) -> Mapping[str, UnitSummary]:
        """The units by id."""
        return {each.unit_id: each for each in self.units}

    @cached_property
    def requirement(self) -> Mapping[str, RequirementSummary]:
        """The requirements by id."""
        return {each.requirement_id: each for each in self.requirements}

    @property
    def issues(self) -> int:
        """How many issues there are: one for each unit and requirement that failed without a waiver."""
        return sum(len(each.failing) for each in self.requirements)


def digest(audit: Audit, lang: Lang) -> Digest:
    """Return an audit as plain data: one pass over its findings, and one over its questions."""
    view = View(audit, lang)
    ids = _in_document_order(audit)
    matrix = _matrix(audit, ids)
    requirements = tuple(_requirement(each, at, matrix, view) for at, each in enumerate(ids))
    units = _units(audit, ids, matrix, view)
    return Digest(
        lang=lang,
        units=units,
        ranking=tuple(sorted(units, key=_rank)),
        requirements=requirements,
        matrix=matrix,
        common=tuple(
            sorted(
                (each for each in requirements if each.failing),
                key=lambda each: -len(each.failing),
            )
        ),
        counts=audit.counts,
        rating_counts={rating: sum(each.rating == rating for each in units) for rating in RATINGS},
        notes=notes_of(audit, lang),
        method=method_of(audit, lang),
    )


def _in_document_order(audit: Audit) -> tuple[str, ...]:
    """Return the ids of the requirements as their documents have them, which is how readers look for a clause."""
    written = (each.id for pack in audit.provenance.packs for each in pack.requirements)
    return tuple(dict.fromkeys(each for each in written if each in audit.requirements))


def _rank(unit: UnitSummary | UnitResult) -> tuple[int, Decimal, str]:
    """Return the key that puts units from the worst to the best: the rating, then the score, then the id."""
    return RATINGS.index(unit.rating), Decimal(101) if unit.score is None else unit.score, unit.unit_id


def _matrix(audit: Audit, ids: tuple[str, ...]) -> dict[str, tuple[Cell | None, ...]]:
    """Return each unit's cells in the order of the requirements; equal cells are one object."""
    known: dict[Cell, Cell] = {}
    matrix: dict[str, tuple[Cell | None, ...]] = {unit.unit_id: (None,) * len(ids) for unit in audit.units}
    for unit_id, of_unit in groupby(audit.findings(False), key=lambda each: each.unit_id):
        cells: dict[str, Cell] = {}
        for requirement_id, findings in groupby(of_unit, key=lambda each: each.requirement_id):
            cell = _cell(findings)
            cells[requirement_id] = known.setdefault(cell, cell)
        matrix[unit_id] = tuple(cells.get(each) for each in ids)
    return matrix


def _cell(findings: Iterator[Finding]) -> Cell:
    counts = dict.fromkeys(VERDICTS, 0)
    waived, marked = 0, False
    for each in findings:
        counts[each.verdict] += 1
        waived += each.verdict == "fail" and each.waived is not None
        marked |= each.provisional or each.borderline or each.calendar is not None
    worst = next(verdict for verdict in VERDICTS if counts[verdict])
    return Cell(worst, tuple(counts.values()), waived, marked)


def _requirement(
    requirement_id: str, at: int, matrix: Mapping[str, tuple[Cell | None, ...]], view: View
) -> RequirementSummary:
    requirement = view.audit.requirements[requirement_id]
    column = [(unit_id, cell) for unit_id, cells in matrix.items() if (cell := cells[at])]
    return RequirementSummary(
        requirement=requirement,
        requirement_id=requirement_id,
        clause=requirement.clause,
        title=view.title(requirement),
        severity=requirement.severity,
        document=view.document(requirement),
        counts={verdict: sum(cell.count(verdict) for _, cell in column) for verdict in VERDICTS},
        unit_counts={verdict: sum(cell.verdict == verdict for _, cell in column) for verdict in VERDICTS},
        failing=tuple(unit_id for unit_id, cell in column if cell.fails),
        waived=tuple(unit_id for unit_id, cell in column if cell.is_waived),
        bound=len(column),
    )


def _units(
    audit: Audit, ids: tuple[str, ...], matrix: Mapping[str, tuple[Cell | None, ...]], view: View
) -> tuple[UnitSummary, ...]:
    places = _places(audit.units)
    return tuple(_unit(each, ids, matrix[each.unit_id], places, view) for each in audit.units)


def _places(units: tuple[UnitResult, ...]) -> dict[str, tuple[int | None, bool]]:
    """Return each unit's place from the best, and whether it shares it; None where nothing was judged."""
    best_first = sorted(units, key=_rank, reverse=True)
    rated = [each for each in best_first if each.rating != "not_rated"]
    places: dict[str, tuple[int | None, bool]] = {each.unit_id: (None, False) for each in units}
    before = 0
    for _, group in groupby(rated, key=lambda each: (each.rating, each.score)):
        same = list(group)
        places |= {each.unit_id: (before + 1, len(same) > 1) for each in same}
        before += len(same)
    return places


def _unit(
    unit: UnitResult,
    ids: tuple[str, ...],
    cells: tuple[Cell | None, ...],
    places: Mapping[str, tuple[int | None, bool]],
    view: View,
) -> UnitSummary:
    place, tied = places[unit.unit_id]
    return UnitSummary(
        unit_id=unit.unit_id,
        name=unit.name or unit.unit_id,
        path=(*(each.name or each.unit_id for each in unit.above), unit.name or unit.unit_id),
        parent_id=unit.parent_id,
        rating=unit.rating,
        score=unit.score,
        judged=unit.judged,
        applicable=unit.applicable,
        counts=unit.counts,
        score_rows=tuple(
            _score_row(each, view)
            for each in sorted(unit.score_lines, key=lambda line: ids.index(line.requirement_id))
        ),
        trace=tuple(view.traced(step) for step in unit.trace),
        failed=tuple(each for each, cell in zip(ids, cells, strict=True) if cell and cell.fails),
        waived=tuple(each for each, cell in zip(ids, cells, strict=True) if cell and cell.is_waived),
        place=place,
        tied=tied,
    )


def _score_row(line: ScoreLine, view: View) -> ScoreRow:
    requirement = view.audit.requirements[line.requirement_id]
    return ScoreRow(
        requirement_id=line.requirement_id,
        clause=requirement.clause,
        title=view.title(requirement),
        severity=requirement.severity,
        weight=line.weight,
        judged=line.judged,
        passed=line.passed,
        waived=line.waived,
        earned=Fraction(line.weight * line.passed, line.judged) if line.judged else Fraction(0),
    )
