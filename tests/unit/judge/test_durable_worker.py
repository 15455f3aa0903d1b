"""The worker process: light, silent, and loud when it falters."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import EngineFault
from auditor.judge import child
from auditor.judge.escalation import FailedFinding, escalate, has_engine, load_escalation

if not has_engine():
    pytest.skip("durable-rules 2.0.28 cannot run here", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = load_escalation()
FAIL = FailedFinding("p/1", "major", "year", "2024", 2024)
UNITS = [("U1", [FAIL]), ("U2", [FAIL]), ("U3", [FAIL])]


def test_the_worker_imports_nothing_heavy() -> None:
    code = "import sys, auditor.judge.worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    heavy = {"pandas", "duckdb", "pydantic", "click", "yaml", "numpy", "durable", "tabulate"}
    assert heavy.isdisjoint(done.stdout.split())
    assert "durable_rules_engine" in done.stdout.split()


def test_the_engine_is_never_loaded_by_the_audit_itself() -> None:
    code = (
        "import sys\nfrom auditor.judge.escalation import *\n"
        "f = FailedFinding('p/1', 'major', 'year', '2024', 2024)\n"
        "print(escalate([('U1', [f])], load_escalation())[1], 'durable_rules_engine' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["durable-rules", "2.0.28", "False"]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Return the worker processes that were started."""
    processes: list[subprocess.Popen[bytes]] = []
    start = child.start_worker

    def noted(module: str, stderr: Any) -> subprocess.Popen[bytes]:
        processes.append(start(module, stderr))
        return processes[-1]

    monkeypatch.setattr(child, "start_worker", noted)
    return processes


def test_one_worker_for_all_units_and_none_for_none(started: list[subprocess.Popen[bytes]]) -> None:
    assert escalate([("U0", []), ("U9", [])], SHIPPED)[0][1].rating is None
    assert started == []
    escalate(UNITS, SHIPPED)
    assert [process.returncode for process in started] == [0]


def test_a_worker_that_is_killed_is_a_fault_that_names_the_unit(
    started: list[subprocess.Popen[bytes]],
) -> None:
    def units() -> Iterator[tuple[str, list[FailedFinding]]]:
        yield UNITS[0]
        started[0].kill()
        started[0].wait()
        yield UNITS[1]
        raise AssertionError("nothing is judged after a death")

    with pytest.raises(EngineFault, match=r"unit U2: the judge's worker died \(exit code -9\)"):
        escalate(units(), SHIPPED)
    assert len(started) == 1


def test_an_error_in_the_worker_is_told_with_its_last_words(started: list[subprocess.Popen[bytes]]) -> None:
    wild = FailedFinding("p/1", "major", "year", "2024", 2**60)
    with pytest.raises(EngineFault, match=r"unit U2: .*cannot hold period = 1152921504606846976"):
        escalate([UNITS[0], ("U2", [wild]), UNITS[2]], SHIPPED)
    assert started[0].returncode == 1


def test_the_worker_ends_when_the_audit_is_broken_off(started: list[subprocess.Popen[bytes]]) -> None:
    def units() -> Iterator[tuple[str, list[FailedFinding]]]:
        yield UNITS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        escalate(units(), SHIPPED)
    assert started[0].returncode == 0


FAKES = {
    "os.abort()": r"died \(exit code -6\): Fatal Python error: Aborted",
    "import ctypes; ctypes.string_at(0)": r"died \(exit code -11\): Fatal Python error: Segmentation fault",
    "sys.exit(0)": r"died \(exit code 0\): $",
    "print('hello')": "does not make sense",
    "print('[1]')": "does not make sense",
    "print('7')": "does not make sense",
    "print('[1, 2, [[4, 5, 6]]]')": "does not make sense",
    "print('[2, 2, []]')": "facts stated",
    "print('[1, 0, []]')": "2 facts stated, 0 accounted for",
    'print(\'[1, 2, [[4, [["requirement_failed", 1, 2]], ["rating", 2]]]]\')': "3 facts stated, 2 acc",
    'print(\'[1, 3, [[4, [["requirement_failed", 9, 2]], ["rating", 2]]]]\')': "nobody stated",
    "print('[1, 2, []]')": "no rating",
    "print('[1, 2', end=''); sys.stdout.flush(); sys.exit(0)": "died",
}


@pytest.mark.parametrize("answer", FAKES)
def test_a_worker_that_falters_is_a_fault_that_names_the_unit(
    answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The program is answered by silence, a unit (a line that opens with a bracket) by the fake.
    fake = "import faulthandler, os, sys\nfaulthandler.enable()\nfor line in sys.stdin:\n"
    fake += f"    if line[0] == '[':\n        {answer}\n        sys.stdout.flush()\n"
    (tmp_path / "false_worker.py").write_text(fake, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(child, "WORKER", "false_worker")
    with pytest.raises(EngineFault, match="unit U1: .*" + FAKES[answer]):
        escalate(UNITS, SHIPPED, judged_by="durable")


def test_the_worker_finds_its_modules_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the data folder was imported')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert escalate(UNITS, SHIPPED, judged_by="durable")[0][2].rating == "improve"


def test_the_protocol_is_lines_of_ascii_json(tmp_path: Path) -> None:
    program = {
        "definition": {"boot": {"all": [{"m0": {"t": "boot"}}], "pri": 1}},
        "kinds": {},
        "conclusions": [],
    }
    lines = json.dumps(program).encode() + b"\n[1, []]\n[2, []]\n"
    done = subprocess.run(
        [sys.executable, "-m", "auditor.judge.worker"], input=lines, capture_output=True, check=True, cwd=ROOT
    )
    assert (done.stdout, done.stderr) == (b"[1, 0, []]\n[2, 0, []]\n", b"")
