"""Speed and memory against a baseline of the same run; a table, and whether each budget holds. Not a test.

    python benchmarks/run.py all
    python benchmarks/run.py scale [--rows 0.1 1 10] [--data FOLDER]
    python benchmarks/run.py csv [--data FOLDER]
    python benchmarks/run.py intake [--data FOLDER]
    python benchmarks/run.py start [--times 5]

`all` needs 22 million rows to be made once (a minute, 600 MB; kept where `--data` says, else thrown away).
CPU seconds are of the user and the system, children included; where other work shares the machine, the ratios
bear it better than the figures. Every phase runs in its own process, or with the peak reset before it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gauge import child, cpu_of

ROWS_OF_A_UNIT = 500
FULL = (10_000_000, 20_000)
"""Rows and units of the budget."""

MOST_OF_A_SCAN, MOST_OF_IMPORTS, MOST_OF_CLICK = 30.0, 4.0, 4.0
MOST_OF_A_READER, BEST_OF = 2.0, 3
MOST_MEMORY, MOST_MEMORY_OF_CSV = 1536.0, 600.0
WRITTEN = 200
"""Units whose findings are written with their evidence, and judged by the engine of rules."""

Steps = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Budget:
    """A figure, what it may be at most, and in what."""

    name: str
    figure: float
    most: float
    unit: str

    def line(self) -> str:
        """Return the figure against the budget, and whether it holds."""
        holds = "holds" if self.figure <= self.most else "BROKEN"
        return f"  {self.name:<64} {self.figure:>9,.1f} {self.unit:<4} of {self.most:>7,.0f}   {holds}"


@dataclass(frozen=True)
class Run:
    """An audit of so many rows and units: what each step used, and the bare scan beside it."""

    rows: int
    units: int
    scan: float
    steps: Steps

    def cpu(self, step: str) -> float:
        """Return the CPU seconds of a step."""
        used = self.steps[step]
        return float(used["cpu"] + used["children"])

    @property
    def peak(self) -> float:
        """The highest memory of all steps, in MiB."""
        return max(float(each.get("peak", 0)) for each in self.steps.values())

    def line(self) -> str:
        """Return the run as a line of the table of `scale`."""
        judged = self.cpu("measure and judge")
        return (
            f"  {self.rows / 1e6:>5g} M {self.units:>8,} {self.scan:>8.2f} {self.cpu('read and check the data'):>8.2f}"
            f" {judged:>9.2f} {judged / self.scan:>8.1f}x {self.cpu('rate the units'):>8.2f} {self.peak:>10,.0f}"
        )


def start(times: int) -> list[Budget]:
    """Time the sample audit and `--help` from a cold start, against the imports that they cannot do without."""
    python = sys.executable
    audit = [python, "cli.py", "audit", "fixtures/university-2024", "--pack", "henan-2023", "--year", "2024"]
    libraries = cpu_of([python, "-c", "import pandas, duckdb, pydantic, click"], times)
    click = cpu_of([python, "-c", "import click"], times)
    table, in_json = cpu_of(audit, times), cpu_of([*audit, "--format", "json"], times)
    help_text = cpu_of([python, "cli.py", "--help"], times)
    _title(f"Cold start: CPU seconds, the least of {times}")
    _line("import pandas, duckdb, pydantic, click", libraries)
    _line("the sample audit, as a table", table)
    _line("the sample audit, as JSON", in_json)
    _line("import click", click)
    _line("--help", help_text)
    return [
        Budget("the sample audit (table) against its imports", table / libraries, MOST_OF_IMPORTS, "x"),
        Budget("the sample audit (JSON) against its imports", in_json / libraries, MOST_OF_IMPORTS, "x"),
        Budget("--help against import click", help_text / click, MOST_OF_CLICK, "x"),
    ]


def scale(millions: Sequence[float], place: Path) -> list[Budget]:
    """Audit data sets of growing size: rows and units together, then rows alone."""
    sizes = [(round(million * 1_000_000), 0) for million in millions]
    together = [(rows, max(20, rows // ROWS_OF_A_UNIT)) for rows, _ in sizes]
    middle = together[len(together) // 2][1]
    _title("Scale: 60 requirements drawn from the shipped documents; CPU seconds, and the peak in MiB")
    print("    rows     units     scan     read     judge  of a scan     rate       peak")
    runs = {size: _shown(_run(*size, place)) for size in together}
    print(f"  rows alone, {middle:,} units:")
    for rows, _ in sizes:
        if (rows, middle) not in runs:
            _shown(_run(rows, middle, place))
    last = runs[together[-1]]
    print("  a made-up mix, a third of it monthly (no budget: how it grows with the findings):")
    _shown(_run(last.rows, last.units, place, "heavy"))
    _steps(last)
    _written(last, place)
    if (last.rows, last.units) != FULL:
        print("\n  The budgets are meant for 10 M rows of 20,000 units.")
    ratio = last.cpu("measure and judge") / last.scan
    return [
        Budget("measuring and verdicts against the bare scan", ratio, MOST_OF_A_SCAN, "x"),
        Budget("peak of the whole audit", last.peak, MOST_MEMORY, "MiB"),
    ]


def csv(place: Path) -> list[Budget]:
    """Audit a million rows of CSV by 20 requirements."""
    rows, units = 1_000_000, 1_000_000 // ROWS_OF_A_UNIT
    data, pack = _data(place, rows, units, "csv"), _pack(place, 20)
    run = Run(rows, units, 1.0, _flow(data, pack, "--write", "csv"))
    _title(f"CSV: {rows:,} rows, {units:,} units, 20 requirements")
    _steps(run)
    return [Budget("peak of the audit of a CSV", run.peak, MOST_MEMORY_OF_CSV, "MiB")]


def intake(place: Path) -> list[Budget]:
    """Read a million rows of CSV and a workbook of 100,000 rows, and check them; against the bare readers."""
    book = place / "xlsx-100000"
    if not (book / "made").exists():
        child("intake.py", "make", book, "--rows", 100_000)
        (book / "made").touch()
    rows = 1_000_000
    folders = {"CSV": _data(place, rows, rows // ROWS_OF_A_UNIT, "csv"), "XLSX": book}
    _title(f"Intake: each reader in a process of its own, the best of {BEST_OF}")
    print(f"  {'':<28} {'wall':>8} {'CPU':>8} {'rows/s':>12} {'peak':>10}")
    budgets: list[Budget] = []
    for form, folder in folders.items():
        alone = _best("bare", folder, f"{form}, the bare reader")
        ours = _best("audit", folder, f"{form}, read and checked")
        print(
            f"  {form + ', as a ratio':<28} {ours['wall'] / alone['wall']:>7.2f}x {_cpu(ours) / _cpu(alone):>7.2f}x"
        )
        budgets += [
            Budget(
                f"{form} read and checked against the bare reader",
                ours["wall"] / alone["wall"],
                MOST_OF_A_READER,
                "x",
            ),
            Budget(f"peak of reading {form}", ours["peak"], MOST_MEMORY_OF_CSV, "MiB"),
        ]
    return budgets


def _best(what: str, folder: Path, name: str) -> dict[str, float]:
    """Return what the quickest of several runs used, with the highest peak of all; and print it."""
    runs: list[dict[str, float]] = [json.loads(child("intake.py", what, folder)) for _ in range(BEST_OF)]
    best = {**min(runs, key=lambda run: run["wall"]), "peak": max(run["peak"] for run in runs)}
    speed = best["rows"] / best["wall"]
    print(
        f"  {name:<28} {best['wall']:>6.2f} s {_cpu(best):>6.2f} s {speed:>12,.0f} {best['peak']:>6,.0f} MiB",
        flush=True,
    )
    return best


def _cpu(used: dict[str, float]) -> float:
    return used["cpu"] + used["children"]


def _run(rows: int, units: int, place: Path, mix: str = "documents") -> Run:
    data, pack = _data(place, rows, units, "parquet"), _pack(place, 60, mix)
    scanned = json.loads(child("scan.py", data, pack))
    return Run(rows, units, scanned["cpu"], _flow(data, pack))


def _shown(run: Run) -> Run:
    print(run.line(), flush=True)
    return run


def _steps(run: Run) -> None:
    print(f"\n  {run.rows:,} rows, {run.units:,} units, step by step:")
    for name, used in run.steps.items():
        _step_line(name, used)


def _written(run: Run, place: Path) -> None:
    """Judge and write a part of the units: with the engine of rules, and every row of evidence."""
    data, pack = _data(place, run.rows, run.units, "parquet"), _pack(place, 60)
    most = min(WRITTEN, run.units)
    steps = _flow(data, pack, "--units", most, "--judged-by", "durable", "--write", "csv", "--write", "json")
    print(
        f"\n  the same data, findings of {most} units, judged by the engine of rules, with all their evidence:"
    )
    for name in ("measure and judge", "rate the units", "gather evidence", "write csv", "write json"):
        _step_line(name, steps[name])


def _flow(data: Path, pack: Path, *more: object) -> Steps:
    printed = child("flow.py", data, pack, *more)
    return {each.pop("step"): each for each in map(json.loads, printed.splitlines())}


def _data(place: Path, rows: int, units: int, form: str) -> Path:
    """Return the folder of a data set; it is made if it is not there."""
    folder = place / f"{form}-{rows}-{units}"
    if not (folder / "made").exists():
        child("make_data.py", folder, "--rows", rows, "--units", units, "--form", form)
        (folder / "made").touch()
    return folder


def _pack(place: Path, most: int, mix: str = "documents") -> Path:
    file = place / f"{mix}-{most}.yaml"
    child("make_pack.py", file, "--most", most, "--mix", mix)
    return file


def _title(text: str) -> None:
    print(f"\n{text}\n", flush=True)


def _line(name: str, cpu: float) -> None:
    print(f"  {name:<64} {cpu:>9.2f} s")


def _step_line(name: str, used: dict[str, Any]) -> None:
    if "cpu" in used:
        cpu = used["cpu"] + used["children"]
        print(
            f"  {name:<32} {cpu:>8.2f} s CPU {used['wall']:>8.2f} s {used['peak']:>7,.0f} MiB  {used['note']}"
        )
    else:
        print(f"  {name:<32} {used['note']}")


def _verdict(budgets: Iterable[Budget]) -> None:
    _title("Budgets")
    for budget in budgets:
        print(budget.line())


def main() -> None:
    """Run the benchmarks asked for, and print their tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("which", choices=("all", "scale", "csv", "intake", "start"))
    parser.add_argument("--rows", type=float, nargs="+", default=[0.1, 1, 10], metavar="MILLIONS")
    parser.add_argument("--times", type=int, default=5, help="how often a cold start is timed")
    parser.add_argument("--data", type=Path, help="keep the data here, and find it here the next time")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        place = given.data or Path(passing)
        place.mkdir(parents=True, exist_ok=True)
        budgets = start(given.times) if given.which in ("all", "start") else []
        budgets += csv(place) if given.which in ("all", "csv") else []
        budgets += intake(place) if given.which in ("all", "intake") else []
        budgets += scale(sorted(given.rows), place) if given.which in ("all", "scale") else []
    _verdict(budgets)


if __name__ == "__main__":
    main()
