"""Every hostile file is refused with its reason, quickly and in little memory, by a program that stays whole."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from hostile.archives import parts, zipped
from hostile.bad_books import GOOD_XLS, ods, ods_content
from hostile.make_hostile import HOSTILE, make
from hostile.watching import MIB, ROOT, Run, audit

pytestmark = pytest.mark.slow

SECONDS, MEMORY = 5, 512 * MIB
CODE = re.compile(r"\[(table\.\w+)\]")
IS_POSIX = os.name == "posix"


@pytest.fixture(scope="module")
def slowness(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How many times longer than its work an ordinary run takes now: others work on the machine too."""
    run = audit(ROOT / "fixtures" / "messy" / "clean", tmp_path_factory.mktemp("here"))
    assert run.code == 1
    return max(1.0, run.seconds / run.worked) if run.worked else 1.0


def test_they_are_many() -> None:
    assert len(HOSTILE) >= 30


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name: str, tmp_path: Path, slowness: float) -> None:
    wanted = HOSTILE[name]
    if wanted.is_posix_only and not IS_POSIX:
        pytest.skip("links and pipes of a POSIX system")
    data = make(name, tmp_path / "data")
    try:
        run = audit(data, tmp_path)
    finally:
        shutil.rmtree(tmp_path / "data")  # some are hundreds of megabytes, and pytest keeps its folders
    said = said_by(run)
    assert run.code == 2, said
    assert set(CODE.findall(run.err)) & wanted.codes, said
    assert "Traceback" not in run.err
    assert "panicked" not in run.err
    assert run.out == b""
    assert run.memory <= MEMORY, said
    assert run.worked <= SECONDS, said
    assert run.seconds <= SECONDS * slowness, said


def said_by(run: Run) -> str:
    how = "ended by the test" if run.code is None else f"exit {run.code}"
    return f"{how}, {run.seconds:.1f} s, {run.worked:.1f} s of work, {run.memory // MIB} MiB: {run.err[:400]}"


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_the_same_file_without_its_attack_is_read(kind: str, tmp_path: Path) -> None:
    """What the attacks are built around is no reason to refuse them."""
    content = {"xlsx": zipped(parts()), "ods": ods(ods_content("")), "xls": HARMLESS_XLS.read_bytes()}[kind]
    path = tmp_path / f"units.{kind}"
    path.write_bytes(content)
    run = audit(path, tmp_path)
    assert run.code in (0, 1), said_by(run)


HARMLESS_XLS = ROOT / "tests" / "unit" / "tables" / "workbooks" / "epoch-1904.xls"


def test_the_xls_that_is_harmed_is_one() -> None:
    assert GOOD_XLS.read_bytes().startswith(bytes.fromhex("d0cf11e0a1b11ae1"))
