"""The declaration of the tables (`rules/tables.yaml`) as frozen values: what may be handed in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from auditor.errors import BadInput, Place, Problem
from auditor.shipped import shipped

ColumnType = Literal["text", "integer", "number", "date", "boolean", "choice", "choices"]

_AFTER = re.compile(r"(\s|[0-9*:#.]|\([^()]*[^()数次人名位个种条场期篇率%]\)|【[^【】]*】)+$")
"""What may follow the words of a header (see `word`) without another meaning: a number, a mark, a remark."""


def word(text: str) -> str:
    """Return text as names are compared: full-width folded, lower case, `_` and `-` as one space.

    Beside Chinese a space or line break says nothing: 单位 编号 is 单位编号.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    spaced = re.sub(r"[\s_\-]+", " ", folded).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", spaced)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class Label(_Frozen):
    """A text in both languages."""

    zh: str
    en: str


class Column(_Frozen):
    """One column: its type, what it means, how its header may read, and what may stand in it."""

    name: str
    type: ColumnType
    label: Label
    meaning: Label
    aliases: tuple[str, ...] = ()
    required: bool = False
    refers: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    values: Mapping[str, str] = {}
    also: Mapping[str, str] = {}
    ambiguous: Mapping[str, tuple[str, ...]] = {}
    example: Label | None = None
    counted_in: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """Return every header this column answers to: its name, both labels, its aliases."""
        return (self.name, self.label.zh, self.label.en, *self.aliases)

    @property
    def is_id(self) -> bool:
        """Return whether the column holds an identifier, which is text whatever it looks like."""
        return self.type == "text" and (self.name.endswith("_id") or bool(self.refers))

    @property
    def must_exist(self) -> bool:
        """Return whether a value that refers to nothing is a problem; if not, it is a warning."""
        return self.refers == ("units",)

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Return every accepted spelling of a value, in lower case, with its code."""
        labels = {label.lower(): code for code, label in self.values.items()}
        also = {text.lower(): code for text, code in self.also.items()}
        return {**labels, **also, **{code.lower(): code for code in self.values}}

    def but(self, **changes: Any) -> Column:
        """Return the column with other values or spellings."""
        changed = self.model_copy(update=changes)
        changed.__dict__.pop("spellings", None)
        return changed

    def code_of(self, text: str) -> str | None:
        """Return the code of one value given as code, label or other spelling; None if there is none."""
        return self.spellings.get(text.strip().lower())


class AsWritten(_Frozen):
    """How one file or sheet writes a table, where a mapping says so; every header is given by its `word`.

    `headers` are those that mean a column by its name, `dropped` those that are not read; `constants` the values
    of columns that the file lacks; `header_row` the number of the header's row (the lower of two).
    """

    headers: Mapping[str, str] = {}
    dropped: frozenset[str] = frozenset()
    constants: Mapping[str, str] = {}
    header_row: int | None = None


class Table(_Frozen):
    """One table: its columns, key and dates. A table with a `date` is a flow, one with a `life` a stock.

    `shown` are the headers of a prepared form that only explain; a prepared row counts once a column of
    `filled_by` is filled in. `as_written` is never declared: it makes the table that of one file.
    """

    name: str
    label: Label
    meaning: Label
    aliases: tuple[str, ...] = ()
    key: tuple[str, ...]
    date: str | None = None
    life: tuple[str, str] | None = None
    order: tuple[tuple[str, str], ...] = ()
    shown: Mapping[str, Label] = {}
    filled_by: tuple[str, ...] = ()
    columns: Mapping[str, Column]
    as_written: AsWritten = AsWritten()

    @model_validator(mode="after")
    def _names_known_columns(self) -> Table:
        days = (day for pair in self.order for day in pair)
        named = [*self.key, *(self.life or ()), *days, *self.filled_by]
        unknown = [name for name in [*named, *filter(None, [self.date])] if name not in self.columns]
        if unknown:
            raise ValueError(f"table {self.name} names columns it does not have: {unknown}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Return every sheet or file name this table answers to."""
        return (self.name, self.label.zh, self.label.en, *self.aliases)

    @property
    def spans(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of day columns that may not be reversed: the life, and the declared order."""
        return (*((self.life,) if self.life else ()), *self.order)

    @cached_property
    def _by_word(self) -> Mapping[str, Column]:
        declared = {word(text): column for column in self.columns.values() for text in column.headers}
        mapped = {text: self.columns[column] for text, column in self.as_written.headers.items()}
        return {**declared, **mapped}

    def column(self, text: str) -> Column | None:
        """Return the column that a header names, in zh, en or by an alias; None if there is none."""
        return None if self.drops(text) else self._by_word.get(word(text))

    def drops(self, header: str) -> bool:
        """Return whether the user does not want the column of this header to be read."""
        return word(header) in self.as_written.dropped

    def written_as(self, as_written: AsWritten, columns: Iterable[Column] = ()) -> Table:
        """Return the table as one file writes it; `columns` replace those of the same name."""
        wider = {column.name: column for column in columns}
        changed = self.model_copy(update={"as_written": as_written, "columns": {**self.columns, **wider}})
        changed.__dict__.pop("_by_word", None)
        return changed

    def only_shows(self, header: str) -> bool:
        """Return whether a header is one of a prepared form that only explains, and is not read."""
        texts = (text for label in self.shown.values() for text in (label.zh, label.en))
        return word(header) in {word(text) for text in texts}


class PersonalHeaders(_Frozen):
    """Headers that look like data about persons: refused as a whole header, or as a header's last words."""

    whole: tuple[str, ...]
    ending: tuple[str, ...]


class Declaration(_Frozen):
    """All tables, the headers that are refused, and the sheets that only explain."""

    personal_headers: PersonalHeaders
    notes_sheets: tuple[str, ...] = ()
    tables: Mapping[str, Table]

    @cached_property
    def _by_word(self) -> Mapping[str, Table]:
        return {word(text): table for table in self.tables.values() for text in table.names}

    def table(self, text: str) -> Table | None:
        """Return the table that a file or sheet name means, in zh, en or by an alias; None if none."""
        return self._by_word.get(word(text))

    @property
    def flows(self) -> tuple[Table, ...]:
        """Return the tables with a default date, in declared order."""
        return tuple(table for table in self.tables.values() if table.date)

    @cached_property
    def _personal_words(self) -> tuple[frozenset[str], tuple[str, ...]]:
        # Every cell of the first rows is asked about: folding the words anew each time took half a second.
        headers = self.personal_headers
        return frozenset(map(word, headers.whole)), tuple(map(word, headers.ending))

    def is_personal(self, header: str) -> bool:
        """Return whether a header that no table declares looks like data about persons.

        What follows it says nothing, as in 姓名1 and 联系人（必填）, unless it is what is counted: 民族（个数）.
        """
        text = _AFTER.sub("", word(header))
        whole, ending = self._personal_words
        return text in whole or (text.endswith(ending) and any(_ends_with(text, last) for last in ending))

    def is_notes(self, sheet: str) -> bool:
        """Return whether a sheet of this name only explains, and is not read."""
        return word(sheet) in {word(notes) for notes in self.notes_sheets}

    def with_vocabulary(self, extra: Mapping[str, Mapping[str, str]]) -> Declaration:
        """Return a declaration with more allowed values: `{"table.column": {code: zh label}}`.

        Raises BadInput for a name that is no choice column of a declared table, for a code that the column has
        already with another label, and for a label that means another code there: data could not tell them apart.
        """
        tables = dict(self.tables)
        for name, values in extra.items():
            table_name, _, column_name = name.partition(".")
            column = tables[table_name].columns.get(column_name) if table_name in tables else None
            if column is None or column.type not in ("choice", "choices"):
                raise BadInput([Problem("table.bad_vocabulary", {"value": name})])
            clashes = list(_clashes(name, column, values))
            if clashes:
                raise BadInput(clashes)
            table, wider = tables[table_name], column.but(values={**column.values, **values})
            tables[table_name] = table.written_as(table.as_written, [wider])
        return Declaration(
            personal_headers=self.personal_headers, notes_sheets=self.notes_sheets, tables=tables
        )


def _clashes(name: str, column: Column, values: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the added values that a column has with another label, and the labels that mean another value."""
    labels: dict[str, str] = {}
    for code, label in values.items():
        has, meant = column.values.get(code), column.code_of(label) or labels.get(label.lower())
        figures = {"value": name, "code": code, "label": label}
        if has is not None and has != label:
            yield Problem("table.value_redefined", {**figures, "expected": has})
        elif meant is not None and meant != code:
            yield Problem("table.label_taken", {**figures, "expected": meant})
        labels[label.lower()] = code


def load_declaration(path: Path | None = None) -> Declaration:
    """Return the declaration of the tables, by default the shipped one, which is read once.

    Raises BadInput with the problem `table.bad_declaration` if the file is not a declaration.
    """
    return _shipped_declaration() if path is None else _read_declaration(path)


@cache
def _shipped_declaration() -> Declaration:
    return _read_declaration(shipped("rules/tables.yaml"))


def _read_declaration(path: Path) -> Declaration:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), loader)
        return Declaration.model_validate(_named(raw))
    except (
        OSError,
        UnicodeDecodeError,
        yaml.YAMLError,
        ValidationError,
        TypeError,
        KeyError,
        AttributeError,
    ) as error:
        place = Place(file=path.name)
        raise BadInput([Problem("table.bad_declaration", {"value": str(error)}, place)]) from error


def _named(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the declaration with each table and column told its own name."""
    tables = {
        name: {
            **table,
            "name": name,
            "columns": {column: {**body, "name": column} for column, body in table["columns"].items()},
        }
        for name, table in raw["tables"].items()
    }
    return {**raw, "tables": tables}


def _ends_with(text: str, last: str) -> bool:
    """Return whether text ends with `last` as a word; Chinese is written without spaces between words."""
    if not text.endswith(last):
        return False
    before = text[: len(text) - len(last)]
    return not before or not last.isascii() or not before[-1].isalnum()
