"""Databases: their tables listed, the asked columns taken row by row, all in one transaction that only reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.base import PGInspector
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql import quoted_name

from auditor.tables.database import Database
from auditor.tables.door.database_causes import BAD_URL, CHANGED, cause_of
from auditor.tables.door.database_texts import taken_rows
from auditor.tables.door.handing import SHOWN, Ask, Faults, Refused, Taken, Top, write_rows
from auditor.tables.door.limits import CONNECT_SECONDS, DATABASE_SECONDS, LOCK_SECONDS, MOST_COLUMNS

_STREAMED = {"stream_results": True, "yield_per": 2000}
_AS_TEXT = ("date", "timestamp", "timestamptz")
"""Types whose values are taken as the server writes them: Python has no day `infinity`, a cell may name it."""

_ON_SQLITE = ("PRAGMA query_only = ON", "PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "BEGIN")
_ON_POSTGRESQL = (
    f"SET LOCAL statement_timeout = '{DATABASE_SECONDS}s'",
    f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL extra_float_digits = 1",
)


@dataclass(frozen=True)
class _Shape:
    """The columns of a table in their order, each with its type, and those of its primary key."""

    columns: Sequence[tuple[str, Any]]
    key: Sequence[str]


@dataclass
class StoredTables:
    """An opened database. What it says is of one moment, from `tops` to `close`."""

    connection: Connection
    still: _Still | None = None
    _names: list[str] = field(default_factory=list)
    _shapes: dict[int, _Shape] = field(default_factory=dict)

    def tops(self) -> list[Top]:
        """Return the names of the tables and views that need no schema to be named; their heads are asked for."""
        with _refusing():
            inspector = sa.inspect(self.connection)
            found = {*inspector.get_table_names(), *inspector.get_view_names()}
            if isinstance(inspector, PGInspector):
                found |= {*inspector.get_materialized_view_names(), *inspector.get_foreign_table_names()}
        self._names = sorted(found)
        return [Top(name, []) for name in self._names]

    def head(self, number: int) -> Top:
        """Return the columns of a table as its head: they stand in no row (row 0). Raises Refused."""
        name = self._names[number]
        with _refusing(name), self.connection.begin_nested():
            inspector = sa.inspect(self.connection)
            columns = [(each["name"], each["type"]) for each in inspector.get_columns(name)]
            key = inspector.get_pk_constraint(name)["constrained_columns"]
        if len(columns) > MOST_COLUMNS:
            raise Refused("table.too_many_columns", {"expected": MOST_COLUMNS}, sheet=name)
        self._shapes[number] = _Shape(columns, key)
        return Top(name, [(0, [column[:SHOWN] for column, _ in columns])])

    def take(self, ask: Ask) -> Taken:
        """Write the rows of a table in the columns asked for. Raises Refused."""
        name, faults = self._names[ask.sheet], Faults()
        query = self._query(ask)
        with (
            _refusing(name),
            self.connection.begin_nested(),
            self.connection.execute(query, execution_options=_STREAMED) as rows,
        ):
            write_rows(Path(ask.into), taken_rows(rows, ask, faults))
        if self.still is not None and not self.still.holds():
            raise Refused("table.no_database", {"why": CHANGED})
        return Taken(faults=faults.listed, unlisted=faults.unlisted())

    def close(self) -> None:
        """End the transaction and the connection."""
        with _refusing():
            self.connection.close()

    def _query(self, ask: Ask) -> sa.Select[Any]:
        """Return the query of a table's rows in an order that the same rows always have."""
        shape = self._shapes[ask.sheet]
        columns: list[sa.ColumnClause[Any]] = [
            sa.column(quoted_name(name, True)) for name, _ in shape.columns
        ]
        source = sa.table(quoted_name(self._names[ask.sheet], True), *columns)
        types, asked = dict(shape.columns), [shape.columns[at][0] for at in ask.positions]
        selected = [_selected(source.c[name], types[name]) for name in asked]
        order: list[sa.ColumnElement[Any]]
        if self.connection.dialect.name == "sqlite":  # where a key may hold NULL, and that several times
            order = [sa.collate(source.c[name], "BINARY") for name in dict.fromkeys([*shape.key, *asked])]
        elif shape.key:
            order = [_keyed(source.c[name], types[name]) for name in shape.key]
        else:  # as texts, for not all types have an order
            order = [sa.collate(sa.cast(source.c[name], sa.Text), "C") for name in asked]
        return sa.select(*selected).select_from(source).order_by(*order)


