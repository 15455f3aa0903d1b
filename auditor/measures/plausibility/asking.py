"""Asks the questions: one look at the tables that passes most rules over, then a statement a rule.

A statement is read a question at a time, so that many rows or questions never pile up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literal, literals, name
from auditor.measures.grid import Span
from auditor.measures.plausibility.kinds import Counted, DaysOff
from auditor.measures.plausibility.reading import Plausibility
from auditor.measures.plausibility.rules import Rule
from auditor.measures.wording import Wording
from auditor.model.audit import Question
from auditor.periods.workdays import WorkCalendar
from auditor.tables.declaration import Column, Declaration
from auditor.tables.read import Reading
from auditor.texts import LANGUAGES, Lang

ROWS_LISTED = 20
"""How many of its rows a question lists; it counts them all."""

_FIXED = ("unit_id", "first_on", "last_on", "run", "counted", "most", "file", "sheet", "row_no")
"""The columns of a statement in front of those that are alike."""


@dataclass(frozen=True)
class Asking:
    """What is asked, and of what: the tables of an engine, as they were read, in the span of an audit.

    `units` are those that are asked, all where it is empty; `working` says which days are off.
    """

    engine: DuckDBEngine
    declaration: Declaration
    reading: Reading
    span: Span
    working: WorkCalendar
    units: Collection[str]
    plausibility: Plausibility

    @property
    def first_on(self) -> date:
        """The first day whose rows count."""
        return self.span.window.first_on

    @property
    def last_on(self) -> date:
        """The last day whose rows count."""
        return min(self.span.window.last_on, self.span.as_of)

    def questions(self) -> Iterator[Question]:
        """Yield the questions in the order of the rules; of one rule by unit, first day and what is alike."""
        able = [self._counted(rule) for rule in self.plausibility.rules if self._can_ask(rule)]
        enough = self.engine.rows(screening(able))[0] if able else ()
        for counted, candidates in zip(able, enough, strict=True):
            if candidates >= counted.rule.least:
                yield from self._asked(counted)

    def _can_ask(self, rule: Rule) -> bool:
        """Return whether the table was supplied with the columns that the rule needs."""
        supplied = self.reading.columns.get(rule.table)
        return supplied is not None and set(supplied).issuperset(rule.needed())

    def _counted(self, rule: Rule) -> Counted:
        days_off = self._days_off if rule.kind == "day_off" else None
        table = self.declaration.tables[rule.table]
        return Counted(rule, table, self.first_on, self.last_on, days_off)

    @cached_property
    def _days_off(self) -> DaysOff:
        """The days off in the window, of the years whose notice is out: of the others nobody knows them yet."""
        years = range(self.first_on.year, self.last_on.year + 1)
        known = tuple(year for year in years if self.working.is_announced(date(year, 1, 1)))
        days = (self.first_on + timedelta(at) for at in range((self.last_on - self.first_on).days + 1))
        otherwise = (
            day for day in days if day.year in known and self.working.is_working(day) == (day.weekday() > 4)
        )
        return DaysOff(tuple(otherwise), known)

    def _asked(self, counted: Counted) -> Iterator[Question]:
        alike = len(_FIXED)
        rows = self.engine.stream(statement(counted, self.units))
        for question, listed in groupby(rows, key=lambda row: (row[:6], row[alike:])):
            yield self._question(counted.rule, question, list(listed))

    def _question(
        self, rule: Rule, question: tuple[Any, tuple[Any, ...]], rows: list[tuple[Any, ...]]
    ) -> Question:
        (unit_id, first_on, last_on, _, counted, most), alike = question
        figures = {
            "unit": unit_id, "count": counted, "first": first_on, "last": last_on, "most": most,
            "days": rule.days, **dict(zip(rule.alike, alike, strict=True)),
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


def screening(able: Collection[Counted]) -> str:
    """Return the SELECT of one row: how many candidates each rule has. Every table is looked at once."""
    tables = list(dict.fromkeys(each.table.name for each in able))
    counts = [f"n{at}" for at in range(len(able))]
    looks = []
    for table in tables:
        of_table = [
            f"count(CASE WHEN {each.candidates} THEN 1 END) AS n{at}"
            for at, each in enumerate(able)
            if each.table.name == table
        ]
        looks.append(f"(SELECT {', '.join(of_table)} FROM {name(table)} t) {name(table)}_looked_at")
    return f"SELECT {', '.join(counts)}\nFROM " + "\nCROSS JOIN ".join(looks)


def statement(counted: Counted, units: Collection[str] = ()) -> str:
    """Return the SELECT of a rule's questions to the units (none: all): a line for each row that is listed.

    Its columns are `_FIXED`, then what is alike.
    """
    rule = counted.rule
    alike = "".join(f", f.alike_{at}" for at in range(1, len(rule.alike) + 1))
    within = ("" if rule.kind == "same_day" else ", f.unit_id") + alike
    chosen = (
        f"max(CASE WHEN f.unit_id IN ({literals(sorted(units))}) THEN 1 ELSE 0 END) OVER q" if units else "1"
    )
    return (
        f"SELECT {', '.join(f'f.{each}' for each in _FIXED)}{alike}\nFROM (\n"
        "SELECT min(f.unit_id) OVER q AS unit_id, min(f.day) OVER q AS first_on, max(f.day) OVER q AS last_on, f.run, "
        f"count(*) OVER q AS counted, max(f.value) OVER q AS most, s.file, s.sheet, f.row_no, {chosen} AS chosen, "
        f"row_number() OVER (PARTITION BY f.run{within} ORDER BY s.file, s.sheet NULLS FIRST, f.row_no) AS place"
        f"{alike}\n"
        f"FROM (\n{counted.found}\n) f JOIN sources s ON s.source_no = f.source_no\n"
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
