"""How much is needed in the time that is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from auditor.model.finding import Number


@dataclass(frozen=True)
class Pace:
    """What is needed by a day: over so many days and calendar months, those begun and the day itself included.

    `a_month` is how much each of the months has to bring, rounded up to a whole step (one, or a tenth of hours).
    `every` is in how many months one is enough; None where each month has to bring one or more.
    """

    days: int
    months: int
    a_month: Number
    every: int | None


def pace(needed: Number, as_of: date, by: date) -> Pace | None:
    """Return the pace at which what is needed is there by a day; None where no day is left."""
    first = as_of + timedelta(days=1)
    if by < first:
        return None
    months = (by.year - first.year) * 12 + by.month - first.month + 1
    whole = isinstance(needed, int)
    step = Decimal(1) if whole else Decimal("0.1")
    share = (Decimal(needed) / months).quantize(step, ROUND_CEILING)
    every = months // needed if isinstance(needed, int) and 0 < 2 * needed <= months else None
    return Pace((by - as_of).days, months, int(share) if whole else share, every)
