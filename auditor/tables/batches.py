"""Rows of text on their way into the engine, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from auditor.tables.cleaning import Relation
from auditor.tables.header_rows import Row
from auditor.tables.headers import Headers
from auditor.tables.intake import Engine

BATCH = 50_000
"""Rows handed to the engine at a time."""


def in_batches(engine: Engine, headers: Headers, rows: Iterable[Row]) -> Iterator[Relation]:
    """Hand rows to the engine a batch at a time (as `incoming`), and yield each batch's relation."""
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        engine.register("incoming", _frame(headers, batch))
        yield Relation("SELECT * FROM incoming", headers.columns, headers.extras, has_reported=True)


def _frame(headers: Headers, rows: Sequence[Row]) -> Any:
    import pandas as pd  # noqa: PLC0415 - costs a second, and most data sets come without

    columns: dict[str, Any] = {
        slot: pd.Series([cells[position] for _, cells in rows], dtype=object)
        for position, slot in enumerate(headers.slots)
        if slot
    }
    columns["row_no"] = pd.Series([row for row, _ in rows], dtype="int64")
    return pd.DataFrame(columns)
