"""`must`: the conditions that a record (or a subject's own row) has to keep.

Each condition becomes an SQL test that is true or false, never unknown: a blank in a compared column breaks
it. A condition that measures (a number, a lead in working days) also gives the row's figure and its lack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, Discriminator, Tag

from auditor.engines.sql import literal, name
from auditor.measures.where import exact
from auditor.measures.wording import Wording
from auditor.model.record import Record
from auditor.tables.declaration import Declaration

Comparison = Literal[">=", ">", "<=", "<", "=="]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_OF_YEAR = re.compile(r"(\d\d)-(\d\d)")


@dataclass(frozen=True)
class Test:
    """A condition as SQL over the row `t`.

    `holds` is the test under the reading that binds, `both` and `neither` under the other usual readings of
    a working-day count; `figure` the measured number and `lack` how far it is off, both None where a
    condition measures nothing; `unannounced` is true where a year without a notice is touched; `joins` are
    what the test needs beside the row.
    """

    holds: str
    figure: str | None = None
    lack: str | None = None
    both: str | None = None
    neither: str | None = None
    unannounced: str | None = None
    joins: tuple[str, ...] = ()


class _Condition(Record):
    """What the conditions share: whether the working-day calendar has to cover their columns."""

    needs_calendar: ClassVar[bool] = False


class Compare(_Condition):
    """`{column, op, value}` or `{column, op, other}`: a column against a value or another column."""

    column: str
    op: Comparison
    value: Annotated[Any, BeforeValidator(exact)] = None
    other: str | None = None

    def columns(self) -> tuple[str, ...]:
        """Return the columns it reads."""
        return (self.column,) if self.other is None else (self.column, self.other)

    def in_words(self, wording: Wording, table: str) -> str:
        """Return the comparison in words; days are earlier or later, numbers less or more."""
        column = wording.declaration.tables[table].columns[self.column]
        other = wording.label(table, self.other) if self.other else wording.value(self.value, column)
        op = wording.say(f"{'day' if column.type == 'date' else 'op'}.{self.op}")
        return wording.say("must.compare", column=wording.label(table, self.column), op=op, other=other)

    def is_day_of_year(self) -> bool:
        """Return whether the value is a day of the audit's year, such as `05-31`."""
        day = _DAY_OF_YEAR.fullmatch(self.value) if isinstance(self.value, str) else None
        return bool(day) and 1 <= int(day[1]) <= 12 and 1 <= int(day[2]) <= 31  # type: ignore[index]

    def test(self, number: int, declaration: Declaration, table: str, period: str) -> Test:
        """Return the comparison as SQL; `05-31` is that day of the year that opens the period's label."""
        declared = declaration.tables[table].columns[self.column]
        left = f"t.{name(self.column)}"
        right = self._right(period)
        holds = f"coalesce({left} {_sql(self.op)} {right}, FALSE)"
        if declared.type == "choices" and self.op == "==":
            holds = f"coalesce(contains({left}, {literal(f';{self.value};')}), FALSE)"
        if declared.type not in ("integer", "number"):
            return Test(holds)
        return Test(holds, figure=left, lack=lack(left, self.op, right))

    def _right(self, period: str) -> str:
        if self.other is not None:
            return f"t.{name(self.other)}"
        if self.is_day_of_year():
            month, day = map(int, self.value.split("-"))
            return f"make_date(CAST(substr({period}, 1, 4) AS INTEGER), {month}, {day})"
        return literal(self.value)


class Present(_Condition):
    """`{column, present: true}`: the cell is filled in."""

    column: str
    present: Literal[True]

    def columns(self) -> tuple[str, ...]:
        """Return the columns it reads."""
        return (self.column,)

    def in_words(self, wording: Wording, table: str) -> str:
        """Return the condition in words."""
        return wording.say("must.present", column=wording.label(table, self.column))

    def test(self, number: int, declaration: Declaration, table: str, period: str) -> Test:
        """Return the test that the cell is not blank."""
        return Test(f"(t.{name(self.column)} IS NOT NULL)")


