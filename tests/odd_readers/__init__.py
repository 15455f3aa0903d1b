"""Workers that do to the guarded door what a damaged or hostile file may make a reader do.

Each is a module that the door starts in the place of its own reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from auditor.tables.door import guard, limits


@contextmanager
def door(reader: str | None = None, limited: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Let the door have another reader and other limits for a while; a worker of the usual kind is there afterwards."""
    if reader is None and not limited:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (limited or {}).items():
            patch.setattr(limits, name, value)
        if reader is not None:
            guard._WORKER.stop()
            patch.setattr(guard, "_READER", f"odd_readers.{reader}")
        yield
    if reader is not None:
        guard._WORKER.stop()
