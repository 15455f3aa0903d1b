"""SQL that turns the text of a file into typed rows, generated from the declaration (DuckDB; reading only).

A *relation* is a SELECT that gives the supplied columns under their declared names, and `row_no`. On top
of it stand three layers: `given_x` is the trimmed text of column x (NULL: blank), `x` its typed value
(NULL: blank or unreadable), and a *trouble* condition says which cells must be reported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.engines.sql import literal, literals, name
from auditor.tables.declaration import Column, Table
from auditor.tables.personal import looks_personal
from auditor.tables.signs import BLANKS, REPORTED, SEPARATORS

EARLIEST, LATEST = "1949-10-01", "2100-12-31"
"""The days a date may lie between, both included."""

FULL_WIDTH = "０１２３４５６７８９．－＋／：＿ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
_HALF = "0123456789.-+/:_ABCDEFGHIJKLMNOPQRSTUVWXYZ"
YES, NO = ("true", "1", "是", "yes"), ("false", "0", "否", "no")
"""What a boolean cell reads as plainly, in lower case."""
DAY = "|".join(
    f"[0-9]{{4}}{a}[0-9]{{1,2}}{b}[0-9]{{1,2}}{c}"
    for a, b, c in (("-", "-", ""), ("/", "/", ""), ("[.]", "[.]", ""), ("年", "月", "日"))
)
_MIDNIGHT = "[ T]0?0:00(:00([.]0+)?)?"
_PLAIN = re.compile("[A-Za-z0-9_]+")
STORED = {
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "choices": "VARCHAR",
    "integer": "BIGINT",
    "number": "DECIMAL(18,6)",
    "date": "DATE",
    "boolean": "BOOLEAN",
}


@dataclass(frozen=True)
class Relation:
    """The rows of one source, as SQL text.

    `columns` are the declared columns it gives, `extras` the columns whose header is blank, `unit_id` the
    unit that rows without one belong to, `has_reported` says that cells may hold `REPORTED`, and
    `no_data` is the condition, over `given_x`, of the rows that are none (totals, repeated headers).
    `in_order`, where a source is worth it, gives the rows without `row_no`, in the order of the file from its
    second row on: numbering them as they are read would keep the engine from reading with more than one thread.
    `cleaned` is the table that holds the rows cleaned already, if there is one.
    """

    select: str
    columns: Sequence[str]
    extras: Sequence[str] = ()
    unit_id: str | None = None
    has_reported: bool = False
    no_data: str = ""
    in_order: str = ""
    cleaned: str = ""


@dataclass(frozen=True)
class InPlace:
    """How a typed file is read where it lies: its rows, its stored values, and when that will not do."""

    select: str
    values: Mapping[str, str]
    needs_cleaning: str


def create_rows(table: Table) -> str:
    """Return the statement that creates the empty table `TABLE_rows`, which holds the cleaned rows."""
    columns = ", ".join(f"{name(c.name)} {STORED[c.type]}" for c in table.columns.values())
    return (
        f"CREATE OR REPLACE TABLE {name(table.name)}_rows "
        f"({columns}, source_no INTEGER, row_no BIGINT, has_problem BOOLEAN)"
    )


def insert_rows(table: Table, relation: Relation, source_no: int) -> str:
    """Return the statement that appends the cleaned rows of a relation; a row with a trouble is marked."""
    chosen = ", ".join(_chosen(column, table, relation) for column in table.columns.values())
    return (
        f"INSERT INTO {name(table.name)}_rows "
        f"SELECT {chosen}, {source_no}, row_no, {has_problem(table, relation)} "
        f"FROM ({cleaned(table, relation)})"
    )


def needs_cleaning(in_place: InPlace) -> str:
    """Return the query of how many rows cannot be read in place; every row is looked at."""
    return f"SELECT count(*) FILTER ({in_place.needs_cleaning}) FROM ({in_place.select})"


def read_in_place(table: Table, in_place: InPlace, source_no: int) -> str:
    """Return the query of a file's rows as they lie, with the columns of the table's view."""
    values = ", ".join(
        f"{in_place.values.get(column.name, f'CAST(NULL AS {STORED[column.type]})')} AS {name(column.name)}"
        for column in table.columns.values()
    )
    return f"SELECT {values}, CAST({source_no} AS INTEGER) AS source_no, row_no FROM ({in_place.select})"


def count_troubles(table: Table, relation: Relation) -> str:
    """Return the query that counts the troubled cells, a figure for each pair of `troubles`."""
    counts = ", ".join(f"count(*) FILTER ({condition})" for _, condition in troubles(table, relation))
    return f"SELECT {counts} FROM ({cleaned(table, relation)})"


def troubled_cells(table: Table, relation: Relation, column: str, condition: str, limit: int) -> str:
    """Return the query of a column's first troubled cells: row, text given, whether it was unreadable."""
    unreadable = f"{name(column)} IS NULL" if column in table.columns else "TRUE"
    return (
        f"SELECT row_no, given_{name(column)}, {unreadable} FROM ({cleaned(table, relation)}) "
        f"WHERE {condition} ORDER BY row_no LIMIT {limit}"
    )


