"""The one door through which every table comes in: files in, typed tables of the engine and problems out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from auditor.errors import Place, Problem
from auditor.model.audit import FileHash
from auditor.steps import Step, Tell, part, tell_nobody
from auditor.tables import views
from auditor.tables.cleaning import create_rows
from auditor.tables.collecting import Collected
from auditor.tables.declaration import Declaration
from auditor.tables.files import Opened, open_files
from auditor.tables.headers import check_required
from auditor.tables.intake import Engine, Intake
from auditor.tables.loading import load
from auditor.tables.mapping import NO_MAPPING, TablesMapping
from auditor.tables.mapping_file import load_mapping
from auditor.tables.mapping_use import check_mapping
from auditor.tables.missing import check_named_units, note_missing
from auditor.tables.recognised import Recognised, recognise
from auditor.tables.supply import Supply
from auditor.tables.validate import Loaded, units_left_behind, validate_tables

_OPENED, _LOADED = 0.4, 0.9
"""How much of the reading is behind when the files are opened, and when their rows are loaded."""

InPlaceRows = Mapping[str, list[str]]
"""The SELECTs of the files that are read in place, by table."""


@dataclass(frozen=True)
class LeftOutRow:
    """A row that was left out because a cell of it is a problem."""

    table: str
    file: str
    sheet: str | None
    row: int


@dataclass(frozen=True)
class Reading:
    """What came of reading a data set.

    `problems` stop the audit, `warnings` do not; `present` are the tables that were supplied, `columns` the
    columns of each that were supplied anywhere, `left_out` the rows that `skip_bad_rows` left out,
    `recognised` what each file or sheet that could be opened was taken for, `supplies` the same as it was read.
    """

    files: tuple[FileHash, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    present: frozenset[str]
    columns: Mapping[str, frozenset[str]]
    left_out: tuple[LeftOutRow, ...]
    recognised: tuple[Recognised, ...] = ()
    supplies: tuple[Supply, ...] = field(default=(), repr=False)


def read_tables(
    data: Path,
    declaration: Declaration,
    engine: Engine,
    *,
    skip_bad_rows: bool = False,
    mapping: Path | None = None,
    drop_columns: Sequence[str] = (),
    year: int | None = None,
    tell: Tell = tell_nobody,
) -> Reading:
    """Read a data set into the engine, and return what is wrong with it.

    `mapping` is a file that says what files and headers mean that nobody knows (`mapping_file`); raises BadInput
    with every problem of it. `drop_columns` are headers (`HEADER`, `FILE:HEADER`, `FILE[SHEET]:HEADER`) whose
    columns are not read.

    Afterwards the engine has, for every declared table, a table or view of its name with every declared
    column (codes canonical; `choices` as `;a;b;`), `source_no` and `row_no`; and the tables `sources`
    (source_no, file, sheet), `missing_tables` (table_name, unit_id) and `unit_tree` (unit_id, below_id:
    at any depth, itself included). Where `problems` is not empty the tables hold what could be read.
    `year` is the one that days written without a year (3月5日) lie in; without one they are problems.
    """
    collected = Collected(skip_bad_rows=skip_bad_rows)
    chosen = _mapping(mapping, drop_columns, declaration)
    with TemporaryDirectory(prefix="ducha-", ignore_cleanup_errors=True) as folder:
        intake = Intake(declaration, engine, collected, Path(folder), chosen, year, tell)
        return _read(intake, data, skip_bad_rows=skip_bad_rows)


def _read(intake: Intake, data: Path, *, skip_bad_rows: bool) -> Reading:
    engine, collected = intake.engine, intake.collected
    opened = _opened(intake, data)
    supplies = _checked_supplies(opened.supplies, collected)
    sources = dict(enumerate(supplies, start=1))
    present = frozenset(supply.table.name for supply in supplies)
    loaded = Loaded(sources, present)
    in_place = _load_all(intake, loaded)
    _check_all(intake, loaded, in_place, skip_bad_rows=skip_bad_rows)
    engine.run(views.UNIT_TREE)
    check_named_units(intake, opened.supplies)
    note_missing(intake, opened.supplies)
    return Reading(
        files=opened.files,
        problems=collected.problems(stops=True),
        warnings=collected.problems(stops=False),
        present=present,
        columns=_columns(loaded),
        left_out=tuple(LeftOutRow(*row) for row in engine.rows(views.LEFT_OUT)),
        recognised=recognise(
            intake.declaration, opened.supplies, _row_counts(intake, loaded), collected.problems(stops=True)
        ),
        supplies=opened.supplies,
    )


def _mapping(path: Path | None, drop_columns: Sequence[str], declaration: Declaration) -> TablesMapping:
    mapping = load_mapping(path, declaration) if path else NO_MAPPING
    return replace(mapping, drop_columns=tuple(drop_columns))


def _opened(intake: Intake, data: Path) -> Opened:
    """Return the opened files; a mapping that fits nothing, and a data set without units, are problems."""
    opened = open_files(replace(intake, tell=part(intake.tell, 0, _OPENED)), data)
    check_mapping(intake, [each.file for each in opened.files], opened.supplies)
    if opened.seen and "units" not in opened.meant:
        intake.collected.add("table.no_units", Place())
    return opened


def _checked_supplies(supplies: Sequence[Supply], collected: Collected) -> list[Supply]:
    """Return the supplies that hold rows, with a problem for each required column that one lacks.

    A units sheet without types only names the units of its workbook where another file describes them.
    """
    describes = any(s.table.name == "units" and "type" in s.headers.columns for s in supplies)
    holding = [s for s in supplies if not (describes and _only_names(s))]
    for supply in holding:
        ready = ["unit_id"] if supply.unit_id is not None and supply.table.name != "units" else []
        check_required(supply.headers, supply.table, ready, supply.place, collected)
    return holding


def _only_names(supply: Supply) -> bool:
    return supply.table.name == "units" and supply.sheet is not None and "type" not in supply.headers.columns


def _load_all(intake: Intake, loaded: Loaded) -> InPlaceRows:
    engine = intake.engine
    engine.run(views.CREATE_SOURCES)
    engine.run(views.CREATE_LEFT_OUT)
    for table in intake.declaration.tables.values():
        engine.run(create_rows(table))
    in_place: dict[str, list[str]] = {}
    for source_no, supply in loaded.sources.items():
        share = _OPENED + (_LOADED - _OPENED) * (source_no - 1) / len(loaded.sources)
        intake.tell(Step("loading", share, supply.sheet or supply.file))
        engine.run(views.add_source(source_no, supply.file, supply.sheet))
        rows = load(intake, supply, source_no)
        if rows is not None:
            in_place.setdefault(supply.table.name, []).append(rows)
    return in_place


def _check_all(intake: Intake, loaded: Loaded, in_place: InPlaceRows, *, skip_bad_rows: bool) -> None:
    """Make the views, check them, and make them again without the rows that are left out."""
    intake.tell(Step("checking", _LOADED))
    _make_views(intake, in_place, is_shortened=False)
    validate_tables(intake, loaded)
    if not skip_bad_rows:
        intake.engine.run(views.CREATE_LEFT_OUT)
        return
    _make_views(intake, in_place, is_shortened=True)
    while units_left_behind(intake, loaded):
        pass


def _make_views(intake: Intake, in_place: InPlaceRows, *, is_shortened: bool) -> None:
    for table in intake.declaration.tables.values():
        intake.engine.run(views.view_of(table, in_place.get(table.name, []), is_shortened=is_shortened))


def _row_counts(intake: Intake, loaded: Loaded) -> Mapping[tuple[str, str | None], int]:
    """Return how many rows each file or sheet gave."""
    counts: dict[tuple[str, str | None], int] = {}
    for table in sorted(loaded.present):
        for source_no, count in intake.engine.rows(views.count_rows(intake.declaration.tables[table])):
            supply = loaded.sources[source_no]
            counts[supply.file, supply.sheet] = count
    return counts


def _columns(loaded: Loaded) -> Mapping[str, frozenset[str]]:
    columns: dict[str, frozenset[str]] = {}
    for supply in loaded.sources.values():
        before = columns.get(supply.table.name, frozenset())
        columns[supply.table.name] = before.union(supply.headers.columns, supply.table.as_written.constants)
    return columns
