"""The kinds of rules that ask about rows: what each says in the file, and the SELECT of the rows it asks about.

A kind's `found` reads the rows that count and gives those to ask about: unit_id, source_no, row_no, `day`, `value` (a
stretch in days, or NULL), `run` (which of several runs, or NULL) and the columns of `alike`. Rows of one unit (of any,
where the kind `crosses_units`) with the same `alike` and `run` are one question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from auditor.engines.sql import literal, name
from auditor.measures.days import day_number
from auditor.measures.where import Where, filter_sql
from auditor.model.requirement import Bilingual, Record
from auditor.tables.declaration import Table

DAYS_OFF = "days_off"
"""The table of the days off (`day`) that `day_off` reads."""


def _each_once(columns: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(columns)) < len(columns):
        raise ValueError("twice")
    return columns


Columns = Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(_each_once)]
"""Names of columns, each once."""


@dataclass(frozen=True)
class Counted:
    """The rows of a table that count for a rule: dated by `day` in the window, kept by `where`."""

    table: Table
    day: str
    where: Where
    first_on: date
    last_on: date

    @property
    def on(self) -> str:
        """The day of a row `t`, as SQL."""
        return f"t.{name(self.day)}"

    @property
    def rows(self) -> str:
        """The rows as `t`, to stand behind FROM."""
        tests = [f"{self.on} BETWEEN {literal(self.first_on)} AND {literal(self.last_on)}"]
        tests += [filter_sql(each, self.table, "t") for each in self.where]
        return f"(SELECT * FROM {name(self.table.name)} t WHERE {' AND '.join(tests)}) t"


class Rule(Record):
    """What every rule says: which rows it looks at, and what it asks."""

    id: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)
    kind: str
    table: str
    where: Where = ()
    date: str | None = None
    least: int = Field(default=1, ge=1, le=1000)
    title: Bilingual
    question: Bilingual

    crosses_units: ClassVar[bool] = False
    """Whether the rows of one question may be of several units; it is then asked of the first of them."""

    @property
    def alike(self) -> tuple[str, ...]:
        """Return the columns that are alike in all rows of a question; its sentence may name them."""
        return ()

    @property
    def named(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns that the rule names, by the key under which it does, beside `where`."""
        return {"date": (self.date,)} if self.date else {}

    @property
    def dates(self) -> tuple[str, ...]:
        """Return the keys whose columns must hold days."""
        return ("date",)

    @property
    def figures(self) -> frozenset[str]:
        """Return what the sentence may name."""
        return frozenset({"unit", "count", "first", "last", *self.alike})

    def dated(self, table: Table) -> str | None:
        """Return the column by whose day a row counts; None where there is none."""
        return self.date or table.date

    def needed(self) -> Iterator[str]:
        """Yield the columns without which there is nothing to ask: their absence passes the rule over."""
        yield from (each.column for each in self.where if each.op != "not")
        yield from (column for columns in self.named.values() for column in columns)

    def found(self, counted: Counted) -> str:
        """Return the SELECT of the rows to ask about."""
        raise NotImplementedError

    def _select(self, counted: Counted, source: str, *, value: str = "NULL", run: str = "NULL") -> str:
        """Return the SELECT of the columns that the module's docstring names, over the rows `t` of `source`."""
        alike = "".join(f", t.{name(column)}" for column in self.alike)
        return (
            f"SELECT t.unit_id, t.source_no, t.row_no, {counted.on} AS day, "
            f"CAST({value} AS BIGINT) AS value, CAST({run} AS BIGINT) AS run{alike}\nFROM {source}"
        )


