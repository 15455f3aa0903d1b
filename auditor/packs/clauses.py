"""Labels of clauses as packs write them: `22`, `24, 26`, `二(一)1`, `summary 16, 二2, 二4`. Split, and put in order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

_BETWEEN = re.compile(r"\s*[,，、;；]\s*")
_WORD = re.compile(r"[A-Za-z]")
_PIECE = re.compile(r"[0-9]+|[〇零一二三四五六七八九十百]+|[A-Za-z]+")

SortKey = tuple[tuple[int, int, str], ...]
"""The pieces of a label: numbers by their value, words behind them by their letters."""


def clauses_of(label: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the clauses that a label names: `24, 26` is two of them.

    A part with a Latin word is no clause by itself: in front it goes with each part that follows (`summary 16, 二2,
    二4`), behind it belongs to the part before (`三, stage 1`). A label that the document's own list has (`known`)
    is taken whole.
    """
    if label in known:
        return (label,)
    head, *parts = _BETWEEN.split(label.strip())
    if not parts:
        return (head,)
    if _WORD.search(head):
        return tuple(f"{head}, {part}" for part in parts)
    clauses = [head]
    for part in parts:
        if _WORD.search(part):
            clauses[-1] += f", {part}"
        else:
            clauses.append(part)
    return tuple(dict.fromkeys(clauses))


def in_document_order(label: str) -> SortKey:
    """Return the key by which clauses stand as in a document: 2 before 10, 二(一)5 before 二(二)1, 一 before 三(三).

    Chinese and Arabic numbers count by their value wherever they stand; a word stands behind every number.
    """
    return tuple(_keys(label))


def _keys(label: str) -> Iterator[tuple[int, int, str]]:
    # Full-width digits and brackets are the same signs to a reader.
    for piece in _PIECE.findall(unicodedata.normalize("NFKC", label)):
        if _WORD.match(piece):
            yield (1, 0, piece.lower())
        else:
            yield (0, int(piece) if piece.isdecimal() else _chinese_number(piece), "")


def _chinese_number(text: str) -> int:
    """Return a Chinese number below a thousand: 十 is 10, 二十三 is 23, 一百零五 is 105."""
    total = digit = 0
    for sign in text:
        value = int(unicodedata.numeric(sign))
        if value >= 10:
            total += (digit or 1) * value
            digit = 0
        else:
            digit = digit * 10 + value
    return total + digit
