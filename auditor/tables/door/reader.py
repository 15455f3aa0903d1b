"""The worker behind the door: `python -m auditor.tables.door.reader` opens files and hands over plain rows.

Lines of JSON on standard input and output: a question (`open` a file, or a `database` and the `head` of a table of
it, or `take` a sheet of what was opened last), and its answer, or what the file is refused for. It holds itself to a
limit of memory; what else it dies of, and how long it takes, is watched by `auditor.tables.door.guard`, the other end.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from auditor.tables.door.delimited import open_delimited
from auditor.tables.door.handing import Ask, Opened, Refused, Taken, Top
from auditor.tables.door.json_objects import open_json_objects
from auditor.tables.door.limits import hold_memory
from auditor.tables.door.text_files import look

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
        self._source: Source | None = None
        self._stored: StoredTables | None = None

    def answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a question; never raises."""
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
        if "take" in question:
            assert self._source is not None
            return asdict(self._source.take(Ask(**question["take"])))
        if "head" in question:
            assert self._stored is not None
            return asdict(self._stored.head(question["head"]))
        self._release()
        if "close" in question:
            return {}
        if "database" in question:
            self._source = self._stored = _open_database(question["database"], question["file"])
            return asdict(Opened("", self._stored.tops()))
        path = Path(question["open"])
        seen = look(path)
        self._source = _open(path, seen)
        return asdict(Opened(seen.sha256, self._source.tops()))

    def _release(self) -> None:
        """Let go of what was opened last: its memory, or its connection."""
        stored, self._source, self._stored = self._stored, None, None
        if stored is not None:
            stored.close()


def _open(path: Path, seen: Any) -> Source:
    ending = path.suffix.lower()
    if ending == ".csv":
        return open_delimited(path, seen)
    if ending in (".jsonl", ".ndjson"):
        return open_json_objects(path, seen)
    if ending == ".parquet":
        from auditor.tables.door.columnar import open_columnar  # noqa: PLC0415 - only where it is needed

        return open_columnar(path)
    from auditor.tables.door.workbooks import open_workbook  # noqa: PLC0415 - likewise

    return open_workbook(path)


def _open_database(url: str, file: str | None) -> StoredTables:
    from auditor.tables.door.database import open_database  # noqa: PLC0415 - likewise

    return open_database(url, Path(file) if file else None)


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer question after question until they end."""
    reader = Reader()
    for line in questions:
        answers.write(json.dumps(reader.answer(json.loads(line))).encode("ascii") + b"\n")
        answers.flush()


if __name__ == "__main__":
    hold_memory()
    serve(sys.stdin.buffer, sys.stdout.buffer)
