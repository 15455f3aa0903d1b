"""CSV files: a look at the bytes, the header, the rows at once or, if anything is odd, one by one."""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.engines.sql import literal, name
from auditor.errors import Place
from auditor.tables.batches import Row, in_batches
from auditor.tables.cleaning import REPORTED, Relation
from auditor.tables.collecting import Collected
from auditor.tables.declaration import Table
from auditor.tables.headers import Headers, match_headers
from auditor.tables.intake import Intake
from auditor.tables.supply import Supply

_CHUNK = 1 << 20
_UNDECODED = re.compile("[\udc80-\udcff]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Look:
    """What one pass over the bytes of a file tells."""

    sha256: str
    is_utf8: bool
    is_utf16: bool
    is_blank: bool
    has_blank_lines: bool


def look(path: Path) -> Look:
    """Read the bytes once: their hash, whether they are UTF-8, whether lines are blank (they count)."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    is_utf8, is_blank, has_blank_lines, start, newlines = True, True, False, b"", b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            start = start or chunk[:3]
            digest.update(chunk)
            # Newlines at the end of the file are no blank lines: they wait for what comes after them.
            text = newlines + chunk.removeprefix(codecs.BOM_UTF8)
            body = text.rstrip(b"\r\n")
            newlines = text[len(body) :]
            has_blank_lines = has_blank_lines or any(b in body for b in (b"\n\n", b"\n\r", b"\r\r"))
            is_blank = is_blank and not body.strip()
            is_utf8 = is_utf8 and _decodes(decoder, chunk)
    is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    return Look(digest.hexdigest(), is_utf8, start.startswith(_UTF16), is_blank, has_blank_lines)


def supply_of_csv(intake: Intake, path: Path, file: str, table: Table, seen: Look) -> Supply | None:
    """Read the header of a CSV file and how its rows are supplied; None if nothing can be read."""
    if seen.is_utf16 or seen.is_blank:
        intake.collected.add("table.not_utf8" if seen.is_utf16 else "table.empty_file", Place(file))
        return None
    row, texts = next(((row, cells) for row, cells in _records(path) if any(cells)), (1, ""))
    if isinstance(texts, str):
        intake.collected.add(texts or "table.empty_file", Place(file, None, row))
        return None
    if any(_UNDECODED.search(text) for text in texts):
        intake.collected.add("table.not_utf8", Place(file))
        return None
    headers = match_headers(intake, table, texts, row, Place(file))
    is_plain = seen.is_utf8 and not seen.has_blank_lines and row == 1
    whole = _whole(path, headers) if is_plain else None

    def batches(intake: Intake) -> Iterator[Relation]:
        yield from in_batches(intake.engine, headers, _rows(path, file, headers, seen, intake.collected))

    return Supply(table, file, None, headers, whole, batches)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _records(path: Path) -> Iterator[tuple[int, list[str] | str]]:
    """Yield each record with its number: its cells, or a problem's code where its quotes are broken."""
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
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
    source = (
        f"read_csv({literal(no_pattern(path))}, auto_detect=false, header=true, delim=',', quote='\"', "
        f"escape='\"', columns={{{types}}}, null_padding=false, strict_mode=true, compression='none', "
        "hive_partitioning=false)"
    )
    select = f"SELECT {chosen}, row_number() OVER () + 1 AS row_no FROM {source}"
    return Relation(select, headers.columns, headers.extras)


def no_pattern(path: Path) -> str:
    """Return the path so that no character of it is taken for a pattern of several files."""
    return re.sub(r"([\[*?])", r"[\1]", path.as_posix())


def _rows(path: Path, file: str, headers: Headers, seen: Look, collected: Collected) -> Iterator[Row]:
    """Yield every row below the header that is not blank; what is wrong with a row is reported on the way."""
    positions, width = len(headers.texts), headers.width
    for row, cells in _records(path):
        if row <= headers.row or not any(cell.strip() for cell in cells):
            continue
        place = Place(file, None, row)
        if isinstance(cells, str):
            collected.add(cells, place, kind="structure" if cells == "table.unclosed_quote" else "row")
            yield row, [REPORTED] * positions
        elif len(cells) < width or any(cell.strip() for cell in cells[positions:]):
            collected.add("table.ragged_row", place, {"value": len(cells), "expected": width}, kind="row")
            yield row, [REPORTED] * positions
        else:
            full = [*cells[:positions], *[""] * (positions - len(cells))]
            yield row, full if seen.is_utf8 else _decoded(full, headers, place, collected)


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
