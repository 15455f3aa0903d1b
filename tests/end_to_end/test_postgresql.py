"""PostgreSQL for real: the findings of the same files, one moment, nothing written, values, and what goes wrong."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from postgres import PASSWORD, Server

from auditor.tables.door import database, guard
from auditor.tables.door.handing import Ask, Refused
from auditor.tables.signs import REPORTED
from auditor.texts import LANGUAGES
from end_to_end.conftest import Run
from end_to_end.stored_world import IN_CHINESE, UNITS, WORLD
from end_to_end.test_database import judged

pytestmark = pytest.mark.slow


def problems(run: Run, url: str, *more: object) -> list[tuple[Any, ...]]:
    """Return code, table, row and column of what the doctor finds."""
    said = json.loads(run("doctor", url, "--format", "json", *more).out)
    return [(each["code"], each["sheet"], each["row"], each["column"]) for each in said["problems"]]


@pytest.mark.parametrize("world", [WORLD, IN_CHINESE], ids=["en", "zh"])
def test_the_findings_are_those_of_the_same_files(
    run: Run, postgresql: Server, data: Path, strict_pack: Path, world: tuple[str, ...]
) -> None:
    name = postgresql.make(*world, "CREATE VIEW students AS SELECT 1 / 0 AS name")
    assert judged(run, postgresql.url(name), strict_pack) == judged(run, data, strict_pack)


def test_tables_views_and_the_rest_of_the_default_schema_are_read(
    run: Run, postgresql: Server, data: Path, strict_pack: Path
) -> None:
    moved = [text.replace("activities", "held") for text in WORLD[2:]]
    name = postgresql.make(
        *UNITS,
        *moved,
        "CREATE MATERIALIZED VIEW activities AS SELECT * FROM held",
        "CREATE SCHEMA elsewhere",
        "CREATE TABLE elsewhere.waivers (nothing TEXT)",
    )
    url = postgresql.url(name)
    assert judged(run, url, strict_pack) == judged(run, data, strict_pack)
    ran = run("audit", url, "--pack", strict_pack, "--year", 2024, "--format", "json")
    (warning,) = json.loads(ran.out)["data"]["warnings"]
    assert (warning["code"], warning["figures"]["expected"]) == ("table.tables_not_read", "held")


def test_evidence_names_server_table_and_ordinal(
    run: Run, postgresql: Server, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = postgresql.make(*WORLD)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    ran = run("audit", postgresql.url(name), "--pack", pack, "--year", 2024, "--format", "json")
    said, shown = json.loads(ran.out), f"postgresql://127.0.0.1:{postgresql.port}/{name}"
    rows = [(each["file"], each["sheet"], each["row"]) for each in said["findings"][0]["evidence"]]
    assert rows == [(shown, "activities", 1), (shown, "activities", 2)]
    assert PASSWORD not in ran.text


def test_all_tables_are_of_one_moment(
    run: Run, postgresql: Server, data: Path, strict_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = postgresql.make(*WORLD)
    take, written = guard.take, []

    def take_and_write(*words: Any) -> Any:
        taken = take(*words)
        if not written:  # the activities were taken, the units not yet
            postgresql.run(name, "DELETE FROM units WHERE unit_id = 'U2'", "DELETE FROM activities")
            written.append(True)
        return taken

    monkeypatch.setattr(guard, "take", take_and_write)
    assert judged(run, postgresql.url(name), strict_pack) == judged(run, data, strict_pack)
    after = judged(run, postgresql.url(name), strict_pack)
    assert [unit["unit_id"] for unit in after["units"]] == ["U1"]


def test_nothing_can_be_written(run: Run, postgresql: Server) -> None:
    name = postgresql.make(
        *UNITS,
        "CREATE TABLE written (at TIMESTAMP)",
        "CREATE FUNCTION write() RETURNS TEXT LANGUAGE SQL AS 'INSERT INTO written VALUES (now()); SELECT $$A1$$'",
        "CREATE VIEW activities AS SELECT write() AS activity_id, 'U1' AS unit_id",
    )
    ran = run("doctor", postgresql.url(name))
    assert ran.code == 2
    assert "读取它就要写入，而本工具只读" in ran.text
    with postgresql.connect(name) as connection:
        assert connection.execute("SELECT count(*) FROM written").fetchone() == (0,)
        assert connection.execute("SELECT write()").fetchone() == ("A1",)


def test_the_transaction_ends_with_the_reading(run: Run, postgresql: Server) -> None:
    name = postgresql.make(*WORLD)
    assert run("doctor", postgresql.url(name)).code == 0
    with postgresql.connect() as connection:
        open_still = connection.execute("SELECT state FROM pg_stat_activity WHERE datname = %s", [name])
        assert open_still.fetchall() == []


# ---- Values ----------------------------------------------------------------------------------------


def taken(url: str, columns: int, into: Path) -> tuple[list[list[str]], Any]:
    """Return the rows of the only table, and the faults."""
    with closing(database.open_database(url, None)) as stored:
        stored.tops()
        stored.head(0)
        told = stored.take(Ask(0, 0, list(range(columns)), (), columns, columns, str(into)))
    with into.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file)), told.faults


EXACT = [
    ("0.1::float8", "0.1"), ("1e-7::float8", "0.0000001"), ("0.1::real", "0.1"), ("3::float8", "3"),
    ("1234567890.123456789::numeric", "1234567890.123456789"), ("3.50::numeric(9,2)", "3.50"),
    ("'NaN'::numeric", "NaN"), ("9007199254740993::bigint", "9007199254740993"), ("true", "true"), ("NULL", ""),
    ("'2024-03-05'::date", "2024-03-05"), ("'infinity'::date", "infinity"), ("'0044-03-15 BC'::date", "0044-03-15 BC"),
    ("'2024-03-05'::timestamp", "2024-03-05 00:00:00"), ("'2024-03-05 00:00:00'::timestamptz", "2024-03-05 00:00:00"),
    ("'2024-03-05 10:30'::timestamp", "2024-03-05 10:30:00"), ("'abc'::varchar(9)", "abc"), ("'007'::text", "007"),
    ("'6f1a3bde-0000-4000-8000-000000000001'::uuid", "6f1a3bde-0000-4000-8000-000000000001"),
    ("ARRAY['学习', 'b']", "学习;b"), ("ARRAY[1, 2]", "1;2"), ("'{}'::text[]", ""), ("'a'::letter", "a"),
    ("ARRAY['a', 'b']::letter[]", "a;b"), ("ARRAY['2024-03-05'::date]", "2024-03-05"), ("'x'::short", "x"),
]  # fmt: skip
NO_CELLS = {
    "'\\x00'::bytea": "BLOB",
    "'{}'::jsonb": "JSON",
    "ARRAY['a', NULL]": "list",
    "ARRAY[ARRAY['a']]": "list",
    "'1 day'::interval": "timedelta",
}
TYPES = ("CREATE TYPE letter AS ENUM ('a', 'b')", "CREATE DOMAIN short AS VARCHAR(3)")


def test_values_are_exact_texts(postgresql: Server, tmp_path: Path) -> None:
    columns = ", ".join(f"{value} AS c{at}" for at, (value, _) in enumerate(EXACT))
    name = postgresql.make(*TYPES, f"CREATE TABLE units AS SELECT {columns}")
    rows, faults = taken(postgresql.url(name), len(EXACT), tmp_path / "rows.csv")
    assert (rows, faults) == ([["1", *(text for _, text in EXACT)]], [])


def test_what_is_no_cell_is_a_fault_of_its_column(postgresql: Server, tmp_path: Path) -> None:
    columns = ", ".join(f"{value} AS c{at}" for at, value in enumerate(NO_CELLS))
    name = postgresql.make(f"CREATE TABLE units AS SELECT {columns}")
    rows, faults = taken(postgresql.url(name), len(NO_CELLS), tmp_path / "rows.csv")
    assert rows == [["1", *[REPORTED] * len(NO_CELLS)]]
    assert [(each.code, each.position, each.figures["value"]) for each in faults] == [
        ("table.no_cell_value", at, kind) for at, kind in enumerate(NO_CELLS.values())
    ]


@pytest.mark.parametrize("key", ["PRIMARY KEY", ""])
def test_rows_stand_in_an_order_of_their_own(postgresql: Server, tmp_path: Path, key: str) -> None:
    rows = [
        "('b', '{}'), ('B', '[1]'), ('a', '{}'), ('a1', NULL)",
        "('a1', NULL), ('a', '{}'), ('B', '[1]'), ('b', '{}')",
    ]
    found = []
    for each in rows:
        name = postgresql.make(
            f'CREATE TABLE units ("Unit ID" TEXT {key}, more JSON)', f"INSERT INTO units VALUES {each}"
        )
        found.append([row[1] for row in taken(postgresql.url(name), 1, tmp_path / "rows.csv")[0]])
    assert found == [["B", "a", "a1", "b"]] * 2


def test_every_cell_of_the_reading_is_looked_at(run: Run, postgresql: Server) -> None:
    name = postgresql.make(
        "CREATE TABLE units (unit_id TEXT PRIMARY KEY, type TEXT, active_to DATE, tags TEXT[])",
        "INSERT INTO units VALUES ('U1', 'university', 'infinity', '{}'), "
        "('U2', '院系部门', NULL, '{教学单位,pilot}'), ('U3', 'branch', NULL, '{nothing}')",
    )
    assert problems(run, postgresql.url(name)) == [
        ("table.bad_date", "units", 1, "active_to"),
        ("table.unknown_value", "units", 3, "tags"),
    ]


def test_a_table_larger_than_a_fetch_is_streamed(postgresql: Server, tmp_path: Path) -> None:
    name = postgresql.make("CREATE TABLE units AS SELECT n::text AS unit_id FROM generate_series(1, 10000) n")
    rows, _ = taken(postgresql.url(name), 1, tmp_path / "rows.csv")
    assert [int(number) for number, _ in rows] == list(range(1, 10001))
    assert sorted(int(text) for _, text in rows) == list(range(1, 10001))


# ---- What goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refused_login_is_told_without_the_password(
    run: Run, postgresql: Server, pack: Path, lang: str
) -> None:
    url = postgresql.url("postgres", password="S3CRET")
    ran = run("audit", url, "--pack", pack, "--year", 2024, "--lang", lang)
    assert (ran.code, ran.out) == (2, b"")
    assert (
        "服务器不接受这个用户或密码" if lang == "zh" else "the server refuses the user or the password"
    ) in ran.err
    assert f"postgresql://127.0.0.1:{postgresql.port}/postgres" in ran.err
    assert "S3CRET" not in ran.err


def test_a_database_that_is_not_there(run: Run, postgresql: Server) -> None:
    assert "服务器上没有这个库" in run("doctor", postgresql.url("nowhere")).text


def test_a_table_that_the_user_may_not_read(run: Run, postgresql: Server) -> None:
    name = postgresql.make(
        *WORLD,
        "CREATE ROLE reader LOGIN PASSWORD 'only-reads'",
        "GRANT SELECT ON units TO reader",
    )
    url = postgresql.url(name, user="reader", password="only-reads")
    assert problems(run, url) == [("table.no_database", "activities", None, None)]
    assert "这个用户没有读取权限" in run("doctor", url).text


def test_a_view_that_fails_leaves_the_other_tables_be(run: Run, postgresql: Server) -> None:
    name = postgresql.make(
        *UNITS,
        "CREATE VIEW activities AS SELECT 'A1' AS activity_id, 'U1' AS unit_id, 1 / (random() * 0)::int AS hours",
        "UPDATE units SET type = 'nothing' WHERE unit_id = 'U2'",
    )
    assert problems(run, postgresql.url(name)) == [
        ("table.no_database", "activities", None, None),
        ("table.unknown_value", "units", 2, "type"),
    ]
    assert "22012" in run("doctor", postgresql.url(name)).text


def test_a_table_that_another_program_has_locked(
    postgresql: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = postgresql.make(*WORLD)
    monkeypatch.setattr(database, "_ON_POSTGRESQL", ("SET LOCAL lock_timeout = '50ms'",))
    with postgresql.connect(name) as other, other.transaction():
        other.execute("LOCK TABLE activities")
        with pytest.raises(Refused) as refused:
            taken(postgresql.url(name), 1, tmp_path / "rows.csv")
        assert refused.value.figures == {"why": "another program has locked the database"}


def test_a_table_that_takes_too_long(
    postgresql: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = postgresql.make("CREATE VIEW units AS SELECT pg_sleep(60)::text AS unit_id")
    monkeypatch.setattr(database, "_ON_POSTGRESQL", ("SET LOCAL statement_timeout = '50ms'",))
    with pytest.raises(Refused) as refused:
        taken(postgresql.url(name), 1, tmp_path / "rows.csv")
    assert refused.value.figures == {"why": "the server took too long"}


def test_a_server_that_ends_meanwhile(run: Run, postgresql: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    name = postgresql.make(*WORLD)
    take = guard.take_stored

    def end_and_take(*words: Any) -> Any:
        postgresql.run(
            "postgres", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        return take(*words)

    monkeypatch.setattr(guard, "take_stored", end_and_take)
    found = problems(run, postgresql.url(name))
    assert found == [
        ("table.no_database", "activities", None, None),
        ("table.no_database", "units", None, None),
    ]
