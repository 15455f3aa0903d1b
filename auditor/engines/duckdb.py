"""The embedded engine: DuckDB, in memory, with a limit on it and the disk behind it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import duckdb

from auditor.engines.sql import literal, name
from auditor.errors import EngineFault

MEMORY_LIMIT = "400MB"
"""What DuckDB may hold before it spills to the temporary folder; the whole audit stays below 1.5 GiB."""

BATCH = 20_000
"""Rows fetched at a time by `stream`."""


class DuckDBEngine:
    """One in-memory database for one audit. Use it as a context manager, so that its spill folder goes too.

    Every statement of the audit passes through `run`, `rows` or `stream`; a failure is an `EngineFault` that
    carries the statement. One that does not spill has no folder, and leaves none when its process is killed.
    """

    def __init__(self, memory_limit: str = MEMORY_LIMIT, *, spills: bool = True) -> None:
        self._spill = (
            tempfile.TemporaryDirectory(prefix="ducha-", ignore_cleanup_errors=True) if spills else None
        )
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": memory_limit,
                "temp_directory": self._spill.name if self._spill else "",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "python_enable_replacements": False,
            },
        )

    def __enter__(self) -> DuckDBEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and remove its spill folder."""
        self._connection.close()
        if self._spill:
            self._spill.cleanup()

    def run(self, statement: str) -> None:
        """Run a statement for its effect."""
        self._execute(statement)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return all rows of a query, with exact values (int, Decimal, date, str, bool, None)."""
        rows: list[tuple[Any, ...]] = self._execute(statement).fetchall()
        return rows

    def stream(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query a batch at a time, on a cursor of their own: memory stays bounded."""
        cursor = self._connection.cursor()
        try:
            self._execute(statement, cursor)
            while batch := cursor.fetchmany(BATCH):
                yield from batch
        finally:
            cursor.close()

    def create_texts(self, table: str, columns: Mapping[str, Sequence[str]]) -> None:
        """Create a table of text columns, all equally long, replacing one of that name."""
        lists = ", ".join(f"unnest(CAST(? AS VARCHAR[])) AS {name(column)}" for column in columns)
        statement = f"CREATE OR REPLACE TABLE {name(table)} AS SELECT {lists}"
        self._execute(statement, parameters=[list(texts) for texts in columns.values()])

    def insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Append a modest number of rows (periods, units of a rating) to a table of the engine."""
        for start in range(0, len(rows), 500):
            batch = rows[start : start + 500]
            values = ", ".join(f"({', '.join(literal(value) for value in row)})" for row in batch)
            self._execute(f"INSERT INTO {name(table)} VALUES {values}")

    def _execute(
        self, statement: str, connection: Any = None, parameters: Sequence[Any] | None = None
    ) -> Any:
        try:
            return (connection or self._connection).execute(statement, parameters)
        except duckdb.Error as error:
            raise EngineFault(f"{error}\n-- the statement:\n{statement}") from error
