"""Rows for `must`: one that keeps every condition as narrowly as it can, and for each condition rows that break it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from operator import eq, ge, gt, le, lt
from typing import Any

from auditor.authoring.generate_cases_frame import UNIT, Frame
from auditor.authoring.generate_cases_rows import CannotMakeError, Row, keeps, kept_row, values
from auditor.measures.condition import WEEKDAYS, Compare, Condition, ExistsIn, Lead, OnWeekday, Present
from auditor.measures.where import Where

THERE, NOWHERE = "A1", "A9"
"""A key that the table looked up has, and one that it has not."""
_MOST = 20_000
"""Combinations that are tried before none is thought to be there."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Conditions:
    """The conditions on the rows of one table; `dated` is the column by whose day a row counts, if there is one."""

    frame: Frame
    table: str
    where: Where
    must: tuple[Condition, ...]
    dated: str | None

    def good(self) -> Row:
        """Return a row that keeps every condition. Raises CannotMakeError where none is found."""
        for row in islice(self._variants(self._base(), self._candidates()), _MOST):
            if not self.broken(row):
                return row
        raise CannotMakeError(self.table)

    def bad(self) -> Iterator[tuple[str, Row]]:
        """Yield the columns of each condition with a row that breaks it: by a step, then by a blank.

        It is the only condition broken, unless it cannot be (a day that must be there, and be early enough).
        """
        good = self.good()
        for number, condition in enumerate(self.must):
            columns = condition.columns()
            rows = [row for row in self._near(good, number) if number in self.broken(row)]
            filled = [row for row in rows if all(row[name] is not None for name in columns)]
            blank = [row for row in rows if any(row[name] is None for name in columns)]
            for several, said in ((filled, "{}"), (blank, "{} = —")):
                if several:
                    yield (
                        said.format(" / ".join(columns)),
                        min(several, key=lambda row: len(self.broken(row))),
                    )

    def on_worked_weekend(self) -> Iterator[tuple[bool, Row]]:
        """Yield rows dated on a worked Saturday or Sunday: one that keeps every condition, one that breaks its own."""
        asking = [at for at, each in enumerate(self.must) if isinstance(each, Lead | OnWeekday)]
        weekend = self._worked_weekend()
        if not asking or weekend is None or self.dated not in self.must[asking[0]].columns():
            return
        candidates = self._candidates(weekend)
        candidates[self.dated] = [weekend]
        rows = list(islice(self._variants(self._base(), candidates), _MOST))
        for wanted in ([], [asking[0]]):
            yield from islice(((not wanted, row) for row in rows if self.broken(row) == wanted), 1)

    def lookups(self) -> dict[str, list[Row]]:
        """Return the rows of the tables looked up: one key that is there."""
        found: dict[str, list[Row]] = {}
        for each in self.must:
            if isinstance(each, ExistsIn):
                table = self.frame.table(each.exists_in)
                row = kept_row(table, (), self.frame.middle, unit_id=UNIT)
                found[each.exists_in] = [{table.key[0]: THERE, **row}]
        return found

    def broken(self, row: Row, reading: str = "days") -> list[int]:
        """Return the numbers of the conditions that a row breaks, under one reading of the working days."""
        return [at for at, each in enumerate(self.must) if not self._holds(each, row, reading)]

    @property
    def has_lead(self) -> bool:
        """Whether a condition counts working days, so that other readings could turn the verdict."""
        return any(isinstance(each, Lead) for each in self.must)

    def _near(self, good: Row, number: int) -> Iterator[Row]:
        """Yield rows that differ from a good one in the columns of one condition."""
        own = self.must[number].columns()
        candidates = {name: several for name, several in self._candidates().items() if name in own}
        yield from islice(self._variants(good, candidates), _MOST)

    def _variants(self, row: Row, candidates: Mapping[str, list[Any]]) -> Iterator[Row]:
        """Yield the row with every combination of the candidates."""
        for chosen in product(*candidates.values()):
            yield {**row, **dict(zip(candidates, chosen, strict=True))}

    def _base(self) -> Row:
        cells: Row = {"unit_id": UNIT}
        if self.dated:
            cells[self.dated] = self.frame.middle
        return kept_row(self.frame.table(self.table), self.where, self.frame.middle, **cells)

    def _candidates(self, anchor: date | None = None) -> dict[str, list[Any]]:
        """Return the values to try for each column of the conditions, the narrowest first, a blank last."""
        found: dict[str, list[Any]] = {}
        for condition in self.must:
            for name in condition.columns():
                several = self._values_for(condition, name, anchor or self.frame.middle)
                found.setdefault(name, []).extend(several)
        return {
            name: [value for value in dict.fromkeys([*several, None]) if self._may_stand(name, value)]
            for name, several in found.items()
        }

    def _may_stand(self, name: str, value: Any) -> bool:
        """Return whether a row that counts may have this value in a column."""
        column = self.frame.table(self.table).columns[name]
        if name == self.dated and not self._in_period(value):
            return False
        if value is None and column.required:
            return False
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and value < (column.least or 0):
            return False
        return all(keeps(each, value, column) for each in self.where if each.column == name)

    def _in_period(self, day: object) -> bool:
        return isinstance(day, date) and self.frame.period.first_on <= day <= self.frame.period.last_on

    def _values_for(self, condition: Condition, name: str, anchor: date) -> list[Any]:
        column = self.frame.table(self.table).columns[name]
        if isinstance(condition, Lead):
            return _days_of_lead(condition, name, anchor, self.frame)
        if isinstance(condition, ExistsIn):
            return [THERE, NOWHERE]
        if isinstance(condition, OnWeekday):
            wanted = WEEKDAYS.index(condition.weekday)
            week = [anchor + timedelta(days=at) for at in range(7)]
            return sorted(week, key=lambda day: (day.weekday() != wanted, day))
        if isinstance(condition, Compare) and condition.other is None:
            return self._about(condition, anchor)
        if column.type == "date":
            return [anchor, anchor - _DAY, anchor + _DAY]
        return [1, 2, 3] if column.type in ("integer", "number") else list(values(column, anchor))

    def _about(self, condition: Compare, anchor: date) -> list[Any]:
        """Return the value compared with, its neighbours, and other values of the column."""
        column = self.frame.table(self.table).columns[condition.column]
        wanted = self._value(condition)
        if isinstance(wanted, date):
            return [wanted, wanted - _DAY, wanted + _DAY, anchor]
        if isinstance(wanted, int | Decimal) and not isinstance(wanted, bool):
            return [wanted, wanted - 1, wanted + 1]
        return [wanted, "X2"] if column.type == "text" else [wanted, *values(column, anchor)]

    def _value(self, condition: Compare) -> Any:
        """Return the value that a comparison names; a day of the year is that of the period's label."""
        if condition.is_day_of_year():
            return date.fromisoformat(f"{self.frame.period.label[:4]}-{condition.value}")
        return condition.value

    def _worked_weekend(self) -> date | None:
        """Return the first worked Saturday of the period, or Sunday where no Saturday is."""
        first, last = self.frame.period.first_on, self.frame.period.last_on
        worked = [day for day in self.frame.calendar.working_days(first, last) if day.weekday() > 4]
        return min(worked, key=lambda day: (day.weekday(), day), default=None)

    def _holds(self, condition: Condition, row: Row, reading: str) -> bool:
        """Return whether a row keeps one condition; a blank keeps none."""
        cells: list[Any] = [row.get(name) for name in condition.columns()]
        if any(cell is None for cell in cells):
            return False
        if isinstance(condition, OnWeekday):
            return bool(cells[0].weekday() == WEEKDAYS.index(condition.weekday))
        if isinstance(condition, Lead):
            lead = self.frame.calendar.lead(*cells)
            return _compares(condition.op, getattr(lead, reading), condition.value)
        if isinstance(condition, Compare):
            return self._compared(condition, cells)
        return isinstance(condition, Present) or cells[0] == THERE

    def _compared(self, condition: Compare, cells: list[Any]) -> bool:
        other = cells[1] if condition.other else self._value(condition)
        if self.frame.table(self.table).columns[condition.column].type == "choices":
            return other in str(cells[0]).split(";")
        return _compares(condition.op, cells[0], other)


def _compares(op: str, left: Any, right: Any) -> bool:
    return bool({">=": ge, ">": gt, "<=": le, "<": lt, "==": eq}[op](left, right))


def _days_of_lead(condition: Lead, name: str, held: date, frame: Frame) -> list[date]:
    """Return days to try: of the event the day itself, of the filing those about the lead that is asked."""
    if name == condition.lead_working_days[1]:
        return [held]
    least = max(0, condition.value - 2)
    leads = [condition.value, condition.value - 1, condition.value + 1, *range(least, condition.value + 3)]
    return [frame.calendar.ahead(held, lead) for lead in leads if lead >= 0]
