"""A PostgreSQL server of the tests' own: made in a folder of its own, and gone with it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

USER, PASSWORD = "auditor", "only-for-tests"
_SECONDS = 30
_INSTALLED = Path("/usr/lib/postgresql")
_CAREFREE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB")
_numbers = count(1)


@dataclass(frozen=True)
class Server:
    """A running server; `USER` owns it, and logs in with `PASSWORD`."""

    port: int

    def url(self, database: str, *, user: str = USER, password: str = PASSWORD) -> str:
        """Return the URL of a database."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Return a connection that commits every statement."""
        return psycopg.connect(self.url(database), autocommit=True, connect_timeout=_SECONDS)

    def make(self, *statements: str) -> str:
        """Make a new database, run statements in it, and return its name."""
        name = f"office_{next(_numbers)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        self.run(name, *statements)
        return name

    def run(self, database: str, *statements: str) -> None:
        """Run statements in a database."""
        with self.connect(database) as connection:
            for statement in statements:
                connection.execute(statement)


def binaries() -> Path | None:
    """Return the folder of the newest server's programs; None where there is no server."""
    found = [path.parent for path in _INSTALLED.glob("*/bin/postgres")]
    newest = sorted(found, key=lambda path: float(path.parent.name))[-1:]
    on_path = shutil.which("postgres")
    return newest[0] if newest else Path(on_path).resolve().parent if on_path else None


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """Start a server, and stop it when the block ends, however it does."""
    # Not pytest's folder: the server is another user where the tests are root, and must reach its own.
    folder = Path(tempfile.mkdtemp(prefix="ducha-pg-"))
    try:
        whose = _unprivileged(folder)
        _make(programs, folder, whose)
        port = _free_port()
        process = _start(programs, folder, port, whose)
        try:
            _wait(process, port, folder)
            yield Server(port)
        finally:
            _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> Mapping[str, Any]:
    """Return as whom the server runs: as root it refuses to."""
    if os.geteuid() != 0:
        return {}
    import pwd

    name = "postgres" if any(each.pw_name == "postgres" for each in pwd.getpwall()) else "nobody"
    shutil.chown(folder, name)
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}


def _make(programs: Path, folder: Path, whose: Mapping[str, Any]) -> None:
    secret = folder / "password"
    secret.write_text(PASSWORD, encoding="ascii")
    secret.chmod(0o644)
    words = [
        *(str(programs / "initdb"), "-D", str(folder / "data"), "-U", USER, f"--pwfile={secret}"),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"),
    ]
    made = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, **whose)
    assert made.returncode == 0, made.stdout + made.stderr


def _start(programs: Path, folder: Path, port: int, whose: Mapping[str, Any]) -> subprocess.Popen[bytes]:
    settings = [word for each in _CAREFREE for word in ("-c", each)]
    where = ["-D", str(folder / "data"), "-k", str(folder), "-h", "127.0.0.1", "-p", str(port)]
    with (folder / "log").open("wb") as log:
        words = [str(programs / "postgres"), *where, *settings]
        return subprocess.Popen(words, cwd=folder, stdout=log, stderr=log, **whose)


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + _SECONDS
    while True:
        try:
            Server(port).connect().close()
        except psycopg.OperationalError:
            assert process.poll() is None, (folder / "log").read_text("utf-8", "replace")
            assert time.monotonic() < until, (folder / "log").read_text("utf-8", "replace")
            time.sleep(0.05)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the server at once: nobody will need its data again."""
    for how in (signal.SIGQUIT, signal.SIGKILL):
        process.send_signal(how)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
