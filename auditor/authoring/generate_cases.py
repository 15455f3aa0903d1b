"""`packs test --generate`: the boundary cases of a requirement, written by the rule itself.

What they want is worked out from the rule in plain arithmetic (`generate_cases_figures`), never by running an audit, so
that two independent things agree where the cases pass. They are a first draft all the same: a rule that says the wrong
thing gives cases that want the wrong thing, and the file says so at its head.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from os.path import relpath
from pathlib import Path
from typing import Any

from auditor.authoring import (
    generate_cases_counts,
    generate_cases_dues,
    generate_cases_each,
    generate_cases_records,
    generate_cases_shares,
    generate_cases_spans,
)
from auditor.authoring.cases_file import USUAL_YEAR
from auditor.authoring.generate_cases_frame import TARGET, Draft, Frame, in_every_kind, maker_of
from auditor.authoring.generate_cases_rows import CannotMakeError
from auditor.authoring.generate_cases_write import written
from auditor.errors import BadInput, Problem
from auditor.model.requirement import Pack, Requirement
from auditor.packs.load import find_pack, load_pack, packs_shipped
from auditor.packs.mistakes import near
from auditor.periods.period import Period, Window, periods_in
from auditor.tables.declaration import Declaration, load_declaration
from auditor.texts import Lang

MAKERS = (
    generate_cases_counts,
    generate_cases_dues,
    generate_cases_each,
    generate_cases_records,
    generate_cases_shares,
    generate_cases_spans,
)
"""The files that make cases; importing one enters the kinds of measure that it makes them for."""


def generate_cases(requirement_id: str, pack: str | None, beside: Path, lang: Lang) -> Iterator[str]:
    """Return the text of a case file with the boundary cases of a requirement, its notes in a language.

    `pack` left out is the shipped pack of the id; `beside` is the folder that the file will stand in, from which a
    pack file is named. Raises BadInput for a requirement that the pack does not have and for a measure without a
    way to make cases.
    """
    path = find_pack(pack or requirement_id.partition("/")[0])
    loaded, settings = _loaded(path)
    requirement = _requirement(loaded, requirement_id)
    declaration = load_declaration().with_vocabulary(loaded.vocabulary)
    drafts = list(drafted(requirement, loaded, declaration))
    if not any(draft.border for _, draft in drafts):
        raise BadInput([Problem("cases.nothing_generated", {"value": requirement.id})])
    named = None if _is_shipped(path, requirement) else _from(beside, path)
    return written(requirement, loaded, named, settings, drafts, lang)


def drafted(requirement: Requirement, pack: Pack, declaration: Declaration) -> Iterator[tuple[Frame, Draft]]:
    """Yield the cases of a requirement, each with the frame that it was made in.

    The first frame has them all; of a threshold with dated numbers, both sides of each change have those that turn
    on the number.
    """
    kind = requirement.measure.kind
    make = maker_of(kind)
    if make is None:
        raise BadInput([Problem("cases.cannot_generate", {"value": kind})])
    in_force = _InForce(requirement, pack)
    period = in_force.usual()
    if period is None:
        return
    frame = Frame(requirement, declaration, period, _asked(requirement, period))
    try:
        yield from ((frame, draft) for draft in make(frame))
        yield from ((frame, draft) for draft in in_every_kind(frame))
        for other in in_force.about_changes():
            if other != period:
                beside = replace(frame, period=other, asked=_asked(requirement, other))
                yield from ((beside, draft) for draft in make(beside) if draft.border)
    except CannotMakeError as error:
        figures = {"value": f"{kind} ({error})"}
        raise BadInput([Problem("cases.cannot_generate", figures)]) from error


class _InForce:
    """The periods of a requirement that begin while its document is in force."""

    def __init__(self, requirement: Requirement, pack: Pack) -> None:
        self.requirement = requirement
        self.effective = pack.effective_dates[requirement.pack]

    def usual(self) -> Period | None:
        """Return the period in the middle of the usual year, or of the first year that has one in force."""
        first, last = self.effective.from_, self.effective.to
        years = [USUAL_YEAR, *([first.year, first.year + 1] if first else []), *([last.year] if last else [])]
        for year in years:
            several = [each for each in self._of_year(year) if self._holds(each)]
            if several:
                return several[len(several) // 2]
        return None

    def about_changes(self) -> Iterator[Period]:
        """Yield the last period before and the first from each day that a dated number begins to hold."""
        threshold = self.requirement.threshold
        for dated in threshold.dated[1:] if threshold else ():
            several = [
                each
                for year in range(dated.from_.year - 1, dated.from_.year + 2)
                for each in self._of_year(year)
                if self._holds(each)
            ]
            yield from [each for each in several if each.begins_on < dated.from_][-1:]
            yield from [each for each in several if each.begins_on >= dated.from_][:1]

    def _of_year(self, year: int) -> tuple[Period, ...]:
        return periods_in(self.requirement.scheme, Window.of_year(year))

    def _holds(self, period: Period) -> bool:
        first, last = self.effective.from_ or date.min, self.effective.to or date.max
        return first <= period.begins_on <= last


def _asked(requirement: Requirement, period: Period) -> tuple[Fraction, Fraction] | None:
    """Return the numbers asked on a period's first day; None where the rule names none for the generator to use."""
    threshold = requirement.threshold
    if threshold is None or threshold.standard == "previous":
        return None
    if threshold.standard == "target":
        return Fraction(TARGET), Fraction(TARGET)
    value: Any = threshold.value
    if threshold.dated:
        held = [each for each in threshold.dated if each.from_ <= period.begins_on]
        value = (held[-1] if held else threshold.dated[0]).value
    low, high = value if isinstance(value, tuple) else (value, value)
    return Fraction(low), Fraction(high)


def _loaded(path: Path) -> tuple[Pack, Mapping[str, str]]:
    """Return a pack, its parameters set to their examples, years to the usual one where they have none."""
    read = load_pack(path)
    settings = {name: str(each.example) for name, each in read.parameters.items()}
    return (load_pack(path, settings=settings) if settings else read), settings


def _requirement(pack: Pack, requirement_id: str) -> Requirement:
    known = {each.id: each for each in pack.requirements}
    known |= {each.id.partition("/")[2]: each for each in reversed(pack.requirements)} | known
    if requirement_id not in known:
        figures = {"value": requirement_id, "expected": pack.pack}
        raise BadInput([Problem("usage.unknown_requirement", figures, hint=near(requirement_id, known))])
    return known[requirement_id]


def _is_shipped(path: Path, requirement: Requirement) -> bool:
    return packs_shipped().get(requirement.pack) == path


def _from(folder: Path, path: Path) -> str:
    """Return a file's path as a case file in a folder names it; that of another drive in full."""
    try:
        return Path(relpath(path.resolve(), folder)).as_posix()
    except ValueError:
        return str(path.resolve())
