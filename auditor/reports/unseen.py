"""Control characters in the data, for formats that may not hold them: shown by their pictures, never dropped."""

from __future__ import annotations

_PICTURES = {code: chr(0x2400 + code) for code in range(32) if code not in (9, 10)} | {0x7F: "\u2421"}


def pictured(text: str) -> str:
    """Return a text whose control characters are pictures (`␀`), all but tabs and ends of lines."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_PICTURES)
