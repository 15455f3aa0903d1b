"""Several packs checked together: each by itself, and what they say of each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

from auditor.errors import BadInput, Place, Problem, in_order
from auditor.model.requirement import Pack
from auditor.packs.load import find_pack, load_pack


def lint_files(names: Iterable[str]) -> tuple[Problem, ...]:
    """Return every problem of the packs, named or given by their files, in the order of files and lines."""
    problems: list[Problem] = []
    packs: dict[Path, Pack] = {}
    for name in names:
        try:
            path = find_pack(name)
            packs[path.resolve()] = load_pack(path)
        except BadInput as bad:
            problems += bad.problems
    return in_order([*problems, *_overlaps(packs)])


def _overlaps(packs: dict[Path, Pack]) -> Iterator[Problem]:
    """Yield the versions of one document that are in force on the same day: one day would have two answers."""
    for (path, pack), (other_path, other) in combinations(packs.items(), 2):
        if pack.pack == other.pack and _overlap(pack, other):
            figures = {
                "value": pack.pack, "version": pack.version, "file": path.name,
                "expected": other.version,
            }  # fmt: skip
            yield Problem("pack.versions_overlap", figures, Place(other_path.name, line=1))


def _overlap(pack: Pack, other: Pack) -> bool:
    (first, last), (other_first, other_last) = _days(pack), _days(other)
    return first <= other_last and other_first <= last


def _days(pack: Pack) -> tuple[date, date]:
    return pack.effective.from_ or date.min, pack.effective.to or date.max
