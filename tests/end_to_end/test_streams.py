"""The program as a process: bytes that never change, streams that close or fill up, and being killed half-way."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.commands import showing, telling
from end_to_end.conftest import Run
from end_to_end.small_world import write_data

ROOT = Path(__file__).parents[2]
STRANGE = {
    "PYTHONHASHSEED": "1",
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONIOENCODING": "ascii",
}
USUAL = {"PYTHONHASHSEED": "77", "LC_ALL": "zh_CN.UTF-8", "TZ": "Asia/Shanghai"}

WRITES_SLOWLY = """
import sys, time
import auditor.reports.writing as writing
from auditor.commands import main

def slowly(file, parts):
    for at, part in enumerate(parts):
        file.write(part.encode())
        file.flush()
        if at == 3:
            print("half", flush=True)
            time.sleep(60)

writing._write = slowly
sys.exit(main(sys.argv[1:]))
"""
"""The program with a report that takes a minute, and says on standard output when it is half written."""


def environment(**changes: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), **changes}


def start(*words: object, program: str | None = None, **changes: str) -> subprocess.Popen[bytes]:
    begin = ["-c", program] if program else [str(ROOT / "cli.py")]
    return subprocess.Popen(
        [sys.executable, *begin, *(str(word) for word in words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(**changes),
    )  # fmt: skip


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """Return data whose report is longer than a pipe holds."""
    rows = "".join(f"A{at},U1,training,2024-{at % 12 + 1:02}-{at % 28 + 1:02},1\n" for at in range(2_000))
    return write_data(tmp_path / "big", activities="activity_id,unit_id,kind,held_on,hours\n" + rows)


def test_the_same_bytes_come_out_of_every_process(data: Path, strict_pack: Path) -> None:
    words = ("audit", data, "--pack", strict_pack, "--year", 2024, "--format", "json")
    both = [start(*words, **changes) for changes in (STRANGE, USUAL)]
    (one, told), (other, _) = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [1, 1]
    assert one == other
    assert told == b""
    assert json.loads(one)["units"][0]["name"] == "试验大学"


def test_messages_reach_a_terminal_that_knows_only_ascii(tmp_path: Path) -> None:
    help_, usage = (
        start("audit", "--help", "--lang", "zh", **STRANGE),
        start("audit", "--lang", "zh", **STRANGE),
    )
    out, told = help_.communicate()
    assert (help_.returncode, told) == (0, b"")
    assert out.decode("utf-8").startswith("用法：python cli.py audit")
    out, told = usage.communicate()
    assert (usage.returncode, out) == (2, b"")
    assert told.decode("utf-8").startswith("缺少参数 DATA。")


def test_a_reader_that_goes_away_changes_nothing(big: Path, strict_pack: Path) -> None:
    process = start("audit", big, "--pack", strict_pack, "--year", 2024, "--format", "json", LANG="C")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.read(10) == b'{"audit": '
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), told) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_disk_is_told(data: Path, pack: Path) -> None:
    words = [sys.executable, ROOT / "cli.py", "audit", data, "--pack", pack, "--year", "2024", "--lang", "zh"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, env=environment(), check=False)
    assert done.returncode == 3
    assert done.stderr.decode("utf-8") == "结果没有写成：磁盘已满。请检查位置、权限和磁盘空间。\n"


# ---- the same within the test, for what needs no process ----


class Broken(io.BytesIO):
    """A stream that fails in one way."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code

    def write(self, _: object) -> int:
        raise OSError(self.code, os.strerror(self.code))


class Stream:
    """A text stream over a broken one, with a file descriptor of its own."""

    def __init__(self, code: int, descriptor: int) -> None:
        self.buffer = Broken(code)
        self.descriptor = descriptor

    def fileno(self) -> int:
        return self.descriptor


@pytest.fixture
def descriptor(tmp_path: Path) -> Iterator[int]:
    number = os.open(tmp_path / "stream", os.O_CREAT | os.O_WRONLY)
    yield number
    os.close(number)


@pytest.mark.parametrize("code", [errno.EPIPE, errno.EINVAL])
def test_the_exit_code_says_what_failed_also_where_nobody_reads(
    run: Run, data: Path, strict_pack: Path, monkeypatch: pytest.MonkeyPatch, descriptor: int, code: int
) -> None:
    monkeypatch.setattr(showing.sys, "stdout", Stream(code, descriptor))
    ran = run("audit", data, "--pack", strict_pack, "--year", 2024)
    assert (ran.code, ran.err) == (1, "")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_closed_stream_is_no_fault(
    run: Run, data: Path, pack: Path, monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    monkeypatch.setattr(showing.sys, stream, None)
    assert run("audit", data, "--pack", pack, "--year", 2024).code == 0
    assert run("audit", data, "--pack", pack, "--year", 1800).code == 2


def test_nobody_listening_is_no_fault(run: Run, monkeypatch: pytest.MonkeyPatch, descriptor: int) -> None:
    monkeypatch.setattr(telling.sys, "stderr", Stream(errno.EPIPE, descriptor))
    assert run("audit").code == 2


def test_a_report_that_cannot_be_finished_leaves_the_old_one(
    run: Run, data: Path, pack: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    out = tmp_path / "report.json"
    out.write_bytes(b"{}")
    monkeypatch.setattr(os, "fsync", full)
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--format", "json", "--out", out)
    assert (ran.code, ran.out) == (3, b"")
    assert ran.err == f"结果没有写成：{out}: 磁盘已满。请检查位置、权限和磁盘空间。\n"
    assert out.read_bytes() == b"{}"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["report.json", "small.yaml"]


# ---- killed half-way ----


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_a_process_killed_while_it_writes_leaves_no_half_report(
    data: Path, pack: Path, tmp_path: Path, sent: int
) -> None:
    out = tmp_path / "report.json"
    words = ("audit", data, "--pack", pack, "--year", 2024, "--format", "json", "--out", out)
    for old in (None, b"{}"):
        if old:
            out.write_bytes(old)
        process = start(*words, program=WRITES_SLOWLY)
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.send_signal(sent)
        told = process.communicate()[1]
        assert b"Traceback" not in told
        assert process.returncode == (3 if sent == signal.SIGINT else -sent)
        assert (out.read_bytes() if out.exists() else None) == old
    again = start(*words)
    assert again.communicate()[1] == b""
    assert json.loads(out.read_bytes())["findings"][0]["verdict"] == "pass"


SAYS_THAT_IT_BEGINS = """
import sys
from auditor.commands import main
print("begun", file=sys.stderr, flush=True)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.2, 0.4, 0.8, 1.6])
def test_an_interruption_at_any_time_shows_no_traceback(big: Path, strict_pack: Path, after: float) -> None:
    words = ["audit", big, "--pack", strict_pack, "--year", "2024", "--format", "json"]
    process = subprocess.Popen(
        [sys.executable, "-c", SAYS_THAT_IT_BEGINS, *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(LANG="C"), start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    assert process.stderr.readline() == b"begun\n"
    time.sleep(after)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the judge's worker hears it too
    told = process.communicate()[1]
    assert (process.returncode, told.strip()) in (
        (3, b"Interrupted; the result is not complete."),
        (-signal.SIGINT, b""),  # as the interpreter was about to end
        (0, b""),
    )
