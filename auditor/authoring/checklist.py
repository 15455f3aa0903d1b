"""What a person has to check on the spot: the requirements that no table can show, one row for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from auditor.authoring.template import known_types, requirements_for
from auditor.errors import BadInput, Problem
from auditor.measures.registry import measure_of
from auditor.model.requirement import Nature, Pack, Requirement
from auditor.periods.period import Window, periods_in
from auditor.tables.declaration import Declaration


@dataclass(frozen=True)
class ChecklistRow:
    """One answer to give; unit and period are None where they are left to fill in."""

    unit_id: str | None
    requirement: Requirement
    period: str | None


@dataclass(frozen=True)
class Checklist:
    """The answers that some packs need of units of some types (none named: all)."""

    packs: tuple[Pack, ...]
    unit_types: tuple[str, ...]
    rows: tuple[ChecklistRow, ...]


def checklist(
    packs: Sequence[Pack],
    declaration: Declaration,
    unit_types: Sequence[str] = (),
    units: Sequence[str] = (),
    year: int | None = None,
) -> Checklist:
    """Return the answers to give: by unit, in the packs' order, and for each period of the year that is in force.

    Raises BadInput for a unit type that none of the packs binds, and where nothing is to be checked by a person.
    """
    types = known_types(packs, declaration, unit_types)
    manual = [
        each
        for each in requirements_for(packs, types)
        if measure_of(each).nature(declaration) is Nature.ATTEST
    ]
    rows = tuple(
        ChecklistRow(unit, each, period)
        for unit in tuple(dict.fromkeys(units)) or (None,)
        for each in manual
        for period in _periods(each, packs, year)
    )
    if not rows:
        named = "、".join(pack.pack for pack in packs)
        raise BadInput([Problem("usage.nothing_to_check", {"value": named})])
    return Checklist(tuple(packs), types, rows)


def _periods(requirement: Requirement, packs: Sequence[Pack], year: int | None) -> tuple[str | None, ...]:
    """Return the labels of the year's periods that begin while the document is in force; one blank without a year."""
    if year is None:
        return (None,)
    effective = next(
        pack.effective_dates[requirement.pack]
        for pack in packs
        if pack.requirement(requirement.id) is not None
    )
    first, last = effective.from_ or date.min, effective.to or date.max
    periods = periods_in(requirement.scheme, Window.of_year(year))
    return tuple(each.label for each in periods if first <= each.begins_on <= last)
