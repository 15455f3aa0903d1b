"""Filters that can never match, conditions that can never hold, and those that can never be broken.

A column's declaration and every filter and condition on it are put together as a domain; where nothing is left, the
rule contradicts itself. Only what is certain is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.errors import Problem
from auditor.marked import Marked, Where
from auditor.measures.condition import WEEKDAYS, Compare, ExistsIn, Lead, OnWeekday, Present
from auditor.measures.registry import measure_of
from auditor.measures.where import Filter
from auditor.model.requirement import Requirement
from auditor.packs.domains import Domain
from auditor.packs.mistakes import shown
from auditor.tables.declaration import Column, Declaration, Table

_MORE, _LESS, _SAME = "later", "earlier", "same"
_ORDERS = {
    ">": frozenset({_MORE}), ">=": frozenset({_MORE, _SAME}), "==": frozenset({_SAME}),
    "<": frozenset({_LESS}), "<=": frozenset({_LESS, _SAME}),
}  # fmt: skip
_MIRRORED = {">": "<", ">=": "<=", "==": "==", "<": ">", "<=": ">="}


@dataclass
class _Rows:
    """Rows of a table that a measure looks at, and what is known of their cells so far.

    `given` is what the filters leave of each column, `wanted` what the conditions so far leave of that, by what it
    is of: a column; a column and `day of year`; two columns and `lead`. `orders` are the ways in which one column
    can still stand to another.
    """

    table: Table
    where: Sequence[Filter]
    must: Sequence[Any]
    inside: Where
    must_at: Where
    dated: str | None = None
    given: dict[str, Domain] = field(default_factory=dict)
    wanted: dict[tuple[str, ...], Domain] = field(default_factory=dict)
    orders: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def column(self, name: str) -> Domain:
        """Return what the filters leave of a column; a row is in a period by its day, which is then filled in."""
        if name not in self.given:
            domain = Domain.of(self.table.columns[name])
            self.given[name] = domain.filled() if name == self.dated else domain
        return self.given[name]

    def name(self, column: str) -> str:
        """Return a column as a reader knows it."""
        return f"{self.table.name}.{column}"


def reach_problems(
    requirement: Requirement, declaration: Declaration, marked: Marked, path: Where
) -> Iterator[Problem]:
    """Yield the filters and conditions that decide nothing, because they always or never come true."""
    measure: Any = measure_of(requirement)
    for rows in _rows_of(measure, declaration):
        yield from _filters(rows, marked, path)
        for at, each in enumerate(rows.must):
            for code, word in _condition(each, rows):
                place = marked.place((*path, *rows.must_at, at))
                yield Problem(f"pack.{code}", {"value": word}, place)
        if getattr(measure, "subjects", None) and measure.subjects.values and rows.inside == ("inner",):
            yield from _listed(measure, rows, marked, path)


def _rows_of(measure: Any, declaration: Declaration) -> Iterator[_Rows]:
    """Yield the rows that a measure looks at: of its table, or of its subjects and of its inner table."""
    subjects = getattr(measure, "subjects", None)
    if subjects is None:
        if getattr(measure, "table", None):
            yield _rows(measure, declaration, measure.table, (), getattr(measure, "must", ()))
        return
    if subjects.table:
        must = getattr(measure.inner, "must", ())
        yield _Rows(
            declaration.tables[subjects.table], subjects.where, must, ("subjects",), ("inner", "must")
        )
    if getattr(measure.inner, "table", None):
        yield _rows(measure.inner, declaration, measure.inner.table, ("inner",), ())


def _rows(model: Any, declaration: Declaration, table: str, inside: Where, must: Sequence[Any]) -> _Rows:
    declared = declaration.tables[table]
    dated = None if getattr(model, "how", None) == "latest" else model.date or declared.date
    return _Rows(declared, model.where, must, inside, (*inside, "must"), dated)


# ---- Filters --------------------------------------------------------------------------------------


def _filters(rows: _Rows, marked: Marked, path: Where) -> Iterator[Problem]:
    """Yield each filter with which nothing is left, and each wanted value that another filter excludes."""
    at = (*path, *rows.inside, "where")
    for each in rows.where:
        domain = rows.column(each.column)
        rows.given[each.column] = domain.narrowed(each.op, each.values)
        if not domain.is_empty and rows.column(each.column).is_empty:
            place = marked.place((*at, _key(each)))
            yield Problem("pack.never_matches", {"value": rows.name(each.column)}, place)
    for each in rows.where:
        domain = rows.column(each.column)
        if each.op != "is" or domain.is_empty:
            continue
        for number, value in enumerate(each.values):
            if domain.narrowed("is", (value,)).is_empty:
                figures = {"value": shown(value), "key": rows.name(each.column)}
                yield Problem("pack.value_never_matches", figures, marked.place((*at, _key(each), number)))


def _key(each: Filter) -> str:
    return each.column if each.op == "is" else f"{each.column} {each.op}"


def _listed(measure: Any, rows: _Rows, marked: Marked, path: Where) -> Iterator[Problem]:
    """Yield each listed subject of which the inner filter lets no row through."""
    domain = rows.column(measure.inner.by)
    for at, value in enumerate(measure.subjects.values):
        if not domain.is_empty and domain.narrowed("is", (value,)).is_empty:
            figures = {"value": value, "key": rows.name(measure.inner.by)}
            yield Problem(
                "pack.value_never_matches", figures, marked.place((*path, "subjects", "values", at))
            )


# ---- Conditions -----------------------------------------------------------------------------------


def _condition(each: Any, rows: _Rows) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a condition, as the last word of a code and the column, and take it up as known."""
    if isinstance(each, Present):
        if not rows.column(each.column).blank:
            yield "always_holds", rows.name(each.column)
    elif isinstance(each, ExistsIn):
        yield from _exists(each, rows)
    elif isinstance(each, Compare) and each.other is not None:
        yield from _ordered(each, rows)
    else:
        yield from _narrowing(each, rows)


