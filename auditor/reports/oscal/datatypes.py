"""OSCAL's datatypes: texts, tokens, moments, properties, as its JSON wants them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from auditor.reports.unseen import pictured

Json = dict[str, Any]
VERSION = "1.2.1"
NAMESPACE = "urn:ducha"
"""Of the properties that are ours."""


def one_line(text: str, otherwise: str = "—") -> str:
    """Return a text without ends of lines and without blanks around it; OSCAL has no empty string."""
    return " ".join(pictured(text).splitlines()).strip() or otherwise


def prose(text: str) -> str:
    """Return a text of any number of lines."""
    return pictured(text)


def token(requirement_id: str) -> str:
    """Return a requirement's id as OSCAL can name it: `henan-2023/1-sessions` is `henan-2023_1-sessions`.

    No id has an underscore, so it can be told which slash it was; one that begins with a digit gets one before it.
    """
    named = requirement_id.replace("/", "_")
    return f"_{named}" if named[0].isdigit() else named


def moment(day: date) -> str:
    """Return the first moment of a day, as UTC: the same wherever the report is written."""
    return f"{day.isoformat()}T00:00:00+00:00"


def props(values: Mapping[str, object]) -> Json:
    """Return the member `props` for the values that there are; nothing where there is none."""
    told = [
        {"name": name, "ns": NAMESPACE, "value": one_line(_text(value))}
        for name, value in values.items()
        if value is not None
    ]
    return {"props": told} if told else {}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def some(name: str, items: list[Any]) -> Json:
    """Return the member of that name; nothing where it would be empty, which OSCAL does not have."""
    return {name: items} if items else {}


def as_json(value: Any) -> str:
    """Return a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False)


def members(values: Json) -> str:
    """Return the members of an object, without its braces."""
    return ",\n".join(f"{as_json(name)}: {as_json(value)}" for name, value in values.items())


def array(name: str, items: Iterator[Json]) -> Iterator[str]:
    """Yield a further member of an object, an array of many items; nothing where there is none."""
    before = f",\n{as_json(name)}: [\n"
    for item in items:
        yield before + as_json(item)
        before = ",\n"
    if before == ",\n":
        yield "\n]"
