"""What every step of reading needs at hand: the declaration, the engine, and where problems go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from auditor.tables.collecting import Collected
from auditor.tables.declaration import Declaration


class Engine(Protocol):
    """What this room asks of an engine."""

    def run(self, statement: str) -> None:
        """Run a statement for its effect."""

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        ...

    def create_texts(self, table: str, columns: Mapping[str, Sequence[str]]) -> None:
        """Create a table of text columns, all equally long, replacing one of that name."""

    def register(self, table: str, frame: Any) -> None:
        """Copy a pandas frame into a table, replacing one of that name."""


@dataclass(frozen=True)
class Intake:
    """One reading of a data set on its way."""

    declaration: Declaration
    engine: Engine
    collected: Collected
