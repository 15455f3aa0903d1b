"""A mapping file: read, checked as a whole against the declaration, every mistake with its line.

    files:
      - file: "学院活动明细*.xlsx"          # the name, or the path below the data; * and ? may stand for others
        sheet: "Sheet1"                    # optional; * and ? as well
        table: activities                  # a table by its name or label
        header_row: 3                      # optional, where it is not found by itself
        columns: {"序号": activity_id, "时间": 举办日期}     # header as the file writes it: column
        values: {kind: {"理论学习": study_session}}         # optional: column: {spelling in the file: value}
        drop: ["备注", "主持人"]            # optional: headers whose columns are not read
        constants: {unit_id: "U02"}        # optional: columns that the file lacks, the same in every row

Headers that an entry does not name are matched as in any other file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from auditor.errors import BadInput, Place, Problem
from auditor.marked import Marked, Where, read_marked
from auditor.tables.cleaning import NO, YES, narrow
from auditor.tables.declaration import AsWritten, Column, Declaration, Table, word
from auditor.tables.headers import nearest
from auditor.tables.mapping import MappedFile, TablesMapping
from auditor.tables.signs import SEARCHED
from auditor.tables.understanding import meaning_of

EXPECTED = {"integer": "1", "number": "1.5", "date": "2024-03-05", "boolean": "true / false"}
BOOLEANS = {**dict.fromkeys(YES, "true"), **dict.fromkeys(NO, "false")}
_SHOWN = 60
_Text = Annotated[str, Field(pattern=r"\S")]


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Entry(_Written):
    """An entry as the file writes it; None is a blank that `doctor --write-map` left to be filled in."""

    file: _Text
    sheet: _Text | None = None
    table: str | None
    header_row: int | None = Field(default=None, ge=1, le=SEARCHED)
    columns: dict[_Text, str | None] = {}
    values: dict[str, dict[_Text, str | bool | None]] = {}
    drop: list[_Text] = []
    constants: dict[str, str | bool | int | float | date] = {}


class _File(_Written):
    files: list[_Entry] = Field(min_length=1)


_EXPECTED: Mapping[str, str] = {
    "files": "- file: …", "header_row": f"1 – {SEARCHED}", "columns": "{…: …}", "drop": "[…]",
    "values": "{…: {…: …}}", "constants": "{…: …}",
}  # fmt: skip


def load_mapping(path: Path, declaration: Declaration) -> TablesMapping:
    """Return the mapping of a file.

    Raises BadInput with every mistake and its line (`mapping.*`): unknown keys, tables, columns and values with the
    nearest known one, blanks that were not filled in, a header or column that is named twice, a header that looks
    like data about persons.
    """
    marked = read_marked(path, "mapping")
    try:
        entries = _File.model_validate(marked.value).files
    except ValidationError as error:
        raise BadInput(_outline_problems(error, marked)) from error
    reading = [_Reading(entry, ("files", at), marked, declaration) for at, entry in enumerate(entries)]
    files = [each.mapped_file() for each in reading]
    problems = [problem for each in reading for problem in each.problems]
    if problems:
        raise BadInput(problems)
    return TablesMapping(
        path.name, hashlib.sha256(path.read_bytes()).hexdigest(), tuple(each for each in files if each)
    )


class _Reading:
    """One entry against the declaration, and what is wrong with it."""

    def __init__(self, entry: _Entry, where: Where, marked: Marked, declaration: Declaration) -> None:
        self._entry, self._where, self._marked, self._declaration = entry, where, marked, declaration
        self.problems: list[Problem] = []

    def mapped_file(self) -> MappedFile | None:
        """Return what the entry says; None, with a problem, where its table is not known."""
        entry, table = self._entry, self._table()
        if table is None:
            return None
        headers = self._headers(table)
        as_written = AsWritten(
            headers={word(header): column for header, column in headers.items()},
            dropped=frozenset(map(word, entry.drop)),
            constants=self._constants(table, set(headers.values())),
            header_row=entry.header_row,
        )
        columns = [self._with_values(table, column) for column in entry.values]
        named = {header: self._place("columns", header) for header in entry.columns}
        named |= {header: self._place("drop", at) for at, header in enumerate(entry.drop)}
        written = table.written_as(as_written, filter(None, columns))
        return MappedFile(entry.file, entry.sheet, written, self._place(), named)

    def _place(self, *where: str | int) -> Place:
        return self._marked.place((*self._where, *where))

    def _add(self, code: str, where: Where, known: Iterable[str] = (), **figures: Any) -> None:
        hint = nearest(str(figures.get("value", "")), known)
        shown = {**figures, "value": str(figures.get("value", ""))[:_SHOWN], "nearest": hint}
        self.problems.append(Problem(code, shown, self._place(*where), hint))

    def _table(self) -> Table | None:
        known = self._declaration.tables.values()
        if self._entry.table is None:
            self._add("mapping.blank", ("table",), value="table")
            return None
        table = self._declaration.table(self._entry.table)
        if table is None:
            names = [text for each in known for text in (each.name, each.label.zh)]
            self._add("mapping.unknown_table", ("table",), names, value=self._entry.table)
        return table

    def _column(self, table: Table, named: str, where: Where) -> Column | None:
        column = table.column(named)
        if column is None:
            known = [
                text for each in table.columns.values() for text in (each.label.zh, *each.aliases, each.name)
            ]
            self._add("mapping.unknown_column", where, known, value=named, **_of(table))
        return column

    def _headers(self, table: Table) -> dict[str, str]:
        """Return the column's name for each header that is mapped to a known one."""
        headers: dict[str, str] = {}
        seen = {word(header) for header in self._entry.drop}
        for header, named in self._entry.columns.items():
            where = ("columns", header)
            if word(header) in seen:
                self._add("mapping.header_twice", where, value=header)
            elif named is None:
                self._add("mapping.blank", where, value=header)
            else:
                column = self._column(table, named, where)
                if column is not None and self._may_be(table, header, column, headers, where):
                    headers[header] = column.name
            seen.add(word(header))
        return headers

    def _may_be(
        self, table: Table, header: str, column: Column, before: Mapping[str, str], where: Where
    ) -> bool:
        """Return whether a header may be mapped to a column: no header of persons, no second one of a column."""
        if self._declaration.is_personal(header) and table.column(header) is not column:
            self._add("mapping.personal_header", where, value=header)
        elif column.name in before.values():
            self._add("mapping.column_twice", where, value=header, **_about(column))
        else:
            return True
        return False

    def _constants(self, table: Table, mapped: set[str]) -> dict[str, str]:
        """Return the text of each column's one value."""
        constants: dict[str, str] = {}
        for named, value in self._entry.constants.items():
            where = ("constants", named)
            column = self._column(table, named, where)
            if column is None:
                continue
            if column.name in mapped or column.name in constants:
                self._add("mapping.column_twice", where, value=named, **_about(column))
                continue
            if column.type == "text" and not isinstance(value, str):
                self._add("mapping.not_text", where, value=value)
                continue
            text = _constant(column, value)
            if text is None:
                self._add(
                    "mapping.bad_constant", where, _known_values(column), value=value, **_about(column),
                    expected=_expected(column),
                )  # fmt: skip
            constants[column.name] = text or ""
        return constants

    def _with_values(self, table: Table, named: str) -> Column | None:
        """Return a column that also knows the spellings of the file."""
        column = self._column(table, named, ("values", named))
        if column is None:
            return None
        if column.type not in ("choice", "choices", "boolean"):
            self._add("mapping.no_values", ("values", named), value=named, **_about(column))
            return None
        codes = {code: code for code in column.values} if column.type != "boolean" else BOOLEANS
        also = dict(column.also)
        for spelling, value in self._entry.values[named].items():
            where = ("values", named, spelling)
            code = None if value is None else _code(column, value)
            given = narrow(spelling).strip()
            if value is None:
                self._add("mapping.blank", where, value=spelling)
            elif code is None:
                self._add(
                    "mapping.unknown_value", where, _known_values(column), value=value, **_about(column),
                    expected=_expected(column),
                )  # fmt: skip
            elif codes.get(given.lower(), code) != code:
                self._add("mapping.value_taken", where, value=spelling, **_about(column))
            else:
                also = {text: each for text, each in also.items() if text.lower() != given.lower()}
                also[given] = code
        return column.but(also=also)


