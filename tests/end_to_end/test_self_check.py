"""`check`, `plan` and `workdays --ahead`: pace, what can still be done, and days counted by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pack_files import made_up, write_pack

from end_to_end.conftest import Run

pytestmark = pytest.mark.slow

UNITS = "unit_id,name,type,parent_id\nU1,试验大学,university,\nU2,旁校,university,\n"
SESSIONS = ("2024-01-15", "2024-03-20", "2024-05-22", "2024-09-10")
ACTIVITIES = "activity_id,unit_id,kind,held_on\n" + "".join(
    f"A{at},U1,study_session,{day}\n" for at, day in enumerate(SESSIONS)
)
APPROVALS = """\
approval_id,unit_id,subject,listed_topic,filed_on,decision,held_on
E0,U1,早报论坛,true,2024-07-01,approved,2024-10-30
E1,U1,跨文化论坛,true,2024-09-25,approved,2024-10-25
E2,U1,公共讲座,true,,pending,2024-11-20
E3,U1,迟到讲座,true,,pending,2024-10-18
E4,U1,清单外讲座,false,2024-10-08,approved,2024-10-09
E5,U2,旁校论坛,true,2024-09-25,approved,2024-10-25
"""
ASSETS = """\
asset_id,unit_id,kind,name,opened_on,closed_on,advisors
C1,U1,club,甲社,2020-01-01,,1
C2,U1,club,乙社,2020-01-01,,0
"""
ATTESTATIONS = "unit_id,requirement_id,checked_on,for_period,answer\n"


@pytest.fixture
def world(tmp_path: Path) -> Path:
    folder = tmp_path / "world"
    folder.mkdir()
    tables = {"units": UNITS, "activities": ACTIVITIES, "approvals": APPROVALS, "assets": ASSETS}
    for name, text in {**tables, "attestations": ATTESTATIONS}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def duties(tmp_path: Path) -> Path:
    sessions = {"kind": "count", "table": "activities", "where": {"kind": "study_session"}}
    lead = {"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20}
    decided = {"column": "decided_on", "op": "<", "other": "held_on"}
    clubs = {"table": "assets", "where": {"kind": "club"}}
    listed = {"kind": "each_record", "table": "approvals", "where": {"listed_topic": True}}
    pack = made_up(
        {"measure": sessions, "threshold": {"op": ">=", "value": 6}},
        {"measure": sessions, "threshold": {"op": ">=", "value": 1}, "period": "quarter"},
        {"measure": {"kind": "each_subject", "subjects": clubs, "inner": {"column": "advisors"}},
         "threshold": {"op": ">=", "value": 1}},
        {"measure": {**listed, "must": [lead]}, "threshold": {"op": "<=", "value": 0}, "severity": "major"},
        {"measure": {"kind": "attest"}},
        {"measure": {**listed, "must": [decided]}, "threshold": {"op": "<=", "value": 0}},
        effective={"to": "2024-12-31"},
    )  # fmt: skip
    return write_pack(pack, tmp_path / "duties.yaml")


def checked(run: Run, world: Path, duties: Path, as_of: str) -> dict[str, Any]:
    ran = run(
        "check",
        world,
        "--unit",
        "U1",
        "--pack",
        duties,
        "--year",
        "2024",
        "--as-of",
        as_of,
        "--format",
        "json",
    )
    assert ran.err == ""
    told: dict[str, Any] = json.loads(ran.out)
    return told


def of(told: list[dict[str, Any]], requirement: str) -> list[dict[str, Any]]:
    return [each for each in told if each["requirement_id"] == f"test/{requirement}-x"]


def test_the_pace_of_a_year(run: Run, world: Path, duties: Path) -> None:
    # 30 September is day 274 of 366: 6 x 274 / 366 = 4.49, so four are due, and four are held.
    (year,) = of(checked(run, world, duties, "2024-09-30")["open"], "1")
    assert [year[key] for key in ("value", "shortfall", "due_by_today", "needed_this_week", "behind")] == [
        4, 2, 4, 0, False,
    ]  # fmt: skip
    assert year["last_on"] == "2024-12-31"
    # On 9 September, day 253, 4.15 are due and three are held; by 15 September (day 259) it is still four.
    (year,) = of(checked(run, world, duties, "2024-09-09")["open"], "1")
    assert [year[key] for key in ("value", "due_by_today", "needed_this_week", "behind")] == [3, 4, 1, True]


def test_in_the_last_tenth_all_that_lacks_is_needed(run: Run, world: Path, duties: Path) -> None:
    # 24 December is day 359 of 366; the fourth quarter has no session yet and ends with the year.
    told = checked(run, world, duties, "2024-12-24")
    week = {each["requirement_id"]: each["needed_this_week"] for each in told["week"]["duties"]}
    assert week == {"test/1-x": 2, "test/2-x": 1, "test/3-x": None, "test/5-x": 1}


def test_what_is_lost_and_what_can_still_be_put_right(run: Run, world: Path, duties: Path) -> None:
    told = checked(run, world, duties, "2024-09-30")
    assert [each["requirement_id"] for each in told["curable"]] == ["test/3-x"]  # a club without an advisor
    assert told["lost"] == []
    # Sessions in January and May, none in the fourth quarter: over on 31 December.
    late = checked(run, world, duties, "2024-12-31")
    lost = {(each["requirement_id"], each["period"]) for each in late["lost"]}
    assert {("test/1-x", "2024"), ("test/2-x", "2024-Q4"), ("test/4-x", "2024")} <= lost


def test_what_the_inspectors_will_see(run: Run, world: Path, duties: Path) -> None:
    told = checked(run, world, duties, "2024-09-30")
    assert told["end"]["as_of"] == "2024-12-31"
    fails = {
        (each["requirement_id"], each["period"])
        for each in told["end"]["findings"]
        if each["verdict"] == "fail"
    }
    # Four of six, no session in the fourth quarter, the club, the late filings, and events that nobody decided on.
    assert fails == {
        ("test/1-x", "2024"), ("test/2-x", "2024-Q4"), ("test/3-x", "2024"), ("test/4-x", "2024"), ("test/6-x", "2024"),
    }  # fmt: skip


def test_planned_events_are_counted_in_working_days(run: Run, world: Path, duties: Path) -> None:
    events = {each["row"]: each for each in checked(run, world, duties, "2024-09-30")["events"]}
    # E0 was filed in time, E4 is on no list, E5 is another unit's.
    assert sorted(events) == [3, 4, 5]
    # E1: 26, 27, 29 and 30 September, 8 to 12, 14 to 18 and 21 to 25 October are nineteen; with the 25th, twenty.
    assert [events[3][key] for key in ("lead", "earliest_on", "borderline")] == [19, "2024-10-28", True]
    # E2: twenty working days end on 20 November and begin on 24 October, so the day before is the last.
    assert [events[4][key] for key in ("lead", "last_filing_on", "cannot_pass")] == [
        None,
        "2024-10-23",
        False,
    ]
    # E3: 14 September was the last day; filed on the 30th, the twentieth working day after is 1 November.
    assert [events[5][key] for key in ("last_filing_on", "earliest_on", "cannot_pass")] == [
        "2024-09-14", "2024-11-01", True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("6次中已有4次，2024-12-31前还需2次，进度正常（到今天应有4次）", "补救期限：2024-12-31",
                "只提前19个工作日，须提前20个；请改到2024-10-28或以后举办", "督查时会看到什么（截至2024-12-31）")),
        ("en", ("4of6times,2moreby2024-12-31,ontrack(4duebytoday)",
                "19workingdaysaheadinsteadof20:holditon2024-10-28orlater")),
    ],
)  # fmt: skip
def test_the_page_says_it_in_words(
    run: Run, world: Path, duties: Path, lang: str, words: tuple[str, ...]
) -> None:
    ran = run(
        "check",
        world,
        "--unit",
        "U1",
        "--pack",
        duties,
        "--year",
        "2024",
        "--as-of",
        "2024-09-30",
        "--lang",
        lang,
    )
    text = "".join(ran.text.split())
    assert ran.code == 1
    for each in words:
        assert each in text
    assert "None" not in text
    assert "{" not in text


def test_check_refuses_what_it_cannot_do(run: Run, world: Path, duties: Path) -> None:
    assert "usage.no_window" in run("check", world, "--unit", "U1", "--pack", duties).err
    assert "usage.unknown_unit" in run("check", world, "--unit", "U9", "--pack", duties, "--year", "2024").err


# ---- plan ------------------------------------------------------------------------------------------


def test_the_last_day_to_file(run: Run, duties: Path) -> None:
    plan = ("plan", "--event-on", "2024-11-20", "--pack", duties, "--format", "json")
    told = json.loads(run(*plan, "--as-of", "2024-10-21").out)
    assert [(each["requirement_id"], each["asked"], each["last_on"]) for each in told["duties"]] == [
        ("test/4-x", 20, "2024-10-23"), ("test/6-x", None, "2024-11-19"),
    ]  # fmt: skip
    assert told["duties"][0]["working_days_left"] == 3  # the 21st, 22nd and 23rd
    # On the 24th it is over: the twentieth working day after it is 21 November.
    late = json.loads(run(*plan, "--as-of", "2024-10-24").out)["duties"][0]
    assert (late["has_passed"], late["earliest_on"]) == (True, "2024-11-21")


def test_a_plan_asks_only_for_what_is_in_force(run: Run, duties: Path) -> None:
    plan = ("plan", "--event-on", "2025-03-20", "--pack", duties, "--as-of", "2024-10-21")
    assert "没有要求" in run(*plan).text
    assert "test/4-x" in run(*plan, "--assume-effective").text


def test_a_plan_with_data_tells_the_events_of_all_units_or_of_one(
    run: Run, world: Path, duties: Path
) -> None:
    plan = ("plan", world, "--event-on", "2024-11-20", "--pack", duties, "--as-of", "2024-09-30")
    ran = run(*plan)
    assert ran.code == 1
    assert "approvals.csv:7" in ran.text
    one = run(*plan, "--unit", "U2", "--format", "json")
    assert [each["row"] for each in json.loads(one.out)["events"]] == [7]
    assert run("plan", "--event-on", "2024-11-20", "--pack", duties, "--unit", "U2").code == 2


# ---- workdays --------------------------------------------------------------------------------------


def test_the_last_day_for_a_day(run: Run) -> None:
    ran = run("workdays", "2024-11-20", "--ahead", "20")
    assert (ran.code, ran.err) == (0, "")
    assert "最迟 2024-10-23 申报" in ran.text
    assert "首尾都计，最迟 2024-10-24；首尾都不计，最迟 2024-10-22" in ran.text
    assert "2024-11-20" in run("workdays", "2024-11-20", "--ahead", "0", "--lang", "en").text


@pytest.mark.parametrize("words", [("2024-11-20",), ("2024-11-20", "2024-11-21", "--ahead", "1")])
def test_two_days_or_a_number(run: Run, words: tuple[str, ...]) -> None:
    ran = run("workdays", *words)
    assert ran.code == 2
    assert "usage.to_or_ahead" in ran.err
