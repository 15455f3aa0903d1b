"""The file of the questions (`rules/plausibility.yaml`, or a user's own): read, and checked as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from pydantic import Field, ValidationError

from auditor.errors import BadInput, Problem
from auditor.marked import Marked, Where, read_marked
from auditor.measures.plausibility.rules import COLUMNS, COMMON, KINDS, Keys, Rule
from auditor.measures.where import COMPARISONS, Filter
from auditor.model.record import Bilingual, Record
from auditor.shipped import shipped
from auditor.tables.declaration import Column, Declaration, Table, load_declaration
from auditor.texts import LANGUAGES

_EXPECTED: Mapping[str, str] = {
    "id": "same-meeting-twice", "plausibility": "first-questions", "version": '"1.0.0"',
    "title": "{zh: …, en: …}", "question": "{zh: …, en: …}", "zh": "…", "en": "…",
    "rules": "- id: …", "table": "activities", "where": "{kind: training}", "date": "held_on",
    "same": "[kind, held_on, hours]", "filled": "[hours, participants]", "differ": "[unit_id]",
    "column": "participants", "earlier": "held_on", "later": "recorded_on", "days": "60", "least": "10",
}  # fmt: skip
"""What may stand under a key, by an example."""

_EXAMPLES: Mapping[str, str] = {
    "text": "…", "choice": "…", "choices": "…", "boolean": "true", "date": "2024-03-05", "integer": "3",
    "number": "1.5",
}  # fmt: skip
"""What a filter may compare a column of a type with, by an example."""

_LARGEST = 10**9
"""What a number of a filter may be: columns have room for it."""

_SHOWN, _LISTED = 80, 20
"""Signs of a wrong value, and known words, that a message repeats."""

_TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str,), "choice": (str,), "choices": (str,), "boolean": (bool,), "date": (date,),
    "integer": (int,), "number": (int, Decimal),
}  # fmt: skip


class _Head(Record):
    """What stands around the rules."""

    plausibility: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)
    version: str = Field(min_length=1)
    title: Bilingual
    rules: list[Any]


@dataclass(frozen=True)
class Plausibility:
    """A checked file: its rules, in order. No rule at all is a file that asks nothing."""

    name: str
    version: str
    title: Bilingual
    rules: tuple[Rule, ...]


def load_plausibility(path: Path | None = None, declaration: Declaration | None = None) -> Plausibility:
    """Return the rules of a file, by default of the shipped one, which is read once.

    `declaration` are the tables that the rules speak of, by default those shipped. Raises BadInput with every
    problem of the file, each with its line (`plausibility.*`).
    """
    return _shipped() if path is None else _read(path, declaration or load_declaration())


@cache
def _shipped() -> Plausibility:
    return _read(shipped("rules/plausibility.yaml"), load_declaration())


def _read(path: Path, declaration: Declaration) -> Plausibility:
    reading = _Reading(read_marked(path, "plausibility"), declaration)
    plausibility = reading.plausibility()
    if reading.problems or plausibility is None:
        raise BadInput(reading.problems)
    return plausibility


class _Reading:
    """One reading of one file, and the problems met."""

    def __init__(self, marked: Marked, declaration: Declaration) -> None:
        self._marked, self._declaration = marked, declaration
        self.problems: list[Problem] = []

    def plausibility(self) -> Plausibility | None:
        """Return the file, or None where something is wrong with it."""
        whole = self._marked.value
        try:
            head: _Head | None = _Head.model_validate(whole)
        except ValidationError as error:
            head = None
            self._mistakes(error, (), _Head.model_fields)
        written = whole.get("rules") if isinstance(whole, dict) else None
        rules = [
            self._rule(each, ("rules", at))
            for at, each in enumerate(written if isinstance(written, list) else ())
        ]
        ids = [rule.id if rule else None for rule in rules]
        for at, each in enumerate(ids):
            if each is not None and each in ids[:at]:
                self._problem("duplicate_name", ("rules", at, "id"), each)
        found = tuple(rule for rule in rules if rule)
        return Plausibility(head.plausibility, head.version, head.title, found) if head else None

    def _problem(
        self, code: str, where: Where, value: Any, known: Iterable[str] = (), expected: str = ""
    ) -> None:
        words = list(known)
        listed = "、".join(words[:_LISTED]) + ("…" if len(words) > _LISTED else "")
        figures = {"value": _written(value), "expected": expected or listed}
        near = get_close_matches(str(value), words, 1)
        place = self._marked.place(where)
        self.problems.append(Problem(f"plausibility.{code}", figures, place, near[0] if near else None))

    def _mistakes(self, error: ValidationError, where: Where, keys: Collection[str]) -> None:
        """Note a problem for each mistake in a part of the file that has these keys."""
        for each in error.errors(include_url=False):
            path = (*where, *each["loc"])
            key = next((part for part in reversed(path) if isinstance(part, str)), "")
            if each["type"] == "missing":
                self._problem("missing_key", path[:-1], key)
            elif each["type"] == "extra_forbidden":
                self._problem("unknown_key", path, key, keys)
            else:
                expected = _EXPECTED.get(key) or ", ".join(f"{each}: …" for each in keys)
                self._problem("wrong_value", path, each.get("input"), expected=expected)

    def _rule(self, written: Any, where: Where) -> Rule | None:
        if not isinstance(written, dict):
            self._problem("wrong_value", where, written, expected=_EXPECTED["rules"])
            return None
        kind = written.get("kind")
        if kind is None:
            self._problem("missing_key", where, "kind")
            return None
        if not isinstance(kind, str) or kind not in KINDS:
            self._problem("unknown_kind", (*where, "kind"), kind, KINDS)
            return None
        keys = KINDS[kind]
        known = (*COMMON, *keys.needs, *keys.may)
        strange = [key for key in written if key not in known]
        missing = [key for key in keys.needs if key not in written]
        for key in strange:
            self._problem("unknown_key", (*where, str(key)), key, known)
        for key in missing:
            self._problem("missing_key", where, key)
        rule = self._parsed({key: written[key] for key in written if key in known}, keys, where)
        return None if strange or missing else rule

    def _parsed(self, written: Mapping[str, Any], keys: Keys, where: Where) -> Rule | None:
        usual = {} if keys.least is None else {"least": keys.least}
        by = written.get("by")
        one = {"by": [by]} if isinstance(by, str) else {}
        try:
            rule = Rule.model_validate({**usual, **written, **one})
        except ValidationError as error:
            self._mistakes(error, where, COMMON)
            return None
        self._check(rule, where)
        return rule

    def _check(self, rule: Rule, where: Where) -> None:
        """Check what the rule says against the declared tables."""
        self._check_sentences(rule, where)
        table = self._declaration.tables.get(rule.table)
        if table is None:
            self._problem("unknown_table", (*where, "table"), rule.table, self._declaration.tables)
            return
        if rule.dated(table) is None:
            self._problem("needs_a_date", where, rule.table, expected=", ".join(_days(table)))
        for key in COLUMNS:
            for column in rule.under(key):
                self._check_column(table, column, (*where, key), is_day=key in ("date", *rule.keys.dates))
        for each in rule.where:
            key = each.column if each.op == "is" else f"{each.column} {each.op}"
            self._check_filter(each, table, (*where, "where", key))

    def _check_column(self, table: Table, column: str, where: Where, *, is_day: bool) -> None:
        if column not in table.columns:
            self._problem("unknown_column", where, column, table.columns)
        elif is_day and table.columns[column].type != "date":
            self._problem("not_a_day", where, column, expected=", ".join(_days(table)))

    def _check_filter(self, each: Filter, table: Table, where: Where) -> None:
        column = table.columns.get(each.column)
        if column is None:
            self._problem("unknown_column", where, each.column, table.columns)
        elif each.op in COMPARISONS and column.type not in ("integer", "number", "date"):
            self._problem("not_comparable", where, each.column)
        else:
            for value in each.values:
                if not _fits(value, column):
                    self._problem("wrong_value", where, value, expected=_EXAMPLES[column.type])
                elif column.values and value not in column.values:
                    self._problem("unknown_value", where, value, column.values)

    def _check_sentences(self, rule: Rule, where: Where) -> None:
        for lang in LANGUAGES:
            for figure in _figures_of(rule.question.in_language(lang)):
                if figure not in rule.figures:
                    known = sorted(rule.figures)
                    self._problem("unknown_figure", (*where, "question", lang), figure, known)


def _days(table: Table) -> list[str]:
    return [column.name for column in table.columns.values() if column.type == "date"]


def _fits(value: Any, column: Column) -> bool:
    """Return whether a filter's value is of the column's type."""
    if isinstance(value, bool | datetime):
        return isinstance(value, bool) and column.type == "boolean"
    is_number = isinstance(value, int | Decimal)
    if is_number and not (Decimal(value).is_finite() and abs(Decimal(value)) <= _LARGEST):
        return False
    return isinstance(value, _TYPES[column.type])


def _figures_of(sentence: str) -> Iterator[str]:
    """Yield the figures that a sentence names, as it writes them; of one with a lone brace all of it."""
    try:
        parts = list(Formatter().parse(sentence))
    except ValueError:
        yield sentence
        return
    for _, figure, form, conversion in parts:
        if figure is not None:
            yield figure + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")


def _written(value: Any) -> str | int | None:
    """Return a value of the file as a sentence can hold it: a list or mapping by its brackets, a text cut short."""
    if isinstance(value, list | tuple | dict):
        return "{…}" if isinstance(value, dict) else "[…]"
    return value if value is None or isinstance(value, int) else str(value)[:_SHOWN]
