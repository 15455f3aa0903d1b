"""Whole numbers in Chinese characters, read exactly: what could mean two numbers is none.

The library cn2an reads them, generously: 三百五 is 350 to it. A number is taken only where the library, told the
number, writes the same characters again.
"""

from __future__ import annotations

import re

_SAME = str.maketrans("〇○两壹贰叁肆伍陆柒捌玖拾佰仟萬億", "零零二一二三四五六七八九十百千万亿")
_DIGITS = re.compile("[零一二三四五六七八九]{4,12}")
_NUMERAL = re.compile("[零一二三四五六七八九十百千万亿]{1,30}")
_MOST = 10**12


def zh_number(text: str) -> int | None:
    """Return the number that Chinese characters write, below a million million; None if they write none.

    二十三 is 23, 一百零五 105, 二〇二四 2024. 三百五 is none: said for 350, and easily meant as 305. So is 一亿一千,
    where 万 may have been left out.
    """
    plain = text.translate(_SAME)
    if not _NUMERAL.fullmatch(plain):
        return None
    from cn2an import an2cn, cn2an  # noqa: PLC0415 - costs a tenth of a second, and most cells come without

    try:
        number = int(cn2an(plain, "normal"))
    except (ValueError, KeyError):  # the library's own ways of saying that it reads no number
        return None
    if number >= _MOST:
        return None
    if _DIGITS.fullmatch(plain):
        return number if an2cn(number, "direct") == plain else None
    written = an2cn(number)
    full = f"一{written}" if written.startswith("十") else written  # 一十二 beside 十二
    return number if plain in (written, full) else None
