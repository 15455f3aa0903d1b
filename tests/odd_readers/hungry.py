"""The usual worker, over a file that asks for more memory than any may have."""

from __future__ import annotations

import sys
from pathlib import Path

from auditor.tables.door import limits, reader

_usual = reader._opened


def _opened(path: Path) -> tuple[str, reader.Source]:
    if path.stem == "activities":
        bytearray(4 * limits.MEMORY_BYTES)
    return _usual(path)


reader._opened = _opened
reader.serve(sys.stdin.buffer, sys.stdout.buffer)
