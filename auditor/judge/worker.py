"""The worker process: `python -m auditor.judge.worker` drives the engine, so that its death kills no audit.

Lines of JSON on standard input and output: first the program, then `[number, facts]` for each unit, answered
by `[number, facts accounted for, firings]`. It imports only what the engine needs, to start fast. Whatever
goes wrong ends it, with the reason on standard error; `auditor.judge.child` is the other end.
"""

from __future__ import annotations

import faulthandler
import json
import sys
from typing import BinaryIO

from auditor.judge.engine import Judge

SECONDS_A_UNIT = 300


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Judge unit after unit until the questions end."""
    judge = Judge(json.loads(questions.readline()))
    for line in questions:
        # The engine can loop for ever inside C, where only this timer still runs.
        faulthandler.dump_traceback_later(SECONDS_A_UNIT, exit=True)
        number, facts = json.loads(line)
        accounted, firings = judge.judge([tuple(fact) for fact in facts])
        faulthandler.cancel_dump_traceback_later()
        answers.write(json.dumps([number, accounted, firings]).encode("ascii") + b"\n")
        answers.flush()


if __name__ == "__main__":
    faulthandler.enable()
    serve(sys.stdin.buffer, sys.stdout.buffer)
