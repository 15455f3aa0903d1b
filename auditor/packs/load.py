"""Packs from YAML files: every mistake with its line, all at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

import auditor.measures as _registered
from auditor.errors import BadInput, Place, Problem
from auditor.marked import Marked, Where, read_marked
from auditor.measures.registry import kinds
from auditor.model.requirement import Pack, Requirement
from auditor.packs.extending import extended
from auditor.packs.lint import lint, lint_requirements
from auditor.packs.mistakes import keys_not_text, near, problems_of, shown
from auditor.packs.parameters import Settings, fill_in
from auditor.shipped import shipped
from auditor.tables.declaration import Declaration, load_declaration

assert _registered.__all__  # importing the room is what registers the measures

MADE = ("content_hash", "base", "settings", "switched_off")
"""Fields of a pack that no file gives."""

Vocabulary = Mapping[str, Mapping[str, str]]
"""`{"table.column": {code: zh label}}`: the values that a pack adds."""


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
    beside = path.with_name(f"{path.name}.yaml")
    raise BadInput(
        [
            Problem(
                "pack.unknown_pack",
                {"value": name_or_file, "expected": "、".join(known)},
                hint=str(beside) if beside.is_file() else near(name_or_file, known),
            )
        ]
    )


def load_pack(
    name_or_file: str | Path, declaration: Declaration | None = None, settings: Settings | None = None
) -> Pack:
    """Read, check and return one pack, by the name of a shipped one or by its file.

    `settings` are the values of the pack's parameters; None fills in their examples, to read the pack. Raises
    BadInput with every problem found: unknown keys and words with the nearest known one, duplicate ids,
    columns and values that no table has, each with its file and line.
    """
    path = name_or_file if isinstance(name_or_file, Path) else find_pack(name_or_file)
    return _load(path, declaration or load_declaration(), settings, ())[0]


def _load(
    path: Path, declaration: Declaration, settings: Settings | None, above: tuple[str, ...]
) -> tuple[Pack, Marked]:
    """Return a pack and what its file says, with what it extends in front of it; `above` are the packs upon it."""
    marked = read_marked(path, "pack")
    _refuse_what_is_no_pack(marked)
    marked = fill_in(marked, settings)
    hashes, base = [hashlib.sha256(path.read_bytes()).hexdigest()], None
    if marked.value.get("extends") is not None:
        base_path = _base(path, marked, above)
        base, base_marked = _load(base_path, declaration, settings, (*above, str(base_path)))
        marked = extended(marked, base_marked, base)
        hashes.append(base.content_hash)
    made = {
        "content_hash": hashes[0] if base is None else hashlib.sha256("".join(hashes).encode()).hexdigest(),
        "base": base,
        "settings": {name: (settings or {}).get(name, "") for name in marked.value.get("parameters") or {}},
    }
    if base:
        marked.value["vocabulary"] = _both(base.vocabulary, marked.value.get("vocabulary"))
    pack = _parse(marked, made, declaration)
    problems = lint(pack, _widened(declaration, pack.vocabulary, marked), marked)
    if problems:
        raise BadInput(problems)
    return pack, marked


def _both(below: Vocabulary, own: Any) -> Any:
    """Return the values that a pack and its base add, column by column; what is no mapping is left to be refused."""
    if own is not None and not (
        isinstance(own, dict) and all(isinstance(each, dict) for each in own.values())
    ):
        return own
    added = own or {}
    return {column: {**below.get(column, {}), **added.get(column, {})} for column in {**below, **added}}


def _base(path: Path, marked: Marked, above: tuple[str, ...]) -> Path:
    """Return the file of the pack that a pack extends: a shipped one, or a file beside its own."""
    named = str(marked.value["extends"])
    beside = path.parent / named
    found = beside if beside.is_file() else find_pack(named)
    if str(found) in above or found.resolve() == path.resolve():
        raise BadInput([Problem("pack.extends_itself", {"value": named}, marked.place(("extends",)))])
    return found


def _refuse_what_is_no_pack(marked: Marked) -> None:
    if not isinstance(marked.value, dict):
        raise BadInput([Problem("pack.not_a_mapping", {}, Place(marked.file, line=1))])
    strange = list(keys_not_text(marked.value))
    if strange:
        raise BadInput(Problem("pack.unknown_key", {"key": key}, marked.place(path)) for key, path in strange)
    made: list[Where] = [(key,) for key in MADE if key in marked.value]
    written = marked.value.get("requirements")
    made += [
        ("requirements", at, "changed")
        for at, each in enumerate(written if isinstance(written, list) else ())
        if isinstance(each, dict) and "changed" in each
    ]
    if made:
        raise BadInput(
            Problem("pack.unknown_key", {"key": str(path[-1])}, marked.place(path)) for path in made
        )


def _widened(declaration: Declaration, vocabulary: Vocabulary, marked: Marked) -> Declaration:
    try:
        return declaration.with_vocabulary(vocabulary)
    except BadInput as bad:
        raise BadInput(
            replace(each, place=marked.place(("vocabulary", each.figures["value"]))) for each in bad.problems
        ) from None


def load_packs(
    names: Sequence[str | Path | Pack], declaration: Declaration, settings: Settings | None = None
) -> tuple[tuple[Pack, ...], Declaration]:
    """Return the packs, sorted by name, and the declaration widened by their vocabularies.

    A pack loaded already is taken as it is. Raises BadInput with the problems of all of them, for a pack named
    twice, for two that hold the same requirement, and for a setting that none of them asks for.
    """
    packs: list[Pack] = []
    problems: list[Problem] = []
    for each in names:
        try:
            packs.append(each if isinstance(each, Pack) else load_pack(each, declaration, settings))
        except BadInput as bad:
            problems += bad.problems
    if not problems:
        problems = [*_in_both(packs), *_not_asked_for(packs, settings or {})]
    if problems:
        raise BadInput(problems)
    for pack in packs:
        try:
            declaration = declaration.with_vocabulary(pack.vocabulary)
        except BadInput as bad:
            raise BadInput(replace(each, place=Place(pack.pack)) for each in bad.problems) from None
    return tuple(sorted(packs, key=lambda pack: pack.pack)), declaration


def _in_both(packs: Sequence[Pack]) -> Iterator[Problem]:
    """Yield the packs named twice, and those that bring a requirement which another brings too."""
    names = [pack.pack for pack in packs]
    yield from (
        Problem("pack.pack_twice", {"value": each}) for each in sorted(set(names)) if names.count(each) > 1
    )
    for upper in packs:
        below = set(upper.effective_dates) - {upper.pack}
        for lower in sorted(below & set(names)):
            yield Problem("pack.extends_another_named", {"value": upper.pack, "expected": lower})


def _not_asked_for(packs: Sequence[Pack], settings: Settings) -> Iterator[Problem]:
    known = {name for pack in packs for name in pack.settings}
    known |= {name for pack in packs if pack.base for name in pack.base.settings}
    for name in sorted(set(settings) - known):
        figures = {"value": name, "expected": "、".join(sorted(known)) or "—"}
        yield Problem("usage.unknown_parameter", figures, hint=near(name, known))


def _parse(marked: Marked, made: Mapping[str, Any], declaration: Declaration) -> Pack:
    """Return the pack that the file words; raises BadInput with every key and value that does not fit.

    `made` are the fields that no file gives.
    """
    problems: list[Problem] = []
    raw = dict(marked.value)
    sound = _requirements(raw.get("requirements"), marked, problems)
    if sound is not None:
        raw["requirements"] = list(sound.values())
    try:
        pack = Pack.model_validate({**raw, **made})
    except ValidationError as error:
        # A list left empty because every requirement in it is at fault has been spoken of already.
        spoken_of = {("requirements",)} if problems else set()
        problems += problems_of(error, (), marked, Pack, spoken_of)
    if problems:
        raise BadInput([*problems, *_further(sound or {}, declaration, marked)])
    return pack


def _requirements(written: Any, marked: Marked, problems: list[Problem]) -> dict[int, Requirement] | None:
    """Return the requirements that are well-formed, by their place in the list; None where there is no list."""
    if not isinstance(written, list):
        return None
    parsed = [_requirement(each, ("requirements", at), marked, problems) for at, each in enumerate(written)]
    return {at: each for at, each in enumerate(parsed) if each is not None}


def _further(sound: Mapping[int, Requirement], declaration: Declaration, marked: Marked) -> list[Problem]:
    """Return what is wrong with the well-formed requirements of a pack that is not well-formed as a whole."""
    try:
        vocabulary = TypeAdapter(Vocabulary).validate_python(marked.value.get("vocabulary") or {})
        widened = _widened(declaration, vocabulary, marked)
    except (ValidationError, BadInput):
        return []
    return list(lint_requirements(sound.items(), None, widened, marked))


def _requirement(written: Any, path: Where, marked: Marked, problems: list[Problem]) -> Requirement | None:
    if not isinstance(written, dict):
        figures = {"key": "requirements", "value": shown(written)}
        problems.append(Problem("pack.needs_keys", figures, marked.place(path)))
        return None
    measure = _measure(written.get("measure"), (*path, "measure"), marked, problems)
    try:
        made = Requirement.model_validate(
            {**written, **({"measure": measure} if measure is not None else {})}
        )
        return made if measure is not None else None
    except ValidationError as error:
        spoken_of = {("measure",)} if measure is None else set()
        problems += problems_of(error, path, marked, Requirement, spoken_of)
        return None


def _measure(written: Any, path: Where, marked: Marked, problems: list[Problem]) -> Any:
    """Return the measure of the kind it names, out of the registry."""
    if not isinstance(written, dict) or "kind" not in written:
        code = "pack.missing_key" if written is None or isinstance(written, dict) else "pack.needs_keys"
        key = "measure" if written is None or code == "pack.needs_keys" else "measure.kind"
        problems.append(Problem(code, {"key": key, "value": shown(written)}, marked.place(path)))
        return None
    kind = shown(written["kind"]) or ""
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
        problems += problems_of(error, path, marked, known[kind])
        return None
