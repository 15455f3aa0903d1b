"""Colours of the terminal: words are painted where they stand, and nothing else changes, so that columns hold."""

from __future__ import annotations

import re
from collections.abc import Mapping

_RESET = "\x1b[0m"
_PAINT = re.compile("\x1b\\[[0-9;]*m")
_CODES: Mapping[str, str] = {
    "fail": "31", "unqualified": "1;31", "rectify": "31", "improve": "33", "pending": "33", "insufficient_data": "35",
    "pass": "32", "qualified": "32", "heading": "1", "quiet": "2",
}  # fmt: skip


def painted(text: str, kind: str, colour: bool) -> str:
    """Return text in the colour of a kind; as it is where there are no colours, or none for the kind."""
    code = _CODES.get(kind)
    if not colour or code is None:
        return text
    return "\n".join(f"\x1b[{code}m{line}{_RESET}" if line else line for line in text.split("\n"))


def plain(text: str) -> str:
    """Return painted text without its colours."""
    return _PAINT.sub("", text)


def visible(text: str) -> str:
    """Return text without signs that steer a terminal or turn the direction of writing: data only ever shows itself."""
    return "".join(each if each == "\n" or _is_plain(each) else "\ufffd" for each in text)


def _is_plain(sign: str) -> bool:
    number = ord(sign)
    steers = (
        number < 0x20 or 0x7F <= number < 0xA0 or 0x202A <= number <= 0x202E or 0x2066 <= number <= 0x2069
    )
    return not steers
