"""The JSON Schema of a pack, for editors: made from the models, the registered measures and the tables.

It completes keys, tables, columns and values, and marks what is misspelt. It says less than `packs lint`: what fits
together, and what can never happen, is told there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditor.measures.registry import kinds
from auditor.measures.where import COMPARISONS
from auditor.model.requirement import Pack
from auditor.packs.load import MADE
from auditor.tables.declaration import Column, Declaration, Table

Schema = dict[str, Any]

_PARAMETER = {"type": "string", "pattern": r"\$\{[^}]+\}"}
_SHARED: Schema = {
    "number": {
        "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?%?$"}, _PARAMETER]
    },
    "day": {"anyOf": [{"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, _PARAMETER]},
}
_NUMBER, _DAY = {"$ref": "#/$defs/number"}, {"$ref": "#/$defs/day"}
_TYPES: Mapping[str, Schema] = {
    "text": {"type": "string"}, "integer": {"type": "integer"}, "number": _NUMBER, "date": _DAY,
    "boolean": {"type": "boolean"},
}  # fmt: skip
_COLUMNS = ("column", "date", "distinct", "by", "numerator", "denominator")
"""Keys of a measure that name a column of its table."""


def schema_text(declaration: Declaration) -> str:
    """Return the schema as the text of a file."""
    return json.dumps(pack_schema(declaration), ensure_ascii=False, indent=1) + "\n"


def pack_schema(declaration: Declaration) -> Schema:
    """Return the schema of a pack (JSON Schema, draft 2020-12), as plain values."""
    parts: Schema = Pack.model_json_schema(by_alias=True)["$defs"]
    pack: Schema = parts.pop("Pack")  # the model refers to itself, by what it extends
    for measure in kinds().values():
        own = measure.model_json_schema(by_alias=True)
        parts |= own.pop("$defs", {})
        parts[f"measure-{own['properties']['kind']['const']}"] = own
    for unused in ("Filter", "Changed", "SwitchedOff"):
        parts.pop(unused, None)
    parts["MeasureSpec"] = _any_measure()
    _drop_made(pack, parts)
    schema = _tidied({**pack, "$defs": parts})
    named: Schema = schema["$defs"]
    for part in list(named.values()):
        _name_tables(part, declaration)
    for table in declaration.tables.values():
        named[f"where-{table.name}"] = _where(table)
        named[f"must-{table.name}"] = _must(table)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Ducha pack 规则包",
        **schema,
        "$defs": dict(sorted({**named, **_SHARED}.items())),
    }


def _any_measure() -> Schema:
    """Return the schema of a measure: its kind first, and by its kind the rest."""
    known = sorted(kinds())
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": known}},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}},
                "then": {"$ref": f"#/$defs/measure-{kind}"},
            }
            for kind in known
        ],
    }


def _drop_made(pack: Schema, parts: Schema) -> None:
    """Take out what no file writes, and put in what only a file writes: `override`.

    A pack upon another one may have no requirements and no unit types of its own.
    """
    for name in MADE:
        pack["properties"].pop(name, None)
    requirement = parts["Requirement"]
    requirement["properties"].pop("changed", None)
    inherited = [name for name in ("requirements", "unit_types") if name in pack["required"]]
    pack["required"] = [name for name in pack["required"] if name not in inherited]
    pack |= {"if": {"not": {"required": ["extends"]}}, "then": {"required": inherited}}
    text = {"$ref": "#/$defs/Bilingual"}
    changed = {name: each for name, each in requirement["properties"].items() if name not in ("id", "clause")}
    parts["Override"] = {
        "description": "What changes of a requirement of the pack below, or that it does not hold here; and why.",
        "type": "object",
        "additionalProperties": False,
        "properties": {**changed, "reason": text, "switched_off": text},
        "oneOf": [{"required": ["reason"]}, {"required": ["switched_off"], "maxProperties": 1}],
    }
    pack["properties"]["override"] = {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/Override"},
    }


# ---- What pydantic says, in fewer words ------------------------------------------------------------


def _tidied(schema: Any) -> Any:
    """Return a schema without idle titles and nulls, with numbers, days and filters as files write them."""
    if isinstance(schema, list):
        return [_tidied(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    for is_meant, written in _WRITTEN:
        if is_meant(schema):
            return written
    kept = {key: _tidied(value) for key, value in schema.items() if not _is_idle(key, value)}
    if "description" in kept:
        kept["description"] = " ".join(str(kept["description"]).partition("\n\n")[0].split())
    several = [each for each in kept.get("anyOf", ()) if each != {"type": "null"}]
    if len(several) == 1:
        del kept["anyOf"]
        kept = {**several[0], **kept}
    elif several:
        kept["anyOf"] = several
    return kept


def _is_idle(key: str, value: Any) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and value in (None, [], {}))


def _is_number(schema: Schema) -> bool:
    return {each.get("type") for each in schema.get("anyOf", ())} == {"number", "string"}


def _is_day(schema: Schema) -> bool:
    return schema.get("format") == "date"


def _is_where(schema: Schema) -> bool:
    return schema.get("items") == {"$ref": "#/$defs/Filter"}


_WRITTEN: tuple[tuple[Callable[[Schema], bool], Schema], ...] = (
    (_is_number, _NUMBER), (_is_day, _DAY), (_is_where, {"type": "object"}),
)  # fmt: skip


# ---- Tables, columns and values --------------------------------------------------------------------


def _name_tables(part: Schema, declaration: Declaration) -> None:
    """Put the names of tables and, by the table, those of its columns into the schema of a measure or a part of it."""
    properties = part.get("properties", {})
    if properties.get("exists_in"):
        properties["exists_in"] = {
            "enum": [each.name for each in declaration.tables.values() if len(each.key) == 1]
        }
    if "table" not in properties:
        return
    known = properties["table"].get("enum") or list(declaration.tables)
    properties["table"] = {"enum": known}
    part["allOf"] = [
        {
            "if": {"properties": {"table": {"const": name}}, "required": ["table"]},
            "then": {"properties": dict(_of_table(properties, declaration.tables[name]))},
        }
        for name in known
    ]


def _of_table(properties: Schema, table: Table) -> Iterator[tuple[str, Schema]]:
    for key in properties:
        if key in _COLUMNS:
            yield key, {"enum": _columns(table, dated=key == "date")}
        elif key in ("where", "must"):
            yield key, {"$ref": f"#/$defs/{key}-{table.name}"}


def _columns(table: Table, *, dated: bool) -> list[str]:
    return [each.name for each in table.columns.values() if not dated or each.type == "date"]


def _where(table: Table) -> Schema:
    """Return the schema of `where` over a table: what each column may be equal to, not be, or be compared with."""
    properties: Schema = {}
    for column in table.columns.values():
        value = _value(column)
        several = {"anyOf": [value, {"type": "array", "minItems": 1, "items": value}]}
        properties[column.name] = {"description": column.meaning.zh, **several}
        properties[f"{column.name} not"] = {"$ref": f"#/$defs/where-{table.name}/properties/{column.name}"}
        if column.type in ("integer", "number", "date"):
            properties |= {f"{column.name} {op}": value for op in COMPARISONS}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _value(column: Column) -> Schema:
    """Return the schema of a value; one that a pack's own vocabulary adds is text like any other."""
    if column.type in ("choice", "choices"):
        return {"anyOf": [{"enum": list(column.values)}, {"type": "string"}]}
    return _TYPES[column.type]


def _must(table: Table) -> Schema:
    columns = {"enum": list(table.columns)}
    days = {"items": {"enum": _columns(table, dated=True)}}
    named = {"column": columns, "other": columns, "lead_working_days": days}
    return {"items": {"properties": named}}
