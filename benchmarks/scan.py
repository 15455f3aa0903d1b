"""The baseline: DuckDB decodes the columns that the requirements use, and does nothing else with them.

    python benchmarks/scan.py DATA PACK

Prints one JSON object: the CPU seconds and the columns of each table.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gauge import gauged

from auditor.engines.duckdb import DuckDBEngine
from auditor.measures.registry import measure_of
from auditor.packs.load import load_packs
from auditor.tables.declaration import load_declaration

TIMES = 3


def columns_used(pack: Path) -> dict[str, list[str]]:
    """Return the columns of each table that a pack's requirements read, with the unit's and the date's."""
    packs, declaration = load_packs([pack], load_declaration())
    used: dict[str, set[str]] = {}
    for requirement in packs[0].requirements:
        for table, column in measure_of(requirement).reads():
            own = {"unit_id", declaration.tables[table].date, column}
            used.setdefault(table, set()).update(each for each in own if each)
    return {table: sorted(columns) for table, columns in sorted(used.items())}


def scan(data: Path, pack: Path) -> float:
    """Return the CPU seconds of decoding the columns once: the least of several times."""
    used = columns_used(pack)
    found: list[float] = []
    with DuckDBEngine() as engine:
        for _ in range(TIMES):
            with gauged() as gauge:
                for table, columns in used.items():
                    _decode(engine, data / f"{table}.parquet", columns)
            found.append(gauge.cpu)
    return min(found)


def _decode(engine: DuckDBEngine, file: Path, columns: list[str]) -> None:
    # A hash needs every value, so that none is answered from the statistics of the file.
    source = f"read_parquet('{file.as_posix()}')"
    present = {row[0] for row in engine.rows(f"DESCRIBE SELECT * FROM {source}")}
    hashes = ", ".join(f"bit_xor(hash({column}))" for column in columns if column in present)
    engine.rows(f"SELECT {hashes} FROM {source}")


if __name__ == "__main__":
    folder, file = map(Path, sys.argv[1:3])
    print(json.dumps({"cpu": scan(folder, file), "columns": columns_used(file)}))
