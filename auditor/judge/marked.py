"""A YAML file as plain values, with the line of every part, so that a problem can name its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from auditor.errors import BadInput, Place, Problem

Where = tuple[str | int, ...]
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Marked:
    """The file's value, and the line of each part by the keys and places that lead to it."""

    file: str
    value: Any
    lines: Mapping[Where, int]

    def place(self, where: Where) -> Place:
        """Return the place of a part, or of the nearest part around it that the file has."""
        while where not in self.lines and where:
            where = where[:-1]
        return Place(self.file, line=self.lines.get(where, 1))


def read_marked(path: Path) -> Marked:
    """Return the file at `path`, marked.

    Raises:
        BadInput: `escalation.unreadable`, `escalation.not_yaml`, `escalation.alias` or
            `escalation.duplicate_key`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        figures = {"value": path.name, "why": getattr(error, "strerror", None) or str(error)}
        raise BadInput([Problem("escalation.unreadable", figures, Place(path.name))]) from error
    try:
        # A file that refers to itself could be read without end; no rule needs to.
        for event in yaml.parse(text, _LOADER):
            if isinstance(event, yaml.AliasEvent):
                place = Place(path.name, line=event.start_mark.line + 1 if event.start_mark else None)
                raise BadInput([Problem("escalation.alias", {"value": event.anchor}, place)])
        node = yaml.compose(text, _LOADER)
        lines = dict(_lines(node, ())) if node else {}
        _refuse_duplicates(node, path.name)
        value = yaml.load(text, _LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or str(error)
        place = Place(path.name, line=mark.line + 1 if mark else None)
        raise BadInput([Problem("escalation.not_yaml", {"value": path.name, "why": why}, place)]) from error
    return Marked(path.name, value, lines)


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


def _refuse_duplicates(node: yaml.Node | None, file: str) -> None:
    problems = [
        Problem("escalation.duplicate_key", {"value": key}, Place(file, line=line))
        for key, line in _duplicates(node)
    ]
    if problems:
        raise BadInput(problems)


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
