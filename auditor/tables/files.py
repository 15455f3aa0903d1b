"""The files of a data set: which are read, which are passed over, and what each supplies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import Place
from auditor.model.audit import FileHash
from auditor.steps import Step
from auditor.tables.declaration import Table
from auditor.tables.door import guard
from auditor.tables.door.handing import Refused
from auditor.tables.door.text_files import ENCODINGS
from auditor.tables.handed import File, handed_supply
from auditor.tables.headers import nearest
from auditor.tables.intake import Intake, table_of
from auditor.tables.parquet_files import supply_of_parquet
from auditor.tables.supply import Supply
from auditor.tables.workbooks import WORKBOOKS, supplies_of_workbook

JSON_LINES = (".jsonl", ".ndjson")
READ = (".csv", ".parquet", *JSON_LINES, *WORKBOOKS)
NOT_READ_YET = (
    *(".xlsb", ".numbers", ".tsv"),
    *(".db", ".sqlite", ".sqlite3", ".zip", ".gz", ".7z", ".rar"),
)
"""Files that may well hold tables, but that are not read yet: a problem, never passed over in silence."""


@dataclass(frozen=True)
class Opened:
    """The files of a data set, what they supply, and the tables they were meant for, readable or not.

    `seen` is how many files there were to open.
    """

    files: tuple[FileHash, ...]
    supplies: tuple[Supply, ...]
    meant: frozenset[str]
    seen: int


def open_files(intake: Intake, data: Path) -> Opened:
    """Open every file of a data set in the order of their paths; what cannot be opened is a problem."""
    collected = intake.collected
    files: list[FileHash] = []
    supplies: list[Supply] = []
    meant: set[str] = set()
    seen = 0
    if not data.exists():
        collected.add("table.no_such_data", Place(file=str(data)), {"value": str(data)})
    found_files = sorted(_tables_files(data), key=lambda found: found[1])
    for at, (path, name) in enumerate(found_files):
        intake.tell(Step("reading", at / len(found_files), name))
        if path.suffix.lower() not in READ:
            collected.add("table.not_read_yet", Place(file=name), {"value": path.suffix.lower()})
            continue
        table = table_of(intake, name, path.stem)
        meant |= {table.name} if table else set()
        file, found = _open(intake, path, name, table)
        seen += 1
        files += [file] if file else []
        supplies += found
        if not found and path.suffix.lower() in WORKBOOKS:
            meant.add("units")  # who knows what was in it: its own problem is enough
    if data.exists() and not seen and not collected.problems(stops=True):
        collected.add("table.no_tables", Place(), {"value": data.name})
    ordered = sorted(supplies, key=lambda supply: (supply.file, supply.sheet or ""))
    return Opened(tuple(files), tuple(ordered), frozenset(meant | {s.table.name for s in supplies}), seen)


def _tables_files(data: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files that hold tables or look as if they did, with their paths below the data set."""
    if data.is_file():
        yield data, data.name
        return
    pending = [data] if data.is_dir() else []
    while pending:
        for path in pending.pop().iterdir():
            if path.name.startswith((".", "~$")):
                continue
            if path.is_dir() and not path.is_symlink():
                pending.append(path)
            elif path.is_file() and path.suffix.lower() in (*READ, *NOT_READ_YET):
                yield path, path.relative_to(data).as_posix()


def _open(
    intake: Intake, path: Path, name: str, table: Table | None
) -> tuple[FileHash | None, Sequence[Supply]]:
    """Return the file's hash, and what it supplies; what the door refuses is a problem, and supplies nothing."""
    if table is None and path.suffix.lower() not in WORKBOOKS:
        known = (text for declared in intake.declaration.tables.values() for text in declared.names)
        hint = nearest(path.stem, known)
        figures = {"value": path.stem, "nearest": hint}
        intake.collected.add("table.unknown_table", Place(name), figures, hint=hint)
        return None, []
    opened = None
    try:
        opened = guard.open_file(path)
        return FileHash(name, opened.sha256), _supplies(intake, File(path, name, opened), table)
    except Refused as refused:
        intake.collected.add(refused.code, Place(name, refused.sheet, refused.row), refused.figures)
        return FileHash(name, opened.sha256) if opened else None, []


def _supplies(intake: Intake, file: File, table: Table | None) -> Sequence[Supply]:
    if table is None or file.path.suffix.lower() in WORKBOOKS:
        return supplies_of_workbook(intake, file, table)
    if file.path.suffix.lower() == ".parquet":
        return [supply_of_parquet(intake, file, table)]
    supply = handed_supply(intake, file, 0, table)
    encoding = file.opened.tops[0].encoding
    if supply and encoding not in (None, "utf-8-sig"):
        figures = {"value": ENCODINGS[encoding]}
        intake.collected.add("table.read_encoding", Place(file.name), figures, kind="warning")
    return [supply] if supply else []
