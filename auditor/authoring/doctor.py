"""What the doctor finds in a data set: what was recognised, what was not, and where every problem stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from auditor.errors import Problem
from auditor.model.audit import FileHash
from auditor.tables.database import Database
from auditor.tables.declaration import Declaration, Table
from auditor.tables.read import Reading
from auditor.tables.recognised import Recognised, RecognisedColumn

Place = tuple[str | None, str | None]
"""A file, and a sheet of it."""

IN_THE_HEADER = 0
"""The row of a header that stands in no row of its own, as the keys of JSON lines."""

_LISTS_ROWS = ("table.left_out_totals", "table.left_out_headers")


@dataclass(frozen=True)
class Spot:
    """A cell that a problem is about. `number` is its column from 1; None is a row as a whole, or a column
    without a header, whose cell holds `text`."""

    row: int
    number: int | None = None
    text: str | None = None


@dataclass(frozen=True)
class Told:
    """A problem or warning with the cells that it is about; none where it is about a file or sheet."""

    problem: Problem
    spots: tuple[Spot, ...] = ()
    letter: str | None = None

    @property
    def place(self) -> Place:
        """Return the file and sheet."""
        return self.problem.place.file, self.problem.place.sheet


@dataclass(frozen=True)
class Examined:
    """What was found in a data set: the tables it has and lacks, the files that gave nothing, every problem.

    A data set without units is one that cannot be audited yet, not one that is wrong: that is a warning here.
    """

    data: Path | Database
    files: tuple[FileHash, ...]
    recognised: tuple[Recognised, ...]
    unread: tuple[str, ...]
    problems: tuple[Told, ...]
    warnings: tuple[Told, ...]
    missing: tuple[Table, ...]

    @property
    def read(self) -> tuple[Recognised, ...]:
        """Return the files and sheets that are a table."""
        return tuple(each for each in self.recognised if each.table)

    def path(self, file: str) -> Path | Database:
        """Return where a file of the data set lies; a database is the only one of its own."""
        return self.data / file if isinstance(self.data, Path) and self.data.is_dir() else self.data


def examine(data: Path | Database, reading: Reading, declaration: Declaration) -> Examined:
    """Return what a reading found, in the doctor's order."""
    by_place: dict[Place, Recognised] = {(each.file, each.sheet): each for each in reading.recognised}
    stopping = [each for each in reading.problems if each.code != "table.no_units"]
    unread = tuple(_unread(reading))
    supplied = {each.table for each in reading.recognised} | set(_meant(unread, declaration))
    no_units = [replace(each, stops=False) for each in reading.problems if each.code == "table.no_units"]
    return Examined(
        data=data,
        files=reading.files,
        recognised=reading.recognised,
        unread=unread,
        problems=tuple(sorted(_told(stopping, by_place), key=_as_read)),
        warnings=tuple(sorted(_told([*no_units, *reading.warnings], by_place), key=_as_read)),
        missing=tuple(table for name, table in declaration.tables.items() if name not in supplied),
    )


def _unread(reading: Reading) -> Iterator[str]:
    """Yield the files of which nothing could be read."""
    opened = {each.file for each in reading.recognised}
    named = {problem.place.file for problem in reading.problems if problem.place.file}
    yield from sorted(({each.file for each in reading.files} | named) - opened)


def _meant(unread: Iterable[str], declaration: Declaration) -> Iterator[str]:
    tables = (declaration.table(PurePath(file).stem) for file in unread)
    yield from (table.name for table in tables if table)


# ---- Where a problem stands ----------------------------------------------------------------------


def _told(problems: Iterable[Problem], by_place: Mapping[Place, Recognised]) -> Iterator[Told]:
    for problem in problems:
        recognised = by_place.get((problem.place.file, problem.place.sheet))
        spots = tuple(_spots(problem, recognised)) if recognised else ()
        first = spots[0].number if spots else None
        letters = {each.number: each.letter for each in recognised.columns} if recognised else {}
        yield Told(problem, spots, letters.get(first) if first is not None else None)


def _as_read(told: Told) -> tuple[str, str, int, int]:
    """Return the key by which a person walks through a file: row by row, each from left to right."""
    place, first = told.problem.place, told.spots[0] if told.spots else Spot(0)
    return place.file or "", place.sheet or "", place.row or first.row, first.number or 0


def _spots(problem: Problem, recognised: Recognised) -> Iterator[Spot]:
    """Yield the cells that a problem is about."""
    place = problem.place
    header = recognised.header_rows[-1] if recognised.header_rows else IN_THE_HEADER
    row = place.row if place.row is not None else header
    if problem.code in _LISTS_ROWS:
        yield from (Spot(int(each)) for each in str(problem.figures["rows"]).split(", "))
    elif place.column is not None:
        columns = [each for each in recognised.columns if each.header == place.column]
        yield from (Spot(row, each.number) for each in _meant_columns(columns, is_header=row == header))
    elif problem.code == "table.no_header":
        yield Spot(row, None, str(problem.figures["value"]))
    elif place.row is not None:
        yield Spot(row)


def _meant_columns(columns: Sequence[RecognisedColumn], *, is_header: bool) -> Sequence[RecognisedColumn]:
    """Return which of the columns of one header is meant: in the header those not read, else the one read."""
    wanted = [each for each in columns if (each.use == "read") is not is_header]
    return wanted if is_header and wanted else (wanted or list(columns))[:1]
