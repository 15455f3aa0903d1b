"""The tables of a database: those with a declared name are read, in one transaction; of the others only the names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from auditor.errors import Place
from auditor.model.audit import FileHash
from auditor.tables.database import Database
from auditor.tables.declaration import Table
from auditor.tables.door import guard
from auditor.tables.door.handing import Opened as Listed
from auditor.tables.door.handing import Refused
from auditor.tables.files import Opened
from auditor.tables.handed import Source, handed_supply
from auditor.tables.intake import Intake, table_of
from auditor.tables.supply import Supply

_SHOWN = 5
"""How many of the tables that are not read a warning names."""

_WORKER_GONE = ("table.reader_died", "table.reader_timeout", "table.reader_memory")
"""The codes that say that the worker ended, and with it the transaction."""

_READ = "SQLite、PostgreSQL"


def open_database(intake: Intake, database: Database) -> Opened:
    """Read the named tables of a database; what cannot be read is a problem.

    The hash in `files` is over the rows that were read, with the names of their tables and columns: the same
    content has the same hash wherever it is stored.
    """
    unopened = Opened((), (), frozenset({"units"}), 1)  # who knows what is in it: its own problem is enough
    if database.backend is None:
        figures = {"value": database.scheme, "expected": _READ}
        intake.collected.add("table.unknown_database", Place(database.name), figures)
        return unopened
    try:
        listed = guard.open_database(database)
    except Refused as refused:
        intake.collected.add(refused.code, Place(database.name), refused.figures)
        return unopened
    named = _named(intake, database, listed)
    supplies = tuple(_supplies(intake, database, listed, named))
    guard.close_database()
    files = (FileHash(database.name, _hash(supplies)),) if named else ()
    return Opened(files, supplies, frozenset(table.name for table in named.values()), len(files))


def _named(intake: Intake, database: Database, listed: Listed) -> Mapping[int, Table]:
    """Return the tables that are read, by their number; what is said of the others is one sentence."""
    meant = {
        number: table_of(intake, database.name, top.name or "") for number, top in enumerate(listed.tops)
    }
    others = [top.name or "" for number, top in enumerate(listed.tops) if meant[number] is None]
    named = {number: table for number, table in meant.items() if table is not None}
    if others:
        shown = "、".join(others[:_SHOWN]) + ("…" if len(others) > _SHOWN else "")
        figures = {"count": len(others), "expected": shown}
        intake.collected.add("table.tables_not_read", Place(database.name), figures, kind="warning")
    if not named:
        intake.collected.add("table.no_tables", Place(database.name), {"value": database.name})
    return named


def _supplies(
    intake: Intake, database: Database, listed: Listed, named: Mapping[int, Table]
) -> Iterator[Supply]:
    """Yield what each table supplies; one that cannot be read leaves the others be."""
    tops = list(listed.tops)
    for number, table in named.items():
        try:
            tops[number] = guard.head(number)
            source = Source(database.name, replace(listed, tops=tops))
            supply = handed_supply(intake, source, number, table)
        except Refused as refused:
            place = Place(database.name, tops[number].name, refused.row)
            intake.collected.add(refused.code, place, refused.figures)
            if refused.code in _WORKER_GONE:
                return
        else:
            yield from [supply] if supply else []


def _hash(supplies: Iterable[Supply]) -> str:
    """Return the hash of what was read: of each table its name, its columns, and the hash of its rows."""
    whole = hashlib.sha256()
    for supply in supplies:
        if supply.handed is not None:
            with supply.handed.open("rb") as rows:
                of_rows = hashlib.file_digest(rows, "sha256").hexdigest()
            read = [
                text for text, slot in zip(supply.headers.texts, supply.headers.slots, strict=True) if slot
            ]
            whole.update(json.dumps([supply.sheet, read, of_rows]).encode("ascii"))
    return whole.hexdigest()
