"""`compare` and `verify`: what is read back from a JSON report, and what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pack_files import read_yaml

from auditor.audit import Options
from auditor.authoring.verify import verify
from auditor.errors import BadInput
from auditor.reports.audit_file import parse_audit_file, read_audit_file
from auditor.shipped import shipped
from end_to_end.conftest import Run
from end_to_end.small_world import ACTIVITIES, write_data, write_pack

pytestmark = pytest.mark.slow

BROKEN = Path(__file__).parents[1] / "broken/reports"
YEAR = ("--year", "2024", "--as-of", "2024-12-31")


@pytest.mark.parametrize("name", sorted(each.name for each in BROKEN.iterdir()))
def test_every_broken_report_says_what_is_wrong(name: str, data: Path, pack: Path) -> None:
    expected = read_yaml(BROKEN / name / "expect.yaml")
    given = expected.get("words", [])
    options = Options(calendar=pack if "--calendar" in given else None)
    with pytest.raises(BadInput) as caught:
        _checked(BROKEN / name / "report.json", data, [pack] if "--pack" in given else [], options)
    found = [{"code": each.code, "line": each.place.line, **each.figures} for each in caught.value.problems]
    pairs = zip(found, expected["problems"], strict=True)
    assert [{key: each.get(key) for key in wanted} for each, wanted in pairs] == expected["problems"]


def _checked(report: Path, data: Path, packs: list[Path], options: Options) -> None:
    verify(read_audit_file(report), data, packs, options)


@pytest.fixture
def report(run: Run, tmp_path: Path) -> Callable[..., Path]:
    """Audit into a JSON file and return it."""

    def write(name: str, data: Path, pack: Path, *words: str) -> Path:
        path = tmp_path / f"{name}.json"
        assert run("audit", data, "--pack", pack, "--format", "json", "-o", path, *(words or YEAR)).err == ""
        return path

    return write


# ---- compare ---------------------------------------------------------------------------------------


def compared(run: Run, before: Path, after: Path) -> dict[str, Any]:
    ran = run("compare", before, after, "--format", "json")
    assert ran.err == ""
    told: dict[str, Any] = json.loads(ran.out)
    return {**told, "code": ran.code}


def test_an_audit_and_itself_do_not_differ(run: Run, report: Any, data: Path, pack: Path) -> None:
    path = report("a", data, pack)
    told = compared(run, path, path)
    assert (told["code"], told["differences"], told["compared"], told["flips"], told["moved"]) == (
        0, [], 1, [], 0,
    )  # fmt: skip
    assert "没有结论改变" in run("compare", path, path).text


def test_a_row_less_flips_the_verdict_and_is_named(
    run: Run, report: Any, data: Path, pack: Path, tmp_path: Path
) -> None:
    fewer = write_data(
        tmp_path / "fewer", activities=ACTIVITIES.replace("A2,U1,training,2024-05-06,3.5\n", "")
    )
    a, b = report("a", data, pack), report("b", fewer, pack)
    told = compared(run, a, b)
    assert (told["code"], told["differences"]) == (1, ["data"])
    (flip,) = told["flips"]
    assert [flip[side]["verdict"] for side in "ab"] == ["pass", "fail"]
    row = {"file": "activities.csv", "sheet": None, "row": 3, "subject": None}
    assert flip["causes"] == [{"code": "rows", "gone": [row], "come": [], "other": []}]
    assert [told["units"][0][side]["rating"] for side in "ab"] == ["qualified", "improve"]
    text = "".join(run("compare", a, b).text.split())
    for words in ("U1试验大学2024：通过→不通过", "少了1行（activities.csv:3）", "内容不同：activities.csv"):
        assert words in text


def test_another_standard_is_the_cause(run: Run, report: Any, data: Path, pack: Path, tmp_path: Path) -> None:
    stricter = write_pack(tmp_path / "later.yaml", 3)
    told = compared(run, report("a", data, pack), report("b", data, stricter))
    assert told["differences"] == ["packs"]
    assert [each["causes"] for each in told["flips"]] == [[{"code": "threshold"}]]


def test_a_pack_of_another_name_is_matched_by_its_slugs(
    run: Run, report: Any, data: Path, pack: Path, tmp_path: Path
) -> None:
    renamed = tmp_path / "renamed.yaml"
    renamed.write_text(pack.read_text(encoding="utf-8").replace("small", "later"), encoding="utf-8")
    told = compared(run, report("a", data, pack), report("b", data, renamed))
    assert (told["code"], told["compared"], told["alone"]) == (0, 1, [])


def test_the_passing_of_time_is_told_from_rows(run: Run, report: Any, data: Path, strict_pack: Path) -> None:
    early = ("--year", "2024", "--as-of", "2024-06-30")
    told = compared(run, report("a", data, strict_pack, *early), report("b", data, strict_pack))
    (flip,) = told["flips"]  # two trainings by June, of two: passed both times; of five: pending, then failed
    assert [flip[side]["verdict"] for side in "ab"] == ["pending", "fail"]
    assert flip["causes"] == [{"code": "day"}]


def test_this_year_is_held_against_last_year(run: Run, report: Any, data: Path, tmp_path: Path) -> None:
    text = write_pack(tmp_path / "p.yaml", 1).read_text(encoding="utf-8")
    quarterly = tmp_path / "quarterly.yaml"
    quarterly.write_text(
        text.replace("period: year", "period: quarter").replace("from: 2024-01-01", "from: 2023-01-01"),
        encoding="utf-8",
    )
    a = report("a", data, quarterly, "--year", "2023", "--as-of", "2023-12-31")
    told = compared(run, a, report("b", data, quarterly))
    assert (told["periods"], told["compared"], told["alone"]) == ("place", 4, [])
    # Trainings in March and in May of 2024 and none in 2023: the first two quarters flip.
    assert [(each["a"]["period"], each["b"]["period"]) for each in told["flips"]] == [
        ("2023-Q1", "2024-Q1"), ("2023-Q2", "2024-Q2"),
    ]  # fmt: skip


def test_findings_of_one_side_are_counted(
    run: Run, report: Any, data: Path, pack: Path, strict_pack: Path
) -> None:
    told = compared(run, report("a", data, pack), report("b", data, strict_pack))
    assert [(each["requirement_id"], each["only_in"], each["verdicts"]) for each in told["alone"]] == [
        ("small/2-trainings", "b", {"fail": 1})
    ]


def test_both_bad_files_are_told_at_once(run: Run, data: Path) -> None:
    ran = run("compare", data / "units.csv", data / "nowhere.json")
    assert ran.code == 2
    assert "report.not_json" in ran.err
    assert "report.unreadable" in ran.err


# ---- verify ----------------------------------------------------------------------------------------


def test_a_report_holds_on_its_data(run: Run, report: Any, data: Path, pack: Path) -> None:
    ran = run("verify", report("a", data, pack), data, "--pack", pack)
    assert (ran.code, ran.err) == (0, "")
    assert "成立：1 项结果全部" in ran.text


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("where", "old", "new", "said"),
    [
        ("report", '"verdict": "pass"', '"verdict": "fail"', "verdict 报告为 fail，重新计算为 pass"),
        ("report", '"value": 2, "numerator"', '"value": 3, "numerator"', "value 报告为 3，重新计算为 2"),
        ("report", '"op": ">=", "value": 2', '"op": ">=", "value": 1', "threshold 报告为"),
        ("report", '"row": 3', '"row": 4', "evidence 不同"),
        ("report", "实测2次", "实测9次", "reason 不同"),
        ("report", '"as_of": "2024-12-31"', '"as_of": "2024-04-01"', "不成立"),
        ("report", '"score": 100.0', '"score": 99.0', "score 报告为 99.0，重新计算为 100.0"),
        ("report", '"planned": []', '"planned": [1]', "截至日之后的计划行对不上"),
        ("activities", "A2,U1,training", "A2,U1,lesson", "数据已改动：activities.csv"),
        ("activities", "2024-11-20,1", "2024-11-20,2", "虽然都能重新得出"),
        ("pack", "value: 2", "value: 3", "内容不同"),
        ("pack", "每年培训2次", "每年培训两次", "虽然都能重新得出"),
    ],
)
def test_one_change_is_enough_and_is_said(
    run: Run, report: Any, data: Path, pack: Path, where: str, old: str, new: str, said: str
) -> None:
    path = report("a", data, pack)
    changed({"report": path, "activities": data / "activities.csv", "pack": pack}[where], old, new)
    ran = run("verify", path, data, "--pack", pack)
    assert (ran.code, ran.err) == (1, "")
    assert said in ran.text


def test_a_finding_taken_out_is_missed(run: Run, report: Any, data: Path, strict_pack: Path) -> None:
    path = report("a", data, strict_pack)
    told = json.loads(path.read_text(encoding="utf-8"))
    told["findings"] = [each for each in told["findings"] if each["verdict"] != "fail"]
    path.write_text(json.dumps(told), encoding="utf-8")
    ran = run("verify", path, data, "--pack", strict_pack)
    assert ran.code == 1
    assert "重新计算有这一项，报告中没有" in ran.text


def test_a_report_of_some_units_holds_and_says_so(run: Run, report: Any, data: Path, pack: Path) -> None:
    ran = run("verify", report("a", data, pack, *YEAR, "--unit", "U1"), data, "--pack", pack)
    assert ran.code == 0
    assert "另有 1 个单位不在这份结果中" in ran.text


def test_another_version_is_said_and_does_no_harm(run: Run, report: Any, data: Path, pack: Path) -> None:
    path = report("a", data, pack)
    changed(path, '"version": "0.1.0"}', '"version": "0.0.1"}')
    changed(path, "实测2次", "量得2次")
    ran = run("verify", path, data, "--pack", pack, "--lang", "en")
    assert ran.code == 0
    assert "Another version of the program: 0.0.1 then" in ran.text
    told = json.loads(run("verify", path, data, "--pack", pack, "--format", "json").out)
    assert (told["holds"], told["changed"], told["findings"]) == (True, [], [])


@pytest.mark.slow
def test_the_sample_university_holds_until_a_threshold_is_changed(run: Run, tmp_path: Path) -> None:
    data, path = shipped("fixtures/university-2024"), tmp_path / "a.json"
    run("audit", data, "--pack", "henan-2023", *YEAR, "--format", "json", "-o", path)
    assert run("verify", path, data).code == 0
    shutil.copy(shipped("rules/packs/henan-2023.yaml"), tmp_path / "henan-2023.yaml")
    changed(tmp_path / "henan-2023.yaml", "value: 35%", "value: 36%")
    ran = run("verify", path, data, "--pack", tmp_path / "henan-2023.yaml")
    assert ran.code == 1
    assert "规则包已改动：henan-2023" in ran.text
    assert "不成立的结果" in ran.text


def test_a_report_read_back_says_what_was_written(report: Any, data: Path, pack: Path) -> None:
    text = report("a", data, pack).read_text(encoding="utf-8")
    file = parse_audit_file(text, "a.json")
    assert [*file.packs, *file.files, *file.names.values()] == [
        "small", "activities.csv", "units.csv", "试验大学", "试验学院",
    ]  # fmt: skip
    assert str(file.as_of) == "2024-12-31"
