"""The draft of a mapping file: what was recognised of a data set, with blanks for what was not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from auditor.errors import Problem
from auditor.tables.declaration import Column, Declaration, Table, word
from auditor.tables.headers import Headers, nearest
from auditor.tables.personal import holds_personal_number
from auditor.texts import Lang, say

_NEW_SHEET = re.compile(r"(sheet|工作表|表)\s*[0-9]*", re.IGNORECASE)
"""How spreadsheets name a sheet that nobody named."""

_YEAR = re.compile("20[0-9]{2}")
UNREAD_VALUES = ("table.unknown_value", "table.ambiguous_value", "table.bad_boolean")
"""The problems whose `value` is a spelling that a mapping can explain."""


@dataclass(frozen=True)
class SheetSeen:
    """One sheet, or a file without sheets, as it was recognised.

    `table` is the one it was read as, as that file writes it (`Supply.table`); None where nobody knows, and then
    `headers` may still hold the texts of its header with no slot. `unknown_values` are the spellings that are no
    value of their column, by the column's name.
    """

    file: str
    sheet: str | None
    table: Table | None
    headers: Headers
    unknown_values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def unknown_values(
    problems: Iterable[Problem], file: str, sheet: str | None
) -> Mapping[str, tuple[str, ...]]:
    """Return the spellings of a sheet that are no value of their column, each once, by the column's name."""
    found: dict[str, dict[str, None]] = {}
    for problem in problems:
        place = problem.place
        if problem.code in UNREAD_VALUES and (place.file, place.sheet) == (file, sheet):
            found.setdefault(problem.figures["column"], {})[problem.figures["value"]] = None
    return {column: tuple(values) for column, values in found.items()}


def unknown_sheets(problems: Iterable[Problem]) -> tuple[SheetSeen, ...]:
    """Return the files and sheets whose table nobody knows, by the problems that say so."""
    nothing = Headers((), 0, ())
    return tuple(
        SheetSeen(problem.place.file, problem.place.sheet, None, nothing)
        for problem in problems
        if problem.code in ("table.unknown_table", "table.unknown_sheet") and problem.place.file
    )


def write_mapping(declaration: Declaration, sheets: Sequence[SheetSeen], lang: Lang = "zh") -> str:
    """Return the text of a mapping file for a data set as it was recognised, to be completed by a person.

    Every sheet has its entry with its table, header row and columns. What nobody knows is `null`, with the nearest
    known name as a comment: the table, a header, the spelling of a value. Headers that look like data about persons
    stand under `drop`. With every `null` filled in, `load_mapping` reads it.
    """
    draft = _Draft(declaration, lang)
    entries = [line for sheet in sheets for line in draft.entry(sheet)]
    head = [f"# {line}" for line in say("mapping", "head", {}, lang).splitlines()]
    return "\n".join([*head, "files:", *entries]) + "\n"


