"""Ctrl-C while the libraries are being loaded."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruption_held() -> Iterator[None]:
    """Hold an interruption back until the block is done, then raise it as KeyboardInterrupt.

    A compiled library that is interrupted while it is being loaded ends the process with its own words.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if heard:
        raise KeyboardInterrupt


def is_interruption(fault: Exception) -> bool:
    """Return whether a fault is how DuckDB says that Ctrl-C ended its statement."""
    return isinstance(fault, RuntimeError) and str(fault) == "Query interrupted"
