"""The same duty in several documents: who is bound by which, and what is strictest."""

from __future__ import annotations

from typing import Any

import pytest
from audits import read
from pack_files import made_up

from auditor.judge.duties import strictest
from auditor.model.audit import Duty
from auditor.model.requirement import Requirement
from auditor.packs.load import load_pack

COUNT = {"kind": "count", "table": "activities", "where": {"kind": "study_session"}}
SHARE = {
    "kind": "ratio",
    "table": "platform_usage",
    "numerator": "active",
    "denominator": "members",
    "how": "pooled",
}


def at(op: str, value: Any, measure: dict[str, Any] = COUNT, **more: Any) -> dict[str, Any]:
    return {"measure": measure, "threshold": {"op": op, "value": value}, "duty": "study", **more}


def must(*conditions: dict[str, Any]) -> dict[str, Any]:
    measure = {"kind": "each_record", "table": "publications", "must": list(conditions)}
    return {"measure": measure, "threshold": {"op": "<=", "value": 0}, "duty": "study"}


def three(column: str, value: int = 3) -> dict[str, Any]:
    return {"column": column, "op": ">=", "value": value}


def requirements(tmp_path: Any, *written: dict[str, Any]) -> tuple[Requirement, ...]:
    from pack_files import write_pack

    return load_pack(write_pack(made_up(*written), tmp_path / "pack.yaml")).requirements


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ((at(">=", 6), at(">=", 12)), [2]),
        ((at(">=", 12), at(">=", 1, period="month")), [1, 2]),
        ((at(">=", 6), at(">=", 1, period="month")), [2]),
        ((at(">=", 2, period="half_year"), at(">=", 1, period="quarter", severity="major")), [1, 2]),
        ((at("<=", 2), at("<=", 1)), [2]),
        ((at(">=", 6), at("<=", 12)), [1, 2]),
        ((at(">=", "35%", SHARE), at(">=", "30%", SHARE, period="month")), [1]),
        ((at(">=", 6), at(">=", "30%", SHARE)), [1, 2]),
        ((must(three("reviews"), three("proofreads")), must(three("reviews"))), [1]),
        ((must(three("reviews", 1)), must(three("reviews"))), [2]),
        ((must(three("proofreads")), must(three("reviews"))), [1, 2]),
        ((at(">=", 1), {"measure": {"kind": "attest"}, "duty": "study"}), [1, 2]),
    ],
)
def test_the_strictest(tmp_path: Any, written: tuple[dict[str, Any], ...], expected: list[int]) -> None:
    assert strictest(requirements(tmp_path, *written)) == tuple(f"test/{number}-x" for number in expected)


def test_units_stand_with_the_requirements_that_bind_them() -> None:
    everybody = {"applies_to": {"types": ["university", "department"]}}
    pack = made_up(
        at(">=", 6, **everybody), at(">=", 12), at(">=", 1, **everybody, period="month"),
        {**at(">=", 1), "duty": "alone"}, {**at(">=", 2), "duty": None, "severity": "major"},
    )  # fmt: skip
    del pack["requirements"][4]["duty"]
    units = [{"unit_id": f"U{at}", "type": "university"} for at in (2, 1)]
    units += [{"unit_id": "D1", "type": "department", "parent_id": "U1"}, {"unit_id": "B1", "type": "branch"}]
    duties = read({"units": units, "activities": []}, pack, lambda done: done.duties)
    assert duties == (
        Duty("study", ("test/1-x", "test/2-x", "test/3-x"), ("test/2-x", "test/3-x"), ("U1", "U2")),
        Duty("study", ("test/1-x", "test/3-x"), ("test/3-x",), ("D1",)),
    )
