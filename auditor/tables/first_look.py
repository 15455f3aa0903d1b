"""The first look at the rows of a source: SQL that reads the plain cells, and marks every other row.

A cell is plain where a cheap look is enough to know what `cleaning` reads in it: nothing at all, or the type's
usual spelling. A row with any other cell, and a row that may be no data, is marked as if it had a problem: the
second look reads it again, cell by cell. So both looks together read what `cleaning` reads, in less time.

The SQL is kept short as well: an engine spends longer on planning a long statement than on a small file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.engines.sql import literal, literals, name
from auditor.tables.cleaning import (
    DAY,
    EARLIEST,
    FULL_WIDTH,
    LATEST,
    NO,
    STORED,
    YES,
    Relation,
    canonical_choices,
    given_of,
    lost_digits,
    narrow,
)
from auditor.tables.declaration import Column, Table
from auditor.tables.personal import may_be_personal
from auditor.tables.signs import BLANKS, REPORTED, SEPARATORS


def insert_plain_rows(table: Table, relation: Relation, source_no: int, odd_keys: Sequence[str]) -> str:
    """Return the statement that appends the rows of a relation, with `has_problem` where a row must be read again.

    `odd_keys` are further conditions, over the columns, of rows that may be no data.
    """
    return (
        f"INSERT INTO {name(table.name)}_rows SELECT {_chosen(table, relation)}, {source_no}, row_no, "
        f"{is_odd(table, relation, odd_keys)} "
        f"FROM ({plain_cells(table, relation, relation.select)}) WHERE {_is_filled(table, relation)}"
    )


def create_plain_rows(table: Table, relation: Relation, source_no: int, odd_keys: Sequence[str]) -> str:
    """Return the statement that creates the table of a large source alone: its rows in the order of the file.

    Nothing numbers the rows, so that the engine may read with all its threads: it keeps the order of a source,
    and rows that none is ever deleted from are numbered by where they stand. Blank rows are marked too.
    """
    filled, odd = _is_filled(table, relation), is_odd(table, relation, odd_keys)
    return (
        f"CREATE OR REPLACE TABLE {_own(table, source_no)} AS "
        f"SELECT {_chosen(table, relation)}, CASE WHEN {filled} THEN {odd} ELSE TRUE END AS has_problem "
        f"FROM ({plain_cells(table, relation, relation.in_order)})"
    )


def marked_rows(table: Table, source_no: int) -> str:
    """Return the query of the numbers of the appended rows of a source that must be read again."""
    return f"SELECT row_no FROM {name(table.name)}_rows WHERE source_no = {source_no} AND has_problem"


def marked_in_order(table: Table, source_no: int) -> str:
    """Return the query of the numbers of a large source's rows that must be read again."""
    return f"SELECT rowid + 2 AS row_no FROM {_own(table, source_no)} WHERE has_problem"


def read_plain_rows(table: Table, source_no: int) -> str:
    """Return the query of a large source's plain rows, with the columns of the table's view."""
    columns = ", ".join(map(name, table.columns))
    return (
        f"SELECT {columns}, CAST({source_no} AS INTEGER) AS source_no, rowid + 2 AS row_no "
        f"FROM {_own(table, source_no)} WHERE NOT has_problem"
    )


def plain_cells(table: Table, relation: Relation, rows: str) -> str:
    """Return the query of rows with the text `raw_x` and the plain value `x` of each column; NULL where odd."""
    columns = [table.columns[column] for column in relation.columns]
    casts = [f"{_CAST[c.type].format(_raw(c.name))} AS {_cast(c.name)}" for c in columns if c.type in _CAST]
    values = [f"{plain_value(column)} AS {name(column.name)}" for column in columns]
    texts = ", ".join(f"{name(column)} AS {_raw(column)}" for column in (*relation.columns, *relation.extras))
    raw = f"SELECT * RENAME ({texts}) FROM ({rows})"
    return f"SELECT {', '.join(['*', *values])} FROM (SELECT {', '.join(['*', *casts])} FROM ({raw}))"


def is_odd(table: Table, relation: Relation, odd_keys: Sequence[str] = ()) -> str:
    """Return the condition, over rows of `plain_cells`, that a row must be read again."""
    columns = [table.columns[column] for column in relation.columns]
    conditions = [condition for column in columns for condition in _odd(column, relation)]
    conditions += [_is_given(extra, relation) for extra in relation.extras]
    conditions += ["TRUE"] if table.as_written.constants else []  # the second look fills them in
    return f"coalesce({' OR '.join([*conditions, *odd_keys])}, FALSE)"


def plain_value(column: Column) -> str:
    """Return the expression that reads `raw_x` (and `cast_x`) as the column's type where it is plain; else NULL."""
    text, cast = _raw(column.name), _cast(column.name)
    if column.type == "text":
        return _identifier(text) if column.is_id else given_of(text)
    if column.type == "choice":
        return _choice(column, text)
    if column.type == "choices":
        one = f"';' || {_choice(column, text, SEPARATORS)} || ';'"
        return (
            f"coalesce({one}, CASE WHEN {canonical_choices(column, text)} THEN concat(';', {text}, ';') END)"
        )
    if column.type == "boolean":
        return _boolean(text)
    return {"date": _date, "integer": _integer, "number": _number}[column.type](text, cast)


