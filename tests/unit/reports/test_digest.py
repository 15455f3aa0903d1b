"""The audit as plain data: its sums are those of the findings, its order is the reader's."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from audits import read
from pack_files import made_up
from reports_samples import of_sample

from auditor.model.audit import Audit
from auditor.reports.by_unit import by_unit
from auditor.reports.digest import Digest, digest
from auditor.reports.supervision import SupervisionRow, supervision
from auditor.reports.view import View

SESSIONS = {"measure": {"kind": "count", "table": "activities"}, "threshold": {"op": ">=", "value": 1}}
PACK = made_up(
    {**SESSIONS, "period": "quarter", "severity": "major"},
    {**SESSIONS, "measure": {"kind": "count", "table": "submissions"}},
)


def _tables(*held: tuple[str, int], **more: Any) -> dict[str, Any]:
    """Return a school, two faculties below it and a branch below one; one activity a unit and month."""
    units = [("S", "学校", None), ("F1", "一院", "S"), ("F2", None, "S"), ("B1", "一支部", "F1")]
    return {
        "units": [{"unit_id": u, "name": n, "type": "university", "parent_id": p} for u, n, p in units],
        "activities": [
            {"activity_id": f"A{at}", "unit_id": unit, "held_on": date(2024, month, 9)}
            for at, (unit, month) in enumerate(held)
        ],
        **more,
    }


ALL_BUT_B1 = tuple((unit, month) for unit in ("S", "F1", "F2") for month in (1, 4, 7, 10))


def _digest(tables: dict[str, Any], **how: Any) -> Digest:
    found: Digest = read(tables, PACK, lambda done: digest(done, "zh"), **how)
    return found


def test_a_unit_knows_the_path_to_it_also_where_the_units_above_are_not_audited() -> None:
    found = _digest(_tables(), units=("B1", "F2"))
    assert [(each.unit_id, each.path, each.depth) for each in found.units] == [
        ("B1", ("学校", "一院", "一支部"), 3),
        ("F2", ("学校", "F2"), 2),
    ]


def test_a_score_is_the_sum_of_its_lines() -> None:
    # Weight 3 over four quarters of which two held a meeting: 1.5 of 3. Nothing was supplied for the second.
    found = _digest(_tables(("F1", 1), ("F1", 4))).unit["F1"]
    assert [(row.weight, row.judged, row.passed, row.earned) for row in found.score_rows] == [
        (3, 4, 2, Fraction(3, 2)),
        (1, 0, 0, Fraction(0)),
    ]
    assert (found.weight_earned, found.weight_judged, found.score) == (Fraction(3, 2), 3, Decimal("50.0"))
    assert (found.judged, found.applicable, found.coverage, found.little_judged) == (
        4,
        5,
        Fraction(4, 5),
        False,
    )


def test_units_of_one_rating_and_score_share_a_place() -> None:
    found = _digest(_tables(*ALL_BUT_B1))
    assert [(each.unit_id, each.place, each.tied) for each in found.ranking] == [
        ("B1", 4, False), ("F1", 1, True), ("F2", 1, True), ("S", 1, True),
    ]  # fmt: skip


def test_the_worst_verdict_of_the_periods_stands_in_the_matrix() -> None:
    found = _digest(_tables(*ALL_BUT_B1[:-1]))
    verdicts = {unit: [cell and cell.verdict for cell in cells] for unit, cells in found.matrix.items()}
    assert verdicts["F2"] == ["fail", "insufficient_data"]
    assert verdicts["S"] == ["pass", "insufficient_data"]
    held, sent = found.requirements
    assert (held.failing, held.bound, held.judged_units) == (("B1", "F2"), 4, 4)
    assert held.counts == {"fail": 5, "pending": 0, "insufficient_data": 0, "pass": 11, "not_applicable": 0}
    assert (sent.failing, sent.judged_units, sent.unit_counts["insufficient_data"]) == ((), 0, 4)
    assert found.common == (held,)
    assert found.rating_counts == {
        "unqualified": 0,
        "rectify": 0,
        "improve": 2,
        "qualified": 2,
        "not_rated": 0,
    }


def test_little_judged_is_less_than_half() -> None:
    missing = {**_tables(), "activities": None, "submissions": []}
    found = _digest(missing).unit["F1"]
    assert (found.judged, found.applicable, found.little_judged) == (1, 5, True)


def test_a_waived_fail_is_a_fail_without_an_issue() -> None:
    found: Digest = of_sample(lambda done: digest(done, "zh"))
    (cells,) = found.matrix.values()
    waived = cells[2]
    assert waived is not None
    assert (waived.verdict, waived.is_waived, waived.fails, waived.marked) == ("fail", True, False, True)
    assert found.requirement["test/3-x"].waived == ("U1",)
    assert found.units[0].waived == ("test/3-x",)
    assert [row.waived for row in found.units[0].score_rows if row.requirement_id == "test/3-x"] == [1]


def test_the_sums_are_those_of_the_findings() -> None:
    def both(done: Audit) -> tuple[Digest, Counter[str], int]:
        counted = Counter(each.verdict for each in done.findings(False))
        return digest(done, "en"), counted, len(list(done.issues()))

    found, counted, issues = of_sample(both)
    by_verdict = {
        verdict: sum(each.counts[verdict] for each in found.requirements) for verdict in found.counts
    }
    assert by_verdict == found.counts == {verdict: counted[verdict] for verdict in found.counts}
    assert found.issues == issues


def test_a_row_of_the_supervision_list_says_what_is_short_in_each_period() -> None:
    def rows(done: Audit) -> list[SupervisionRow]:
        return list(supervision(done, View(done, "en")))

    first, second = read(_tables(*ALL_BUT_B1[:-1]), PACK, rows)
    assert [each.period for each in first.failed] == ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]
    assert (first.number, first.unit, first.repeat, first.grade) == (1, "一支部", True, "supervision_order")
    assert (second.number, second.unit, second.repeat, second.grade) == (2, "F2", False, "notice")
    (failed,) = second.failed
    assert (failed.period, failed.measured, failed.required, failed.shortfall) == (
        "2024-Q4", "0 times", "at least 1 times", "1 times",
    )  # fmt: skip
    assert (second.within, second.deadline, second.severity) == (10, None, "major")


def test_a_unit_shows_what_failed_first_and_no_more_evidence_than_asked() -> None:
    held = [("F1", month) for month in (1, 2, 3, 4, 10)]
    shown = read(_tables(*held), PACK, lambda done: dict(by_unit(done, most=2)))["F1"]
    assert [(each.finding.verdict, each.finding.period) for each in shown] == [
        ("fail", "2024-Q3"), ("insufficient_data", "2024"), ("pass", "2024-Q1"), ("pass", "2024-Q2"),
        ("pass", "2024-Q4"),
    ]  # fmt: skip
    assert [(len(each.finding.evidence), each.left_out) for each in shown] == [
        (0, 0), (0, 0), (2, 1), (1, 0), (1, 0),
    ]  # fmt: skip
