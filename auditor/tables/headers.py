"""A header against the declaration: which column stands where, and what is wrong with the header."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from auditor.errors import Place
from auditor.tables.collecting import Collected
from auditor.tables.declaration import Column, Table, word
from auditor.tables.header_rows import HeaderRow, Row, find_header
from auditor.tables.intake import Intake
from auditor.tables.personal import shown

_BREAKS = re.compile(r"\s*[\r\n]+\s*")
_SHOWN = 60
"""How much of a row that should be a header a problem repeats."""


@dataclass(frozen=True)
class Headers:
    """The header row of one source: the texts as written, its row (0: in none), what each position means.

    A slot is a declared column's name, `extra_N` where the header is blank, or None where nothing is read.
    `is_double` says that the row above belongs to the header too; `dropped` are the texts of the headers that
    the user does not want to be read.
    """

    texts: tuple[str, ...]
    row: int
    slots: tuple[str | None, ...]
    is_double: bool = False
    dropped: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the declared columns that are read, in file order."""
        return tuple(slot for slot in self.slots if slot and not slot.startswith("extra_"))

    @property
    def extras(self) -> tuple[str, ...]:
        """Return the columns without a header, in file order."""
        return tuple(slot for slot in self.slots if slot and slot.startswith("extra_"))

    @cached_property
    def width(self) -> int:
        """Return how many cells a row must have: up to the last column that has a header."""
        return max((i for i, text in enumerate(self.texts, start=1) if text.strip()), default=0)

    def written(self, column: str) -> str:
        """Return the header of a column as the file writes it; its own name if the file lacks it."""
        return self.texts[self.slots.index(column)] if column in self.slots else column


def headers_of(
    intake: Intake,
    table: Table,
    rows: Sequence[Row],
    where: Place,
    named: Mapping[tuple[int, int], str] | None = None,
) -> Headers:
    """Find the header among the first rows that are not blank, and match it; what was above it is said.

    `named` are the columns that a template named, by row and position: their row is the header.
    """
    table = intake.mapping.without_dropped(table, where)
    found = _header_row(intake, table, rows, where, named or {})
    place = Place(where.file, where.sheet, found.row)
    own = {position: name for (row, position), name in (named or {}).items() if row == found.row}
    headers = match_headers(intake, table, found.texts, found.row, where, own)
    if found.rows_above:
        figures = {"value": found.row, "count": found.rows_above}
        intake.collected.add("table.read_header_below", place, figures, kind="warning")
    if found.is_double:
        figures = {"value": found.row - 1, "other": found.row}
        intake.collected.add("table.read_header_of_two", place, figures, kind="warning")
    return replace(headers, is_double=found.is_double)


def _header_row(
    intake: Intake, table: Table, rows: Sequence[Row], where: Place, named: Mapping[tuple[int, int], str]
) -> HeaderRow:
    """Return the header's row: the one that a mapping says, that a template named, or that looks like it."""
    wanted = table.as_written.header_row
    if wanted is not None and wanted not in [row for row, _ in rows]:
        intake.collected.add("mapping.no_such_row", Place(where.file, where.sheet, wanted), {"value": wanted})
    of_template = None if wanted else _named_row(rows, named)
    return of_template or find_header(intake.declaration, table, rows)


def _named_row(rows: Sequence[Row], named: Mapping[tuple[int, int], str]) -> HeaderRow | None:
    """Return the row whose cells a template named, if it is among the first."""
    of_template = {row for row, _ in named}
    for at, (row, texts) in enumerate(rows):
        if row in of_template:
            return HeaderRow(row, tuple(texts), at)
    return None


def match_headers(
    intake: Intake,
    table: Table,
    given: Sequence[str],
    row: int | None,
    where: Place,
    named: Mapping[int, str] | None = None,
) -> Headers:
    """Match a header row with a table's columns; unknown, personal and repeated headers are problems.

    `named` are the columns that a template named by position: for a header that was renamed. A row without any
    known header is no header row: one problem says so, and nothing below it is read.
    """
    table = intake.mapping.without_dropped(table, where)
    texts = tuple(_BREAKS.sub(" ", text).strip() for text in given)
    columns = _columns(intake, table, texts, named or {})
    if not any(columns) and not any(intake.declaration.is_personal(text) for text in texts):
        figures = {
            "value": shown(" ".join(filter(None, texts)))[:_SHOWN],
            "table": table.name,
            "table_zh": table.label.zh,
        }
        intake.collected.add("table.unknown_header", Place(where.file, where.sheet, row), figures)
        return Headers(texts, row or 0, (None,) * len(texts))
    slots: list[str | None] = []
    for text, column in zip(texts, columns, strict=True):
        place = Place(where.file, where.sheet, row, text or None)
        slots.append(_slot(intake, table, text, column, slots, place))
    return Headers(texts, row or 0, tuple(slots), dropped=frozenset(filter(table.drops, texts)))


def _columns(
    intake: Intake, table: Table, texts: Sequence[str], named: Mapping[int, str]
) -> list[Column | None]:
    """Return the column of each header: by its text, else by its name where no other header says that column."""
    columns = [table.column(text) for text in texts]
    said = {column.name for column in columns if column}
    for position, name in named.items():
        if position in range(len(texts)) and columns[position] is None and name not in said:
            text = texts[position]
            passed_over = table.only_shows(text) or table.drops(text)
            if not intake.declaration.is_personal(text) and not passed_over:
                columns[position] = table.columns.get(name)
    return columns


def check_required(
    headers: Headers, table: Table, ready: Iterable[str], where: Place, collected: Collected
) -> None:
    """Add a problem for every required column that the header row lacks and nothing else gives (`ready`)."""
    if not headers.columns:
        return  # what there is instead of a header has been said
    have = {*headers.columns, *ready, *table.as_written.constants}
    for column in table.columns.values():
        if column.required and column.name not in have:
            place = Place(where.file, where.sheet, headers.row or None, column.label.zh)
            figures = {
                "table": table.name,
                "table_zh": table.label.zh,
                "column": column.name,
                "column_zh": column.label.zh,
            }
            collected.add("table.missing_column", place, figures)


def nearest(text: str, known: Iterable[str]) -> str | None:
    """Return the known spelling nearest to a text, as it is written; None if none is near."""
    by_word = {word(spelling): spelling for spelling in known}
    matches = difflib.get_close_matches(word(text), by_word, n=1, cutoff=0.5)
    return by_word[matches[0]] if matches else None


def _slot(
    intake: Intake,
    table: Table,
    text: str,
    column: Column | None,
    before: Sequence[str | None],
    place: Place,
) -> str | None:
    if text and table.drops(text):
        intake.collected.add("table.dropped_column", place, {"value": text}, kind="warning")
        return None
    if column is None and not text:
        return f"extra_{len(before) + 1}"
    if column is None:
        if not table.only_shows(text):
            _add_unknown(intake, table, text, place)
        return None
    if column.name in before:
        figures = {"value": text, "column": column.name, "column_zh": column.label.zh}
        intake.collected.add("table.duplicate_column", place, figures)
        return None
    return column.name


def _add_unknown(intake: Intake, table: Table, text: str, place: Place) -> None:
    figures = {"value": text, "table": table.name, "table_zh": table.label.zh}
    if intake.declaration.is_personal(text):
        intake.collected.add("table.personal_column", place, figures)
        return
    hint = nearest(text, (header for column in table.columns.values() for header in column.headers))
    intake.collected.add("table.unknown_column", place, {**figures, "nearest": hint}, hint=hint)
