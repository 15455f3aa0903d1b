"""Kind -> measure: the dictionary that packs look their measures up in.

A measure is one file: its fields, what it reads, and the statements it compiles to. `@register` enters it;
`auditor.measures` imports every file once, and that is the whole registration.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import ClassVar, TypeVar

from auditor.measures.statement import Statement
from auditor.measures.where import Filter
from auditor.measures.wording import Wording
from auditor.model.requirement import MeasureSpec, Nature, Requirement
from auditor.tables.declaration import Declaration


class Measure(MeasureSpec):
    """What every kind of measure gives: its nature, what it reads, and its statements."""

    gives: ClassVar[tuple[str, ...]] = ()
    """The columns of a measurement that it fills (see `statement.MEASUREMENT`)."""

    compares_inside: ClassVar[bool] = False
    """Whether its own statements compare something with the threshold: subjects, one by one."""

    def operators(self, declaration: Declaration) -> frozenset[str]:
        """Return the operators its threshold may use; none where it has no threshold."""
        return frozenset()

    @abstractmethod
    def nature(self, declaration: Declaration) -> Nature:
        """Return how its value can still move before the period is over."""

    @abstractmethod
    def reads(self) -> Iterator[tuple[str, str | None]]:
        """Yield each table it reads and, beside it, each column (None: the table as such)."""

    def looks_at(self) -> Iterator[tuple[str, tuple[Filter, ...]]]:
        """Yield each table it looks at, once for each time it does, with the filters that the rows have to pass."""
        yield from ((table, ()) for table, column in self.reads() if column is None)

    @abstractmethod
    def measurement(self, statement: Statement) -> str:
        """Return the one SELECT that measures a requirement; its columns are those of `MEASUREMENT`."""

    @abstractmethod
    def evidence(self, statement: Statement) -> str:
        """Return the SELECT of the rows behind the measurement; its columns are those of `EVIDENCE`."""

    @abstractmethod
    def in_words(self, wording: Wording, requirement: Requirement) -> str:
        """Return what is measured and required, in words."""

    def calendar_columns(self) -> Iterator[tuple[str, str]]:
        """Yield each table and date column whose working days or weekdays it asks for."""
        yield from ()

    def decimals(self, declaration: Declaration) -> tuple[bool, bool]:
        """Return whether its value, and whether the figures in its evidence, are decimals (such as hours)."""
        return False, False

    def faults(self, requirement: Requirement, declaration: Declaration) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the measure beside unknown names: a problem code and the word at fault."""
        yield from ()

    def left_out(self, statement: Statement) -> str | None:
        """Return the SELECT of subjects left out, alive in part of the period only, if it can have any.

        Its columns are unit_id, period, source_no, row_no, subject and table_name.
        """
        return None

    def dates_chosen(self, declaration: Declaration) -> Iterator[tuple[str, str, str]]:
        """Yield each date that it names itself: table, column, and the test of the rows `t` that it looks at.

        Of these a row without that day is in no period, and is listed.
        """
        yield from ()

    def ratio_columns(self) -> Iterator[tuple[str, str]]:
        """Yield each table and column of a ratio: a row with a blank in one takes no part, and is listed."""
        yield from ()


_kinds: dict[str, type[Measure]] = {}
_M = TypeVar("_M", bound=type[Measure])


def register(kind: str) -> Callable[[_M], _M]:
    """Enter a measure under its kind."""

    def enter(measure: _M) -> _M:
        if kind in _kinds:
            raise ValueError(f"measure {kind!r} is registered twice")
        _kinds[kind] = measure
        return measure

    return enter


def kinds() -> dict[str, type[Measure]]:
    """Return every registered measure by its kind."""
    return dict(_kinds)


def measure_of(requirement: Requirement) -> Measure:
    """Return a requirement's measure; every measure that a pack holds came out of this registry."""
    if not isinstance(requirement.measure, Measure):
        raise TypeError(f"{requirement.id}: {requirement.measure.kind} is not a registered measure")
    return requirement.measure
