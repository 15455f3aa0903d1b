"""What a file or sheet is like, beside its rows: what the doctor tells, and what a reader has to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class SheetFacts:
    """How one file or sheet was read.

    `encoding` is the codec of a text file; `epoch` day 0 of a workbook's serial numbers; `first_column` the
    number of the column (from 1) in which the cells begin; `is_hidden` a hidden sheet; `hidden_rows` and
    `hidden_columns` the numbers of those that a person does not see, and that are read all the same;
    `merged_filled` the ranges (`A3:A5`) of merged cells that were filled with their first cell's value.
    """

    encoding: str | None = None
    epoch: date | None = None
    first_column: int = 1
    is_hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    merged_filled: tuple[str, ...] = ()


NO_FACTS = SheetFacts()
