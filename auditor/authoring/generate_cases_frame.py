"""The frame of generated cases: one requirement, one unit that owes it, one period, the number that is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

from auditor.authoring.generate_cases_figures import Figures, days_of
from auditor.authoring.generate_cases_rows import Row, kept_row, spread
from auditor.measures.registry import Measure, measure_of
from auditor.measures.where import Where
from auditor.model.requirement import Requirement
from auditor.periods.period import Period, Window, periods_in, previous
from auditor.periods.workdays import WorkCalendar
from auditor.tables.declaration import Declaration, Table

UNIT, BELOW = "U1", "U2"
"""The unit that owes the requirement, and one below it that does not."""
TARGET = 3
"""What is asked where each unit has a number of its own."""

Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Draft:
    """A generated case before it is written.

    `note` is the code of its note with its `figures`; `want` what is wanted of UNIT in the frame's period, `others`
    of units below that owe the requirement too. A `border` case turns on the number asked.
    """

    note: str
    tables: Tables
    want: Figures
    figures: Mapping[str, Any] = field(default_factory=dict)
    as_of: date | None = None
    others: Mapping[str, Figures] = field(default_factory=dict)
    border: bool = False


@dataclass(frozen=True)
class Frame:
    """What the cases of a requirement are made in. `asked` are the numbers in force on the period's first day."""

    requirement: Requirement
    declaration: Declaration
    period: Period
    asked: tuple[Fraction, Fraction] | None
    calendar: WorkCalendar = field(default_factory=WorkCalendar)

    @property
    def measure(self) -> Measure:
        """The requirement's measure."""
        return measure_of(self.requirement)

    @property
    def op(self) -> str:
        """The operator of its threshold."""
        assert self.requirement.threshold is not None, self.requirement.id
        return self.requirement.threshold.op

    @property
    def low(self) -> Fraction:
        """The number asked, of two the lower."""
        assert self.asked is not None, self.requirement.id
        return self.asked[0]

    @property
    def high(self) -> Fraction:
        """The number asked, of two the upper."""
        assert self.asked is not None, self.requirement.id
        return self.asked[1]

    @property
    def whole(self) -> tuple[Fraction, Fraction]:
        """The first and the last number that meet, counted in whole steps; for `<=` from 0."""
        low = self.low + 1 if self.op == ">" else self.low
        return Fraction(0) if self.op == "<=" else Fraction(-(-low // 1)), Fraction(self.high // 1)

    @property
    def enough(self) -> int:
        """The number that just meets: the least, or where only less is asked, the most."""
        return int(self.whole[1] if self.op == "<=" else self.whole[0])

    @cached_property
    def middle(self) -> date:
        """A day in the middle of the period, when it has begun: a week does on its Thursday."""
        half = self.period.first_on + timedelta(days=max(0, days_of(self.period) // 2 - 1))
        return max(half, self.period.begins_on)

    @property
    def after(self) -> date:
        """A day well after the period, so that a row of the next day is not only planned."""
        return self.period.last_on + timedelta(days=31)

    @property
    def gone(self) -> int:
        """How many of the period's days are gone at its middle."""
        return (self.middle - self.period.first_on).days + 1

    @property
    def days(self) -> int:
        """How many days the period has."""
        return days_of(self.period)

    @property
    def asks_target(self) -> bool:
        """Whether each unit has a number of its own."""
        threshold = self.requirement.threshold
        return threshold is not None and threshold.standard == "target"

    @property
    def reads(self) -> tuple[str, ...]:
        """The tables that the requirement reads, beside that of the units."""
        return tuple(dict.fromkeys(table for table, _ in self.measure.reads() if table != "units"))

    def table(self, name: str) -> Table:
        """Return a declared table."""
        return self.declaration.tables[name]

    def unit(self, **cells: Any) -> Row:
        """Return the row of the unit."""
        applies = self.requirement.applies_to
        tags = {"tags": ";".join(applies.tags)} if applies.tags else {}
        return {"unit_id": UNIT, "type": applies.types[0], **tags, **cells}

    def below(self) -> Row:
        """Return the row of a unit below that does not owe the requirement."""
        types = self.table("units").columns["type"].values
        other = next(each for each in types if each not in self.requirement.applies_to.types)
        return {"unit_id": BELOW, "type": other, "parent_id": UNIT}

    def tables(self, rows: Mapping[str, Sequence[Row]] | None = None, without: str | None = None) -> Tables:
        """Return the tables of a case: the unit, `rows`, every other table that is read empty, the unit's target."""
        found: Tables = {"units": [self.unit()], **{table: [] for table in self.reads}}
        if self.asks_target:
            found["targets"] = [self.target()]
        for table, each in (rows or {}).items():
            found[table] = [*found.get(table, []), *each]
        if without:
            del found[without]
        return found

    def target(self) -> Row:
        """Return the row of the unit's own number."""
        year = self.period.begins_on.year
        return {"unit_id": UNIT, "requirement_id": self.requirement.id, "year": year, "value": TARGET}

    def dated_rows(
        self, table: str, where: Where, column: str, days: Sequence[date], **cells: Any
    ) -> list[Row]:
        """Return the rows that the filters keep, one for each day: one row with a list of days."""
        if not days:
            return []
        row = kept_row(self.table(table), where, days[0], **{"unit_id": UNIT, **cells})
        day = list(days) if len(days) > 1 else days[0]
        return [{**row, column: day}]

    def spread(self, count: int) -> list[date]:
        """Return so many days of the period, the first one first."""
        return spread(self.period.first_on, self.period.last_on, count)

    def before(self) -> Period | None:
        """Return the period before."""
        window = Window(self.period.first_on, self.period.last_on)
        return next(iter(periods_in(previous(self.requirement.scheme), window)), None)


Maker = Callable[[Frame], Iterator[Draft]]
_makers: dict[str, Maker] = {}
_M = TypeVar("_M", bound=Maker)


def makes(kind: str) -> Callable[[_M], _M]:
    """Enter what makes the cases of a kind of measure."""

    def enter(maker: _M) -> _M:
        _makers[kind] = maker
        return maker

    return enter


def maker_of(kind: str) -> Maker | None:
    """Return what makes the cases of a kind of measure, if anything does."""
    return _makers.get(kind)


def in_every_kind(frame: Frame) -> Iterator[Draft]:
    """Yield the cases that no kind of measure does without: a table missing, a unit not there throughout."""
    want: Figures
    for table in frame.reads:
        want = {"verdict": "insufficient_data", "value": None, "reason": "table_missing"}
        yield Draft("no_table", frame.tables(without=table), want, {"table": table})
    if frame.asks_target and frame.measure.kind in ("count", "sum"):
        want = {"verdict": "insufficient_data", "value": 0, "reason": "no_target"}
        yield Draft("no_target", {**frame.tables(), "targets": []}, want)
    began = frame.period.first_on + timedelta(days=1)
    if began <= frame.period.last_on:
        tables = {**frame.tables(), "units": [frame.unit(active_from=began)]}
        want = {"verdict": "not_applicable", "reason": "unit_not_active"}
        yield Draft("not_active", tables, want)
