"""Plain values as JSON text, alike wherever a report or command writes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any


def json_line(value: Any) -> str:
    """Return a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_with(float))


def json_page(value: Any, *, whole: bool = False) -> str:
    """Return a value as indented JSON with its end of line; a decimal without a fraction is `whole` if so asked."""
    number = _whole if whole else float
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1, default=_with(number)) + "\n"


def _whole(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _with(number: Callable[[Decimal], int | float]) -> Callable[[Any], Any]:
    """Return what JSON does not know: a decimal as a number, a day as ISO text."""

    def plain(value: Any) -> Any:
        if isinstance(value, Decimal):
            return number(value)
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(f"not a plain value: {value!r}")

    return plain
