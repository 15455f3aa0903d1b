"""What a document leaves open and the user names (`--set year=2018`): `${year}` in a pack, filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from auditor.errors import BadInput, Problem
from auditor.marked import Marked, Where, read_scalar
from auditor.packs.mistakes import near, shown
from auditor.periods.period import YEARS

Settings = Mapping[str, str]
"""The values of parameters, as the user writes them, by name."""

_NAMED = re.compile(r"\$\{([^}]*)\}")


def fill_in(marked: Marked, settings: Settings | None) -> Marked:
    """Return the pack with every `${name}` replaced by the value set for it.

    `settings` None fills in each parameter's own example: enough to read a pack, never to audit by it. Raises
    BadInput where a parameter is not set, is set to what its type does not allow, or is not declared.
    """
    declared = _declared(marked)
    problems = [*_undeclared(marked.value, declared, marked), *_unused(declared, marked)]
    values: dict[str, str] = {}
    for name, each in declared.items():
        if each.get("example") is None:
            place = marked.place(("parameters", name))
            problems.append(Problem("pack.missing_key", {"key": "example", "value": None}, place))
            continue
        given = str(each["example"]) if settings is None else settings.get(name)
        problems += _problems(marked, name, each, given)
        values[name] = given or ""
    if problems:
        raise BadInput(problems)
    return replace(marked, value=_filled(marked.value, values)) if declared else marked


def _declared(marked: Marked) -> dict[str, Mapping[str, Any]]:
    raw = marked.value.get("parameters") if isinstance(marked.value, dict) else None
    if not isinstance(raw, dict):
        return {}
    return {str(name): each if isinstance(each, dict) else {} for name, each in raw.items()}


def _problems(marked: Marked, name: str, declared: Mapping[str, Any], given: str | None) -> Iterator[Problem]:
    place = marked.place(("parameters", name))
    figures = {"value": name, "pack": shown(marked.value.get("pack")), "given": given}
    if given is None:
        yield Problem("pack.parameter_unset", figures, place)
    elif declared.get("type") == "year" and not (given.isdecimal() and int(given) in YEARS):
        yield Problem("pack.parameter_not_a_year", figures, place)
    elif declared.get("type") == "number" and not _is_number(given):
        yield Problem("pack.parameter_not_a_number", figures, place)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _undeclared(
    value: Any, declared: Mapping[str, Any], marked: Marked, path: Where = ()
) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _undeclared(inner, declared, marked, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _undeclared(inner, declared, marked, (*path, at))
    elif isinstance(value, str):
        for name in _NAMED.findall(value):
            if name not in declared:
                figures = {"value": name, "expected": "、".join(declared)}
                yield Problem("pack.unknown_parameter", figures, marked.place(path), near(name, declared))


def _unused(declared: Mapping[str, Any], marked: Marked) -> Iterator[Problem]:
    """Yield the parameters that the user would have to give for nothing."""
    text = repr(marked.value) if declared else ""
    for name in declared:
        if f"${{{name}}}" not in text:
            yield Problem("pack.parameter_unused", {"value": name}, marked.place(("parameters", name)))


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, values) for inner in value]
    if isinstance(value, str) and _NAMED.search(value):
        return read_scalar(_NAMED.sub(lambda found: values[found[1]], value))
    return value
