"""What looks like a person's own number: such a cell is refused, and its value is never shown.

A mobile number is eleven digits that begin as those of a Chinese operator do. An identity number is eighteen
characters with a possible birth date and the right check digit. The identity numbers of fifteen digits that went
out of use in 2013 have no check digit: too many plain numbers look like them, and they are not looked for. The same
shapes are looked for in SQL and in Python.
"""

from __future__ import annotations

import re

SHOWN = 80
"""How much of a wrong value a problem repeats."""

HIDDEN = "…"
"""Stands for a value that is not repeated."""

_WIDE, _NARROW = "０１２３４５６７８９Ｘｘ", "0123456789Xx"
_MANY_DIGITS = f"[0-9{_WIDE[:10]}]{{11}}"
_OPERATORS = "13[0-9]|14[5-9]|15[0-35-9]|16[2567]|17[0-8]|18[0-9]|19[0-35-9]"
_BIRTH = "(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
_IN_TEXT, _IN_NUMBER = "(^|[^0-9])", "(^|[^0-9.]|[^0-9][.])"
"""What may stand before: in a number the digits after a point are none of their own."""
_MOBILE = f"((00|[+])?86)?({_OPERATORS})[0-9]{{8}}([^0-9]|$)"
_IDENTITY = f"([1-9][0-9]{{5}}{_BIRTH}[0-9]{{3}}[0-9Xx])([^0-9A-Za-z]|$)"
_ROUNDED = f"[1-9][.][0-9]{{5}}{_BIRTH}[0-9]E[+]17"
"""An identity number that a spreadsheet took for a number, with the fifteen digits that it keeps."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def looks_personal(text: str, *, in_number: bool = False) -> str:
    """Return the condition that a text holds a mobile or identity number. The guards are for speed.

    In a column of numbers (`in_number`) the check digit does not count: spreadsheets lose the last digits.
    """
    before = _IN_NUMBER if in_number else _IN_TEXT
    plain = f"translate({text}, '{_WIDE}', '{_NARROW}')"
    identity = f"regexp_matches({plain}, '{before}{_IDENTITY}')"
    if not in_number:
        number = f"upper(regexp_extract({plain}, '{before}{_IDENTITY}', 2))"
        identity = f"{identity} AND {_has_check_digit(number)}"
    return (
        f"CASE WHEN {text} IS NULL OR strlen({text}) < 11 THEN FALSE "
        f"WHEN NOT regexp_matches({text}, '{_MANY_DIGITS}') THEN FALSE "
        f"WHEN regexp_matches({plain}, '{before}({_MOBILE}|{_ROUNDED})') THEN TRUE "
        f"ELSE coalesce({identity}, FALSE) END"
    )


def may_be_personal(text: str) -> str:
    """Return a cheap condition that holds wherever `looks_personal` does, and elsewhere only for other long numbers."""
    return f"CASE WHEN strlen({text}) > 10 THEN regexp_matches({text}, '{_MANY_DIGITS}') ELSE FALSE END"


def holds_personal_number(text: str, *, in_number: bool = False) -> bool:
    """Return in Python what `looks_personal` asks in the engine."""
    if not re.search(_MANY_DIGITS, text):
        return False
    before = _IN_NUMBER if in_number else _IN_TEXT
    plain = text.translate(str.maketrans(_WIDE, _NARROW))
    if re.search(f"{before}({_MOBILE}|{_ROUNDED})", plain):
        return True
    identity = re.search(before + _IDENTITY, plain)
    if identity is None or in_number:
        return identity is not None
    number = identity[2].upper()
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECK_DIGITS[total % 11] == number[17]


def shown(text: str) -> str:
    """Return as much of a wrong value as a problem repeats; nothing of one that holds a person's own number."""
    return HIDDEN if holds_personal_number(text) else text[:SHOWN]


def _has_check_digit(number: str) -> str:
    """Return the condition that eighteen characters end in their check digit (GB 11643-1999)."""
    # The engine plans a short statement over a list sooner than a long sum.
    weighted = f"{list(_WEIGHTS)}[i] * TRY_CAST(substr({number}, i, 1) AS INTEGER)"
    total = f"list_sum(list_transform(range(1, {len(_WEIGHTS) + 1}), lambda i: {weighted}))"
    return f"substr('{_CHECK_DIGITS}', 1 + CAST({total} AS INTEGER) % 11, 1) = substr({number}, 18, 1)"
