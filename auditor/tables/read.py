"""The one door through which every table comes in: files in, typed tables of the engine and problems out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import Place, Problem
from auditor.model.audit import FileHash
from auditor.tables import views
from auditor.tables.cleaning import create_rows
from auditor.tables.collecting import Collected
from auditor.tables.declaration import Declaration
from auditor.tables.files import open_files
from auditor.tables.headers import check_required
from auditor.tables.intake import Engine, Intake
from auditor.tables.loading import load
from auditor.tables.missing import check_named_units, note_missing
from auditor.tables.supply import Supply
from auditor.tables.validate import Loaded, leave_out_marked, units_left_behind, validate_tables

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
    columns of each that were supplied anywhere, `left_out` the rows that `skip_bad_rows` left out.
    """

    files: tuple[FileHash, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    present: frozenset[str]
    columns: Mapping[str, frozenset[str]]
    left_out: tuple[LeftOutRow, ...]


def read_tables(
    data: Path, declaration: Declaration, engine: Engine, *, skip_bad_rows: bool = False
) -> Reading:
    """Read a data set into the engine, and return what is wrong with it.

    Afterwards the engine has, for every declared table, a table or view of its name with every declared
    column (codes canonical; `choices` as `;a;b;`), `source_no` and `row_no`; and the tables `sources`
    (source_no, file, sheet), `missing_tables` (table_name, unit_id) and `unit_tree` (unit_id, below_id:
    at any depth, itself included). Where `problems` is not empty the tables hold what could be read.
    """
    collected = Collected(skip_bad_rows=skip_bad_rows)
    intake = Intake(declaration, engine, collected)
    opened = open_files(intake, data)
    supplies = _checked_supplies(opened.supplies, collected)
    if opened.files and "units" not in opened.meant:
        collected.add("table.no_units", Place())
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
        left_out=tuple(LeftOutRow(*row) for row in engine.rows(views.LEFT_OUT)) if skip_bad_rows else (),
    )


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
    if loaded.sources:
        numbered = [(number, supply.file, supply.sheet) for number, supply in loaded.sources.items()]
        engine.run(views.add_sources(numbered))
    for name in sorted(loaded.present):
        engine.run(create_rows(intake.declaration.tables[name]))
    in_place: dict[str, list[str]] = {}
    for source_no, supply in loaded.sources.items():
        rows = load(intake, supply, source_no)
        if rows is not None:
            in_place.setdefault(supply.table.name, []).append(rows)
    return in_place


def _check_all(intake: Intake, loaded: Loaded, in_place: InPlaceRows, *, skip_bad_rows: bool) -> None:
    """Make the views, check them, and make them again without the rows that are left out."""
    for table in intake.declaration.tables.values():
        if table.name not in loaded.present:
            intake.engine.run(views.empty_view_of(table))
    _make_views(intake, loaded, in_place, is_shortened=False)
    validate_tables(intake, loaded)
    if not skip_bad_rows:
        intake.engine.run(views.CREATE_LEFT_OUT)
        return
    leave_out_marked(intake, loaded)
    _make_views(intake, loaded, in_place, is_shortened=True)
    while units_left_behind(intake, loaded):
        pass


def _make_views(intake: Intake, loaded: Loaded, in_place: InPlaceRows, *, is_shortened: bool) -> None:
    for name in sorted(loaded.present):
        table = intake.declaration.tables[name]
        intake.engine.run(views.view_of(table, in_place.get(name, []), is_shortened=is_shortened))


def _columns(loaded: Loaded) -> Mapping[str, frozenset[str]]:
    columns: dict[str, frozenset[str]] = {}
    for supply in loaded.sources.values():
        before = columns.get(supply.table.name, frozenset())
        columns[supply.table.name] = before | frozenset(supply.headers.columns)
    return columns