def _of(table: Table) -> dict[str, str]:
    return {"table": table.name, "table_zh": table.label.zh}


def _about(column: Column) -> dict[str, str]:
    return {"column": column.name, "column_zh": column.label.zh}


def _known_values(column: Column) -> list[str]:
    return [*column.values.values(), *column.values]


def _expected(column: Column) -> str:
    """Return what may stand in a column, for a person."""
    listed = ", ".join(f"{label} ({code})" for code, label in column.values.items())
    return listed or EXPECTED.get(column.type, '"…"')


def _code(column: Column, value: str | bool) -> str | None:
    """Return the code that a value of the mapping means in a column."""
    if column.type == "boolean":
        return BOOLEANS.get(str(value).lower())
    if isinstance(value, bool):  # YAML reads yes and no, which are codes as well, so
        value = "yes" if value else "no"
    return column.code_of(value)


def _constant(column: Column, value: str | bool | int | float | date) -> str | None:
    """Return a constant as the text of a cell; None where it cannot stand in the column."""
    text = value.isoformat() if isinstance(value, date) else str(value).strip()
    if column.type == "text":
        return (narrow(text) if column.is_id else text) or None
    if column.type == "boolean":
        return BOOLEANS.get(text.lower())
    if column.type == "choice":
        return _code(column, value if isinstance(value, bool) else text)
    if column.type == "choices":
        codes = [column.code_of(each) for each in text.replace("；", ";").replace("、", ";").split(";")]
        return None if None in codes else text
    meaning = None if isinstance(value, bool) else meaning_of(column, text)
    return meaning.plain if meaning and meaning.how != "month" else None