def has_problem(table: Table, relation: Relation) -> str:
    """Return the condition that a row of `cleaned` holds a troubled cell, or one already reported."""
    conditions = [f"coalesce({condition}, FALSE)" for _, condition in troubles(table, relation)]
    if relation.has_reported:
        conditions += [f"coalesce(given_{name(c)} = '{REPORTED}', FALSE)" for c in relation.columns]
    return " OR ".join(f"({condition})" for condition in conditions) or "FALSE"


def cleaned(table: Table, relation: Relation) -> str:
    """Return the query of the rows that are filled in: `row_no`, `given_x` and `x` for each column x."""
    if relation.cleaned:
        return f"SELECT * FROM {name(relation.cleaned)}"
    filled_by = [column for column in relation.columns if column in table.filled_by] or relation.columns
    present = " OR ".join(f"given_{name(column)} IS NOT NULL" for column in (*filled_by, *relation.extras))
    rows = given_rows(relation)
    fills = _fills(table, relation)
    if fills:
        rows = _filled(f"SELECT * FROM ({rows}) WHERE {present}", relation, fills)
        present = "TRUE"
    values = ", ".join(
        f"{value_of(table.columns[column], relation.has_reported)} AS {name(column)}"
        for column in _columns(table, relation)
    )
    return f"SELECT *, {values} FROM ({rows}) WHERE {present}"


def given_rows(relation: Relation) -> str:
    """Return the query of the rows that are data: `row_no`, and `given_x` for each column x."""
    every = [*relation.columns, *relation.extras]
    givens = ", ".join(f"{given_of(name(column))} AS given_{name(column)}" for column in every)
    rows = f"SELECT row_no, {givens} FROM ({relation.select})"
    return (
        f"SELECT * FROM ({rows}) WHERE NOT coalesce({relation.no_data}, FALSE)" if relation.no_data else rows
    )


def troubles(table: Table, relation: Relation) -> list[tuple[str, str]]:
    """Return each supplied column with the condition, over rows of `cleaned`, that its cell is in trouble."""
    found = [
        (c, trouble_of(table.columns[c], f"given_{name(c)}", name(c))) for c in _columns(table, relation)
    ]
    if relation.has_reported:
        found = [(c, f"coalesce(given_{name(c)} <> '{REPORTED}', TRUE) AND ({t})") for c, t in found if t]
    extras = [(extra, f"given_{name(extra)} <> '{REPORTED}'") for extra in relation.extras]
    return [(column, trouble) for column, trouble in found if trouble] + extras


def value_of(column: Column, has_reported: bool = False) -> str:
    """Return the expression that reads `given_x` as the column's type; NULL where it cannot."""
    text = f"given_{name(column.name)}"
    if has_reported:
        text = f"nullif({text}, '{REPORTED}')"
    if column.type == "text":
        return f"CASE WHEN NOT {lost_digits(text)} THEN {narrowed(text)} END" if column.is_id else text
    narrow = narrowed(text)
    if column.type == "choice":
        return _choice(column, narrow)
    if column.type == "choices":
        return _choices(column, narrow)
    if column.type == "boolean":
        return _boolean(column, narrow)
    return {"date": _date, "integer": _integer, "number": _number}[column.type](narrow)


def given_of(text: str) -> str:
    """Return the trimmed text, NULL if blank. The guard is for speed: few cells have anything to trim."""
    return (
        f"CASE WHEN regexp_matches({text}, '^[{BLANKS}]|[{BLANKS}]$|^$') "
        f"THEN nullif(trim({text}, '{BLANKS}'), '') ELSE {text} END"
    )


def narrowed(text: str) -> str:
    """Return text with full-width digits, letters and signs made narrow; the guard is for speed, once more."""
    wide = f"translate({text}, '{FULL_WIDTH}', '{_HALF}')"
    return f"CASE WHEN regexp_matches({text}, '[{FULL_WIDTH}]') THEN {wide} ELSE {text} END"


def narrow(text: str) -> str:
    """Return in Python what `narrowed` returns in the engine."""
    return text.translate(str.maketrans(FULL_WIDTH, _HALF))


def lost_digits(text: str) -> str:
    """Return the condition that an identifier is a number rounded to a power of ten: 1.10105E+17.

    So a spreadsheet writes a number of more than fifteen digits into a CSV file, and so `workbooks` hands one over.
    The guard is for speed.
    """
    return f"(contains({text}, '+') AND regexp_full_match({text}, '-?[0-9]([.][0-9]+)?[Ee][+][0-9]{{2,3}}'))"


def canonical_choices(column: Column, text: str) -> str:
    """Return the condition that a cell of several values is canonical already: codes between `;`."""
    code = "|".join(code for code in column.values if _PLAIN.fullmatch(code)) or "$^"
    return f"regexp_full_match({text}, '({code})(;({code}))*')"


