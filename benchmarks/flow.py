"""An audit, each step of its flow gauged where the flow calls it; a step's peak counts what is held already.

    python benchmarks/flow.py DATA PACK [--judged-by plain] [--units 200] [--write csv]

Prints one JSON object a step: {step, cpu, children, wall, peak, note}.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from gauge import gauged

from auditor import audit
from auditor.audit import Options
from auditor.model.audit import Audit
from auditor.reports.registry import Layout, writer
from auditor.reports.writing import write_file

YEAR = 2024

STEPS = {
    "load_packs": "read the pack",
    "read_tables": "read and check the data",
    "lay_grid": "lay periods and working days",
    "judge": "measure and judge",
    "rate": "rate the units",
    "data_notes": "list what did not count",
}
"""The functions of the flow that are gauged, and what each step is called."""


def gauge_the_flow() -> None:
    """Put a gauge around each step that the flow (`auditor.audit`) calls."""
    flow = import_module("auditor.audit")
    for function, step in STEPS.items():
        setattr(flow, function, _gauged(getattr(flow, function), step))


def run(data: Path, pack: Path, options: Options, formats: Sequence[str]) -> None:
    """Audit a data set, write it in the formats, and print what each step used."""
    gauge_the_flow()
    with audit(data, [pack], YEAR, options) as done:
        _tell("counts", {}, ", ".join(f"{count:,} {verdict}" for verdict, count in done.counts.items()))
        if formats:
            _write(done, formats)


def _write(done: Audit, formats: Sequence[str]) -> None:
    with _step("gather evidence") as note:
        rows = sum(len(each.evidence) for each in done.findings(True))
        note(f"{sum(done.counts.values()):,} findings, {rows:,} rows")
    with tempfile.TemporaryDirectory() as folder:
        for name in formats:
            with _step(f"write {name}") as note:
                place = Path(folder) / f"out.{name}"
                write_file(place, writer(name)(done, Layout("zh", 100)))
                note(f"{sum(done.counts.values()):,} findings, {place.stat().st_size / 2**20:.0f} MiB")


def _gauged(function: Callable[..., Any], step: str) -> Callable[..., Any]:
    def gauged_function(*given: Any, **named: Any) -> Any:
        with _step(step):
            return function(*given, **named)

    return gauged_function


@contextmanager
def _step(name: str) -> Iterator[Callable[[str], None]]:
    """Gauge a block and print it, with what the block has to note about it."""
    notes: list[str] = []
    with gauged() as used:
        yield notes.append
    _tell(name, vars(used), "; ".join(notes))


def _tell(step: str, used: dict[str, float], note: str) -> None:
    print(json.dumps({"step": step, **used, "note": note}), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--judged-by", default="plain")
    parser.add_argument("--units", type=int, metavar="MOST", help="audit the first units alone")
    parser.add_argument("--write", action="append", default=[], metavar="FORMAT")
    given = parser.parse_args()
    chosen = tuple(f"U{number:06d}" for number in range(given.units or 0))
    run(given.data, given.pack, Options(units=chosen, judged_by=given.judged_by), given.write)
