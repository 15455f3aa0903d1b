"""The parts of the measures over subjects: who or what is looked at, the inner measure, a subject's own number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Discriminator, Tag, model_validator

from auditor.engines.sql import name
from auditor.measures.condition import Condition
from auditor.measures.statement import COUNT
from auditor.measures.where import Where
from auditor.model.record import Record
from auditor.tables.declaration import Declaration


class Subjects(Record):
    """Who or what is looked at: rows of a stock, or fixed values."""

    table: Literal["posts", "assets", "units"] | None = None
    where: Where = ()
    values: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Subjects:
        if bool(self.table) == bool(self.values):
            raise ValueError("pack.subjects_table_or_values")
        return self


class InnerRows(Record):
    """The rows of a table whose `by` column holds the subject's key."""

    table: str
    where: Where = ()
    date: str | None = None
    by: str

    def columns(self) -> Iterator[str]:
        """Yield the columns of the table that it reads."""
        yield self.by
        yield from (each.column for each in self.where)
        yield from (column for column in (self.date,) if column)

    def dated(self, declaration: Declaration) -> str | None:
        """Return the column by whose day a row counts; None for a stock, which counts by its life."""
        return self.date or declaration.tables[self.table].date


class InnerCount(InnerRows):
    """Rows for each subject."""

    kind: Literal["count"]

    number: ClassVar[str] = COUNT


class InnerSum(InnerRows):
    """The total of `column` for each subject."""

    kind: Literal["sum"]
    column: str

    def columns(self) -> Iterator[str]:
        """Yield the columns of the table that it reads."""
        yield from super().columns()
        yield self.column

    @property
    def number(self) -> str:
        """The aggregate, as SQL."""
        return f"coalesce(sum(t.{name(self.column)}), 0)"


class InnerColumn(Record):
    """A number in the subject's own row."""

    column: str


class InnerMust(Record):
    """Conditions on the subject's own row: 1 where it keeps them, 0 where not."""

    must: tuple[Condition, ...]


def _inner_kind(written: object) -> str | None:
    if not isinstance(written, Mapping | BaseModel):
        return None
    keys = dict(written)
    return "must" if "must" in keys else str(keys.get("kind", "column"))


Inner = Annotated[
    Annotated[InnerCount, Tag("count")]
    | Annotated[InnerSum, Tag("sum")]
    | Annotated[InnerColumn, Tag("column")]
    | Annotated[InnerMust, Tag("must")],
    Discriminator(_inner_kind),
]

InnerNumber = Annotated[
    Annotated[InnerCount, Tag("count")] | Annotated[InnerSum, Tag("sum")], Discriminator(_inner_kind)
]
"""The inner measures that look at rows: the only ones that can say whether there is a row."""


@dataclass(frozen=True)
class Own:
    """A subject's own number as SQL, whether it meets, how far it is off, and the joins that these need.

    `both` and `neither` say whether it meets under the other readings of a working-day count, `touched` whether
    such a count touches a year whose notice is not out.
    """

    value: str
    meets: str
    lack: str
    joins: tuple[str, ...] = ()
    both: str | None = None
    neither: str | None = None
    touched: str = "FALSE"

    def columns(self) -> str:
        """Return them all as columns."""
        return (
            f"{self.value} AS value, {self.meets} AS meets, {self.lack} AS lack,\n"
            f"    {self.both or self.meets} AS meets_both, {self.neither or self.meets} AS meets_neither, "
            f"{self.touched} AS touched"
        )


CARRIED = Own("k.value", "k.meets", "k.lack", (), "k.meets_both", "k.meets_neither", "k.touched")
"""The same, where they were worked out beside the subject's own row."""
