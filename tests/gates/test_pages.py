"""The pages for pack authors: what stands there works, in both languages, and no file of ours knows its domain.

That a walk-through prints what its page shows is tested with the other examples (`test_docs.py`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pack_files import write_pack

from auditor.errors import BadInput
from auditor.measures.where import COMPARISONS
from auditor.model.requirement import Pack
from auditor.packs.load import load_pack
from auditor.packs.schema import pack_schema
from auditor.tables.declaration import load_declaration
from gates.test_docs import differing, examples, read
from gates.tree import ROOT, plant, text_files

FORMAT = ("docs/pack-format.md", "docs/pack-format.zh.md")
PACK = "fire-safety.yaml"


# ---- The format of a pack --------------------------------------------------------------------------

BOTH = {"zh": "试", "en": "test"}
REQUIREMENT: Mapping[str, Any] = {
    "id": "school/1-x",
    "clause": "1",
    "title": BOTH,
    "applies_to": {"types": ["school"]},
    "measure": {"kind": "count", "table": "activities"},
    "period": "year",
    "severity": "minor",
    "responsible": BOTH,
    "remedy": BOTH,
}
"""What an example that is a part of a requirement leaves out; an id, its threshold and its unit apart."""


def shown(page: str) -> list[dict[str, Any]]:
    """Return the YAML examples of a page: whole packs, parts of one, and parts of a requirement."""
    return [yaml.safe_load(text) for text in re.findall(r"```yaml\n([\s\S]*?)```\n", page)]


def whole(example: dict[str, Any]) -> dict[str, Any]:
    """Return an example as a pack, with what it leaves out put around it; its keys say what it is a part of."""
    if "pack" in example:
        return example
    pack = {"pack": "school", "version": "1.0.0", "title": BOTH, "issuer": BOTH, "unit_types": ["school"]}
    if set(example) <= set(Pack.model_fields):
        counted = {"threshold": {"op": ">=", "value": 1}, "value_unit": BOTH}
        return {**pack, "requirements": [{**REQUIREMENT, **counted}], **example}
    has_unit = {"value_unit": BOTH} if example["measure"]["kind"] != "attest" else {}
    return {**pack, "requirements": [{**REQUIREMENT, **has_unit, **example}]}


def wrong(page: str, folder: Path) -> list[str]:
    """Return what the product has to say against the examples of a page."""
    found = []
    for at, example in enumerate(shown(page)):
        try:
            load_pack(write_pack(whole(example), folder / f"{at}.yaml"))
        except BadInput as bad:
            found += [f"{each.code}: {example}" for each in bad.problems]
    return found


def words_of(value: Any) -> Iterator[str]:
    """Yield every key and every word that an example uses; `hours >=` is a column and an operator."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from str(key).split()
            yield from words_of(inner)
    elif isinstance(value, list):
        for each in value:
            yield from words_of(each)
    elif isinstance(value, str):
        yield value


def words_there_are() -> set[str]:
    """Return every key that a pack may have, at any depth, and every fixed word that one of them takes.

    The schema for editors is made from the product. Of the days of the week one is enough.
    """
    parts = pack_schema(load_declaration())
    tables = [name for name in parts["$defs"] if name.startswith(("where-", "must-"))]
    for name in tables:
        del parts["$defs"][name]
    others = {"monday", "wednesday", "thursday", "friday", "saturday", "sunday"}
    return {*_of_schema(parts), "not", *COMPARISONS} - others


NAMES_OF_TABLES = ("if", "then", "table", "exists_in")
"""Keys of the schema under which tables and their columns are named, which are no words of the format."""


