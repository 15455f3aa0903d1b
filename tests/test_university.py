"""The sample university: the audit finds what was worked out by hand (fixtures/university-2024/expected.yaml)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pack_files import read_yaml

from auditor.audit import Options, audit
from auditor.model.audit import Audit, RowNote
from auditor.model.finding import Finding
from auditor.tables.declaration import load_declaration

FOLDER = Path(__file__).parents[1] / "fixtures" / "university-2024"
MIDYEAR = date(2024, 6, 14)
FIGURES = ("value", "numerator", "denominator", "shortfall", "waived")
Cell = tuple[str, str, str]


@cache
def expected() -> dict[str, Any]:
    wanted: dict[str, Any] = read_yaml(FOLDER / "expected.yaml")
    return wanted


@pytest.fixture(scope="module")
def done() -> Iterator[Audit]:
    with audit(FOLDER, ["henan-2023"], 2024, Options(judged_by="plain")) as finished:
        yield finished


def by_cell(done: Audit) -> dict[Cell, Finding]:
    return {(each.unit_id, each.requirement_id, each.period): each for each in done.findings(False)}


@pytest.fixture(scope="module")
def found(done: Audit) -> dict[Cell, Finding]:
    return by_cell(done)


@pytest.fixture(scope="module")
def midyear() -> Iterator[dict[Cell, Finding]]:
    with audit(FOLDER, ["henan-2023"], 2024, Options(as_of=MIDYEAR, judged_by="plain")) as finished:
        yield by_cell(finished)


def is_plain_pass(finding: Finding) -> bool:
    return finding.verdict == "pass" and not (finding.provisional or finding.borderline or finding.waived)


def test_the_as_of_day_is_the_end_of_the_second_semester(done: Audit) -> None:
    assert done.provenance.as_of == expected()["as_of"]


def test_452_findings_of_which_these_are_not_plain_passes(found: dict[Cell, Finding]) -> None:
    assert len(found) == 452
    listed = {(each["unit"], each["requirement"], each["period"]) for each in expected()["findings"]}
    assert len(listed) == len(expected()["findings"])
    assert {cell for cell, finding in found.items() if not is_plain_pass(finding)} == listed


def test_the_one_question_about_its_evidence(done: Audit) -> None:
    # ACT-D09-117 and ACT-D09-118 say the same session twice: the same day, hours and attendance.
    (question,) = done.questions()
    assert (question.rule_id, question.unit_id, question.count) == ("same-meeting-twice", "D09", 2)
    assert question.rows == (("activities.csv", None, 758), ("activities.csv", None, 759))


@pytest.mark.parametrize("unit", ["U01", *(f"D{number:02d}" for number in range(1, 13))])
def test_every_listed_figure(found: dict[Cell, Finding], unit: str) -> None:
    said = []
    for want in expected()["findings"]:
        if want["unit"] != unit:
            continue
        finding = found[unit, want["requirement"], want["period"]]
        for key, value in wanted_figures(want).items():
            got = getattr(finding, key)
            if got != value:
                said.append(f"{want['requirement']} {want['period']} {key}: {got!r}, wanted {value!r}")
    assert not said, "\n".join(said)


def wanted_figures(want: dict[str, Any]) -> dict[str, Any]:
    """Return every figure that a listed finding must have: what it does not write is null, or false."""
    figures: dict[str, Any] = {key: want.get(key) for key in FIGURES}
    if want["reason"] == "zero_denominator":
        # both are 0: there is no value, and the finding may say of what
        figures.update(numerator=0, denominator=0)
    elif figures["numerator"] is not None:
        share = Decimal(figures["numerator"]) / Decimal(figures["denominator"])
        figures["value"] = share.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    return {
        "verdict": want["verdict"], "reason": want["reason"], "borderline": want.get("borderline", False),
        "provisional": False, "forecast": None, "calendar": None, **figures,
    }  # fmt: skip


def test_plain_passes_by_requirement(done: Audit, found: dict[Cell, Finding]) -> None:
    passes = Counter(cell[1] for cell, finding in found.items() if is_plain_pass(finding))
    assert {each: passes[each] for each in done.requirements} == expected()["plain_passes"]
    assert sum(passes.values()) == 308


def test_ratings_and_scores(done: Audit) -> None:
    wanted = [(each["unit"], each["rating"], Decimal(repr(each["score"]))) for each in expected()["units"]]
    assert [(each.unit_id, each.rating, each.score) for each in done.units] == sorted(wanted)


def test_judged_and_applicable(done: Audit, found: dict[Cell, Finding]) -> None:
    for unit in done.units:
        verdicts = Counter(finding.verdict for cell, finding in found.items() if cell[0] == unit.unit_id)
        assert {verdict: count for verdict, count in unit.counts.items() if count} == verdicts
        assert unit.judged == verdicts["pass"] + verdicts["fail"]
        assert unit.applicable == verdicts.total() - verdicts["not_applicable"]


def test_an_issue_for_each_unit_and_requirement_that_failed_without_a_waiver(
    done: Audit, found: dict[Cell, Finding]
) -> None:
    failed: dict[tuple[str, str], list[str]] = {}
    for (unit, requirement, period), finding in sorted(found.items()):
        if finding.verdict == "fail" and not finding.waived:
            failed.setdefault((unit, requirement), []).append(period)
    assert {(each.unit_id, each.requirement_id): list(each.periods) for each in done.issues()} == failed
    # two months running at the library, three at logistics: the same requirement in consecutive periods
    assert {each.unit_id for each in done.issues() if each.repeat} == {"D07", "D09"}


@cache
def key_rows(table: str) -> dict[int, dict[str, str]]:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return dict(enumerate(csv.DictReader(file), 2))


def noted(notes: tuple[RowNote, ...]) -> list[tuple[Any, ...]]:
    """Return what notes speak of: table, key as text, day, and the row's own file."""
    keys = {name: table.key for name, table in load_declaration().tables.items()}
    said = []
    for note in notes:
        assert note.row is not None
        assert note.file == f"{note.table}.csv"
        row = key_rows(note.table)[note.row]
        said.append((note.table, tuple(row[column] for column in keys[note.table]), note.day, note.reason))
    return sorted(said, key=str)


