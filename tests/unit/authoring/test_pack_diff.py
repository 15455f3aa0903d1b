"""What changed from one pack to another, and which verdicts flip on the same data."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pack_files import made_up, write_pack
from second_reading.organisations import write_csv

from auditor.audit import Options
from auditor.authoring.diff import PackDifference, pack_difference
from auditor.authoring.diff_words import DifferenceInWords
from auditor.authoring.flips import AuditDifference, audit_difference
from auditor.errors import BadInput
from auditor.model.requirement import Pack
from auditor.packs.load import load_pack
from auditor.periods.period import Window

PLAIN = Options(judged_by="plain")
Y2024 = Window.of_year(2024)


def count(kind: str, least: int, **more: Any) -> dict[str, Any]:
    measure = {"kind": "count", "table": "activities", "where": {"kind": kind}}
    return {"measure": measure, "threshold": {"op": ">=", "value": least}, **more}


def both(text: str) -> dict[str, str]:
    return {"zh": f"因{text}", "en": text}


TRAININGS, LESSONS = count("training", 2), count("lesson", 1)
BEFORE = made_up(
    {**TRAININGS, "id": "test/1-trainings"},
    {**LESSONS, "id": "test/2-lessons"},
    issued="2023-01-01",
    out_of_scope=[{"id": "test/3-persons", "clause": "3", "reason": both("persons")}],
)


def changed(raw: dict[str, Any], at: int, **fields: Any) -> dict[str, Any]:
    """Return a pack with other fields in one of its requirements; None takes a field away."""
    copy = deepcopy(raw)
    copy["requirements"][at] |= fields
    for key in [key for key, value in fields.items() if value is None]:
        del copy["requirements"][at][key]
    return copy


def loaded(folder: Path, raw: dict[str, Any], name: str) -> Pack:
    return load_pack(write_pack(raw, folder / f"{name}.yaml"))


def difference(tmp_path: Path, after: dict[str, Any], before: dict[str, Any] = BEFORE) -> PackDifference:
    return pack_difference(loaded(tmp_path, before, "before"), loaded(tmp_path, after, "after"))


def test_a_pack_does_not_differ_from_itself(tmp_path: Path) -> None:
    found = difference(tmp_path, BEFORE)
    assert not found.differs
    assert found.same == {"test/1-trainings": "test/1-trainings", "test/2-lessons": "test/2-lessons"}


def test_only_comments_and_the_order_of_keys_are_no_difference(tmp_path: Path) -> None:
    turned = {**dict(reversed(BEFORE.items())), "requirements": BEFORE["requirements"]}
    assert not difference(tmp_path, turned).differs


HEADS = {
    "version": {"version": "1.1.0"},
    "title": {"title": {"zh": "新", "en": "new"}},
    "issuer": {"issuer": {"zh": "他", "en": "they"}},
    "issued": {"issued": "2024-01-01"},
    "effective": {"effective": {"from": "2024-01-01"}},
    "unit_types": {"unit_types": ["university"]},
    "vocabulary": {"vocabulary": {"activities.kind": {"drill": "演练"}}},
    "clauses": {"clauses": ["1", "2", "3"]},
    "parameters": {
        "issued": "${year}-01-01",
        "parameters": {"year": {"type": "year", "title": both("masked"), "example": 2023}},
    },
}


@pytest.mark.parametrize("field", HEADS)
def test_what_of_the_head_changed_is_told_before_and_after(tmp_path: Path, field: str) -> None:
    found = difference(tmp_path, {**BEFORE, **HEADS[field]})
    assert (found.head, found.differs) == ((field,), True)
    (told,) = DifferenceInWords(found).head()
    assert told.field == field
    assert told.before != told.after
    assert told.after["zh"]
    assert told.after["en"]


def test_requirements_come_and_go(tmp_path: Path) -> None:
    after = made_up(
        {**TRAININGS, "id": "test/1-trainings"},
        {**count("seminar", 1), "id": "test/2-seminars"},
        **{key: BEFORE[key] for key in ("issued", "out_of_scope")},
    )
    found = difference(tmp_path, after)
    assert [each.id for each in found.added] == ["test/2-seminars"]
    assert [each.id for each in found.removed] == ["test/2-lessons"]
    assert (found.changed, found.head, found.differs) == ((), (), True)


FIELDS: dict[str, tuple[dict[str, Any], str, str]] = {
    # field: what is written, the words before, the words after
    "clause": ({"clause": "1, 4"}, "1", "1, 4"),
    "title": ({"title": {"zh": "新", "en": "new"}}, "test", "new"),
    "duty": ({"duty": "trainings"}, "—", "trainings"),
    "applies_to": ({"applies_to": {"types": ["department"]}}, "university", "department"),
    "period": ({"period": "quarter"}, "every year", "every quarter"),
    "threshold": ({"threshold": {"op": ">=", "value": 3}}, "at least 2 times", "at least 3 times"),
    "value_unit": ({"value_unit": {"zh": "场", "en": "events"}}, "times", "events"),
    "severity": ({"severity": "veto"}, "minor", "veto"),
    "responsible": ({"responsible": {"zh": "校长", "en": "president"}}, "test", "president"),
    "remedy": ({"remedy": {"zh": "补", "en": "make up"}}, "test", "make up"),
    "rectify_within": ({"rectify_within": 7}, "20 working days", "7 working days"),
    "assumed": ({"assumed": True}, "no", "yes"),
    "note": ({"note": {"zh": "注", "en": "a note"}}, "—", "a note"),
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_field_is_told_in_words(tmp_path: Path, field: str) -> None:
    written, before, after = FIELDS[field]
    found = difference(tmp_path, changed(BEFORE, 0, **written))
    (only,) = found.changed
    assert (only.after.id, only.fields) == ("test/1-trainings", (field,))
    words = DifferenceInWords(found)
    (told,) = words.fields(only)
    assert tuple(each or "—" for each in told.in_language("en")) == (before, after)


def test_the_rule_is_told_whole_before_and_after(tmp_path: Path) -> None:
    found = difference(tmp_path, changed(BEFORE, 0, threshold={"op": "<=", "value": 3}, period="month"))
    rules = DifferenceInWords(found).rules(found.changed[0])
    assert rules is not None
    for side, words in ((rules.before, ("每年", "不少于2次")), (rules.after, ("每月", "不超过3次"))):
        assert side["zh"] is not None
        assert all(each in side["zh"] for each in words)
    assert rules.after["en"] is not None
    assert "at most 3 times" in rules.after["en"]


def test_a_text_changed_in_the_other_language_only_is_shown_in_that_one(tmp_path: Path) -> None:
    found = difference(tmp_path, changed(BEFORE, 0, remedy={"zh": "试", "en": "try"}))
    (told,) = DifferenceInWords(found).fields(found.changed[0])
    assert told.in_language("zh") == ("test", "try")
    assert DifferenceInWords(found).rules(found.changed[0]) is None


def test_what_words_do_not_show_is_told_as_it_is_written(tmp_path: Path) -> None:
    clubs = {
        "measure": {
            "kind": "each_subject",
            "subjects": {"table": "assets", "where": {"kind": "club"}},
            "inner": {"column": "advisors"},
        },
        "threshold": {"op": ">=", "value": 1},
    }
    strict = {**clubs["measure"], "when_no_subjects": "insufficient_data"}
    found = difference(tmp_path, made_up({**clubs, "measure": strict}), made_up(clubs))
    (told,) = DifferenceInWords(found).fields(found.changed[0])
    assert told.field == "measure"
    assert told.in_language("zh") == (
        "when_no_subjects: not_applicable",
        "when_no_subjects: insufficient_data",
    )


def test_what_is_never_judged_is_compared_too(tmp_path: Path) -> None:
    after = {**BEFORE, "out_of_scope": [], "not_quantified": [{"clause": "3", "reason": both("vague")}]}
    found = difference(tmp_path, after)
    assert [(each.section, each.entered, each.clause) for each in found.moved] == [
        ("out_of_scope", False, "3"),
        ("not_quantified", True, "3"),
    ]
    assert found.differs


def named_own(**more: Any) -> dict[str, Any]:
    return {
        **made_up({**TRAININGS, "id": "own/1-trainings"}, {**LESSONS, "id": "own/4-more"}),
        "pack": "own",
        **more,
    }


def test_packs_of_other_names_are_compared_by_the_part_after_the_slash(tmp_path: Path) -> None:
    found = difference(tmp_path, named_own())
    assert found.same == {"own/1-trainings": "test/1-trainings"}
    assert [each.id for each in found.added] == ["own/4-more"]
    assert [each.id for each in found.removed] == ["test/2-lessons"]
    assert found.changed == ()
    assert "pack" in found.head


def test_a_pack_upon_another_is_compared_by_whole_ids_first(tmp_path: Path) -> None:
    loaded(tmp_path, BEFORE, "test")
    own = {
        **named_own(extends="test.yaml"),
        "override": {
            "test/1-trainings": {"threshold": {"op": ">=", "value": 5}, "reason": both("more")},
            "test/2-lessons": {"switched_off": both("none here")},
        },
    }
    found = difference(tmp_path, own)
    assert found.same == {"test/1-trainings": "test/1-trainings"}
    assert [each.id for each in found.added] == ["own/1-trainings", "own/4-more"]
    assert [each.after.id for each in found.changed] == ["test/1-trainings"]
    # What the document below never judges is still never judged.
    assert [(each.section, each.entered) for each in found.moved] == [("switched_off", True)]


TABLES: dict[str, Any] = {
    "units": [
        {"unit_id": "U1", "name": "One", "type": "university"},
        {"unit_id": "U2", "name": "Two", "type": "university"},
    ],
    "activities": [
        {"activity_id": "A1", "unit_id": "U1", "kind": "training", "held_on": date(2024, 3, 1)},
        {"activity_id": "A2", "unit_id": "U1", "kind": "training", "held_on": date(2024, 6, 3)},
        {"activity_id": "A3", "unit_id": "U2", "kind": "training", "held_on": date(2024, 6, 3)},
        {"activity_id": "A4", "unit_id": "U2", "kind": "lesson", "held_on": date(2024, 6, 4)},
    ],
}
"""U1: two trainings, no lesson. U2: one training, one lesson."""


def audited(
    tmp_path: Path, after: dict[str, Any], before: dict[str, Any] = BEFORE, options: Options = PLAIN
) -> AuditDifference:
    write_csv(TABLES, tmp_path / "data")
    return audit_difference(tmp_path / "data", difference(tmp_path, after, before), Y2024, options)


def test_the_same_pack_flips_nothing(tmp_path: Path) -> None:
    found = audited(tmp_path, BEFORE)
    assert (found.compared, found.flips, found.alone, found.units) == (4, (), (), ())
    assert not found.differs


def test_a_verdict_that_flips_is_told_with_both_standards(tmp_path: Path) -> None:
    # U1 held two of three now, U2 one; so U1 flips and U2 fails as before.
    found = audited(tmp_path, changed(BEFORE, 0, threshold={"op": ">=", "value": 3}))
    (flip,) = found.flips
    assert (flip.unit_id, flip.name, flip.period) == ("U1", "One", "2024")
    assert (flip.before.verdict, flip.after.verdict) == ("pass", "fail")
    assert (flip.before.value, flip.after.value) == (2, 2)
    assert flip.before.threshold is not None
    assert flip.after.threshold is not None
    assert (flip.before.threshold.low, flip.after.threshold.low) == (2, 3)
    assert (flip.before.shortfall, flip.after.shortfall) == (None, 1)
    (unit,) = found.units
    assert unit.before is not None
    assert unit.after is not None
    # Two minor requirements: one of two met, then none.
    assert (unit.unit_id, unit.before.score, unit.after.score) == ("U1", Decimal("50.0"), Decimal("0.0"))
    assert (unit.before.rating, unit.after.rating) == ("improve", "improve")


def test_a_veto_changes_a_rating_though_no_verdict_flips(tmp_path: Path) -> None:
    found = audited(tmp_path, changed(BEFORE, 1, severity="veto"))
    assert found.flips == ()
    one = next(each for each in found.units if each.unit_id == "U1")
    assert one.before is not None
    assert one.after is not None
    assert (one.before.rating, one.after.rating) == ("improve", "unqualified")


def test_findings_that_only_one_pack_gives_are_counted_by_requirement(tmp_path: Path) -> None:
    found = audited(tmp_path, changed(changed(BEFORE, 1, id="test/2-other"), 0, period="half_year"))
    # Per unit: 2024 before, two halves after. U1 held both of its trainings in the first half.
    assert found.compared == 0
    assert [(each.requirement_id, each.entered, dict(each.verdicts)) for each in found.alone] == [
        ("test/1-trainings", False, {"pass": 1, "fail": 1}),
        ("test/2-lessons", False, {"pass": 1, "fail": 1}),
        ("test/1-trainings", True, {"pass": 1, "fail": 3}),
        ("test/2-other", True, {"pass": 1, "fail": 1}),
    ]


def test_packs_of_other_names_are_audited_alone(tmp_path: Path) -> None:
    found = audited(tmp_path, changed(named_own(), 0, threshold={"op": ">=", "value": 1}))
    (flip,) = found.flips
    assert (flip.before.requirement_id, flip.after.requirement_id) == ("test/1-trainings", "own/1-trainings")
    assert (flip.unit_id, flip.before.verdict, flip.after.verdict) == ("U2", "fail", "pass")
    assert [each.pack for each in found.before.provenance.packs] == ["test"]
    assert [each.pack for each in found.after.provenance.packs] == ["own"]


def test_both_are_audited_as_of_the_same_day(tmp_path: Path) -> None:
    # The second semester ends on 31 January; by then the year of the earlier pack is over too.
    found = audited(tmp_path, changed(BEFORE, 0, period="semester"))
    days = {each.provenance.as_of for each in (found.before, found.after)}
    assert days == {date(2025, 1, 31)}


def test_a_value_that_only_one_pack_knows_is_no_bad_cell_for_the_other(tmp_path: Path) -> None:
    drills = {**TABLES, "activities": [*TABLES["activities"]]}
    drills["activities"].append(
        {"activity_id": "A5", "unit_id": "U1", "kind": "evacuation_drill", "held_on": date(2024, 5, 6)}
    )
    write_csv(drills, tmp_path / "data")
    after = changed(BEFORE, 1, measure={**LESSONS["measure"], "where": {"kind": "evacuation_drill"}})
    after["vocabulary"] = {"activities.kind": {"evacuation_drill": "疏散演练"}}
    found = audit_difference(tmp_path / "data", difference(tmp_path, after), Y2024, PLAIN)
    assert {(each.unit_id, each.before.verdict, each.after.verdict) for each in found.flips} == {
        ("U1", "fail", "pass"),
        ("U2", "pass", "fail"),
    }


LATER = {**BEFORE, "effective": {"from": date(2025, 1, 1)}}


def test_a_document_not_yet_in_force_judges_nothing_unless_taken_so(tmp_path: Path) -> None:
    found = audited(tmp_path, LATER)
    assert {each.after.verdict for each in found.flips} == {"not_applicable"}
    assert len(found.flips) == 4
    lifted = Options(judged_by="plain", assume_effective=True)
    assert audited(tmp_path, LATER, options=lifted).flips == ()


def test_each_pack_gets_the_settings_it_asks_for(tmp_path: Path) -> None:
    parameter = {"type": "number", "title": both("least"), "example": 9}
    asks = changed(BEFORE, 0, threshold={"op": ">=", "value": "${least}"})
    asks["parameters"] = {"least": parameter}
    write_csv(TABLES, tmp_path / "data")
    settings = {"least": "1"}
    packs = pack_difference(
        loaded(tmp_path, BEFORE, "before"),
        load_pack(write_pack(asks, tmp_path / "after.yaml"), None, settings),
    )
    options = Options(judged_by="plain", settings=settings)
    found = audit_difference(tmp_path / "data", packs, Y2024, options)
    assert [(each.unit_id, each.after.verdict) for each in found.flips] == [("U2", "pass")]
    assert dict(found.before.provenance.settings) == {}
    assert dict(found.after.provenance.settings) == settings


def test_bad_data_are_a_problem(tmp_path: Path) -> None:
    packs = difference(tmp_path, BEFORE)
    with pytest.raises(BadInput):
        audit_difference(tmp_path / "nowhere", packs, Y2024, PLAIN)
