"""What a reader of values does not tell about the cells of a sheet, whatever the format of its workbook."""

from __future__ import annotations

from dataclasses import dataclass, field

Corner = tuple[int, int]
"""Row and column of a cell, from 1."""

PERCENT = "%"
"""How a cell shows its number: as a percentage; any other way of showing that matters is a row of zeros (`000`)."""


@dataclass
class CellNotes:
    """The notes on one sheet.

    `faults` are cells without a usable value: place, code, the error or the formula in them; `shown` how a cell
    shows its number, where that is not plainly; `merged` the first and the last cell of merged ranges.
    """

    faults: list[tuple[Corner, str, str]] = field(default_factory=list)
    shown: dict[Corner, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[tuple[Corner, Corner]] = field(default_factory=list)


def shown_as(number_format: str) -> str | None:
    """Return how a number format shows a number (`%`, or `000` for leading zeros); None for plainly."""
    first = number_format.partition(";")[0].strip()
    if "%" in first:
        return PERCENT
    return first if len(first) > 1 and set(first) == {"0"} else None
