"""The formats for programs in the hands of other programs: compliance-trestle loads, LibreOffice opens."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from naughty_world import of_world, written

from auditor.audit import Options, audit
from auditor.commands import main
from auditor.reports.registry import Layout, companions
from auditor.reports.to_csv import guarded

pytestmark = pytest.mark.slow

TRESTLE = "compliance-trestle>=5,<6"
BIN = "Scripts" if os.name == "nt" else "bin"
LOAD = """
import json, pathlib, sys
from trestle.oscal import OSCAL_VERSION
from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.poam import PlanOfActionAndMilestones

models = {"assessment-results": AssessmentResults, "plan-of-action-and-milestones": PlanOfActionAndMilestones}
for name in sys.argv[1:]:
    path = pathlib.Path(name)
    written = json.loads(path.read_text(encoding="utf-8"))
    (kind,) = written
    loaded = models[kind].oscal_read(path)
    assert written[kind]["metadata"]["oscal-version"] == OSCAL_VERSION == "1.2.1", OSCAL_VERSION
    assert json.loads(loaded.oscal_serialize_json()) == written, f"{name} comes back changed"
    again = path.with_suffix(".again.json")
    loaded.oscal_write(again)
    assert models[kind].oscal_read(again) == loaded
    assert json.loads(again.read_text(encoding="utf-8")) == written
    print(kind)
"""


@pytest.fixture(scope="module")
def trestle(tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], None]) -> Path:
    """Return the programs of an environment of its own with compliance-trestle, which pins what we do not want."""
    folder = tmp_path_factory.mktemp("trestle")
    steps = (
        [sys.executable, "-m", "venv", str(folder)],
        [str(folder / BIN / "python"), "-m", "pip", "install", "--quiet", TRESTLE],
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, encoding="utf-8", check=False, env=_clean())
        if done.returncode:
            missing(f"{TRESTLE} ({done.stderr.strip()[-300:]})")
    return folder / BIN


def _clean() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "PYTEST"))
    }


def run(*words: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=_clean(),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory, root: Path) -> list[Path]:
    """Return both documents of the sample in both languages, and those of the naughty world."""
    folder = tmp_path_factory.mktemp("oscal")
    for lang in ("zh", "en"):
        sample = [
            root / "fixtures/university-2024",
            "--pack",
            "henan-2023",
            "--year",
            2024,
            "--format",
            "oscal",
        ]
        words = ["audit", *sample, "--lang", lang, "-o", folder / f"{lang}.json"]
        assert main([str(word) for word in words]) == 1
    (naughty_folder := folder / "naughty").mkdir()

    def keep(done: Any) -> None:
        (folder / "naughty.json").write_bytes(written(done, "oscal"))
        ((ending, plan),) = companions("oscal").items()
        (folder / f"naughty{ending}").write_text("".join(map(str, plan(done, Layout()))), encoding="utf-8")

    of_world(naughty_folder, keep)
    found = sorted(folder.glob("*.json"))
    assert len(found) == 6
    return found


def test_trestle_loads_them_and_they_come_back_equal(trestle: Path, documents: list[Path]) -> None:
    said = run(trestle / "python", "-c", LOAD, *documents, cwd=documents[0].parent)
    assert sorted(said.split()) == ["assessment-results"] * 3 + ["plan-of-action-and-milestones"] * 3


def test_trestle_imports_and_validates_them(trestle: Path, documents: list[Path], tmp_path: Path) -> None:
    run(trestle / "trestle", "init", "--local", cwd=tmp_path)
    for at, document in enumerate(documents):
        run(trestle / "trestle", "import", "-f", document, "-o", f"report-{at}", cwd=tmp_path)
    said = run(trestle / "trestle", "validate", "-a", cwd=tmp_path)
    assert said.count("VALID:") == len(documents)
    assert "INVALID" not in said


def test_a_document_that_breaks_the_model_is_refused(
    trestle: Path, documents: list[Path], tmp_path: Path
) -> None:
    broken = json.loads(documents[0].read_text(encoding="utf-8"))
    next(iter(broken.values()))["metadata"]["title"] = ""
    (tmp_path / "broken.json").write_text(json.dumps(broken), encoding="utf-8")
    with pytest.raises(AssertionError, match="title"):
        run(trestle / "python", "-c", LOAD, tmp_path / "broken.json", cwd=tmp_path)


def opened(soffice: str, report: Path) -> list[list[Any]]:
    """Return the cells as LibreOffice opens a CSV file as UTF-8, computing what it takes for a formula."""
    profile = f"-env:UserInstallation={(report.parent / 'profile').as_uri()}"
    as_csv = "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"
    run(
        soffice, profile, "--headless", as_csv, "--convert-to", "xlsx", "--outdir", report.parent, report,
        cwd=report.parent,
    )  # fmt: skip
    return [list(row) for row in openpyxl.load_workbook(report.with_suffix(".xlsx")).active.iter_rows()]


def test_libreoffice_opens_the_csv_without_a_live_formula(need: Callable[[str], str], tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    report.write_bytes(of_world(tmp_path, lambda done: written(done, "csv")))
    assert report.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = opened(need("soffice"), report)
    assert [cell.value for row in rows for cell in row if cell.data_type == "f"] == []
    told = list(csv.reader(io.StringIO(report.read_text(encoding="utf-8-sig"), newline="")))
    assert len(rows) == len(told)
    names = [(row[1].value, wanted[1]) for row, wanted in zip(rows, told, strict=True)]
    assert names[0] == ("单位名称", "单位名称")
    # a name that reads as a number or a day is shown as one, as in every CSV; text is as it was
    texts = [(seen, wanted) for seen, wanted in names if isinstance(seen, str)]
    assert len(texts) > len(names) * 0.85
    assert [pair for pair in texts if _plain(pair[0]) != _plain(pair[1])] == []


def _plain(text: str) -> str:
    """Return a text without what a workbook writes by its number (`_x0007_`), and so the sign that marks that."""
    shown = re.sub(r"_x[0-9A-Fa-f]{4}_", "", text).replace("_", "")
    return "".join(each for each in shown if each.isprintable()).strip()


def test_without_the_apostrophe_they_would_be_live(need: Callable[[str], str], tmp_path: Path) -> None:
    """Quotes are no protection: this is what the apostrophe is for."""
    report = tmp_path / "bare.csv"
    formula = '=HYPERLINK("http://example.invalid","x")'
    with report.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["a"], [formula], [guarded(formula)]])
    rows = opened(need("soffice"), report)
    assert [row[0].data_type for row in rows] == ["s", "f", "s"]
    assert rows[2][0].value == f"'{formula}"


def test_the_sample_opens_too(need: Callable[[str], str], tmp_path: Path, root: Path) -> None:
    report, options = tmp_path / "sample.csv", Options(as_of=date(2024, 12, 31), judged_by="plain")
    with audit(root / "fixtures/university-2024", ["henan-2023"], 2024, options) as done:
        report.write_bytes(written(done, "csv"))
        counts = dict(done.counts)
    rows = opened(need("soffice"), report)
    header = [cell.value for cell in rows[0]]
    verdicts = [row[header.index("判定")].value for row in rows[1:]]
    labels = {
        "pass": "通过",
        "fail": "不通过",
        "pending": "未到期",
        "not_applicable": "不适用",
        "insufficient_data": "数据不足",
    }
    assert {key: verdicts.count(label) for key, label in labels.items()} == counts