class OnWeekday(_Condition):
    """`{column, weekday: tuesday}`: the day falls on that day of the week."""

    column: str
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    needs_calendar: ClassVar[bool] = True

    def columns(self) -> tuple[str, ...]:
        """Return the columns it reads."""
        return (self.column,)

    def in_words(self, wording: Wording, table: str) -> str:
        """Return the condition in words."""
        weekday = wording.say(f"weekday.{self.weekday}")
        return wording.say("must.weekday", column=wording.label(table, self.column), weekday=weekday)

    def test(self, number: int, declaration: Declaration, table: str, period: str) -> Test:
        """Return the test on the day's number in the calendar (a Monday is 1)."""
        joined = f"LEFT JOIN workdays w{number} ON w{number}.day = t.{name(self.column)}"
        wanted = WEEKDAYS.index(self.weekday) + 1
        return Test(f"coalesce(w{number}.weekday = {wanted}, FALSE)", joins=(joined,))


class ExistsIn(_Condition):
    """`{column, exists_in: table}`: the value is a key of that table."""

    column: str
    exists_in: str

    def columns(self) -> tuple[str, ...]:
        """Return the columns it reads."""
        return (self.column,)

    def in_words(self, wording: Wording, table: str) -> str:
        """Return the condition in words."""
        column, other = wording.label(table, self.column), wording.table(self.exists_in)
        return wording.say("must.exists_in", column=column, table=other)

    def test(self, number: int, declaration: Declaration, table: str, period: str) -> Test:
        """Return the test that the other table has a row of that key."""
        key = name(declaration.tables[self.exists_in].key[0])
        joined = (
            f"LEFT JOIN (SELECT DISTINCT {key} AS key FROM {name(self.exists_in)}) x{number} "
            f"ON x{number}.key = t.{name(self.column)}"
        )
        return Test(f"(x{number}.key IS NOT NULL)", joins=(joined,))


class Lead(_Condition):
    """`{lead_working_days: [filed, held], op, value}`: working days from the filing to the event.

    The day of filing (or the first working day after it) is not counted, the day of the event is; where one
    of the other usual readings (both days, neither) would turn the verdict, the finding says so.
    """

    lead_working_days: tuple[str, str]
    op: Comparison
    value: int

    needs_calendar: ClassVar[bool] = True

    def columns(self) -> tuple[str, ...]:
        """Return the columns it reads."""
        return self.lead_working_days

    def in_words(self, wording: Wording, table: str) -> str:
        """Return the condition in words."""
        filed, held = (wording.label(table, column) for column in self.lead_working_days)
        return wording.say(
            "must.lead", filed=filed, held=held, op=wording.say(f"op.{self.op}"), value=self.value
        )

    def test(self, number: int, declaration: Declaration, table: str, period: str) -> Test:
        """Return the lead and its two other readings, from the running counts of the working-day calendar."""
        filed, held = (f"t.{name(column)}" for column in self.lead_working_days)
        f, h = f"f{number}", f"h{number}"
        after = f"{filed} > {held}"
        lead = f"{h}.working_through - {f}.filing_through"
        strict = f"CASE WHEN {after} THEN {lead} ELSE {_not_below_0(lead)} END"
        touched = (
            f"CASE WHEN {after} THEN {f}.unannounced_filing_through > {h}.unannounced_through "
            f"ELSE {h}.unannounced_through > {f}.unannounced_through - {f}.unannounced END"
        )
        return Test(
            self._holds(strict),
            figure=strict,
            lack=lack(f"({strict})", self.op, str(self.value)),
            both=self._holds(f"CASE WHEN {after} THEN 0 ELSE {_not_below_0(f'{lead} + 1')} END"),
            neither=self._holds(f"CASE WHEN {after} THEN 0 ELSE {_not_below_0(f'{lead} - {h}.working')} END"),
            unannounced=f"coalesce({touched}, FALSE)",
            joins=(
                f"LEFT JOIN workdays {f} ON {f}.day = {filed}",
                f"LEFT JOIN workdays {h} ON {h}.day = {held}",
            ),
        )

    def _holds(self, days: str) -> str:
        return f"coalesce({days} {_sql(self.op)} {self.value}, FALSE)"


