"""What became of a mapping once the files are open: which entry was used where, and what of it found nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from auditor.errors import Place
from auditor.tables.declaration import word
from auditor.tables.headers import nearest
from auditor.tables.intake import Intake
from auditor.tables.mapping import MappedFile, headers_named, is_file
from auditor.tables.supply import Supply


def check_mapping(intake: Intake, files: Sequence[str], supplies: Sequence[Supply]) -> None:
    """Say which sheets were read by the mapping, and what of it fits nothing: an entry, a header, a column to drop.

    `files` are the files that were opened. Where one of them could not be read its own problem is enough.
    """
    unread = [file for file in files if file not in {supply.file for supply in supplies}]
    for mapped in intake.mapping.files:
        own = [supply for supply in supplies if _mapped_file(intake, supply) is mapped]
        for supply in own:
            _say_used(intake, mapped, supply)
        if own:
            _check_headers(intake, mapped, own)
        elif not any(is_file(mapped.file, file) for file in unread):
            figures = {"value": mapped.file, "sheet": mapped.sheet or "*"}
            hint = nearest(mapped.file, [name for file in files for name in (file, PurePosixPath(file).name)])
            intake.collected.add(
                "mapping.no_such_file", mapped.place, {**figures, "nearest": hint}, hint=hint
            )
    if not unread:
        _check_drops(intake, supplies)


def _mapped_file(intake: Intake, supply: Supply) -> MappedFile | None:
    return intake.mapping.mapped_file(supply.file, supply.sheet or PurePosixPath(supply.file).stem)


def _say_used(intake: Intake, mapped: MappedFile, supply: Supply) -> None:
    """Warn that a sheet was read by the mapping; a column that it gives in spite of a constant is a problem."""
    table, mapping = mapped.table, intake.mapping
    figures = {
        "value": mapping.name,
        "table": table.name,
        "table_zh": table.label.zh,
        "sha256": (mapping.sha256 or "")[:12],
        "line": mapped.place.line,
    }
    intake.collected.add("mapping.used", supply.place, figures, kind="warning")
    for column in supply.headers.columns:
        if column in table.as_written.constants:
            header = supply.headers.written(column)
            place = Place(supply.file, supply.sheet, supply.headers.row or None, header)
            about = {"value": header, "column": column, "column_zh": table.columns[column].label.zh}
            intake.collected.add("mapping.constant_given", place, about)


def _check_headers(intake: Intake, mapped: MappedFile, supplies: Sequence[Supply]) -> None:
    """Add a problem for each header of an entry that none of its sheets has."""
    if not any(supply.headers.columns for supply in supplies):
        return  # their headers were not found at all, which has been said
    texts = list(_texts(supplies))
    have = set(map(word, texts))
    where = supplies[0].place
    for header, place in mapped.headers.items():
        if word(header) not in have:
            hint = nearest(header, texts)
            figures = {"value": header, "file": where.file, "sheet": where.sheet, "nearest": hint}
            intake.collected.add("mapping.no_such_header", place, figures, hint=hint)


def _check_drops(intake: Intake, supplies: Sequence[Supply]) -> None:
    """Add a problem for each column to drop that nothing has."""
    for text in intake.mapping.drop_columns:
        named = [
            word(header) in headers_named(text, supply.place)
            for supply in supplies
            for header in filter(None, supply.headers.texts)
        ]
        if not any(named):
            hint = nearest(text.rpartition(":")[2], _texts(supplies))
            intake.collected.add(
                "table.nothing_dropped", Place(), {"value": text, "nearest": hint}, hint=hint
            )


def _texts(supplies: Sequence[Supply]) -> Iterator[str]:
    """Yield the headers of the sheets as they are written, each once."""
    yield from dict.fromkeys(filter(None, (text for supply in supplies for text in supply.headers.texts)))
