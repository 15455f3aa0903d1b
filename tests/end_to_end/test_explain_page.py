"""`explain` as it is printed: whole pages read by a person once, and what is cut short."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from wcwidth import wcswidth

from end_to_end.conftest import Run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SAMPLE, TABLE = ROOT / "fixtures" / "university-2024", ROOT / "fixtures" / "assessment-table"
OF_TABLE = ("--pack", TABLE / "assessment-table.yaml", "--year", 2024, "--as-of", "2024-12-31")
PAGES = {
    "explain.training.zh": (TABLE, "D2", "2-training", *OF_TABLE, "--lang", "zh"),
    "explain.reports.en": (TABLE, "D2", "3-reports", *OF_TABLE, "--lang", "en"),
    "explain.lead.zh": (SAMPLE, "D06", "henan-2023/12-lead-time", "--year", 2024, "--lang", "zh"),
}


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("name", PAGES)
def test_the_whole_page_is_the_one_that_was_read(name: str, run: Run) -> None:
    told = run("explain", *PAGES[name]).text
    assert told == (ROOT / "tests" / "golden" / "reports" / f"{name}.txt").read_text(encoding="utf-8")
    # the statement is shown as it is run
    words = re.sub(r"\n(计算语句|The statement)[\s\S]*?\n\n", "\n", told)
    assert max(wcswidth(line) for line in words.split("\n")) <= 80


def test_rows_are_cut_short_unless_all_are_asked_for(run: Run) -> None:
    words = ("explain", SAMPLE, "D01", "henan-2023/1-first-topic", "--year", 2024, "--lang", "en")
    brief, full = run(*words).text, run(*words, "--verbose").text
    more = re.search(r"The rows it rests on[\s\S]*?… and (\d+) more", brief)
    assert more
    counted = [
        len(re.findall(r"^  activities\.csv:\d+$", said.partition("Rows that")[0], re.MULTILINE))
        for said in (brief, full)
    ]
    assert counted[1] - counted[0] == int(more[1])
