"""What a pack's words must mean: ids, units, tables, columns, values, measures and thresholds that fit together.

Every check is a generator of problems, each with the line it is about. What is wrong with the words of a measure is
in `lint_words`, what can never happen in `lint_reach` and `lint_ranges`, what concerns the document as a whole in
`lint_document`, and what several files say of each other in `lint_files`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.errors import Problem
from auditor.marked import Marked, Where
from auditor.measures.registry import Measure, measure_of
from auditor.model.requirement import Pack, Requirement, Threshold
from auditor.packs.lint_document import document_problems
from auditor.packs.lint_ranges import range_problems
from auditor.packs.lint_reach import reach_problems
from auditor.packs.lint_scoring import scoring_problems
from auditor.packs.lint_words import (
    measure_problems,
    named_twice,
    number_problems,
    unknown,
    unknown_names,
)
from auditor.tables.declaration import Declaration

Numbered = Iterable[tuple[int, Requirement]]
"""Requirements, each with its place in the file's list."""


def lint(pack: Pack, declaration: Declaration, marked: Marked) -> list[Problem]:
    """Return every problem of a pack that its shape alone does not show, with its line."""
    return [
        *_unit_types(pack, declaration, marked),
        *_ids(pack, marked),
        *document_problems(pack, marked),
        *scoring_problems(pack, marked),
        *lint_requirements(enumerate(pack.requirements), pack.unit_types, declaration, marked),
    ]


def lint_requirements(
    requirements: Numbered, unit_types: Sequence[str] | None, declaration: Declaration, marked: Marked
) -> Iterator[Problem]:
    """Yield the problems of the requirements; without `unit_types` none is said about the units that owe them."""
    for at, requirement in requirements:
        path: Where = ("requirements", at)
        yield from _applies(unit_types, requirement, declaration, marked, path)
        found = list(unknown_names(requirement, declaration, marked, (*path, "measure")))
        if not found:
            found += _threshold(requirement, declaration, marked, path)
            found += measure_problems(requirement, declaration, marked, (*path, "measure"))
        yield from found
        if not found:  # what can never happen is only certain of words that are right
            yield from reach_problems(requirement, declaration, marked, (*path, "measure"))
            yield from range_problems(requirement, declaration, marked, (*path, "threshold"))


def _unit_types(pack: Pack, declaration: Declaration, marked: Marked) -> Iterator[Problem]:
    types = declaration.tables["units"].columns["type"].values
    for at, each in enumerate(pack.unit_types):
        if each not in types:
            yield unknown("pack.unknown_value", each, types, marked, ("unit_types", at), key="units.type")
    yield from named_twice(pack.unit_types, marked, ("unit_types",))
    inherited = [
        each.applies_to.types
        for at, each in enumerate(pack.requirements)
        if not _says(marked, ("requirements", at, "applies_to"))
    ]
    for each in sorted({each for types in inherited for each in types} - set(pack.unit_types)):
        yield unknown("pack.foreign_type", each, pack.unit_types, marked, ("unit_types",))


def _says(marked: Marked, path: Where) -> bool:
    """Return whether a part stands in this file itself, and not in one that it extends."""
    return path in marked.lines


def _ids(pack: Pack, marked: Marked) -> Iterator[Problem]:
    own = tuple(f"{name}/" for name in pack.effective_dates)
    seen: set[str] = set()
    for section in ("requirements", "out_of_scope"):
        for at, each in enumerate(getattr(pack, section)):
            if each.id in seen:
                yield Problem("pack.id_twice", {"value": each.id}, marked.place((section, at, "id")))
            if not each.id.startswith(own):
                figures = {"value": each.id, "expected": f"{pack.pack}/…"}
                yield Problem("pack.foreign_id", figures, marked.place((section, at, "id")))
            seen.add(each.id)


def _applies(
    unit_types: Sequence[str] | None,
    requirement: Requirement,
    declaration: Declaration,
    marked: Marked,
    path: Where,
) -> Iterator[Problem]:
    applies, at = requirement.applies_to, (*path, "applies_to")
    for each in applies.types if unit_types and _says(marked, at) else ():
        if each not in (unit_types or ()):
            yield unknown("pack.foreign_type", each, unit_types or (), marked, (*at, "types"))
    tags = declaration.tables["units"].columns["tags"].values
    for each in applies.tags:
        if each not in tags:
            yield unknown("pack.unknown_value", each, tags, marked, (*at, "tags"), key="units.tags")
    yield from named_twice(applies.types, marked, (*at, "types"))
    yield from named_twice(applies.tags, marked, (*at, "tags"))


def _threshold(
    requirement: Requirement, declaration: Declaration, marked: Marked, path: Where
) -> Iterator[Problem]:
    measure, threshold = measure_of(requirement), requirement.threshold
    operators = measure.operators(declaration)
    if not operators:
        yield from _without_threshold(requirement, marked, path)
        return
    if threshold is None:
        yield Problem("pack.missing_key", {"key": "threshold"}, marked.place(path))
    elif threshold.op not in operators:
        figures = {"value": threshold.op, "key": measure.kind, "expected": "、".join(sorted(operators))}
        yield Problem("pack.unknown_operator", figures, marked.place((*path, "threshold", "op")))
    if requirement.value_unit is None:
        yield Problem("pack.missing_key", {"key": "value_unit"}, marked.place(path))
    for each in {*threshold.lows, *threshold.highs} if threshold else ():
        yield from number_problems(each, "threshold", marked, (*path, "threshold", "value"))
    yield from _standard(measure, threshold, marked, (*path, "threshold"))


def _without_threshold(requirement: Requirement, marked: Marked, path: Where) -> Iterator[Problem]:
    """Yield a threshold and a unit of value given to a measure that has neither number."""
    kind = requirement.measure.kind
    if requirement.threshold is not None:
        yield Problem("pack.needs_no_threshold", {"value": kind}, marked.place((*path, "threshold")))
    if requirement.value_unit is not None:
        yield Problem("pack.needs_no_value_unit", {"value": kind}, marked.place((*path, "value_unit")))


def _standard(
    measure: Measure, threshold: Threshold | None, marked: Marked, path: Where
) -> Iterator[Problem]:
    """Yield a target asked of a measure that has no one number, the period before of one that is no pooled ratio."""
    if threshold is None:
        return
    no_one_number = measure.shape != "number" or measure.compares_inside or threshold.op == "between"
    if threshold.standard == "target" and no_one_number:
        yield Problem("pack.target_needs_number", {"value": measure.kind}, marked.place((*path, "value")))
    if threshold.standard == "previous" and getattr(measure, "how", None) != "pooled":
        yield Problem("pack.previous_needs_ratio", {"value": measure.kind}, marked.place((*path, "against")))
