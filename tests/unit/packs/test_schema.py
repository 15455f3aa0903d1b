"""The schema that editors use: it knows the language, accepts every shipped pack and marks what is misspelt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pack_files import every_kind, read_yaml

from auditor.measures.registry import kinds
from auditor.packs.load import packs_shipped
from auditor.packs.schema import pack_schema
from auditor.tables.declaration import load_declaration

ROOT = Path(__file__).parents[3]
SCHEMA = pack_schema(load_declaration())
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}
KNOWN = {
    "$schema", "$ref", "$defs", "title", "description", "default", "type", "enum", "const", "pattern", "required",
    "properties", "patternProperties", "additionalProperties", "items", "prefixItems", "minItems", "maxItems",
    "minLength", "minimum", "maximum", "maxProperties", "anyOf", "oneOf", "allOf", "if", "then", "not",
}  # fmt: skip
"""The words of JSON Schema that ours uses, and that `wrong` below understands."""


def wrong(value: Any, schema: Any, path: str = "") -> Iterator[str]:
    """Yield where a value breaks a schema: a reader of JSON Schema, of the words that ours uses."""
    if isinstance(schema, bool):
        yield from () if schema else (f"{path}: nothing may stand here",)
        return
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        yield from wrong(value, pointed_at(schema["$ref"]), path)
    if "type" in schema and not is_a(value, schema["type"]):
        yield f"{path}: not {schema['type']}"
        return
    if ("enum" in schema and value not in schema["enum"]) or ("const" in schema and value != schema["const"]):
        yield f"{path}: {value!r} is none of those known"
    for word, test in BOUNDS.items():
        if word in schema and not test(value, schema[word]):
            yield f"{path}: {word} {schema[word]}"
    yield from wrong_inside(value, schema, path)
    yield from wrong_together(value, schema, path)


BOUNDS: dict[str, Any] = {
    "pattern": lambda value, wanted: not isinstance(value, str) or re.search(wanted, value),
    "minItems": lambda value, wanted: not isinstance(value, list) or len(value) >= wanted,
    "maxItems": lambda value, wanted: not isinstance(value, list) or len(value) <= wanted,
    "minLength": lambda value, wanted: not isinstance(value, str) or len(value) >= wanted,
    "minimum": lambda value, wanted: not isinstance(value, int) or value >= wanted,
    "maximum": lambda value, wanted: not isinstance(value, int) or value <= wanted,
    "maxProperties": lambda value, wanted: not isinstance(value, dict) or len(value) <= wanted,
    "required": lambda value, wanted: not isinstance(value, dict) or set(wanted) <= set(value),
}


def wrong_inside(value: Any, schema: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from wrong(inner, schema_of(key, schema), f"{path}/{key}")
    if isinstance(value, list):
        first = schema.get("prefixItems", [])
        for at, inner in enumerate(value):
            rest = first[at] if at < len(first) else schema.get("items", True)
            yield from wrong(inner, rest, f"{path}/{at}")


def schema_of(key: str, schema: Any) -> Any:
    for pattern, each in schema.get("patternProperties", {}).items():
        if re.search(pattern, key):
            return each
    return schema.get("properties", {}).get(key, schema.get("additionalProperties", True))


def wrong_together(value: Any, schema: Any, path: str) -> Iterator[str]:
    for each in schema.get("allOf", ()):
        yield from wrong(value, each, path)
    if "if" in schema and not any(wrong(value, schema["if"])):
        yield from wrong(value, schema["then"], path)
    if "not" in schema and not any(wrong(value, schema["not"])):
        yield f"{path}: may not be so"
    for word in ("anyOf", "oneOf"):
        fitting = sum(not any(wrong(value, each)) for each in schema.get(word, ()))
        if word in schema and not (fitting == 1 if word == "oneOf" else fitting):
            yield f"{path}: fits {fitting} of {word}"


def is_a(value: Any, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))  # type: ignore[arg-type]


def pointed_at(reference: str) -> Any:
    found: Any = SCHEMA
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def as_an_editor_reads(value: Any) -> Any:
    """Return what YAML's own core has: a day is text."""
    if isinstance(value, dict):
        return {str(key): as_an_editor_reads(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_an_editor_reads(inner) for inner in value]
    return (
        float(value)
        if isinstance(value, Decimal)
        else value.isoformat()
        if isinstance(value, date)
        else value
    )


def complaints(raw: Any) -> list[str]:
    return list(wrong(as_an_editor_reads(raw), SCHEMA))


@pytest.mark.parametrize("name", packs_shipped())
def test_every_shipped_pack_fits(name: str) -> None:
    assert complaints(read_yaml(packs_shipped()[name])) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_starter_fits(language: str) -> None:
    assert complaints(read_yaml(ROOT / f"auditor/packs/starter/{language}.yaml")) == []


def test_it_has_every_kind_table_and_column() -> None:
    declaration = load_declaration()
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$defs"]["MeasureSpec"]["properties"]["kind"]["enum"] == sorted(kinds())
    for table in declaration.tables.values():
        where = SCHEMA["$defs"][f"where-{table.name}"]["properties"]
        assert set(table.columns) <= set(where)
    assert complaints(every_kind()) == []


def changed(**said: Any) -> dict[str, Any]:
    """Return a small pack whose one requirement says something else."""
    raw = every_kind()
    return {**raw, "requirements": [{**raw["requirements"][0], **said}]}


COUNT = {"kind": "count", "table": "activities"}
MISTAKES = {
    "an unknown key": {"serverity": "major"},
    "an unknown word": {"severity": "mayor"},
    "an unknown kind": {"measure": {**COUNT, "kind": "cuont"}},
    "an unknown table": {"measure": {**COUNT, "table": "activites"}},
    "a filter on no column": {"measure": {**COUNT, "where": {"knid": "lesson"}}},
    "a comparison of a text": {"measure": {**COUNT, "where": {"kind >=": "lesson"}}},
    "a key of another measure": {"measure": {**COUNT, "column": "hours"}},
    "a distinct of no column": {"measure": {**COUNT, "distinct": "bodie"}},
    "a date that is none": {"measure": {**COUNT, "date": "hours"}},
    "a number that is none": {"threshold": {"op": ">=", "value": "six"}},
    "an operator that is none": {"threshold": {"op": "=>", "value": 6}},
    "one language": {"title": {"zh": "试"}},
    "a condition on no column": {
        "measure": {
            "kind": "each_record",
            "table": "approvals",
            "must": [{"column": "filed", "present": True}],
        }
    },
    "subjects of a flow": {
        "measure": {
            "kind": "each_subject",
            "subjects": {"table": "activities"},
            "inner": {"kind": "count", "table": "activities", "by": "post_id"},
        }
    },
    "a reader's own mark": {"changed": {"by": "test", "reason": {"zh": "试", "en": "test"}}},
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_marked(mistake: str) -> None:
    assert complaints(changed()) == []
    assert complaints(changed(**MISTAKES[mistake])) != []


def test_days_numbers_and_parameters_are_written_in_several_ways() -> None:
    raw = changed(threshold={"op": ">=", "value": "35%"})
    for day in ("2024-05-06", date(2024, 5, 6), "${year}-05-06"):
        assert complaints({**raw, "issued": day}) == []
    assert complaints({**raw, "issued": "May"}) != []
    assert complaints(changed(threshold={"op": ">=", "value": "${wanted}"})) == []


def test_an_extending_pack_says_why_it_departs() -> None:
    both = {"zh": "试", "en": "test"}
    head = {"pack": "own", "version": "1.0.0", "title": both, "issuer": both}
    threshold = {"op": ">=", "value": 9}

    def override(change: Any) -> list[str]:
        return complaints({**head, "extends": "henan-2023", "override": {"henan-2023/1-sessions": change}})

    assert complaints(head) != []  # only on top of another pack it may have no requirements
    assert override({"threshold": threshold, "reason": both}) == []
    assert override({"switched_off": both}) == []
    assert override({"threshold": threshold}) != []
    assert override({"switched_off": both, "threshold": threshold}) != []
    assert override({"clause": "2", "reason": both}) != []


def test_the_committed_schema_is_the_one_that_is_printed() -> None:
    committed = json.loads((ROOT / "docs/pack.schema.json").read_text(encoding="utf-8"))
    assert committed == SCHEMA, "run: python docs/generate.py"
