"""The values of a database as the texts of cells, exactly; what is no cell is a fault of its column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from auditor.tables.door.handing import Ask, Fault, Faults, Refused, Row
from auditor.tables.door.limits import KIB, MOST_CELL
from auditor.tables.signs import REPORTED, SEPARATORS

_EXACT = 2**53
"""Above this a float no longer tells one whole number from the next."""

_LONGEST = 30
"""A number of more digits is no figure of a table; it is left as it is written, and told to be no number."""

_UNDECODED = re.compile("[\udc80-\udcff]")
_SHOWN = 80
_KINDS = {"bytes": "BLOB", "dict": "JSON"}


def taken_rows(rows: Iterable[Sequence[Any]], ask: Ask, faults: Faults) -> Iterator[Row]:
    """Yield the rows as texts, numbered from 1. Raises Refused over a cell that is too long."""
    ids = [at for at, position in enumerate(ask.positions) if position not in ask.numbers]
    for row, values in enumerate(rows, start=1):
        texts = [each if type(each) is str else _text(each) for each in values]
        if None in texts or not _is_plain("".join(texts)):  # type: ignore[arg-type]
            for at in [at for at, text in enumerate(texts) if text is None or not _is_plain(text)]:
                faults.add(_fault(values[at], texts[at], row, ask.positions[at]))
                texts[at] = REPORTED
        for at in ids:
            if type(values[at]) is float and abs(values[at]) >= _EXACT:
                shown = {"value": (texts[at] or "")[:_SHOWN]}
                faults.add(Fault("table.id_lost_digits", row, ask.positions[at], shown))
                texts[at] = REPORTED
        yield row, [text or "" for text in texts]


def _text(value: Any) -> str | None:
    """Return a value as a text; None if it is no plain value and no list of such."""
    convert = _TEXTS.get(type(value))
    return convert(value) if convert else None


def _is_plain(text: str) -> bool:
    return len(text) <= MOST_CELL and "\0" not in text and (text.isascii() or not _UNDECODED.search(text))


def _fault(value: Any, text: str | None, row: int, position: int) -> Fault:
    if text is not None and len(text) > MOST_CELL:
        raise Refused("table.long_cell", {"expected": MOST_CELL // KIB}, row=row)
    if text is not None and _UNDECODED.search(text):
        shown = _UNDECODED.sub("\ufffd", text)[:_SHOWN]
        return Fault("table.undecodable_text", row, position, {"value": shown})
    kind = type(value).__name__
    return Fault("table.no_cell_value", row, position, {"value": _KINDS.get(kind, kind)})


def _decimal(value: Decimal) -> str:
    return format(value, "f") if abs(value.adjusted()) < _LONGEST else str(value)


def _float(value: float) -> str:
    """Return a float with the fewest digits that mean it, a whole one without a point."""
    text = repr(value)
    return _decimal(Decimal(text)) if "e" in text or "n" in text else text.removesuffix(".0")


def _list(value: Sequence[Any]) -> str | None:
    return SEPARATORS[0].join(value) if all(isinstance(each, str) for each in value) else None


_TEXTS: Mapping[type, Callable[[Any], str | None]] = {
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _float,
    Decimal: _decimal,
    list: _list,
    UUID: str,
}
