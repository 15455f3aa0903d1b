"""A report is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from auditor.errors import ReportFailed


def write_file(path: Path, parts: Iterable[str | bytes]) -> None:
    """Write the parts to a file beside its place, then put it there. Raises ReportFailed; then nothing changed."""
    write_files({path: parts})


def write_files(documents: Mapping[Path, Iterable[str | bytes]]) -> None:
    """Write several documents, and put them in their places when all are written. Raises ReportFailed likewise.

    A document but the first that has no parts is no file: what stood in its place would be of another audit, and goes.
    """
    written: dict[Path, Path] = {}
    try:
        for path, parts in documents.items():
            place = path.resolve()  # a link is kept, and what it names is written
            written[place] = place.with_name(f".{place.name}.{os.getpid()}.part")
            _write_whole(written[place], parts, path)
        _put_in_place(written)
    finally:
        for temporary in written.values():
            temporary.unlink(missing_ok=True)


def beside(path: Path, ending: str) -> Path:
    """Return the file of a further document: `report.json` and `.poam.json` make `report.poam.json`."""
    stem = path.stem if path.suffix == Path(ending).suffix else path.name
    return path.with_name(stem + ending)


def _write_whole(temporary: Path, parts: Iterable[str | bytes], path: Path) -> None:
    try:
        with temporary.open("xb") as file:
            _write(file, parts)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ReportFailed(f"{path}: {error.strerror}") from error


def _put_in_place(written: Mapping[Path, Path]) -> None:
    first = next(iter(written))
    for place, temporary in written.items():
        try:
            if place != first and not temporary.stat().st_size:
                place.unlink(missing_ok=True)
            else:
                temporary.replace(place)
        except OSError as error:
            raise ReportFailed(f"{place}: {error.strerror}") from error


def write_stream(stream: BinaryIO, parts: Iterable[str | bytes]) -> None:
    """Write the parts to a stream of bytes, UTF-8 with `\\n`, whatever the system's own habit."""
    _write(stream, parts)
    stream.flush()


def _write(stream: BinaryIO, parts: Iterable[str | bytes]) -> None:
    for part in parts:
        stream.write(part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape"))
