"""What a pack's words must mean: tables, columns and values that exist, measures and thresholds that fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from auditor.errors import Problem
from auditor.marked import Marked, Where
from auditor.measures.condition import Compare, ExistsIn, Lead, OnWeekday
from auditor.measures.registry import measure_of
from auditor.measures.where import COMPARISONS, Filter
from auditor.model.requirement import Pack, Requirement
from auditor.tables.declaration import Column, Declaration

_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,), "choice": (str,), "choices": (str,), "boolean": (bool,), "date": (date,),
    "integer": (int,), "number": (int, Decimal),
}  # fmt: skip


def lint(pack: Pack, declaration: Declaration, marked: Marked) -> list[Problem]:
    """Return every problem of a pack that its shape alone does not show, with its line."""
    return [
        *_pack(pack, declaration, marked),
        *_twice(pack, marked),
        *_requirements(pack, declaration, marked),
    ]


def _pack(pack: Pack, declaration: Declaration, marked: Marked) -> Iterator[Problem]:
    types = declaration.tables["units"].columns["type"].values
    for at, each in enumerate(pack.unit_types):
        if each not in types:
            yield _unknown("pack.unknown_value", each, types, marked, ("unit_types", at), key="units.type")


def _twice(pack: Pack, marked: Marked) -> Iterator[Problem]:
    seen: set[str] = set()
    for section in ("requirements", "out_of_scope"):
        for at, each in enumerate(getattr(pack, section)):
            if each.id in seen:
                yield Problem("pack.id_twice", {"value": each.id}, marked.place((section, at, "id")))
            if not each.id.startswith(f"{pack.pack}/"):
                figures = {"value": each.id, "expected": f"{pack.pack}/…"}
                yield Problem("pack.foreign_id", figures, marked.place((section, at, "id")))
            seen.add(each.id)


def _requirements(pack: Pack, declaration: Declaration, marked: Marked) -> Iterator[Problem]:
    for at, requirement in enumerate(pack.requirements):
        path: Where = ("requirements", at)
        yield from _applies(pack, requirement, declaration, marked, path)
        unknown = list(_names(requirement, declaration, marked, (*path, "measure")))
        yield from unknown
        if not unknown:
            yield from _threshold(requirement, declaration, marked, path)
            yield from _measure(requirement, declaration, marked, (*path, "measure"))


def _applies(
    pack: Pack, requirement: Requirement, declaration: Declaration, marked: Marked, path: Where
) -> Iterator[Problem]:
    for each in requirement.applies_to.types:
        if each not in pack.unit_types:
            yield _unknown("pack.foreign_type", each, pack.unit_types, marked, (*path, "applies_to", "types"))
    tags = declaration.tables["units"].columns["tags"].values
    for each in requirement.applies_to.tags:
        if each not in tags:
            yield _unknown(
                "pack.unknown_value", each, tags, marked, (*path, "applies_to", "tags"), key="units.tags"
            )


def _names(
    requirement: Requirement, declaration: Declaration, marked: Marked, path: Where
) -> Iterator[Problem]:
    """Yield every table and column that the measure reads and no table declares."""
    seen: set[tuple[str, str | None]] = set()
    for table, column in measure_of(requirement).reads():
        if (table, column) in seen:
            continue
        seen.add((table, column))
        declared = declaration.tables.get(table)
        if declared is None:
            if column is None:
                yield _unknown("pack.unknown_table", table, declaration.tables, marked, path)
        elif column is not None and column not in declared.columns:
            yield _unknown("pack.unknown_column", column, declared.columns, marked, path, table=table)


def _threshold(
    requirement: Requirement, declaration: Declaration, marked: Marked, path: Where
) -> Iterator[Problem]:
    measure, threshold = measure_of(requirement), requirement.threshold
    operators = measure.operators(declaration)
    if not operators:
        if threshold is not None:
            yield Problem(
                "pack.needs_no_threshold", {"value": measure.kind}, marked.place((*path, "threshold"))
            )
        return
    if threshold is None:
        yield Problem("pack.missing_key", {"key": "threshold"}, marked.place(path))
    elif threshold.op not in operators:
        figures = {"value": threshold.op, "key": measure.kind, "expected": " ".join(sorted(operators))}
        yield Problem("pack.unknown_operator", figures, marked.place((*path, "threshold", "op")))
    if requirement.value_unit is None:
        yield Problem("pack.missing_key", {"key": "value_unit"}, marked.place(path))


def _measure(
    requirement: Requirement, declaration: Declaration, marked: Marked, path: Where
) -> Iterator[Problem]:
    measure = measure_of(requirement)
    for code, word in measure.faults(requirement, declaration):
        yield Problem(code, {"value": word}, marked.place(path))
    for table, each, inside in _parts(measure, (), getattr(measure, "table", None)):
        if isinstance(each, Filter):
            yield from _filter(each, declaration, table, marked, (*path, *inside))
        else:
            yield from _condition(each, declaration, table, marked, (*path, *inside))


def _parts(model: BaseModel, path: Where, table: str | None) -> Iterator[tuple[str, Any, Where]]:
    """Yield the filters and conditions of a measure with the table whose rows they look at."""
    for each in getattr(model, "where", ()):
        key = each.column if each.op == "is" else f"{each.column} {each.op}"
        yield str(table), each, (*path, "where", key)
    for at, each in enumerate(getattr(model, "must", ())):
        yield str(table), each, (*path, "must", at)
    subjects = getattr(model, "subjects", None)
    if subjects is not None:
        yield from _parts(subjects, (*path, "subjects"), subjects.table)
        inner = model.inner  # type: ignore[attr-defined]
        yield from _parts(inner, (*path, "inner"), getattr(inner, "table", subjects.table))


def _filter(
    each: Filter, declaration: Declaration, table: str, marked: Marked, path: Where
) -> Iterator[Problem]:
    column = declaration.tables[table].columns[each.column]
    if each.op in COMPARISONS and column.type not in ("integer", "number", "date"):
        yield Problem("pack.not_comparable", {"value": f"{table}.{column.name}"}, marked.place(path))
        return
    for value in each.values:
        yield from _value(value, column, table, marked, path)


def _value(value: Any, column: Column, table: str, marked: Marked, path: Where) -> Iterator[Problem]:
    """Yield a value that the column can never hold: then the filter or condition could never match."""
    key = f"{table}.{column.name}"
    if not isinstance(value, _TYPES[column.type]) or (isinstance(value, bool) and column.type != "boolean"):
        yield Problem(
            "pack.wrong_type", {"value": str(value), "key": key, "expected": column.type}, marked.place(path)
        )
    elif column.type in ("choice", "choices") and value not in column.values:
        yield _unknown("pack.unknown_value", str(value), column.values, marked, path, key=key)


def _condition(
    each: Any, declaration: Declaration, table: str, marked: Marked, path: Where
) -> Iterator[Problem]:
    columns = [declaration.tables[table].columns[column] for column in each.columns()]
    if isinstance(each, Lead | OnWeekday):
        for column in columns:
            if column.type != "date":
                yield Problem(
                    "pack.not_a_date_column", {"value": f"{table}.{column.name}"}, marked.place(path)
                )
    elif isinstance(each, ExistsIn):
        if len(declaration.tables[each.exists_in].key) != 1:
            yield Problem("pack.no_single_key", {"value": each.exists_in}, marked.place(path))
    elif isinstance(each, Compare):
        yield from _compare(each, columns, table, marked, path)


def _compare(
    each: Compare, columns: list[Column], table: str, marked: Marked, path: Where
) -> Iterator[Problem]:
    column = columns[0]
    if (each.other is None) == (each.value is None):
        yield Problem("pack.value_or_other", {"value": each.column}, marked.place(path))
        return
    if each.op != "==" and column.type not in ("integer", "number", "date"):
        yield Problem("pack.not_comparable", {"value": f"{table}.{column.name}"}, marked.place(path))
    elif each.other is not None and not _alike(columns[0], columns[1]):
        figures = {"value": each.other, "key": each.column, "expected": column.type}
        yield Problem("pack.wrong_type", figures, marked.place(path))
    elif each.other is None and not (column.type == "date" and each.is_day_of_year()):
        yield from _value(each.value, column, table, marked, path)


def _alike(one: Column, other: Column) -> bool:
    numbers = ("integer", "number")
    return one.type == other.type or (one.type in numbers and other.type in numbers)


def _unknown(
    code: str, value: str, known: Iterable[str], marked: Marked, path: Where, **figures: str
) -> Problem:
    words = list(known)
    hint = get_close_matches(value, words, n=1, cutoff=0.6)
    shown = {"value": value, "expected": "、".join(words[:12]) + ("…" if len(words) > 12 else ""), **figures}
    return Problem(code, shown, marked.place(path), hint[0] if hint else None)
