"""Worker processes: this interpreter again, running one module of ours, so that its death kills no audit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any


def start_worker(module: str, stderr: IO[Any] | int) -> subprocess.Popen[bytes]:
    """Start `python -m MODULE` with pipes for questions and answers, and return its process.

    The worker finds exactly the modules its parent finds, in the same order; `-P` keeps the working folder,
    which holds the user's data, out of it.
    """
    package_root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([*(entry for entry in sys.path if entry), package_root])
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env={**os.environ, "PYTHONPATH": path},
    )
