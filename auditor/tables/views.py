"""SQL that lays out what the engine holds after a reading: the tables' views, and tables about them."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.engines.sql import literal, name
from auditor.tables.cleaning import STORED
from auditor.tables.declaration import Table

CREATE_SOURCES = "CREATE OR REPLACE TABLE sources (source_no INTEGER, file VARCHAR, sheet VARCHAR)"

UNITS = "SELECT unit_id FROM units WHERE unit_id IS NOT NULL"

CREATE_MISSING = "CREATE OR REPLACE TABLE missing_tables (table_name VARCHAR, unit_id VARCHAR)"

CREATE_LEFT_OUT = (
    "CREATE OR REPLACE TABLE left_out_rows (table_name VARCHAR, source_no INTEGER, row_no BIGINT)"
)

LEFT_OUT = (
    "SELECT DISTINCT l.table_name, s.file, s.sheet, l.row_no FROM left_out_rows l "
    "JOIN sources s ON s.source_no = l.source_no ORDER BY s.file, s.sheet NULLS FIRST, l.row_no, l.table_name"
)

UNIT_TREE = """
CREATE OR REPLACE TABLE unit_tree AS
WITH RECURSIVE tree(unit_id, below_id) AS (
  SELECT unit_id, unit_id FROM units WHERE unit_id IS NOT NULL
  UNION
  SELECT t.unit_id, u.unit_id FROM tree t JOIN units u ON u.parent_id = t.below_id WHERE u.unit_id IS NOT NULL
)
SELECT unit_id, below_id FROM tree
"""


def view_of(table: Table, in_place: Sequence[str], *, is_shortened: bool) -> str:
    """Return the statement that creates the view of a table: its cleaned rows, and files read in place.

    `in_place` are SELECTs of the same columns; `is_shortened` leaves out what `left_out_rows` names.
    """
    columns = ", ".join([*map(name, table.columns), "source_no", "row_no"])
    parts = [f"SELECT {columns} FROM {name(table.name)}_rows", *in_place]
    rows = " UNION ALL ".join(parts)
    if is_shortened:
        rows = (
            f"SELECT {columns} FROM ({rows}) t WHERE NOT EXISTS (SELECT 1 FROM left_out_rows l WHERE "
            f"l.table_name = {literal(table.name)} AND l.source_no = t.source_no AND l.row_no = t.row_no)"
        )
    return f"CREATE OR REPLACE VIEW {name(table.name)} AS {rows}"


def empty_view_of(table: Table) -> str:
    """Return the statement that creates the view of a table that nothing supplies."""
    columns = [
        f"CAST(NULL AS {STORED[column.type]}) AS {name(column.name)}" for column in table.columns.values()
    ]
    places = "CAST(NULL AS INTEGER) AS source_no, CAST(NULL AS BIGINT) AS row_no"
    return f"CREATE OR REPLACE VIEW {name(table.name)} AS SELECT {', '.join(columns)}, {places} WHERE FALSE"


def add_sources(sources: Sequence[tuple[int, str, str | None]]) -> str:
    """Return the statement that adds files or sheets to `sources`: the number, the file, the sheet of each."""
    rows = ", ".join(f"({number}, {literal(file)}, {literal(sheet)})" for number, file, sheet in sources)
    return f"INSERT INTO sources VALUES {rows}"


def count_rows(table: Table) -> str:
    """Return the query of how many rows each source gave to a table."""
    return f"SELECT source_no, count(*) FROM {name(table.name)} GROUP BY source_no"


def add_missing_for_all(tables: Sequence[str]) -> str:
    """Return the statement that notes tables as missing for every unit."""
    listed = ", ".join(f"({literal(table)})" for table in tables)
    return (
        "INSERT INTO missing_tables SELECT v.table_name, u.unit_id "
        f"FROM (VALUES {listed}) v(table_name) CROSS JOIN ({UNITS}) u"
    )


def add_missing_for_others(table: str) -> str:
    """Return the statement that notes a table as missing for every unit that is not in `covered_units`."""
    others = f"{UNITS} AND unit_id NOT IN (SELECT unit_id FROM covered_units)"
    return f"INSERT INTO missing_tables SELECT {literal(table)}, unit_id FROM ({others})"