class _Draft:
    """Writes entries in a language."""

    def __init__(self, declaration: Declaration, lang: Lang) -> None:
        self._declaration, self._lang = declaration, lang

    def entry(self, sheet: SheetSeen) -> Iterator[str]:
        """Yield the lines of one sheet's entry."""
        likely = sheet.table or self._likely(sheet)
        yield f"  - file: {_quoted(sheet.file)}{self._about_name(sheet.file)}"
        if sheet.sheet is not None:
            yield f"    sheet: {_quoted(sheet.sheet)}"
        yield f"    table: {self._table(sheet.table, likely)}"
        if sheet.headers.row > 1:
            yield f"    header_row: {sheet.headers.row}"
        columns, drops = self._headers(sheet, likely)
        yield from _under("columns", columns)
        if sheet.table is not None:
            yield from _under("values", list(self._values(sheet.table, sheet.unknown_values)))
            constants = sheet.table.as_written.constants
            yield from _under("constants", [f"{each}: {_quoted(text)}" for each, text in constants.items()])
        yield from _under("drop", drops)

    def _say(self, code: str, **figures: str) -> str:
        return f"   # {say('mapping', code, figures, self._lang)}"

    def _label(self, named: Table | Column) -> str:
        return named.label.zh if self._lang == "zh" else named.label.en

    def _about_name(self, file: str) -> str:
        pattern = _YEAR.sub("*", file)
        return self._say("file", value=_quoted(pattern)) if pattern != file else ""

    def _likely(self, sheet: SheetSeen) -> Table | None:
        """Return the table that a sheet most likely is: most of its headers are known there, or its name is near."""
        tables = list(self._declaration.tables.values())
        known = [sum(table.column(text) is not None for text in sheet.headers.texts) for table in tables]
        if max(known, default=0) > 1:
            return tables[known.index(max(known))]
        says_nothing = sheet.sheet is None or _NEW_SHEET.fullmatch(sheet.sheet)
        stem = PurePosixPath(sheet.file).stem if says_nothing else sheet.sheet or ""
        near = nearest(stem, [name for table in tables for name in table.names])
        return self._declaration.table(near) if near else None

    def _table(self, table: Table | None, likely: Table | None) -> str:
        if table is not None:
            return f"{table.name}   # {self._label(table)}"
        known = self._declaration.tables.values()
        listed = say("mapping", "join", {}, self._lang).join(
            f"{each.name} {self._label(each)}" for each in known
        )
        if likely is None:
            return f"null{self._say('table', expected=listed)}"
        return (
            f"null{self._say('table_near', expected=listed, nearest=f'{likely.name} {self._label(likely)}')}"
        )

    def _headers(self, sheet: SheetSeen, likely: Table | None) -> tuple[list[str], list[str]]:
        """Return the lines of the headers that are columns or may be, and of those that are not read."""
        columns, drops = [], []
        slots = sheet.headers.slots or (None,) * len(sheet.headers.texts)
        seen: set[str] = set()
        for text, slot in zip(sheet.headers.texts, slots, strict=True):
            if (
                not text
                or holds_personal_number(text)
                or word(text) in seen
                or (sheet.table and sheet.table.only_shows(text))
            ):
                continue
            seen.add(word(text))
            column = sheet.table.columns.get(slot or "") if sheet.table else likely and likely.column(text)
            if text in sheet.headers.dropped:
                drops.append(f"- {_quoted(text)}")
            elif column is not None:
                columns.append(f"{_quoted(text)}: {column.name}   # {self._label(column)}")
            elif self._declaration.is_personal(text) and not (likely and likely.column(text)):
                drops.append(f"- {_quoted(text)}{self._say('personal')}")
            else:
                columns.append(f"{_quoted(text)}: null{self._near_column(text, likely)}")
        return columns, drops

    def _near_column(self, text: str, table: Table | None) -> str:
        names = [name for each in table.columns.values() for name in each.headers] if table else []
        near = nearest(text, names)
        column = table.column(near) if table and near else None
        if column is None:
            return self._say("column")
        return self._say("column_near", nearest=f"{column.name} {self._label(column)}")

    def _values(self, table: Table, unknown: Mapping[str, Sequence[str]]) -> Iterator[str]:
        """Yield the spellings of a file that the declaration does not have: those explained, and those still blank."""
        declared = self._declaration.tables[table.name]
        for column in table.columns.values():
            before = declared.columns[column.name].also
            own = {text: code for text, code in column.also.items() if before.get(text) != code}
            blank = [text for text in unknown.get(column.name, ()) if text not in own]
            if own or blank:
                yield f"{column.name}:"
            yield from (f"  {_quoted(text)}: {_quoted(code)}" for text, code in own.items())
            yield from (f"  {_quoted(text)}: null{self._near_value(text, column)}" for text in blank)

    def _near_value(self, text: str, column: Column) -> str:
        near = nearest(text, [*column.values, *column.values.values(), *column.also])
        code = column.code_of(near) if near else None
        if code is None:
            return self._say("value")
        return self._say("value_near", nearest=f"{code} {column.values.get(code, '')}".strip())


def _under(key: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"    {key}:"
        yield from (f"      {line}" for line in lines)


def _quoted(text: str) -> str:
    """Return a text as YAML in double quotes, whatever is in it."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in quoted)
