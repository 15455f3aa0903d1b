"""The same inputs give the same bytes: twice in one process, and in processes that hash differently."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pack_files import every_kind, write_pack
from second_reading.organisations import organisation, write_csv

from auditor.audit import Options, audit
from auditor.reports.registry import WRITERS, Layout, writer

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
AS_OF = date(2024, 8, 20)
PROGRAM = """
import sys
from datetime import date
from pathlib import Path
from auditor.audit import Options, audit
from auditor.reports.registry import Layout, writer

with audit(Path(sys.argv[1]), [Path(sys.argv[2])], 2024, Options(as_of=date(2024, 8, 20), judged_by="plain")) as done:
    sys.stdout.buffer.write("".join(writer("json")(done, Layout())).encode())
"""


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    write_csv(organisation(random.Random(20240820)), tmp_path / "data")
    pack = write_pack(every_kind(), tmp_path / "pack.yaml")

    def written() -> dict[str, str]:
        with audit(tmp_path / "data", [pack], 2024, Options(as_of=AS_OF, judged_by="plain")) as done:
            first = {name: "".join(writer(name)(done, Layout())) for name in WRITERS}
            # an audit can be read as often as asked
            assert {name: "".join(writer(name)(done, Layout())) for name in WRITERS} == first
            return first

    once = written()
    assert written() == once

    arguments = [sys.executable, "-c", PROGRAM, str(tmp_path / "data"), str(pack)]
    processes = [
        subprocess.Popen(
            arguments, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": hash_seed}, stdout=subprocess.PIPE
        )
        for hash_seed in ("1", "2")
    ]
    outputs = [process.communicate()[0].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert outputs == [once["json"], once["json"]]
