"""max_gap: the longest stretch without a row, of the worst subject, by the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from audits import YEAR_END, findings, read
from pack_files import made_up

from auditor.model.finding import Finding
from auditor.periods.period import Semesters

pytestmark = pytest.mark.slow

U1 = {"unit_id": "U1", "type": "university"}
D1 = {"unit_id": "D1", "type": "department", "parent_id": "U1"}
BOARDS = {"table": "assets", "where": {"kind": "showcase"}}
UPDATES = {"table": "publications", "where": {"kind": "board_update"}, "by": "asset_id"}


def board(name: str = "B1", **more: Any) -> dict[str, Any]:
    return {"asset_id": name, "unit_id": "U1", "kind": "showcase", **more}


def updates(*days: str, of: str = "B1", **more: Any) -> list[dict[str, Any]]:
    """Return updates of a board on days of 2024 (`06-30`), or whole days."""
    return [
        {
            "publication_id": f"{of}-{at}",
            "unit_id": "U1",
            "kind": "board_update",
            "asset_id": of,
            "published_on": date.fromisoformat(day if len(day) == 10 else f"2024-{day}"),
            **more,
        }
        for at, day in enumerate(days)
    ]


def pack_of(value: int = 6, **measure: Any) -> dict[str, Any]:
    said = {"kind": "max_gap", "subjects": BOARDS, "inner": UPDATES, "in": "months", **measure}
    return made_up({"measure": said, "threshold": {"op": "<=", "value": value}})


def one(rows: list[dict[str, Any]], *boards: dict[str, Any], as_of: date = YEAR_END, **more: Any) -> Finding:
    """Return the finding of U1 over 2024, with one board unless others are given."""
    tables = {"units": [U1, D1], "assets": list(boards) or [board()], "publications": rows}
    return findings(tables, pack_of(**more), as_of=as_of)["U1", "test/1-x", "2024"]


def shown(finding: Finding) -> list[tuple[str | None, Any, Any]]:
    return [(each.subject, each.value, each.shortfall) for each in finding.evidence]


@pytest.mark.parametrize(
    ("days", "months"),
    [
        # nothing all year: 1 January + 12 months is the first day not before 31 December
        ((), 12),
        # 1 January to 1 July is exactly six; 1 July to 31 December is less than six and more than five
        (("07-01",), 6),
        # a day later is seven, whatever follows
        (("07-02",), 7),
        # 30 June + 6 months is 30 December: the last day of the year is one too many
        (("06-30",), 7),
        (("06-30", "07-01"), 6),
        # rows in any order, two on one day
        (("11-01", "03-15", "03-15", "07-31"), 5),
        # 31 January + 1 month is 29 February
        (
            (
                "01-31",
                "02-29",
                "03-29",
                "04-29",
                "05-29",
                "06-29",
                "07-29",
                "08-29",
                "09-29",
                "10-29",
                "11-29",
            ),
            2,
        ),
        (("01-01", "06-30", "12-30"), 6),
        # rows of other years are not of this one
        (("2023-12-31", "07-01", "2025-01-01"), 6),
    ],
)
def test_the_longest_stretch_in_months(days: tuple[str, ...], months: int) -> None:
    finding = one(updates(*days))
    late = months - 6 if months > 6 else None
    assert (finding.value, finding.verdict, finding.shortfall) == (months, "fail" if late else "pass", late)
    assert shown(finding) == [("B1", months, late)]


@pytest.mark.parametrize(
    ("second", "months"),
    [("2024-02-29", 6), ("2024-03-01", 7), ("2023-02-28", 6), ("2023-03-01", 7)],
)
def test_from_the_end_of_august_to_that_of_february(second: str, months: int) -> None:
    # the stretch lies inside a second semester that lasts until 31 March
    autumn = date.fromisoformat(second).year - 1
    first = f"{autumn}-08-31"
    requirement = pack_of()["requirements"][0] | {"period": "semester"}
    pack = made_up(requirement)
    tables = {"units": [U1], "assets": [board()], "publications": updates(first, second, f"{autumn}-08-01")}
    found = read(
        tables,
        pack,
        lambda done: {each.period: each.value for each in done.findings(True)},
        window=autumn,
        as_of=date.fromisoformat(second),
        semesters=Semesters(first=(4, 1), second=(8, 1)),
    )
    assert found[f"{autumn}-S2"] == months


@pytest.mark.parametrize(
    ("days", "length"),
    [
        # 2024 has 366 days: from the first to the last are 365
        ((), 365),
        # 1 January to 10 March are 69 days, 10 March to 31 December 296
        (("03-10",), 296),
        (("01-01", "12-31"), 365),
        (("02-28", "03-01", "12-30"), 304),
    ],
)
def test_the_longest_stretch_in_days(days: tuple[str, ...], length: int) -> None:
    finding = one(updates(*days), value=300, **{"in": "days"})
    assert (finding.value, finding.verdict) == (length, "fail" if length > 300 else "pass")


@pytest.mark.parametrize(
    ("as_of", "days", "months", "verdict", "provisional"),
    [
        # the last stretch runs to the as-of day only
        (date(2024, 7, 1), (), 6, "pass", True),
        (date(2024, 7, 2), (), 7, "fail", False),
        (date(2024, 6, 30), ("05-01",), 4, "pass", True),
        # an update after the as-of day is planned
        (date(2024, 7, 2), ("07-03",), 7, "fail", False),
        # what was once too long stays so
        (date(2024, 8, 31), ("07-02", "08-01"), 7, "fail", False),
        (date(2024, 1, 1), (), 0, "pass", True),
        (date(2025, 6, 30), ("07-01",), 6, "pass", False),
    ],
)
def test_before_the_end(
    as_of: date, days: tuple[str, ...], months: int, verdict: str, provisional: bool
) -> None:
    finding = one(updates(*days), as_of=as_of)
    assert (finding.value, finding.verdict, finding.provisional, finding.forecast) == (
        months, verdict, provisional, None,
    )  # fmt: skip


def test_the_worst_board_decides_and_each_shows_its_own() -> None:
    rows = [*updates("04-01", "08-01"), *updates("09-01", of="B2"), *updates("07-01", of="B3")]
    finding = one(rows, board("B3"), board("B1"), board("B2"))
    # B2: 1 January to 1 September is eight months, two too many
    assert (finding.value, finding.shortfall, finding.reason) == (8, 2, "above_threshold")
    assert shown(finding) == [("B3", 6, None), ("B1", 5, None), ("B2", 8, 2)]
    assert [(each.file, each.row) for each in finding.evidence] == [("assets.csv", at) for at in (2, 3, 4)]


def test_a_board_there_in_part_is_left_out_and_listed() -> None:
    boards = [
        board("B1"),
        board("B2", opened_on=date(2024, 1, 2)),
        board("B3", closed_on=date(2024, 12, 30)),
        board("B4", closed_on=date(2023, 12, 31)),
    ]
    tables = {"units": [U1], "assets": boards, "publications": updates("07-01")}
    found, left_out = read(
        tables, pack_of(), lambda done: (list(done.findings(True)), done.data.left_out), as_of=YEAR_END
    )
    assert (found[0].verdict, shown(found[0])) == ("pass", [("B1", 6, None)])
    assert [(each.subject, each.row, each.reason) for each in left_out] == [
        ("B2", 3, "active_in_part"), ("B3", 4, "active_in_part"),
    ]  # fmt: skip


def test_not_over_a_board_that_lives_to_the_as_of_day_takes_part() -> None:
    closing = board(closed_on=date(2024, 8, 1))
    finding = one([], closing, as_of=date(2024, 8, 1))
    assert (finding.verdict, finding.value) == ("fail", 7)
    gone = one([], closing, as_of=date(2024, 8, 2))
    assert (gone.verdict, gone.reason, gone.value) == ("not_applicable", "no_subjects", None)


def test_the_rows_of_the_units_below_are_a_subjects_too() -> None:
    assert one(updates("07-01", unit_id="D1")).value == 6
    # but a board of a unit below is a subject only with the subtree
    below = board(unit_id="D1")
    assert one(updates("07-02", unit_id="D1"), below).reason == "no_subjects"
    assert one(updates("07-02", unit_id="D1"), below, scope="subtree").value == 7


def test_listed_values_and_another_day() -> None:
    inner = {"table": "publications", "by": "channels", "date": "recorded_on"}
    rows = updates("02-01", recorded_on=date(2024, 7, 1), channels=("newspaper", "online"))
    subjects = {"values": ["newspaper", "television"]}
    finding = one(rows, subjects=subjects, inner=inner)
    assert [(each.file, each.subject, each.value, each.shortfall) for each in finding.evidence] == [
        (None, "newspaper", 6, None), (None, "television", 12, 6),
    ]  # fmt: skip


@pytest.mark.parametrize("verdict", ["not_applicable", "insufficient_data"])
def test_without_a_board_there_is_no_stretch(verdict: str) -> None:
    journal = board() | {"kind": "journal"}
    finding = one(updates("07-01"), journal, when_no_subjects=verdict)
    assert (finding.verdict, finding.reason, finding.value) == (verdict, "no_subjects", None)
