"""The usual worker, with a library in it that fails in a way nobody foresaw."""

from __future__ import annotations

import sys
from pathlib import Path

from auditor.tables.door import reader


def _opened(path: Path) -> tuple[str, reader.Source]:
    raise ZeroDivisionError(path.name)


reader._opened = _opened
reader.serve(sys.stdin.buffer, sys.stdout.buffer)