def _of_schema(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for each in schema:
            yield from _of_schema(each)
    elif isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (each for each in [*schema.get("enum", ()), schema.get("const")] if isinstance(each, str))
        yield from _of_schema([each for key, each in schema.items() if key not in NAMES_OF_TABLES])


def without_example(page: str) -> list[str]:
    """Return the keys and words of the format that no example of a page uses."""
    return sorted(words_there_are() - {word for example in shown(page) for word in words_of(example)})


@pytest.mark.parametrize("path", FORMAT)
def test_every_example_of_the_format_is_sound(path: str, tmp_path: Path) -> None:
    assert wrong(read(path), tmp_path) == []


def test_an_example_with_a_slip_is_found(tmp_path: Path) -> None:
    page = (
        read(FORMAT[0])
        .replace("column: hours,", "column: hour,")
        .replace("kind: release}", "kind: releases}")
    )
    said = [each.partition(":")[0] for each in wrong(page, tmp_path)]
    assert set(said) == {"pack.unknown_column", "pack.unknown_value"}


def test_every_key_and_word_of_the_format_has_an_example() -> None:
    assert without_example(read(FORMAT[0])) == []


def test_a_key_without_an_example_is_found() -> None:
    page = (
        read(FORMAT[0])
        .replace("    rectify_within: 15\n", "")
        .replace("how: latest_in_period", "how: latest")
    )
    assert without_example(page) == ["latest_in_period", "rectify_within"]


def test_both_languages_show_the_same_format() -> None:
    english, chinese = (shown(read(path)) for path in FORMAT)
    assert english == chinese


# ---- The first pack --------------------------------------------------------------------------------


def files(path: str) -> dict[str, str]:
    made: dict[str, str] = examples.files(read(path))
    return made


def new_words(pack: Mapping[str, Any]) -> list[str]:
    """Return the codes and names that a pack brings with it."""
    return [word for values in pack["vocabulary"].values() for each in values.items() for word in each]


def known_to_us(words: Iterable[str], root: Path) -> list[str]:
    """Return the words that stand anywhere in the product or its rules."""
    texts = [
        path.read_text(encoding="utf-8")
        for folder in ("auditor", "rules")
        for path in text_files(root / folder)
    ]
    return [word for word in words if any(word in text for text in texts)]


def test_nothing_in_the_product_knows_the_domain_of_the_first_pack(tmp_path: Path) -> None:
    words = new_words(yaml.safe_load(files(examples.WALK_THROUGHS[0])[PACK]))
    assert {"fire_drill", "灭火器"} <= set(words)
    assert known_to_us(words, ROOT) == []
    plant(tmp_path, {"auditor/x.py": 'if kind == "fire_drill": ...\n', "rules/x.yaml": "{}\n"})
    assert known_to_us(words, tmp_path) == ["fire_drill"]


def test_both_languages_write_the_same_pack() -> None:
    english, chinese = (yaml.safe_load(files(path)[PACK]) for path in examples.FIRST_PACK)
    assert english == chinese


@pytest.mark.parametrize("path", examples.FIRST_PACK)
def test_the_first_pack_needs_no_programming(path: str) -> None:
    page = read(path)
    assert "python" not in page.lower()
    assert {Path(name).suffix for name in files(path)} == {".yaml", ".csv"}
    assert all(command.startswith("ducha ") for command in examples.commands(page))


# ---- How a walk-through is run ---------------------------------------------------------------------

STORY = """\
<!-- walk-through: en -->
<!-- file: fire.yaml -->
```yaml
pack: fire
version: 1
```
<!-- change: fire.yaml -->
```diff
-version: 1
+version: "1.0.0"
```
<!-- add: fire.yaml -->
```yaml
title: {zh: 试, en: test}
issuer: {zh: 试, en: test}
unit_types: [schol]
```
```console
$ ducha packs lint fire.yaml
old
```
"""


def test_a_walk_through_writes_its_files_and_runs_its_commands_in_order() -> None:
    fresh = examples.refreshed(STORY, ROOT)
    assert differing(STORY) == [
        "'old' is now 'Problems found: 1'",
        "'```' is now '  fire.yaml line 1: The key “requirements” is missing. Add it. [pack.missing_key]'",
    ]
    assert differing(fresh) == []
    assert not (ROOT / "fire.yaml").exists()


def test_a_walk_through_speaks_its_language_and_leaves_the_system_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    fresh = examples.refreshed(STORY.replace("walk-through: en", "walk-through: zh"), ROOT)
    assert "fire.yaml 第" in fresh
    assert os.environ["LC_ALL"] == "en_US.UTF-8"


def test_a_change_of_a_line_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="not there once"):
        examples.files(STORY.replace("-version: 1\n", "-version: 2\n"))
