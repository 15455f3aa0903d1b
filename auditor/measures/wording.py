"""A requirement in words, zh and en, made from the rule itself: what a person reads is what is measured.

Here are the parts of a sentence: rows, filters, values, labels, the standard. Each measure puts its own
sentence together from them (`Measure.in_words`), each condition its own clause (`in_words`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from auditor.measures.where import Filter, Where
from auditor.model.requirement import Requirement, Threshold
from auditor.tables.declaration import Column, Declaration
from auditor.texts import Lang, say


class Worded(Protocol):
    """A condition that can be said in words."""

    def in_words(self, wording: Wording, table: str) -> str:
        """Return the condition in words."""
        ...


class Wording:
    """Words rules in one language, with the labels that the tables declare."""

    def __init__(self, declaration: Declaration, lang: Lang) -> None:
        self.declaration, self.lang = declaration, lang

    def say(self, code: str, **figures: Any) -> str:
        """Return a phrase of the rules."""
        return say("rules", code, figures, self.lang)

    def who(self, requirement: Requirement) -> str:
        """Return which units owe the duty."""
        applies, units = requirement.applies_to, self.declaration.tables["units"].columns
        who = self.listed([self.value(each, units["type"]) for each in applies.types])
        tags = self.listed([self.value(each, units["tags"]) for each in applies.tags])
        return self.say("who_tagged", who=who, tags=tags) if tags else who

    def standard(self, requirement: Requirement) -> str:
        """Return what is required: at least 6 sessions; at least 35%."""
        threshold = requirement.threshold
        if threshold is None:
            return ""
        if threshold.standard == "target":
            return self.say(f"target.{threshold.op}")
        if threshold.standard == "previous":
            return self.say(f"previous.{threshold.op}")
        if not threshold.dated:
            return self._one_number(threshold, requirement)
        held = (
            self.say(
                "from_day",
                standard=self._one_number(threshold.on(each.from_), requirement),
                day=each.from_.isoformat(),
                reference=each.reference.in_language(self.lang),
            )
            for each in threshold.dated
        )
        return self.say("join.then").join(held)

    def _one_number(self, threshold: Threshold, requirement: Requirement) -> str:
        percent = requirement.measure.shape == "share"
        unit = requirement.value_unit.in_language(self.lang) if requirement.value_unit and not percent else ""
        low, high = (_number(each, percent) for each in (threshold.lows[0], threshold.highs[0]))
        return self.say(f"standard.{threshold.op}", low=low, high=high, unit=unit).strip()

    def rows(self, table: str, where: Where, dated: str | None, scope: str = "unit") -> str:
        """Return which rows of a table count."""
        declared = self.declaration.tables[table]
        day = dated or declared.date
        figures = {"table": self.table(table), "where": self.where(where, table)}
        rows = (
            self.say("rows.flow", date=self.label(table, day), **figures)
            if day
            else self.say("rows.stock", **figures)
        )
        return rows + (self.say("rows.subtree") if scope == "subtree" else "")

    def where(self, where: Sequence[Filter], table: str) -> str:
        """Return the filters, in brackets behind what they filter; nothing where there are none."""
        if not where:
            return ""
        return self.say("where", tests=self.say("join.and").join(self.filter(each, table) for each in where))

    def filter(self, each: Filter, table: str) -> str:
        """Return one filter in words: kind is study session."""
        column = self.declaration.tables[table].columns[each.column]
        code = {"is": "is", "not": "not"}.get(each.op, "compared")
        if column.type == "choices" and code == "is":
            code = "contains"
        values = self.listed([self.value(value, column) for value in each.values], "or")
        op = self.say(f"{'day' if column.type == 'date' else 'op'}.{each.op}") if code == "compared" else ""
        return self.say(f"filter.{code}", column=self.label(table, each.column), values=values, op=op)

    def must(self, must: Sequence[Worded], table: str) -> str:
        """Return the conditions that each row keeps."""
        return self.say("join.and").join(each.in_words(self, table) for each in must)

    def table(self, table: str) -> str:
        """Return a table's label."""
        return str(self.declaration.tables[table].label.model_dump()[self.lang])

    def label(self, table: str, column: str) -> str:
        """Return a column's label."""
        return str(self.declaration.tables[table].columns[column].label.model_dump()[self.lang])

    def value(self, value: Any, column: Column) -> str:
        """Return a value of a column as people say it."""
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, date):
            return value.isoformat()
        if self.lang == "zh":
            return column.values.get(str(value), str(value))
        return str(value).replace("_", " ")

    def listed(self, words: Sequence[str], join: str = "list") -> str:
        """Return words one after the other, joined as a list or by *or*."""
        return self.say(f"join.{join}").join(words)


def _number(value: Decimal, percent: bool) -> str:
    shown = format((value * 100 if percent else value).normalize(), "f")
    return f"{shown}%" if percent else shown
