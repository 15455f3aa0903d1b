"""Two packs over the same data: which verdicts flip, which come and go, and what becomes of ratings and scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from auditor.audit import Options, audit
from auditor.authoring.diff import PackDifference
from auditor.measures.grid import last_day
from auditor.model.audit import Audit
from auditor.model.finding import Finding, UnitResult, Verdict
from auditor.model.requirement import Pack
from auditor.periods.period import Window
from auditor.tables.database import Database

_Cell = tuple[str, str, str]
"""What a finding is about: unit, requirement (by its id in the earlier pack), period."""


@dataclass(frozen=True)
class Flip:
    """A verdict that is another one under the later pack; each side's finding is without its evidence."""

    unit_id: str
    name: str | None
    period: str
    before: Finding
    after: Finding


@dataclass(frozen=True)
class Alone:
    """The findings of a requirement that only one of the packs gives, counted by verdict."""

    requirement_id: str
    entered: bool
    verdicts: Mapping[Verdict, int]


@dataclass(frozen=True)
class UnitChange:
    """A unit whose rating or score differs; None where a pack gives it no finding at all."""

    unit_id: str
    name: str | None
    before: UnitResult | None
    after: UnitResult | None


@dataclass(frozen=True)
class AuditDifference:
    """What differs between two audits of the same data.

    `compared` is how many findings both packs give. The audits are closed: what they say of themselves
    (`provenance`, `requirements`) can be read, their findings cannot.
    """

    before: Audit
    after: Audit
    compared: int
    flips: tuple[Flip, ...]
    alone: tuple[Alone, ...]
    units: tuple[UnitChange, ...]

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return bool(self.flips or self.alone or self.units)


def audit_difference(
    data: Path | Database, difference: PackDifference, window: Window, options: Options
) -> AuditDifference:
    """Audit the data by each of the two packs alone, as of the same day, and return what differs.

    A value that only one of the packs adds to the vocabulary is no mistake in the data for the other. Raises
    BadInput as `audit` does.
    """
    packs = (difference.before, difference.after)
    options = replace(options, as_of=_one_day(packs, window, options))
    before, after = (_with_vocabulary_of(pack, packs) for pack in packs)
    with (
        audit(data, [before], window, _settings_of(before, options)) as old,
        audit(data, [after], window, _settings_of(after, options)) as new,
    ):
        return _difference(old, new, difference.same)


def _one_day(packs: Sequence[Pack], window: Window, options: Options) -> date:
    schemes = (each.scheme for pack in packs for each in pack.requirements)
    last = last_day(window, schemes, options.semesters)
    return options.as_of or min(options.today or last, last)


def _with_vocabulary_of(pack: Pack, packs: Sequence[Pack]) -> Pack:
    merged = {name: dict(values) for each in packs for name, values in each.vocabulary.items()}
    for each in (*packs, pack):
        for name, values in each.vocabulary.items():
            merged[name].update(values)
    return pack.model_copy(update={"vocabulary": merged})


def _settings_of(pack: Pack, options: Options) -> Options:
    """Return the options with the settings that a pack asks for: a setting may be meant for the other one."""
    asked = {name for each in _layers(pack) for name in each.settings}
    known = {name: value for name, value in options.settings.items() if name in asked}
    return replace(options, settings=known)


def _layers(pack: Pack) -> Iterator[Pack]:
    yield pack
    if pack.base:
        yield from _layers(pack.base)


def _difference(old: Audit, new: Audit, same: Mapping[str, str]) -> AuditDifference:
    # Findings are many: verdicts alone are kept of all of them, and figures only of those that flip.
    verdicts: dict[_Cell, Verdict] = {_cell(each): each.verdict for each in old.findings(False)}
    flipped: dict[_Cell, Finding] = {}
    entered: dict[str, Counter[Verdict]] = {}
    compared = 0
    for each in new.findings(False):
        cell = _cell(each, same)
        verdict = verdicts.pop(cell, None)
        if verdict is None:
            entered.setdefault(each.requirement_id, Counter())[each.verdict] += 1
            continue
        compared += 1
        if verdict != each.verdict:
            flipped[cell] = each
    left: dict[str, Counter[Verdict]] = {}
    for (_, requirement_id, _), verdict in verdicts.items():
        left.setdefault(requirement_id, Counter())[verdict] += 1
    return AuditDifference(
        before=old,
        after=new,
        compared=compared,
        flips=tuple(_flips(old, new, flipped)),
        alone=tuple(
            Alone(requirement_id, side, counts)
            for side, found in ((False, left), (True, entered))
            for requirement_id, counts in sorted(found.items())
        ),
        units=tuple(_units(old, new)),
    )


def _cell(finding: Finding, same: Mapping[str, str] | None = None) -> _Cell:
    # A requirement that only the later pack has must not be taken for one of the earlier pack.
    known = finding.requirement_id if same is None else same.get(finding.requirement_id, "")
    return finding.unit_id, known, finding.period


def _flips(old: Audit, new: Audit, flipped: Mapping[_Cell, Finding]) -> Iterator[Flip]:
    names = {unit.unit_id: unit.name for unit in (*old.units, *new.units)}
    for each in old.findings(False) if flipped else ():
        after = flipped.get(_cell(each))
        if after is not None:
            yield Flip(each.unit_id, names.get(each.unit_id), each.period, each, after)


def _units(old: Audit, new: Audit) -> Iterator[UnitChange]:
    before, after = ({unit.unit_id: unit for unit in each.units} for each in (old, new))
    for unit_id in sorted({*before, *after}):
        sides = (before.get(unit_id), after.get(unit_id))
        told = [(each.rating, each.score) if each else None for each in sides]
        if told[0] != told[1]:
            name = next(each.name for each in sides if each)
            yield UnitChange(unit_id, name, *sides)
