"""`run_cases`: what a case is compared by, which cases are found, and that cases know nothing of each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pack_files import made_up, write_pack

from auditor.authoring.cases import run_cases
from auditor.authoring.cases_wanted import Difference
from auditor.errors import BadInput

pytestmark = pytest.mark.slow

DAY = yaml.safe_load("2024-05-06")
UNITS = [{"unit_id": "U1", "type": "university"}]
REPORT = {"unit_id": "U1", "report": "special_report_to_superior", "submitted_on": DAY}
GOOD: dict[str, Any] = {
    "note": "one report is enough",
    "tables": {"units": UNITS, "submissions": [REPORT]},
    "want": {"unit": "U1", "period": "2024", "verdict": "pass", "value": 1},
}
REQUIREMENT = "henan-2023/20-report-up"


def write_cases(path: Path, *cases: Any, **head: Any) -> Path:
    return write_pack({"requirement": REQUIREMENT, **head, "cases": list(cases)}, path)


def differences(tmp_path: Path, *cases: Any, **head: Any) -> list[Difference]:
    results = run_cases([str(write_cases(tmp_path / "cases.yaml", *cases, **head))], tmp_path)
    return [each for result in results for case in result.cases for each in case.differences]


def wanting(**changed: Any) -> dict[str, Any]:
    return {**GOOD, "want": {**GOOD["want"], **changed}}


def test_a_good_case_has_no_differences(tmp_path: Path) -> None:
    assert differences(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("want", "key", "got", "wanted"),
    [
        ({"verdict": "fail"}, "verdict", "pass", "fail"),
        ({"value": 2}, "value", "1", "2"),
        ({"value": None}, "value", "1", "null"),
        ({"shortfall": 1}, "shortfall", "null", "1"),
        ({"provisional": True}, "provisional", "false", "true"),
        ({"reason": "below_threshold"}, "reason", "met", "below_threshold"),
        ({"threshold": 2}, "threshold", "1", "2"),
        ({"forecast": "on_track"}, "forecast", "null", "on_track"),
        ({"waived": "W1"}, "waived", "null", "W1"),
    ],
)
def test_a_wrong_figure_is_told(
    tmp_path: Path, want: dict[str, Any], key: str, got: str, wanted: str
) -> None:
    (found,) = differences(tmp_path, wanting(**want))
    assert (found.kind, found.key, found.got, found.wanted) == ("differs", key, got, wanted)


def test_a_finding_wanted_and_missing_and_one_there_and_not_wanted(tmp_path: Path) -> None:
    found = differences(tmp_path, wanting(period="2023"))
    assert [(each.kind, each.unit, each.period) for each in found] == [
        ("missing", "U1", "2023"),
        ("unwanted", "U1", "2024"),
    ]
    assert (found[1].verdict, found[1].reason) == ("pass", "met")


def test_cases_that_share_an_audit_know_nothing_of_each_other(tmp_path: Path) -> None:
    none = {
        "note": "without a report it fails",
        "tables": {"units": UNITS, "submissions": []},
        "want": {"unit": "U1", "period": "2024", "verdict": "fail", "value": 0},
    }
    missing = {
        "note": "without the table nothing can be said",
        "tables": {"units": UNITS},
        "want": {"unit": "U1", "period": "2024", "verdict": "insufficient_data", "reason": "table_missing"},
    }
    assert differences(tmp_path, GOOD, none, missing) == []


def test_a_list_of_days_is_a_row_for_each(tmp_path: Path) -> None:
    days = yaml.safe_load("[2024-05-06, 2024-05-07, 2024-12-31]")
    case = wanting(value=3)
    case["tables"] = {"units": UNITS, "submissions": [{**REPORT, "submitted_on": days}]}
    assert differences(tmp_path, case) == []


def test_the_year_the_days_and_the_day_it_is(tmp_path: Path) -> None:
    # In force from 28 December 2023: the year 2023 began before it.
    outside = {"verdict": "not_applicable", "reason": "outside_effective_dates", "value": None}
    before = {
        **GOOD,
        "note": "the year before",
        "year": 2023,
        "want": {**wanting(**outside)["want"], "period": "2023"},
    }
    days = yaml.safe_load("{from: 2024-01-01, to: 2024-03-31}")
    within = {**GOOD, "note": "a window", **days}
    early = wanting(verdict="pending", value=0, forecast="on_track")
    early |= {"note": "too early", "as_of": yaml.safe_load("2024-01-31")}
    lifted = {**before, "note": "lifted", "assume_effective": True}
    lifted["want"] = {"unit": "U1", "period": "2023", "verdict": "fail", "value": 0}
    assert differences(tmp_path, before, within, early, lifted) == []


def test_thresholds_and_shares_may_be_written_as_percents(tmp_path: Path) -> None:
    day = {"unit_id": "U1", "counted_on": DAY, "reviewers": 1, "staff_established": 8}
    case = {
        "note": "an eighth",
        "requirement": "henan-2023/18-reviewers",
        "tables": {"units": UNITS, "headcounts": [day]},
        "want": {"unit": "U1", "period": "2024", "verdict": "pass", "value": 0.125, "threshold": "10%"},
    }
    assert differences(tmp_path, case) == []


def fire(path: Path) -> Path:
    measure = {"kind": "count", "table": "activities", "where": {"kind": "training"}}
    threshold = {"op": ">=", "value": "${drills}"}
    parameters = {"drills": {"type": "number", "title": {"zh": "演练次数", "en": "drills"}, "example": 2}}
    return write_pack(made_up({"measure": measure, "threshold": threshold}, parameters=parameters), path)


def drill(number: int) -> dict[str, Any]:
    """Return a case with one training where so many are asked."""
    verdict = "pass" if number <= 1 else "fail"
    return {
        "note": f"one of {number}",
        "tables": {"units": UNITS, "activities": [{"unit_id": "U1", "kind": "training", "held_on": DAY}]},
        "want": {"unit": "U1", "period": "2024", "verdict": verdict, "value": 1, "threshold": number},
    }


@pytest.mark.parametrize("where", ["fire.cases.yaml", "fire.cases/drills.yaml", "tests/cases/test/1-x.yaml"])
def test_the_cases_of_a_pack_file_are_found_beside_it(tmp_path: Path, where: str) -> None:
    fire(tmp_path / "fire.yaml")
    write_cases(tmp_path / where, drill(3), requirement="test/1-x", set={"drills": 3})
    (result,) = run_cases(["fire.yaml"], tmp_path)
    assert (result.requirement, len(result.cases), result.failed) == ("test/1-x", 1, ())


def test_a_case_file_names_the_pack_and_its_parameters(tmp_path: Path) -> None:
    fire(tmp_path / "rules" / "fire.yaml")
    for number in (1, 3):
        head = {"requirement": "test/1-x", "pack": "../rules/fire.yaml", "set": {"drills": number}}
        write_cases(tmp_path / "cases" / f"{number}.yaml", drill(number), **head)
    results = run_cases(["cases"], tmp_path)
    assert [len(each.cases) for each in results] == [1, 1]
    assert not any(each.failed for each in results)


def test_a_folder_is_read_to_the_bottom_and_each_file_once(tmp_path: Path) -> None:
    write_cases(tmp_path / "a" / "b" / "one.yaml", GOOD)
    fire(tmp_path / "a" / "fire.yaml")
    results = run_cases(["a", "a/b", "a/b/one.yaml"], tmp_path)
    assert [each.path.name for each in results] == ["one.yaml"]


def test_several_requirements_in_one_file(tmp_path: Path) -> None:
    answer = {
        "unit_id": "U1",
        "requirement_id": "henan-2023/4-yearly-points",
        "checked_on": DAY,
        "answer": "yes",
    }
    other = {
        "note": "attested",
        "requirement": "henan-2023/4-yearly-points",
        "tables": {"units": UNITS, "attestations": [answer]},
        "want": {"unit": "U1", "period": "2024", "verdict": "pass", "value": "yes"},
    }
    results = run_cases([str(write_cases(tmp_path / "cases.yaml", GOOD, other))], tmp_path)
    assert [each.requirement for each in results] == [REQUIREMENT, "henan-2023/4-yearly-points"]
    assert not any(each.failed for each in results)


def test_without_names_all_cases_of_the_working_folder_run_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.authoring.cases.shipped", lambda name: tmp_path / "shipped" / name)
    write_cases(tmp_path / "tests/cases/mine/one.yaml", GOOD)
    write_cases(tmp_path / "shipped/tests/cases/theirs/two.yaml", GOOD)
    assert sorted(each.path.name for each in run_cases([], tmp_path)) == ["one.yaml", "two.yaml"]


def test_the_mistakes_of_every_file_are_told_together(tmp_path: Path) -> None:
    write_cases(tmp_path / "a" / "one.yaml", {**GOOD, "notes": "x"})
    write_cases(tmp_path / "a" / "two.yaml", {**GOOD, "want": None})
    with pytest.raises(BadInput) as caught:
        run_cases(["a"], tmp_path)
    assert [(each.place.file, each.code) for each in caught.value.problems] == [
        ("one.yaml", "cases.unknown_key"),
        ("two.yaml", "cases.missing_key"),
    ]
