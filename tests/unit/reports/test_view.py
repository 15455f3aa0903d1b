"""What the reports say: sentences, standards and measured values in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from reports_samples import by_number, of_sample

from auditor.model.audit import Audit
from auditor.model.finding import Evidence
from auditor.reports.view import View, number, percent, place
from auditor.texts import Lang


def said(done: Audit, lang: Lang) -> dict[int, tuple[str, str, str, list[str]]]:
    view = View(done, lang)
    return {
        at: (
            view.measured(each),
            view.standard(each),
            view.sentence(each),
            view.notes(each),
        )
        for at, each in by_number(done).items()
    }


def test_in_english() -> None:
    lines = of_sample(lambda done: said(done, "en"))
    assert lines[1][:2] == ("2 sessions", "at least 6 sessions")
    assert (
        lines[1][2]
        == "So far 2 sessions against at least 6 sessions: 4 sessions more are needed by 2024-12-31."
    )
    assert lines[1][3] == ["the document names no number or period; the one here is the pack's", "at risk"]
    assert lines[2][:2] == ("2.5 times", "at most 2.5 times")
    assert lines[3][:2] == ("4/45 (8.8889%)", "at least 10%")
    assert "the numerator has to grow by at least 1" in lines[3][2]
    assert lines[3][3] == ["provisional, the period is not over", "waived (W1)"]
    assert lines[4] == (
        "1 of 2 break it",
        "all keep it",
        "2 records looked at, 1 of them break the rule.",
        [],
    )
    assert lines[5][:2] == ("not applicable", "the check says yes")
    assert lines[6][0] == "—"
    assert lines[6][2] == "A table that is needed was not supplied (submissions), so nothing can be said."
    assert lines[7][:2] == ("1 of 2 miss it", "at least 1 times each")


def test_in_chinese() -> None:
    lines = of_sample(lambda done: said(done, "zh"))
    assert lines[1][0] == "2次"
    assert "6次" in lines[1][1]
    assert "4" in lines[1][2]
    assert "报送" in lines[6][2]
    for line in lines.values():
        assert not any(word in text for text in (*line[:3], *line[3]) for word in ("None", "{", "Decimal"))


def test_places_show_what_is_off_first_with_its_figure() -> None:
    def places(done: Audit) -> list[str]:
        return list(View(done, "en").places(by_number(done)[4], 3))

    assert of_sample(places) == ["activities.csv:3 (1, 1 short)"]


@pytest.mark.parametrize(
    ("evidence", "shown"),
    [
        (Evidence("a.csv", None, 7, None, None, None), "a.csv:7"),
        (Evidence("a.xlsx", "活动", 7, None, None, None), "a.xlsx[活动]:7"),
        (Evidence(None, None, None, "term_start", 0, 1), "term_start"),
    ],
)
def test_a_place(evidence: Evidence, shown: str) -> None:
    assert place(evidence) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (4, "4"),
        (Decimal("4.0"), "4"),
        (Decimal("3.50"), "3.5"),
        (Decimal("100"), "100"),
        (Decimal("0.0"), "0"),
    ],
)
def test_a_number_as_people_write_it(value: Decimal, shown: str) -> None:
    assert number(value) == shown


def test_a_share_just_below_does_not_read_as_the_threshold() -> None:
    # 761 of 2,175 is 34.9885 %
    assert percent(Decimal("0.349885")) == "34.9885%"
    assert percent(Decimal("0.35")) == "35%"
