"""A report is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from auditor.errors import ReportFailed


def write_file(path: Path, parts: Iterable[str | bytes]) -> None:
    """Write the parts to a file beside its place, then put it there. Raises ReportFailed; then nothing changed."""
    place = path.resolve()  # a link is kept, and what it names is written
    temporary = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with temporary.open("xb") as file:
            _write(file, parts)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)
    except OSError as error:
        raise ReportFailed(f"{path}: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_stream(stream: BinaryIO, parts: Iterable[str | bytes]) -> None:
    """Write the parts to a stream of bytes, UTF-8 with `\\n`, whatever the system's own habit."""
    _write(stream, parts)
    stream.flush()


def _write(stream: BinaryIO, parts: Iterable[str | bytes]) -> None:
    for part in parts:
        stream.write(part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape"))
