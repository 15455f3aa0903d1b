"""Files of JSON lines: an object a line, its keys the headers; a row is a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditor.tables.door.handing import SHOWN, Ask, Fault, Faults, Refused, Row, Taken, Top, write_rows
from auditor.tables.door.limits import KIB, MOST_CELL, MOST_COLUMNS
from auditor.tables.door.text_files import Look
from auditor.tables.signs import REPORTED, SEPARATORS


@dataclass
class JsonObjects:
    """An opened file of JSON lines, and the keys of all its objects in the order they come."""

    path: Path
    keys: list[str]

    def tops(self) -> list[Top]:
        """Return the keys as its head: they stand in every line, and so in none (row 0)."""
        return [Top(None, [(0, [key[:SHOWN] for key in self.keys])])]

    def take(self, ask: Ask) -> Taken:
        """Write the rows that are asked for; a line that is no object of plain values is a fault."""
        faults = Faults()
        write_rows(Path(ask.into), self._rows(ask, faults))
        return Taken(faults=faults.listed, unlisted=faults.unlisted())

    def _rows(self, ask: Ask, faults: Faults) -> Iterator[Row]:
        keys = [self.keys[at] for at in ask.positions]
        for line, record in _records(self.path):
            cells = None if record is None else [_cell(record.get(key)) for key in keys]
            if cells is None or None in cells:
                faults.add(Fault("table.bad_line", line, None, {}))
                yield line, [REPORTED] * len(keys)
            else:
                yield line, [cell or "" for cell in cells]


def open_json_objects(path: Path, seen: Look) -> JsonObjects:
    """Return a file of JSON lines opened. Raises Refused."""
    if seen.is_blank or not seen.is_utf8 or seen.has_nul:
        raise Refused("table.empty_file" if seen.is_blank else "table.not_utf8")
    keys: dict[str, None] = {}
    for line, record in _records(path):
        keys |= dict.fromkeys(record or ())
        if len(keys) > MOST_COLUMNS:
            raise Refused("table.too_many_columns", {"expected": MOST_COLUMNS}, row=line)
    if not keys:
        line, record = next(_records(path), (1, {}))
        raise Refused("table.empty_file" if record is not None else "table.bad_line", row=line)
    return JsonObjects(path, list(keys))


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Yield each line that is not blank: its number, the object in it (None if there is no such)."""
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        line = 0
        while text := file.readline(MOST_CELL):
            line += 1
            if len(text) >= MOST_CELL and not text.endswith("\n"):
                raise Refused("table.long_cell", {"expected": MOST_CELL // KIB}, row=line)
            if text.strip():
                yield line, _record(text)


def _record(text: str) -> dict[str, Any] | None:
    """Return the object of a line. Numbers stay the text they are: not a digit is lost."""
    try:
        record = json.loads(
            text, object_pairs_hook=_object, parse_float=_float, parse_int=str, parse_constant=str
        )
        if "\\ud" in text.lower():
            json.dumps(record, ensure_ascii=False).encode("utf-8")  # half a pair of surrogates is no text
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _float(text: str) -> str:
    """Return a number as plain digits, as far as a cell could hold it."""
    number = Decimal(text)
    return format(number, "f") if abs(number.adjusted()) < 30 else text


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a key stands twice")
    return record


def _cell(value: Any) -> str | None:
    """Return a value as the text of a cell; None if it is no plain value and no list of such."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return SEPARATORS[0].join(value)
    return None
