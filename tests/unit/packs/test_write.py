"""A pack that is written and read again is the same pack, whatever stands in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pack_files import every_kind, made_up, read_yaml, write_pack

from auditor.measures.registry import kinds
from auditor.model.requirement import Pack
from auditor.packs.load import load_pack, packs_shipped
from auditor.packs.write import as_yaml

BOTH = {"zh": "试", "en": "test"}
SHIPPED = packs_shipped()


def again(pack: Pack, folder: Path) -> Pack:
    """Return the pack as it is read from what it is written as; the hash of the file and the open places go."""
    path = folder / "again.yaml"
    path.write_text(as_yaml(pack), encoding="utf-8")
    return bare(load_pack(path))


def bare(pack: Pack) -> Pack:
    return pack.model_copy(update={"content_hash": "", "parameters": {}, "settings": {}})


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_pack_is_the_same_when_read_again(name: str, tmp_path: Path) -> None:
    pack = load_pack(name)
    assert again(pack, tmp_path) == bare(pack)


@pytest.mark.parametrize("name", [name for name in SHIPPED if not load_pack(name).parameters])
def test_what_is_written_says_what_the_file_says(name: str, tmp_path: Path) -> None:
    written = read_yaml(SHIPPED[name])
    (tmp_path / "again.yaml").write_text(as_yaml(load_pack(name)), encoding="utf-8")
    assert read_yaml(tmp_path / "again.yaml") == written


def with_everything() -> dict[str, Any]:
    """Return a pack with every kind of measure and every part that a requirement may have."""
    sessions = {"kind": "count", "table": "activities", "where": {"kind": "study_session"}}
    boards = {"table": "assets", "where": {"kind": "outreach_board"}}
    dated = [
        {"from": "2024-01-01", "value": 6, "reference": {"zh": "通知一", "en": "First notice"}},
        {"from": "2025-01-01", "value": 8, "reference": {"zh": "通知二", "en": "Second notice"}},
    ]
    between = [
        {"from": "2024-01-01", "value": ["0.5", "1.25"], "reference": {"zh": "甲", "en": "a"}},
        {"from": "2024-07-01", "value": [1, 2], "reference": {"zh": "乙", "en": "b"}},
    ]
    active = {"kind": "ratio", "table": "platform_usage", "numerator": "active", "denominator": "members"}
    one, none = {"op": ">=", "value": 1}, {"op": "<=", "value": 0}
    must: list[dict[str, Any]] = [
        {"column": "decided_on", "op": "<", "other": "held_on"},
        {"column": "filed_on", "op": "<=", "value": "05-31"},
        {"column": "filed_on", "present": True},
        {"column": "decided_on", "weekday": "tuesday"},
        {"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20},
        {"column": "changed", "op": "==", "value": False},
    ]
    requirements: list[dict[str, Any]] = [
        {"measure": sessions, "threshold": {"op": ">=", "value": "target"}},
        {"measure": sessions, "threshold": {"op": ">=", "value": dated}, "duty": "study-sessions"},
        {"measure": {**active, "how": "pooled"}, "threshold": {"op": ">", "against": "previous"}},
        {"measure": {**active, "how": "latest_in_period"}, "threshold": {"op": ">=", "value": "33.3%"}},
        {
            "measure": {"kind": "sum", "table": "activities", "column": "hours", "date": "recorded_on"},
            "threshold": {"op": "between", "value": between},
            "period": "stage",
            "window": ["04-25", "05-10"],
        },
        {
            "measure": {
                "kind": "count",
                "table": "activities",
                "where": {
                    "topics not": ["theory", "reviewers"],
                    "hours >=": 1.5,
                    "report_on <": date(2024, 5, 31),
                    "first_topic": True,
                    "evidence": "12",
                    "kind": ["lesson", "seminar"],
                },
            },
            "threshold": one,
            "applies_to": {"types": ["university", "branch"], "tags": ["teaching", "pilot"]},
        },
        {"measure": {"kind": "each_record", "table": "approvals", "must": must}, "threshold": none},
        {
            "measure": {
                "kind": "each_record",
                "table": "activities",
                "must": [{"column": "approval_id", "exists_in": "approvals"}],
            },
            "threshold": none,
            "period": "academic_year",
        },
        {
            "measure": {
                "kind": "each_subject",
                "subjects": {"table": "assets"},
                "inner": {"must": [{"column": "approved_on", "present": True}]},
                "when_no_subjects": "insufficient_data",
            },
            "threshold": one,
        },
        {
            "measure": {
                "kind": "coverage",
                "subjects": {"values": ["term_start", "enrolment"]},
                "inner": {"kind": "count", "table": "activities", "by": "occasion"},
            },
            "threshold": {"op": ">=", "value": "100%"},
        },
        {
            "measure": {
                "kind": "max_gap",
                "subjects": boards,
                "inner": {"table": "publications", "by": "asset_id"},
                "in": "months",
                "scope": "subtree",
            },
            "threshold": {"op": "<=", "value": 6},
        },
        {
            "measure": {"kind": "deadline", "table": "submissions", "dates": ["05-31", "11-30"]},
            "threshold": one,
        },
        {
            "measure": {"kind": "deadline", "table": "submissions", "monthly": 24},
            "threshold": one,
            "period": "month",
        },
        {
            "measure": {"kind": "deadline", "table": "submissions"},
            "threshold": one,
            "period": "stage",
            "window": ["04-25", "05-10"],
        },
        {
            "measure": {"kind": "attest"},
            "assumed": True,
            "rectify_within": 30,
            "note": {
                "zh": "含: 冒号、'引号'、\"双引号\"和 # 号",
                "en": "- with: colons, 'quotes' and \\ # signs",
            },
        },
        {
            "measure": {
                "kind": "count",
                "table": "activities",
                "where": {"kind": "fire_drill", "format": "yes"},
            },
            "threshold": one,
        },
    ]
    return made_up(
        *requirements,
        issued="2023-12-28",
        effective={"from": "2024-01-01", "to": "2025-12-31"},
        clauses=[*(str(at) for at in range(1, len(requirements) + 1)), "17", "18"],
        vocabulary={"activities.kind": {"fire_drill": "消防演练"}, "activities.format": {"yes": "是"}},
        out_of_scope=[{"id": "test/17-persons", "clause": "17", "reason": BOTH}],
        not_quantified=[{"clause": "18", "reason": BOTH}, {"clause": "18"}],
    )


def test_every_construct_is_the_same_when_read_again(tmp_path: Path) -> None:
    raw = with_everything()
    assert {each["measure"]["kind"] for each in raw["requirements"]} == set(kinds())
    pack = load_pack(write_pack(raw, tmp_path / "pack.yaml"))
    assert again(pack, tmp_path) == bare(pack)
    other = load_pack(write_pack(every_kind(), tmp_path / "kinds.yaml"))
    assert again(other, tmp_path) == bare(other)


def test_an_extended_pack_writes_what_is_its_own(tmp_path: Path) -> None:
    write_pack(with_everything(), tmp_path / "base.yaml")
    own = {
        "pack": "own",
        "version": "1.0.0",
        "title": BOTH,
        "issuer": BOTH,
        "extends": "base.yaml",
        "override": {
            "test/2-x": {"threshold": {"op": ">=", "value": 9}, "reason": BOTH},
            "test/4-x": {"threshold": {"op": ">=", "value": "40%"}, "note": BOTH, "reason": BOTH},
            "test/15-x": {"note": None, "reason": BOTH},
            "test/3-x": {"switched_off": BOTH},
        },
        "requirements": [
            {**with_everything()["requirements"][6], "id": "own/1-x", "period": "quarter"},
        ],
        "vocabulary": {"assets.kind": {"extinguisher": "灭火器"}},
    }
    pack = load_pack(write_pack(own, tmp_path / "own.yaml"))
    assert pack.base is not None
    assert again(pack, tmp_path) == bare(pack)
    written = read_yaml(tmp_path / "again.yaml")
    assert written["override"] == own["override"]
    assert [each["id"] for each in written["requirements"]] == ["own/1-x"]
    assert written["vocabulary"] == own["vocabulary"]


def test_a_parameter_is_written_as_what_it_was_set_to(tmp_path: Path) -> None:
    year = {"type": "year", "title": {"zh": "年份", "en": "year"}, "example": 2018}
    raw = made_up(
        {"measure": {"kind": "attest"}},
        parameters={"year": year},
        effective={"from": "${year}-01-01", "to": "${year}-12-31"},
    )
    pack = load_pack(write_pack(raw, tmp_path / "pack.yaml"), settings={"year": "2020"})
    assert again(pack, tmp_path) == bare(pack)
    assert "effective: {from: 2020-01-01, to: 2020-12-31}" in as_yaml(pack)


def test_the_layout_is_that_of_the_shipped_packs(tmp_path: Path) -> None:
    raw = made_up(
        {
            "measure": {"kind": "ratio", "table": "headcounts", "numerator": "trained", "denominator": "staff",
                        "how": "latest"},
            "threshold": {"op": ">=", "value": "12.5%"},
        },
        effective={"from": "2024-01-01"},
    )  # fmt: skip
    written = as_yaml(load_pack(write_pack(raw, tmp_path / "pack.yaml")))
    assert (
        written.partition("requirements:\n")[2]
        == """
  - id: test/1-x
    clause: "1"
    title:
      zh: 试
      en: test
    applies_to: {types: [university]}
    measure:
      kind: ratio
      table: headcounts
      numerator: trained
      denominator: staff
      how: latest
    period: year
    threshold: {op: ">=", value: 12.5%}
    value_unit: {zh: 次, en: times}
    severity: minor
    responsible: {zh: 试, en: test}
    remedy:
      zh: 试
      en: test
"""
    )
