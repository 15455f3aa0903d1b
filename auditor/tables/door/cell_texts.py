"""The rows of a sheet as texts: numbers as they are shown, merged cells filled, cells without a value marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from operator import itemgetter
from typing import Any

from auditor.tables.door.cell_notes import PERCENT, CellNotes
from auditor.tables.door.handing import Ask, Fault, Faults, Row
from auditor.tables.door.xml import column_letters
from auditor.tables.personal import shown
from auditor.tables.signs import REPORTED

_EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number; those after are zeros, whatever was typed."""

_LISTED = 100


def cell_text(value: Any) -> str:
    """Return a cell's value as the text a CSV file would have: whole numbers without a point, days as ISO."""
    return _TEXTS.get(type(value), str)(value)


def _number(value: float) -> str:
    """Return a number with the fifteen digits that a spreadsheet keeps: 0.1 + 0.2 is 0.3 there."""
    text = f"{value:.15g}"
    if "e" not in text:
        return text
    if abs(value) >= _EXACT:
        return f"{value:.14E}"  # an identifier is known by this to have lost digits
    return format(Decimal(text), "f")


def _moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")


_TEXTS: Mapping[type, Callable[[Any], str]] = {
    str: lambda value: value,
    float: _number,
    bool: lambda value: "true" if value else "false",
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
}


def taken_rows(
    rows: Iterator[Sequence[Any]],
    first_column: int,
    notes: CellNotes,
    ask: Ask,
    faults: Faults,
    merged: list[str],
) -> Iterator[Row]:
    """Yield the rows below the header, in the columns asked for; faults and filled ranges are added on the way."""
    marks, pick = _marks(first_column, notes, ask, faults, merged), _picker(ask.positions)
    for row, cells in enumerate(rows, start=1):
        if row <= ask.header:
            continue
        values = pick(cells)
        texts = [each if type(each) is str else _TEXTS.get(type(each), str)(each) for each in values]
        if row in marks.rows:
            marks.apply(row, texts, values)
        yield row, texts


def _picker(positions: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Return what picks the cells of these positions from a row."""
    if len(positions) == 1:
        return lambda cells: (cells[positions[0]],)
    return itemgetter(*positions)


@dataclass
class _Marks:
    """What is particular about single cells, by row: how a number is shown, what is no value, what is merged."""

    order: Mapping[int, int]
    numbers: frozenset[int]
    faults: Faults
    rows: dict[int, list[tuple[int, str, Any]]] = field(default_factory=dict)
    _held: dict[int, str] = field(default_factory=dict)

    def add(self, row: int, position: int, kind: str, what: Any = None) -> None:
        if position in self.order:
            self.rows.setdefault(row, []).append((position, kind, what))

    def apply(self, row: int, texts: list[str], values: Sequence[Any]) -> None:
        """Change the texts of a row as its marks say."""
        for position, kind, what in self.rows[row]:
            at = self.order[position]
            if kind == "shown":
                texts[at] = _as_shown(values[at], texts[at], what)
            elif kind == "fault":
                texts[at] = REPORTED
            elif kind == "hold":
                self._hold(row, position, texts[at], what)
            elif kind == "fill":
                texts[at] = self._held.get(position, "")

    def _hold(self, row: int, position: int, text: str, range_: str) -> None:
        """Keep the first cell of a merged range; a number in one could be each row's or the sum of all."""
        if position in self.numbers and text not in ("", REPORTED):
            self.faults.add(
                Fault("table.merged_number", row, position, {"value": shown(text), "other": range_})
            )
            text = REPORTED
        self._held[position] = text


def _marks(first_column: int, notes: CellNotes, ask: Ask, faults: Faults, merged: list[str]) -> _Marks:
    order = {position: at for at, position in enumerate(ask.positions)}
    marks = _Marks(order, frozenset(ask.numbers), faults)
    for (row, column), how in notes.shown.items():
        marks.add(row, column - first_column, "shown", how)
    for (row, column), code, value in notes.faults:
        position = column - first_column
        if row > ask.header and position in order:
            faults.add(Fault(code, row, position, {"value": shown(value)}))
            marks.add(row, position, "fault")
    for (top, left), (bottom, right) in sorted(notes.merged):
        position = left - first_column
        if top <= ask.header or bottom == top or position not in order:
            continue
        range_ = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
        if len(merged) < _LISTED:
            merged.append(range_)
        marks.add(top, position, "hold", range_)
        for row in range(top + 1, bottom + 1):
            marks.add(row, position, "fill")
    return marks


def _as_shown(value: Any, text: str, how: str) -> str:
    if not isinstance(value, float | int) or isinstance(value, bool):
        return text
    if how == PERCENT:
        return f"{_number(float(Decimal(f'{value:.15g}') * 100))}%"
    return text.zfill(len(how)) if text.isdecimal() else text
