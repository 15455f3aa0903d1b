"""The guarded door itself: one worker opens every file; its death, its silence and its refusals are values here."""

from __future__ import annotations

import atexit
import json
import queue
import subprocess
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from auditor.engines.worker import start_worker
from auditor.tables.database import Database
from auditor.tables.door import limits
from auditor.tables.door.handing import Ask, Fault, Opened, Refused, Taken, Top
from auditor.tables.door.limits import GIB, MIB

_READER = "auditor.tables.door.reader"
_NOT_WORKBOOKS = (".csv", ".jsonl", ".ndjson", ".parquet")
_STOP_SECONDS = 5
_OUT_OF_MEMORY = (b"memory allocation of", b"MemoryError", b"bad_alloc")
"""What a reader says last that died for want of memory; one in Rust has no other way."""


def open_file(path: Path) -> Opened:
    """Open a file, and return its hash and the heads of its sheets. Raises Refused."""
    answer = _WORKER.ask({"open": str(path.absolute())}, _seconds_for(path))
    return Opened(answer["sha256"], list(map(_top, answer["tops"])))


def open_database(database: Database) -> Opened:
    """Open a database, and return the names of its tables; `head` gives the columns of one. Raises Refused.

    Until `close_database` all that is read of it is of one moment. There is no hash: a server's data are no file.
    """
    file = str(database.file.resolve()) if database.file else None
    answer = _WORKER.ask({"database": database.url, "file": file}, limits.DATABASE_SECONDS)
    return Opened("", list(map(_top, answer["tops"])))


def head(number: int) -> Top:
    """Return the head of a table of the database that is open. Raises Refused."""
    return _top(_WORKER.ask({"head": number}, limits.DATABASE_SECONDS))


def head_of(source: Path | Database, sheet: str | None) -> tuple[str, int, Top]:
    """Open a file or database, and return its hash, and number and head of a sheet. Raises Refused, StopIteration."""
    opened = open_database(source) if isinstance(source, Database) else open_file(source)
    number, top = next((number, top) for number, top in enumerate(opened.tops) if top.name == sheet)
    return opened.sha256, number, head(number) if isinstance(source, Database) else top


def close_database() -> None:
    """Close the database that is open."""
    with suppress(Refused):
        _WORKER.ask({"close": True}, limits.DATABASE_SECONDS)


def take(path: Path, sha256: str, ask: Ask) -> Taken:
    """Have the rows of a sheet of an opened file written; return what is to be said of them. Raises Refused.

    The worker opens the file once more if it was asked for another since, or died; it must have kept its hash.
    """
    question = {"take": asdict(ask), "of": str(path.absolute()), "sha256": sha256}
    return _taken(_WORKER.ask(question, _seconds_for(path)))


def take_stored(ask: Ask) -> Taken:
    """Have the rows of a table of the database that is open written, as `take` does of a file's. Raises Refused."""
    return _taken(_WORKER.ask({"take": asdict(ask)}, limits.DATABASE_SECONDS))


def _top(answer: Mapping[str, Any]) -> Top:
    rows, named = [(row, cells) for row, cells in answer["rows"]], [tuple(each) for each in answer["named"]]
    return Top(**{**answer, "rows": rows, "named": named})


def _taken(answer: Mapping[str, Any]) -> Taken:
    return Taken(
        **{
            **answer,
            "faults": [Fault(**fault) for fault in answer["faults"]],
            "unlisted": [tuple(each) for each in answer["unlisted"]],
        }
    )


def _seconds_for(path: Path) -> float:
    """Return how long the worker may take over a file. Raises Refused for one that is too large, or gone."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Refused("table.cannot_open", {"why": error.strerror or str(error)}) from error
    is_text = path.suffix.lower() in _NOT_WORKBOOKS
    most = limits.MOST_BYTES if is_text else limits.MOST_WORKBOOK_BYTES
    if size > most:
        shown = f"{most // GIB} GiB" if most >= GIB else f"{most // MIB} MiB"
        raise Refused("table.too_large", {"value": f"{size // MIB:,} MiB", "expected": shown})
    return limits.seconds_for(size, is_workbook=not is_text)


class _Worker:
    """The worker of this process: started with the first question, replaced when it dies, ended with the process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._last_words: _LastWords | None = None
        self._lock = threading.RLock()

    def ask(self, question: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Return the worker's answer. Raises Refused, also where it dies over the question or takes too long."""
        with self._lock:
            line = self._line(question, seconds)
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError:
            raise Refused("table.reader_died") from None
        if "refused" in answer:
            refused = answer["refused"]
            raise Refused(
                refused["code"], refused["figures"], sheet=refused.get("sheet"), row=refused.get("row")
            )
        return answer

    def start(self) -> None:
        """Start the worker, if there is none that lives: it is ready sooner when it is asked."""
        with self._lock:
            if self._process is not None and self._process.poll() is not None:
                self.stop()
            if self._process is None:
                self._answers = queue.Queue()
                self._process = start_worker(_READER, subprocess.PIPE)
                self._last_words = _LastWords(self._process)
                threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True).start()

    def _line(self, question: Mapping[str, Any], seconds: float) -> bytes:
        self.start()
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            with suppress(OSError):  # a dead worker is found by its silence
                self._process.stdin.write(
                    json.dumps({**question, "seconds": seconds}).encode("ascii") + b"\n"
                )
                self._process.stdin.flush()
            line = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.stop()
            raise Refused("table.reader_timeout", {"value": round(seconds)}) from None
        except BaseException:
            self.stop()  # interrupted: the answer that is still to come belongs to nobody
            raise
        if not line.endswith(b"\n"):
            assert self._last_words is not None
            said = self._last_words.heard()
            self.stop()
            lacks_memory = any(word in said for word in _OUT_OF_MEMORY)
            raise Refused("table.reader_memory" if lacks_memory else "table.reader_died")
        return line

    def stop(self) -> None:
        """End the worker."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_STOP_SECONDS)


def _listen(process: subprocess.Popen[bytes], answers: queue.Queue[bytes]) -> None:
    """Put every line of the worker on the queue, and an empty one when there are no more."""
    assert process.stdout is not None
    with suppress(ValueError, OSError):  # closed by `stop`
        while line := process.stdout.readline():
            answers.put(line)
    answers.put(b"")


class _LastWords:
    """Listens to what a worker says on standard error, so that it never waits to be heard, and keeps the end of it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._kept: deque[bytes] = deque(maxlen=8)
        self._thread = threading.Thread(target=self._listen, args=(process,), daemon=True)
        self._thread.start()

    def heard(self) -> bytes:
        """Return the last of what a worker said that has ended."""
        self._thread.join(_STOP_SECONDS)
        return b"".join(self._kept)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None
        with suppress(ValueError, OSError):  # closed by `stop`
            while said := process.stderr.readline(limits.KIB):
                self._kept.append(said)


_WORKER = _Worker()
atexit.register(_WORKER.stop)
start = _WORKER.start
