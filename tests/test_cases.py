"""Every requirement's hand-worked cases, through the product's own door: `packs test`."""

from __future__ import annotations

from pathlib import Path

import pytest
from pack_files import raw_pack

from auditor.authoring.cases import RequirementResult, run_cases
from auditor.packs.load import packs_shipped

CASES = Path(__file__).parent / "cases"


def said_of(results: tuple[RequirementResult, ...]) -> list[str]:
    return [
        f"{each.path.name}: {case.placed.case.note}: {difference}"
        for each in results
        for case in each.failed
        for difference in case.differences
    ]


SLOW = pytest.mark.slow
PACKS = ["township-2024"]
"""Those whose cases are run every time."""


@pytest.mark.parametrize(
    "packs",
    [PACKS, pytest.param(sorted(set(packs_shipped()) - set(PACKS)), marks=SLOW)],
    ids=["usual", "others"],
)
def test_the_cases_of_packs(packs: list[str], tmp_path: Path) -> None:
    results = run_cases(packs, tmp_path)
    said = said_of(results)
    assert not said, "\n" + "\n".join(said)
    every = {each["id"] for pack in packs for each in raw_pack(pack)["requirements"]}
    assert {each.requirement for each in results} == every


def test_each_file_stands_under_the_name_of_its_requirement() -> None:
    for path in CASES.glob("*/*.yaml"):
        assert f"requirement: {path.parent.name}/{path.stem}\n" in path.read_text(encoding="utf-8"), path
