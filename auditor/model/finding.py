"""What an audit says: findings with their evidence, the units' results, the issues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Verdict = Literal["pass", "fail", "pending", "not_applicable", "insufficient_data"]
VERDICTS: tuple[Verdict, ...] = ("fail", "pending", "insufficient_data", "pass", "not_applicable")
"""Every verdict, in the order in which a report shows them: what needs an answer first."""

Number = int | Decimal
Rating = Literal["unqualified", "rectify", "improve", "qualified", "not_rated"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row of the supplied data that a finding rests on, or a subject with its own value.

    `row` is the number a spreadsheet shows; a fixed value as subject has no row (`file` is None).
    """

    file: str | None
    sheet: str | None
    row: int | None
    subject: str | None
    value: Number | None
    shortfall: Number | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of one unit in one period: an operator and a number, or two for `between`.

    `low` is None where nobody set it: no target, no ratio before. A share is a fraction, exact but for one
    measured before: that is rounded half up to six decimals, and `wanted` of `scale` say it exactly.
    """

    op: str
    low: Decimal | None
    high: Decimal | None
    wanted: int | None = None
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement, one unit, one period: measured and judged.

    `value` is a number, of a ratio the share rounded half up to six decimals, of attest the answer;
    `threshold` what was asked (attest: None). `figures` are what the sentence of `reason` names; in them
    `by` is the period's last day as ISO text.
    """

    unit_id: str
    requirement_id: str
    period: str
    verdict: Verdict
    value: Number | str | None
    numerator: int | None
    denominator: int | None
    threshold: Asked | None
    shortfall: Number | None
    provisional: bool
    forecast: Literal["on_track", "at_risk"] | None
    borderline: bool
    calendar: Literal["unannounced"] | None
    waived: str | None
    reason: str
    figures: Mapping[str, Any]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of the judgement: which rule fired on which facts.

    A finding reads `REQUIREMENT@PERIOD`, a failed requirement `REQUIREMENT`, a concluded fact `KIND` or
    `KIND:REQUIREMENT`.
    """

    rule: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One requirement's part of a unit's score: its weight, and how many of its judged periods passed.

    `waived` fails are not among the judged ones: they count on neither side.
    """

    requirement_id: str
    weight: int
    judged: int
    passed: int
    waived: int = 0


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit as people know it; a unit without a name goes by its id."""

    unit_id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class UnitResult:
    """A unit's score and rating. `judged` findings have pass or fail, `applicable` ones are not not_applicable.

    `score` is None and the rating `not_rated` where nothing was judged. `above` are the units above it, the top
    one first, whether they are audited or not; `score_lines` is what the score is the sum of, a requirement each.
    """

    unit_id: str
    name: str | None
    parent_id: str | None
    score: Decimal | None
    judged: int
    applicable: int
    counts: Mapping[str, int]
    rating: Rating
    trace: tuple[TraceStep, ...]
    above: tuple[UnitName, ...] = ()
    score_lines: tuple[ScoreLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """What is to be put right: one for each unit and requirement that failed and is not waived."""

    unit_id: str
    requirement_id: str
    periods: tuple[str, ...]
    severity: str
    repeat: bool
    clause: str
    responsible: Mapping[str, str]
    remedy: Mapping[str, str]
    rectify_within: int
