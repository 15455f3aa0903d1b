"""Data that cannot be used: a clear message with its place in the user's language, exit code 2, nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from auditor.texts import LANGUAGES
from end_to_end.conftest import Run
from end_to_end.small_world import ACTIVITIES, UNITS, write_data

Broken = Callable[[Path], Path]


def empty_folder(folder: Path) -> Path:
    folder.mkdir()
    return folder


def empty_file(folder: Path) -> Path:
    write_data(folder)
    (folder / "activities.csv").write_bytes(b"")
    return folder


def not_text(folder: Path) -> Path:
    write_data(folder)
    (folder / "activities.csv").write_bytes(bytes(range(256)) * 4)
    return folder


def no_workbook(folder: Path) -> Path:
    folder.mkdir()
    (folder / "data.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    return folder / "data.xlsx"


def text_file(folder: Path) -> Path:
    folder.mkdir()
    (folder / "notes.txt").write_text("notes", encoding="utf-8")
    return folder / "notes.txt"


FILES: dict[str, tuple[Broken, str]] = {
    "none": (lambda folder: folder / "none", "table.no_such_data"),
    "broken": (empty_folder, "table."),
    "notes.txt": (text_file, "table."),
    "activities.csv": (empty_file, "table.empty_file"),
    "activities.csv ": (not_text, "table."),
    "data.xlsx": (no_workbook, "table.corrupt_file"),
}
"""The name that the message gives -> what is written, and the code."""

TABLES = yaml.safe_load(Path(__file__).with_name("bad_data.yaml").read_text(encoding="utf-8"))


def refused(run: Run, data: Path, pack: Path, lang: str) -> str:
    """Run an audit of bad data into a file, and return what is told."""
    out = pack.parent / "findings.json"
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--format", "json", "--out", out, "--lang", lang)
    assert (ran.code, ran.out, out.exists()) == (2, b"", False)
    assert ("发现" in ran.err) is (lang == "zh")
    return ran.err


@pytest.mark.slow
@pytest.mark.parametrize("case", TABLES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_bad_tables_are_told_and_nothing_is_written(
    run: Run, pack: Path, tmp_path: Path, case: str, lang: str
) -> None:
    texts = {name: TABLES[case][name] for name in ("units", "activities") if name in TABLES[case]}
    if "row" in TABLES[case]:
        texts["activities"] = f"{ACTIVITIES}{TABLES[case]['row']}\n"
    told = refused(run, write_data(tmp_path / "broken", **texts), pack, lang)
    for word in (f"[{TABLES[case]['code']}", *TABLES[case]["words"]):
        assert word in told


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_bad_files_are_told_and_nothing_is_written(
    run: Run, pack: Path, tmp_path: Path, name: str, lang: str
) -> None:
    write, code = FILES[name]
    told = refused(run, write(tmp_path / "broken"), pack, lang)
    for word in (f"[{code}", name.strip()):
        assert word in told


def test_every_bad_cell_is_told_at_once(run: Run, pack: Path, tmp_path: Path) -> None:
    rows = "A4,U9,trainnig,soon,two\nA4,U1,training,2024-02-30,1\n"
    ran = run(
        "audit", write_data(tmp_path / "bad", activities=ACTIVITIES + rows), "--pack", pack, "--year", 2024
    )
    assert ran.code == 2
    for word in ("trainnig", "soon", "two", "2024-02-30"):
        assert word in ran.err


def test_bad_rows_are_left_out_where_the_user_says_so(run: Run, pack: Path, tmp_path: Path) -> None:
    data = write_data(tmp_path / "bad", activities=ACTIVITIES + "A4,U1,training,soon,2\n")
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--skip-bad-rows")
    assert ran.code == 0
    assert "未计入 1 条" in ran.text


def test_an_unknown_column_stops_also_where_bad_rows_are_left_out(
    run: Run, pack: Path, tmp_path: Path
) -> None:
    data = write_data(tmp_path / "bad", activities=ACTIVITIES.replace("hours", "huors"))
    assert run("audit", data, "--pack", pack, "--year", 2024, "--skip-bad-rows").code == 2


def test_a_byte_order_mark_is_no_trouble(run: Run, pack: Path, tmp_path: Path) -> None:
    data = write_data(tmp_path / "bom", units="\ufeff" + UNITS, activities="\ufeff" + ACTIVITIES)
    assert run("audit", data, "--pack", pack, "--year", 2024).code == 0


def test_a_thousand_bad_rows_do_not_bury_the_reader(run: Run, pack: Path, tmp_path: Path) -> None:
    rows = "".join(f"B{at},U1,training,soon,two\n" for at in range(1_000))
    ran = run(
        "audit", write_data(tmp_path / "bad", activities=ACTIVITIES + rows), "--pack", pack, "--year", 2024
    )
    assert ran.code == 2
    assert len(ran.err.splitlines()) < 500
    assert "还有 800 个同类问题" in ran.err


def test_bad_packs_are_told_with_file_and_line(run: Run, data: Path, pack: Path) -> None:
    pack.write_text(
        pack.read_text(encoding="utf-8").replace("severity: major", "severity: mayor"), encoding="utf-8"
    )
    ran = run("audit", data, "--pack", pack, "--year", 2024)
    assert ran.code == 2
    assert "small.yaml 第17行：“severity”的值“mayor”不在允许的范围内。是不是“major”？" in ran.err
    linted = run("packs", "lint", pack, "--lang", "en")
    assert linted.code == 2
    assert "small.yaml line 17: “mayor” is not allowed for “severity”. Did you mean “major”?" in linted.err


def test_bad_escalation_rules_are_told_with_their_line(
    run: Run, data: Path, pack: Path, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("escalation: mine\nversion: 1\nruels: []\n", encoding="utf-8")
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--escalation", rules)
    assert (ran.code, ran.out) == (2, b"")
    assert "rules.yaml 第3行" in ran.err


def test_a_bad_calendar_is_told_with_its_row(run: Run, data: Path, pack: Path, tmp_path: Path) -> None:
    calendar = tmp_path / "calendar.csv"
    calendar.write_text("day,working\n2024-10-08,perhaps\n", encoding="utf-8")
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--calendar", calendar)
    assert (ran.code, ran.out) == (2, b"")
    assert "calendar.csv 第2行" in ran.err
