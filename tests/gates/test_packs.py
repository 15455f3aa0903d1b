"""Every shipped rule is sound, speaks both languages, names its clause and ships its examples, both ways."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import BadInput
from auditor.judge.reading import load_escalation
from auditor.measures.plausibility.reading import load_plausibility
from auditor.packs.load import load_pack
from auditor.tables.declaration import load_declaration
from gates.tree import ROOT, name, plant, read_yaml

LANGUAGES = ("zh", "en")
SPOKEN = (
    "title",
    "question",
    "responsible",
    "remedy",
    "value_unit",
    "note",
    "reason",
    "issuer",
    "label",
    "meaning",
)
"""The keys of our YAML files whose value is said to a reader."""


def unsound(root: Path) -> list[str]:
    """Return what the product itself has to say against the files of `rules/`."""
    readers: list[tuple[Callable[[Path], object], Path]] = [
        (load_declaration, root / "rules/tables.yaml"),
        (load_escalation, root / "rules/escalation.yaml"),
        (load_plausibility, root / "rules/plausibility.yaml"),
        *((load_pack, path) for path in sorted((root / "rules/packs").glob("*.yaml"))),
    ]
    found = []
    for read, path in readers:
        try:
            read(path)
        except BadInput as bad:
            found += [f"{path.name}:{each.place.line}: {each.code}" for each in bad.problems]
    return found


def one_language_only(root: Path) -> list[str]:
    """Return every spoken text of `rules/` that lacks a language."""
    return [
        f"{name(root, path)}: {where}: {language}"
        for path in sorted((root / "rules").rglob("*.yaml"))
        for where, text in _spoken(read_yaml(path), "")
        for language in LANGUAGES
        if not isinstance(text, dict) or not str(text.get(language) or "").strip()
    ]


def _spoken(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for each in value:
            named = each.get("id") or each.get("clause") if isinstance(each, dict) else None
            yield from _spoken(each, f"{where}/{named}" if named else where)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in SPOKEN and not _is_named_so(inner):
                yield f"{where}/{key}", inner
            else:
                yield from _spoken(inner, f"{where}/{key}")


def _is_named_so(inner: Any) -> bool:
    """Return whether a spoken key is really a name: a table's column may be called `title`."""
    return isinstance(inner, dict) and "type" in inner


def incomplete(root: Path) -> list[str]:
    """Return the requirements without title, clause, responsible post, remedy or severity; misnamed packs."""
    found = []
    for path in sorted((root / "rules/packs").glob("*.yaml")):
        pack = read_yaml(path)
        for requirement in pack["requirements"]:
            found += [
                f"{requirement['id']}: no {key}"
                for key in ("clause", "title", "responsible", "remedy", "severity")
                if not requirement.get(key)
            ]
        if path.stem != pack["pack"]:
            found.append(f"{path.name}: the pack calls itself {pack['pack']}")
    return found


def without_examples(root: Path) -> list[str]:
    """Return what the case files lack: of every requirement one pass, one bare fail, one that cannot be judged.

    Bare: the shortfall is one step, so that a threshold moved by one is noticed.
    """
    wants = _wants(root)
    found = []
    owed: set[str] = set()
    for path in sorted((root / "rules/packs").glob("*.yaml")):
        for requirement in read_yaml(path)["requirements"]:
            which = requirement["id"]
            owed.add(which)
            wanted = wants.get(which, [])
            verdicts = {each["verdict"] for each in wanted}
            found += [f"{which}: no {verdict}" for verdict in _OWED if verdict not in verdicts]
            fails = [each for each in wanted if each["verdict"] == "fail"]
            if requirement["measure"]["kind"] != "attest" and not any(
                each.get("shortfall") == 1 for each in fails
            ):
                found.append(f"{which}: no fail by a single step")
    return found + [f"{which}: no pack has it" for which in sorted(wants.keys() - owed)]


_OWED = ("pass", "fail", "insufficient_data")


def _wants(root: Path) -> dict[str, list[dict[str, Any]]]:
    wants: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((root / "tests/cases").rglob("*.yaml")):
        file = read_yaml(path)
        for case in file["cases"]:
            want = case["want"]
            wants.setdefault(file["requirement"], []).extend(want if isinstance(want, list) else [want])
    return wants


GATES = (unsound, one_language_only, incomplete, without_examples)


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.__name__)
def test_shipped_rules_are_whole(gate: Callable[[Path], list[str]]) -> None:
    assert gate(ROOT) == []


PACK = "rules/packs/henan-2023.yaml"
CASE = "tests/cases/henan-2023/1-sessions.yaml"
FAULTS: dict[str, tuple[Callable[[Path], list[str]], str, str, str]] = {
    "a key that no pack has": (unsound, PACK, "\n    clause:", "\n    claus:"),
    "a column that no table has": (unsound, PACK, "body: theory_study_group", "boddy: theory_study_group"),
    "a broken escalation": (unsound, "rules/escalation.yaml", "count: 3", "count: 0"),
    "a broken question": (unsound, "rules/plausibility.yaml", "by: post_id", "by: post"),
    "a broken declaration": (unsound, "rules/tables.yaml", "type: text", "type: texts"),
    "a title in one language": (one_language_only, PACK, ", en: ", ", de: "),
    "a meaning in one language": (
        one_language_only,
        "rules/tables.yaml",
        "meaning: {zh: ",
        "meaning: {zhh: ",
    ),
    "a requirement without clause": (incomplete, PACK, '\n    clause: "1"', '\n    clause: ""'),
    "no case passes": (without_examples, CASE, "verdict: pass", "verdict: fail"),
    "no case fails": (without_examples, CASE, "verdict: fail", "verdict: pass"),
    "no case fails by one": (without_examples, CASE, "shortfall: 1", "shortfall: 2"),
    "no case is unanswered": (without_examples, CASE, "insufficient_data", "pending"),
    "cases of no requirement": (
        without_examples,
        CASE,
        "requirement: henan-2023/1-",
        "requirement: henan-2023/one-",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault: str, tmp_path: Path) -> None:
    gate, file, right, wrong = FAULTS[fault]
    for folder in ("rules", "tests/cases"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert right in text
    plant(tmp_path, {file: text.replace(right, wrong)})
    assert gate(tmp_path) != []