def listed(section: str) -> list[tuple[str, tuple[str, ...], date | None]]:
    rows = []
    for each in expected()[section]:
        key = each["key"] if isinstance(each["key"], list) else [each["key"]]
        rows.append((each["table"], tuple(str(part) for part in key), each.get("day")))
    return sorted(rows, key=str)


def test_planned_rows(done: Audit) -> None:
    assert [note[:3] for note in noted(done.data.planned)] == listed("planned")


def test_undated_rows_and_rows_that_take_no_part_in_a_ratio(done: Audit) -> None:
    columns = {name: table.date for name, table in load_declaration().tables.items()}
    undated = [note for note in noted(done.data.undated) if note[3] == columns[note[0]]]
    blank = [note for note in noted(done.data.undated) if note[3] != columns[note[0]]]
    assert [note[:3] for note in undated] == listed("undated")
    assert [note[:2] for note in blank] == [row[:2] for row in listed("no_part_in_ratio")]
    assert [note[3] for note in blank] == [each["column"] for each in expected()["no_part_in_ratio"]]


def test_dangling_references(done: Audit) -> None:
    said = [
        {
            "table": problem.figures["table"],
            "key": key_rows(str(problem.figures["table"]))[problem.place.row or 0]["activity_id"],
            "column": problem.place.column,
            "value": problem.figures["value"],
        }
        for problem in done.data.warnings
        if problem.code == "table.dangling_reference"
    ]
    assert said == expected()["dangling"]
    assert not done.data.problems


