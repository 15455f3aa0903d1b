"""SQL of the checks that look at more than one cell: keys, references, lives, the tree of units.

Every check is a query of `source_no, row_no, column_name, value, other, other_source, other_row`: where the
problem stands, what is there, and what it collides with. Blank cells take no part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditor.engines.sql import literal, name
from auditor.tables.declaration import Column, Table

_NO_OTHER = "CAST(NULL AS INTEGER) AS other_source, CAST(NULL AS BIGINT) AS other_row"

COUNT_FOUND = (
    "SELECT source_no, count(*), any_value(column_name) FROM found GROUP BY source_no ORDER BY source_no"
)

PARENTS = (
    "SELECT unit_id, parent_id, source_no, row_no FROM units "
    "WHERE parent_id IS NOT NULL AND unit_id IS NOT NULL"
)


def has_repeated_keys(table: Table) -> str:
    """Return the query of how many keys may stand twice; by hash, so that ten million fit into memory."""
    return f"SELECT count(*) FROM ({_repeated_hashes(table)})"


def repeated_keys(table: Table) -> str:
    """Return the rows whose key stands in an earlier row already, each with the place of the first."""
    key = _key(table)
    rows = (
        f"SELECT source_no, row_no, {_shown_key(table)} AS shown, "
        f"first_value(source_no) OVER (PARTITION BY {key} ORDER BY source_no, row_no) AS first_source, "
        f"first_value(row_no) OVER (PARTITION BY {key} ORDER BY source_no, row_no) AS first_row "
        f"FROM {name(table.name)} WHERE {_has_key(table)} AND hash({key}) IN ({_repeated_hashes(table)})"
    )
    return (
        f"SELECT source_no, row_no, {literal(table.key[0])} AS column_name, shown AS value, "
        "CAST(NULL AS VARCHAR) AS other, first_source AS other_source, first_row AS other_row "
        f"FROM ({rows}) WHERE source_no <> first_source OR row_no <> first_row"
    )


def dangling(table: Table, column: Column, keys: Mapping[str, str]) -> str:
    """Return the rows whose reference exists in none of the tables (`keys`: table -> its key column)."""
    value = f"t.{name(column.name)}"
    absent = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {name(other)} k WHERE k.{name(key)} = {value})"
        for other, key in keys.items()
    )
    return (
        f"SELECT source_no, row_no, {literal(column.name)} AS column_name, {value} AS value, "
        f"CAST(NULL AS VARCHAR) AS other, {_NO_OTHER} "
        f"FROM {name(table.name)} t WHERE {value} IS NOT NULL AND {absent}"
    )


def reversed_spans(table: Table, first: str, last: str) -> str:
    """Return the rows whose last day lies before the first."""
    return (
        f"SELECT source_no, row_no, {literal(last)} AS column_name, CAST({name(last)} AS VARCHAR) AS value, "
        f"CAST({name(first)} AS VARCHAR) AS other, {_NO_OTHER} "
        f"FROM {name(table.name)} WHERE {name(last)} < {name(first)}"
    )


def which_find(queries: Sequence[str]) -> str:
    """Return the query of the positions of those queries that find any row: one statement for all of them."""
    return " UNION ALL ".join(f"(SELECT {at} FROM ({query}) LIMIT 1)" for at, query in enumerate(queries))


def keep_found(query: str) -> str:
    """Return the statement that keeps what a check finds, as the table `found`."""
    return f"CREATE OR REPLACE TEMP TABLE found AS {query}"


def first_found(limit: int) -> str:
    """Return the query of the first rows found in each source, in the order of files and rows."""
    return (
        "SELECT source_no, row_no, column_name, value, other, other_source, other_row FROM found "
        f"QUALIFY row_number() OVER (PARTITION BY source_no ORDER BY row_no) <= {limit} "
        "ORDER BY source_no, row_no"
    )


def leave_out_found(table: Table) -> str:
    """Return the statement that adds the rows found to those left out."""
    return f"INSERT INTO left_out_rows SELECT {literal(table.name)}, source_no, row_no FROM found"


def leave_out_marked(table: Table) -> str:
    """Return the statement that adds the rows with an unreadable cell to those left out."""
    return (
        f"INSERT INTO left_out_rows SELECT {literal(table.name)}, source_no, row_no "
        f"FROM {name(table.name)}_rows WHERE has_problem"
    )


def _repeated_hashes(table: Table) -> str:
    return (
        f"SELECT hash({_key(table)}) AS h FROM {name(table.name)} WHERE {_has_key(table)} "
        "GROUP BY h HAVING count(*) > 1"
    )


def _key(table: Table) -> str:
    """Return the key's expressions; a key column that may be blank counts as an empty text."""
    return ", ".join(
        name(column) if table.columns[column].required else f"coalesce(CAST({name(column)} AS VARCHAR), '')"
        for column in table.key
    )


def _shown_key(table: Table) -> str:
    return "concat_ws(' + ', " + ", ".join(f"CAST({name(c)} AS VARCHAR)" for c in table.key) + ")"


def _has_key(table: Table) -> str:
    return " AND ".join(f"{name(c)} IS NOT NULL" for c in table.key if table.columns[c].required)
