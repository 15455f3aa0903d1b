"""The worker behind the door: what it dies of is a problem of one file, and nothing of it stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from odd_readers import door

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.declaration import Declaration
from auditor.tables.door import guard
from auditor.tables.door.handing import Ask, Refused, read_rows
from auditor.tables.read import Reading, read_tables

ROOT = Path(__file__).parents[3]
HAS_PROC = Path("/proc/self/statm").exists()
UNITS = "unit_id,type\nU1,university\n"
DATA = {
    "units.csv": UNITS,
    "activities.csv": "activity_id,unit_id,kind,held_on\nA1,U1,study_session,2024-03-05\n",
    "posts.csv": "post_id,unit_id,roles\nP1,U1,party_secretary\n",
}
Read = Callable[..., Reading]


def told(reading: Reading) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.place.file) for problem in reading.problems]


# ---- What a worker dies of -----------------------------------------------------------------------


def test_the_file_after_a_deadly_one_is_read_by_a_new_worker(read: Read, engine: DuckDBEngine) -> None:
    with door("dies_over_activities"):
        reading = read(DATA)
    assert told(reading) == [("table.reader_died", "activities.csv")]
    assert engine.rows("SELECT unit_id, (SELECT post_id FROM posts) FROM units") == [("U1", "P1")]


def test_a_worker_that_died_idle_is_replaced(read: Read) -> None:
    guard.start()
    process = guard._WORKER._process
    assert process is not None
    process.kill()
    process.wait()
    assert told(read(DATA)) == []


def test_a_worker_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    with door("sleeps", {"SECONDS": 0.3}):
        guard.start()
        process = guard._WORKER._process
        assert process is not None
        with pytest.raises(Refused, match=r"table\.reader_timeout"):
            guard.open_file(tmp_path / "units.csv")
        assert process.returncode is not None


@pytest.mark.skipif(not HAS_PROC, reason="the system counts no memory")
def test_a_file_that_asks_for_too_much_memory_is_told_so_and_the_worker_lives(read: Read) -> None:
    with door("hungry"):
        guard.start()
        process = guard._WORKER._process
        reading = read(DATA)
        assert guard._WORKER._process is process
    assert told(reading) == [("table.reader_memory", "activities.csv")]


def test_two_who_ask_first_start_one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    guard._WORKER.stop()
    started, start, both = [], guard.start_worker, threading.Barrier(2)

    def noted(module: str, stderr: int) -> subprocess.Popen[bytes]:
        started.append(module)
        time.sleep(0.05)
        return start(module, stderr)

    def ask() -> None:
        both.wait()
        guard.start()

    monkeypatch.setattr(guard, "start_worker", noted)
    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(started) == 1


# ---- Questions of several readings ---------------------------------------------------------------


def test_rows_are_those_of_the_file_that_is_asked_for(tmp_path: Path) -> None:
    """Whoever opened another file in between, and however often the worker died."""
    paths = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for path in paths:
        path.write_text(f'{{"unit_id": "{path.stem}"}}\n', encoding="utf-8")
    opened = [guard.open_file(path) for path in paths]
    guard._WORKER.stop()
    for path, each in [*zip(paths, opened, strict=True), (paths[0], opened[0])]:
        into = tmp_path / "rows.csv"
        guard.take(path, each.sha256, Ask(0, 0, [0], [], 1, 1, str(into)))
        assert list(read_rows(into)) == [(1, [path.stem])]


def test_a_file_that_changed_since_it_was_opened_is_not_read(tmp_path: Path) -> None:
    path, other = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    for each in (path, other):
        each.write_text('{"unit_id": "U1"}\n', encoding="utf-8")
    opened = guard.open_file(path)
    path.write_text('{"unit_id": "U2"}\n', encoding="utf-8")
    guard.open_file(other)
    with pytest.raises(Refused, match=r"table\.cannot_open"):
        guard.take(path, opened.sha256, Ask(0, 0, [0], [], 1, 1, str(tmp_path / "rows.csv")))


def test_a_file_that_is_gone_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"table\.cannot_open"):
        guard.open_file(tmp_path / "units.csv")


@pytest.mark.slow
def test_readings_at_the_same_time_are_not_mixed(declaration: Declaration, tmp_path: Path) -> None:
    found: dict[str, list[str]] = {}

    def read_often(name: str) -> None:
        with DuckDBEngine() as engine:
            for _ in range(5):
                assert told(read_tables(tmp_path / name, declaration, engine)) == []
                (key,) = engine.rows("SELECT unit_id FROM units")
                found.setdefault(name, []).append(*key)

    threads = []
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        rows = f'{{"unit_id": "{name}", "type": "university"}}\n'
        (tmp_path / name / "units.jsonl").write_text(rows, encoding="utf-8")
        threads.append(threading.Thread(target=read_often, args=(name,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {name: [name] * 5 for name in ("one", "two", "three")}


# ---- The end -------------------------------------------------------------------------------------

PARENT = """
import sys
from pathlib import Path
from auditor.commands import main
from auditor.tables.door import guard
guard._READER = "{reader}"
guard.start()
print(guard._WORKER._process.pid, flush=True)
{then}
"""
USUAL, TAKES_LONG = guard._READER, "odd_readers.takes_long"


@pytest.fixture
def spare(tmp_path: Path) -> Path:
    """Return the folder in which temporary ones of a process are made."""
    folder = tmp_path / "spare"
    folder.mkdir()
    return folder


@pytest.fixture
def parent(spare: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a process of its own that asks the door."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str) -> subprocess.Popen[str]:
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True, start_new_session=True,
                env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(spare), "TEMP": str(spare)},
            )
        )  # fmt: skip
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # Somebody else's child that has ended, and that nobody has asked about yet.
    status = Path("/proc") / str(pid) / "stat"
    return not (status.exists() and status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z")


def is_gone_soon(pid: int) -> bool:
    for _ in range(500):
        if not is_there(pid):
            return True
        time.sleep(0.02)
    return False


POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and processes of a POSIX system")


@POSIX
@pytest.mark.slow
def test_a_worker_ends_with_its_parent(parent: Callable[..., subprocess.Popen[str]], spare: Path) -> None:
    process = parent(PARENT.format(reader=USUAL, then=""))
    worker = int(process.communicate()[0])
    assert process.returncode == 0
    assert is_gone_soon(worker)
    assert list(spare.iterdir()) == []


@pytest.fixture
def units(tmp_path: Path) -> Path:
    path = tmp_path / "units.csv"
    path.write_text(UNITS, encoding="utf-8")
    return path


def wait_for(path: Path) -> None:
    for _ in range(1000):
        if path.exists():
            return
        time.sleep(0.02)
    raise AssertionError(f"{path} never came")


@POSIX
@pytest.mark.slow
def test_a_worker_ends_when_its_parent_is_killed(parent: Callable[..., subprocess.Popen[str]]) -> None:
    process = parent(PARENT.format(reader=USUAL, then="sys.stdin.read()"))
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    assert is_there(worker)
    process.kill()
    process.wait()
    assert is_gone_soon(worker)


@POSIX
@pytest.mark.slow
def test_a_worker_ends_in_the_middle_of_a_file_when_its_parent_is_killed(
    parent: Callable[..., subprocess.Popen[str]], units: Path
) -> None:
    then = f"guard.open_file(Path({str(units)!r}))"
    process = parent(PARENT.format(reader=TAKES_LONG, then=then))
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    wait_for(units.with_suffix(".begun"))
    assert is_there(worker)
    process.kill()
    process.wait()
    assert is_gone_soon(worker)


@POSIX
@pytest.mark.slow
def test_an_interruption_ends_the_worker_in_the_middle_of_a_file(
    parent: Callable[..., subprocess.Popen[str]], units: Path, spare: Path
) -> None:
    words = ["audit", str(units), "--pack", "henan-2023", "--year", "2024", "--lang", "en"]
    process = parent(PARENT.format(reader=TAKES_LONG, then=f"sys.exit(main({words!r}))"))
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    wait_for(units.with_suffix(".begun"))
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the worker hears it too
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (3, "")
    assert "Traceback" not in err
    assert err.strip()
    assert is_gone_soon(worker)
    assert list(spare.iterdir()) == []
