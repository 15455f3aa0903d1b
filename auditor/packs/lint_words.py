"""The words of a measure: tables, columns and values that there are, of types that fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from auditor.errors import Problem
from auditor.marked import Marked, Where
from auditor.measures.condition import Compare, ExistsIn, Lead, OnWeekday
from auditor.measures.registry import measure_of
from auditor.measures.where import COMPARISONS, Filter
from auditor.model.requirement import Requirement
from auditor.packs.mistakes import near, shown, written_at
from auditor.tables.declaration import Column, Declaration

_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,), "choice": (str,), "choices": (str,), "boolean": (bool,), "date": (date,),
    "integer": (int,), "number": (int, Decimal),
}  # fmt: skip

LARGEST, DECIMALS = 10**9, 6
"""What a number of a pack may be: measured values have six decimals, and room for this size."""


def unknown_names(
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
                at = _where_named(table, marked, path)
                yield unknown("pack.unknown_table", table, declaration.tables, marked, at)
        elif column is not None and column not in declared.columns:
            at = _where_named(column, marked, path)
            yield unknown("pack.unknown_column", column, declared.columns, marked, at, table=table)


def _where_named(word: str, marked: Marked, path: Where) -> Where:
    """Return the first place at or below a path whose key or value is a word."""

    def names(at: Where) -> bool:
        key, value = at[-1], written_at(marked, at)
        return value == word or (isinstance(key, str) and key.partition(" ")[0] == word)

    below = sorted(
        (at for at in marked.lines if at[: len(path)] == path), key=lambda at: (marked.lines[at], str(at))
    )
    return next((at for at in below if names(at)), path)


def measure_problems(
    requirement: Requirement, declaration: Declaration, marked: Marked, path: Where
) -> Iterator[Problem]:
    """Yield what is wrong with a measure whose tables and columns there are: values, types, conditions."""
    measure = measure_of(requirement)
    for code, word in measure.faults(requirement, declaration):
        yield Problem(code, {"value": word}, marked.place(path))
    if getattr(getattr(measure, "inner", None), "must", None) == ():
        yield Problem("pack.no_condition", {"value": requirement.id}, marked.place((*path, "inner", "must")))
    parts = _of_subjects(measure) if hasattr(measure, "subjects") else _parts(measure, (), _table(measure))
    for table, each, inside in parts:
        if isinstance(each, str):
            yield from _dated(declaration, table, each, marked, (*path, *inside))
        elif isinstance(each, Filter):
            yield from _filter(each, declaration, table, marked, (*path, *inside))
        else:
            yield from _condition(each, declaration, table, marked, (*path, *inside))
    if hasattr(measure, "subjects"):
        yield from _subjects(measure, declaration, marked, path)


def _subjects(measure: Any, declaration: Declaration, marked: Marked, path: Where) -> Iterator[Problem]:
    """Yield a `by` column that never holds a subject's key, and listed subjects that are none of its values."""
    subjects, by = measure.subjects, getattr(measure.inner, "by", None)
    yield from named_twice(subjects.values, marked, (*path, "subjects", "values"))
    if by is None:
        return
    table = measure.inner.table
    column = declaration.tables[table].columns[by]
    if subjects.table is None:
        for value in subjects.values:
            yield from _value(value, column, table, marked, (*path, "subjects", "values"))
    elif column.type not in ("text", "choices") or _refers_elsewhere(column, subjects.table):
        figures = {"value": f"{table}.{by}", "expected": subjects.table}
        yield Problem("pack.refers_elsewhere", figures, marked.place((*path, "inner", "by")))


def _refers_elsewhere(column: Column, table: str) -> bool:
    """Return whether a column holds keys, and none of that table."""
    return bool(column.refers) and table not in column.refers


def _table(measure: Any) -> str | None:
    table: str | None = getattr(measure, "table", None)
    return table


def _dated(
    declaration: Declaration, table: str, column: str, marked: Marked, path: Where
) -> Iterator[Problem]:
    if declaration.tables[table].columns[column].type != "date":
        yield Problem("pack.not_a_date_column", {"value": f"{table}.{column}"}, marked.place(path))


