"""The usual worker, which ends over one file and reads the others."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from auditor.tables.door import reader

_usual = reader._opened


def _opened(path: Path) -> tuple[str, reader.Source]:
    if path.stem == "activities":
        os._exit(3)
    return _usual(path)


reader._opened = _opened
reader.serve(sys.stdin.buffer, sys.stdout.buffer)
