"""What a cell can still hold once filters and conditions have said what they want of it.

A domain is narrowed by one test after the other; where nothing is left, the tests contradict each other, and no
row can ever keep them all. Only what is certain is said: a text may be anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from auditor.tables.declaration import Column

FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2100, 12, 31)
"""The days that a cell may hold; intake refuses any other."""

_NEGATED: Mapping[str, str] = {
    "is": "not", "not": "is", ">=": "<", "<": ">=", ">": "<=", "<=": ">",
}  # fmt: skip

_Values = frozenset[Any]


@dataclass(frozen=True)
class Domain:
    """What a column's cell can hold: one of each of `any_of`, none of `none_of`, within the bounds, or a blank.

    `low` and `high` are values with whether they are themselves left out. On a column of several values, `any_of`
    and `none_of` are about what the cell contains.
    """

    column: Column
    any_of: tuple[_Values, ...] = ()
    none_of: _Values = frozenset()
    lows: tuple[tuple[Any, bool], ...] = ()
    highs: tuple[tuple[Any, bool], ...] = ()
    blank: bool = field(default=True)

    @classmethod
    def of(cls, column: Column) -> Domain:
        """Return what the declaration lets a column hold."""
        least, most = column.least, column.most
        if column.type == "date":
            return cls(
                column, (), frozenset(), ((FIRST_DAY, False),), ((LAST_DAY, False),), not column.required
            )
        return cls(
            column,
            lows=() if least is None else ((Decimal(least), False),),
            highs=() if most is None else ((Decimal(most), False),),
            blank=not column.required,
        )

    def narrowed(self, op: str, values: Iterable[Any]) -> Domain:
        """Return what is left once a cell also keeps the test; only `not` lets a blank through."""
        wanted = tuple(values)
        if op == "not":
            return replace(self, none_of=self.none_of | frozenset(wanted))
        if op == "is":
            return replace(self, any_of=(*self.any_of, frozenset(wanted)), blank=False)
        bound = (wanted[0], op in (">", "<"))
        if op in (">", ">="):
            return replace(self, lows=(*self.lows, bound), blank=False)
        return replace(self, highs=(*self.highs, bound), blank=False)

    def filled(self) -> Domain:
        """Return what is left once the cell is filled in."""
        return replace(self, blank=False)

    def always(self, op: str, values: Iterable[Any]) -> bool:
        """Return whether whatever the cell can hold keeps the test."""
        keeps_blank = op == "not"
        if self.blank and not keeps_blank:
            return False
        return self.filled().narrowed(_NEGATED[op], values).is_empty

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left that a cell could hold."""
        if self.blank:
            return False
        if self.column.type == "choices":
            known = frozenset(self.column.values)
            return any(each <= self.none_of for each in self.any_of) or known <= self.none_of
        candidates = self.candidates()
        return self._has_no_room() if candidates is None else not candidates

    def candidates(self) -> _Values | None:
        """Return the values of a cell of one value, where they can be listed; None where they cannot."""
        listed: _Values | None = None
        if self.column.type == "choice":
            listed = frozenset(self.column.values)
        elif self.column.type == "boolean":
            listed = frozenset({True, False})
        for each in self.any_of:
            listed = each if listed is None else listed & each
        if listed is None:
            return None
        return frozenset(each for each in listed - self.none_of if self._is_within(each))

    def _is_within(self, value: Any) -> bool:
        above = all(value > low or (value == low and not out) for low, out in self.lows)
        return above and all(value < high or (value == high and not out) for high, out in self.highs)

    def _has_no_room(self) -> bool:
        """Return whether no value lies between the bounds."""
        if not self.lows or not self.highs:
            return False
        low, low_out = max(self.lows)
        high, high_out = min(self.highs, key=lambda bound: (bound[0], not bound[1]))
        if self.column.type == "date" and isinstance(low, date):
            low, high = low + timedelta(days=low_out), high - timedelta(days=high_out)
            low_out = high_out = False
        elif self.column.type == "integer":
            low, high = low + low_out, high - high_out
            low_out = high_out = False
        if low != high:
            return bool(low > high)
        return low_out or high_out or low in self.none_of
