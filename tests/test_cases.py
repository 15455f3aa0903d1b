"""Every requirement's hand-worked cases, and the runner's own refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from case_runner import BadCasesError, CaseFile, case_files, differences, load_cases
from pack_files import raw_pack

GOOD = {
    "note": "one report is enough",
    "tables": {
        "units": [{"unit_id": "U1", "type": "university"}],
        "submissions": [
            {
                "unit_id": "U1",
                "report": "special_report_to_superior",
                "submitted_on": yaml.safe_load("2024-05-06"),
            }
        ],
    },
    "want": {"unit": "U1", "period": "2024", "verdict": "pass", "value": 1},
}
REQUIREMENT = "henan-2023/20-report-up"


@pytest.mark.parametrize("path", case_files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_cases(path: Path, tmp_path: Path) -> None:
    file = load_cases(path)
    assert file.requirement == f"{path.parent.name}/{path.stem}"
    said = differences(file, tmp_path)
    assert not said, "\n" + "\n".join(said)


def test_every_automated_requirement_has_cases() -> None:
    wanted = {each["id"] for each in raw_pack("henan-2023")["requirements"]}
    assert {load_cases(path).requirement for path in case_files()} >= wanted


def loaded(tmp_path: Path, *cases: object) -> CaseFile:
    path = tmp_path / "cases.yaml"
    path.write_text(yaml.safe_dump({"requirement": REQUIREMENT, "cases": list(cases)}), encoding="utf-8")
    return load_cases(path)


def run(tmp_path: Path, **changed: object) -> list[str]:
    return differences(loaded(tmp_path, {**GOOD, **changed}), tmp_path / "run")


def test_a_good_case_has_no_differences(tmp_path: Path) -> None:
    assert run(tmp_path) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"because": "x"}, "unknown key 'because'"),
        ({"want": None}, "nothing is wanted"),
        ({"want": {**GOOD["want"], "verdikt": "pass"}}, "unknown key 'verdikt' in want"),  # type: ignore[dict-item]
        ({"want": {"unit": "U1", "verdict": "pass"}}, "want does not say period"),
        ({"note": ""}, "has no note"),
        ({"tables": {"submissions": []}}, "there are no units"),
        ({"tables": {**GOOD["tables"], "reports": []}}, "no table 'reports' is declared"),  # type: ignore[dict-item]
        ({"tables": {**GOOD["tables"], "submissions": [{"unit": "U1"}]}}, "no column 'unit'"),  # type: ignore[dict-item]
        ({"tables": {**GOOD["tables"], "submissions": None}}, "not a list of rows"),  # type: ignore[dict-item]
    ],
)
def test_a_bad_case_file_is_refused(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    with pytest.raises(BadCasesError, match=said):
        loaded(tmp_path, {**GOOD, **changed})


def test_a_note_used_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCasesError, match="used twice"):
        loaded(tmp_path, GOOD, GOOD)


@pytest.mark.parametrize(
    ("want", "said"),
    [
        ({"verdict": "fail"}, "verdict: 'pass', wanted 'fail'"),
        ({"value": 2}, "value: 1, wanted 2"),
        ({"value": None}, "value: 1, wanted None"),
        ({"shortfall": 1}, "shortfall: None, wanted 1"),
        ({"provisional": True}, "provisional: False, wanted True"),
        ({"period": "2023"}, "wanted and missing: U1 2023"),
        ({"unit": "U2"}, "there and not wanted: U1 2024 pass"),
    ],
)
def test_a_wrong_finding_is_told(tmp_path: Path, want: dict[str, object], said: str) -> None:
    assert any(said in line for line in run(tmp_path, want={**GOOD["want"], **want}))  # type: ignore[dict-item]


def test_cases_that_share_an_audit_know_nothing_of_each_other(tmp_path: Path) -> None:
    none = {
        "note": "without a report it fails",
        "tables": {**GOOD["tables"], "submissions": []},  # type: ignore[dict-item]
        "want": {"unit": "U1", "period": "2024", "verdict": "fail", "value": 0},
    }
    assert differences(loaded(tmp_path, GOOD, none), tmp_path / "run") == []
