"""A YAML file as plain values, with the line of every part, so that a problem can name its place.

Packs, escalation and plausibility rules are read through it. The problems it finds are told under the name of what is
read: `pack.not_yaml`, `escalation.not_yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from auditor.errors import BadInput, Place, Problem

Where = tuple[str | int, ...]
"""The keys and places that lead to a part of a file."""

_DEEPEST = 40
_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp")
)
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Marked:
    """The file's value, and the line of each part by the keys and places that lead to it."""

    file: str
    value: Any
    lines: Mapping[Where, int]

    def place(self, where: Where) -> Place:
        """Return the place of a part, or of the nearest part around it that the file has.

        Parts that only the reader knows (the variant of a union) are passed over.
        """
        found: Where = ()
        for part in where:
            if (*found, part) in self.lines:
                found = (*found, part)
        return Place(self.file, line=self.lines.get(found, 1))


def read_marked(path: Path, kind: str) -> Marked:
    """Return the file at `path`, marked; `kind` is what the codes of its problems begin with.

    Raises:
        BadInput: `KIND.unreadable`, `KIND.not_yaml`, `KIND.alias` or `KIND.duplicate_key`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        figures = {"value": path.name, "why": error.strerror or type(error).__name__}
        raise BadInput([Problem(f"{kind}.unreadable", figures, Place(path.name))]) from error
    except UnicodeDecodeError as error:
        raise BadInput(
            [Problem(f"{kind}.unreadable", {"value": path.name, "why": "UTF-8"}, Place(path.name))]
        ) from error
    try:
        _refuse_what_never_ends(text, path.name, kind)
        node = yaml.compose(text, _LOADER)
        lines = dict(_lines(node, ())) if node else {}
        _refuse_duplicates(node, path.name, kind)
        _refuse_what_no_rule_needs(node, path.name, kind)
        value = yaml.load(text, _LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or str(error)
        place = Place(path.name, line=mark.line + 1 if mark else _line_of_a_sign(error, text))
        raise BadInput([Problem(f"{kind}.not_yaml", {"value": path.name, "why": why}, place)]) from error
    return Marked(path.name, value, lines)


def read_scalar(text: str) -> Any:
    """Return a plain scalar as YAML reads it where it stands alone: a day, a number, or text."""
    loader = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return loader.construct_object(yaml.ScalarNode(tag, text))


def _line_of_a_sign(error: Exception, text: str) -> int | None:
    """Return the line of a sign that YAML does not allow: of those alone it says the place in the file."""
    position = getattr(error, "position", None)
    return None if position is None else text.encode()[:position].count(b"\n") + 1


def _refuse_what_never_ends(text: str, file: str, kind: str) -> None:
    """Refuse aliases (a file may refer to itself without end) and depth that would exhaust the parser's stack."""
    depth = 0
    for event in yaml.parse(text, _LOADER):
        place = Place(file, line=event.start_mark.line + 1 if event.start_mark else None)
        if isinstance(event, yaml.AliasEvent):
            raise BadInput([Problem(f"{kind}.alias", {"value": event.anchor}, place)])
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise BadInput([Problem(f"{kind}.not_yaml", {"value": file, "why": f"> {_DEEPEST}"}, place)])


def _lines(node: yaml.Node, where: Where) -> Iterator[tuple[Where, int]]:
    yield where, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, inner in node.value:
            here = (*where, str(key.value))
            yield from _lines(inner, here)
            yield here, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, inner in enumerate(node.value):
            yield from _lines(inner, (*where, number))


def _refuse_duplicates(node: yaml.Node | None, file: str, kind: str) -> None:
    problems = [
        Problem(f"{kind}.duplicate_key", {"value": key}, Place(file, line=line))
        for key, line in _duplicates(node)
    ]
    if problems:
        raise BadInput(problems)


def _refuse_what_no_rule_needs(node: yaml.Node | None, file: str, kind: str) -> None:
    """Refuse a day that does not exist, a number without end, and the types of YAML that rules have no use for."""
    plain = yaml.SafeLoader("")
    problems = []
    for each in _nodes(node):
        why = None if each.tag in _TAGS else f"could not determine a constructor for the tag {each.tag}"
        try:
            if isinstance(each, yaml.ScalarNode) and why is None:
                plain.construct_object(each)
        except ValueError as error:
            why = str(error)
        if why:
            place = Place(file, line=each.start_mark.line + 1)
            problems.append(Problem(f"{kind}.not_yaml", {"value": file, "why": why}, place))
    if problems:
        raise BadInput(problems)


def _nodes(node: yaml.Node | None) -> Iterator[yaml.Node]:
    if node is None:
        return
    yield node
    if isinstance(node, yaml.MappingNode):
        for key, inner in node.value:
            yield from _nodes(key)
            yield from _nodes(inner)
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from _nodes(inner)


def _duplicates(node: yaml.Node | None) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, inner in node.value:
            if str(key.value) in seen:
                yield str(key.value), key.start_mark.line + 1
            seen.add(str(key.value))
            yield from _duplicates(inner)
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from _duplicates(inner)
