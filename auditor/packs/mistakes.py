"""pydantic's errors over a pack in our words: code, figures, line, nearest known word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from auditor.errors import Problem
from auditor.marked import Marked, Where

_CODES: Mapping[str, str] = {
    "missing": "missing_key", "extra_forbidden": "unknown_key",
    "string_type": "bad_text", "string_too_short": "empty_value", "string_pattern": "bad_form",
    "too_short": "empty_value", "too_long": "wrong_length",
    "literal": "not_one_of", "union_tag_invalid": "not_one_of", "union_tag_not_found": "needs_keys",
    "model": "needs_keys", "dict": "needs_keys", "mapping": "needs_keys",
    "list": "needs_list", "tuple": "needs_list",
    "date": "bad_date", "bool": "bad_boolean", "int": "bad_whole_number",
    "decimal": "bad_number", "is_instance": "bad_number", "finite": "bad_number",
    "greater": "out_of_range", "less": "out_of_range",
}  # fmt: skip
"""pydantic's error types, by the beginning of their names -> our codes."""

_FORMS: Mapping[str, str] = {"id": "henan-2023/1-sessions", "pack": "henan-2023", "version": "1.0.0"}
"""Keys whose text has a form -> an example of it."""

_BOUNDS: Mapping[str, str] = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
_SHOWN = 60
"""Signs of a wrong value that a message repeats."""


def problems_of(
    error: ValidationError,
    path: Where,
    marked: Marked,
    model: type[BaseModel],
    spoken_of: Collection[Where] = (),
) -> list[Problem]:
    """Return one problem for each mistake; `path` leads to what was validated, `spoken_of` need no second word."""
    found: list[Problem] = []
    for each in error.errors(include_url=False):
        if each["loc"][:1] not in spoken_of and _is_meant(each["loc"], path, marked):
            found.append(_problem(each, (*path, *each["loc"]), marked, model))
    misspelt = {(problem.place, problem.hint) for problem in found if problem.code == "pack.unknown_key"}
    return [
        problem
        for problem in found
        if problem.code != "pack.missing_key" or (problem.place, problem.figures["key"]) not in misspelt
    ]


def _is_meant(loc: Where, path: Where, marked: Marked) -> bool:
    """Return whether an error is of the branch that was meant: of one number, or of a list of two."""
    for at, part in enumerate(loc):
        if _is_branch(part):
            several = isinstance(written_at(marked, (*path, *loc[:at])), list)
            return several == str(part).startswith("tuple[")
    return True


def _is_branch(part: str | int) -> bool:
    return isinstance(part, str) and "[" in part


def written_at(marked: Marked, path: Where) -> Any:
    """Return what the file says at a path; parts that only pydantic knows (a union's variant) are passed over."""
    value = marked.value
    for part in path:
        if isinstance(value, list):
            inside = isinstance(part, int) and part < len(value)
        else:
            inside = isinstance(value, dict) and part in value
        value = value[part] if inside else value
    return value


def _problem(each: Any, where: Where, marked: Marked, model: type[BaseModel]) -> Problem:
    named = tuple(part for part in where if not _is_branch(part))
    key = next((part for part in reversed(named) if isinstance(part, str)), "")
    code = _code(each["type"], named)
    context = each.get("ctx", {})
    figures = {"key": key, "value": shown(each.get("input")), "expected": _expected(code, key, context)}
    if key == "where" and code.startswith("needs"):
        code, named = "needs_keys", named[: named.index("where") + 1]
        figures["value"] = shown(written_at(marked, named))
    place, hint = marked.place(named), None
    if each["type"] == "value_error":
        code, _, entry = str(context["error"]).removeprefix("pack.").partition(" ")
        figures["expected"], place = entry, marked.place((*named, entry))
    elif code == "unknown_key":
        hint = near(key, _keys(model))
    elif each["type"] == "union_tag_invalid":
        figures |= {"key": f"{key}.kind", "value": shown(each["input"].get("kind"))}
    if code == "not_one_of":
        hint = near(str(figures["value"]), str(figures["expected"]).split("、"))
    return Problem(f"pack.{code}", figures, place, hint)


def _code(kind: str, where: Where) -> str:
    code = next((ours for begins, ours in _CODES.items() if kind.startswith(begins)), "bad_value")
    return "wrong_length" if code == "missing_key" and isinstance(where[-1], int) else code


def _expected(code: str, key: str, context: Mapping[str, Any]) -> str:
    if code == "bad_form":
        return _FORMS.get(key, "")
    if code == "out_of_range":
        return " ".join(f"{_BOUNDS[bound]} {limit}" for bound, limit in context.items() if bound in _BOUNDS)
    words = str(context.get("expected") or context.get("expected_tags") or "")
    return "、".join(
        word.strip(" '").replace("True", "true") for word in words.replace("' or '", "', '").split("', '")
    )


def shown(value: object) -> str | None:
    """Return a wrong value as the file writes it, cut where it is long; a list or mapping by its brackets."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "[…]"
    if isinstance(value, Mapping | BaseModel):
        return "{…}"
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def near(word: str, known: Iterable[str]) -> str | None:
    """Return the known word nearest to a misspelt one (of equals, one that begins alike), or None."""
    close = get_close_matches(word, list(known), n=3, cutoff=0.6)
    return max(
        close,
        key=lambda each: (SequenceMatcher(None, each, word).ratio(), each[:2] == word[:2]),
        default=None,
    )


def keys_not_text(value: Any, path: Where = ()) -> Iterator[tuple[str, Where]]:
    """Yield each key that YAML does not read as text (`7`, `yes`, `~`), and the path to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                yield shown(key) or "null", (*path, str(key))
            yield from keys_not_text(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from keys_not_text(inner, (*path, at))


def _keys(model: type[BaseModel], depth: int = 3) -> set[str]:
    """Return the keys that a model and the models inside it know, for the nearest word."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found.add(field.alias or name)
        for inner in _models_in(field.annotation) if depth else ():
            found |= _keys(inner, depth - 1)
    return found


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)