def trouble_of(column: Column, given: str, value: str) -> str | None:
    """Return the condition that a cell, so given and so read, is in trouble; None if it never is."""
    conditions = [f"{given} IS NULL"] if column.required else []
    if column.type != "text" or column.is_id:
        conditions.append(f"{given} IS NOT NULL AND {value} IS NULL")
    if column.type in ("text", "integer", "number") and not column.is_id:
        # In the other types such a cell is unreadable, and in trouble for that.
        conditions.append(looks_personal(given, in_number=column.type != "text"))
    if column.type == "date":
        conditions.append(f"{value} NOT BETWEEN DATE '{EARLIEST}' AND DATE '{LATEST}'")
    if column.least is not None:
        conditions.append(f"{value} < {column.least}")
    if column.most is not None:
        conditions.append(f"{value} > {column.most}")
    return " OR ".join(f"coalesce({c}, FALSE)" for c in conditions) or None


def _columns(table: Table, relation: Relation) -> list[str]:
    """Return the declared columns of `cleaned`: the supplied ones, and those that one value fills."""
    fills = _fills(table, relation)
    return [*relation.columns, *(column for column in fills if column not in relation.columns)]


def _chosen(column: Column, table: Table, relation: Relation) -> str:
    if column.name in relation.columns or column.name in _fills(table, relation):
        return name(column.name)
    return f"CAST(NULL AS {STORED[column.type]})"


def _fills(table: Table, relation: Relation) -> Mapping[str, str]:
    """Return the value of each column that one value fills: a mapping's constants, the unit of a workbook."""
    has_unit = relation.unit_id is not None and "unit_id" in table.columns
    return {**({"unit_id": relation.unit_id or ""} if has_unit else {}), **table.as_written.constants}


def _filled(rows: str, relation: Relation, fills: Mapping[str, str]) -> str:
    """Return the rows with each value where they are blank, or where they lack the column."""
    blanks = ", ".join(
        f"coalesce(given_{name(c)}, {literal(value)}) AS given_{name(c)}"
        for c, value in fills.items()
        if c in relation.columns
    )
    lacking = [f"{literal(v)} AS given_{name(c)}" for c, v in fills.items() if c not in relation.columns]
    every = f"* REPLACE ({blanks})" if blanks else "*"
    return f"SELECT {', '.join([every, *lacking])} FROM ({rows})"


def _date(text: str) -> str:
    day = f"regexp_replace({text}, '{_MIDNIGHT}$', '')"
    return (
        f"CASE WHEN regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
        f"THEN TRY_CAST({text} AS DATE) "
        f"WHEN regexp_full_match({text}, '({DAY})({_MIDNIGHT})?') "
        f"THEN TRY_CAST(translate({day}, '/.年月日', '----') AS DATE) END"
    )


def _integer(text: str) -> str:
    return (
        f"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]+([.]0*)?') "
        f"THEN TRY_CAST(regexp_replace({text}, '[.]0*$', '') AS BIGINT) END"
    )


def _number(text: str) -> str:
    pattern = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)"
    return f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN TRY_CAST({text} AS DECIMAL(18,6)) END"


def _boolean(column: Column, text: str) -> str:
    yes = [*YES, *(spelling for spelling, code in column.spellings.items() if code == "true")]
    no = [*NO, *(spelling for spelling, code in column.spellings.items() if code == "false")]
    return (
        f"CASE WHEN lower({text}) IN ({literals(yes)}) THEN TRUE "
        f"WHEN lower({text}) IN ({literals(no)}) THEN FALSE END"
    )


def _choice(column: Column, text: str) -> str:
    return f"{_codes(column)}[lower({text})]"


def _choices(column: Column, text: str) -> str:
    """Return the codes between semicolons. The first branch is for speed: cells canonical already.

    An unknown value, or none at all, leaves two semicolons side by side, and that is no list of codes.
    """
    others = SEPARATORS[1:]
    parts = f"string_split(translate({text}, '{others}', '{SEPARATORS[0] * len(others)}'), '{SEPARATORS[0]}')"
    trimmed = f"list_filter(list_transform({parts}, lambda v: lower(trim(v, '{BLANKS}'))), lambda v: v <> '')"
    codes = f"list_transform({trimmed}, lambda v: coalesce({_codes(column)}[v], ''))"
    joined = f"concat(';', array_to_string({codes}, ';'), ';')"
    return (
        f"CASE WHEN {canonical_choices(column, text)} THEN concat(';', {text}, ';') "
        f"ELSE nullif(regexp_replace({joined}, '.*;;.*', '', 's'), '') END"
    )


def _codes(column: Column) -> str:
    """Return the constant map from every accepted spelling to its code."""
    pairs = ", ".join(f"{literal(spelling)}: {literal(code)}" for spelling, code in column.spellings.items())
    return f"MAP {{{pairs}}}"