class SameRows(Rule):
    """Rows of one unit that say the same under different keys."""

    kind: Literal["same_rows"]
    least: int = Field(default=2, ge=2, le=1000)
    same: Columns
    filled: Columns

    @property
    def alike(self) -> tuple[str, ...]:
        """Return `same`."""
        return self.same

    @property
    def named(self) -> Mapping[str, tuple[str, ...]]:
        """Return what every rule names, and `same` and `filled`."""
        return {**super().named, "same": self.same, "filled": self.filled}

    def needed(self) -> Iterator[str]:
        """Yield none of `same` and `filled`: a column that nobody has is blank in all rows alike."""
        yield from (each.column for each in self.where if each.op != "not")

    def found(self, counted: Counted) -> str:
        """Return the SELECT of the rows whose like there is more than once."""
        filled = " OR ".join(f"t.{name(column)} IS NOT NULL" for column in self.filled)
        columns = ("unit_id", *self.same)
        alike = _grouped(f"{counted.rows} WHERE {filled}", columns, f"count(*) >= {literal(self.least)}")
        return self._select(counted, f"{counted.rows} {_joined(alike, columns)}\nWHERE {filled}")


class SameDay(Rule):
    """Rows of one post (or another `by`) on one day that differ in where or what they were."""

    kind: Literal["same_day"]
    least: int = Field(default=2, ge=2, le=1000)
    by: str
    differ: Columns

    crosses_units: ClassVar[bool] = True

    @property
    def alike(self) -> tuple[str, ...]:
        """Return `by`; the day is added where the rows are found."""
        return (self.by,)

    @property
    def named(self) -> Mapping[str, tuple[str, ...]]:
        """Return what every rule names, and `by` and `differ`."""
        return {**super().named, "by": (self.by,), "differ": self.differ}

    def needed(self) -> Iterator[str]:
        """Yield `by` and the columns of `where`: of `differ` one may be absent."""
        yield from (each.column for each in self.where if each.op != "not")
        yield self.by

    def found(self, counted: Counted) -> str:
        """Return the SELECT of the rows whose subject has different ones on the day; `run` is the day."""
        differ = " OR ".join(f"min(t.{name(column)}) <> max(t.{name(column)})" for column in self.differ)
        columns = (self.by, counted.day)
        having = f"count(*) >= {literal(self.least)} AND ({differ})"
        several = _grouped(f"{counted.rows} WHERE t.{name(self.by)} IS NOT NULL", columns, having)
        source = f"{counted.rows} {_joined(several, columns)}"
        return self._select(counted, source, run=day_number(counted.on))


class _TwoDays(Rule):
    """A rule about two days of a row."""

    earlier: str
    later: str

    @property
    def named(self) -> Mapping[str, tuple[str, ...]]:
        """Return what every rule names, and both columns."""
        return {**super().named, "earlier": (self.earlier,), "later": (self.later,)}

    @property
    def dates(self) -> tuple[str, ...]:
        """Return the keys whose columns must hold days."""
        return ("date", "earlier", "later")


class DaysBetween(_TwoDays):
    """Rows whose one day lies long after the other."""

    kind: Literal["days_between"]
    days: int = Field(ge=0, le=36_500)

    @property
    def figures(self) -> frozenset[str]:
        """Return what the sentence may name: also the days that are allowed, and the longest stretch."""
        return super().figures | {"days", "most"}

    def found(self, counted: Counted) -> str:
        """Return the SELECT of the rows with a longer stretch."""
        stretch = f"{day_number(f't.{name(self.later)}')} - {day_number(f't.{name(self.earlier)}')}"
        source = f"{counted.rows} WHERE {stretch} > {literal(self.days)}"
        return self._select(counted, source, value=stretch)


class Order(_TwoDays):
    """Rows whose later day is the earlier one."""

    kind: Literal["order"]

    def found(self, counted: Counted) -> str:
        """Return the SELECT of the rows whose days are the wrong way round."""
        source = f"{counted.rows} WHERE t.{name(self.later)} < t.{name(self.earlier)}"
        return self._select(counted, source)


class DayOff(Rule):
    """Rows dated on a day off."""

    kind: Literal["day_off"]

    def found(self, counted: Counted) -> str:
        """Return the SELECT of the rows dated on one of the days off."""
        return self._select(counted, f"{counted.rows} JOIN {DAYS_OFF} o ON o.day = {counted.on}")


