"""Reading the XML of workbooks: no document type, so that no entity is ever expanded."""

from __future__ import annotations

import re
from typing import IO
from xml.parsers import expat

from auditor.tables.door.handing import Refused

_REFERENCE = re.compile(r"([A-Z]+)([0-9]+)")


def guarded_parser() -> expat.XMLParserType:
    """Return a parser that refuses a document type (Refused)."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def parse(parser: expat.XMLParserType, file: IO[bytes]) -> None:
    """Parse a whole part. Raises Refused where it is no XML."""
    try:
        parser.ParseFile(file)
    except expat.ExpatError as error:
        raise Refused("table.corrupt_file") from error


def local_name(name: str) -> str:
    """Return an element's name without the prefix of its namespace."""
    return name.rpartition(":")[2]


def place_of(reference: str) -> tuple[int, int] | None:
    """Return the row and column, from 1, of a cell such as `AB12`; None where that is none."""
    found = _REFERENCE.fullmatch(reference)
    return (int(found[2]), column_number(found[1])) if found else None


def corners(dimension: str | None) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return the first and the last cell of a range such as `A1:C9`; None for anything else."""
    first, _, last = (dimension or "").replace("$", "").partition(":")
    start, end = place_of(first), place_of(last)
    return (start, end) if start and end else None


def column_number(letters: str) -> int:
    """Return the number of a column, from 1, that letters such as `AB` name."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column by its number, from 1."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def is_true(text: str | None) -> bool:
    """Return whether an attribute says yes."""
    return text in ("1", "true")


def _refuse(*_: object) -> None:
    raise Refused("table.document_type")