def _raw(column: str) -> str:
    return f"raw_{name(column)}"


def _cast(column: str) -> str:
    return f"cast_{name(column)}"


def _own(table: Table, source_no: int) -> str:
    return name(f"{table.name}_of_{source_no}")


def _is_filled(table: Table, relation: Relation) -> str:
    filled_by = [column for column in relation.columns if column in table.filled_by] or relation.columns
    return " OR ".join(_is_given(column, relation) for column in (*filled_by, *relation.extras))


def _is_given(column: str, relation: Relation) -> str:
    # In a CSV that the engine reads itself a blank cell is NULL; to compare texts takes longer.
    return f"{_raw(column)} IS NOT NULL" if relation.in_order else f"{_raw(column)} <> ''"


def _chosen(table: Table, relation: Relation) -> str:
    return ", ".join(
        f"{_value(column, relation)} AS {name(column.name)}" for column in table.columns.values()
    )


def _value(column: Column, relation: Relation) -> str:
    supplied = column.name in relation.columns
    if column.name == "unit_id" and relation.unit_id is not None:
        unit = literal(narrow(relation.unit_id))
        return f"coalesce(unit_id, {unit})" if supplied else unit
    return name(column.name) if supplied else f"CAST(NULL AS {STORED[column.type]})"


def _odd(column: Column, relation: Relation) -> list[str]:
    """Return the conditions that a cell must be read again; what may be in trouble is among them."""
    text, value = _raw(column.name), name(column.name)
    is_filled = column.name == "unit_id" and relation.unit_id is not None
    must_be = column.required and not is_filled
    conditions = [f"{value} IS NULL" + ("" if must_be else f" AND {_is_given(column.name, relation)}")]
    if column.type in ("text", "integer", "number") and not column.is_id:
        conditions.append(may_be_personal(text))
    if column.type == "text":
        conditions += [f"{value} = '{REPORTED}'"] if relation.has_reported else []
    if column.type == "date":
        conditions.append(f"{value} NOT BETWEEN DATE '{EARLIEST}' AND DATE '{LATEST}'")
    conditions += [f"{value} < {column.least}"] if column.least is not None else []
    conditions += [f"{value} > {column.most}"] if column.most is not None else []
    return conditions


# What the engine would write just so needs no pattern: the text is cast, written and compared.

_CAST = {
    "date": "CASE WHEN strlen({0}) = 10 THEN TRY_CAST({0} AS DATE) END",
    "integer": f"TRY_CAST({{0}} AS {STORED['integer']})",
    "number": f"TRY_CAST({{0}} AS {STORED['number']})",
}


def _identifier(text: str) -> str:
    # What stands in an address as it is, letters and digits above all, has nothing to trim or to make narrow.
    return (
        f"CASE WHEN url_encode({text}) = {text} THEN nullif({text}, '') "
        f"WHEN regexp_full_match({text}, '[^{BLANKS}{FULL_WIDTH}]+') AND NOT {lost_digits(text)} THEN {text} END"
    )


def _choice(column: Column, text: str, separators: str = "") -> str:
    """Return the code of a spelling that cleaning would look up as it stands; codes come first, to be found first."""
    plain = (
        (spelling, code)
        for spelling, code in column.spellings.items()
        if spelling and spelling == narrow(spelling).strip(BLANKS)
        if not set(spelling) & set(separators) and "\n" not in spelling + code
    )
    pairs = sorted(plain, key=lambda pair: pair[0] not in column.values)
    spellings, codes = (_list(pair[at] for pair in pairs) for at in (0, 1))
    return f"{codes}[list_position({spellings}, nullif({text}, ''))]"


def _list(texts: Iterable[str]) -> str:
    # A list of literals takes the engine twice as long to plan as one that it splits itself, once.
    return f"string_split({literal(chr(10).join(texts))}, '\n')"


def _date(text: str, cast: str) -> str:
    return (
        f"CASE WHEN CAST({cast} AS VARCHAR) = {text} THEN {cast} "
        f"WHEN regexp_full_match({text}, '{DAY}') "
        f"THEN TRY_CAST(translate({text}, '/.年月日', '----') AS DATE) END"
    )


def _integer(text: str, cast: str) -> str:
    written = f"CAST({cast} AS VARCHAR)"
    return f"CASE WHEN {text} = {written} THEN {cast} WHEN {text} = {written} || '.0' THEN {cast} END"


def _number(text: str, cast: str) -> str:
    return f"CASE WHEN starts_with(CAST({cast} AS VARCHAR), {text}) THEN {cast} END"


def _boolean(text: str) -> str:
    return (
        f"CASE WHEN lower({text}) IN ({literals(YES)}) THEN TRUE "
        f"WHEN lower({text}) IN ({literals(NO)}) THEN FALSE END"
    )
