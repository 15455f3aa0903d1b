"""What one file or sheet supplies to one table, before anything of it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from auditor.errors import Place
from auditor.tables.cleaning import InPlace, Relation
from auditor.tables.declaration import Table
from auditor.tables.headers import Headers
from auditor.tables.sheet_facts import NO_FACTS, SheetFacts


@dataclass(frozen=True)
class Supply:
    """Rows of one table in one file or sheet.

    `whole` reads the source in one statement, from the file itself or from the rows that were handed over
    (`handed`); None where nothing of it is read. `in_place` is the SELECT (without cleaning) of a source whose
    rows need none. `names_units` holds the units that the source's workbook names, with the row of each; None
    for a source that speaks for all units. `facts` say what the source is like.
    """

    table: Table
    file: str
    sheet: str | None
    headers: Headers
    whole: Relation | None = None
    handed: Path | None = None
    in_place: InPlace | None = None
    names_units: tuple[tuple[str, int], ...] | None = None
    facts: SheetFacts = NO_FACTS

    @property
    def place(self) -> Place:
        """Return the place of the source as a whole."""
        return Place(self.file, self.sheet)

    @property
    def unit_id(self) -> str | None:
        """Return the unit that rows without a unit belong to: the only one that the workbook names."""
        return self.names_units[0][0] if self.names_units and len(self.names_units) == 1 else None
