"""A pack on top of another: other numbers, more requirements, some switched off."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pack_files import made_up, write_pack

from auditor.audit import Options, audit
from auditor.errors import BadInput
from auditor.model.requirement import Pack
from auditor.packs.load import load_pack, load_packs
from auditor.tables.declaration import load_declaration

BOTH = {"zh": "校内从严", "en": "Stricter here"}
COUNT = {"kind": "count", "table": "activities", "where": {"kind": "study_session"}}
SIX = {"measure": COUNT, "threshold": {"op": ">=", "value": 2}}
PROVINCE = made_up(SIX, {**SIX, "period": "quarter"}, effective={"from": date(2024, 1, 1)})


def own(**more: Any) -> dict[str, Any]:
    """Return a pack on top of `province.yaml` beside it."""
    return {
        "pack": "own", "version": "1.0.0", "title": BOTH, "issuer": BOTH, "extends": "province.yaml", **more,
    }  # fmt: skip


def loaded(tmp_path: Path, **more: Any) -> Pack:
    write_pack(PROVINCE, tmp_path / "province.yaml")
    return load_pack(write_pack(own(**more), tmp_path / "own.yaml"))


def test_a_pack_upon_another_brings_its_requirements_under_their_own_ids(tmp_path: Path) -> None:
    mine = {**made_up(SIX)["requirements"][0], "id": "own/1-more", "period": "month"}
    pack = loaded(tmp_path, requirements=[mine], unit_types=["university"])
    assert [each.id for each in pack.requirements] == ["test/1-x", "test/2-x", "own/1-more"]
    assert pack.unit_types == ("university",)
    assert pack.effective_dates["test"].from_ == date(2024, 1, 1)
    assert pack.effective_dates["own"].from_ is None


def test_an_override_replaces_a_key_and_says_who_and_why(tmp_path: Path) -> None:
    change = {"threshold": {"op": ">=", "value": 3}, "severity": "major", "reason": BOTH}
    pack = loaded(tmp_path, override={"test/1-x": change})
    changed, kept = pack.requirements
    assert changed.threshold is not None
    assert (changed.threshold.low, changed.severity, changed.clause) == (3, "major", "1")
    assert changed.changed is not None
    assert (changed.changed.by, changed.changed.reason.en) == ("own", "Stricter here")
    assert kept.changed is None


def test_a_requirement_is_switched_off_with_its_reason(tmp_path: Path) -> None:
    pack = loaded(tmp_path, override={"test/1-x": {"switched_off": BOTH}})
    assert [each.id for each in pack.requirements] == ["test/2-x"]
    assert [(each.id, each.clause, each.reason.en) for each in pack.switched_off] == [
        ("test/1-x", "1", "Stricter here")
    ]


def test_a_mistake_in_an_override_names_its_line(tmp_path: Path) -> None:
    write_pack(PROVINCE, tmp_path / "province.yaml")
    text = (
        'pack: own\nversion: "1.0.0"\ntitle: {zh: 校, en: own}\nissuer: {zh: 校, en: own}\nextends: province.yaml\n'
        "override:\n  test/2-x:\n    reason: {zh: 校, en: own}\n    severity: huge\n"
    )
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        load_pack(tmp_path / "own.yaml")
    assert [(each.code, each.place.file, each.place.line) for each in bad.value.problems] == [
        ("pack.not_one_of", "own.yaml", 9)
    ]


def test_packs_stand_upon_each_other_in_turn(tmp_path: Path) -> None:
    write_pack(PROVINCE, tmp_path / "province.yaml")
    change = {"threshold": {"op": ">=", "value": 3}, "reason": BOTH}
    write_pack(own(override={"test/1-x": change}), tmp_path / "own.yaml")
    upper = {
        **own(),
        "pack": "school",
        "extends": "own.yaml",
        "override": {"test/2-x": {"switched_off": BOTH}},
    }
    pack = load_pack(write_pack(upper, tmp_path / "school.yaml"))
    assert [each.id for each in pack.requirements] == ["test/1-x"]
    assert pack.requirements[0].threshold is not None
    assert pack.requirements[0].threshold.low == 3
    assert set(pack.effective_dates) == {"test", "own", "school"}


def test_two_that_stand_upon_each_other_are_refused(tmp_path: Path) -> None:
    write_pack({**own(), "extends": "b.yaml"}, tmp_path / "a.yaml")
    write_pack({**own(), "pack": "b", "extends": "a.yaml"}, tmp_path / "b.yaml")
    with pytest.raises(BadInput) as bad:
        load_pack(tmp_path / "a.yaml")
    assert [each.code for each in bad.value.problems] == ["pack.extends_itself"]


def test_the_hash_changes_with_the_base(tmp_path: Path) -> None:
    before = loaded(tmp_path).content_hash
    assert loaded(tmp_path).content_hash == before
    write_pack({**PROVINCE, "version": "1.0.1"}, tmp_path / "province.yaml")
    assert load_pack(tmp_path / "own.yaml").content_hash != before


def test_a_pack_and_its_base_are_not_audited_together(tmp_path: Path) -> None:
    loaded(tmp_path)
    with pytest.raises(BadInput) as bad:
        load_packs([tmp_path / "own.yaml", tmp_path / "province.yaml"], load_declaration())
    assert [each.code for each in bad.value.problems] == ["pack.extends_another_named"]


def test_each_requirement_holds_while_its_own_document_does(tmp_path: Path) -> None:
    mine = {**made_up(SIX)["requirements"][0], "id": "own/1-more", "period": "month"}
    loaded(tmp_path, requirements=[mine], effective={"from": date(2025, 1, 1)})
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "units.csv").write_text("unit_id,type\nU1,university\n", encoding="utf-8")
    (tmp_path / "data" / "activities.csv").write_text("activity_id,unit_id,kind,held_on\n", encoding="utf-8")
    with audit(tmp_path / "data", [tmp_path / "own.yaml"], 2024, Options(judged_by="plain")) as done:
        reasons = {
            each.requirement_id: each.reason
            for each in done.findings(False)
            if each.period in ("2024", "2024-05")
        }
    assert reasons == {"own/1-more": "outside_effective_dates", "test/1-x": "below_threshold"}
