"""Which rows a `where` keeps, and which conditions of a `must` a row breaks (the design's section 3)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .days import lead_working_days, touches_unannounced

Row = dict[str, Any]
Tables = dict[str, "list[Row] | None"]

KEYS = {
    "units": "unit_id",
    "posts": "post_id",
    "activities": "activity_id",
    "approvals": "approval_id",
    "publications": "publication_id",
    "submissions": "submission_id",
    "assets": "asset_id",
    "rectifications": "rectification_id",
    "waivers": "waiver_id",
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OPERATORS = (">=", "<=", "==", ">", "<")


def exact(number: Any) -> int | Fraction:
    """Return a number exactly: an int where it is whole, else a Fraction; `35%` is 7/20."""
    if isinstance(number, str) and number.strip().endswith("%"):
        fraction = Fraction(number.strip()[:-1]) / 100
    else:
        fraction = Fraction(str(number))
    return int(fraction) if fraction.denominator == 1 else fraction


def is_number(value: Any) -> bool:
    """Say whether a value is a number; a boolean is none."""
    return isinstance(value, int | float | Decimal | Fraction) and not isinstance(value, bool)


def as_compared(value: Any, like: Any, year: int) -> Any:
    """Return a value of a pack as the type of the cell it is compared with; `05-31` is a day of the year."""
    if isinstance(like, date) and isinstance(value, str):
        if re.fullmatch(r"\d\d-\d\d", value):
            return date(year, int(value[:2]), int(value[3:]))
        return date.fromisoformat(value)
    if is_number(like):
        return exact(value)
    return value


def compare(left: Any, op: str, right: Any) -> bool:
    """Compare two values that are not blank."""
    if is_number(left):
        left, right = exact(left), exact(right)
    match op:
        case ">=":
            return bool(left >= right)
        case "<=":
            return bool(left <= right)
        case "==":
            return bool(left == right)
        case ">":
            return bool(left > right)
        case "<":
            return bool(left < right)
    raise ValueError(f"no such operator: {op}")


def holds(cell: Any, wanted: Any, year: int) -> bool:
    """Say whether a cell equals the wanted value, or, as choices, contains it; a blank equals nothing."""
    if cell is None:
        return False
    if isinstance(cell, tuple):
        return wanted in cell
    return bool(cell == as_compared(wanted, cell, year))


def matches(row: Row, where: dict[str, Any], year: int) -> bool:
    """Say whether the row passes every line of the `where`."""
    for key, wanted in where.items():
        column, _, operator = key.partition(" ")
        cell = row.get(column)
        wanted_ones = list(wanted) if isinstance(wanted, list | tuple) else [wanted]
        if operator == "":
            if not any(holds(cell, one, year) for one in wanted_ones):
                return False
        elif operator == "not":
            if any(holds(cell, one, year) for one in wanted_ones):
                return False
        elif cell is None or not compare(cell, operator, as_compared(wanted, cell, year)):
            return False
    return True


@dataclass(frozen=True)
class Outcome:
    """What one condition says of one row; `measured` and `lack` only where it measures a number."""

    is_kept: bool
    is_measurable: bool = False
    measured: int | Fraction | None = None
    lack: int | Fraction | None = None
    is_unannounced: bool = False


def lack_of(op: str, wanted: Any, value: int | Fraction, whole: bool = True) -> int | Fraction:
    """Return how far a number is from meeting `op wanted`; strict operators want one whole step more."""
    if op == "between":
        low, high = wanted
        return exact(low - value if value < low else value - high)
    distance = exact(abs(wanted - value))
    if op in (">", "<") and whole:
        return math.floor(distance) + 1
    return distance


def examine(row: Row, condition: dict[str, Any], tables: Tables, year: int, reading: str) -> Outcome:
    """Hold one condition of a `must` against one row."""
    if "lead_working_days" in condition:
        return examine_lead(row, condition, reading)
    cell = row.get(condition["column"])
    if "present" in condition:
        return Outcome((cell is not None) == condition["present"])
    if "exists_in" in condition:
        key = KEYS[condition["exists_in"]]
        others = tables[condition["exists_in"]] or []
        return Outcome(cell is not None and any(other[key] == cell for other in others))
    if "weekday" in condition:
        return Outcome(cell is not None and WEEKDAYS[cell.weekday()] == condition["weekday"])
    op = condition["op"]
    if "other" in condition:
        other = row.get(condition["other"])
        return Outcome(cell is not None and other is not None and compare(cell, op, other))
    return examine_value(cell, op, condition["value"], year)


def examine_value(cell: Any, op: str, value: Any, year: int) -> Outcome:
    """Compare a cell with a value of the pack; with a number it measures how far off the cell is."""
    is_measurable = is_number(value)
    if cell is None:
        return Outcome(False, is_measurable)
    is_kept = holds(cell, value, year) if op == "==" else compare(cell, op, as_compared(value, cell, year))
    if not is_measurable:
        return Outcome(is_kept)
    measured = exact(cell)
    whole = not isinstance(cell, Decimal | float)
    return Outcome(is_kept, True, measured, None if is_kept else lack_of(op, exact(value), measured, whole))


def examine_lead(row: Row, condition: dict[str, Any], reading: str) -> Outcome:
    """Count the working days between two columns in the given reading."""
    filed, held = (row.get(column) for column in condition["lead_working_days"])
    if filed is None or held is None:
        return Outcome(False, True)
    lead = lead_working_days(filed, held, reading)
    wanted = exact(condition["value"])
    is_kept = compare(lead, condition["op"], wanted)
    lack = None if is_kept else lack_of(condition["op"], wanted, lead)
    return Outcome(is_kept, True, lead, lack, touches_unannounced(filed, held))


@dataclass(frozen=True)
class Examined:
    """What all conditions of a `must` say of one row."""

    broken: int
    value: int | Fraction | None
    shortfall: int | Fraction | None
    is_unannounced: bool


def examine_all(row: Row, must: list[dict[str, Any]], tables: Tables, year: int, reading: str) -> Examined:
    """Hold every condition against one row; a lack that cannot be measured counts as one condition."""
    outcomes = [examine(row, condition, tables, year, reading) for condition in must]
    broken = [outcome for outcome in outcomes if not outcome.is_kept]
    shortfall: int | Fraction | None = len(broken) or None
    if len(broken) == 1 and broken[0].lack is not None:
        shortfall = broken[0].lack
    value = outcomes[0].measured if len(outcomes) == 1 else None
    return Examined(len(broken), value, shortfall, any(outcome.is_unannounced for outcome in outcomes))
