"""Parquet files: described, and read to their end once before the audit's own engine reads them where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from auditor.engines.sql import literal
from auditor.tables.door.engine import rows
from auditor.tables.door.handing import Ask, Refused, Taken, Top
from auditor.tables.door.limits import MOST_COLUMNS
from auditor.tables.plain_csv import no_pattern


@dataclass
class Columnar:
    """An opened Parquet file: the names and the types of its columns."""

    path: Path
    names: list[str]
    types: list[str]

    def tops(self) -> list[Top]:
        """Return its head: the names of the columns."""
        return [Top(None, [(1, self.names)], types=self.types)]

    def take(self, ask: Ask) -> Taken:
        """Read the file to its end; it is plain if no row of it needs cleaning. Raises Refused."""
        found = rows(ask.check)
        if found is None:
            raise Refused("table.corrupt_file")
        return Taken(is_plain=not found[0][0])


def open_columnar(path: Path) -> Columnar:
    """Return a Parquet file opened. Raises Refused."""
    source = literal(no_pattern(path))
    described = rows(f"DESCRIBE SELECT * FROM read_parquet({source}, hive_partitioning=false)")
    if not described:
        raise Refused("table.corrupt_file")
    if len(described) > MOST_COLUMNS:
        raise Refused("table.too_many_columns", {"expected": MOST_COLUMNS})
    return Columnar(path, [row[0] for row in described], [row[1] for row in described])
