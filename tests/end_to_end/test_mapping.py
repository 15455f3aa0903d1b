"""`--map` and `--drop-column` on the command line and in `ducha.toml`: of every command that reads data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.texts import LANGUAGES
from end_to_end.conftest import Run
from end_to_end.small_world import ACTIVITIES, write_data

pytestmark = pytest.mark.slow

MAPPING = """\
files:
  - file: "台账*.csv"
    table: activities
    columns: {编码: activity_id, 时间: held_on, 类别: kind}
"""


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """Return the small organisation with its activities in a file whose headers are nobody's."""
    text = ACTIVITIES.replace("activity_id,unit_id,kind,held_on", "编码,unit_id,类别,时间")
    text = text.replace("hours\n", "hours,姓名\n").replace("2\n", "2,甲\n", 1)
    folder = write_data(tmp_path / "messy", activities=None)
    (folder / "台账2024.csv").write_text(
        text.replace("3.5\n", "3.5,乙\n").replace("20,1\n", "20,1,丙\n"), "utf-8"
    )
    return folder


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_personal_column_is_refused_and_the_way_out_is_told(
    run: Run, messy: Path, mapping: Path, pack: Path, lang: str
) -> None:
    ran = run("audit", messy, "--pack", pack, "--year", 2024, "--map", mapping, "--lang", lang)
    assert (ran.code, ran.out) == (2, b"")
    assert '--drop-column "姓名"' in ran.err


def test_every_command_that_reads_data_takes_both(
    run: Run, messy: Path, mapping: Path, pack: Path, strict_pack: Path
) -> None:
    both = ("--map", mapping, "--drop-column", "姓名")
    assert run("explain", messy, "U1", "small/1-trainings", "--pack", pack, *both).code == 0
    assert run("packs", "diff", pack, strict_pack, "--data", messy, "--year", 2024, *both).code == 1
    ran = run("audit", messy, "--pack", pack, "--year", 2024, "--format", "json", *both)
    assert (ran.code, ran.err) == (0, "")
    warnings = {each["code"] for each in json.loads(ran.out)["data"]["warnings"]}
    assert warnings == {"mapping.used", "table.dropped_column"}


def test_both_may_stand_in_the_settings(run: Run, messy: Path, mapping: Path, pack: Path) -> None:
    for dropped in ('"姓名"', '["台账2024.csv:姓名"]'):
        Path("ducha.toml").write_text(f'map = "{mapping.as_posix()}"\ndrop-column = {dropped}\n', "utf-8")
        assert run("audit", messy, "--pack", pack, "--year", 2024).code == 0


def test_a_wrong_mapping_is_told_with_its_line(run: Run, messy: Path, mapping: Path, pack: Path) -> None:
    mapping.write_text(MAPPING.replace("held_on", "hold_on"), encoding="utf-8")
    ran = run("audit", messy, "--pack", pack, "--year", 2024, "--map", mapping)
    assert (ran.code, ran.out) == (2, b"")
    assert "mapping.yaml 第4行" in ran.err
    assert "是不是“held_on”？" in ran.err


def test_without_data_there_is_nothing_to_map(run: Run, pack: Path, strict_pack: Path, mapping: Path) -> None:
    ran = run("packs", "diff", pack, strict_pack, "--map", mapping)
    assert ran.code == 2
    assert "usage.no_data_to_audit" in ran.err
