"""`where`: which rows count, as data. A mapping of columns to values, never an expression string."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from auditor.engines.sql import literal, literals, name
from auditor.model.record import Record
from auditor.tables.declaration import Column, Table

COMPARISONS = (">=", ">", "<=", "<")


class Filter(Record):
    """One entry of `where`: a column, an operator (`is`, `not`, or a comparison) and the values it names."""

    column: str
    op: str
    values: tuple[Any, ...]


def _parse(written: object) -> object:
    """Return the filters of a `where` mapping; anything else goes on to pydantic, which refuses it."""
    if not isinstance(written, Mapping):
        return written
    return tuple(_parse_entry(str(key), value) for key, value in written.items())


def _parse_entry(key: str, value: object) -> Filter:
    column, _, op = key.partition(" ")
    if op not in ("", "not", *COMPARISONS):
        raise ValueError(f"pack.bad_filter {key}")
    values = tuple(value) if isinstance(value, list) else (value,)
    if op in COMPARISONS and len(values) != 1:
        raise ValueError(f"pack.one_value {key}")
    if not values or any(each is None for each in values):
        raise ValueError(f"pack.no_value {key}")
    return Filter(column=column, op=op or "is", values=tuple(exact(each) for each in values))


def exact(value: object) -> object:
    """Return a value as YAML wrote it, a float as the decimal it shows."""
    return Decimal(repr(value)) if isinstance(value, float) else value


Where = Annotated[tuple[Filter, ...], BeforeValidator(_parse)]


def filter_sql(each: Filter, table: Table, alias: str) -> str:
    """Return the SQL test of one filter on the rows of `table` that stand under `alias`.

    On a column of several values, a value means *contains* and a list *contains any of them*. A blank is
    equal to nothing, so `not` keeps it.
    """
    column = f"{alias}.{name(each.column)}"
    if each.op in COMPARISONS:
        return f"{column} {each.op} {literal(each.values[0])}"
    test = _one_of(column, table.columns[each.column], each.values)
    return test if each.op == "is" else f"({column} IS NULL OR NOT ({test}))"


def looked_at(where: Where, table: Table) -> str:
    """Return the test that a row `t` passes every filter."""
    return " AND ".join(filter_sql(each, table, "t") for each in where) or "TRUE"


def _one_of(column: str, declared: Column, values: tuple[Any, ...]) -> str:
    if declared.type == "choices":
        tests = [f"contains({column}, {literal(f';{value};')})" for value in values]
        return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"
    return f"{column} = {literal(values[0])}" if len(values) == 1 else f"{column} IN ({literals(values)})"
