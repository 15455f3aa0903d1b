"""A unit's score in words: each line of it, and how the lines add up; and how a pack scores, for those who read it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from auditor.model.finding import ScoreLine, ScoreSum
from auditor.model.requirement import Requirement
from auditor.model.scoring import Score, Scoring
from auditor.texts import Lang, say

_HUNDREDTHS = 2


def scoring_in_words(scoring: Scoring, lang: Lang) -> str:
    """Return how a pack scores: the total, and the ceiling of all bonuses."""
    figures = {"total": plain(scoring.total)}
    if scoring.bonus_ceiling is None:
        return say("scoring", "total", figures, lang)
    return say("scoring", "total.bonus", {**figures, "ceiling": plain(scoring.bonus_ceiling)}, lang)


def score_in_words(requirement: Requirement, lang: Lang) -> str | None:
    """Return what a requirement is worth; None where its pack gives no points."""
    asked = requirement.score
    return None if asked is None else say("scoring", "join", {}, lang).join(_worth(asked, requirement, lang))


def _worth(asked: Score, requirement: Requirement, lang: Lang) -> Iterator[str]:
    def said(code: str, **figures: Any) -> str:
        return say("scoring", code, figures, lang)

    yield said("points", points=plain(asked.points)) if asked.points else said("no_points")
    if asked.deduct:
        per, unit = _step(asked.deduct.per, requirement, lang)
        yield said("deduct", per=per, unit=unit, each=plain(asked.deduct.each), cap=plain(asked.cap))
    elif asked.points:
        yield said("all_or_nothing")
    if asked.bonus:
        per, unit = _step(asked.bonus.per, requirement, lang)
        yield said(
            "bonus", per=per, unit=unit, each=plain(asked.bonus.each), ceiling=plain(asked.bonus.ceiling)
        )
    if asked.veto:
        yield said("deduct.veto")


def _step(per: Decimal, requirement: Requirement, lang: Lang) -> tuple[str, str]:
    """Return what a step is counted in: how many of which unit."""
    shape = requirement.measure.shape
    if shape == "share" and per < 1:
        return plain(per * 100), say("scoring", "unit.percentage", {}, lang)
    if shape in ("breaches", "subjects"):
        return plain(per), say(
            "scoring", "unit.records" if shape == "breaches" else "unit.subjects", {}, lang
        )
    return plain(per), requirement.value_unit.in_language(lang) if requirement.value_unit else ""


def line_in_words(line: ScoreLine, by: str, requirement: Requirement, lang: Lang) -> str:
    """Return the arithmetic of one line: what it weighs, what it lost and why, what it gained."""
    return say("scoring", "join", {}, lang).join(_line(line, by, requirement.score, lang))


def _line(line: ScoreLine, by: str, asked: Score | None, lang: Lang) -> Iterator[str]:
    figures: dict[str, Any] = {
        "weight": plain(line.weight), "judged": line.judged, "passed": line.passed, "missing": line.missing,
        "gained": plain(line.gained), "deducted": plain(line.deducted or 0), "extra": line.extra,
        "bonus": plain(line.bonus), "waived": line.waived,
    }  # fmt: skip

    def said(code: str, **more: Any) -> str:
        return say("scoring", f"line.{code}", {**figures, **more}, lang)

    if line.weight:
        yield said(by)
    if line.is_veto:
        yield said("veto")
    if not line.judged:
        yield said("not_judged")
    elif line.deducted is not None and asked and asked.deduct:
        code = "capped" if line.is_capped else "deducted"
        yield said(code, each=plain(asked.deduct.each)) if line.deducted else said("kept")
    elif not line.weight:
        yield said("kept_duty" if line.passed == line.judged else "missed_duty")
    elif line.judged > 1:
        yield said("periods")
    else:
        yield said("passed" if line.passed else "failed")
    if line.extra and asked and asked.bonus:
        code = "bonus_at_ceiling" if line.bonus < asked.bonus.each * line.extra else "bonus"
        yield said(code, each=plain(asked.bonus.each))
    if line.waived:
        yield said("waived")


def sum_in_words(found: ScoreSum, lang: Lang) -> str:
    """Return how the lines add up to the score."""
    if found.score is None:
        return say("scoring", "sum.none", {}, lang)
    if found.vetoed_by:
        figures: dict[str, Any] = {"vetoed_by": "、".join(found.vetoed_by), "before": found.before_veto}
        return say("scoring", "sum.vetoed", figures, lang)
    figures = {
        "total": plain(found.total), "gained": plain(found.gained), "judged": plain(found.judged),
        "bonus": plain(found.bonus), "all": plain(found.bonus_of_lines), "score": found.score,
    }  # fmt: skip
    capped = "sum.bonus_capped" if found.bonus < found.bonus_of_lines else "sum.bonus"
    return say("scoring", capped if found.bonus else "sum", figures, lang)


def plain(value: Decimal | Fraction | int) -> str:
    """Return a figure as people write it, rounded half up to hundredths where it has more."""
    return f"{rounded(value, _HUNDREDTHS).normalize():f}"


def rounded(value: Decimal | Fraction | int, places: int = 6) -> Decimal:
    """Return a figure rounded half up."""
    exact = Fraction(value)
    scaled = (2 * exact.numerator * 10**places + exact.denominator) // (2 * exact.denominator)
    return Decimal(scaled).scaleb(-places)
