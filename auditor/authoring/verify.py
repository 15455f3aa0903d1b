"""A report computed again: whether every finding in it still follows from the data and the packs that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from auditor.audit import USUAL, Options, audit
from auditor.errors import BadInput, Problem
from auditor.model.requirement import Pack
from auditor.packs.load import load_pack, packs_shipped
from auditor.periods.period import Window
from auditor.reports import to_json
from auditor.reports.audit_file import AuditFile, Reported, cell, parse_audit_file
from auditor.reports.registry import Layout
from auditor.tables.database import Database
from auditor.tables.declaration import load_declaration

_OF_A_UNIT = ("name", "score", "judged", "applicable", "rating")
_NOTES = ("planned", "undated", "left_out")


@dataclass(frozen=True)
class Changed:
    """Something that went into the audit and is not what the report names; None: it was, or is, not there."""

    what: Literal["pack", "data", "calendar"]
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Broken:
    """A finding, unit or issue that does not follow: which keys differ, as reported and as computed.

    `reported` None: the report leaves it out; `computed` None: it does not come out at all.
    """

    unit_id: str
    requirement_id: str | None
    period: str | None
    keys: tuple[str, ...]
    reported: Reported | None
    computed: Reported | None


@dataclass(frozen=True)
class Verification:
    """What came of computing a report again.

    `units_left_out` are units of the data of which the report says nothing (it may have been made for some units);
    `notes` the lists of rows that did not count and differ.
    """

    report: AuditFile
    computed: AuditFile
    changed: tuple[Changed, ...]
    findings: tuple[Broken, ...]
    units: tuple[Broken, ...]
    issues: tuple[Broken, ...]
    notes: tuple[str, ...]
    units_left_out: tuple[str, ...]

    @property
    def other_version(self) -> bool:
        """Whether another version of the program wrote the report: its sentences are not compared then."""
        return bool(self.report.head["tool"] != self.computed.head["tool"])

    @property
    def follows(self) -> bool:
        """Whether everything that the report says comes out again."""
        return not (self.findings or self.units or self.issues or self.notes)

    @property
    def holds(self) -> bool:
        """Whether it comes out again from the very data, packs and calendar that the report names."""
        return self.follows and not self.changed


def verify(
    report: AuditFile, data: Path | Database, packs: Sequence[str | Path] = (), options: Options = USUAL
) -> Verification:
    """Compute a report again and return what does not follow.

    `packs` are those of the report that are not shipped. Window, as-of day, parameters and whether documents count as
    in force are the report's; `options` give what no report names (calendar, semesters, mapping, escalation). Raises
    BadInput as `audit` does, and for a pack or calendar that is not there.
    """
    _check_calendar(report, options)
    loaded = _packs(report, packs)
    chosen = replace(
        options, as_of=report.as_of, units=(), settings=report.head["settings"],
        assume_effective=report.head["assume_effective"],
    )  # fmt: skip
    with audit(data, loaded, _window(report), chosen) as done:
        computed = parse_audit_file("".join(to_json.write(done, Layout())), report.name)
    left_out = tuple(each for each in computed.names if each not in report.names)
    words = report.head["tool"] == computed.head["tool"]
    return Verification(
        report=report,
        computed=computed,
        changed=tuple(_changed(report, computed)),
        findings=tuple(_findings(report, computed, words=words)),
        units=tuple(_units(report, computed)),
        issues=tuple(_issues(report, computed)),
        notes=() if left_out else tuple(_notes(report, computed)),
        units_left_out=left_out,
    )


def _window(report: AuditFile) -> Window:
    first, last = report.window
    of_year = Window.of_year(first.year)
    return of_year if (first, last) == (of_year.first_on, of_year.last_on) else Window(first, last)


def _check_calendar(report: AuditFile, options: Options) -> None:
    named = report.head["calendar"]
    if named and options.calendar is None:
        raise BadInput([Problem("report.calendar_not_given", {"value": named["file"]})])
    if not named and options.calendar is not None:
        raise BadInput([Problem("report.calendar_not_named", {"value": options.calendar.name})])


def _packs(report: AuditFile, given: Sequence[str | Path]) -> list[Pack]:
    """Return the packs that the report names: those given, otherwise the shipped ones of their names."""
    declaration, settings, shipped = load_declaration(), report.head["settings"], packs_shipped()
    found = {pack.pack: pack for pack in (load_pack(each, declaration, settings) for each in given)}
    expected = "、".join(report.packs)
    problems = [
        Problem("report.pack_not_named", {"value": name, "expected": expected})
        for name in found
        if name not in report.packs
    ]
    for name in report.packs:
        if name not in found and name not in shipped:
            problems.append(Problem("report.pack_not_found", {"value": name}))
        elif name not in found:
            found[name] = load_pack(name, declaration, settings)
    if problems:
        raise BadInput(problems)
    return list(found.values())


def _changed(report: AuditFile, computed: AuditFile) -> Iterator[Changed]:
    for name, pack in report.packs.items():
        now = computed.packs[name]
        if pack["sha256"] != now["sha256"]:
            yield Changed("pack", name, pack["version"], now["version"])
    for name in sorted({*report.files, *computed.files}):
        was, is_now = report.files.get(name), computed.files.get(name)
        if was != is_now:
            yield Changed("data", name, was, is_now)
    was, is_now = ((each.head["calendar"] or {}).get("sha256") for each in (report, computed))
    if was != is_now:
        yield Changed("calendar", computed.head["calendar"]["file"], was, is_now)


def _findings(report: AuditFile, computed: AuditFile, *, words: bool) -> Iterator[Broken]:
    """Yield the findings that differ, those that only the report has, and those of its units that it leaves out."""
    known = report.names
    old = {cell(each): each for each in report.findings}
    new = {cell(each): each for each in computed.findings if each["unit_id"] in known}
    for key in sorted({*old, *new}):
        was, is_now = old.get(key), new.get(key)
        keys = _other_keys(_without_words(was, words), _without_words(is_now, words))
        if keys:
            yield Broken(*key, keys, was, is_now)


def _without_words(finding: Reported | None, words: bool) -> Reported | None:
    """Return a finding without its sentences, where another version may word them otherwise."""
    if finding is None or words:
        return finding
    reason = {key: finding["reason"][key] for key in ("code", "figures")}
    return {**finding, "reason": reason}


def _other_keys(was: Reported | None, is_now: Reported | None) -> tuple[str, ...]:
    """Return the keys that this version writes and whose values differ; all of them where a side is not there."""
    if was is None or is_now is None:
        return tuple(was or is_now or {})
    return tuple(key for key in is_now if key not in was or was[key] != is_now[key])


def _units(report: AuditFile, computed: AuditFile) -> Iterator[Broken]:
    new = {each["unit_id"]: each for each in computed.units}
    for each in report.units:
        is_now = new.get(each["unit_id"])
        keys = _other_keys(_result(each), _result(is_now) if is_now else None)
        if keys:
            yield Broken(each["unit_id"], None, None, keys, each, is_now)


def _result(unit: Reported) -> dict[str, Any]:
    """Return what a unit comes to, with the steps of its trace; they are worded by their rules."""
    trace: list[Mapping[str, Any]] = unit.get("trace") or []
    steps = [(step.get("rule"), step.get("facts")) for step in trace]
    return {**{key: unit[key] for key in _OF_A_UNIT}, "trace": steps}


def _issues(report: AuditFile, computed: AuditFile) -> Iterator[Broken]:
    known = report.names
    old, new = ({(each["unit_id"], each["requirement_id"]): each for each in side.issues if each["unit_id"] in known}
                for side in (report, computed))  # fmt: skip
    for unit_id, requirement_id in sorted({*old, *new}):
        was, is_now = (side.get((unit_id, requirement_id)) for side in (old, new))
        keys = _other_keys(was, is_now)
        if keys:
            yield Broken(unit_id, requirement_id, None, keys, was, is_now)
    foreign = [each for each in report.issues if each["unit_id"] not in known]
    yield from (
        Broken(each["unit_id"], each["requirement_id"], None, tuple(each), each, None) for each in foreign
    )


def _notes(report: AuditFile, computed: AuditFile) -> Iterator[str]:
    yield from (key for key in _NOTES if report.data.get(key) != computed.data.get(key))