def _exists(each: ExistsIn, rows: _Rows) -> Iterator[tuple[str, str]]:
    column = rows.table.columns[each.column]
    if not rows.column(each.column).blank and column.must_exist and each.exists_in == "units":
        yield "always_holds", rows.name(each.column)


def _narrowing(each: Any, rows: _Rows) -> Iterator[tuple[str, str]]:
    """Yield a condition on one number, day or word that nothing can keep, or that nothing can break."""
    key, given, op, value = _question(each, rows)
    known = rows.wanted.get(key, given)
    rows.wanted[key] = known.narrowed(op, (value,))
    if known.is_empty:
        return
    if rows.wanted[key].is_empty:
        yield "never_holds", rows.name(key[0])
    elif given.always(op, (value,)):
        yield "always_holds", rows.name(key[0])


def _question(each: Any, rows: _Rows) -> tuple[tuple[str, ...], Domain, str, Any]:
    """Return what a condition asks about: its key, all it could be, and the test of it."""
    if isinstance(each, Lead):
        column = _as_if(rows.table.columns[each.lead_working_days[0]], "integer")
        return (*each.lead_working_days, "lead"), Domain(column), _op(each.op), each.value
    if isinstance(each, OnWeekday):
        column = _as_if(rows.table.columns[each.column], "choice", dict.fromkeys(WEEKDAYS, ""))
        return (each.column, "weekday"), Domain(column), "is", each.weekday
    if rows.table.columns[each.column].type == "date" and each.is_day_of_year():
        column = _as_if(rows.table.columns[each.column], "text")
        return (each.column, "day of year"), Domain(column), _op(each.op), each.value
    return (each.column,), rows.column(each.column), _op(each.op), each.value


def _as_if(column: Column, kind: str, values: dict[str, str] | None = None) -> Column:
    return column.model_copy(update={"type": kind, "values": values or {}, "required": False})


def _op(op: str) -> str:
    return "is" if op == "==" else op


def _ordered(each: Compare, rows: _Rows) -> Iterator[tuple[str, str]]:
    """Yield a comparison of two columns that contradicts another one or the order that the tables demand."""
    other = str(each.other)
    if each.column == other:
        yield "compared_with_itself", rows.name(each.column)
        return
    pair = (each.column, other) if each.column < other else (other, each.column)
    op = each.op if pair[0] == each.column else _MIRRORED[each.op]
    declared = _declared_order(pair, rows.table)
    known = rows.orders.get(pair, declared)
    rows.orders[pair] = known & _ORDERS[op]
    if known and not rows.orders[pair]:
        yield "never_holds", rows.name(each.column)
    filled = not (rows.column(each.column).blank or rows.column(other).blank)
    if filled and declared <= _ORDERS[op]:
        yield "always_holds", rows.name(each.column)


def _declared_order(pair: tuple[str, str], table: Table) -> frozenset[str]:
    if pair in table.spans:
        return _ORDERS["<="]
    return _ORDERS[">="] if pair[::-1] in table.spans else frozenset({_MORE, _LESS, _SAME})
