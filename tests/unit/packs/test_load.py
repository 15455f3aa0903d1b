"""Packs are read whole: every mistake with its line, all at once, with the nearest known word."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from auditor.errors import BadInput, Problem
from auditor.marked import read_marked
from auditor.packs.load import find_pack, load_pack, load_packs, packs_shipped
from auditor.tables.declaration import load_declaration

GOOD = """\
pack: small
version: "1.0.0"
title: {zh: 小, en: small}
issuer: {zh: 某校, en: a school}
unit_types: [university]
requirements:
  - id: small/1-sessions
    clause: "1"
    title: {zh: 学习, en: study}
    applies_to: {types: [university]}
    measure:
      kind: count
      table: activities
      where: {kind: study_session}
    period: year
    threshold: {op: ">=", value: 6}
    value_unit: {zh: 次, en: sessions}
    severity: major
    responsible: {zh: 书记, en: secretary}
    remedy: {zh: 补, en: hold them}
"""


def problems(tmp_path: Path, text: str) -> list[Problem]:
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        load_pack(path)
    return list(bad.value.problems)


def test_a_good_pack_loads_with_the_hash_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(GOOD, encoding="utf-8")
    pack = load_pack(path)
    assert pack.content_hash == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [each.id for each in pack.requirements] == ["small/1-sessions"]
    assert load_pack(str(path)) == pack


@pytest.mark.parametrize(
    ("written", "instead", "code", "line", "hint"),
    [
        ("severity: major", "severity: majjor", "pack.not_one_of", 18, "major"),
        ("    period: year", "    perriod: year", "pack.unknown_key", 15, "period"),
        ("table: activities", "table: activites", "pack.unknown_table", None, "activities"),
        ("{kind: study_session}", "{kind: study_sessions}", "pack.unknown_value", 14, "study_session"),
        ("kind: count", "kind: cuont", "pack.unknown_measure", 12, "count"),
        ("types: [university]}", "types: [univercity]}", "pack.foreign_type", 10, "university"),
    ],
)
def test_a_misspelt_word_has_its_line_and_the_nearest_known_one(
    tmp_path: Path, written: str, instead: str, code: str, line: int | None, hint: str
) -> None:
    assert GOOD.count(written) == 1
    found = {each.code: each for each in problems(tmp_path, GOOD.replace(written, instead))}
    assert code in found
    assert found[code].hint == hint
    assert found[code].place.file == "small.yaml"
    assert line is None or found[code].place.line == line


def test_every_mistake_is_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = GOOD.replace("severity: major", "severity: majjor").replace("value: 6", "value: six")
    found = problems(tmp_path, text.replace('version: "1.0.0"', "version: one"))
    lines = [each.place.line for each in found]
    assert lines == sorted(lines, key=lambda line: line or 0)
    assert {2, 16, 18} <= set(lines)


def test_an_id_used_twice_is_told(tmp_path: Path) -> None:
    requirement = GOOD.partition("requirements:\n")[2]
    (found,) = problems(tmp_path, GOOD + requirement)
    assert (found.code, found.figures["value"]) == ("pack.id_twice", "small/1-sessions")
    assert found.place.line == 7 + requirement.count("\n")


def test_a_pack_named_twice_is_told() -> None:
    with pytest.raises(BadInput) as bad:
        load_packs(["henan-2023", find_pack("henan-2023")], load_declaration())
    assert [each.code for each in bad.value.problems] == ["pack.pack_twice"]


def test_an_unknown_name_has_a_hint() -> None:
    with pytest.raises(BadInput) as bad:
        find_pack("henan-2032")
    (problem,) = bad.value.problems
    assert (problem.code, problem.hint) == ("pack.unknown_pack", "henan-2023")
    assert "henan-2023" in packs_shipped()


def test_marked_lines(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(GOOD, encoding="utf-8")
    marked = read_marked(path, "pack")
    assert marked.place(("requirements", 0, "measure", "where", "kind")).line == 14
    assert marked.place(("requirements", 0, "threshold", "op")).line == 16
    # the nearest part around one that the file does not have
    assert marked.place(("requirements", 0, "threshold", "nothing")).line == 16
    assert marked.place(("nothing",)).line == 1


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: [\n", "pack.not_yaml", 3),
        ("a: 1\na: 2\n", "pack.duplicate_key", 2),
        ("a: &x [1]\nb: *x\n", "pack.alias", 2),
        ("a: !!python/name:os.system x\n", "pack.not_yaml", 1),
        ("a: 2024-02-30\n", "pack.not_yaml", 1),
        ("a: " + "[" * 60 + "]" * 60, "pack.not_yaml", 1),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused(tmp_path: Path, text: str, code: str, line: int) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        read_marked(path, "pack")
    assert [(each.code, each.place.line) for each in bad.value.problems] == [(code, line)]


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gbk.yaml").write_bytes("pack: 规则包".encode("gbk"))
    for file in ("none.yaml", "gbk.yaml"):
        with pytest.raises(BadInput) as bad:
            load_pack(tmp_path / file)
        assert [each.code for each in bad.value.problems] == ["pack.unreadable"]
