"""`packs lint`, `packs new` and `packs schema` as a person calls them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from pack_files import every_kind, made_up, write_pack

from auditor.commands import main
from auditor.packs.lint_files import lint_files
from auditor.packs.lint_pages import FOLDER, page_name, page_of
from auditor.packs.load import load_pack
from auditor.shipped import shipped
from auditor.texts import LANGUAGES, sentences

ROOT = Path(__file__).parents[3]
CODES = sorted(sentences("pack_problems", "zh"))
Told = pytest.CaptureFixture[str]


def run(capsys: Told, *words: object) -> tuple[int, str, str]:
    code = main([str(each) for each in words])
    told = capsys.readouterr()
    return code, told.out, told.err


# ---- lint ------------------------------------------------------------------------------------------


def test_the_shipped_packs_are_sound_together(capsys: Told) -> None:
    assert run(capsys, "packs", "lint", "--lang", "en")[0] == 0


def broken(tmp_path: Path) -> Path:
    raw = made_up({"measure": {"kind": "count", "table": "activities", "where": {"kind": "leson"}},
                   "threshold": {"op": ">=", "value": 1}})  # fmt: skip
    return write_pack(raw, tmp_path / "broken.yaml")


def test_json_has_each_problem_as_a_record(tmp_path: Path, capsys: Told) -> None:
    path = broken(tmp_path)
    code, out, err = run(capsys, "packs", "lint", path, "--format", "json")
    told = json.loads(out)
    (problem,) = told["problems"]
    assert (code, err, told["packs"]) == (2, "", 1)
    place = (problem["file"], problem["line"], problem["code"], problem["hint"])
    assert place[0] == "broken.yaml"
    assert place[2:] == ("pack.unknown_value", "lesson")
    assert "leson" in path.read_text(encoding="utf-8").splitlines()[problem["line"] - 1]
    assert problem["figures"]["key"] == "activities.kind"
    for lang in LANGUAGES:
        assert set(problem[lang]) == {"what", "do"}
        assert "leson" in problem[lang]["what"]


def test_what_is_told_says_where_more_is_told(tmp_path: Path, capsys: Told) -> None:
    code, out, err = run(capsys, "packs", "lint", broken(tmp_path), "--lang", "en")
    assert (code, out) == (2, "")
    assert "[pack.unknown_value]" in err
    assert err.rstrip().endswith("packs lint --explain pack.unknown_value")


def test_json_of_what_is_sound(tmp_path: Path, capsys: Told) -> None:
    path = write_pack(every_kind(), tmp_path / "sound.yaml")
    code, out, _ = run(capsys, "packs", "lint", path, "--format", "json")
    assert (code, json.loads(out)) == (0, {"packs": 1, "problems": []})


def test_another_format_is_refused(capsys: Told) -> None:
    code, out, err = run(capsys, "packs", "lint", "--format", "jsn")
    assert (code, out) == (2, "")
    assert "[usage.unknown_format]" in err


def version(number: str, since: str | None, until: str | None) -> dict[str, Any]:
    effective = {key: day for key, day in (("from", since), ("to", until)) if day}
    return {**made_up({"measure": {"kind": "attest"}}, effective=effective), "version": number}


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (("2024-01-01", "2024-12-31"), ("2025-01-01", None), 0),
        (("2024-01-01", "2025-01-01"), ("2025-01-01", None), 1),
        ((None, "2024-12-31"), ("2025-01-01", None), 0),
        ((None, None), ("2025-01-01", None), 1),
        (("2025-06-01", None), ("2024-01-01", "2025-05-31"), 0),
        (("2025-05-31", None), ("2024-01-01", "2025-05-31"), 1),
    ],
)
def test_versions_of_a_pack_may_not_overlap(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str], told: int
) -> None:
    files = [
        str(write_pack(version(f"{at}.0.0", *days), tmp_path / f"{at}.yaml"))
        for at, days in enumerate((first, second), start=1)
    ]
    assert [each.code for each in lint_files(files)] == ["pack.versions_overlap"] * told
    # the same file twice is one pack
    assert lint_files([files[0], files[0]]) == ()


def test_versions_of_different_packs_have_nothing_to_do_with_each_other(tmp_path: Path) -> None:
    other = {**version("1.0.0", None, None), "pack": "other"}
    other["requirements"][0]["id"] = "other/1-x"
    files = [
        write_pack(version("1.0.0", None, None), tmp_path / "a.yaml"),
        write_pack(other, tmp_path / "b.yaml"),
    ]
    assert lint_files(map(str, files)) == ()


# ---- What lint must let through --------------------------------------------------------------------

COUNT = {"kind": "count", "table": "activities"}
ONE: dict[str, Any] = {"op": ">=", "value": 1}
RIGHT: dict[str, dict[str, Any]] = {
    "bounds that meet": {"measure": {**COUNT, "where": {"hours >=": 5, "hours <=": 5}}, "threshold": ONE},
    "wanted beside excluded": {
        "measure": {**COUNT, "where": {"kind": "lesson", "kind not": "seminar"}},
        "threshold": ONE,
    },
    "one kind for itself": {"measure": {**COUNT, "where": {"hours >=": 0}}, "threshold": ONE},
    "all there are": {"measure": {**COUNT, "distinct": "format"}, "threshold": {"op": ">=", "value": 3}},
    "none at all": {"measure": COUNT, "threshold": {"op": "<=", "value": 0}},
    "none exactly": {"measure": COUNT, "threshold": {"op": "==", "value": 0}},
    "more than none": {"measure": COUNT, "threshold": {"op": ">", "value": 0}},
    "up to some": {"measure": COUNT, "threshold": {"op": "between", "value": [0, 5]}},
    "half an hour": {
        "measure": {"kind": "sum", "table": "activities", "column": "hours"},
        "threshold": {"op": "==", "value": 0.5},
    },
    "all of them": {
        "measure": {
            "kind": "coverage",
            "subjects": {"table": "units"},
            "inner": {"kind": "count", "table": "activities", "by": "unit_id"},
        },
        "threshold": {"op": ">=", "value": "100%"},
    },
    "a ratio above all": {
        "measure": {
            "kind": "ratio", "table": "headcounts", "numerator": "account_followers", "denominator": "staff",
            "how": "latest",
        },
        "threshold": {"op": ">=", "value": "120%"},
    },
    "a blank that misses": {
        "measure": {"kind": "each_subject", "subjects": {"table": "assets"}, "inner": {"column": "advisors"}},
        "threshold": {"op": ">=", "value": 0},
    },
    "eleven months of a year": {
        "measure": {
            "kind": "max_gap", "subjects": {"table": "assets"}, "in": "months",
            "inner": {"table": "publications", "by": "asset_id"},
        },
        "threshold": {"op": "<=", "value": 11},
    },
    "a row a day": {
        "measure": {"kind": "count", "table": "platform_usage"},
        "threshold": {"op": ">=", "value": 31},
        "period": "month",
    },
    "rows of many units a day": {
        "measure": {"kind": "count", "table": "platform_usage", "scope": "subtree"},
        "threshold": {"op": ">=", "value": 40},
        "period": "month",
    },
    "conditions in one direction": {
        "measure": {
            "kind": "each_record",
            "table": "approvals",
            "where": {"decision": ["approved", "rejected"]},
            "must": [
                {"column": "decision", "op": "==", "value": "approved"},
                {"column": "decided_on", "op": ">", "other": "filed_on"},
                {"column": "decided_on", "op": ">=", "other": "filed_on"},
                {"column": "decided_on", "op": ">=", "value": "06-01"},
                {"column": "decided_on", "op": "<=", "value": "06-01"},
                {"column": "decided_on", "present": True},
                {"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20},
                {"lead_working_days": ["decided_on", "held_on"], "op": "<", "value": 20},
            ],
        },
        "threshold": {"op": "<=", "value": 0},
    },
    "a day that another date leaves open": {
        "measure": {
            "kind": "each_record", "table": "activities", "date": "recorded_on",
            "must": [{"column": "held_on", "present": True}],
        },
        "threshold": {"op": "<=", "value": 0},
    },
    "several words in one cell": {
        "measure": {**COUNT, "where": {"topics": ["theory", "reviewers"], "topics not": "news_editing"}},
        "threshold": ONE,
    },
}  # fmt: skip


@pytest.mark.parametrize("case", RIGHT)
def test_what_can_happen_is_let_through(case: str, tmp_path: Path) -> None:
    assert load_pack(write_pack(made_up(RIGHT[case]), tmp_path / "pack.yaml")).requirements


def test_two_that_differ_in_one_thing_are_two(tmp_path: Path) -> None:
    base: dict[str, Any] = {"measure": {**COUNT, "where": {"kind": "lesson"}}, "threshold": ONE}
    differing = [
        base,
        {**base, "period": "month"},
        {**base, "threshold": {"op": ">=", "value": 2}},
        {**base, "threshold": {"op": ">", "value": 1}},
        {**base, "measure": {**COUNT, "where": {"kind": "seminar"}}},
        {**base, "measure": {**base["measure"], "scope": "subtree"}},
        {**base, "applies_to": {"types": ["department"]}},
        {**base, "applies_to": {"types": ["university"], "tags": ["pilot"]}},
        {"measure": {"kind": "attest"}},
        {"measure": {"kind": "attest"}},
        {**base, "threshold": {"op": ">=", "value": "target"}},
        {**base, "threshold": {"op": ">=", "value": "target"}},
    ]
    assert len(load_pack(write_pack(made_up(*differing), tmp_path / "pack.yaml")).requirements) == 12


def test_an_inherited_clause_is_of_another_document(tmp_path: Path) -> None:
    both = {"zh": "试", "en": "test"}
    write_pack(made_up({"measure": {"kind": "attest"}}), tmp_path / "base.yaml")
    own = {
        **{"pack": "own", "version": "1.0.0", "title": both, "issuer": both, "extends": "base.yaml"},
        "clauses": ["7"],
        "requirements": [
            {**made_up({"measure": {"kind": "attest"}})["requirements"][0], "id": "own/7-x", "clause": "7"}
        ],
    }
    assert len(load_pack(write_pack(own, tmp_path / "own.yaml")).requirements) == 2
    (tmp_path / "own.yaml").unlink()
    own["clauses"] = ["7", "1"]
    (problem,) = lint_files([str(write_pack(own, tmp_path / "own.yaml"))])
    assert (problem.code, problem.figures["value"]) == ("pack.clause_not_covered", "1")


# ---- explain ---------------------------------------------------------------------------------------


def test_each_code_has_its_page_and_no_other_page_is_left() -> None:
    pages = {path.name for path in shipped(FOLDER).glob("*.md")}
    assert pages == {page_name(code) for code in CODES} | {"README.md"}
    index = (ROOT / FOLDER / "README.md").read_text(encoding="utf-8")
    assert [code for code in CODES if f"[`{code}`]({page_name(code)})" not in index] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_code_is_explained_in_one_language(lang: Any) -> None:
    other = next(each for each in LANGUAGES if each != lang)
    for code in CODES:
        page = page_of(code, lang)
        assert page.startswith(f"# `{code}`\n")
        assert sentences("lint", lang)[code] in page
        assert sentences("lint", other)[code] not in page
        assert f"[{code}]" in page
        assert "<!--" not in page


def test_a_code_is_explained_on_the_screen(capsys: Told) -> None:
    code, out, _ = run(capsys, "packs", "lint", "--explain", "unknown_key", "--lang", "zh")
    assert (code, out) == (0, page_of("pack.unknown_key", "zh"))
    code, out, err = run(capsys, "packs", "lint", "--explain", "pack.unknwn_key", "--lang", "en")
    assert (code, out) == (2, "")
    assert "pack.unknown_key" in err


# ---- new and schema --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_new_pack_is_sound_and_never_overwrites(
    lang: str, tmp_path: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "packs", "new", "fire-safety", "--lang", lang)
    assert code == 0
    assert "fire-safety.yaml" in out
    assert run(capsys, "packs", "lint", "fire-safety.yaml")[0] == 0
    pack = load_pack(Path("fire-safety.yaml"))
    assert pack.pack == "fire-safety"
    assert all(each.id.startswith("fire-safety/") for each in pack.requirements)
    text = Path("fire-safety.yaml").read_bytes()
    code, out, err = run(capsys, "packs", "new", "fire-safety", "--lang", lang)
    assert (code, out) == (2, "")
    assert "[usage.file_exists]" in err
    assert Path("fire-safety.yaml").read_bytes() == text


def test_both_starters_say_the_same_rules() -> None:
    starters = [shipped_starter(lang) for lang in LANGUAGES]
    assert starters[0] == starters[1]


def shipped_starter(lang: str) -> Any:
    pack = load_pack(ROOT / f"auditor/packs/starter/{lang}.yaml")
    return pack.model_copy(update={"content_hash": ""})


def test_a_new_pack_goes_where_it_is_told(tmp_path: Path, capsys: Told) -> None:
    place = tmp_path / "own.yaml"
    assert run(capsys, "packs", "new", "own-rules", "-o", place)[0] == 0
    assert load_pack(place).pack == "own-rules"
    assert os.listdir(tmp_path) == ["own.yaml"]  # noqa: PTH208 - nothing else is left behind
    assert run(capsys, "packs", "new", "own-rules", "-o", tmp_path / "none" / "own.yaml")[0] == 2


@pytest.mark.parametrize("name", ["Own", "own_rules", "-own", "own/rules", "own.yaml", "规则"])
def test_a_name_that_no_pack_can_have_is_refused(name: str, tmp_path: Path, capsys: Told) -> None:
    assert run(capsys, "packs", "new", "-o", tmp_path / "x.yaml", "--", name)[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_the_schema_is_printed_or_written(tmp_path: Path, capsys: Told) -> None:
    code, out, _ = run(capsys, "packs", "schema")
    assert code == 0
    assert run(capsys, "packs", "schema", "-o", tmp_path / "pack.schema.json")[0] == 0
    assert (tmp_path / "pack.schema.json").read_text(encoding="utf-8") == out
    assert out == (ROOT / "docs/pack.schema.json").read_text(encoding="utf-8")
