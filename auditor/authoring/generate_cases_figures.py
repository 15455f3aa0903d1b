"""The arithmetic of generated cases: what a number, a share, a stretch is worth against what is asked.

Written from the words of the rule, in plain fractions and days, and from nothing that an audit computes: `packs test`
holds the one against the other.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from auditor.periods.period import Period

Number = int | Fraction
Figures = dict[str, Any]
"""The keys of `want` beside unit and period."""


def meets(op: str, value: Number, low: Number, high: Number) -> bool:
    """Return whether a number meets a threshold; `high` is the upper number of `between`, else the same."""
    return {
        ">=": value >= low,
        ">": value > low,
        "<=": value <= high,
        "==": value == low,
        "between": low <= value <= high,
    }[op]


def lack(op: str, value: Number, low: Number, high: Number) -> Number:
    """Return how far a number that misses is off: the steps to the next one that meets."""
    if op == ">":
        return low - value + 1
    return low - value if value < low else value - high


def over(op: str, value: Number, low: Number, high: Number) -> Figures:
    """Return what is wanted of a number once the period is over."""
    if meets(op, value, low, high):
        return {"verdict": "pass", "value": plain(value), "shortfall": None, "reason": "met"}
    return {
        "verdict": "fail",
        "value": plain(value),
        "shortfall": plain(lack(op, value, low, high)),
        "reason": missed(op, value, low),
    }


def missed(op: str, value: Number, low: Number) -> str:
    """Return the reason of a number that misses."""
    if op == "==":
        return "not_equal"
    return "below_threshold" if op == ">" or value < low else "above_threshold"


def before_the_end(op: str, value: Number, low: Number, high: Number, gone: int, days: int) -> Figures:
    """Return what is wanted of a number that can only grow, when `gone` of the period's days are gone."""
    found = over(op, value, low, high)
    if found["verdict"] == "pass":
        return {**found, "provisional": op not in (">=", ">")}
    if op == "<=" or (op in ("==", "between") and value > high):
        return {**found, "provisional": False}
    return {**found, "verdict": "pending", "forecast": forecast(value, low, gone, days)}


def forecast(value: Number, low: Number, gone: int, days: int) -> str:
    """Return the forecast: on track while the value keeps the pace and nine tenths of the days are not gone."""
    keeps_pace = value >= floor(Fraction(low) * gone / days)
    return "on_track" if keeps_pace and Fraction(gone, days) < Fraction(9, 10) else "at_risk"


def share(op: str, numerator: int, denominator: int, asked: Fraction) -> Figures:
    """Return what is wanted of a ratio once the period is over."""
    reached = asked * denominator
    found: Figures = {
        "verdict": "pass" if meets(op, numerator, reached, reached) else "fail",
        "value": six_decimals(numerator, denominator),
        "numerator": numerator,
        "denominator": denominator,
    }
    if found["verdict"] == "pass":
        return {**found, "shortfall": None, "reason": "met"}
    needed = {">=": ceil(reached), ">": floor(reached) + 1, "<=": floor(reached)}[op]
    return {**found, "shortfall": abs(needed - numerator), "reason": missed(op, numerator, reached)}


def six_decimals(numerator: int, denominator: int) -> int | float:
    """Return a share as a reader sees it: rounded half up to six decimals."""
    exact = Decimal(numerator) / Decimal(denominator)
    shown = exact.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    return int(shown) if shown == shown.to_integral_value() else float(shown)


def plain(value: Number | Decimal) -> int | float:
    """Return a number as YAML writes it."""
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else float(exact)


def days_of(period: Period) -> int:
    """Return how many days a period has."""
    return (period.last_on - period.first_on).days + 1


def months_later(day: date, months: int) -> date:
    """Return the day so many months later; a day that the month lacks becomes its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def stretch(earlier: date, later: date, step: str) -> int:
    """Return the length of a stretch: calendar days, or the least number of months that reaches the later day."""
    if step == "days":
        return (later - earlier).days
    months = 0
    while months_later(earlier, months) < later:
        months += 1
    return months


def longest(days: list[date], first_on: date, last_on: date, step: str) -> int:
    """Return the longest stretch from the first day over the days to the last."""
    marks = [first_on, *sorted(days), last_on]
    return max(stretch(marks[at], marks[at + 1], step) for at in range(len(marks) - 1))
