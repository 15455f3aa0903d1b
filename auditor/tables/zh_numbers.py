"""Whole numbers in Chinese characters, read exactly: what could mean two numbers is none."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_SAME = str.maketrans("〇○两壹贰叁肆伍陆柒捌玖拾佰仟萬億", "零零二一二三四五六七八九十百千万亿")
_PLACES = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10**4, "亿": 10**8}
_MOST = 10**12


def zh_number(text: str) -> int | None:
    """Return the number that Chinese characters write, below a million million; None if they write none.

    二十三 is 23, 一百零五 105, 二〇二四 2024. 三百五 is none: said for 350, and easily meant as 305.
    """
    plain = text.translate(_SAME)
    if len(plain) >= 4 and all(character in _DIGITS for character in plain):
        return int("".join(str(_DIGITS.index(character)) for character in plain))
    number = _summed(plain)
    if number is None or number >= _MOST:
        return None
    written = zh_text(number)
    spoken = written.removeprefix("一") if written.startswith("一十") else written  # 十二, not 一十二
    return number if plain in (written, spoken) else None


def zh_text(number: int) -> str:
    """Return a whole number below a million million as it is written in Chinese characters."""
    if number == 0:
        return _DIGITS[0]
    text = ""
    for group, unit in ((number // 10**8, "亿"), (number // 10**4 % 10**4, "万"), (number % 10**4, "")):
        if group:
            text += ("零" if text and group < 1000 else "") + _section(group) + unit
    return text


def _section(number: int) -> str:
    """Return a number below ten thousand, with one 零 for the places left out in the middle."""
    text, skipped = "", False
    for unit, place in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // place % 10
        if digit:
            text += ("零" if skipped and text else "") + _DIGITS[digit] + unit
        skipped = not digit
    return text


def _summed(text: str) -> int | None:
    """Return the sum of digits and places however they stand; the caller asks whether it is so written."""
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        elif character in _PLACES:
            section += (digit or 1) * _PLACES[character]
            digit = 0
        elif character in _GROUPS:
            total += (section + digit) * _GROUPS[character]
            section = digit = 0
        else:
            return None
    return total + section + digit if text else None
