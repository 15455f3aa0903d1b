"""What a pack says about points: all of its requirements or none, sums that come out, steps that can be counted."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from auditor.errors import Problem
from auditor.marked import Marked, Where
from auditor.measures.registry import measure_of
from auditor.model.requirement import Pack, Requirement
from auditor.model.scoring import Score
from auditor.packs.lint_words import number_problems


def scoring_problems(pack: Pack, marked: Marked) -> Iterator[Problem]:
    """Yield what is wrong with how a pack scores; nothing where it gives no points at all."""
    for at, each in enumerate(pack.requirements):
        path: Where = ("requirements", at)
        if each.score is not None and pack.scoring is None:
            yield Problem("pack.score_without_scoring", {"value": each.id}, marked.place((*path, "score")))
        elif each.score is None and pack.scoring is not None:
            yield Problem("pack.score_missing", {"value": each.id}, marked.place(path))
        elif each.score is not None:
            yield from _score(each, each.score, marked, path)
    if pack.scoring is not None:
        yield from _total(pack, marked)


def _total(pack: Pack, marked: Marked) -> Iterator[Problem]:
    assert pack.scoring is not None
    path: Where = ("scoring", "total")
    found = sum((each.score.points for each in pack.requirements if each.score), Decimal(0))
    if found != pack.scoring.total:
        figures = {"value": _shown(pack.scoring.total), "expected": _shown(found)}
        yield Problem("pack.points_do_not_add_up", figures, marked.place(path))
    yield from number_problems(pack.scoring.total, "total", marked, path)


def _score(requirement: Requirement, asked: Score, marked: Marked, path: Where) -> Iterator[Problem]:
    at = (*path, "score")
    is_veto = requirement.severity == "veto"
    if asked.veto != is_veto:
        figures = {"value": requirement.id, "expected": requirement.severity}
        yield Problem("pack.veto_in_one_place", figures, marked.place((*at, "veto")))
    if asked.deduct and (asked.cap > asked.points or not asked.points):
        figures = {"value": _shown(asked.cap or asked.deduct.each), "expected": _shown(asked.points)}
        yield Problem("pack.deducts_more_than_points", figures, marked.place((*at, "deduct")))
    if asked.deduct and measure_of(requirement).shape == "answer":
        yield Problem("pack.deduct_needs_number", {"value": requirement.id}, marked.place((*at, "deduct")))
    if asked.bonus and not _can_exceed(requirement):
        yield Problem("pack.bonus_needs_more", {"value": requirement.id}, marked.place((*at, "bonus")))
    numbers = {"points": asked.points, "cap": asked.cap}
    numbers |= {"each": asked.deduct.each, "per": asked.deduct.per} if asked.deduct else {}
    numbers |= {"ceiling": asked.bonus.ceiling} if asked.bonus else {}
    for key, number in numbers.items():
        yield from number_problems(number, key, marked, at)


def _can_exceed(requirement: Requirement) -> bool:
    """Return whether a value can be beyond what is asked: a number or a share that has to reach one."""
    threshold = requirement.threshold
    countable = (
        measure_of(requirement).shape in ("number", "share") and requirement.measure.kind != "deadline"
    )
    return countable and threshold is not None and threshold.op == ">="


def _shown(value: Decimal) -> str:
    return f"{value.normalize():f}"
