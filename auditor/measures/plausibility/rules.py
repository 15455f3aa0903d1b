"""What a rule of the file says: one model for all kinds, and for each kind which of its keys it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from auditor.measures.where import Where
from auditor.model.record import Bilingual, Record
from auditor.tables.declaration import Table

COMMON = ("id", "kind", "table", "where", "date", "least", "title", "question")
"""The keys that rules of every kind may have."""


@dataclass(frozen=True)
class Keys:
    """The keys of a kind beside `COMMON`: those that it needs, and those that it may have.

    `alike` are the keys whose columns are alike in all rows of a question, `dates` those whose columns hold days,
    `least` the number of rows where the rule says none (None: it has to).
    """

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    least: int | None = 1


KINDS: Mapping[str, Keys] = {
    "same_rows": Keys(needs=("same", "filled"), alike=("same",), least=2),
    "same_day": Keys(needs=("by", "differ"), alike=("by",), least=2),
    "days_between": Keys(needs=("earlier", "later", "days"), dates=("earlier", "later")),
    "day_off": Keys(),
    "all_late": Keys(needs=("days",), may=("by",), alike=("by",), least=None),
    "run_of_equals": Keys(needs=("column",), may=("by",), alike=("by", "column"), least=None),
    "order": Keys(needs=("earlier", "later"), dates=("earlier", "later")),
}
"""Each kind by the word of the file."""

COLUMNS = ("date", "same", "filled", "by", "differ", "column", "earlier", "later")
"""The keys that name columns of the table."""

_MAY_BE_ABSENT = ("same", "filled", "differ")
"""The keys of which a column that nobody has changes nothing: it is blank in all rows alike."""

Columns = Annotated[tuple[str, ...], Field(min_length=1)]
Count = Annotated[int, Field(ge=1, le=1000, strict=True)]


class Rule(Record):
    """Which rows a rule looks at, what is asked of them, and the keys of its kind; what it lacks is empty."""

    id: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)
    kind: str
    table: str
    where: Where = ()
    date: str | None = None
    least: Count
    title: Bilingual
    question: Bilingual
    same: Columns = ()
    filled: Columns = ()
    by: Columns = ()
    differ: Columns = ()
    column: str | None = None
    earlier: str | None = None
    later: str | None = None
    days: Annotated[int, Field(ge=1, le=36_500, strict=True)] | None = None

    @property
    def keys(self) -> Keys:
        """Return the keys of the rule's kind."""
        return KINDS[self.kind]

    @property
    def alike(self) -> tuple[str, ...]:
        """Return the columns that are alike in all rows of a question; its sentence may name them."""
        return tuple(dict.fromkeys(column for key in self.keys.alike for column in self.under(key)))

    @property
    def figures(self) -> frozenset[str]:
        """Return what the sentence may name."""
        days = {"days"} if self.days else set()
        most = {"most"} if self.kind == "days_between" else set()
        return frozenset({"unit", "count", "first", "last", *self.alike, *days, *most})

    def under(self, key: str) -> tuple[str, ...]:
        """Return the columns that the rule names under a key."""
        written = getattr(self, key)
        return (written,) if isinstance(written, str) else written or ()

    def dated(self, table: Table) -> str | None:
        """Return the column by whose day a row counts; None where there is none."""
        return self.date or table.date

    def needed(self) -> Iterator[str]:
        """Yield the columns without which there is nothing to ask: their absence passes the rule over."""
        yield from (each.column for each in self.where if each.op != "not")
        yield from (each for key in COLUMNS if key not in _MAY_BE_ABSENT for each in self.under(key))
