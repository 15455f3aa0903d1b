"""What the user says of files whose headers are nobody's: which table each is, how it writes it, what is not read.

A mapping is read by `mapping_file`; a *mapped file* is one entry of it. What it says of a table is put into the
table itself (`Table.as_written`, wider columns), so that no later step has to know of mappings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from auditor.errors import Place
from auditor.tables.declaration import Table, word

_SEPARATOR = re.compile("[:：]")
_NARROWED = re.compile(r"(?P<file>.+?)(?:\[(?P<sheet>[^\[\]]+)\])?")


@dataclass(frozen=True)
class MappedFile:
    """One entry of a mapping: the files and sheets it is about, and the table as they write it.

    `file` and `sheet` may hold `*` and `?`; `sheet` None is every sheet. `headers` are those that are mapped or
    dropped, as the entry writes them, each with its place there; `place` is that of the entry.
    """

    file: str
    sheet: str | None
    table: Table
    place: Place
    headers: Mapping[str, Place]

    def is_about(self, file: str, sheet_or_stem: str) -> bool:
        """Return whether the entry is about a sheet, or about a file without sheets (then by its stem)."""
        return is_file(self.file, file) and (self.sheet is None or _fits(self.sheet, sheet_or_stem))


@dataclass(frozen=True)
class TablesMapping:
    """The entries of a mapping file in its order (the first that is about a sheet counts), and what is dropped.

    `drop_columns` are headers that are read nowhere, or only not in one file or sheet: `HEADER`, `FILE:HEADER`,
    `FILE[SHEET]:HEADER`. `name` and `sha256` are those of the file; None where there is none.
    """

    name: str | None = None
    sha256: str | None = None
    files: tuple[MappedFile, ...] = ()
    drop_columns: tuple[str, ...] = ()

    def mapped_file(self, file: str, sheet_or_stem: str) -> MappedFile | None:
        """Return the entry about a sheet, or about a file without sheets; None if there is none."""
        return next((each for each in self.files if each.is_about(file, sheet_or_stem)), None)

    def without_dropped(self, table: Table, where: Place) -> Table:
        """Return a table without the columns that `drop_columns` names for a file or sheet."""
        if not self.drop_columns:
            return table
        dropped = {header for text in self.drop_columns for header in headers_named(text, where)}
        wider = table.as_written.model_copy(update={"dropped": table.as_written.dropped | dropped})
        return table.written_as(wider)


NO_MAPPING = TablesMapping()


def headers_named(text: str, where: Place) -> Iterator[str]:
    """Yield each header (its `word`) that a text such as `FILE[SHEET]:HEADER` can mean in a file or sheet."""
    yield word(text)
    for colon in _SEPARATOR.finditer(text):
        narrowed = _NARROWED.fullmatch(text[: colon.start()].strip())
        if narrowed is None or not is_file(narrowed["file"], where.file or ""):
            continue
        if narrowed["sheet"] is None or _fits(narrowed["sheet"], where.sheet or ""):
            yield word(text[colon.end() :])


def is_file(pattern: str, file: str) -> bool:
    """Return whether a pattern means a file, by its path below the data or by its name alone."""
    return _fits(pattern, file) or _fits(pattern, PurePosixPath(file).name)


def _fits(pattern: str, name: str) -> bool:
    """Return whether a name fits a pattern in which only `*` and `?` are not what they are."""
    signs = {"*": ".*", "?": "."}
    form = "".join(signs.get(sign) or re.escape(sign) for sign in _folded(pattern))
    return re.fullmatch(form, _folded(name), re.DOTALL) is not None


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().strip()