def _parts(model: BaseModel, path: Where, table: str | None) -> Iterator[tuple[str, Any, Where]]:
    """Yield the filters, conditions and date columns of a measure with the table whose rows they look at."""
    if table is None:
        return  # fixed values have no rows
    if getattr(model, "date", None):
        yield table, model.date, (*path, "date")  # type: ignore[attr-defined]
    for each in getattr(model, "where", ()):
        key = each.column if each.op == "is" else f"{each.column} {each.op}"
        yield table, each, (*path, "where", key)
    for at, each in enumerate(getattr(model, "must", ())):
        yield table, each, (*path, "must", at)


def _of_subjects(measure: Any) -> Iterator[tuple[str, Any, Where]]:
    yield from _parts(measure.subjects, ("subjects",), measure.subjects.table)
    yield from _parts(measure.inner, ("inner",), getattr(measure.inner, "table", measure.subjects.table))


def _filter(
    each: Filter, declaration: Declaration, table: str, marked: Marked, path: Where
) -> Iterator[Problem]:
    column = declaration.tables[table].columns[each.column]
    if each.op in COMPARISONS and column.type not in ("integer", "number", "date"):
        yield Problem("pack.not_comparable", {"value": f"{table}.{column.name}"}, marked.place(path))
        return
    for value in each.values:
        yield from _value(value, column, table, marked, path)
    yield from named_twice(each.values, marked, path)


def _value(value: Any, column: Column, table: str, marked: Marked, path: Where) -> Iterator[Problem]:
    """Yield a value that the column can never hold: then the filter or condition could never match."""
    key = f"{table}.{column.name}"
    if isinstance(value, list | dict):
        yield Problem("pack.bad_value", {"value": shown(value), "key": key}, marked.place(path))
    elif not _fits(value, column.type):
        figures = {"value": shown(value), "key": key, "type": column.type}
        yield Problem("pack.wrong_type", figures, marked.place(path))
    elif column.type in ("choice", "choices") and value not in column.values:
        yield unknown("pack.unknown_value", str(value), column.values, marked, path, key=key)
    elif column.type in ("integer", "number"):
        yield from number_problems(value, key, marked, path)


def _fits(value: Any, column_type: str) -> bool:
    if isinstance(value, bool | datetime):
        return isinstance(value, bool) and column_type == "boolean"
    return isinstance(value, _TYPES[column_type])


def number_problems(value: int | Decimal, key: str, marked: Marked, path: Where) -> Iterator[Problem]:
    """Yield a number that the columns of measurements could not hold."""
    number = Decimal(value)
    if not number.is_finite() or abs(number) > LARGEST or number != round(number, DECIMALS):
        figures = {
            "key": key,
            "value": shown(value),
            "expected": f"-{LARGEST} … {LARGEST}",
            "decimals": DECIMALS,
        }
        yield Problem("pack.number_too_fine", figures, marked.place(path))


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
        elif _refers_elsewhere(columns[0], each.exists_in):
            figures = {"value": f"{table}.{each.column}", "expected": each.exists_in}
            yield Problem("pack.refers_elsewhere", figures, marked.place(path))
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
        figures = {"value": each.other, "key": f"{table}.{each.column}", "type": column.type}
        yield Problem("pack.wrong_type", figures, marked.place(path))
    elif each.other is None and not (column.type == "date" and each.is_day_of_year()):
        yield from _value(each.value, column, table, marked, path)


def _alike(one: Column, other: Column) -> bool:
    numbers = ("integer", "number")
    return one.type == other.type or (one.type in numbers and other.type in numbers)


def unknown(
    code: str, value: str, known: Iterable[str], marked: Marked, path: Where, **figures: str
) -> Problem:
    """Return the problem of a word that is none of those known, with the nearest of them."""
    words = list(known)
    expected = "、".join(words[:12]) + ("…" if len(words) > 12 else "")
    return Problem(
        code, {"value": value, "expected": expected, **figures}, marked.place(path), near(value, words)
    )


def named_twice(values: Sequence[Any], marked: Marked, path: Where) -> Iterator[Problem]:
    """Yield each value that a list names more than once, at the place where it is named again."""
    for at, value in enumerate(values):
        if value in values[:at]:
            yield Problem("pack.value_twice", {"value": shown(value)}, marked.place((*path, at)))