class AllLate(Rule):
    """A year's rows of a unit, all at the year's end."""

    kind: Literal["all_late"]
    least: int = Field(ge=1, le=1000)
    by: tuple[str, ...] = ()
    days: int = Field(ge=1, le=365)

    @property
    def alike(self) -> tuple[str, ...]:
        """Return `by`; the year is added where the rows are found."""
        return self.by

    @property
    def named(self) -> Mapping[str, tuple[str, ...]]:
        """Return what every rule names, and `by`."""
        return {**super().named, "by": self.by}

    @property
    def figures(self) -> frozenset[str]:
        """Return what the sentence may name: also the days at the end."""
        return super().figures | {"days"}

    def found(self, counted: Counted) -> str:
        """Return the SELECT of the rows of such years, of units that were there on the year's first day."""
        day, columns = counted.on, ("unit_id", *self.by)
        held = ", ".join(f"t.{name(column)}" for column in columns)
        begins, ends = (f"make_date(year({day}), {month_and_day})" for month_and_day in ("1, 1", "12, 31"))
        late = (
            f"SELECT {held}, year({day}) AS year FROM {counted.rows} GROUP BY {held}, year({day})\n"
            f"HAVING count(*) >= {literal(self.least)} "
            f"AND max({day_number(ends)}) - min({day_number(day)}) < {literal(self.days)}"
        )
        source = (
            f"{counted.rows} {_joined(late, columns)} AND g.year = year({day})\n"
            f"JOIN units u ON u.unit_id = t.unit_id AND (u.active_from IS NULL OR u.active_from <= {begins})\n"
            f"WHERE {begins} >= {literal(counted.first_on)}"
        )
        return self._select(counted, source, run=f"year({day})")


class RunOfEquals(Rule):
    """Rows of a unit, one after the other by their days, with the same figure again and again."""

    kind: Literal["run_of_equals"]
    least: int = Field(ge=2, le=1000)
    by: tuple[str, ...] = ()
    column: str

    @property
    def alike(self) -> tuple[str, ...]:
        """Return `by` and the column."""
        return (*self.by, self.column)

    @property
    def named(self) -> Mapping[str, tuple[str, ...]]:
        """Return what every rule names, and `by` and the column."""
        return {**super().named, "by": self.by, "column": (self.column,)}

    def found(self, counted: Counted) -> str:
        """Return the SELECT of the rows in long runs.

        Rows are numbered by day (of one day: by key), once among all and once among those of the same figure: along
        a run the difference of the two stays as it is.
        """
        among = ", ".join(f"t.{name(column)}" for column in ("unit_id", *self.by))
        order = ", ".join(f"t.{name(column)}" for column in (counted.day, *counted.table.key))
        run = (
            f"row_number() OVER (PARTITION BY {among} ORDER BY {order}) - "
            f"row_number() OVER (PARTITION BY {among}, t.{name(self.column)} ORDER BY {order})"
        )
        numbered = f"(SELECT t.*, {run} AS run FROM {counted.rows}) t WHERE t.{name(self.column)} IS NOT NULL"
        return self._select(counted, numbered, run="t.run")


def _grouped(rows: str, columns: Sequence[str], having: str) -> str:
    listed = ", ".join(f"t.{name(column)}" for column in columns)
    return f"SELECT {listed} FROM {rows} GROUP BY {listed} HAVING {having}"


def _joined(groups: str, columns: Sequence[str]) -> str:
    """Return the join of the rows `t` to their groups `g`; a blank is like a blank."""
    same = " AND ".join(f"g.{name(column)} IS NOT DISTINCT FROM t.{name(column)}" for column in columns)
    return f"JOIN (\n{groups}\n) g ON {same}"


KINDS: Mapping[str, type[Rule]] = {
    "same_rows": SameRows,
    "same_day": SameDay,
    "days_between": DaysBetween,
    "day_off": DayOff,
    "all_late": AllLate,
    "run_of_equals": RunOfEquals,
    "order": Order,
}
"""Each kind by the word of the file."""