def _outline_problems(error: ValidationError, marked: Marked) -> Iterator[Problem]:
    """Yield a problem for each mistake in the outline of the file; of one value only the first."""
    seen: set[tuple[str, Where]] = set()
    for each in error.errors(include_url=False):
        code, where = _outline_code(each["type"], each["loc"]), _known_part(each["loc"], marked)
        if code == "mapping.missing_key":
            where = (*where, str(each["loc"][-1]))
        if (code, where) in seen:
            continue
        seen.add((code, where))
        key = next((part for part in reversed(where) if isinstance(part, str)), "files")
        hint = nearest(key, _Entry.model_fields) if code == "mapping.unknown_key" else None
        figures = {"key": key, "value": str(each["input"])[:_SHOWN], "expected": _EXPECTED.get(key, '"…"')}
        yield Problem(code, {**figures, "nearest": hint}, marked.place(where), hint)


def _known_part(loc: tuple[str | int, ...], marked: Marked) -> Where:
    """Return the path to a mistake as far as the file has it; a key that is a number is the text of it there."""
    found: Where = ()
    for part in loc:
        found = next((each for each in ((*found, part), (*found, str(part))) if each in marked.lines), found)
    return found


def _outline_code(kind: str, loc: tuple[str | int, ...]) -> str:
    if kind == "missing":
        return "mapping.missing_key"
    if kind == "extra_forbidden":
        return "mapping.unknown_key"
    of_text = kind == "string_type" and (loc[-1] == "[key]" or "drop" in loc[2:3])
    return "mapping.not_text" if of_text else "mapping.wrong_value"
