"""The rows that the door hands over, as a supply: the header is matched, the columns that are read are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from auditor.engines.sql import name
from auditor.errors import Place
from auditor.tables.cleaning import Relation
from auditor.tables.declaration import Table
from auditor.tables.door import guard
from auditor.tables.door.handing import Ask, Opened, Taken, Top, read_rows
from auditor.tables.door.xml import column_letters
from auditor.tables.header_rows import find_header
from auditor.tables.headers import Headers, headers_of, match_headers
from auditor.tables.intake import Intake
from auditor.tables.plain_csv import read_plain_csv
from auditor.tables.sheet_facts import SheetFacts
from auditor.tables.supply import Supply

_UNDECODED = re.compile("[\udc80-\udcff]")
_LISTED = 20
"""How many hidden rows or merged cells a warning names."""

LARGE = 8 << 20
"""The size, in bytes, from which on the engine reads a file with several threads."""

_NUMBERS = ("integer", "number")


@dataclass(frozen=True)
class Source:
    """What the door has opened: a file by its path below the data set, or a database by its name."""

    name: str
    opened: Opened

    def place(self, top: Top) -> Place:
        """Return the place of a sheet of it as a whole."""
        return Place(self.name, top.name)


@dataclass(frozen=True)
class File(Source):
    """A file that the door has opened, and where it lies."""

    path: Path


def handed_supply(intake: Intake, source: Source, number: int, table: Table) -> Supply | None:
    """Return what a sheet of the file or database opened last supplies to a table; None where its header is no text.

    Raises Refused where the door refuses it while its rows are taken.
    """
    top = source.opened.tops[number]
    if any(map(_UNDECODED.search, find_header(intake.declaration, table, top.rows).texts)):
        intake.collected.add("table.not_utf8", source.place(top))
        return None
    headers = _headers(intake, table, top, source.place(top))
    facts = _facts(top)
    supply = Supply(table, source.name, top.name, headers, facts=facts)
    if not headers.columns:
        return supply
    ask = _ask(intake, table, headers, number)
    path = source.path if isinstance(source, File) else None
    taken = guard.take(path, source.opened.sha256, ask) if path else guard.take_stored(ask)
    _tell(intake, supply, taken)
    lies_plain = path if taken.is_plain else None
    whole = _plain(lies_plain, headers) if lies_plain else _handed(ask, headers, taken)
    handed = None if lies_plain else Path(ask.into)
    supply = replace(supply, whole=whole, handed=handed, facts=_more(facts, taken))
    _tell_facts(intake, supply)
    return supply


def handed_cells(supply: Supply, column: str) -> Iterator[tuple[int, str]]:
    """Yield the cells of one column of a supply as they were handed over, each with its row."""
    if supply.handed is None:
        return
    at = _taken_slots(supply.headers).index(column)
    for row, cells in read_rows(supply.handed):
        yield row, cells[at]


def _headers(intake: Intake, table: Table, top: Top, where: Place) -> Headers:
    if top.rows[0][0] == 0:  # keys stand in every line, and so in none: a problem of one has no row
        return match_headers(intake, table, top.rows[0][1], None, where)
    named = {
        (row, column - top.first_column): of
        for row, column, of_table, of in top.named
        if of_table == table.name
    }
    return headers_of(intake, table, top.rows, where, named)


def _ask(intake: Intake, table: Table, headers: Headers, number: int) -> Ask:
    positions = [at for at, slot in enumerate(headers.slots) if slot]
    numbers = [
        at for at in positions if (c := table.columns.get(headers.slots[at] or "")) and c.type in _NUMBERS
    ]
    into = intake.folder / f"{sum(1 for _ in intake.folder.iterdir()) + 1}.csv"
    into.touch()
    return Ask(number, headers.row, positions, numbers, len(headers.texts), headers.width, str(into))


def _taken_slots(headers: Headers) -> list[str]:
    return [slot for slot in headers.slots if slot]


def _plain(path: Path, headers: Headers) -> Relation:
    """Return the relation that lets the engine read the file itself; the rows keep the order of the file."""
    chosen = ", ".join(f"c{i} AS {name(slot)}" for i, slot in enumerate(headers.slots) if slot)
    source = read_plain_csv(path, len(headers.texts))
    select = f"SELECT {chosen}, row_number() OVER () + 1 AS row_no FROM {source}"
    in_order = f"SELECT {chosen} FROM {source}" if path.stat().st_size >= LARGE else ""
    return Relation(select, headers.columns, headers.extras, in_order=in_order)


def _handed(ask: Ask, headers: Headers, taken: Taken) -> Relation:
    chosen = ", ".join(f"c{i} AS {name(slot)}" for i, slot in enumerate(_taken_slots(headers)))
    source = read_plain_csv(Path(ask.into), len(ask.positions), has_header=False, numbered=True)
    select = f"SELECT {chosen}, row_no FROM {source}"
    return Relation(select, headers.columns, headers.extras, has_reported=bool(taken.faults))


def _tell(intake: Intake, supply: Supply, taken: Taken) -> None:
    """Collect the faults of cells and rows as problems."""
    texts = supply.headers.texts
    for fault in taken.faults:
        column = texts[fault.position] or None if fault.position is not None else None
        place = Place(supply.file, supply.sheet, fault.row, column)
        intake.collected.add(fault.code, place, fault.figures, kind=fault.kind)
    for kind, position, count in taken.unlisted:
        column = texts[position] or None if position is not None else None
        place = Place(supply.file, supply.sheet, None, column)
        intake.collected.add_unlisted(place, count, kind)


def _tell_facts(intake: Intake, supply: Supply) -> None:
    """Warn of what a person who looks at the sheet does not see, and of merged cells that were filled."""
    facts = supply.facts
    rows, columns, cells = facts.hidden_rows, facts.hidden_columns, facts.merged_filled
    told = {
        "table.read_hidden_sheet": (int(facts.is_hidden), {}),
        "table.read_hidden_rows": (len(rows), {"rows": ", ".join(map(str, rows[:_LISTED]))}),
        "table.read_hidden_columns": (
            len(columns),
            {"columns": ", ".join(map(column_letters, columns[:_LISTED]))},
        ),
        "table.read_merged": (len(cells), {"cells": ", ".join(cells[:_LISTED])}),
    }
    for code, (count, figures) in told.items():
        if count:
            intake.collected.add(code, supply.place, {"count": count, **figures}, kind="warning")


def _facts(top: Top) -> SheetFacts:
    epoch = date.fromisoformat(top.epoch) if top.epoch else None
    return SheetFacts(top.encoding, epoch, top.first_column, top.is_hidden)


def _more(facts: SheetFacts, taken: Taken) -> SheetFacts:
    return replace(
        facts,
        hidden_rows=tuple(taken.hidden_rows),
        hidden_columns=tuple(taken.hidden_columns),
        merged_filled=tuple(taken.merged_filled),
    )
