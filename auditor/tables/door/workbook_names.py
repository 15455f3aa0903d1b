"""The names that a template gives its header cells: a header that was renamed is still known by its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.tables.door.xml import column_number

_NAME = re.compile(r"ducha\.([a-z_]+)\.([a-z_]+)")
_PLACE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]{1,3})\$([0-9]+)")

Named = tuple[int, int, str, str]
"""Row and column of a cell (from 1), the table and the column that it heads."""


def named_headers(names: Mapping[str, str]) -> dict[str, list[Named]]:
    """Return the header cells that a template named, by sheet, from the names that a workbook defines."""
    named: dict[str, list[Named]] = {}
    for name, text in names.items():
        column, place = _NAME.fullmatch(name), _PLACE.fullmatch(text)
        if column and place:
            sheet = place[1].replace("''", "'") if place[1] else place[2]
            named.setdefault(sheet, []).append((int(place[4]), column_number(place[3]), column[1], column[2]))
    return named
