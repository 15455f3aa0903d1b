"""What every step of reading needs at hand: declaration, mapping, engine, where problems and handed rows go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from auditor.steps import Tell, tell_nobody
from auditor.tables.collecting import Collected
from auditor.tables.declaration import Declaration, Table
from auditor.tables.mapping import NO_MAPPING, TablesMapping


class Engine(Protocol):
    """What this room asks of an engine."""

    def run(self, statement: str) -> None:
        """Run a statement for its effect."""

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        ...

    def create_texts(self, table: str, columns: Mapping[str, Sequence[str]]) -> None:
        """Create a table of text columns, all equally long, replacing one of that name."""


@dataclass(frozen=True)
class Intake:
    """One reading of a data set on its way.

    `folder` is where the rows of files lie until they are loaded; `year` the one that days written without a year
    lie in; `tell` is told the steps.
    """

    declaration: Declaration
    engine: Engine
    collected: Collected
    folder: Path
    mapping: TablesMapping = NO_MAPPING
    year: int | None = None
    tell: Tell = tell_nobody


def table_of(intake: Intake, file: str, sheet_or_stem: str) -> Table | None:
    """Return the table that a sheet, or a file without sheets, is: by the mapping, else by its name; None if none.

    A table by the mapping is the table as that file writes it.
    """
    mapped = intake.mapping.mapped_file(file, sheet_or_stem)
    return mapped.table if mapped else intake.declaration.table(sheet_or_stem)
