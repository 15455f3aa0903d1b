"""Six hundred naughty names and thirty formulas through the formats for programs: none is lost, none is executed."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
from naughty_world import BY_ID, of_world, written

from auditor.reports.oscal.datatypes import one_line, prose
from auditor.reports.to_csv import guarded, unguarded
from auditor.reports.unseen import pictured

pytestmark = pytest.mark.slow

LIVE = tuple("=+-@＝＋－＠\t\r\n")
ALTERED_AT_THE_DOOR = {"\u00a0=1+1"}
"""Names that the intake reads otherwise: it takes blanks off the ends of a cell."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from auditor.reports.registry import Layout
    from auditor.reports.to_oscal_plan import write as plan

    return of_world(
        tmp_path_factory.mktemp("naughty"),
        lambda done: {
            **{
                name: written(done, name)
                for name in ("json", "jsonl", "csv", "ics", "oscal", "sarif", "junit")
            },
            "plan": "".join(plan(done, Layout())).encode(),
        },
    )


@pytest.fixture(scope="module")
def names(reports: Any) -> dict[str, str]:
    """Return the names as the JSON has them, which is held to those in the data."""
    found = {each["unit_id"]: each["name"] for each in json.loads(reports["json"])["units"]}
    assert found == {
        key: name.strip() if name in ALTERED_AT_THE_DOOR else name for key, name in BY_ID.items()
    }
    return found


def test_json_lines_hold_one_object_a_line(reports: Any, names: dict[str, str]) -> None:
    lines = reports["jsonl"].decode().splitlines()  # which takes more than \n for the end of a line
    found = [json.loads(line) for line in lines]
    assert {each["unit_id"]: each["name"] for each in found if each["kind"] == "unit"} == names
    assert len(found) == reports["jsonl"].count(b"\n")


def test_csv_holds_every_name_and_no_formula(reports: Any, names: dict[str, str]) -> None:
    text = reports["csv"].decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(text, newline=""))
    assert {row[0]: unguarded(row[1]) for row in rows} == names
    assert {row[0]: row[1] for row in rows} == {key: guarded(name) for key, name in names.items()}
    seen = [cell.lstrip(" \u00a0\u3000\u200b\ufeff") for row in rows for cell in row]
    assert [cell for cell in seen if cell.startswith(LIVE) and not _is_number(cell)] == []


def _is_number(cell: str) -> bool:
    return cell.removeprefix("-").replace(".", "", 1).isdigit()


def test_ics_holds_every_name_as_text(reports: Any, names: dict[str, str]) -> None:
    calendar = icalendar.Calendar.from_ical(reports["ics"])
    events = list(calendar.walk("VEVENT"))
    # of each unit: the quarter that has begun, the assets, the event planned
    assert len(events) == 3 * len(names)
    assert {type(each).__name__ for each in calendar.subcomponents} == {"Event"}
    lacking = [line for each in events for line in str(each["DESCRIPTION"]).split("\n") if "尚未达到" in line]
    assert len(lacking) == len(names)
    planned = {str(each["SUMMARY"]) for each in events if "最迟申报" in str(each["SUMMARY"])}
    assert planned == {
        f"{pictured(name)}：最迟申报——{pictured(name)}（拟于2024-12-31举办）" for name in names.values()
    }
    allowed = {
        "UID",
        "DTSTAMP",
        "SEQUENCE",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "DESCRIPTION",
        "CATEGORIES",
        "TRANSP",
    }
    assert {name for each in events for name in each} == allowed
    assert {str(name) for each in events for name in each["CATEGORIES"].cats} == set(
        map(pictured, names.values())
    )


def test_oscal_holds_every_name_in_one_line(reports: Any, names: dict[str, str]) -> None:
    results = json.loads(reports["oscal"])["assessment-results"]
    ids = {each["uuid"]: each["props"][0]["value"] for each in results["metadata"]["parties"]}
    assert {ids[each["uuid"]]: each["name"] for each in results["metadata"]["parties"]} == {
        key: one_line(name) for key, name in names.items()
    }
    plan = json.loads(reports["plan"])["plan-of-action-and-milestones"]
    assert [each["title"] for each in plan["poam-items"]] == [
        f"{one_line(names[key])}：试" for key in sorted(names)
    ]


def test_junit_holds_every_name_and_no_element_of_its_own(reports: Any, names: dict[str, str]) -> None:
    suites = ElementTree.fromstring(reports["junit"])
    shown = {
        key: pictured(name).translate({0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}) for key, name in names.items()
    }
    assert {suite.get("id"): suite.get("name") for suite in suites} == shown
    elements = {each.tag for each in suites.iter()}
    assert elements == {"testsuites", "testsuite", "testcase", "failure", "skipped"}


def test_sarif_holds_every_name_and_neither_link_nor_placeholder(reports: Any, names: dict[str, str]) -> None:
    (run,) = json.loads(reports["sarif"])["runs"]
    found: dict[str, str] = {}
    for each in run["results"]:
        said = each["message"]["text"].split(" · 试 · ")[0]
        assert not re.search(r"(?<!\\)\[[^\[\]]*\]\(", said)
        assert not re.search(r"(?<!{){(?:{{)*(?!{)", said)
        found[each["properties"]["unit_id"]] = said.replace("\\[", "[").replace("{{", "{").replace("}}", "}")
    assert {key: name.replace("\\[", "[") for key, name in names.items()} == found


def test_what_oscal_cannot_hold_is_shown(names: dict[str, str]) -> None:
    """Only blanks at the ends are lost, and which sign ended a line."""
    for name in names.values():
        assert one_line(name).split() == " ".join(pictured(name).splitlines()).split()
        assert prose(name).replace("\n", "") == pictured(name).replace("\n", "")


def test_nothing_was_run(reports: Any) -> None:
    assert reports["json"]
    assert not Path("/tmp/naughty").exists()
