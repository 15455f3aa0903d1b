"""What a file may ask of the machine, and of a reader's patience. The only place that knows of `resource`."""

from __future__ import annotations

import os
import time
from pathlib import Path

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30

MOST_BYTES = 16 * GIB
"""The size of a file of text or Parquet."""

MOST_WORKBOOK_BYTES = 200 * MIB
"""The size of a workbook."""

MOST_UNPACKED_BYTES = 2 * GIB
"""What the parts of a workbook may come to when they are unpacked."""

MOST_RATIO, RATIO_FROM_BYTES = 250, 32 * MIB
"""How many times its packed size a part may be, if it is larger than that; sheets of repeated cells reach 100."""

MOST_LIST_BYTES = 64 * MIB
"""The size of a part that lists sheets, names or styles."""

MOST_TEXT_BYTES, TEXT_RATIO = 128 * MIB, 8
"""What the cells of a workbook may come to as texts, or so many times the XML of its sheets: a text is stored once,
and may stand in many cells."""

MOST_HEAD = 32 * MIB
"""How many characters the heads of all sheets may have."""

MOST_PARTS = 20_000
MOST_SHEETS = 500
MOST_COLUMNS = 1_000
"""The last column in which a sheet may hold anything; a table has a few dozen."""

LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
"""The corner of a sheet, XFD1048576."""

DENSE_CELLS = 4_000_000
"""A sheet that spans more cells than this has to have a byte of content for each: a reader lays them all out."""

MOST_CELL = MIB
"""How long the text of a cell may be, and a line of JSON."""

MOST_LINE = 2 * MIB
"""How long a line of a CSV file may be."""

MEMORY_BYTES = 2 * GIB
"""What the worker may take over a file of text or Parquet; the engine keeps to a limit of its own below it."""

WORKBOOK_MEMORY, MEMORY_A_BYTE = 192 * MIB, 6
"""What the worker may take over a workbook: so much, and so many times its XML (measured: 3.2 for a million rows)."""

XLS_MEMORY_A_BYTE = 14
"""The same for the old format, whose cells take 10 bytes and become objects."""

SECONDS, BYTES_A_SECOND, WORKBOOK_BYTES_A_SECOND = 20, 2 * MIB, 256 * KIB
"""How long the worker may take for a question: so many seconds, and one more for each of so many bytes.

Those of a workbook are packed, to a thirtieth where a sheet is as wordy as OpenDocument's.
"""

DATABASE_SECONDS = 600
"""How long the worker may take for a question about a database, whose size nobody knows before."""

CONNECT_SECONDS, LOCK_SECONDS = 10, 5
"""How long a server may take to answer at all, and how long a lock that another program holds is waited for."""


def hold_memory(more: int) -> None:
    """Hold this process to so many bytes more than it has now, where the system counts them and can (Linux).

    Elsewhere the sizes above stand alone.
    """
    try:
        import resource  # noqa: PLC0415 - not on Windows

        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = held + more
        resource.setrlimit(
            resource.RLIMIT_AS,
            (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard),
        )
    except (ImportError, ValueError, OSError):
        return


def hold_time(seconds: float) -> None:
    """Hold this process to so much more time, on every processor: it ends also where nobody is there to end it.

    It leaves no image of its memory behind. Not every system can.
    """
    try:
        import resource  # noqa: PLC0415 - not on Windows

        until = int(time.process_time() + seconds * (os.cpu_count() or 1)) + 2
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    except (ImportError, ValueError, OSError):
        return


def seconds_for(size: int, *, is_workbook: bool) -> float:
    """Return how long the worker may take over a file of a size."""
    return SECONDS + size / (WORKBOOK_BYTES_A_SECOND if is_workbook else BYTES_A_SECOND)
