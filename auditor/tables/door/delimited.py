"""CSV files: in which encoding, whether the engine can read them as they lie, and what is wrong with single rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from auditor.tables.door.engine import accepts
from auditor.tables.door.handing import Ask, Fault, Faults, Refused, Row, Taken, Top, head, write_rows
from auditor.tables.door.limits import KIB, MOST_CELL, MOST_COLUMNS, MOST_LINE
from auditor.tables.door.text_files import Look, encoding_of
from auditor.tables.personal import shown
from auditor.tables.plain_csv import read_plain_csv
from auditor.tables.signs import REPORTED, SEARCHED, is_total

_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass
class Delimited:
    """An opened CSV file."""

    path: Path
    seen: Look
    encoding: str

    def tops(self) -> list[Top]:
        """Return its head. Raises Refused where there is none, or where its quotes are broken."""
        rows: list[Row] = []
        for row, cells in self._records():
            if rows and (row > SEARCHED or isinstance(cells, str)):
                break
            if isinstance(cells, str):
                raise Refused(cells, row=row)
            if len(cells) > MOST_COLUMNS:
                raise Refused("table.too_many_columns", {"expected": MOST_COLUMNS}, row=row)
            if any(cell.strip() for cell in cells):
                rows.append((row, cells))
        if not rows:
            raise Refused("table.empty_file", row=1)
        return [Top(None, head(rows), encoding=self.encoding)]

    def take(self, ask: Ask) -> Taken:
        """Write the rows that are asked for, if the engine cannot read the file as it lies."""
        # The engine counts no blank lines, and drops a line that is longer than what it reads at a time.
        is_plain = self.seen.is_utf8 and not (self.seen.has_blank_lines or self.seen.has_long_lines)
        if (
            is_plain
            and ask.header == 1
            and accepts(f"SELECT count(*) FROM {read_plain_csv(self.path, ask.texts)}")
        ):
            return Taken(is_plain=True)
        faults = Faults()
        write_rows(Path(ask.into), self._rows(ask, faults))
        return Taken(faults=faults.listed, unlisted=faults.unlisted())

    def _records(self) -> Iterator[tuple[int, list[str] | str]]:
        """Yield each record with its number: its cells, or a problem's code where its quotes are broken."""
        csv.field_size_limit(MOST_CELL)
        with self.path.open(encoding=self.encoding, errors="surrogateescape", newline="") as file:
            reader = csv.reader(_lines(file), strict=True, skipinitialspace=True)
            row = 0
            while True:
                row += 1
                try:
                    yield row, next(reader)
                except StopIteration:
                    return
                except _LongLineError as error:
                    raise Refused("table.long_cell", {"expected": MOST_LINE // KIB}, row=row) from error
                except csv.Error as error:
                    if "field limit" in str(error):
                        raise Refused("table.long_cell", {"expected": MOST_CELL // KIB}, row=row) from error
                    yield (
                        row,
                        "table.unclosed_quote" if "end of data" in str(error) else "table.broken_quotes",
                    )

    def _rows(self, ask: Ask, faults: Faults) -> Iterator[Row]:
        """Yield every row below the header that is not blank, in the columns asked for."""
        reported = [REPORTED] * len(ask.positions)
        for row, cells in self._records():
            if row <= ask.header or not any(cell.strip() for cell in cells):
                continue
            if isinstance(cells, str):
                is_open = cells == "table.unclosed_quote"
                faults.add(Fault(cells, row, None, {}, "structure" if is_open else "row"))
                yield row, reported
            elif (len(cells) < ask.width and not is_total(cells)) or any(
                c.strip() for c in cells[ask.texts :]
            ):
                figures = {"value": len(cells), "expected": ask.width}
                faults.add(Fault("table.ragged_row", row, None, figures))
                yield row, reported
            else:
                texts = [cells[at] if at < len(cells) else "" for at in ask.positions]
                yield row, self._decoded(texts, row, ask, faults)

    def _decoded(self, texts: list[str], row: int, ask: Ask, faults: Faults) -> Sequence[str]:
        """Return a row's cells; those with bytes that are no text are marked."""
        if self.encoding != "utf-8-sig" or self.seen.is_utf8:
            return texts
        for at, text in enumerate(texts):
            if _UNDECODED.search(text):
                value = shown(_UNDECODED.sub("\ufffd", text))
                faults.add(Fault("table.undecodable_text", row, ask.positions[at], {"value": value}))
                texts[at] = REPORTED
        return texts


class _LongLineError(Exception):
    """A line is so long that no row would be."""


def _lines(file: TextIO) -> Iterator[str]:
    """Yield the lines of a file, of one that is too long no more than shows it. Raises _LongLineError."""
    while line := file.readline(MOST_LINE):
        if len(line) == MOST_LINE and not line.endswith("\n"):
            raise _LongLineError
        yield line


def open_delimited(path: Path, seen: Look) -> Delimited:
    """Return a CSV file opened. Raises Refused."""
    if seen.is_blank:
        raise Refused("table.empty_file")
    encoding = encoding_of(path, seen)
    if encoding is None:
        raise Refused("table.not_utf8")
    return Delimited(path, seen, encoding)
