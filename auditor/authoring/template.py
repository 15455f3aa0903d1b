"""What has to be handed in for an audit with some packs: tables, columns and allowed values, as plain data.

A column is asked for where a requirement reads it, where it is part of the key or may not be blank, and where the
audit itself goes by it: the default date, the life of a stock, the tree of units. The allowed values of a choice are
narrowed to those that the requirements look for, where they only look for values: any other counts as a blank would.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.errors import BadInput, Problem
from auditor.measures.attest import TABLE as ATTESTATIONS
from auditor.measures.registry import measure_of
from auditor.measures.standard import TARGETS
from auditor.model.requirement import Pack, Requirement
from auditor.packs.mistakes import near
from auditor.tables.declaration import Column, Declaration, Table

UNITS = "units"
ALWAYS_OF_UNITS = ("name", "parent_id")
"""Asked for of every unit: what reports call it, and the unit that it is part of."""


@dataclass(frozen=True)
class FormColumn:
    """One column to fill in: what may stand in it (code and zh label; empty: anything), and whom it serves."""

    declared: Column
    values: Mapping[str, str]
    serves: tuple[Requirement, ...]


@dataclass(frozen=True)
class FormTable:
    """One table to fill in, its columns in the declared order, and the requirements that read it."""

    declared: Table
    columns: tuple[FormColumn, ...]
    serves: tuple[Requirement, ...]


@dataclass(frozen=True)
class Template:
    """What some packs need of units of some types (none named: all), in the declared order."""

    packs: tuple[Pack, ...]
    unit_types: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    tables: tuple[FormTable, ...]


def template(packs: Sequence[Pack], declaration: Declaration, unit_types: Sequence[str] = ()) -> Template:
    """Return what the requirements of the packs need. Raises BadInput for a type that none of them binds."""
    types = known_types(packs, declaration, unit_types)
    requirements = requirements_for(packs, types)
    read = {each.id: _read_by(each, declaration) for each in requirements}
    tables = []
    for table in declaration.tables.values():
        serves = tuple(each for each in requirements if table.name == UNITS or table.name in read[each.id])
        if serves:
            tables.append(_Form(table, serves, read, packs).filled_out())
    return Template(tuple(packs), types, requirements, tuple(tables))


def known_types(
    packs: Sequence[Pack], declaration: Declaration, unit_types: Sequence[str]
) -> tuple[str, ...]:
    """Return the codes of unit types given as code or label, in the order given.

    Raises BadInput for each that no requirement of the packs binds.
    """
    column = declaration.tables[UNITS].columns["type"]
    bound = {name for pack in packs for each in pack.requirements for name in each.applies_to.types}
    codes = {each: column.code_of(each) for each in unit_types}
    expected = "、".join(code for code in column.values if code in bound)
    problems = [
        Problem("usage.unknown_unit_type", {"value": each, "expected": expected}, hint=near(each, bound))
        for each, code in codes.items()
        if code not in bound
    ]
    if problems:
        raise BadInput(problems)
    return tuple(dict.fromkeys(code for code in codes.values() if code))


def requirements_for(packs: Sequence[Pack], unit_types: Sequence[str]) -> tuple[Requirement, ...]:
    """Return the requirements of the packs that bind units of one of the types, in the packs' order."""
    wanted = set(unit_types)
    return tuple(
        each
        for pack in packs
        for each in pack.requirements
        if not wanted or wanted & set(each.applies_to.types)
    )


def _read_by(requirement: Requirement, declaration: Declaration) -> Mapping[str, frozenset[str]]:
    """Return the columns that a requirement reads, by table."""
    read: dict[str, set[str]] = {}
    for table, column in measure_of(requirement).reads():
        read.setdefault(table, set()).update([column] if column else [])
    threshold = requirement.threshold
    if threshold and threshold.standard == "target":
        read.setdefault(TARGETS, set()).update(declaration.tables[TARGETS].columns)
    if ATTESTATIONS in read:
        read[ATTESTATIONS].update(declaration.tables[ATTESTATIONS].columns)
    if requirement.applies_to.tags:
        read.setdefault(UNITS, set()).add("tags")
    return {table: frozenset(columns) for table, columns in read.items()}


@dataclass(frozen=True)
class _Form:
    """One table on its way to a form: who needs it, and what each requirement reads."""

    table: Table
    serves: tuple[Requirement, ...]
    read: Mapping[str, Mapping[str, frozenset[str]]]
    packs: Sequence[Pack]

    def filled_out(self) -> FormTable:
        """Return the table with the columns that are asked for."""
        always = {*self.table.key, *(self.table.life or ()), *filter(None, [self.table.date])}
        always |= set(ALWAYS_OF_UNITS) if self.table.name == UNITS else set()
        columns = []
        for column in self.table.columns.values():
            readers = tuple(each for each in self.serves if column.name in self._columns(each))
            if column.required or column.name in always:
                readers = self.serves
            if readers:
                columns.append(FormColumn(column, self._values(column), readers))
        return FormTable(self.table, tuple(columns), self.serves)

    def _columns(self, requirement: Requirement) -> frozenset[str]:
        return self.read[requirement.id].get(self.table.name, frozenset())

    def _values(self, column: Column) -> Mapping[str, str]:
        """Return what may stand in a column, in the declared order; nothing where that is free."""
        if column.name == "requirement_id":
            return {each.id: each.id for each in self.serves}
        if column.type == "boolean":
            return {"true": "是", "false": "否"}
        wanted = self._looked_for(column)
        return {code: label for code, label in column.values.items() if wanted is None or code in wanted}

    def _looked_for(self, column: Column) -> set[str] | None:
        """Return the values that the requirements look for; None where every value matters."""
        pairs = (self.table.name, column.name)
        looks = [_looked_for(each, *pairs) for each in self.serves]
        named = {value for values in looks for value in values or ()}
        if pairs == (UNITS, "type"):
            return named | {each for pack in self.packs for each in pack.unit_types}
        if pairs == (UNITS, "tags"):
            return named | {tag for each in self.serves for tag in each.applies_to.tags}
        # A list of one would lead the answer.
        return None if None in looks or len(named) < 2 else named


def _looked_for(requirement: Requirement, table: str, column: str) -> frozenset[str] | None:
    """Return the values of a column that a requirement lets through; None where it reads it in another way too."""
    measure = measure_of(requirement)
    filters = [each for looked_at, where in measure.looks_at() if looked_at == table for each in where]
    wanted = [each.values for each in filters if each.column == column and each.op == "is"]
    if list(measure.reads()).count((table, column)) > len(wanted):
        return None
    return frozenset(str(value) for values in wanted for value in values)
