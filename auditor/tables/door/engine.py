"""The engine in the worker: a file that it has read to its end here can be read in the audit's own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from auditor.errors import EngineFault

if TYPE_CHECKING:
    from auditor.engines.duckdb import DuckDBEngine

MEMORY_LIMIT = "300MB"


@cache
def _engine() -> DuckDBEngine:
    from auditor.engines.duckdb import DuckDBEngine  # noqa: PLC0415 - workbooks are opened without it

    return DuckDBEngine(MEMORY_LIMIT, spills=False)  # who ends a worker does not wait for it to clean up


def accepts(query: str) -> bool:
    """Return whether the engine runs a query over a file without a fault."""
    return rows(query) is not None


def rows(query: str) -> list[tuple[Any, ...]] | None:
    """Return the rows of a query; None where the engine cannot make sense of the file."""
    try:
        return _engine().rows(query)
    except EngineFault as fault:
        if "Out of Memory" in str(fault):
            raise MemoryError from fault
        return None
