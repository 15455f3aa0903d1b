"""`ducha.toml` in the working folder: every option may stand in it, and the command line wins."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from end_to_end.conftest import Ran, Run

SETTINGS = """\
pack = ["{pack}"]
year = 2024
as-of = 2024-06-14
unit = ["U1"]
format = "json"
semesters = "02-01,08-01"
skip-bad-rows = true
strict-calendar = false
lang = "en"
"""


def settings(text: str) -> None:
    Path("ducha.toml").write_text(text, encoding="utf-8")


def window(ran: Ran) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ran.out)["audit"]["window"]
    return found


def test_options_may_stand_in_the_file(run: Run, data: Path, pack: Path) -> None:
    settings(SETTINGS.format(pack=pack))
    ran = run("audit", data)
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["audit"]["as_of"] == "2024-06-14"
    assert run("audit").err.startswith("The argument DATA")


def test_one_pack_needs_no_list_and_underscores_will_do(run: Run, data: Path, pack: Path) -> None:
    settings(f'pack = "{pack}"\nyear = 2024\nas_of = "2024-06-14"\nformat = "json"\n')
    assert json.loads(run("audit", data).out)["audit"]["as_of"] == "2024-06-14"


def test_out_may_stand_in_the_file(run: Run, data: Path, pack: Path) -> None:
    settings(f'pack = "{pack}"\nyear = 2024\nformat = "csv"\nout = "findings.csv"\n')
    assert (run("audit", data).out, Path("findings.csv").exists()) == (b"", True)


def test_the_command_line_wins(run: Run, data: Path, pack: Path, strict_pack: Path) -> None:
    settings(SETTINGS.format(pack=pack))
    ran = run(
        "audit", data, "--pack", strict_pack, "--as-of", "2024-12-31", "--lang", "zh", "--format", "table"
    )
    assert ran.code == 1
    assert "截至 2024-12-31" in ran.text


def test_what_the_command_line_excludes_is_left_out(run: Run, data: Path, pack: Path) -> None:
    settings(SETTINGS.format(pack=pack))
    ran = run("audit", data, "--from", "2023-01-01", "--to", "2024-12-31", "--unit", "U1")
    assert window(ran) == {"from": "2023-01-01", "to": "2024-12-31"}
    assert "henan-2023" in run("audit", data, "--all-packs").text
    settings('all-packs = true\nfrom = 2023-01-01\nto = 2024-12-31\nformat = "json"\n')
    ran = run("audit", data, "--year", "2024", "--pack", pack)
    assert window(ran) == {"from": "2024-01-01", "to": "2024-12-31"}
    assert [each["pack"] for each in json.loads(ran.out)["audit"]["packs"]] == ["small"]


def test_other_commands_take_what_they_know(run: Run, data: Path, pack: Path) -> None:
    settings(SETTINGS.format(pack=pack))
    assert "The rule" in run("explain", data, "U1", "small/1-trainings").text
    assert run("packs", "list").text.startswith("pack ")
    assert run("workdays", "2024-09-20", "2024-10-18").text.startswith("18 working days")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("yaer = 2024\n", "ducha.toml：ducha.toml 中的“yaer”不是选项。是不是“year”？"),
        ("[audit]\nyear = 2024\n", "ducha.toml 中的“audit”不是选项。"),
        ("lang = \"zh\"\nyear 2024\n", "ducha.toml 第2行：ducha.toml 不能读取：键后面缺少等号。"),
        ("year = 2024\nyear = 2025\n", "ducha.toml 第2行：ducha.toml 不能读取：同一个键写了两次。"),
        ('year = "this"\n', "--year 的值不对。应为 1949 至 2100 的年份。"),
        ('as-of = "soon"\n', "--as-of 的值不对。应为日期"),
        ('skip-bad-rows = "perhaps"\n', "--skip-bad-rows 的值不对。应为 true 或 false。"),
        ('format = "pdf"\n', "没有格式 pdf。"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_told(run: Run, data: Path, pack: Path, text: str, told: str) -> None:
    settings(text)
    ran = run("audit", data, "--pack", pack, *(() if "year" in text else ("--year", "2024")))
    assert (ran.code, ran.out) == (2, b"")
    assert told in ran.err


def test_a_file_that_is_no_text_is_told(run: Run, data: Path) -> None:
    Path("ducha.toml").write_bytes("语言".encode("gbk"))
    ran = run("audit", data)
    assert ran.code == 2
    assert "ducha.toml 不能读取：不是 UTF-8 文字。" in ran.err
    assert run("--help").code == 2


def test_a_working_folder_that_is_gone_has_no_settings(run: Run, data: Path, pack: Path) -> None:
    gone = Path("gone").resolve()
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    assert run("audit", data, "--pack", pack, "--year", 2024).code == 0
