"""Cells as people write them, turned into the plain text that the engine reads; what is ambiguous is left alone."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from auditor.tables.cleaning import EARLIEST, LATEST, narrow
from auditor.tables.declaration import Column
from auditor.tables.zh_numbers import zh_number

How = Literal["date", "month", "year", "number", "boolean"]
"""How a cell was read; of a `month` the first day was taken, of a day without its year (`year`) the one given."""

TYPES = ("date", "integer", "number", "boolean")
"""The types of columns that are read beyond the plain form."""

_SIGNS = str.maketrans("，％–—−", ",%---", "\ufe0e\ufe0f")
_WEEKDAY = re.compile("[(（]?(?:星期|周)([一二三四五六日天])[)）]?$")
_ZH_YEAR, _ZH_MONTH, _ZH_DAY = (
    "([〇○零一二三四五六七八九]{4})年",
    "([一二三四五六七八九十]{1,2})月",
    "([一二三四五六七八九十]{1,3})",
)
_FORMS: tuple[tuple[How, re.Pattern[str]], ...] = (
    ("date", re.compile("([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]?")),
    ("date", re.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")),
    ("date", re.compile("([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")),
    ("date", re.compile("([0-9]{4})[.]([0-9]{1,2})[.]([0-9]{1,2})")),
    ("date", re.compile("([0-9]{4})([0-9]{2})([0-9]{2})")),
    ("date", re.compile(f"{_ZH_YEAR}{_ZH_MONTH}{_ZH_DAY}[日号]?")),
    ("month", re.compile("([0-9]{4})年([0-9]{1,2})月份?")),
    ("month", re.compile("([0-9]{4})[-/]([0-9]{1,2})")),
    # 2024.1 is what a spreadsheet makes of 2024.10, and could be either month.
    ("month", re.compile("([0-9]{4})[.]([0-9]{2}|[2-9])")),
    ("month", re.compile(f"{_ZH_YEAR}{_ZH_MONTH}份?")),
    ("year", re.compile("([0-9]{1,2})月([0-9]{1,2})[日号]")),
    ("year", re.compile(f"{_ZH_MONTH}{_ZH_DAY}[日号]")),
)
_SERIAL = re.compile("[0-9]{5}")
_NUMBER = re.compile("[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]+)?")
_MOST = 10**12
_LEAP_YEAR = 2000
_YES, _NO = ("y", "√", "✓", "✔", "☑", "有"), ("n", "×", "✗", "✘", "☒", "无", "没有")


@dataclass(frozen=True)
class Meaning:
    """What a cell means: the plain text of its column's type (2024-03-05, 1200, true), and how it was read."""

    plain: str
    how: How


def meaning_of(
    column: Column,
    given: str,
    *,
    epoch: date | None = None,
    year: int | None = None,
    is_last: bool = False,
) -> Meaning | None:
    """Return what a cell means; None if it cannot be told.

    `epoch` is day 0 of the workbook's serial numbers; without one a serial number is no day. `year` is the one
    that days without a year lie in; without one they are none. `is_last` says that the column ends a span: there a
    month is its last day, elsewhere its first.
    """
    text = _tidy(given)
    if column.type == "date":
        return _day(text, epoch, year, is_last=is_last)
    if column.type in ("integer", "number"):
        number = _number(text, column)
        return None if number is None else Meaning(number, "number")
    if column.type == "boolean":
        answer = "true" if text.lower() in _YES else "false" if text.lower() in _NO else None
        return None if answer is None else Meaning(answer, "boolean")
    return None


def lacks_year(given: str) -> bool:
    """Return whether a cell names a day of the year, such as 3月5日, and no year."""
    how, parts, _ = _read(_tidy(given))
    return how == "year" and _day_of([_LEAP_YEAR, *parts]) is not None


def is_percent(given: str) -> bool:
    """Return whether a cell is a number with a sign of percent."""
    text = _tidy(given)
    return text.endswith("%") and _NUMBER.fullmatch(text[:-1]) is not None


def _tidy(given: str) -> str:
    """Return a text in narrow characters, without blanks and without what only chooses how a sign is drawn."""
    return re.sub(r"\s", "", narrow(given).translate(_SIGNS))


def _day(text: str, epoch: date | None, year: int | None, *, is_last: bool) -> Meaning | None:
    if epoch is not None and _SERIAL.fullmatch(text):
        day = (epoch + timedelta(days=int(text))).isoformat()
        return Meaning(day, "date") if EARLIEST <= day <= LATEST else None
    how, parts, weekday = _read(text)
    if how is None or (how == "year" and year is None) or (how == "month" and weekday):
        return None
    whole = {"date": parts, "month": [*parts, 1], "year": [year or 0, *parts]}[how]
    day_of = _day_of(whole)
    if day_of is None or (
        weekday and "一二三四五六日".index(weekday.replace("天", "日")) != day_of.weekday()
    ):
        return None  # there is no such day, or the day of the week says that one of the two is wrong
    if how == "month" and is_last:
        day_of = day_of.replace(day=monthrange(day_of.year, day_of.month)[1])
    return Meaning(day_of.isoformat(), how)


def _read(text: str) -> tuple[How | None, list[int], str]:
    """Return how a day is written, its numbers, and the day of the week beside it; None where it is no day."""
    found = _WEEKDAY.search(text)
    body, weekday = (text[: found.start()], found[1]) if found else (text, "")
    for how, form in _FORMS:
        if match := form.fullmatch(body):
            parts = [int(part) if part.isascii() else zh_number(part) or 0 for part in match.groups()]
            return how, parts, weekday
    return None, [], weekday


def _day_of(numbers: list[int]) -> date | None:
    try:
        return date(*numbers)
    except ValueError:
        return None


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
