"""A pack on top of another: the other's requirements, some changed, some switched off with a reason, and its own.

    extends: henan-2023
    override:
      henan-2023/1-sessions: {threshold: {op: ">=", value: 8}, reason: {zh: …, en: …}}
      henan-2023/16-advisors: {switched_off: {zh: …, en: …}}

A key given in `override` replaces that key of the requirement whole. Requirements keep their ids, so the data
that names them (targets, waivers, attestations) holds for both packs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from auditor.errors import BadInput, Problem
from auditor.marked import Marked, Where
from auditor.model.requirement import Pack
from auditor.packs.mistakes import near, shown

_FIXED = ("id", "clause", "changed")
"""What a requirement is known by: an override may not change it."""


def extended(marked: Marked, base: Marked, base_pack: Pack) -> Marked:
    """Return the pack's own file with the requirements of its base in front of its own, overrides applied.

    Raises BadInput for an override of a requirement that the base lacks, one that gives no reason, and one that
    changes the id or the clause.
    """
    own = dict(marked.value)
    override = own.pop("override", None) or {}
    problems = list(_problems(override, base_pack, marked))
    if problems:
        raise BadInput(problems)
    inherited: list[Any] = []
    off: list[dict[str, Any]] = []
    lines: dict[Where, int] = {}
    for raw in base.value["requirements"]:
        change = override.get(raw["id"], {})
        if "switched_off" in change:
            off.append({"id": raw["id"], "clause": raw["clause"], "reason": change["switched_off"]})
            continue
        lines |= _lines_of_change(marked, raw["id"], len(inherited))
        inherited.append(_changed(raw, change, str(own.get("pack"))))
    return _joined(marked, own, inherited, off, lines, base, base_pack.unit_types)


def _problems(override: Any, base: Pack, marked: Marked) -> Iterator[Problem]:
    if not isinstance(override, dict):
        figures = {"key": "override", "value": shown(override)}
        yield Problem("pack.needs_keys", figures, marked.place(("override",)))
        return
    known = {each.id for each in base.requirements}
    for requirement_id, change in override.items():
        path: Where = ("override", requirement_id)
        if requirement_id not in known:
            figures = {"value": requirement_id, "expected": base.pack}
            hint = near(str(requirement_id), known)
            yield Problem("pack.overrides_nothing", figures, marked.place(path), hint)
        elif not isinstance(change, dict) or not ({"switched_off", "reason"} & set(change)):
            yield Problem("pack.override_without_reason", {"value": requirement_id}, marked.place(path))
        elif "switched_off" in change and len(change) > 1:
            yield Problem("pack.off_and_changed", {"value": requirement_id}, marked.place(path))
        else:
            for key in set(change) & set(_FIXED):
                figures = {"value": key, "key": requirement_id}
                yield Problem("pack.overrides_identity", figures, marked.place((*path, key)))


def _changed(raw: Mapping[str, Any], change: Mapping[str, Any], by: str) -> dict[str, Any]:
    if not change:
        return dict(raw)
    given = {key: value for key, value in change.items() if key != "reason"}
    return {**raw, **given, "changed": {"by": by, "reason": change["reason"]}}


def _lines_of_change(marked: Marked, requirement_id: str, at: int) -> dict[Where, int]:
    """Return the lines of an override, as lines of the requirement that it changes."""
    depth = 2
    return {
        ("requirements", at, *path[depth:]): line
        for path, line in marked.lines.items()
        if path[:depth] == ("override", requirement_id)
    }


def _joined(
    marked: Marked,
    own: dict[str, Any],
    inherited: list[Any],
    off: list[dict[str, Any]],
    lines: dict[Where, int],
    base: Marked,
    unit_types: Sequence[str],
) -> Marked:
    """Return the file with both lists of requirements in one; its own keep their lines behind the inherited."""
    written = own.get("requirements") or []
    for path, line in marked.lines.items():
        if path[:1] == ("requirements",) and len(path) > 1:
            lines[("requirements", int(path[1]) + len(inherited), *path[2:])] = line
        else:
            lines[path] = line
    lines.setdefault(("requirements",), marked.lines.get(("override",), 1))
    value = {
        "unit_types": list(unit_types),
        **{key: base.value[key] for key in ("scoring",) if key in base.value},
        **own,
        "requirements": [*inherited, *written],
        "switched_off": off,
    }
    return replace(marked, value=value, lines=lines)
