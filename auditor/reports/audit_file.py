"""A JSON report of an audit, read back: to be compared with another, or computed again.

What is read is what `to_json` writes. Keys that it does not write are passed over, so that the report of a later
version can be read; one that is absent, or holds something else, is a problem that names it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import NoneType
from typing import Any, NoReturn

from auditor.errors import BadInput, Place, Problem

Reported = Mapping[str, Any]
"""A finding, a unit or an issue, by the keys of the JSON."""

Cell = tuple[str, str, str]
"""What a finding is about: unit, requirement, period."""

_NUMBER = (int, float)
_TOP = {"audit": dict, "findings": list, "units": list, "issues": list, "data": dict}
_HEAD = {
    "packs": list, "window": dict, "as_of": date, "data": list, "calendar": (dict, NoneType), "tool": dict,
    "judged_by": str, "settings": dict, "assume_effective": bool,
}  # fmt: skip
_WINDOW = {"from": date, "to": date}
_PACK = {"pack": str, "version": str, "title": dict, "sha256": str}
_HASHED = {"file": str, "sha256": str}
_TOOL = {"name": str, "version": str}
_FINDING = {
    "unit_id": str, "requirement_id": str, "period": str, "verdict": str, "value": (*_NUMBER, str, NoneType),
    "numerator": (int, NoneType), "denominator": (int, NoneType), "threshold": (dict, NoneType),
    "shortfall": (*_NUMBER, NoneType), "provisional": bool, "forecast": (str, NoneType), "borderline": bool,
    "calendar": (str, NoneType), "waived": (str, NoneType), "reason": dict, "evidence": list,
}  # fmt: skip
_REASON = {"code": str, "figures": dict, "zh": str, "en": str}
_EVIDENCE = {
    "file": (str, NoneType), "sheet": (str, NoneType), "row": (int, NoneType), "subject": (str, NoneType),
    "value": (*_NUMBER, NoneType), "shortfall": (*_NUMBER, NoneType),
}  # fmt: skip
_UNIT = {
    "unit_id": str, "name": (str, NoneType), "score": (*_NUMBER, NoneType), "judged": int, "applicable": int,
    "rating": str,
}  # fmt: skip


@dataclass(frozen=True)
class AuditFile:
    """A report as it was written: `head` is its key `audit`, the other fields are the keys of their names."""

    name: str
    head: Reported
    findings: tuple[Reported, ...]
    units: tuple[Reported, ...]
    issues: tuple[Reported, ...]
    data: Reported

    @property
    def packs(self) -> Mapping[str, Reported]:
        """The packs by name, each with its version, title and hash."""
        return {each["pack"]: each for each in self.head["packs"]}

    @property
    def window(self) -> tuple[date, date]:
        """The first and the last day of the window."""
        return tuple(date.fromisoformat(self.head["window"][key]) for key in _WINDOW)  # type: ignore[return-value]

    @property
    def as_of(self) -> date:
        """The day that the audit took for today."""
        return date.fromisoformat(self.head["as_of"])

    @property
    def files(self) -> Mapping[str, str]:
        """The hash of each data file."""
        return {each["file"]: each["sha256"] for each in self.head["data"]}

    @property
    def names(self) -> Mapping[str, str]:
        """The name of each unit; one without a name has an empty one."""
        return {each["unit_id"]: each["name"] or "" for each in self.units}


def cell(finding: Reported) -> Cell:
    """Return what a finding is about."""
    return finding["unit_id"], finding["requirement_id"], finding["period"]


def read_audit_file(path: Path) -> AuditFile:
    """Return the report at a path.

    Raises:
        BadInput: `report.unreadable`, `report.not_json`; `report.not_an_audit` for other JSON,
            `report.other_schema` for a key that is absent or holds something else, `report.finding_twice`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror or type(error).__name__) if isinstance(error, OSError) else "UTF-8"
        _refuse("report.unreadable", path.name, why=why)
    return parse_audit_file(text, path.name)


def parse_audit_file(text: str, name: str) -> AuditFile:
    """Return the report of a JSON text; `name` is what its problems call it. Raises BadInput as `read_audit_file`."""
    try:
        read = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        _refuse("report.not_json", name, line=error.lineno, why=error.msg)
    except (ValueError, RecursionError) as error:
        _refuse("report.not_json", name, why=str(error))
    if not isinstance(read, dict) or not set(_TOP) <= set(read):
        absent = [key for key in _TOP if not isinstance(read, dict) or key not in read]
        _refuse("report.not_an_audit", name, expected="、".join(absent))
    wrong = next(_wrong(read), None)
    if wrong:
        _refuse("report.other_schema", name, key=wrong)
    lists = {key: tuple(read[key]) for key in ("findings", "units", "issues")}
    _refuse_twice(lists["findings"], name)
    return AuditFile(name, read["audit"], data=read["data"], **lists)


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _refuse(code: str, name: str, line: int | None = None, **figures: Any) -> NoReturn:
    raise BadInput([Problem(code, {"value": name, **figures}, Place(name, line=line))])


def _refuse_twice(findings: tuple[Reported, ...], name: str) -> None:
    seen: set[Cell] = set()
    for each in findings:
        if cell(each) in seen:
            _refuse("report.finding_twice", name, key=" ".join(cell(each)))
        seen.add(cell(each))


def _wrong(read: Any) -> Iterator[str]:
    """Yield the places of keys that are absent or hold something else."""
    head = read["audit"]
    yield from _unlike(read, _TOP, "")
    yield from _unlike(head, _HEAD, "audit.")
    yield from _unlike(head["window"], _WINDOW, "audit.window.")
    yield from _unlike(head["tool"], _TOOL, "audit.tool.")
    yield from _unlike_each(head["packs"], _PACK, "audit.packs")
    yield from _unlike_each(head["data"], _HASHED, "audit.data")
    yield from _unlike(head["calendar"] or {"file": "", "sha256": ""}, _HASHED, "audit.calendar.")
    yield from _unlike_each(read["findings"], _FINDING, "findings")
    for at, each in enumerate(read["findings"]):
        yield from _unlike(each["reason"], _REASON, f"findings[{at}].reason.")
        yield from _unlike_each(each["evidence"], _EVIDENCE, f"findings[{at}].evidence")
    yield from _unlike_each(read["units"], _UNIT, "units")
    yield from _unlike_each(read["issues"], {"unit_id": str, "requirement_id": str}, "issues")


def _unlike_each(listed: list[Any], keys: Mapping[str, Any], where: str) -> Iterator[str]:
    for at, each in enumerate(listed):
        yield from _unlike(each, keys, f"{where}[{at}].")


def _unlike(value: Any, keys: Mapping[str, Any], where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield where.rstrip(".")
        return
    yield from (f"{where}{key}" for key, kind in keys.items() if not _is_kind(value, key, kind))


def _is_kind(value: Mapping[str, Any], key: str, kind: Any) -> bool:
    if key not in value:
        return False
    if kind is date:
        return isinstance(value[key], str) and _is_day(value[key])
    # A truth is a number to Python, and is none here.
    return isinstance(value[key], kind) and (kind is bool or not isinstance(value[key], bool))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
