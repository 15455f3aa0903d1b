"""What the generated cases over subjects share: the subjects' rows, and the rows that are a subject's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from auditor.authoring.generate_cases_figures import Figures
from auditor.authoring.generate_cases_frame import UNIT, Draft, Frame, Tables
from auditor.authoring.generate_cases_rows import (
    CannotMakeError,
    Row,
    as_cells,
    kept_row,
    left_out_rows,
    spread,
)
from auditor.measures.over_subjects import OverSubjects
from auditor.measures.subjects import InnerRows
from auditor.tables.declaration import Table

SUBJECTS = ("S1", "S2")
"""The keys of two subjects."""


@dataclass(frozen=True)
class Over:
    """The subjects of a requirement in its frame, and what is wanted where there are none."""

    frame: Frame
    measure: OverSubjects

    @property
    def table(self) -> Table | None:
        """The subjects' table; None for listed values."""
        own = self.measure.subjects.table
        return self.frame.table(own) if own else None

    @property
    def keys(self) -> tuple[str, ...]:
        """The subjects of a case: two, or every listed value."""
        return self.measure.subjects.values or SUBJECTS

    @property
    def none(self) -> Figures:
        """What is wanted where there is no subject."""
        return {"verdict": self.measure.when_no_subjects, "value": None, "reason": "no_subjects"}

    def subject(self, key: str, **cells: Any) -> Row:
        """Return the row of one subject."""
        table = self.table
        assert table is not None
        owner = {"parent_id": UNIT} if table.name == "units" else {"unit_id": UNIT}
        row = kept_row(table, self.measure.subjects.where, self.frame.middle, **owner, **cells)
        if table.name == "units" and not any(each.column == "type" for each in self.measure.subjects.where):
            row["type"] = self.frame.below()["type"]
        return {table.key[0]: key, **row}

    def subjects(self, keys: Sequence[str]) -> dict[str, list[Row]]:
        """Return the rows of subjects by their table; none for listed values."""
        table = self.table
        return {table.name: [self.subject(key) for key in keys]} if table else {}

    def rows(self, inner: InnerRows, key: str, days: Sequence[date], **cells: Any) -> list[Row]:
        """Return the rows of one subject, one for each day; of a stock as many rows."""
        table, dated = self.frame.table(inner.table), inner.dated(self.frame.declaration)
        if dated and table.key == ("unit_id", dated) and len(set(days)) < len(days):
            raise CannotMakeError(inner.table)
        by = {"unit_id": UNIT, inner.by: key, **cells}
        if dated is None:
            return [kept_row(table, inner.where, self.frame.middle, **by) for _ in days]
        return self.frame.dated_rows(inner.table, inner.where, dated, days, **by)

    def drafted(
        self,
        note: str,
        want: Figures,
        keys: Sequence[str],
        rows: Mapping[str, Sequence[Row]] | None = None,
        **more: Any,
    ) -> Draft:
        """Return a case with subjects and the rows that are theirs."""
        together: dict[str, list[Row]] = {}
        for each in (self.subjects(keys), rows or {}):
            for table, several in each.items():
                together.setdefault(table, []).extend(several)
        return Draft(note, self.frame.tables(together), want, others=self.others(together), **more)

    def others(self, tables: Mapping[str, Sequence[Row]]) -> dict[str, Figures]:
        """Return what is wanted of the units below that owe the requirement themselves: they have no subject."""
        applies = self.frame.requirement.applies_to
        return {
            str(row["unit_id"]): self._other(row)
            for row in tables.get("units", ())
            if row["type"] in applies.types and set(applies.tags) <= set(str(row.get("tags", "")).split(";"))
        }

    def _other(self, row: Row) -> Figures:
        is_whole = not {"active_from", "active_to"} & set(row)
        return self.none if is_whole else {"verdict": "not_applicable", "reason": "unit_not_active"}

    def without_subjects(self, rows_of: Any) -> Iterator[Draft]:
        """Yield no subject, subjects that a filter leaves out, and subjects there for a part of the period only.

        `rows_of(key)` gives rows by table with which a subject would meet.
        """
        table, frame = self.table, self.frame
        if table is None:
            return
        yield self.drafted("no_subject", self.none, ())
        first, last, day = frame.period.first_on, frame.period.last_on, timedelta(days=1)
        for column, row in left_out_rows(
            table, self.measure.subjects.where, self.subject("S1"), frame.middle
        ):
            yield self._one("other_subject", row, rows_of, figures={"column": column})
        assert table.life is not None
        opened, closed = table.life
        if isinstance(self.measure.inner, InnerRows) and frame.days > 1:
            yield self._one("opened_within", self.subject("S1", **{opened: first + day}), rows_of)
            yield self._one("closed_within", self.subject("S1", **{closed: last - day}), rows_of)
        elif not isinstance(self.measure.inner, InnerRows):
            yield self._one("closed_before", self.subject("S1", **{closed: last - day}), rows_of)
            yield self._one("opens_after", self.subject("S1", **{opened: last + day}), rows_of)

    def _one(self, note: str, subject: Row, rows_of: Any, **more: Any) -> Draft:
        assert self.table is not None
        together: dict[str, list[Row]] = {self.table.name: [as_cells(subject)]}
        for table, several in rows_of("S1").items():
            together.setdefault(table, []).extend(several)
        tables, others = self.frame.tables(together), self.others(together)
        return Draft(note, tables, self.none, others=others, as_of=self.frame.after, **more)

    def spread(self, count: int) -> list[date]:
        """Return so many days of the period."""
        return self.frame.spread(count)

    def early(self, count: int) -> list[date]:
        """Return so many days of the period up to its middle."""
        return spread(self.frame.period.first_on, self.frame.middle, count)


def beside(frame: Frame) -> list[tuple[str, date]]:
    """Return the days beside the period."""
    day = timedelta(days=1)
    return [("day_before", frame.period.first_on - day), ("day_after", frame.period.last_on + day)]


def several(*rows: Mapping[str, Sequence[Row]]) -> Tables:
    """Return the rows of several subjects by table."""
    together: Tables = {}
    for each in rows:
        for table, more in each.items():
            together.setdefault(table, []).extend(more)
    return together
