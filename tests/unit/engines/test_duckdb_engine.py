"""The embedded engine: exact values, faults that show their statement, nothing left on the disk."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from auditor.engines.duckdb import BATCH, DuckDBEngine
from auditor.errors import EngineFault


def spill_folders() -> set[str]:
    return {path.name for path in Path(tempfile.gettempdir()).glob("ducha-*")}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_the_spill_folder_goes_with_the_engine() -> None:
    with DuckDBEngine() as engine:
        assert len(spill_folders()) == 1
        engine.run("CREATE TABLE t AS SELECT 1")
    assert spill_folders() == set()


def test_the_spill_folder_goes_after_a_fault_too() -> None:
    with pytest.raises(EngineFault), DuckDBEngine() as engine:
        engine.run("SELECT nothing FROM nowhere")
    assert spill_folders() == set()


def test_a_fault_carries_its_statement() -> None:
    with DuckDBEngine() as engine, pytest.raises(EngineFault, match="nowhere") as fault:
        engine.rows("SELECT nothing FROM nowhere -- mine")
    assert "-- the statement:\nSELECT nothing FROM nowhere -- mine" in str(fault.value)


def test_after_closing_nothing_runs() -> None:
    engine = DuckDBEngine()
    engine.close()
    with pytest.raises(EngineFault):
        engine.run("SELECT 1")


def test_rows_are_inserted_exactly_and_many_at_a_time() -> None:
    rows = [(at, Decimal("0.1") * at, date(2024, 1, 1), "it's", None, at % 2 == 0) for at in range(1201)]
    with DuckDBEngine() as engine:
        engine.run("CREATE TABLE t (a BIGINT, b DECIMAL(38, 6), c DATE, d VARCHAR, e VARCHAR, f BOOLEAN)")
        engine.insert("t", rows)
        assert engine.rows("SELECT * FROM t ORDER BY a") == rows


def test_texts_are_stored_as_they_are_and_replace_the_table() -> None:
    texts = ["1,200", "it's", "a\nb", "\\", "", "学习"]
    with DuckDBEngine() as engine:
        engine.create_texts("t", {"given": ["x"]})
        engine.create_texts("t", {"given": texts, "plain": texts[::-1]})
        assert engine.rows("SELECT given, plain FROM t") == list(zip(texts, texts[::-1], strict=True))
        with pytest.raises(ValueError, match="plain lower-case name"):
            engine.create_texts("t; DROP TABLE t", {"given": texts})


def test_a_stream_gives_every_row_in_order_while_others_ask() -> None:
    with DuckDBEngine() as engine:
        engine.run(f"CREATE TABLE t AS SELECT range AS a FROM range({BATCH * 2 + 3})")
        seen = 0
        for at, (value,) in enumerate(engine.stream("SELECT a FROM t ORDER BY a")):
            assert value == at
            if at % BATCH == 0:
                assert engine.rows("SELECT count(*) FROM t") == [(BATCH * 2 + 3,)]
            seen += 1
        assert seen == BATCH * 2 + 3


def test_python_objects_are_no_tables() -> None:
    secret = pd.DataFrame({"a": [1]})
    with DuckDBEngine() as engine, pytest.raises(EngineFault):
        engine.rows("SELECT * FROM secret")
    assert len(secret) == 1
