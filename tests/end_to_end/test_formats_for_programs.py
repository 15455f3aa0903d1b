"""The formats for programs from the command line: their bytes on both streams, and the plan beside OSCAL's results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.reports import to_oscal_plan
from auditor.reports.registry import WRITERS
from end_to_end.conftest import Run

pytestmark = pytest.mark.slow

BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize("name", ["csv", "json", "jsonl", "ics", "oscal", "sarif", "junit"])
def test_a_file_holds_what_standard_output_shows(
    run: Run, data: Path, strict_pack: Path, name: str, tmp_path: Path
) -> None:
    words = ("audit", data, "--pack", strict_pack, "--year", 2024, "--format", name)
    shown, kept = run(*words), run(*words, "-o", tmp_path / "report.out")
    assert (shown.code, kept.code) == (1, 1)
    assert (tmp_path / "report.out").read_bytes() == shown.out
    assert kept.out == b""
    # only where Excel and WPS need it
    assert shown.out.startswith(BOM) == (name == "csv")
    assert shown.out.count(BOM) == (name == "csv")
    assert (b"\r" in shown.out) == (name == "ics")


def test_oscal_writes_the_plan_beside_the_results(
    run: Run, data: Path, strict_pack: Path, pack: Path
) -> None:
    words = ("audit", data, "--year", 2024, "--format", "oscal", "-o", "报告.json")
    assert run(*words, "--pack", strict_pack).code == 1
    results, plan = (json.loads(Path(name).read_bytes()) for name in ("报告.json", "报告.poam.json"))
    assert (list(results), list(plan)) == (["assessment-results"], ["plan-of-action-and-milestones"])
    assert len(plan["plan-of-action-and-milestones"]["poam-items"]) == 1
    assert {each.name for each in Path().iterdir()} == {"报告.json", "报告.poam.json"}
    # with nothing to put right there is no plan, and none of an earlier audit stays
    assert run(*words, "--pack", pack).code == 0
    assert {each.name for each in Path().iterdir()} == {"报告.json"}


def test_neither_document_is_written_where_one_cannot_be(
    run: Run, data: Path, strict_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("audit", data, "--pack", strict_pack, "--year", 2024, "--format", "oscal", "-o", "report.json")
    Path("report.poam.json").mkdir()
    refused = run(*words)
    assert (refused.code, "report.poam.json" in refused.err) == (2, True)
    Path("report.poam.json").rmdir()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(to_oscal_plan, "supervision", fail)
    failed = run(*words)
    assert failed.code == 3
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_help_names_every_format_and_where_the_plan_goes(run: Run, lang: str) -> None:
    said = " ".join(run("audit", "--help", "--lang", lang).text.split())
    assert "|".join(WRITERS) in said
    assert ".poam.json" in said
