"""The user's own calendar: a CSV of days with whether they are worked, for notices the package lacks."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from auditor.errors import BadInput, Place, Problem

_HEADERS = {"day": "day", "日期": "day", "working": "working", "上班": "working"}
_ANSWERS = {
    "yes": True,
    "是": True,
    "true": True,
    "1": True,
    "no": False,
    "否": False,
    "false": False,
    "0": False,
}
_FIRST, _LAST = date(1949, 10, 1), date(2100, 12, 31)
_DAYS = f"2024-10-01 ({_FIRST} – {_LAST})"


def read_marks(path: Path) -> Mapping[date, bool]:
    """Return the marked days of a calendar file and whether each is a working day.

    The header names `day` and `working` (日期, 上班), in any order; other columns are for remarks and are not
    read. The file is UTF-8 (with or without a mark) or GBK. Blank rows are skipped.

    Raises:
        BadInput: every problem of the file at once: `calendar.unreadable`, `calendar.columns`,
            `calendar.day`, `calendar.working`, `calendar.twice`.
    """
    header, *rows = _rows(path) or [[]]
    columns = _columns(header, path)
    marks: dict[date, bool] = {}
    row_of: dict[date, int] = {}
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=2):
        if not any(map(_plain, row)):
            continue
        day_cell, working_cell = (row[at] if at < len(row) else "" for at in columns)
        day_place, working_place = (Place(path.name, row=number, column=header[at]) for at in columns)
        day, working = _day(day_cell), _ANSWERS.get(_plain(working_cell))
        if day is None:
            problems.append(Problem("calendar.day", {"value": day_cell, "expected": _DAYS}, day_place))
        elif day in row_of:
            figures = {"value": str(day), "first_row": row_of[day]}
            problems.append(Problem("calendar.twice", figures, day_place))
        else:
            row_of[day], marks[day] = number, bool(working)
        if working is None:
            figures = {"value": working_cell, "expected": ", ".join(_ANSWERS)}
            problems.append(Problem("calendar.working", figures, working_place))
    if problems:
        raise BadInput(problems)
    return marks


def _columns(header: list[str], path: Path) -> tuple[int, int]:
    names = [_HEADERS.get(_plain(cell)) for cell in header]
    if names.count("day") != 1 or names.count("working") != 1:
        figures = {"value": ", ".join(header), "expected": "day, working (日期, 上班)"}
        raise BadInput([Problem("calendar.columns", figures, Place(path.name, row=1))])
    return names.index("day"), names.index("working")


def _rows(path: Path) -> list[list[str]]:
    try:
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("gb18030")
        return list(csv.reader(io.StringIO(text, newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        why = fault.strerror if isinstance(fault, OSError) else str(fault)
        figures = {"value": path.name, "expected": "CSV (UTF-8, GBK)", "why": why or type(fault).__name__}
        raise BadInput([Problem("calendar.unreadable", figures, Place(path.name))]) from fault


def _plain(cell: str) -> str:
    # Full-width letters and digits are what Chinese input methods leave behind.
    return unicodedata.normalize("NFKC", cell).strip().casefold()


def _day(cell: str) -> date | None:
    found = re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", _plain(cell))
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    return day if day and _FIRST <= day <= _LAST else None
