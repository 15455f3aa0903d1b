"""Every problem code of the tables: a tiny broken data set, and all that must be said about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from odd_readers import door

from auditor.engines.duckdb import DuckDBEngine
from auditor.errors import BadInput, Problem
from auditor.tables.database import Database
from auditor.tables.declaration import load_declaration
from auditor.tables.door import guard
from auditor.tables.read import read_tables
from auditor.texts import LANGUAGES, say_problem, sentences

BROKEN = Path(__file__).parents[2] / "broken" / "tables"
CODES = sorted(path.name for path in BROKEN.iterdir())


@cache
def example(code: str) -> tuple[dict[str, Any], list[Problem]]:
    """Return what is expected of an example, and what was told: both tests ask, and it is read once."""
    folder = BROKEN / code
    expect = yaml.safe_load((folder / "expect.yaml").read_text(encoding="utf-8"))
    return expect, problems_of(folder, expect)


def problems_of(folder: Path, expect: dict[str, Any]) -> list[Problem]:
    """Return the problems and warnings of an example.

    `limits` are the door's for this one, `reader` is the worker of `odd_readers` that reads it: what no tiny file
    can show.
    """
    try:
        chosen = expect.get("declaration")
        declaration = load_declaration(folder / chosen if chosen else None)
        declaration = declaration.with_vocabulary(expect.get("vocabulary", {}))
    except BadInput as bad:
        return list(bad.problems)
    with (
        door(expect.get("reader"), expect.get("limits")),
        DuckDBEngine() as engine,
        TemporaryDirectory() as made,
        _lacking(expect.get("lacks"), Path(made)),
    ):
        reading = read_tables(
            _data(folder, expect, Path(made)),
            declaration,
            engine,
            drop_columns=expect.get("drop_columns", ()),
            year=expect.get("year"),
        )
    return [*reading.problems, *reading.warnings]


def _data(folder: Path, expect: dict[str, Any], made: Path) -> Path | Database:
    """Return the data of an example: files of its folder, a database by its URL, or one made by its SQL."""
    if "url" in expect:
        return Database(expect["url"])
    if "sql" in expect:
        with closing(sqlite3.connect(made / "organisation.db")) as database:
            database.executescript(expect["sql"])
        return made / "organisation.db"
    return folder / str(expect.get("data", "."))


@contextmanager
def _lacking(module: str | None, made: Path) -> Iterator[None]:
    """Let the reader find a module that cannot be imported, as if it were not installed."""
    if module is None:
        yield
        return
    (made / f"{module}.py").write_text("raise ImportError", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "_WORKER", guard._Worker())
        patch.syspath_prepend(made)
        yield
        guard._WORKER.stop()


def told(problem: Problem, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return of a problem what a wanted one may name, without what is empty."""
    place = problem.place
    all_told = {
        "code": problem.code,
        "file": Path(place.file).name if place.file else None,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "hint": problem.hint,
        "stops": None if problem.stops else False,
        "figures": {key: problem.figures[key] for key in wanted.get("figures", {})} or None,
    }
    return {key: value for key, value in all_told.items() if value is not None}


@pytest.mark.parametrize("code", CODES)
def test_a_broken_data_set_is_told_so(code: str) -> None:
    expect, found = example(code)
    if expect.get("among"):
        found = [problem for problem in found if problem.code == f"table.{code}"]
    wanted = expect["problems"]
    assert len(found) == len(wanted), found
    assert [told(problem, want) for problem, want in zip(found, wanted, strict=True)] == wanted


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_its_sentences_have_all_their_figures(code: str) -> None:
    for problem in example(code)[1][:3]:
        for lang in LANGUAGES:
            what, do = say_problem(problem.code, problem.figures, lang)
            assert what
            assert do
            assert "{" not in what + do


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_a_broken_example(lang: str) -> None:
    told_of = {*sentences("table_problems", lang), *sentences("database_problems", lang)}  # type: ignore[arg-type]
    assert {f"table.{code}" for code in CODES} == told_of


def test_a_personal_value_is_not_repeated() -> None:
    found = problems_of(BROKEN / "personal_value", {})
    assert "13812345678" not in repr(found)
    assert "11010519491231002X" not in repr(found)
