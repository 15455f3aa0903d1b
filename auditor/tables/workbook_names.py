"""The names that a template gives its header cells: a header that was renamed is still known by its own."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

from auditor.tables.workbook_cells import column_number, element_name, guarded_parser

_NAME = re.compile(r"ducha\.([a-z_]+)\.([a-z_]+)")
_PLACE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]{1,3})\$([0-9]+)")

Named = Mapping[tuple[int, int], tuple[str, str]]
"""Row and column of a cell (from 1) -> the table and the column that it heads."""


def named_headers(path: Path) -> Mapping[str, Named]:
    """Return the header cells that a template named, by sheet; none where the workbook is no template's."""
    named: dict[str, dict[tuple[int, int], tuple[str, str]]] = {}
    for name, text in _defined_names(path).items():
        column, place = _NAME.fullmatch(name), _PLACE.fullmatch(text)
        if column and place:
            sheet = place[1].replace("''", "'") if place[1] else place[2]
            at = int(place[4]), column_number(place[3])
            named.setdefault(sheet, {})[at] = (column[1], column[2])
    return named


def _defined_names(path: Path) -> Mapping[str, str]:
    """Return every defined name with what it stands for; what is wrong with the file is said by others."""
    found: dict[str, str] = {}
    inside: list[str] = []
    parser = guarded_parser()

    def start(element: str, attributes: Mapping[str, str]) -> None:
        if element_name(element) == "definedName":
            inside.append(attributes.get("name", ""))

    def text(data: str) -> None:
        if inside:
            found[inside[-1]] = found.get(inside[-1], "") + data

    def end(element: str) -> None:
        if element_name(element) == "definedName":
            inside.pop()

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as file:
            parser.ParseFile(file)
    except (zipfile.BadZipFile, KeyError, expat.ExpatError, OSError, ValueError, RuntimeError):
        return {}
    return found
