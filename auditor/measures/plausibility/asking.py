"""Asks the questions: a statement a rule, a question at a time, so that many rows or questions never pile up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literal, literals, name
from auditor.measures.grid import Span
from auditor.measures.plausibility.reading import Plausibility
from auditor.measures.plausibility.rules import DAYS_OFF, Counted, DayOff, Rule
from auditor.measures.wording import Wording
from auditor.model.audit import Question
from auditor.periods.workdays import WorkCalendar
from auditor.tables.declaration import Column, Declaration
from auditor.texts import LANGUAGES, Lang

ROWS_LISTED = 20
"""How many of its rows a question lists; it counts them all."""

_FIXED = ("unit_id", "first_on", "last_on", "run", "counted", "most", "file", "sheet", "row_no")
"""The columns of a statement in front of those that are alike."""


@dataclass(frozen=True)
class Asking:
    """What questions are asked of: the tables of an engine with their columns supplied, the audit's span.

    `units` are those that are asked, all where it is empty.
    """

    engine: DuckDBEngine
    declaration: Declaration
    columns: Mapping[str, Collection[str]]
    span: Span
    working: WorkCalendar
    units: Collection[str] = ()

    @property
    def first_on(self) -> date:
        """The first day whose rows count."""
        return self.span.window.first_on

    @property
    def last_on(self) -> date:
        """The last day whose rows count."""
        return min(self.span.window.last_on, self.span.as_of)

    def questions(self, plausibility: Plausibility) -> Iterator[Question]:
        """Yield the questions in the order of the rules; of one rule by unit, first day and what is alike."""
        for rule in plausibility.rules:
            if self._can_ask(rule):
                yield from self._asked(rule)

    def _can_ask(self, rule: Rule) -> bool:
        """Return whether the table was supplied with the columns that the rule needs."""
        supplied = self.columns.get(rule.table)
        return supplied is not None and set(supplied).issuperset(rule.needed())

    def _asked(self, rule: Rule) -> Iterator[Question]:
        if isinstance(rule, DayOff):
            self._lay_days_off()
        alike = len(_FIXED)
        rows = self.engine.stream(statement(rule, self))
        for question, listed in groupby(rows, key=lambda row: (row[:6], row[alike:])):
            yield self._question(rule, question, list(listed))

    def _question(
        self, rule: Rule, question: tuple[Any, tuple[Any, ...]], rows: list[tuple[Any, ...]]
    ) -> Question:
        (unit_id, first_on, last_on, _, counted, most), alike = question
        figures = {
            "unit": unit_id, "count": counted, "first": first_on, "last": last_on, "most": most,
            "days": getattr(rule, "days", None), **dict(zip(rule.alike, alike, strict=True)),
        }  # fmt: skip
        return Question(
            rule_id=rule.id,
            title={lang: rule.title.in_language(lang) for lang in LANGUAGES},
            table=rule.table,
            unit_id=unit_id,
            sentences={lang: self._sentence(rule, figures, lang) for lang in LANGUAGES},
            count=counted,
            rows=tuple(row[6:9] for row in rows),
        )

    def _sentence(self, rule: Rule, figures: Mapping[str, Any], lang: Lang) -> str:
        columns, wording = self.declaration.tables[rule.table].columns, Wording(self.declaration, lang)
        shown = {key: _shown(value, columns.get(key), wording) for key, value in figures.items()}
        return rule.question.in_language(lang).format_map(shown)

    def _lay_days_off(self) -> None:
        """Lay the table of the days off, but for those of years whose notice is not out: nobody knows them yet."""
        days = range((self.last_on - self.first_on).days + 1)
        off = [
            (day,)
            for day in (self.first_on + timedelta(at) for at in days)
            if not self.working.is_working(day) and self.working.is_announced(day)
        ]
        self.engine.run(f"CREATE OR REPLACE TABLE {DAYS_OFF} (day DATE)")
        self.engine.insert(DAYS_OFF, off)


def statement(rule: Rule, asking: Asking) -> str:
    """Return the SELECT of a rule's questions: `_FIXED`, then what is alike; a line for each row listed."""
    table = asking.declaration.tables[rule.table]
    day = rule.dated(table)
    assert day is not None, rule.id  # a rule without one is refused when it is read
    counted = Counted(table, day, rule.where, asking.first_on, asking.last_on)
    alike = "".join(f", f.{name(column)}" for column in rule.alike)
    within = ("" if rule.crosses_units else ", f.unit_id") + alike
    chosen = f"max(CASE WHEN f.unit_id IN ({literals(sorted(asking.units))}) THEN 1 ELSE 0 END)"
    return (
        f"SELECT {', '.join(f'f.{each}' for each in _FIXED)}{alike}\nFROM (\n"
        "SELECT min(f.unit_id) OVER q AS unit_id, min(f.day) OVER q AS first_on, max(f.day) OVER q AS last_on, f.run, "
        "count(*) OVER q AS counted, max(f.value) OVER q AS most, s.file, s.sheet, f.row_no, "
        f"{chosen + ' OVER q' if asking.units else '1'} AS chosen, "
        f"row_number() OVER (PARTITION BY f.run{within} ORDER BY s.file, s.sheet NULLS FIRST, f.row_no) AS place"
        f"{alike}\n"
        f"FROM (\n{rule.found(counted)}\n) f JOIN sources s ON s.source_no = f.source_no\n"
        f"WINDOW q AS (PARTITION BY f.run{within})\n) f\n"
        f"WHERE f.place <= {literal(ROWS_LISTED)} AND f.counted >= {literal(rule.least)} AND f.chosen = 1\n"
        f"ORDER BY f.unit_id, f.first_on{alike}, f.run, f.place"
    )


def _shown(value: Any, column: Column | None, wording: Wording) -> str:
    """Return a figure as people write it; a blank is a dash, several values stand one after the other."""
    if value is None:
        return "—"
    if column is None or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if column.type == "choices":
        return wording.listed([wording.value(each, column) for each in value.strip(";").split(";")])
    return wording.value(value, column)
