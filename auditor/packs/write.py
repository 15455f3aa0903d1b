"""A pack as YAML again, in the layout of the shipped packs: what `load_pack` reads back as the same pack.

A parameter is written as the value that it was set to, since a pack that was read has no open places any more.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import yaml
from pydantic import BaseModel

from auditor.measures.where import Filter
from auditor.model.requirement import Pack, Requirement, Threshold
from auditor.packs.load import MADE

_BLOCKS = ("title", "issuer", "remedy", "note", "reason", "measure", "must", "parameters", "vocabulary")
"""Keys whose value stands on lines of its own."""
_FIRST = ("kind", "table", "column")
"""What a measure begins with."""
_NOT_WRITTEN = {*MADE, "changed", "extends", "requirements", "parameters"}


class _Plain(str):
    """A word that needs no quotes although it is no text: `35%`, `0.5`."""


class _Writer(yaml.SafeDumper):
    """Writes texts in double quotes where they need quotes, and numbers as they are."""

    def choose_scalar_style(self) -> Any:
        """Return the quotes that a scalar needs."""
        style = super().choose_scalar_style()
        written: Any = self.event
        # Operators are quoted throughout, although `<=` alone need not be.
        return '"' if style == "'" or written.value.startswith(("<", "=")) else style

    def ignore_aliases(self, data: Any) -> bool:
        """Write a value twice rather than refer to it, which packs may not."""
        return True


def _plain_word(writer: _Writer, word: _Plain) -> yaml.ScalarNode:
    tag = writer.resolve(yaml.ScalarNode, str(word), (True, False))  # type: ignore[no-untyped-call]
    return writer.represent_scalar(tag, str(word))


_Writer.add_representer(_Plain, _plain_word)


def as_yaml(pack: Pack) -> str:
    """Return a pack as YAML, keys in the order of the shipped packs; of an extended pack only what is its own."""
    return "".join(f"{line}\n" for line in _lines(pack))


def _lines(pack: Pack) -> Iterator[str]:
    base = pack.base
    head = {
        key: value for key, value in _written(pack).items() if key not in ("out_of_scope", "not_quantified")
    }
    if base:
        head["vocabulary"] = {
            column: values
            for column, values in pack.vocabulary.items()
            if base.vocabulary.get(column) != values
        }
        head = {key: value for key, value in head.items() if value != {}}
    for key, value in head.items():
        yield from _entry(key, value)
        if key == "effective" or (key == "issuer" and "effective" not in head):
            yield from _entry("extends", pack.extends) if pack.extends else ()
    if base:
        yield from _override(pack, base)
    own = [each for each in pack.requirements if each.pack == pack.pack]
    yield from ("", "requirements:") if own else ()
    for each in own:
        yield from ("", *_item(written_requirement(each)))
    for section in ("out_of_scope", "not_quantified"):
        entries = getattr(pack, section)
        yield from ("", f"{section}:") if entries else ()
        for entry in entries:
            yield from _item(_written(entry))


def _override(pack: Pack, base: Pack) -> Iterator[str]:
    """Yield what the pack changes in its base, and what it switches off."""
    changes: dict[str, Any] = {}
    for each in pack.requirements:
        below = base.requirement(each.id)
        if below is not None and each != below and each.changed is not None:
            changes[each.id] = _change(below, each) | {"reason": _written(each.changed.reason)}
    for off in pack.switched_off:
        changes[off.id] = {"switched_off": _written(off.reason)}
    if changes:
        yield "override:"
        for requirement_id, change in changes.items():
            yield f"  {_flow(requirement_id)}:"
            for key, value in change.items():
                yield from _indented(_entry(key, value), 4)


def _change(below: Requirement, above: Requirement) -> dict[str, Any]:
    before, after = written_requirement(below), written_requirement(above)
    return {key: after.get(key) for key in {**after, **before} if before.get(key) != after.get(key)}


def written_requirement(requirement: Requirement) -> dict[str, Any]:
    """Return a requirement as plain values in the order and the form of a pack."""
    written = _written(requirement)
    if requirement.threshold:
        written["threshold"] = _threshold(requirement.threshold, share=requirement.measure.shape == "share")
    return written


# ---- Models as plain values -----------------------------------------------------------------------


def _written(model: BaseModel) -> dict[str, Any]:
    """Return the fields of a model that say something, by the keys of the file."""
    found: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if name not in _NOT_WRITTEN and (field.is_required() or value != field.get_default()):
            found[field.alias or name] = _value(value)
    first = {key: found[key] for key in _FIRST if key in found}
    return {**first, **found} if "kind" in found else found


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, tuple) and value and isinstance(value[0], Filter):
        return dict(_filter(each) for each in value)
    if isinstance(value, BaseModel):
        return _written(value)
    if isinstance(value, Mapping):
        return {key: _value(inner) for key, inner in value.items()}
    return [_value(each) for each in value] if isinstance(value, list | tuple) else value


def _filter(each: Filter) -> tuple[str, Any]:
    values = [_value(value) for value in each.values]
    key = each.column if each.op == "is" else f"{each.column} {each.op}"
    return key, values[0] if len(values) == 1 else values


def _threshold(threshold: Threshold, *, share: bool) -> dict[str, Any]:
    def number(value: Any) -> Any:
        if isinstance(value, tuple):
            return [number(each) for each in value]
        return _percent(value) if share else _number(value)

    if threshold.against:
        return {"op": threshold.op, "against": threshold.against}
    if threshold.dated:
        dated = [
            {"from": each.from_, "value": number(each.value), "reference": _written(each.reference)}
            for each in threshold.dated
        ]
        return {"op": threshold.op, "value": dated}
    return {"op": threshold.op, "value": "target" if threshold.value == "target" else number(threshold.value)}


def _number(value: Decimal) -> _Plain:
    return _Plain(f"{value.normalize():f}")


def _percent(value: Decimal) -> _Plain:
    return _Plain(f"{(value * 100).normalize():f}%")


# ---- Plain values as lines ------------------------------------------------------------------------


def _entry(key: str, value: Any) -> Iterator[str]:
    """Yield a key and its value: on one line, or, where the key calls for it, on lines of their own."""
    if isinstance(value, dict) and (key in _BLOCKS or _is_long(key, value)):
        yield f"{_flow(key)}:"
        for inner, each in value.items():
            yield from _indented(_entry(inner, each), 2)
    elif isinstance(value, list) and (key == "must" or _is_dated(value)):
        yield f"{key}:"
        for each in value:
            yield f"  - {_flow(each)}"
    else:
        yield f"{_flow(key)}: {_flow(value)}"


def _is_long(key: str, value: dict[str, Any]) -> bool:
    return any(_is_dated(each) or inner == "must" for inner, each in value.items())


def _is_dated(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "from" in value[0]


def _item(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield an entry of a list, indented as the shipped packs do."""
    lines = [line for key, value in entry.items() for line in _entry(key, value)]
    for at, line in enumerate(lines):
        yield f"  - {line}" if at == 0 else f"    {line}"


def _indented(lines: Iterator[str], by: int) -> Iterator[str]:
    return (textwrap.indent(line, " " * by) for line in lines)


def _flow(value: Any) -> str:
    """Return a value on one line, as it stands within brackets (there more has to be quoted than outside)."""
    text = yaml.dump(
        [value], Dumper=_Writer, default_flow_style=True, allow_unicode=True, sort_keys=False, width=2**31
    )
    return text.strip().removeprefix("[").removesuffix("]")
