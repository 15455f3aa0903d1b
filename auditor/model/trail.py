"""Why rows counted for a finding and others did not: what `explain` shows beside the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class TrailStep:
    """How many rows are left behind a gate; `words` say by language what it asks, where its code alone does not."""

    code: str
    count: int
    words: Mapping[str, str]


@dataclass(frozen=True)
class NearMiss:
    """A row that did not count for one reason only.

    `code` is `unit`, `where`, `subject`, `blank`, `undated`, `planned`, `before`, `after`, `life`, `requirement` or
    `not_latest`, `other_period`; `column` the column at fault, `words` what is asked of it by language.
    """

    file: str | None
    sheet: str | None
    row: int | None
    code: str
    column: str | None
    words: Mapping[str, str]
    unit_id: str | None
    day: date | None


@dataclass(frozen=True)
class Trail:
    """The way from all rows of a table to those that counted in one period, and the rows that nearly did.

    `left` is how many near misses are not among `misses`; `broken` are the conditions of `must`, by their place in it,
    that each record in breach does not keep.
    """

    table: str
    first_on: date
    last_on: date
    as_of: date
    steps: tuple[TrailStep, ...]
    misses: tuple[NearMiss, ...]
    left: int
    broken: Mapping[tuple[str | None, str | None, int | None], tuple[int, ...]]

    @property
    def is_over(self) -> bool:
        """Whether the period has ended by the as-of day."""
        return self.last_on <= self.as_of
