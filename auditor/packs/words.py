"""A requirement in words, zh and en, made from the rule itself: what a person reads is what is measured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from auditor.measures.attest import Attest
from auditor.measures.condition import Compare, ExistsIn, Lead, OnWeekday, Present
from auditor.measures.each_record import EachRecord
from auditor.measures.each_subject import EachSubject, InnerColumn, InnerMust
from auditor.measures.ratio import Ratio
from auditor.measures.registry import measure_of
from auditor.measures.where import Filter
from auditor.model.requirement import Requirement
from auditor.tables.declaration import Column, Declaration
from auditor.texts import Lang, say


class Wording:
    """Words rules in one language, with the labels that the tables declare."""

    def __init__(self, declaration: Declaration, lang: Lang) -> None:
        self.declaration, self.lang = declaration, lang

    def rule(self, requirement: Requirement) -> str:
        """Return the whole rule: who owes it, how often, what is measured, what is required."""
        return self.say(
            "rule",
            who=self.who(requirement),
            period=say("words", f"period.{requirement.period}", {}, self.lang),
            measure=self.measure(requirement),
        )

    def who(self, requirement: Requirement) -> str:
        """Return which units owe the duty."""
        types, tags = (self.declaration.tables["units"].columns[name] for name in ("type", "tags"))
        who = self._listed([self._value(each, types) for each in requirement.applies_to.types])
        if requirement.applies_to.tags:
            return self.say("who_tagged", who=who, tags=self._listed([self._value(tag, tags) for tag in requirement.applies_to.tags]))
        return who

    def measure(self, requirement: Requirement) -> str:
        """Return what is measured and required."""
        measure: Any = measure_of(requirement)
        figures: dict[str, Any] = {"standard": self._standard(requirement)}
        if isinstance(measure, Attest):
            return self.say("attest", **figures)
        if isinstance(measure, EachSubject):
            return self._each_subject(measure, figures)
        figures["rows"] = self._rows(measure)
        if isinstance(measure, EachRecord):
            figures["must"] = self._must(measure.must, measure.table)
        elif isinstance(measure, Ratio):
            figures["numerator"] = self._label(measure.table, measure.numerator)
            figures["denominator"] = self._label(measure.table, measure.denominator)
            return self.say(f"ratio.{measure.how}", **figures)
        for key in ("column", "distinct"):
            if getattr(measure, key, None):
                figures[key] = self._label(measure.table, getattr(measure, key))
        return self.say("count.distinct" if "distinct" in figures else measure.kind, **figures)

    def _each_subject(self, measure: EachSubject, figures: dict[str, Any]) -> str:
        subjects = measure.subjects
        if subjects.table:
            figures["subjects"] = self.say(f"subjects.{subjects.table}", where=self._where(subjects.where, subjects.table))
        else:
            by: Any = measure.inner
            column = self.declaration.tables[by.table].columns[by.by]
            figures["subjects"] = self._listed([self._value(each, column) for each in subjects.values])
        if isinstance(measure.inner, InnerMust):
            return self.say("each_subject.must", must=self._must(measure.inner.must, str(subjects.table)), **figures)
        if isinstance(measure.inner, InnerColumn):
            return self.say("each_subject.column", column=self._label(str(subjects.table), measure.inner.column), **figures)
        inner = measure.inner
        figures["rows"], figures["by"] = self._rows(inner), self._label(inner.table, inner.by)
        if inner.kind == "sum":
            figures["column"] = self._label(inner.table, inner.column)
        return self.say(f"each_subject.{inner.kind}", **figures)

    def _rows(self, measure: Any) -> str:
        table = self.declaration.tables[measure.table]
        dated = measure.date or table.date
        figures = {
            "table": table.label.model_dump()[self.lang],
            "where": self._where(measure.where, measure.table),
            "date": self._label(measure.table, dated) if dated else "",
        }
        rows = self.say("rows.flow" if dated else "rows.stock", **figures)
        return rows + (self.say("rows.subtree") if getattr(measure, "scope", "unit") == "subtree" else "")

    def _where(self, where: Sequence[Filter], table: str) -> str:
        if not where:
            return ""
        return self.say("where", tests=self._and([self._filter(each, table) for each in where]))

    def _filter(self, each: Filter, table: str) -> str:
        column = self.declaration.tables[table].columns[each.column]
        code = {"is": "is", "not": "not"}.get(each.op, "compared")
        if column.type == "choices" and code == "is":
            code = "contains"
        values = self._listed([self._value(value, column) for value in each.values], "or")
        return self.say(f"filter.{code}", column=column.label.model_dump()[self.lang], values=values, op=each.op)

    def _must(self, must: Sequence[Any], table: str) -> str:
        return self._and([self._condition(each, table) for each in must])

    def _condition(self, each: Any, table: str) -> str:
        labels = [self._label(table, column) for column in each.columns()]
        if isinstance(each, Present):
            return self.say("must.present", column=labels[0])
        if isinstance(each, ExistsIn):
            return self.say("must.exists_in", column=labels[0], table=self.declaration.tables[each.exists_in].label.model_dump()[self.lang])
        if isinstance(each, OnWeekday):
            return self.say("must.weekday", column=labels[0], weekday=self.say(f"weekday.{each.weekday}"))
        if isinstance(each, Lead):
            return self.say("must.lead", filed=labels[0], held=labels[1], op=self.say(f"op.{each.op}"), value=each.value)
        assert isinstance(each, Compare)
        column = self.declaration.tables[table].columns[each.column]
        other = labels[1] if each.other else self._value(each.value, column)
        op = f"day.{each.op}" if column.type == "date" else f"op.{each.op}"
        return self.say("must.compare", column=labels[0], op=self.say(op), other=other)

    def _standard(self, requirement: Requirement) -> str:
        threshold = requirement.threshold
        if threshold is None:
            return ""
        unit = requirement.value_unit.in_language(self.lang) if requirement.value_unit else ""
        percent = requirement.measure.kind == "ratio"
        low, high = (self._number(each, percent) for each in (threshold.low, threshold.high))
        return self.say(f"standard.{threshold.op}", low=low, high=high, unit="" if percent else unit).strip()

    @staticmethod
    def _number(value: Decimal, percent: bool) -> str:
        shown = format((value * 100 if percent else value).normalize(), "f")
        return f"{shown}%" if percent else shown

    def _label(self, table: str, column: str) -> str:
        return str(self.declaration.tables[table].columns[column].label.model_dump()[self.lang])

    def _value(self, value: Any, column: Column) -> str:
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, date):
            return value.isoformat()
        return column.values.get(str(value), str(value)) if self.lang == "zh" else str(value).replace("_", " ")

    def _listed(self, words: Sequence[str], join: str = "list") -> str:
        return self.say(f"join.{join}").join(words)

    def _and(self, tests: Sequence[str]) -> str:
        return self.say("join.and").join(tests)

    def say(self, code: str, **figures: Any) -> str:
        """Return a phrase of the rules."""
        return say("rules", code, figures, self.lang)
