"""What a template asks for, worked out by hand from small packs; and what a checklist lists."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pack_files import made_up, write_pack

from auditor.authoring.checklist import checklist
from auditor.authoring.template import Template, template
from auditor.errors import BadInput
from auditor.packs.load import load_packs
from auditor.tables.declaration import load_declaration

AT_LEAST_ONE = {"op": ">=", "value": 1}
TRAININGS = {"kind": "count", "table": "activities", "where": {"kind": "training"}}
ATTEST = {"measure": {"kind": "attest"}}
UNITS = ["unit_id", "name", "type", "parent_id", "active_from", "active_to"]


def asked(tmp_path: Path, *requirements: dict[str, Any], types: tuple[str, ...] = ()) -> Template:
    pack = write_pack(made_up(*requirements), tmp_path / "pack.yaml")
    return template(*load_packs([pack], load_declaration()), types)


def columns(found: Template) -> dict[str, list[str]]:
    return {each.declared.name: [one.declared.name for one in each.columns] for each in found.tables}


def values(found: Template, table: str) -> dict[str, list[str]]:
    (wanted,) = (each for each in found.tables if each.declared.name == table)
    return {each.declared.name: list(each.values) for each in wanted.columns if each.values}


def counted(where: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "measure": {"kind": "count", "table": "activities", "where": where, **more},
        "threshold": AT_LEAST_ONE,
    }


def test_only_what_a_count_reads_is_asked_for(tmp_path: Path) -> None:
    found = asked(tmp_path, {"measure": TRAININGS, "threshold": AT_LEAST_ONE})
    # Its key, the unit and the kind that it filters by, and the table's default date.
    assert columns(found) == {"units": UNITS, "activities": ["activity_id", "unit_id", "kind", "held_on"]}


def test_each_column_names_the_requirements_that_read_it(tmp_path: Path) -> None:
    hours = {"kind": "sum", "table": "activities", "column": "hours"}
    found = asked(
        tmp_path,
        {"measure": TRAININGS, "threshold": AT_LEAST_ONE},
        {"measure": hours, "threshold": AT_LEAST_ONE},
    )
    serves = {each.declared.name: [one.clause for one in each.serves] for each in found.tables[1].columns}
    both = ["1", "2"]
    assert serves == {"activity_id": both, "unit_id": both, "kind": ["1"], "held_on": both, "hours": ["2"]}


def test_a_choice_lists_the_values_looked_for_in_the_declared_order(tmp_path: Path) -> None:
    found = asked(tmp_path, counted({"kind": ["training", "seminar"]}), counted({"kind": "lesson"}))
    # rules/tables.yaml has study_session, seminar, lesson, … training.
    assert values(found, "activities") == {"kind": ["seminar", "lesson", "training"]}


@pytest.mark.parametrize(
    "where", [{"format": "online"}, {"format not": ["online", "self_study"]}], ids=["only one", "all but"]
)
def test_a_choice_lists_every_value_where_others_matter_or_one_alone_would_lead(
    tmp_path: Path, where: Mapping[str, Any]
) -> None:
    found = asked(tmp_path, counted(where))
    assert values(found, "activities") == {"format": ["collective", "self_study", "online"]}


def test_a_column_that_a_condition_reads_lists_every_value(tmp_path: Path) -> None:
    must = [{"column": "decision", "op": "==", "value": "approved"}]
    measure = {
        "kind": "each_record",
        "table": "approvals",
        "where": {"decision": ["approved", "pending"]},
        "must": must,
    }
    found = asked(tmp_path, {"measure": measure, "threshold": {"op": "<=", "value": 0}})
    assert values(found, "approvals") == {"decision": ["approved", "rejected", "pending", "withdrawn"]}


def test_subjects_by_fixed_values_list_these(tmp_path: Path) -> None:
    inner = {"kind": "count", "table": "activities", "by": "occasion"}
    measure = {"kind": "each_subject", "subjects": {"values": ["law_week", "term_start"]}, "inner": inner}
    found = asked(tmp_path, {"measure": measure, "threshold": AT_LEAST_ONE})
    assert values(found, "activities") == {"occasion": ["term_start", "law_week"]}


def test_a_stock_is_asked_for_with_its_life_and_a_target_with_its_table(tmp_path: Path) -> None:
    posts = {"kind": "count", "table": "posts"}
    found = asked(tmp_path, {"measure": posts, "threshold": {"op": ">=", "value": "target"}})
    assert columns(found) == {
        "units": UNITS,
        "posts": ["post_id", "unit_id", "active_from", "active_to"],
        "targets": ["unit_id", "requirement_id", "year", "value"],
    }
    assert values(found, "targets") == {"requirement_id": ["test/1-x"]}


def test_only_the_requirements_of_the_types_chosen_count(tmp_path: Path) -> None:
    of_departments = {"applies_to": {"types": ["department"], "tags": ["teaching"]}, **ATTEST}
    requirements = ({"measure": TRAININGS, "threshold": AT_LEAST_ONE}, of_departments)
    assert columns(asked(tmp_path, *requirements, types=("高校",)))["units"] == UNITS
    found = asked(tmp_path, *requirements, types=("department",))
    assert columns(found).keys() == {"units", "attestations"}
    # The units above and below are of the pack's other types.
    assert values(found, "units") == {"type": ["university", "department", "branch"], "tags": ["teaching"]}
    assert values(found, "attestations") == {
        "requirement_id": ["test/2-x"],
        "answer": ["yes", "no", "not_applicable"],
    }


def test_a_type_that_no_requirement_binds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as bad:
        asked(tmp_path, ATTEST, types=("branch", "universty"))
    assert [(each.code, each.figures["value"], each.hint) for each in bad.value.problems] == [
        ("usage.unknown_unit_type", "branch", None),
        ("usage.unknown_unit_type", "universty", "university"),
    ]


def listed(tmp_path: Path, *requirements: dict[str, Any], **chosen: Any) -> list[tuple[Any, ...]]:
    more = {"effective": {"from": "2024-07-01"}}
    pack = write_pack(made_up(*requirements, **more), tmp_path / "pack.yaml")
    rows = checklist(*load_packs([pack], load_declaration()), **chosen).rows
    return [(each.unit_id, each.requirement.id, each.period) for each in rows]


def test_a_checklist_has_a_row_for_each_manual_requirement(tmp_path: Path) -> None:
    requirements = ({"measure": TRAININGS, "threshold": AT_LEAST_ONE}, ATTEST, ATTEST)
    assert listed(tmp_path, *requirements) == [(None, "test/2-x", None), (None, "test/3-x", None)]


def test_a_checklist_has_a_row_for_each_unit_and_period_in_force(tmp_path: Path) -> None:
    quarterly = {**ATTEST, "period": "quarter"}
    found = listed(tmp_path, quarterly, ATTEST, units=["U2", "U1", "U2"], year=2024)
    # In force from July: two of the quarters begin later, the year began before.
    assert found == [(unit, "test/1-x", period) for unit in ("U2", "U1") for period in ("2024-Q3", "2024-Q4")]


def test_a_checklist_without_anything_to_check_is_refused(tmp_path: Path) -> None:
    for requirements, year in (
        (({"measure": TRAININGS, "threshold": AT_LEAST_ONE},), None),
        ((ATTEST,), 2023),
    ):
        with pytest.raises(BadInput) as bad:
            listed(tmp_path, *requirements, year=year)
        assert [each.code for each in bad.value.problems] == ["usage.nothing_to_check"]
