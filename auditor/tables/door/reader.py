"""The worker behind the door: `python -m auditor.tables.door.reader` opens files and hands over plain rows.

Lines of JSON on standard input and output: a question (`open` a file, or `take` a sheet of one; or the same of a
`database`), and its answer, or what it is refused for. It keeps the file opened last; a question about another opens
that one first, so that questions of several readings may come in any order. It holds itself to limits of memory and
time; what else it dies of, and how long it takes, is watched by `auditor.tables.door.guard`, the other end.
"""

from __future__ import annotations

import errno
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from auditor.tables.door.delimited import open_delimited
from auditor.tables.door.handing import Ask, Opened, Refused, Taken, Top
from auditor.tables.door.json_objects import open_json_objects
from auditor.tables.door.limits import MEMORY_BYTES, hold_memory, hold_time
from auditor.tables.door.text_files import hash_of, look

if TYPE_CHECKING:
    from auditor.tables.door.database import StoredTables


class Source(Protocol):
    """An opened file, whatever its format."""

    def tops(self) -> list[Top]:
        """Return the heads of its sheets."""
        ...

    def take(self, ask: Ask) -> Taken:
        """Write what is asked for."""
        ...


class Reader:
    """Answers questions about one file after the other."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._sha256 = ""
        self._source: Source | None = None
        self._stored: StoredTables | None = None

    def answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a question; never raises."""
        hold_time(question["seconds"])
        try:
            return self._answer(question)
        except Refused as refused:
            place = {"sheet": refused.sheet, "row": refused.row}
            return {"refused": {"code": refused.code, "figures": refused.figures, **place}}
        except MemoryError:
            self._source = None
            return {"refused": {"code": "table.reader_memory", "figures": {}}}
        except OSError as error:
            return {
                "refused": {"code": "table.cannot_open", "figures": {"why": error.strerror or str(error)}}
            }
        except Exception as error:  # noqa: BLE001 - whatever a library stumbles over, the file is not read
            return {"refused": {"code": "table.reader_failed", "figures": {"why": type(error).__name__}}}

    def _answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        if "open" in question:
            source = self._open(Path(question["open"]))
            return asdict(Opened(self._sha256, source.tops()))
        if "of" not in question:
            return self._of_database(question)
        path, kept = Path(question["of"]), self._source
        source = kept if kept is not None and path == self._path else self._open(path)
        if self._sha256 != question["sha256"]:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))  # written to since it was opened
        return asdict(source.take(Ask(**question["take"])))

    def _open(self, path: Path) -> Source:
        self._path = self._source = None  # the memory of the last file, before the next
        hold_memory(MEMORY_BYTES)
        self._sha256, source = _opened(path)
        self._path, self._source = path, source
        return source

    def _of_database(self, question: Mapping[str, Any]) -> dict[str, Any]:
        if "database" in question:
            self._close()
            hold_memory(MEMORY_BYTES)
            self._stored = _open_database(question["database"], question["file"])
            return asdict(Opened("", self._stored.tops()))
        if "close" in question:
            self._close()
            return {}
        if self._stored is None:
            raise OSError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))  # it died with the worker before
        if "head" in question:
            return asdict(self._stored.head(question["head"]))
        return asdict(self._stored.take(Ask(**question["take"])))

    def _close(self) -> None:
        stored, self._stored = self._stored, None
        if stored is not None:
            stored.close()


def _opened(path: Path) -> tuple[str, Source]:
    """Return the hash of a file's bytes, and the file opened. Raises Refused."""
    ending = path.suffix.lower()
    if ending in (".csv", ".jsonl", ".ndjson"):
        seen = look(path)
        return seen.sha256, (open_delimited if ending == ".csv" else open_json_objects)(path, seen)
    source: Source
    if ending == ".parquet":
        from auditor.tables.door.columnar import open_columnar  # noqa: PLC0415 - only where it is needed

        source = open_columnar(path)
    else:
        from auditor.tables.door.workbooks import open_workbook  # noqa: PLC0415 - likewise

        source = open_workbook(path)
    return hash_of(path), source


def _open_database(url: str, file: str | None) -> StoredTables:
    from auditor.tables.door.database import open_database  # noqa: PLC0415 - likewise

    return open_database(url, Path(file) if file else None)


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer question after question until they end; then leave at once, even in the middle of one."""
    waiting: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_wait, args=(questions, waiting), daemon=True).start()
    reader = Reader()
    while True:
        answers.write(json.dumps(reader.answer(json.loads(waiting.get()))).encode("ascii") + b"\n")
        answers.flush()


def _wait(questions: BinaryIO, waiting: queue.Queue[bytes]) -> None:
    for line in questions:
        waiting.put(line)
    os._exit(0)  # whoever asked is gone


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks decides what an interruption means
    serve(sys.stdin.buffer, sys.stdout.buffer)
