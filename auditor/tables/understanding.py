"""Cells as people write them, turned into the plain text that the engine reads; what is ambiguous is left alone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from auditor.tables.cleaning import EARLIEST, LATEST, narrow
from auditor.tables.declaration import Column
from auditor.tables.zh_numbers import zh_number

KINDS = {"date": "date", "integer": "number", "number": "number", "boolean": "boolean"}
"""Which types of column are read beyond the plain form, and what their cells hold."""

_SIGNS = str.maketrans("，％–—−", ",%---")
_WEEKDAY = re.compile("[(（]?(?:星期|周)([一二三四五六日天])[)）]?$")
_DAYS = (
    re.compile("([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]?"),
    re.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"),
    re.compile("([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"),
    re.compile("([0-9]{4})[.]([0-9]{1,2})[.]([0-9]{1,2})"),
    re.compile("([0-9]{4})([0-9]{2})([0-9]{2})"),
    re.compile(
        "([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]?"
    ),
)
_SERIAL = re.compile("[0-9]{5}")
_MONTH = re.compile("[0-9]{4}(年[0-9]{1,2}月?份?|[-/.][0-9]{1,2})")
_NUMBER = re.compile("[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]+)?")
_MOST = 10**12
_YES, _NO = ("y", "√", "✓", "✔", "☑", "有"), ("n", "×", "✗", "✘", "☒", "无", "没有")


def plain_text(column: Column, given: str, epoch: date | None = None) -> str | None:
    """Return a cell as the plain text of its column's type (2024-03-05, 1200, true); None if it cannot be told.

    `epoch` is day 0 of the workbook's serial numbers; without one a serial number is no day.
    """
    text = re.sub(r"\s", "", narrow(given).translate(_SIGNS))
    if column.type == "date":
        return _day(text, epoch)
    if column.type in ("integer", "number"):
        return _number(text, column)
    if column.type == "boolean":
        return "true" if text.lower() in _YES else "false" if text.lower() in _NO else None
    return None


def lacks_day(given: str) -> bool:
    """Return whether a date names a year and a month only."""
    return bool(_MONTH.fullmatch(re.sub(r"\s", "", narrow(given))))


def _day(text: str, epoch: date | None) -> str | None:
    if epoch is not None and _SERIAL.fullmatch(text):
        day = (epoch + timedelta(days=int(text))).isoformat()
        return day if EARLIEST <= day <= LATEST else None
    weekday = _WEEKDAY.search(text)
    body = text[: weekday.start()] if weekday else text
    parts = next((found.groups() for found in (form.fullmatch(body) for form in _DAYS) if found), None)
    numbers = [int(part) if part.isascii() else zh_number(part) or 0 for part in parts or ()]
    try:
        day_of = date(*numbers)
    except (TypeError, ValueError):  # no form fits, or there is no such day
        return None
    if weekday and "一二三四五六日".index(weekday[1].replace("天", "日")) != day_of.weekday():
        return None  # the day of the week says that one of the two is wrong
    return day_of.isoformat()


def _number(text: str, column: Column) -> str | None:
    words = sorted(column.counted_in, key=len, reverse=True)
    word = next((word for word in words if text.endswith(word)), "")
    body = text.removesuffix(word)
    if _NUMBER.fullmatch(body):
        number: Decimal | None = Decimal(body.replace(",", "")) / (100 if word == "%" else 1)
    else:
        whole = zh_number(body) if word != "%" else None
        number = None if whole is None else Decimal(whole)
    if number is None or abs(number) >= _MOST or (column.type == "integer" and number % 1):
        return None
    return format(number, "f")
