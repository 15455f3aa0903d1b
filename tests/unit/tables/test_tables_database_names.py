"""What a database is called: told from a path, and never with a user, a password or what might be one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.tables.database import Database, data_at


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///office.db", "office.db"),
        ("sqlite:////srv/data/%E5%8F%B0%E8%B4%A6.db?timeout=3", "台账.db"),
        ("sqlite+pysqlite:///C:/data/office.db", "office.db"),
        ("postgresql://db.example.cn/office", "postgresql://db.example.cn/office"),
        ("postgresql+psycopg://u:hidden@db:5433/office?sslmode=require", "postgresql://db:5433/office"),
        ("postgres://u:hidden@[::1]:5432/office", "postgresql://[::1]:5432/office"),
        ("postgresql:///office?host=/run&password=hidden", "postgresql:///office"),
        ("postgresql://u:hidden@db:5432", "postgresql://db:5432"),
        ("mysql+pymysql://u:hidden@db/office", "mysql+pymysql://db/office"),
        # Written wrongly: what could be a part of the password is not shown either.
        ("postgresql://u:hid@den@db/office", "postgresql://db/office"),
        ("postgresql://u:hid?den@db/office", "postgresql://…"),
        ("postgresql://u:hid/den@db/office", "postgresql://db/office"),
        ("postgresql://u:hidden", "postgresql://…"),
        ("postgresql://u:12345", "postgresql://u"),
        ("postgresql:/u:hidden@db/office", "postgresql://"),
        ("sqlite://u:hidden@db/office", "sqlite://db/office"),
        ("u:hidden@://db", "…://db"),
    ],
)
def test_a_name_is_without_user_password_and_query(url: str, name: str) -> None:
    assert data_at(url) == Database(url)
    assert Database(url).name == name
    assert "hidden" not in repr(Database(url))


@settings(max_examples=50)
@given(st.text(min_size=3), st.sampled_from(["", "/office", "?a=b@c", "/office?x=1"]))
def test_whatever_the_password_it_is_not_in_the_name(password: str, end: str) -> None:
    marked = f"<{password}>"
    assert marked not in Database(f"postgresql://auditor:{marked}@db{end}").name
    assert marked not in Database(f"postgresql://db{end}{'&' if '?' in end else '?'}password={marked}").name


@pytest.mark.parametrize("name", ["office.db", "office.SQLITE", "台账 50%?.sqlite3", "a#b&c=d.db"])
def test_an_existing_sqlite_file_is_a_database(name: str, tmp_path: Path) -> None:
    assert data_at(str(tmp_path / name)) == tmp_path / name
    (tmp_path / name).touch()
    for given_as in (str(tmp_path / name), tmp_path / name):
        database = data_at(given_as)
        assert isinstance(database, Database)
        assert (database.file, database.name, database.backend) == (tmp_path / name, name, "sqlite")


def test_other_paths_stay_paths(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    for path in (tmp_path, tmp_path / "folder.db", Path("units.csv"), Path("C:/data/office.xlsx")):
        assert data_at(str(path)) == path


def test_without_a_file_there_is_none() -> None:
    for url in ("sqlite://", "sqlite:///:memory:", "sqlite:///", "sqlite://office.db", "sqlite:office.db"):
        assert data_at(url).file is None  # type: ignore[union-attr]
