"""The corpus fixtures/messy: every twin gives the tables and findings of the clean one, and is told as it is."""

from __future__ import annotations

import csv
import importlib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pack_files import read_yaml

from auditor.audit import Options, audit
from auditor.engines.duckdb import DuckDBEngine
from auditor.model.finding import Finding
from auditor.tables.declaration import load_declaration
from auditor.tables.read import Reading, read_tables

CORPUS = Path(__file__).parents[1] / "fixtures" / "messy"
CLEAN = CORPUS / "clean"
EXPECTED = [read_yaml(path) for path in sorted(CORPUS.glob("expected-*.yaml")) if "findings" not in path.stem]
TWINS = {name: expected for expected in EXPECTED for name in expected["twins"]}
QUICK = ("csv-gb18030", "xlsx-1904")
"""The twins that are read with the fast tests; the others with the slow ones."""
READ = [pytest.param(twin, marks=() if twin in QUICK else pytest.mark.slow) for twin in TWINS]
OPTIONS = Options(judged_by="plain")

YEAR = 2024
TOLD = ("table.read_", "table.left_out_", "table.dangling_")
"""The beginnings of the codes that `warnings` of the expected files list."""
INFERRED = ("table.read_year", "table.read_month")
"""The codes of a day that was not written out whole: `inferred` lists each with what it was read as."""
FACTS = {"is_hidden": False, "hidden_rows": (), "hidden_columns": (), "merged_filled": ()}


def sheets_of(twin: str) -> Iterator[tuple[str, str | None, Mapping[str, Any]]]:
    """Yield file, sheet and what is expected of it."""
    expected = TWINS[twin]
    for each in expected["sheets"]:
        yield each.get("file") or expected["twins"][twin]["file"], each.get("sheet"), each


def numbers(text: Any) -> list[int]:
    """Return the numbers of a list of ranges such as `4-6, 8`."""
    ends = [part.strip().split("-") for part in str(text).split(",")]
    return [number for each in ends for number in range(int(each[0]), int(each[-1]) + 1)]


def test_every_twin_is_described() -> None:
    folders = {path.name for path in CORPUS.iterdir() if path.is_dir()}
    assert folders == {"clean", *TWINS}


# ---- What is recognised --------------------------------------------------------------------------


@pytest.mark.parametrize("twin", READ)
def test_sheets_headers_and_columns_are_recognised(twin: str) -> None:
    found = {(supply.file, supply.sheet): supply for supply in reading(twin).of.supplies}
    assert found.keys() == {(file, sheet) for file, sheet, _ in sheets_of(twin)}
    for file, sheet, expected in sheets_of(twin):
        supply = found[file, sheet]
        assert supply.table.name == expected["table"]
        assert supply.headers.row == expected["header_row"]
        columns = {
            text: slot for text, slot in zip(supply.headers.texts, supply.headers.slots, strict=True) if slot
        }
        assert columns == expected["columns"]


@pytest.mark.parametrize("twin", READ)
def test_what_a_sheet_is_like_is_known(twin: str) -> None:
    about = TWINS[twin]["twins"][twin]
    found = {(supply.file, supply.sheet): supply.facts for supply in reading(twin).of.supplies}
    for file, sheet, expected in sheets_of(twin):
        facts, told = found[file, sheet], expected.get("facts", {})
        assert facts.epoch == about.get("epoch")
        if "encoding" in about:
            assert facts.encoding == about["encoding"]
        for key, usual in FACTS.items():
            wanted = told.get(key, usual)
            assert getattr(facts, key) == (tuple(wanted) if isinstance(wanted, list) else wanted), (
                sheet,
                key,
            )


@pytest.mark.parametrize("twin", READ)
def test_what_was_understood_is_said(twin: str) -> None:
    said = {
        (w.place.file, w.place.sheet, w.code, w.place.row, w.place.column, w.figures.get("count"))
        for w in reading(twin).of.warnings
        if w.code.startswith(TOLD) and w.code not in INFERRED
    }
    wanted = {
        (file, sheet, each["code"], each.get("row"), each.get("column"), each.get("count"))
        for file, sheet, expected in sheets_of(twin)
        for each in expected["warnings"]
    }
    if "said" in TWINS[twin]["twins"][twin]:
        wanted |= {(file, None, "table.read_encoding", None, None, None) for file, _, _ in sheets_of(twin)}
    assert said == wanted


@pytest.mark.parametrize("twin", READ)
def test_days_that_were_not_written_whole_are_said_one_by_one(twin: str) -> None:
    said = [
        (w.place.file, w.place.sheet, w.place.row, w.place.column, w.figures["value"], w.figures["other"])
        for w in reading(twin).of.warnings
        if w.code in INFERRED
    ]
    wanted = [
        (file, sheet, each["row"], each["column"], each["value"], str(each["meant"]))
        for file, sheet, expected in sheets_of(twin)
        for each in expected.get("facts", {}).get("inferred", ())
    ]
    assert len(wanted) == 2
    assert sorted(said, key=str) == sorted(wanted, key=str)


# ---- The same tables -----------------------------------------------------------------------------


@pytest.mark.parametrize("twin", READ)
def test_the_tables_are_those_of_the_clean_twin(twin: str) -> None:
    assert reading(twin).of.problems == ()
    assert reading(twin).rows_by(origins(twin)) == clean_tables()


