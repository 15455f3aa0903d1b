"""How problems of the tables are collected: all of them, in order, and not more than a person can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

from auditor.errors import Place, Problem, in_order

CAP = 200
"""How many problems are listed for one column of one sheet; one more problem says how many were left out."""

Kind = Literal["structure", "row", "warning"]
"""What a problem concerns: the file as a whole (stops), a row (stops unless such are skipped), or neither."""

_Group = tuple[Kind, str | None, str | None, str | None]


class Collected:
    """The problems of one reading. Each counts under its file, sheet and column, listed up to `CAP`."""

    def __init__(self, *, skip_bad_rows: bool = False) -> None:
        self._skip_bad_rows = skip_bad_rows
        self._listed: list[Problem] = []
        self._found: Counter[_Group] = Counter()
        self._notes: dict[tuple[str, _Group], Problem] = {}

    def add(
        self,
        code: str,
        place: Place,
        figures: Mapping[str, Any] | None = None,
        *,
        hint: str | None = None,
        kind: Kind = "structure",
    ) -> None:
        """Add one problem; past the cap of its column it is only counted."""
        group = _group(kind, place)
        self._found[group] += 1
        if self._found[group] <= CAP:
            self._listed.append(Problem(code, figures or {}, place, hint, self._stops(kind)))

    def note(self, code: str, place: Place, figures: Mapping[str, Any]) -> None:
        """Warn of something once for its file, sheet and column: `count` adds up, the first place stays."""
        group = (code, _group("warning", place))
        first = self._notes.get(group)
        if first is not None:
            count = first.figures["count"] + figures["count"]
            place, figures = first.place, {**first.figures, "count": count}
        self._notes[group] = Problem(code, figures, place, stops=False)

    def add_unlisted(self, place: Place, count: int, kind: Kind = "row") -> None:
        """Count problems that were found but not fetched, because their column is past its cap."""
        self._found[_group(kind, place)] += count

    def room(self, place: Place, kind: Kind = "row") -> int:
        """Return how many more problems of this column would be listed."""
        return max(CAP - self._found[_group(kind, place)], 0)

    def problems(self, *, stops: bool) -> tuple[Problem, ...]:
        """Return the stopping problems, or the warnings, in order, with a line for what was left out."""
        listed = [problem for problem in self._listed if problem.stops is stops]
        notes = [] if stops else self._notes.values()
        return in_order([*listed, *notes, *self._left_out(stops)])

    def _stops(self, kind: Kind) -> bool:
        return kind == "structure" or (kind == "row" and not self._skip_bad_rows)

    def _left_out(self, stops: bool) -> list[Problem]:
        return [
            Problem(
                "table.more_problems",
                {"count": found - CAP, "column": column, "listed": CAP},
                Place(file, sheet, None, column),
                stops=stops,
            )
            for (kind, file, sheet, column), found in self._found.items()
            if self._stops(kind) is stops and found > CAP
        ]


def _group(kind: Kind, place: Place) -> _Group:
    return (kind, place.file, place.sheet, place.column)
