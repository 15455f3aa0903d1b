"""The calendar: read back by the library icalendar, an event for each duty still to come, on its last safe day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import icalendar
import pytest
from audits import read
from hypothesis import given
from hypothesis import strategies as st
from pack_files import made_up

from auditor.model.audit import Audit
from auditor.reports.calendar_file import line, text
from auditor.reports.pace import pace
from auditor.reports.registry import Layout, writer
from auditor.texts import LANGUAGES

AS_OF = date(2024, 10, 12)
NAMES = {"zh": "学习", "en": "Study, with \\ and ;"}
PACK = made_up(
    {
        "measure": {"kind": "count", "table": "activities", "where": {"kind": "study_session"}},
        "threshold": {"op": ">=", "value": 12}, "title": NAMES, "value_unit": {"zh": "次", "en": "sessions"},
    },
    {
        "measure": {"kind": "deadline", "table": "submissions", "dates": ["05-31", "11-30"]},
        "threshold": {"op": ">=", "value": 1}, "title": {"zh": "半年报告", "en": "Half-year report"},
    },
    {
        "measure": {
            "kind": "each_record", "table": "approvals",
            "must": [{"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20}],
        },
        "threshold": {"op": "<=", "value": 0},
    },
    {"measure": {"kind": "count", "table": "activities"}, "threshold": {"op": ">=", "value": 1}, "period": "quarter"},
    {"measure": {"kind": "attest"}},
    {
        "measure": {
            "kind": "each_subject", "subjects": {"values": ["graduation", "term_start"]},
            "inner": {"kind": "count", "table": "activities", "by": "occasion"},
        },
        "threshold": {"op": ">=", "value": 1},
    },
)  # fmt: skip
TABLES: dict[str, Any] = {
    "attestations": [],
    "units": [{"unit_id": "U1", "name": "中州;大学,\\一", "type": "university"}],
    "activities": [
        {
            "activity_id": f"A{at}", "unit_id": "U1", "kind": "study_session", "held_on": date(2024, at, 9),
            "occasion": "term_start",
        }
        for at in (2, 3, 5, 6, 7)
    ],
    "submissions": [
        {
            "submission_id": "S1", "unit_id": "U1", "report": "half_year_report", "submitted_on": date(2024, 5, 20),
        }
    ],
    "approvals": [
        {"approval_id": "P1", "unit_id": "U1", "subject": "论坛", "filed_on": None, "held_on": date(2024, 12, 31)},
        {
            "approval_id": "P2", "unit_id": "U1", "subject": "讲座", "filed_on": date(2024, 10, 11),
            "held_on": date(2024, 10, 18),
        },
    ],
}  # fmt: skip


def written(done: Audit, lang: str = "zh") -> str:
    return "".join(writer("ics")(done, Layout(lang)))


def calendar(lang: str = "zh", **how: Any) -> str:
    said: str = read(TABLES, PACK, lambda done: written(done, lang), **{"as_of": AS_OF, **how})
    return said


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {lang: calendar(lang) for lang in LANGUAGES}


def events(said: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(said.encode()).walk("VEVENT"))


def test_each_duty_still_to_come_is_an_event_on_its_last_day(texts: dict[str, str]) -> None:
    found = {(str(each["SUMMARY"]), each["DTSTART"].dt) for each in events(texts["zh"])}
    unit = "中州;大学,\\一"
    assert found == {
        (f"{unit}：学习，还需7次", date(2024, 12, 31)),
        (f"{unit}：报送截止——半年报告", date(2024, 11, 30)),
        (f"{unit}：最迟申报——论坛（拟于2024-12-31举办）", date(2024, 12, 3)),
        (f"{unit}：不能按原定日期举办——讲座（原定2024-10-18）", date(2024, 10, 18)),
        (f"{unit}：试，还需1次", date(2024, 12, 31)),  # the fourth quarter has begun
        (f"{unit}：最后期限——试", date(2024, 12, 31)),
    }
    # the attestation and the occasions alike
    assert sum(str(each["SUMMARY"]).endswith("最后期限——试") for each in events(texts["zh"])) == 2


def test_the_pace_and_what_is_missing_are_said(texts: dict[str, str]) -> None:
    """7 sessions from 13 October to the year's end: 80 days, three calendar months, 3 a month rounded up."""
    said = "\n".join(str(each["DESCRIPTION"]) for each in events(texts["zh"]))
    assert "还剩80天，跨3个自然月，平均每月需完成3次。" in said
    assert "尚未达到：graduation\n" in said
    assert "（test/1-x）" in said
    # filed Friday 11 October, which (with the worked Saturday the 12th) has 6 working days to the 18th
    assert (
        "已于2024-10-11申报，距2024-10-18仅6个工作日，须提前20个工作日；请改在2024-11-07或之后举办。" in said
    )
    english = "\n".join(str(each["DESCRIPTION"]) for each in events(texts["en"]))
    assert "Days left: 80, over 3 calendar months: 3 sessions a month on average." in english
    assert "Study, with \\ and ;" in english


