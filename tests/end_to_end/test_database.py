"""A database as DATA: the findings of the same tables as files; named tables only; nothing written; no password."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from auditor.tables.door import database as door
from auditor.tables.door.handing import Ask, Refused, read_rows
from auditor.tables.signs import REPORTED
from auditor.texts import LANGUAGES
from end_to_end.conftest import Run
from end_to_end.stored_world import ACTIVITIES, IN_CHINESE, UNITS, WORLD, write_sqlite

pytestmark = pytest.mark.slow

TRAP = "CREATE VIEW students AS SELECT trap() AS name"


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """Return the small organisation as an SQLite database, with a view that fails if anything of it is read."""
    return write_sqlite(tmp_path / "office.db", *WORLD, TRAP)


def judged(run: Run, data: object, pack: Path, *more: object) -> dict[str, Any]:
    """Return what an audit says, without where its rows stand and what the files are."""
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--format", "json", *more)
    assert ran.err == ""
    said: dict[str, Any] = json.loads(ran.out)
    said["audit"].pop("data")
    said["data"].pop("warnings")
    for finding in said["findings"]:
        for row in finding["evidence"]:
            for key in ("file", "sheet", "row"):
                row.pop(key)
    return said


@pytest.mark.parametrize("as_url", [False, True])
def test_the_findings_are_those_of_the_same_files(
    run: Run, stored: Path, data: Path, strict_pack: Path, as_url: bool
) -> None:
    given = f"sqlite:///{stored.as_posix()}" if as_url else stored
    assert judged(run, given, strict_pack) == judged(run, data, strict_pack)


def test_tables_and_columns_in_chinese(run: Run, tmp_path: Path, data: Path, strict_pack: Path) -> None:
    stored = write_sqlite(tmp_path / "office.db", *IN_CHINESE)
    assert judged(run, stored, strict_pack) == judged(run, data, strict_pack)


def test_evidence_names_database_table_and_ordinal(run: Run, stored: Path, pack: Path) -> None:
    ran = run("audit", stored, "--pack", pack, "--year", 2024, "--format", "json")
    said = json.loads(ran.out)
    rows = [(each["file"], each["sheet"], each["row"]) for each in said["findings"][0]["evidence"]]
    # By key, A1 is the first row and A2 the second, wherever they stand in the file.
    assert rows == [("office.db", "activities", 1), ("office.db", "activities", 2)]
    assert [each["file"] for each in said["audit"]["data"]] == ["office.db"]
    (warning,) = said["data"]["warnings"]
    assert (warning["code"], warning["figures"]["count"]) == ("table.tables_not_read", 1)


def sha256(run: Run, stored: Path, pack: Path) -> str:
    ran = run("audit", stored, "--pack", pack, "--year", 2024, "--format", "json")
    (file,) = json.loads(ran.out)["audit"]["data"]
    return str(file["sha256"])


def test_the_hash_is_of_what_was_read(run: Run, stored: Path, tmp_path: Path, pack: Path) -> None:
    first = sha256(run, stored, pack)
    again = write_sqlite(
        tmp_path / "again.db", "PRAGMA page_size=512", "CREATE TABLE other (x)", *ACTIVITIES, *UNITS
    )
    assert again.read_bytes() != stored.read_bytes()
    assert sha256(run, again, pack) == first
    write_sqlite(again, "UPDATE activities SET hours = 4 WHERE activity_id = 'A2'")
    assert sha256(run, again, pack) != first


def test_every_command_that_reads_data_takes_a_database(
    run: Run, stored: Path, pack: Path, strict_pack: Path
) -> None:
    url = f"sqlite:///{stored.as_posix()}"
    assert run("explain", url, "U1", "small/1-trainings", "--pack", pack).code == 0
    assert run("packs", "diff", pack, strict_pack, "--data", url, "--year", 2024).code == 1
    ran = run("doctor", url)
    assert ran.code == 0
    assert "office.db 工作表“activities”" in ran.text
    assert "数据库中的列名" in ran.text


def test_a_mapping_names_a_table_that_nobody_knows(
    run: Run, tmp_path: Path, data: Path, strict_pack: Path
) -> None:
    foreign = (
        ACTIVITIES[0].replace("activities", "t_hd").replace("kind", "lx"),
        ACTIVITIES[1].replace("activities", "t_hd"),
    )
    stored = write_sqlite(tmp_path / "office.db", *UNITS, *foreign)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "files:\n  - {file: office.db, sheet: t_hd, table: activities, columns: {lx: kind}}\n",
        encoding="utf-8",
    )
    assert judged(run, stored, strict_pack, "--map", mapping) == judged(run, data, strict_pack)
    assert run("doctor", stored, "--write-map", "draft.yaml").code == 0
    draft = Path("draft.yaml").read_text(encoding="utf-8")
    assert 'sheet: "t_hd"' in draft
    assert '"lx": null' in draft


def test_a_draft_of_a_mapping_reads_the_columns_of_no_broken_view(run: Run, stored: Path) -> None:
    assert run("doctor", stored, "--write-map", "draft.yaml").code == 0
    assert "students" not in Path("draft.yaml").read_text(encoding="utf-8")


def test_the_doctor_gives_back_marked_cells(run: Run, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    stored = write_sqlite(
        tmp_path / "office.db", *WORLD, "UPDATE activities SET hours = 'x' WHERE activity_id = 'A2'"
    )
    write_sqlite(
        stored, "ALTER TABLE units ADD COLUMN mobile TEXT", "UPDATE units SET mobile = '13812345678'"
    )
    ran = run("doctor", stored, "-o", "marked.xlsx", "--drop-column", "mobile")
    assert ran.code == 2
    book = load_workbook("marked.xlsx")
    activities = book["office·activities"]
    # A column with the number of the row stands before those of the table; the header is no row of the data.
    assert [cell.value for cell in activities[3]] == ["2", "A2", "U1", "training", "2024-05-06", "x"]
    assert activities.cell(3, 6).comment is not None
    everything = [cell.value for sheet in book for row in sheet for cell in row]
    assert "13812345678" not in everything


def test_a_copy_is_not_written_over_the_database(run: Run, stored: Path, pack: Path) -> None:
    before = stored.read_bytes()
    words = ("audit", stored, "--pack", pack, "--year", 2024, "--format", "json", "-o", stored)
    assert run(*words).code == 2
    assert stored.read_bytes() == before


# ---- Nothing is written ----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_nothing_is_written(run: Run, tmp_path: Path, pack: Path, mode: str) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    stored = write_sqlite(folder / "office.db", f"PRAGMA journal_mode={mode}", *WORLD)
    assert (stored.read_bytes()[18] == 2) is (mode == "wal")
    before = stored.read_bytes(), stored.stat().st_mtime_ns
    folder.chmod(0o555)
    try:
        assert run("audit", stored, "--pack", pack, "--year", 2024).code == 0
    finally:
        folder.chmod(0o755)
    assert (stored.read_bytes(), stored.stat().st_mtime_ns) == before
    assert [each.name for each in folder.iterdir()] == ["office.db"]


def test_a_missing_file_is_not_made(run: Run, tmp_path: Path, pack: Path) -> None:
    ran = run("audit", f"sqlite:///{(tmp_path / 'nowhere.db').as_posix()}", "--pack", pack, "--year", 2024)
    assert ran.code == 2
    assert "没有这个文件" in ran.err
    assert "nowhere.db" in ran.err
    assert not (tmp_path / "nowhere.db").exists()


def taken(stored: door.StoredTables, name: str, columns: int, into: Path) -> str:
    number = [top.name for top in stored.tops()].index(name)
    stored.head(number)
    stored.take(Ask(number, 0, list(range(columns)), (), columns, columns, str(into)))
    return into.read_text(encoding="utf-8")


def test_all_tables_are_of_one_moment_while_another_program_writes(tmp_path: Path) -> None:
    path = write_sqlite(tmp_path / "office.db", "PRAGMA journal_mode=wal", *WORLD)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("UPDATE units SET name = '新名' WHERE unit_id = 'U2'")
        writer.commit()  # it lies beside the file, and is read from there
        stored = door.open_database(f"sqlite:///{path}", path)
        assert "新名" in taken(stored, "units", 4, tmp_path / "units.csv")
        writer.execute("DELETE FROM activities")
        writer.commit()
        assert taken(stored, "activities", 5, tmp_path / "activities.csv").count("\n") == 3
        stored.close()


def test_a_change_that_nothing_could_keep_out_is_told(tmp_path: Path) -> None:
    path = write_sqlite(tmp_path / "office.db", "PRAGMA journal_mode=wal", *WORLD)
    stored = door.open_database(f"sqlite:///{path}", path)
    taken(stored, "units", 4, tmp_path / "units.csv")
    write_sqlite(path, "DELETE FROM activities")
    with pytest.raises(Refused) as refused:
        taken(stored, "activities", 5, tmp_path / "activities.csv")
    assert refused.value.figures == {"why": "the database changed while it was read"}
    stored.close()


# ---- What cannot be read ---------------------------------------------------------------------------


def test_a_locked_database_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "LOCK_SECONDS", 0.05)
    path = write_sqlite(tmp_path / "office.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        stored = door.open_database(f"sqlite:///{path}", path)
        with pytest.raises(Refused) as refused:
            stored.tops()
        assert refused.value.figures == {"why": "another program has locked the database"}
        stored.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"no database at all" * 99, "文件不是 SQLite 数据库"), (b"", "文件是空的"), (None, "文件夹")],
)
def test_what_is_no_database_is_told_so(
    run: Run, tmp_path: Path, pack: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "office.db"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    ran = run("audit", f"sqlite:///{path.as_posix()}", "--pack", pack, "--year", 2024)
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 3  # how many problems, the one, that nothing was written


def test_a_truncated_database_is_never_read_in_part(run: Run, tmp_path: Path, pack: Path) -> None:
    rows = ", ".join(f"('B{number}', 'U1', 'training', '2024-03-05', 1)" for number in range(3000))
    stored = write_sqlite(tmp_path / "office.db", *WORLD, f"INSERT INTO activities VALUES {rows}")
    os.truncate(stored, stored.stat().st_size // 2 // 4096 * 4096)
    ran = run("audit", stored, "--pack", pack, "--year", 2024)
    assert (ran.code, ran.out) == (2, b"")
    assert "table.no_database" in ran.err


def test_a_view_that_fails_leaves_the_other_tables_be(run: Run, tmp_path: Path) -> None:
    stored = write_sqlite(
        tmp_path / "office.db",
        *UNITS,
        "CREATE VIEW activities AS SELECT trap() AS activity_id",
        "INSERT INTO units VALUES ('U3', '', 'nothing', 'U1')",
    )
    said = json.loads(run("doctor", stored, "--format", "json").out)
    problems = [(each["code"], each["sheet"], each["row"]) for each in said["problems"]]
    assert problems == [("table.no_database", "activities", None), ("table.unknown_value", "units", 3)]
    assert "trap" in said["problems"][0]["zh"]["what"]


def test_a_database_inside_a_folder_stays_a_problem(run: Run, data: Path, pack: Path) -> None:
    write_sqlite(data / "office.db")
    ran = run("audit", data, "--pack", pack, "--year", 2024)
    assert ran.code == 2
    assert "table.not_read_yet" in ran.err


def test_no_declared_table_at_all_is_told_so(run: Run, tmp_path: Path, pack: Path) -> None:
    stored = write_sqlite(tmp_path / "office.db", "CREATE TABLE students (name TEXT)")
    ran = run("audit", stored, "--pack", pack, "--year", 2024)
    assert ran.code == 2
    assert "table.no_tables" in ran.err
    assert "--map" in ran.err


# ---- Values ----------------------------------------------------------------------------------------


def test_values_are_exact_texts(tmp_path: Path) -> None:
    path = write_sqlite(
        tmp_path / "office.db",
        "CREATE TABLE units (a, b)",
        "INSERT INTO units VALUES (1, NULL), (2, '007'), (3, 410101199001010011), (4, 0.1), (5, 3.0), (6, 1e-7), "
        "(7, 12345678.5), (8, 'a,\"b'), (9, char(10)), (10, 1e22), (11, 2.5e15)",
    )
    stored = door.open_database(f"sqlite:///{path}", path)
    stored.tops()
    stored.head(0)
    ask = Ask(0, 0, [1], (), 2, 2, str(tmp_path / "rows.csv"))
    told = stored.take(ask)
    stored.close()
    # Without a key the rows stand by what they hold: nothing, numbers by size, texts.
    assert [cells for _, cells in read_rows(tmp_path / "rows.csv")] == [
        *([""], ["0.0000001"], ["0.1"], ["3"], ["12345678.5"], ["2500000000000000"]),
        *(["410101199001010011"], [REPORTED], ["\n"], ["007"], ['a,"b']),
    ]
    assert [(each.code, each.row) for each in told.faults] == [("table.id_lost_digits", 8)]


def test_text_in_another_encoding_is_a_problem_of_its_cell(run: Run, tmp_path: Path) -> None:
    stored = write_sqlite(
        tmp_path / "office.db",
        *WORLD,
        "UPDATE units SET name = CAST(x'cafdd1e9' AS TEXT) WHERE unit_id = 'U2'",
    )
    said = json.loads(run("doctor", stored, "--format", "json").out)
    told = [(each["code"], each["sheet"], each["row"], each["column"]) for each in said["problems"]]
    assert told == [("table.undecodable_text", "units", 2, "name")]


# ---- Passwords -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://auditor:S3CRET@127.0.0.1:1/office",
        "postgresql://auditor:S3CRET@x@127.0.0.1:1/office",
        "postgresql://auditor:x@S3CRET@127.0.0.1:1/office",
        "postgresql://auditor:S3CRET?x@127.0.0.1:1/office",
        "postgresql://auditor:S3CRET",
        "postgresql:/auditor:S3CRET@127.0.0.1/office",
        "postgresql://127.0.0.1:1/office?password=S3CRET&user=auditor",
        "postgresql://127.0.0.1:1/office?unheard_of=S3CRET",
        "postgresql://127.0.0.1:1/office?connect_timeout=S3CRET",
        "mysql://auditor:S3CRET@127.0.0.1/office",
        "sqlite://auditor:S3CRET@127.0.0.1/office",
    ],
)
def test_a_password_is_never_shown(run: Run, pack: Path, url: str, lang: str) -> None:
    for words in (
        ("audit", url, "--pack", pack, "--year", 2024),
        ("doctor", url),
        ("doctor", url, "--format", "json"),
        ("explain", url, "U1", "small/1-trainings", "--pack", pack),
    ):
        ran = run(*words, "--lang", lang)
        assert ran.code == 2
        assert "S3CRET" not in ran.text + ran.err
        assert words[-1] == url or re.search(r"table\.(no|unknown)_database", ran.text + ran.err)
