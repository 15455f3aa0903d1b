"""The worker process as the audit sees it: facts out, firings back, and a loud fault when it falters."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from auditor.engines.worker import start_worker
from auditor.errors import EngineFault
from auditor.judge.rules import Firing
from auditor.judge.ruling import Docket

WORKER = "auditor.judge.worker"
LAST_WORDS = 400


class Child:
    """A worker that judges one unit after the other; started with the first, ended with the `with` block."""

    def __init__(self, program: Mapping[str, Any]) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._units = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()
        self._stderr.close()

    def judge(self, docket: Docket) -> list[Firing]:
        """Return every firing of the rules over a unit's facts. A unit is never judged twice.

        Raises:
            EngineFault: the worker died, or its answer does not account for every fact; names the unit.
        """
        self._units += 1
        if self._process is None:
            self._process = start_worker(WORKER, self._stderr)
            self._send(docket, self._program)
        self._send(docket, [self._units, docket.facts])
        number, accounted, found = self._answer(docket)
        stated = len(docket.facts) + len({firing.concluded for firing in found})
        if number != self._units or accounted != stated:
            raise EngineFault(
                f"unit {docket.unit_id}: {stated} facts stated, {accounted} accounted for by the engine"
            )
        return found

    def _send(self, docket: Docket, value: Any) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(value, allow_nan=False).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._death(docket) from error

    def _answer(self, docket: Docket) -> tuple[Any, Any, list[Firing]]:
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise self._death(docket)
        try:
            number, accounted, firings = json.loads(line)
            found = [Firing(rule, tuple(map(tuple, facts)), tuple(fact)) for rule, facts, fact in firings]
        except (ValueError, TypeError) as error:
            raise EngineFault(
                f"unit {docket.unit_id}: the judge's worker does not make sense: {line[:80]!r}"
            ) from error
        return number, accounted, found

    def _death(self, docket: Docket) -> EngineFault:
        code = self._stop()
        self._stderr.seek(0)
        lines = self._stderr.read().decode("utf-8", "replace").strip().splitlines()
        # A crash in C says what it was first, a Python exception last.
        fatal = [line for line in lines if line.startswith(("Fatal Python error", "Timeout"))]
        words = (fatal or lines or [""])[0 if fatal else -1][:LAST_WORDS]
        return EngineFault(f"unit {docket.unit_id}: the judge's worker died (exit code {code}): {words}")

    def _stop(self) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        try:
            return process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()
