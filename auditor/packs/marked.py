"""YAML with line numbers: what a file says, and on which line it says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from auditor.errors import BadInput, Place, Problem

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Marked:
    """A YAML document: its value, and the line of every key and list item by its path."""

    file: str
    value: Any
    lines: Mapping[Path_, int]

    def place(self, path: Path_) -> Place:
        """Return the place of a path, or of the nearest part of it that stands in the file."""
        found: Path_ = ()
        for part in path:
            if (*found, part) in self.lines:
                found = (*found, part)
        return Place(file=self.file, line=self.lines.get(found, 1))


def read_marked(path: Path) -> Marked:
    """Read a YAML file. Raises BadInput for one that cannot be read, is no YAML, or names a key twice."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise BadInput([Problem("pack.unreadable", {"value": path.name, "why": reason}, Place(path.name))]) from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        node = loader.get_single_node()
        value = loader.construct_document(node) if node else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(path.name, line=mark.line + 1 if mark else 1)
        why = getattr(error, "problem", None) or str(error)
        raise BadInput([Problem("pack.not_yaml", {"why": why}, place)]) from None
    except ValueError as error:  # a date such as 2024-02-30 has the shape of one, and is none
        raise BadInput([Problem("pack.bad_date", {"key": "", "value": str(error)}, Place(path.name))]) from None
    finally:
        loader.dispose()
    if node is None:
        raise BadInput([Problem("pack.empty_file", {}, Place(path.name))])
    twice = [Problem("pack.key_twice", {"key": key}, Place(path.name, line=line)) for key, line in _twice(node)]
    if twice:
        raise BadInput(twice)
    return Marked(path.name, value, dict(_lines(node, ())))


def _lines(node: yaml.Node, path: Path_) -> Iterator[tuple[Path_, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), key.start_mark.line + 1
            yield from _lines(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield (*path, number), item.start_mark.line + 1
            yield from _lines(item, (*path, number))


def _twice(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _twice(item)
