"""iCalendar (RFC 5545) as text: escaped, folded at 75 octets, each line ending in CRLF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from auditor.reports.unseen import pictured

_LINE = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def text(value: str) -> str:
    """Return a text as a value of a property: no character of it is taken for anything but itself."""
    return pictured(value).translate(_ESCAPED)


def day(value: date) -> str:
    """Return a day as a value of a property."""
    return f"{value:%Y%m%d}"


def moment(value: date) -> str:
    """Return the first moment of a day, as UTC."""
    return f"{day(value)}T000000Z"


def line(name: str, value: str) -> str:
    """Return a content line, folded where it is longer than 75 octets, never within a character."""
    folded, octets = [""], 0
    for character in f"{name}:{value}":
        size = len(character.encode("utf-8", "surrogatepass"))
        if octets + size > _LINE:
            folded.append(" ")
            octets = 1
        folded[-1] += character
        octets += size
    return "".join(f"{each}\r\n" for each in folded)


def whole_day(
    uid: str, on: date, stamp: date, summary: str, description: str, alarm: str, categories: Iterable[str]
) -> Iterator[str]:
    """Yield the lines of an event of one day, with an alarm at nine in the morning a week before.

    `stamp` is the day as of which it is said: a later one's event of the same `uid` takes its place.
    """
    named = ",".join(text(each) for each in categories)
    yield line("BEGIN", "VEVENT")
    yield line("UID", uid)
    yield line("DTSTAMP", moment(stamp))
    yield line("SEQUENCE", str((stamp - date(1949, 1, 1)).days))
    yield line("DTSTART;VALUE=DATE", day(on))
    yield line("DTEND;VALUE=DATE", day(on + timedelta(days=1)))
    yield line("SUMMARY", text(summary))
    yield line("DESCRIPTION", text(description))
    yield line("CATEGORIES", named)
    yield line("TRANSP", "TRANSPARENT")
    yield line("BEGIN", "VALARM")
    yield line("ACTION", "DISPLAY")
    yield line("DESCRIPTION", text(alarm))
    yield line("TRIGGER", "-P6DT15H")
    yield line("END", "VALARM")
    yield line("END", "VEVENT")
