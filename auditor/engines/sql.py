"""How values and names get into SQL text: the only two doors, so that rule text never does.

Both keep to the subset that DuckDB and Spark read alike: plain lower-case names, no backslash in a literal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def literal(value: str | int | Decimal | bool | date | None) -> str:
    """Return a value as an SQL literal.

    Raises ValueError for a type without an exact literal (a float above all), and TypeError never.
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return _quoted(value)
    raise ValueError(f"no exact literal for {value!r}")


def _quoted(text: str) -> str:
    """Return text quoted. A backslash is an escape to Spark and none to DuckDB, so it goes in by its code."""
    parts = [f"'{part.replace(chr(39), chr(39) * 2)}'" for part in text.split("\\")]
    return parts[0] if len(parts) == 1 else f"concat({', chr(92), '.join(parts)})"


def literals(values: Iterable[str | int | Decimal | bool | date]) -> str:
    """Return several literals, comma-separated, as they stand inside IN (...)."""
    return ", ".join(literal(value) for value in values)


def name(text: str) -> str:
    """Return a table or column name that needs no quotes; raises ValueError for any other."""
    if not _NAME.fullmatch(text):
        raise ValueError(f"not a plain lower-case name: {text!r}")
    return text
