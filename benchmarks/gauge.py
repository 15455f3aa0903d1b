"""What a process used: CPU seconds, wall clock, and the highest memory of a stretch of work (Linux)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PROCESS = Path("/proc/self")


@dataclass
class Used:
    """CPU of this process and of its children that ended, wall clock, and the peak of the stretch in MiB."""

    cpu: float = 0.0
    children: float = 0.0
    wall: float = 0.0
    peak: float = 0.0


@contextmanager
def gauged() -> Iterator[Used]:
    """Gauge a block; the peak counts what was held before it too, and 0 where the system does not tell."""
    used = Used()
    _forget_peak()
    before, began = os.times(), time.perf_counter()
    try:
        yield used
    finally:
        after = os.times()
        used.wall = time.perf_counter() - began
        used.cpu = after.user + after.system - before.user - before.system
        used.children = (
            after.children_user + after.children_system - before.children_user - before.children_system
        )
        used.peak = _peak()


@dataclass
class Children:
    """The highest memory of all children together, in MiB."""

    peak: float = 0.0


@contextmanager
def watched_children(every: float = 0.02) -> Iterator[Children]:
    """Watch the memory of the children that this process starts within a block; one that is gone no longer counts."""
    watched, done = Children(), threading.Event()

    def watch() -> None:
        while not done.wait(every):
            watched.peak = max(watched.peak, sum(map(_peak, _descendants(_PROCESS))))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield watched
    finally:
        done.set()
        watcher.join()


def _descendants(process: Path) -> Iterator[Path]:
    for listed in process.glob("task/*/children"):
        try:
            pids = listed.read_text(encoding="ascii").split()
        except OSError:  # the thread has ended
            continue
        for pid in pids:
            yield Path("/proc", pid)
            yield from _descendants(Path("/proc", pid))


def _forget_peak() -> None:
    # 5 resets VmHWM to what is held now; see proc(5).
    if (_PROCESS / "clear_refs").exists():
        (_PROCESS / "clear_refs").write_text("5", encoding="ascii")


def _peak(process: Path = _PROCESS) -> float:
    try:
        lines = (process / "status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:  # another system, or a child that has ended
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def environment() -> dict[str, str]:
    """Return the environment in which a child finds the package of this checkout."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def child(script: str, *arguments: object) -> str:
    """Run a script of this folder in a process of its own, and return what it printed."""
    command = [sys.executable, str(Path(__file__).with_name(script)), *map(str, arguments)]
    done = subprocess.run(command, env=environment(), stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return done.stdout


def cpu_of(command: Sequence[str], times: int) -> float:
    """Return the CPU seconds of a command with its children, in the checkout: the least of several runs."""
    return min(_cpu_once(command) for _ in range(times))


def _cpu_once(command: Sequence[str]) -> float:
    with gauged() as used:
        done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=False)
    if done.returncode > 1:  # 1: ran, and something failed, as the sample does
        raise RuntimeError(done.stderr.decode("utf-8"))
    return used.children
