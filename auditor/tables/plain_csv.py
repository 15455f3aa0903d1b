"""Plain CSV as the engine reads it: every cell is text, every record has the same number of cells."""

from __future__ import annotations

import re
from pathlib import Path

from auditor.engines.sql import literal


def read_plain_csv(path: Path, width: int, *, has_header: bool = True, numbered: bool = False) -> str:
    """Return the table function that reads a CSV file as columns `c0`, `c1` …; of a numbered one also `row_no`.

    One thread reads a numbered one, which the door wrote, and is told how its lines end: line breaks inside quotes
    can defeat several threads, and a wrong guess loses the rows. Of any other file one thread would read a quote
    that is never closed without a word, and lose every row after it.
    """
    columns = [*(["'row_no': 'BIGINT'"] if numbered else []), *(f"'c{i}': 'VARCHAR'" for i in range(width))]
    ours = ", parallel=false, new_line='\\n'"
    return (
        f"read_csv({literal(no_pattern(path))}, auto_detect=false, header={str(has_header).lower()}, delim=',', "
        f"quote='\"', escape='\"', columns={{{', '.join(columns)}}}, null_padding=false, strict_mode=true, "
        f"compression='none', hive_partitioning=false{ours if numbered else ''})"
    )


def no_pattern(path: Path) -> str:
    """Return the path so that no character of it is taken for a pattern of several files."""
    return re.sub(r"([\[*?])", r"[\1]", path.as_posix())