def _not_below_0(number: str) -> str:
    # greatest() passes over a blank and would make 0 of it.
    return f"CASE WHEN {number} < 0 THEN 0 ELSE {number} END"


def _sql(op: str) -> str:
    return "=" if op == "==" else op


def lack(figure: str, op: str, wanted: str) -> str:
    """Return how far a figure that breaks the comparison is off, as SQL."""
    steps = {">=": f"{wanted} - {figure}", ">": f"{wanted} - {figure} + 1", "<=": f"{figure} - {wanted}",
             "<": f"{figure} - {wanted} + 1", "==": f"abs({figure} - {wanted})"}  # fmt: skip
    return steps[op]


def _kind(written: object) -> str | None:
    """Return which condition a mapping is, by the key that only that condition has."""
    if not isinstance(written, Mapping | BaseModel):
        return None
    keys = set(dict(written))
    for key in ("lead_working_days", "exists_in", "weekday", "present"):
        if key in keys:
            return key
    return "compare"


Condition = Annotated[
    Annotated[Lead, Tag("lead_working_days")]
    | Annotated[ExistsIn, Tag("exists_in")]
    | Annotated[OnWeekday, Tag("weekday")]
    | Annotated[Present, Tag("present")]
    | Annotated[Compare, Tag("compare")],
    Discriminator(_kind),
]


def tests_of(
    must: Sequence[Condition], declaration: Declaration, table: str, period: str
) -> tuple[Test, ...]:
    """Return the SQL tests of all conditions on the rows `t` of a table, in the period of that SQL name."""
    return tuple(each.test(number, declaration, table, period) for number, each in enumerate(must, 1))


def reads_of(must: Sequence[Condition], table: str) -> Iterator[tuple[str, str | None]]:
    """Yield the tables and columns that the conditions read."""
    for each in must:
        yield from ((table, column) for column in each.columns())
        if isinstance(each, ExistsIn):
            yield each.exists_in, None


def calendar_columns(must: Sequence[Condition], table: str) -> Iterator[tuple[str, str]]:
    """Yield each date column whose working days or weekdays a condition asks for."""
    for each in must:
        if each.needs_calendar:
            yield from ((table, column) for column in each.columns())


def all_hold(tests: Sequence[Test], reading: Literal["holds", "both", "neither"] = "holds") -> str:
    """Return the SQL test that every condition holds, under one reading of the working-day counts."""
    return " AND ".join(getattr(test, reading) or test.holds for test in tests)


def joins_of(tests: Sequence[Test]) -> Iterator[str]:
    """Yield the joins that the tests need, in order."""
    for test in tests:
        yield from test.joins


def figure_of(tests: Sequence[Test]) -> str:
    """Return the row's measured figure: that of a single measuring condition, otherwise NULL."""
    return tests[0].figure if len(tests) == 1 and tests[0].figure else "NULL"


def lack_of(tests: Sequence[Test]) -> str:
    """Return how far a row that breaks the conditions is off, as SQL.

    Exactly one broken condition that measures gives its own lack; otherwise it is how many are broken.
    """
    broken = " + ".join(f"CASE WHEN {test.holds} THEN 0 ELSE 1 END" for test in tests)
    if len(tests) == 1:
        return f"coalesce({tests[0].lack}, 1)" if tests[0].lack else "1"
    own = " + ".join(
        f"CASE WHEN {test.holds} THEN 0 ELSE coalesce({test.lack or 1}, 1) END" for test in tests
    )
    return f"CASE WHEN {broken} = 1 THEN {own} ELSE {broken} END"
