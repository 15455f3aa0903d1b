"""`doctor`: reads without auditing, and says what was recognised and every problem; `-o`: the file, marked."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import click

from auditor.authoring.doctor import Examined, examine
from auditor.authoring.doctor_workbook import Copy, doctor_workbook
from auditor.authoring.mapping_seen import sheets_seen
from auditor.authoring.marking import Entry, entries_of
from auditor.commands.delivering import check_delivery
from auditor.commands.doctor_json import as_json
from auditor.commands.doctor_table import as_table
from auditor.commands.options import as_written, option
from auditor.commands.options import build as build_command
from auditor.commands.progress import progress
from auditor.commands.showing import show
from auditor.commands.telling import problem_in_words
from auditor.engines.duckdb import DuckDBEngine
from auditor.errors import BadInput, Place, Problem
from auditor.reports.writing import write_file
from auditor.steps import Tell
from auditor.tables.declaration import Declaration, load_declaration
from auditor.tables.mapping_draft import write_mapping
from auditor.tables.read import Reading, read_tables
from auditor.texts import Lang, say

FORMATS = ("table", "json")


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(data: Path, **given: Any) -> int:
        return _run(data, lang, given)

    return build_command(
        run, "doctor", lang,
        click.argument("data", type=click.Path(path_type=Path)),
        # What ducha.toml calls `format` and `out` is an audit's report: hence other names.
        option(lang, "--format", "shown_as", default="table", metavar="|".join(FORMATS)),
        option(lang, "--out", "-o", "place", type=click.Path(path_type=Path), said_as="out-of-doctor"),
        *as_written(lang),
        option(lang, "--write-map", "draft", type=click.Path(path_type=Path)),
    )  # fmt: skip


def _run(data: Path, lang: Lang, given: dict[str, Any]) -> int:
    _refuse(data, given)
    declaration = load_declaration()
    with progress(lang) as tell:
        reading = _read(data, declaration, given, tell)
    examined = examine(data, reading, declaration)
    entries = entries_of(examined, lambda problem: problem_in_words(problem, lang))
    if given["draft"] is not None:
        write_file(given["draft"], [write_mapping(declaration, sheets_seen(data, reading), lang)])
    copy = _write_copy(examined, entries, declaration, lang, given["place"])
    if given["shown_as"] == "json":
        show(as_json(examined, copy, given["place"]))
    else:
        width = shutil.get_terminal_size((100, 40)).columns
        show(as_table(examined, entries, copy, given["place"], declaration, lang, width))
        if given["draft"] is not None:
            show([say("doctor", "draft", {"file": given["draft"]}, lang) + "\n"])
    return 2 if examined.problems else 0


def _read(data: Path, declaration: Declaration, given: dict[str, Any], tell: Tell) -> Reading:
    """Return the reading of a data set; whatever is chosen of how it is read goes in here."""
    with DuckDBEngine() as engine:
        return read_tables(
            data, declaration, engine, mapping=given["mapping"], drop_columns=given["drop_columns"], tell=tell
        )


def _refuse(data: Path, given: dict[str, Any]) -> None:
    """Refuse before the work data that there is not, and a place where the copy may not be written."""
    problems = []
    if not data.exists():
        problems.append(Problem("table.no_such_data", {"value": str(data)}, Place(file=str(data))))
    place = given["place"]
    if place is not None:
        problems += _place_problems(data, place)
    if given["draft"] is not None and given["draft"].exists():
        problems.append(Problem("usage.file_exists", {"value": str(given["draft"])}))
    if problems:
        raise BadInput(problems)
    check_delivery(given["shown_as"], FORMATS, None)
    for each in filter(None, (place, given["draft"])):
        check_delivery("xlsx", ("xlsx",), each)


def _place_problems(data: Path, place: Path) -> list[Problem]:
    figures = {"value": str(place)}
    if place.suffix.lower() != ".xlsx":
        return [Problem("usage.not_a_workbook", figures)]
    if data.is_file() and place.resolve() == data.resolve():
        return [Problem("usage.place_is_data", figures)]
    if data.is_dir() and place.resolve().is_relative_to(data.resolve()):
        return [Problem("usage.place_in_data", figures)]
    return [Problem("usage.file_exists", figures)] if place.is_file() else []


def _write_copy(
    examined: Examined, entries: list[Entry], declaration: Declaration, lang: Lang, place: Path | None
) -> Copy | None:
    if place is None:
        return None
    copy = doctor_workbook(examined, entries, declaration, lang)
    write_file(place, [copy.content])
    return copy
