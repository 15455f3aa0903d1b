"""ratio: numerator ÷ denominator, two columns of the same rows.

    measure: {kind: ratio, table: platform_usage, numerator: active, denominator: members, how: pooled}

`how: pooled` sums both over the period's rows up to the as-of day; `latest` takes the row with the last date on
or before the reference day, also from before the period (a state: staff, members); `latest_in_period` the same
but not from before the period (what has to be done in it). Rows with a blank in either column take no part and
are listed. Kept as two whole numbers and compared exactly: 7 of 20 meets 35%. No row, or a denominator of 0,
is no value: never 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from auditor.engines.sql import name
from auditor.measures.over_rows import OverRows
from auditor.measures.registry import register
from auditor.measures.statement import Rows, Statement, measured, witness, witnessed
from auditor.measures.where import filter_sql
from auditor.measures.wording import Wording
from auditor.model.requirement import Nature, Requirement
from auditor.tables.declaration import Declaration


@register("ratio")
class Ratio(OverRows):
    """`numerator` ÷ `denominator` over the period's rows, or of the latest one."""

    kind: Literal["ratio"]
    numerator: str
    denominator: str
    how: Literal["pooled", "latest", "latest_in_period"]

    gives: ClassVar[tuple[str, ...]] = ("numerator", "denominator")
    shape: ClassVar[Literal["share"]] = "share"

    def operators(self, declaration: Declaration) -> frozenset[str]:
        """Return the operators that the table of verdicts names for it."""
        return frozenset({">=", ">", "<="})

    def nature(self, declaration: Declaration) -> Nature:
        """Return STANDING for the latest row, SHARE for what happens in the period."""
        return Nature.STANDING if self.how == "latest" else Nature.SHARE

    def reads(self) -> Iterator[tuple[str, str | None]]:
        """Yield the table with both columns and those of `where` and `date`."""
        yield from super().reads()
        yield self.table, self.numerator
        yield self.table, self.denominator

    def faults(self, requirement: Requirement, declaration: Declaration) -> Iterator[tuple[str, str]]:
        """Yield columns that hold no whole numbers, and a `latest` that could find two rows for a day."""
        table = declaration.tables[self.table]
        for column in (self.numerator, self.denominator):
            if table.columns[column].type != "integer":
                yield "pack.not_a_whole_number_column", f"{self.table}.{column}"
        if not (self.date or table.date):
            yield "pack.needs_a_date", self.table
        one_a_day = tuple(table.key) == ("unit_id", self.date or table.date)
        if self.how != "pooled" and (not one_a_day or self.scope == "subtree"):
            yield "pack.latest_is_not_one_row", self.table

    def measurement(self, statement: Statement) -> str:
        """Return the SELECT of both sums, or of both cells of the latest row."""
        latest = f"max_by(t.{{}}, t.{self._dated(statement)})"
        parts = "CAST(sum(t.{}) AS BIGINT)" if self.how == "pooled" else latest
        columns = (
            f"{parts.format(name(self.numerator))} AS numerator, "
            f"{parts.format(name(self.denominator))} AS denominator"
        )
        return measured(
            statement, self._rows(statement).select(columns, grouped=True), "m.numerator", "m.denominator"
        )

    def evidence(self, statement: Statement) -> str:
        """Return the SELECT of the rows pooled, or of the latest row."""
        rows = self._rows(statement)
        if self.how == "pooled":
            return witnessed(statement, rows.select(witness()))
        latest = rows.select(f"max(t.{self._dated(statement)}) AS latest_on", grouped=True, indent="    ")
        rows = rows.joined(
            f"JOIN (\n{latest}\n  ) l ON l.unit_id = {rows.unit} AND l.period_no = {rows.period_no} "
            f"AND l.latest_on = t.{self._dated(statement)}"
        )
        return witnessed(statement, rows.select(witness()))

    def ratio_columns(self) -> Iterator[tuple[str, str]]:
        """Yield both columns."""
        yield self.table, self.numerator
        yield self.table, self.denominator

    def in_words(self, wording: Wording, requirement: Requirement) -> str:
        """Return what is divided by what and required, in words."""
        return wording.say(
            f"ratio.{self.how}",
            rows=self.rows_in_words(wording),
            numerator=wording.label(self.table, self.numerator),
            denominator=wording.label(self.table, self.denominator),
            standard=wording.standard(requirement),
        )

    def _dated(self, statement: Statement) -> str:
        return name(self.dated(statement.declaration) or "")

    def _rows(self, statement: Statement) -> Rows:
        filled = (f"t.{name(self.numerator)} IS NOT NULL", f"t.{name(self.denominator)} IS NOT NULL")
        if self.how == "latest":
            table = statement.declaration.tables[self.table]
            source = (
                f"FROM {name(self.table)} t",
                f"JOIN periods d ON d.scheme = {statement.scheme} AND t.{self._dated(statement)} <= d.reference_on",
            )
            tests = tuple(filter_sql(each, table, "t") for each in self.where)
            return Rows(source, tests, "t.unit_id", "d.period_no").kept(*filled)
        return self.rows(statement).kept(*filled)