@cache
def clean_tables() -> dict[str, list[Any]]:
    clean = reading("clean")
    assert clean.of.problems == ()
    assert {table: len(rows) for table, rows in clean.tables.items() if rows} == {
        path.stem: len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in CLEAN.glob("*.csv")
    }
    at = {(file, None, row): (file, row) for rows in clean.tables.values() for file, _, row, *_ in rows}
    return clean.rows_by(at)


@dataclass(frozen=True)
class Read:
    """What came of reading a twin, and the rows of every table: file, sheet, row, cells."""

    of: Reading
    tables: dict[str, list[Any]]

    def rows_by(self, places: Mapping[Any, Any]) -> dict[str, list[Any]]:
        """Return the rows of every table, each under its row of the clean twin."""
        return {
            table: sorted(
                ((places.get((file, sheet, row)), cells) for file, sheet, row, *cells in rows), key=str
            )
            for table, rows in self.tables.items()
        }


@cache
def reading(twin: str) -> Read:
    declaration = load_declaration()
    with DuckDBEngine() as engine:
        of = read_tables(CORPUS / twin, declaration, engine, year=YEAR)
        found = {
            table.name: engine.rows(
                f"SELECT s.file, s.sheet, t.row_no, {', '.join(f't.{column}' for column in table.columns)} "
                f"FROM {table.name} t JOIN sources s USING (source_no)"
            )
            for table in declaration.tables.values()
        }
    return Read(of, found)


def origins(twin: str) -> dict[tuple[str, str | None, int], tuple[str, int]]:
    """Return the row of the clean twin that every row of a messy one comes from."""
    return {
        (file, sheet, row): (f"{expected['table']}.csv", clean)
        for file, sheet, expected in sheets_of(twin)
        for clean, row in enumerate(numbers(expected["data_rows"]), start=2)
    }


# ---- The same findings ---------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("twin", TWINS)
def test_the_findings_are_those_of_the_clean_twin(twin: str) -> None:
    with audit(CORPUS / twin, ["henan-2023"], YEAR, OPTIONS) as done:
        assert [moved(finding, origins(twin)) for finding in done.findings(True)] == clean_findings()


def moved(finding: Finding, places: Mapping[Any, tuple[str, int]]) -> Finding:
    """Return a finding with its evidence where the rows stand in the clean twin."""
    evidence = []
    for each in finding.evidence:
        file, row = places.get((each.file, each.sheet, each.row), (each.file, each.row))
        evidence.append(replace(each, file=file, sheet=None, row=row))
    return replace(finding, evidence=tuple(sorted(evidence, key=str)))


@cache
def clean_findings() -> list[Finding]:
    with audit(CLEAN, ["henan-2023"], YEAR, OPTIONS) as done:
        found = [moved(each, {}) for each in done.findings(True)]
    assert sum(len(each.evidence) for each in found) > 50
    return found


def test_the_clean_twin_has_the_findings_worked_out_by_hand() -> None:
    found = {(each.unit_id, each.requirement_id, each.period): each for each in clean_findings()}
    for wanted in read_yaml(CORPUS / "expected-findings.yaml")["findings"]:
        finding = found[wanted["unit"], wanted["requirement"], wanted["period"]]
        value = wanted.get("value")
        if "numerator" in wanted:
            share = Decimal(wanted["numerator"]) / wanted["denominator"]
            value = share.quantize(Decimal("0.000001"), ROUND_HALF_UP)
        told = (finding.verdict, finding.value, finding.numerator, finding.denominator, finding.shortfall)
        keys = ("numerator", "denominator", "shortfall")
        assert told == (wanted["verdict"], value, *map(wanted.get, keys)), wanted


# ---- The maker -----------------------------------------------------------------------------------


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, missing: Callable[[str], None]) -> Callable[[Path], None]:
    try:
        importlib.import_module("xlwt")
    except ImportError:
        missing("xlwt")
    monkeypatch.syspath_prepend(str(CORPUS.parent))
    made: Callable[[Path], None] = importlib.import_module("make_messy_corpus").make
    return made


@pytest.mark.slow
def test_the_corpus_is_what_its_script_makes(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "one")
    make(tmp_path / "two")
    made = {
        path.relative_to(tmp_path / "one"): path for path in (tmp_path / "one").rglob("*") if path.is_file()
    }
    committed = {
        path.relative_to(CORPUS) for twin in TWINS for path in (CORPUS / twin).rglob("*") if path.is_file()
    }
    assert made.keys() == committed
    for name, path in made.items():
        assert path.read_bytes() == (tmp_path / "two" / name).read_bytes(), name
        assert content(path) == content(CORPUS / name), name


def content(path: Path) -> Any:
    """Return what must not change: packed sizes and the words of libraries about themselves may."""
    if path.suffix in (".xlsx", ".ods"):
        with zipfile.ZipFile(path) as archive:
            return [(each.filename, each.date_time, archive.read(each)) for each in archive.infolist()]
    if path.suffix == ".parquet":
        with duckdb.connect() as engine:
            return engine.execute(f"SELECT * FROM read_parquet('{path.as_posix()}')").fetchall()
    return path.read_bytes()


def test_days_of_the_clean_twin_are_days() -> None:
    """The clean files are written by hand: a day that does not exist would be clean nowhere."""
    for path in CLEAN.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for column, cell in row.items():
                    if cell and (column.endswith("_on") or column == "active_from"):
                        assert date(1949, 10, 1) <= date.fromisoformat(cell) <= date(2100, 12, 31)
