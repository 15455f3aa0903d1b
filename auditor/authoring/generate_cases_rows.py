"""Rows that a rule's filters keep, and rows that one of its filters leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from auditor.measures.where import Filter, Where
from auditor.tables.declaration import Column, Table

Row = dict[str, Any]
_SEVERAL = 100
"""How many distinct values are tried of a column that takes any."""


class CannotMakeError(Exception):
    """No such row can be made: the filters contradict one another, or a period has too few days."""


def keeps(each: Filter, value: Any, column: Column) -> bool:
    """Return whether a filter keeps a cell. A blank equals nothing, so that `not` keeps it."""
    if each.op in ("is", "not"):
        cells = str(value).split(";") if column.type == "choices" and value is not None else [value]
        return any(cell in each.values for cell in cells) == (each.op == "is")
    if value is None:
        return False
    return bool({">=": ge, ">": gt, "<=": le, "<": lt}[each.op](value, each.values[0]))


def kept_row(table: Table, where: Where, day: date, **cells: Any) -> Row:
    """Return a row that every filter keeps, with `cells`, and what the table requires.

    Raises CannotMakeError where a filter would leave such a row out.
    """
    row: Row = dict(cells)
    for name in dict.fromkeys(each.column for each in where):
        column = table.columns[name]
        if name not in row:
            row[name] = _kept_value(column, _on(where, name), day)
        elif not all(keeps(each, row[name], column) for each in _on(where, name)):
            raise CannotMakeError(name)
    for column in table.columns.values():
        if column.required and column.name not in row and column.name not in (table.key[0], "unit_id"):
            row[column.name] = next(values(column, day))
    return row


def left_out_rows(table: Table, where: Where, row: Row, day: date) -> Iterator[tuple[str, Row]]:
    """Yield the columns of the filters, each with the row changed so that only this column's filters drop it."""
    for name in dict.fromkeys(each.column for each in where):
        column = table.columns[name]
        for value in _candidates(column, _on(where, name), day):
            blank_is_wrong = value is None and column.required
            if not blank_is_wrong and not all(keeps(each, value, column) for each in _on(where, name)):
                yield name, {**row, name: value}
                break


def other_values(table: Table, where: Where, name: str, day: date) -> list[Any]:
    """Return distinct values of a column that the filters keep, for counting distinct ones."""
    column = table.columns[name]
    found = list(values(column, day))
    if column.type == "text":
        found = [f"X{number}" for number in range(1, _SEVERAL)]
    elif column.type == "date":
        found = [day + timedelta(days=number) for number in range(_SEVERAL)]
    elif column.type in ("integer", "number"):
        found = list(range(1, _SEVERAL))
    return [value for value in found if all(keeps(each, value, column) for each in _on(where, name))]


def values(column: Column, day: date) -> Iterator[Any]:
    """Yield values that a column takes, the plainest first."""
    if column.type in ("choice", "choices"):
        yield from column.values
    elif column.type == "boolean":
        yield from (True, False)
    elif column.type == "date":
        yield day
    elif column.type == "text":
        yield "X1"
    else:
        yield from (max(1, column.least or 0), (column.least or 0) + 2)


def spread(first_on: date, last_on: date, count: int) -> list[date]:
    """Return so many days between two, all different where there are enough of them, the first one first."""
    days = (last_on - first_on).days + 1
    if count > days:
        return [first_on + timedelta(days=at % days) for at in range(count)]
    return [first_on + timedelta(days=at * days // count) for at in range(count)]


def _on(where: Where, name: str) -> list[Filter]:
    return [each for each in where if each.column == name]


def _kept_value(column: Column, filters: list[Filter], day: date) -> Any:
    for value in _candidates(column, filters, day):
        if all(keeps(each, value, column) for each in filters) and not (value is None and column.required):
            return value
    raise CannotMakeError(column.name)


def _candidates(column: Column, filters: list[Filter], day: date) -> Iterator[Any]:
    """Yield values about the border of every filter, those the filters name first, a blank last."""
    for each in filters:
        yield from each.values
        for value in each.values:
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                yield from (near for near in (value + 1, value - 1) if near >= (column.least or 0))
            elif isinstance(value, date):
                yield from (value + timedelta(days=1), value - timedelta(days=1))
    yield from values(column, day)
    yield None


def as_cells(row: Mapping[str, Any]) -> Row:
    """Return a row without its blanks, decimals as YAML writes them."""
    return {
        name: float(value) if isinstance(value, Decimal) else value
        for name, value in row.items()
        if value is not None
    }