# On 14 June 2024, the 166th of 366 days; of the first semester 135 of 182 days are gone, of Q2 75 of 91.
# Each line: unit, requirement, period, verdict, reason, value, shortfall, provisional, forecast.
ON_14_JUNE: tuple[tuple[Any, ...], ...] = (
    # 25 January, 14 March, 9 May; 6 x 166 / 366 = 2.7, so 2 keep pace
    ("U01", "1-sessions", "2024", "pending", "below_threshold", 3, 3, False, "on_track"),
    # of two, one on 18 April; the pace is 0
    ("U01", "20-committee", "2024", "pending", "below_threshold", 1, 1, False, "on_track"),
    # nothing in 2024 yet; the waiver is for a fail, and this is none
    ("U01", "20-report-up", "2024", "pending", "below_threshold", 0, 1, False, "on_track"),
    # reached is reached: 28 February and 5 June
    ("U01", "22-risk-checks", "2024", "pass", "met", 2, None, False, None),
    ("U01", "21-analysis", "2024-Q1", "pass", "met", 1, None, False, None),
    ("U01", "21-analysis", "2024-Q2", "pending", "below_threshold", 0, 1, False, "on_track"),
    # posts 01 to 09 and 11, which goes on 30 June; essays of 01, 02, 03
    ("U01", "1-essay", "2024", "pending", "subjects_short", 7, 7, False, "on_track"),
    # the president has 3.5 of 4; 4 x 135 / 182 = 2.97, so 2 keep pace
    ("U01", "2-lessons-top", "2024-S1", "pending", "subjects_short", 1, 1, False, "on_track"),
    # post 11 is there up to now and has 0 of 2; 2 x 135 / 182 = 1.48, so 1 would keep pace
    ("U01", "2-lessons-leaders", "2024-S1", "pending", "subjects_short", 1, 1, False, "at_risk"),
    # J-U01-1 has its article on 15 June, J-U01-3 came in May
    ("U01", "3-columns", "2024", "pending", "subjects_short", 1, 1, False, "on_track"),
    # D01 to D06 are inspected, of eleven
    ("U01", "22-inspection", "2024", "pending", "subjects_short", 5, 5, False, "on_track"),
    ("U01", "17-seasonal-checks", "2024", "pending", "subjects_short", 1, 1, False, "on_track"),
    # six inspections so far, all with report and feedback
    ("U01", "22-feedback", "2024", "pass", "no_breach", 0, None, True, None),
    # a state: the fourth team goes on 30 June, the third club, without an advisor, on 31 October
    ("U01", "2-teams", "2024", "pass", "met", 4, None, True, None),
    ("U01", "16-advisors", "2024", "fail", "subjects_short", 1, 1, True, None),
    ("U01", "4-yearly-points", "2024", "pass", "attested_yes", "yes", None, True, None),
    ("U01", "10-training", "2024", "pending", "no_rows", None, None, False, None),
    ("U01", "19-rectified", "2024", "insufficient_data", "table_missing", None, None, False, None),
    ("D01", "18-reviewers", "2024", "insufficient_data", "no_rows", None, None, False, None),
    ("D01", "2-lessons-depts", "2024-S1", "pass", "subjects_met", 0, None, True, None),
    ("D03", "2-lessons-depts", "2024-S1", "pending", "subjects_short", 1, 1, False, "on_track"),
    # what went wrong cannot be made good: fail at once
    ("D04", "13-review-first", "2024", "fail", "rows_in_breach", 1, 1, False, None),
    ("D06", "12-one-report", "2024", "fail", "rows_in_breach", 1, 1, False, None),
    ("D06", "13-reviews", "2024", "fail", "rows_in_breach", 1, 1, False, None),
    ("D08", "12-approved-first", "2024", "fail", "rows_in_breach", 1, 1, False, None),
    ("D08", "12-changes", "2024", "fail", "rows_in_breach", 1, 1, False, None),
    ("D07", "16-club-approval", "2024", "pass", "no_breach", 0, None, True, None),
    # the answer of 28 June is still to come
    ("D07", "4-yearly-points", "2024", "pending", "not_attested", None, None, False, None),
    ("D11", "5-leading-group", "2024", "not_applicable", "unit_not_active", None, None, False, None),
    ("D12", "1-active", "2024-01", "insufficient_data", "zero_denominator", None, None, False, None),
)  # fmt: skip


@pytest.mark.parametrize("want", ON_14_JUNE, ids=lambda want: f"{want[0]} {want[1]} {want[2]}")
def test_on_14_june(midyear: dict[Cell, Finding], want: tuple[Any, ...]) -> None:
    finding = midyear[want[0], f"henan-2023/{want[1]}", want[2]]
    got = (
        finding.verdict, finding.reason, finding.value, finding.shortfall, finding.provisional, finding.forecast,
    )  # fmt: skip
    assert got == want[3:]
    assert finding.waived is None
    assert ("by" in finding.figures) == (finding.verdict == "pending")


def test_shares_on_14_june(midyear: dict[Cell, Finding]) -> None:
    # 46 of 48 at the school of art, until December; a state that can still be put right
    registered = midyear["D06", "henan-2023/1-registered", "2024"]
    assert (registered.verdict, registered.provisional) == ("fail", True)
    assert (registered.numerator, registered.denominator, registered.shortfall) == (46, 48, 2)
    # the row of 20 December 2023: 98 x 100 = 9,800 < 10,400 = 10 x 1,040; 104 would do
    reviewers = midyear["U01", "henan-2023/18-reviewers", "2024"]
    assert (reviewers.verdict, reviewers.provisional) == ("fail", True)
    assert (reviewers.numerator, reviewers.denominator, reviewers.shortfall) == (98, 1040, 6)
    # the row of 30 November 2023
    library = midyear["D07", "henan-2023/18-reviewers", "2024"]
    assert (library.verdict, library.provisional) == ("pass", True)
    assert (library.numerator, library.denominator) == (4, 38)


def test_what_has_not_begun_on_14_june_has_no_finding(midyear: dict[Cell, Finding]) -> None:
    # 13 x (19 yearly + 6 months) + 23 yearly + 3 x S1 + Q1 and Q2 + 8 x S1
    assert len(midyear) == 13 * 25 + 23 + 3 + 2 + 8
    begun = {"2024", "2024-S1", "2024-Q1", "2024-Q2", *(f"2024-{month:02d}" for month in range(1, 7))}
    assert {cell[2] for cell in midyear} == begun
