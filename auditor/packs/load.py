"""Packs from YAML files: every mistake with its line, all at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

import auditor.measures as _registered
from auditor.errors import BadInput, Place, Problem
from auditor.marked import Marked, Where, read_marked
from auditor.measures.registry import kinds
from auditor.model.requirement import Pack, Requirement
from auditor.packs.lint import lint
from auditor.shipped import shipped
from auditor.tables.declaration import Declaration, load_declaration

assert _registered.__all__  # importing the room is what registers the measures

_CODES: Mapping[str, str] = {
    "missing": "pack.missing_key", "date": "pack.bad_date", "int": "pack.bad_number", "decimal": "pack.bad_number",
    "is_instance": "pack.bad_number", "greater": "pack.bad_number", "less": "pack.bad_number",
    "finite": "pack.bad_number", "bool": "pack.bad_boolean", "literal": "pack.not_one_of", "enum": "pack.not_one_of", "string": "pack.bad_text",
    "too_short": "pack.empty_value",
}  # fmt: skip
"""pydantic's error types, by the beginning of their names -> our codes."""


def packs_shipped() -> dict[str, Path]:
    """Return the shipped packs by name."""
    return {path.stem: path for path in sorted(shipped("rules/packs").glob("*.yaml"))}


def find_pack(name_or_file: str) -> Path:
    """Return the file of a pack given by name or path. Raises BadInput with the nearest name for one unknown."""
    known = packs_shipped()
    if name_or_file in known:
        return known[name_or_file]
    path = Path(name_or_file)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return path
    raise BadInput(
        [
            Problem(
                "pack.unknown_pack",
                {"value": name_or_file, "expected": "、".join(known)},
                hint=near(name_or_file, known),
            )
        ]
    )


def load_pack(name_or_file: str | Path, declaration: Declaration | None = None) -> Pack:
    """Read, check and return one pack, by the name of a shipped one or by its file.

    Raises BadInput with every problem found: unknown keys and words with the nearest known one, duplicate ids,
    columns and values that no table has, each with its file and line.
    """
    path = name_or_file if isinstance(name_or_file, Path) else find_pack(name_or_file)
    marked = read_marked(path, "pack")
    pack = _parse(marked, hashlib.sha256(path.read_bytes()).hexdigest())
    problems = lint(pack, (declaration or load_declaration()).with_vocabulary(pack.vocabulary), marked)
    if problems:
        raise BadInput(problems)
    return pack


def load_packs(names: Sequence[str | Path], declaration: Declaration) -> tuple[tuple[Pack, ...], Declaration]:
    """Return the packs, sorted by name, and the declaration widened by their vocabularies.

    Raises BadInput with the problems of all of them, and for a pack named twice.
    """
    packs: list[Pack] = []
    problems: list[Problem] = []
    for each in names:
        try:
            packs.append(load_pack(each, declaration))
        except BadInput as bad:
            problems += bad.problems
    twice = {pack.pack for pack in packs if [each.pack for each in packs].count(pack.pack) > 1}
    problems += [Problem("pack.pack_twice", {"value": name}) for name in sorted(twice)]
    if problems:
        raise BadInput(problems)
    for pack in packs:
        declaration = declaration.with_vocabulary(pack.vocabulary)
    return tuple(sorted(packs, key=lambda pack: pack.pack)), declaration


def near(text: str, known: Iterable[str]) -> str | None:
    """Return the known word nearest to a misspelt one, or None."""
    found = get_close_matches(text, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def _parse(marked: Marked, content_hash: str) -> Pack:
    """Return the pack that the file words; raises BadInput with every key and value that does not fit."""
    if not isinstance(marked.value, dict):
        raise BadInput([Problem("pack.not_a_mapping", {}, Place(marked.file, line=1))])
    problems: list[Problem] = []
    raw = dict(marked.value)
    written = raw.get("requirements")
    if isinstance(written, list):
        parsed = [
            _requirement(each, ("requirements", at), marked, problems) for at, each in enumerate(written)
        ]
        raw["requirements"] = [each for each in parsed if each is not None]
    try:
        pack = Pack.model_validate({**raw, "content_hash": content_hash})
    except ValidationError as error:
        # A list left empty because every requirement in it is at fault has been spoken of already.
        spoken_of = {("requirements",)} if problems else set()
        problems += _problems(error, (), marked, Pack, spoken_of)
    if problems:
        raise BadInput(problems)
    return pack


def _requirement(written: Any, path: Where, marked: Marked, problems: list[Problem]) -> Requirement | None:
    if not isinstance(written, dict):
        problems.append(Problem("pack.bad_shape", {"key": "requirements"}, marked.place(path)))
        return None
    measure = _measure(written.get("measure"), (*path, "measure"), marked, problems)
    try:
        return Requirement.model_validate(
            {**written, **({"measure": measure} if measure is not None else {})}
        )
    except ValidationError as error:
        spoken_of = {("measure",)} if measure is None else set()
        problems += _problems(error, path, marked, Requirement, spoken_of)
        return None


def _measure(written: Any, path: Where, marked: Marked, problems: list[Problem]) -> Any:
    """Return the measure of the kind it names, out of the registry."""
    if not isinstance(written, dict) or "kind" not in written:
        problems.append(Problem("pack.missing_key", {"key": "measure.kind"}, marked.place(path)))
        return None
    kind = str(written["kind"])
    known = kinds()
    if kind not in known:
        expected = "、".join(sorted(known))
        place = marked.place((*path, "kind"))
        problems.append(
            Problem("pack.unknown_measure", {"value": kind, "expected": expected}, place, near(kind, known))
        )
        return None
    try:
        return known[kind].model_validate(written)
    except ValidationError as error:
        problems += _problems(error, path, marked, known[kind])
        return None


def _problems(
    error: ValidationError,
    path: Where,
    marked: Marked,
    model: type[BaseModel],
    spoken_of: Collection[Where] = (),
) -> Iterator[Problem]:
    for each in error.errors(include_url=False):
        if each["loc"][:1] not in spoken_of:
            yield _problem(each, (*path, *each["loc"]), marked, model)


def _problem(each: Any, where: Where, marked: Marked, model: type[BaseModel]) -> Problem:
    key = str(where[-1]) if where else ""
    figures = {
        "key": key,
        "value": each.get("input"),
        "expected": each.get("ctx", {}).get("expected", each["msg"]),
    }
    if isinstance(figures["value"], dict | list | BaseModel):
        figures["value"] = key
    place = marked.place(where)
    if each["type"] == "extra_forbidden":
        return Problem("pack.unknown_key", {"key": key}, place, near(key, _keys(model)))
    if each["type"] == "value_error":
        code, _, rest = str(each["ctx"]["error"]).partition(" ")
        return Problem(code, {**figures, "expected": rest}, place)
    code = next(
        (ours for begins, ours in _CODES.items() if each["type"].startswith(begins)), "pack.bad_value"
    )
    return Problem(code, figures, place)


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
