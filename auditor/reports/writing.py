"""A report is written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from auditor.errors import ReportFailed


def write_file(path: Path, parts: Iterable[str]) -> None:
    """Write the parts to a file beside its place, then put it there. Raises ReportFailed; then nothing changed."""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise ReportFailed(f"{path}: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            _write(file, parts)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        raise ReportFailed(f"{path}: {error.strerror}") from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def write_stream(stream: BinaryIO, parts: Iterable[str]) -> None:
    """Write the parts to a stream of bytes, UTF-8 with `\\n`, whatever the system's own habit."""
    _write(stream, parts)
    stream.flush()


def _write(stream: BinaryIO, parts: Iterable[str]) -> None:
    for part in parts:
        stream.write(part.encode("utf-8", "surrogateescape"))
