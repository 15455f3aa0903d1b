"""A small audit through each format for programs: the whole output, the same every time, the same sums in each.

After a change on purpose: `pytest tests/interchange --update-golden`, and the diff read and explained.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
from audits import read
from naughty_world import written
from pack_files import made_up

from auditor.model.audit import Audit
from auditor.reports.registry import Layout, companions
from auditor.texts import LANGUAGES, say

FORMATS = {
    "csv": "csv",
    "jsonl": "jsonl",
    "json": "json",
    "ics": "ics",
    "oscal": "oscal.json",
    "sarif": "sarif",
    "junit": "junit.xml",
}
"""Each format, and how its file ends."""
AS_OF = date(2024, 10, 12)
PACK = made_up(
    {
        "measure": {"kind": "count", "table": "activities", "where": {"kind": "study_session"}},
        "threshold": {"op": ">=", "value": 2}, "period": "quarter", "severity": "major",
        "title": {"zh": "每季度集中学习二次", "en": "Two study sessions a quarter"},
        "value_unit": {"zh": "次", "en": "sessions"},
        "remedy": {"zh": "补学，并作记录", "en": "Make up for it, on record"},
        "responsible": {"zh": "党委书记", "en": "party secretary"},
    },
    {
        "measure": {"kind": "deadline", "table": "submissions", "dates": ["05-31", "11-30"]},
        "threshold": {"op": ">=", "value": 1},
        "title": {"zh": "半年报告按时报送", "en": "The half-year report comes in time"},
    },
    {
        "measure": {
            "kind": "each_record", "table": "approvals", "where": {"listed_topic": True},
            "must": [{"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20}],
        },
        "threshold": {"op": "<=", "value": 0}, "title": {"zh": "提前二十个工作日申报", "en": "Filed twenty days ahead"},
    },
    {"measure": {"kind": "attest"}, "title": {"zh": "列入年度要点", "en": "In the yearly points"}},
)  # fmt: skip
BOTH = [{**each, "applies_to": {"types": ["university", "department"]}} for each in PACK["requirements"]]
TABLES: dict[str, Any] = {
    "units": [
        {"unit_id": "U1", "name": "中州大学", "type": "university"},
        {"unit_id": "U2", "name": "=图书馆", "type": "department", "parent_id": "U1"},
    ],
    "activities": [
        {"activity_id": f"A{at}", "unit_id": unit, "kind": "study_session", "held_on": date(2024, at, 9)}
        for unit, months in (("U1", (1, 2, 4, 5, 7, 8, 10)), ("U2", (2, 3, 5)))
        for at in months
    ],
    "submissions": [
        {
            "submission_id": f"S{unit}", "unit_id": unit, "report": "half_year_report",
            "submitted_on": date(2024, month, 20),
        }
        for unit, month in (("U1", 5), ("U2", 6))
    ],
    "approvals": [
        {
            "approval_id": "P1", "unit_id": "U2", "subject": "读书会", "listed_topic": True, "filed_on": None,
            "held_on": date(2024, 12, 31),
        },
        {
            "approval_id": "P2", "unit_id": "U2", "subject": "讲座", "listed_topic": True, "filed_on": date(2024, 4, 1),
            "held_on": date(2024, 4, 10),
        },
    ],
    "attestations": [
        {"unit_id": "U1", "requirement_id": "test/4-x", "checked_on": date(2024, 5, 6), "answer": "yes"}
    ],
}  # fmt: skip
for _at, _each in enumerate(TABLES["activities"], 1):
    _each["activity_id"] = f"A{_at:02}"


def reports(done: Audit) -> dict[str, bytes]:
    found = {
        f"{lang}.{ending}": written(done, name, lang)
        for lang in LANGUAGES
        for name, ending in FORMATS.items()
        if lang == "zh" or not name.startswith("json")  # which says all in both languages
    }
    for lang in LANGUAGES:
        for ending, write in companions("oscal").items():
            found[f"{lang}.oscal{ending}"] = "".join(map(str, write(done, Layout(lang)))).encode()
    return found


def make() -> dict[str, bytes]:
    found: dict[str, bytes] = read(TABLES, {**PACK, "requirements": BOTH}, reports, as_of=AS_OF)
    return found


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return make()


NAMES = [
    *(f"zh.{ending}" for ending in FORMATS.values()), "en.csv", "en.ics", "en.oscal.json", "en.sarif", "en.junit.xml",
    "zh.oscal.poam.json", "en.oscal.poam.json",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_report_is_as_it_was(
    made: dict[str, bytes], hold: Callable[[str, bytes], None], name: str
) -> None:
    assert set(NAMES) == set(made)
    hold(name, made[name])


def test_it_is_the_same_every_time(made: dict[str, bytes]) -> None:
    assert make() == made


def test_all_formats_agree(made: dict[str, bytes]) -> None:
    """By hand: U1 has two sessions a quarter, one in the fourth, which runs; U2 has two, one, none and none so far.

    U1 reported in May, U2 in June: too late for May, in time for November. U2 filed in April for the same month. U1 was
    attested, U2 not yet. So U1 passes 3 + 1 + 1 and U2 1 + 1; U2 fails 2 + 1 + 1; of each the fourth quarter is
    pending, of U1 the report of November, of U2 the attestation; nothing was filed by U1.
    """
    whole = json.loads(made["zh.json"])
    counts = Counter(each["verdict"] for each in whole["findings"])
    assert counts == {"fail": 4, "pending": 4, "pass": 7, "not_applicable": 1}
    lines = [json.loads(each) for each in made["zh.jsonl"].splitlines()]
    assert Counter(each["verdict"] for each in lines if each["kind"] == "finding") == counts
    for lang in LANGUAGES:
        _, *rows = csv.reader(io.StringIO(made[f"{lang}.csv"].decode("utf-8-sig")))
        said = Counter(row[8] for row in rows)
        assert said == {say("words", f"verdict.{verdict}", {}, lang): n for verdict, n in counts.items()}
        results = json.loads(made[f"{lang}.oscal.json"])["assessment-results"]["results"][0]
        told = Counter(
            prop["value"]
            for each in results["observations"]
            for prop in each["props"]
            if prop["name"] == "verdict"
        )
        assert told == counts
        plan = json.loads(made[f"{lang}.oscal.poam.json"])["plan-of-action-and-milestones"]
        assert len(plan["poam-items"]) == len(results["risks"]) == len(whole["issues"]) == 3
        (run,) = json.loads(made[f"{lang}.sarif"])["runs"]
        assert Counter(each["properties"]["verdict"] for each in run["results"]) == counts
        assert Counter(each["kind"] for each in run["results"])["fail"] == counts["fail"]
        suites = ElementTree.fromstring(made[f"{lang}.junit.xml"])
        told = Counter()
        for suite in suites:
            told.update({name: int(suite.get(name)) for name in ("tests", "failures", "skipped")})
            assert len(suite.findall("testcase")) == int(suite.get("tests"))
            assert len(suite.findall("testcase/failure")) == int(suite.get("failures"))
        skipped = counts["pending"] + counts["not_applicable"]
        assert told == {"tests": counts.total(), "failures": counts["fail"], "skipped": skipped}
        # what is pending, and the one event planned
        events = icalendar.Calendar.from_ical(made[f"{lang}.ics"]).walk("VEVENT")
        assert len(events) == counts["pending"] + 1
