"""How a pack scores in points, as assessment tables do; a pack that says nothing is scored by the weights of severity.

scoring: {total: 100, bonus_ceiling: 5}
requirements:
  - id: …
    score: {points: 10, deduct: {each: 2, cap: 8}, bonus: {each: 1, ceiling: 3}}
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from auditor.model.record import Exact, Record

NotBelow0 = Annotated[Exact, Field(ge=0)]
Above0 = Annotated[Exact, Field(gt=0)]


class Deduct(Record):
    """What a failure takes off: `each` for every `per` that is missing (one begun counts), at most `cap`.

    `per` is in the value's own unit; of a share a percentage (`1%`) means percentage points. Without `cap` the
    points themselves are the limit.
    """

    each: Above0
    per: Above0 = Decimal(1)
    cap: Above0 | None = None


class Bonus(Record):
    """What is added: `each` for every full `per` beyond what is asked, at most `ceiling`."""

    each: Above0
    per: Above0 = Decimal(1)
    ceiling: Above0


class Score(Record):
    """What a requirement is worth. Without `deduct` a failed period loses its whole share of the points.

    `veto` is the one vote: failed and not waived, the unit's score is 0.
    """

    points: NotBelow0 = Decimal(0)
    deduct: Deduct | None = None
    bonus: Bonus | None = None
    veto: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Score:
        if not (self.model_fields_set & {"points", "bonus"}) and not self.veto:
            raise ValueError("pack.score_says_nothing")
        return self

    @property
    def cap(self) -> Decimal:
        """The most that is deducted."""
        return self.points if self.deduct is None or self.deduct.cap is None else self.deduct.cap

    @property
    def is_bonus_only(self) -> bool:
        """Whether it only ever adds: then the requirement may ask for nothing, and never fails."""
        return self.bonus is not None and not self.points and not self.veto


class Scoring(Record):
    """A table's points in all, and the most that all bonuses together add (open where it is not said)."""

    total: Above0
    bonus_ceiling: Above0 | None = None
