"""What a file may ask of the machine, and of a reader's patience. The only place that knows of `resource`."""

from __future__ import annotations

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30

MOST_BYTES = 16 * GIB
"""The size of a file of text or Parquet."""

MOST_WORKBOOK_BYTES = 200 * MIB
"""The size of a workbook."""

MOST_UNPACKED_BYTES = 2 * GIB
"""What the parts of a workbook may come to when they are unpacked."""

MOST_RATIO, RATIO_FROM_BYTES = 250, 32 * MIB
"""How many times its packed size a part may be, if it is larger than that; sheets of repeated cells reach 100."""

MOST_PARTS = 20_000
MOST_SHEETS = 500
MOST_COLUMNS = 1_000
"""The last column in which a sheet may hold anything; a table has a few dozen."""

LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
"""The corner of a sheet, XFD1048576."""

DENSE_CELLS = 4_000_000
"""A sheet that spans more cells than this has to have a byte of content for each: a reader lays them all out."""

MOST_CELL = MIB
"""How long the text of a cell may be, and a line of JSON a hundred times that."""

MEMORY_BYTES = 2 * GIB
"""The address space of the worker, its libraries included, where the system can hold it to one."""

SECONDS, BYTES_A_SECOND = 20, 2 * MIB
"""How long the worker may take for a question: so many seconds, and one more for each of so many bytes."""

DATABASE_SECONDS = 600
"""How long the worker may take for a question about a database, whose size nobody knows before."""

CONNECT_SECONDS, LOCK_SECONDS = 10, 5
"""How long a server may take to answer at all, and how long a lock that another program holds is waited for."""


def hold_memory() -> bool:
    """Hold this process to `MEMORY_BYTES`; return whether the system can. Windows cannot: sizes stand alone there."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return False
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))
    except (ValueError, OSError):
        return False
    return True


def seconds_for(size: int) -> float:
    """Return how long the worker may take over a file of a size."""
    return SECONDS + size / BYTES_A_SECOND