def open_database(url: str, file: Path | None) -> StoredTables:
    """Return a database opened for reading: a PostgreSQL server, or the file of SQLite. Raises Refused."""
    if Database(url).backend == "postgresql":
        return _open_postgresql(url)
    if file is None:
        raise Refused("table.no_database", {"why": BAD_URL})
    return _open_sqlite(file)


# ---- SQLite ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Still:
    """A file in write-ahead mode that no program has open: read without the files that SQLite would put beside it.

    Nothing keeps others from writing to it meanwhile; that they did not is looked at afterwards.
    """

    file: Path
    seen: tuple[int, int, bool]

    @classmethod
    def of(cls, file: Path) -> _Still | None:
        with file.open("rb") as opened:
            is_ahead = opened.read(20)[18:] == b"\2\2"
        seen = _seen(file)
        return cls(file, seen) if is_ahead and not seen[2] else None

    def holds(self) -> bool:
        return _seen(self.file) == self.seen


def _seen(file: Path) -> tuple[int, int, bool]:
    state = file.stat()
    return state.st_size, state.st_mtime_ns, Path(f"{file}-wal").exists()


def _open_sqlite(file: Path) -> StoredTables:
    try:
        still, is_empty = _Still.of(file), file.stat().st_size == 0
    except OSError as error:
        raise Refused("table.no_database", {"why": error.strerror or BAD_URL}) from None
    if is_empty:
        raise Refused("table.empty_file")
    where = f"{file.resolve().as_uri()}?mode=ro{'&immutable=1' if still else ''}"
    engine = sa.create_engine("sqlite://", creator=lambda: _connected(where), poolclass=NullPool)
    with _refusing():
        return StoredTables(_begun(engine.connect(), _ON_SQLITE), still)


def _connected(where: str) -> sqlite3.Connection:
    # Without an isolation level the module begins no transaction of its own.
    connection = sqlite3.connect(where, uri=True, timeout=LOCK_SECONDS, isolation_level=None)
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    return connection


# ---- PostgreSQL ------------------------------------------------------------------------------------


def _open_postgresql(url: str) -> StoredTables:
    try:
        located = make_url(url).set(drivername="postgresql+psycopg")
    except (SQLAlchemyError, ValueError):
        raise Refused("table.no_database", {"why": BAD_URL}) from None
    if "@" in (located.host or ""):  # a part of the password, which nobody may see
        raise Refused("table.no_database", {"why": BAD_URL})
    try:
        import psycopg  # noqa: F401, PLC0415 - an extra
    except ImportError:
        figures = {"value": "psycopg", "expected": "pip install 'ducha[postgres]'"}
        raise Refused("table.no_driver", figures) from None
    with _refusing():
        engine = sa.create_engine(
            located,
            poolclass=NullPool,
            isolation_level="REPEATABLE READ",
            use_native_hstore=False,
            connect_args={"connect_timeout": CONNECT_SECONDS, "client_encoding": "utf8"},
        )
        sa.event.listen(engine, "connect", _take_days_as_text)
        connection = engine.connect().execution_options(postgresql_readonly=True)
        return StoredTables(_begun(connection, _ON_POSTGRESQL))


def _take_days_as_text(connection: Any, _: object) -> None:
    from psycopg.types.string import TextLoader  # noqa: PLC0415 - see above

    class WithoutOffset(TextLoader):
        """Moments as the clock of the session shows them."""

        def load(self, data: Any) -> str | bytes:
            text = str(super().load(data))
            return text[:19] if text[10:19] == " 00:00:00" and text[19:20] in ("+", "-") else text

    for name in _AS_TEXT:
        connection.adapters.register_loader(name, WithoutOffset)


def _selected(column: sa.ColumnElement[Any], kind: Any) -> sa.ColumnElement[Any]:
    """Return an array as one of texts, whatever it is an array of."""
    return sa.cast(column, ARRAY(sa.Text)) if isinstance(kind, ARRAY) else column


def _keyed(column: sa.ColumnElement[Any], kind: Any) -> sa.ColumnElement[Any]:
    """Return a column of a key to order by: texts by their letters, not as the server's language sorts them."""
    is_text = isinstance(kind, sa.String) and not isinstance(kind, sa.Enum)
    return sa.collate(column, "C") if is_text else column


# ---- Both ------------------------------------------------------------------------------------------


def _begun(connection: Connection, statements: Sequence[str]) -> Connection:
    for statement in statements:
        connection.exec_driver_sql(statement)
    return connection


@contextmanager
def _refusing(table: str | None = None) -> Iterator[None]:
    """Turn what a driver raises into the cause for which the database, or a table of it, is not read."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise Refused("table.no_database", {"why": cause_of(error)}, sheet=table) from None
