"""CSV files: the header, the rows at once or, if anything is odd, one by one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from auditor.engines.sql import literal, name
from auditor.errors import Place, Problem
from auditor.tables.batches import in_batches
from auditor.tables.cleaning import REPORTED, Relation
from auditor.tables.collecting import Collected
from auditor.tables.declaration import Table
from auditor.tables.header_rows import SEARCHED, Row, find_header
from auditor.tables.headers import Headers, headers_of
from auditor.tables.intake import Intake
from auditor.tables.second_look import is_total
from auditor.tables.sheet_facts import SheetFacts
from auditor.tables.supply import Supply
from auditor.tables.text_files import ENCODINGS, Look, encoding_of

LARGE = 8 << 20
"""The size, in bytes, from which on the engine reads a file with several threads."""

_UNDECODED = re.compile("[\udc80-\udcff]")


def supply_of_csv(intake: Intake, path: Path, file: str, table: Table, seen: Look) -> Supply | None:
    """Read the header of a CSV file and how its rows are supplied; None if nothing can be read."""
    encoding = None if seen.is_blank else encoding_of(path, seen)
    if encoding is None:
        intake.collected.add("table.empty_file" if seen.is_blank else "table.not_utf8", Place(file))
        return None
    top = _top(path, encoding)
    if isinstance(top, Problem):
        intake.collected.add(top.code, Place(file, None, top.place.row))
        return None
    if any(map(_UNDECODED.search, find_header(intake.declaration, table, top).texts)):
        intake.collected.add("table.not_utf8", Place(file))
        return None
    if encoding != "utf-8-sig":
        figures = {"value": ENCODINGS[encoding]}
        intake.collected.add("table.read_encoding", Place(file), figures, kind="warning")
    headers = headers_of(intake, table, top, Place(file))
    is_plain = seen.is_utf8 and not seen.has_blank_lines and headers.row == 1
    whole = _whole(path, headers) if is_plain else None

    def batches(intake: Intake) -> Iterator[Relation]:
        yield from in_batches(intake.engine, headers, _rows(path, file, headers, encoding, intake.collected))

    return Supply(table, file, None, headers, whole, batches, facts=SheetFacts(encoding=encoding))


def _top(path: Path, encoding: str) -> list[Row] | Problem:
    """Return the first rows that are not blank; a problem where there is none, or where its quotes are broken."""
    top: list[Row] = []
    for row, cells in _records(path, encoding):
        if top and (row > SEARCHED or isinstance(cells, str)):
            break
        if isinstance(cells, str):
            return Problem(cells, place=Place(row=row))
        if any(cell.strip() for cell in cells):
            top.append((row, cells))
    return top or Problem("table.empty_file", place=Place(row=1))


def _records(path: Path, encoding: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield each record with its number: its cells, or a problem's code where its quotes are broken."""
    csv.field_size_limit(1 << 30)
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, strict=True, skipinitialspace=True)
        row = 0
        while True:
            row += 1
            try:
                yield row, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield row, "table.unclosed_quote" if "end of data" in str(error) else "table.broken_quotes"


def _whole(path: Path, headers: Headers) -> Relation:
    """Return the relation that lets the engine read the file itself; the rows keep the order of the file."""
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(headers.texts)))
    chosen = ", ".join(f"c{i} AS {name(slot)}" for i, slot in enumerate(headers.slots) if slot)
    # parallel=false would read a quote that is never closed without a word, and lose every row after it.
    source = (
        f"read_csv({literal(no_pattern(path))}, auto_detect=false, header=true, delim=',', quote='\"', "
        f"escape='\"', columns={{{types}}}, null_padding=false, strict_mode=true, compression='none', "
        "hive_partitioning=false)"
    )
    select = f"SELECT {chosen}, row_number() OVER () + 1 AS row_no FROM {source}"
    in_order = f"SELECT {chosen} FROM {source}" if path.stat().st_size >= LARGE else ""
    return Relation(select, headers.columns, headers.extras, in_order=in_order)


def no_pattern(path: Path) -> str:
    """Return the path so that no character of it is taken for a pattern of several files."""
    return re.sub(r"([\[*?])", r"[\1]", path.as_posix())


def _rows(path: Path, file: str, headers: Headers, encoding: str, collected: Collected) -> Iterator[Row]:
    """Yield every row below the header that is not blank; what is wrong with a row is reported on the way."""
    positions, width = len(headers.texts), headers.width
    for row, cells in _records(path, encoding):
        if row <= headers.row or not any(cell.strip() for cell in cells):
            continue
        place = Place(file, None, row)
        if isinstance(cells, str):
            collected.add(cells, place, kind="structure" if cells == "table.unclosed_quote" else "row")
            yield row, [REPORTED] * positions
        elif (len(cells) < width and not is_total(cells)) or any(cell.strip() for cell in cells[positions:]):
            collected.add("table.ragged_row", place, {"value": len(cells), "expected": width}, kind="row")
            yield row, [REPORTED] * positions
        else:
            full = [*cells[:positions], *[""] * (positions - len(cells))]
            yield row, full if encoding != "utf-8-sig" else _decoded(full, headers, place, collected)


def _decoded(cells: Sequence[str], headers: Headers, place: Place, collected: Collected) -> Sequence[str]:
    """Return a row's cells; one with bytes that are no text is reported here and marked so."""
    full = list(cells)
    for position, cell in enumerate(cells):
        if _UNDECODED.search(cell):
            shown = _UNDECODED.sub("\ufffd", cell)[:80]
            where = Place(place.file, None, place.row, headers.texts[position] or None)
            collected.add("table.undecodable_text", where, {"value": shown}, kind="row")
            full[position] = REPORTED
    return full
