"""Files of text: one look at the bytes, and in which encoding they are written."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from auditor.tables.door.limits import MOST_LINE

_CHUNK = 1 << 20
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CJK = re.compile("[\u4e00-\u9fff]")
_WIDE = re.compile(b"[\x80-\xff]")

ENCODINGS = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB18030"}
"""How a person calls the encodings that are read, by the name of their codec."""


@dataclass(frozen=True)
class Look:
    """What one pass over the bytes of a file tells."""

    sha256: str
    is_utf8: bool
    is_utf16: bool
    is_blank: bool
    has_blank_lines: bool
    has_long_lines: bool
    has_nul: bool


def look(path: Path) -> Look:
    """Read the bytes once: their hash, whether they are UTF-8, whether lines are blank (they count) or too long."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    is_utf8, is_blank, has_blank_lines, start, newlines = True, True, False, b"", b"\n"
    has_long_lines, has_nul, line = False, False, 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            start = start or chunk[:3]
            digest.update(chunk)
            # Newlines at the end of the file are no blank lines: they wait for what comes after them.
            text = newlines + chunk.removeprefix(codecs.BOM_UTF8)
            body = text.rstrip(b"\r\n")
            newlines = text[len(body) :]
            has_blank_lines = has_blank_lines or _has_blank_lines(body)
            is_blank = is_blank and not body.strip()
            is_utf8 = is_utf8 and _decodes(decoder, chunk)
            has_nul = has_nul or b"\0" in chunk
            end = chunk.find(b"\n")
            has_long_lines = has_long_lines or line + (end if end >= 0 else len(chunk)) > MOST_LINE
            line = len(chunk) - chunk.rfind(b"\n") - 1 if end >= 0 else line + len(chunk)
    is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    is_utf16 = start.startswith(_UTF16)
    return Look(digest.hexdigest(), is_utf8, is_utf16, is_blank, has_blank_lines, has_long_lines, has_nul)


def hash_of(path: Path) -> str:
    """Return the hash of a file's bytes, for files that are not text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def encoding_of(path: Path, seen: Look) -> str | None:
    """Return the codec that a file of text is read with; None where UTF-16 is announced and it is none, or unannounced.

    GB18030 is never announced, and can be told from other bytes only by what it says: all of the file decodes,
    into common Chinese characters, and no line of it is Chinese in UTF-8. Anything else is taken for UTF-8,
    so that single cells which are not can be named.
    """
    if seen.is_utf16:
        return "utf-16" if _is_utf16(path) else None
    if seen.has_nul:
        return None  # no text has any, and every other byte of UTF-16 is one
    return "gb18030" if not seen.is_utf8 and _is_gb18030(path) else "utf-8-sig"


def _has_blank_lines(body: bytes) -> bool:
    # One byte is found far faster than two, and many files have no carriage return at all.
    return b"\n\n" in body or (b"\r" in body and (b"\n\r" in body or b"\r\r" in body))


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf16(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-16")()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if not _decodes(decoder, chunk):
                return False
    return _decodes(decoder, b"", final=True)


def _is_gb18030(path: Path) -> bool:
    """Return whether every line decodes, most characters are common ones, and none is Chinese in UTF-8."""
    characters = common = 0
    with path.open("rb") as file:
        while line := file.readline(MOST_LINE):
            if not _WIDE.search(line):
                continue
            if _CJK.search(_text(line, "utf-8") or ""):
                return False
            text = _text(line, "gb18030")
            if text is None:
                return False
            letters = [letter for letter in text if letter > "\x7f" and letter.isalpha()]
            characters += len(letters)
            # GB2312 holds what is used daily; other bytes read as GB18030 come out as rare characters.
            daily = "".join(filter(_CJK.match, letters)).encode("gb2312", errors="ignore")
            common += len(daily) // 2
    return common * 10 >= characters * 7 > 0


def _text(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return None
