from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.declaration import Declaration, load_declaration
from auditor.tables.read import Reading, read_tables


@pytest.fixture(scope="session")
def declaration() -> Declaration:
    return load_declaration()


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as engine:
        yield engine


@pytest.fixture
def read(engine: DuckDBEngine, declaration: Declaration, tmp_path: Path) -> Callable[..., Reading]:
    """Write files (name -> text or bytes) into a folder and read it."""

    def read_files(files: dict[str, str | bytes] | None = None, **options: Any) -> Reading:
        for name, content in (files or {}).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return read_tables(tmp_path, declaration, engine, **options)

    return read_files