def test_periods_that_have_not_begun_are_in_the_calendar_and_keep_their_uid() -> None:
    earlier, later = (
        {str(each["UID"]): each for each in events(calendar(as_of=day))} for day in (date(2024, 8, 9), AS_OF)
    )
    ahead = [each for each in earlier.values() if "2024-Q4" in each["SUMMARY"]]
    assert [each["DTSTART"].dt for each in ahead] == [date(2024, 12, 31)]
    assert str(ahead[0]["UID"]) in later
    assert int(later[str(ahead[0]["UID"])]["SEQUENCE"]) > int(ahead[0]["SEQUENCE"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_file_is_as_the_standard_says(texts: dict[str, str], lang: str) -> None:
    lines = texts[lang].split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "\n" not in texts[lang].replace("\r\n", "")
    assert max(len(each.encode()) for each in lines) <= 75
    found = events(texts[lang])
    assert len({str(each["UID"]) for each in found}) == len(found) == 7
    for each in found:
        assert each["DTEND"].dt - each["DTSTART"].dt == timedelta(days=1)
        assert each["DTSTART"].params["VALUE"] == "DATE"
        assert each["DTSTAMP"].dt.date() == AS_OF
        (alarm,) = each.walk("VALARM")
        # nine in the morning, a week before
        assert alarm["TRIGGER"].dt == timedelta(days=-7, hours=9)
        assert str(each["SUMMARY"]) in str(alarm["DESCRIPTION"])


def test_a_calendar_with_nothing_to_come_is_a_calendar() -> None:
    said = calendar(as_of=date(2025, 1, 31), window=2024)
    assert events(said) == []
    assert said.startswith("BEGIN:VCALENDAR\r\n")


@given(st.text(max_size=200))
def test_any_text_comes_back(value: str) -> None:
    folded = line("SUMMARY", text(value))
    assert max(len(each.encode("utf-8", "surrogatepass")) for each in folded.split("\r\n")) <= 75
    back = str(icalendar.Event.from_ical(f"BEGIN:VEVENT\r\n{folded}END:VEVENT\r\n")["SUMMARY"])
    shown = value.replace("\r\n", "\n").replace("\r", "\n")
    pictures = {chr(code): chr(0x2400 + code) for code in range(32) if code not in (9, 10)} | {
        "\x7f": "\u2421"
    }
    assert back == "".join(pictures.get(each, each) for each in shown)


@pytest.mark.parametrize(
    ("needed", "as_of", "by", "wanted"),
    [
        (3, date(2024, 6, 14), date(2024, 12, 31), (200, 7, 1, 2)),
        (4, date(2024, 6, 14), date(2024, 12, 31), (200, 7, 1, None)),
        (7, date(2024, 6, 14), date(2024, 12, 31), (200, 7, 1, None)),
        (8, date(2024, 6, 14), date(2024, 12, 31), (200, 7, 2, None)),
        (2, date(2024, 6, 14), date(2024, 6, 30), (16, 1, 2, None)),
        # the last day of a month leaves nothing of it
        (2, date(2024, 6, 30), date(2024, 7, 31), (31, 1, 2, None)),
        (Decimal("2.5"), date(2024, 6, 14), date(2024, 8, 31), (78, 3, Decimal("0.9"), None)),
    ],
)
def test_the_pace(needed: int | Decimal, as_of: date, by: date, wanted: tuple[Any, ...]) -> None:
    found = pace(needed, as_of, by)
    assert found is not None
    assert (found.days, found.months, found.a_month, found.every) == wanted


def test_no_pace_where_no_day_is_left() -> None:
    assert pace(1, date(2024, 6, 30), date(2024, 6, 30)) is None
