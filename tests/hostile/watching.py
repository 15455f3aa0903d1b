"""One run of the program as a process of its own, watched: how long, how much memory, and ended when it is too much."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MIB = 1 << 20
_EVERY = 0.02


@dataclass(frozen=True)
class Run:
    """What a run left: its exit code (None: ended by us), streams, seconds on the clock and of work, and peak memory.

    `memory` is the peak, over time, of what all its processes held together, in bytes; 0 where the system has no /proc.
    """

    code: int | None
    out: bytes
    err: str
    seconds: float
    worked: float
    memory: int


def audit(data: Path, here: Path, *, seconds: float = 60, memory: int = 2048 * MIB) -> Run:
    """Audit a data set in a process of its own; a run beyond the seconds or the memory given is ended."""
    words = [
        str(ROOT / "cli.py"),
        "audit",
        str(data),
        "--pack",
        "henan-2023",
        "--year",
        "2024",
        "--lang",
        "en",
    ]
    out, err = here / "out", here / "err"
    before, started = _worked(), time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    with out.open("wb") as of_out, err.open("wb") as of_err:
        process = subprocess.Popen(
            [sys.executable, *words],
            stdin=subprocess.DEVNULL,
            stdout=of_out,
            stderr=of_err,
            cwd=here,
            env=environment,
            start_new_session=True,
        )
        peak, is_ended = 0, False
        while process.poll() is None:
            peak = max(peak, _held(process.pid))
            if not is_ended and (time.monotonic() - started > seconds or peak > memory):
                is_ended = True
                _end(process)
            time.sleep(_EVERY)
    took = time.monotonic() - started
    return Run(
        None if is_ended else process.returncode,
        out.read_bytes(),
        err.read_text(encoding="utf-8", errors="replace"),
        took,
        _worked() - before,
        peak,
    )


def _worked() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a run and every process it started: they are one session of their own."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _held(root: int) -> int:
    """Return the bytes that a process and all below it hold now."""
    pending, total = [root], 0
    while pending:
        process = Path("/proc") / str(pending.pop())
        try:
            pages = int((process / "statm").read_text().split()[1])
            total += pages * os.sysconf("SC_PAGE_SIZE")
            for task in (process / "task").iterdir():
                pending += map(int, (task / "children").read_text().split())
        except (OSError, ValueError, IndexError):
            continue  # it is gone, or the system has no such folder
    return total
