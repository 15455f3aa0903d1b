"""Two audits side by side, as their JSON reports say them: which verdicts flip, and what differs behind each.

Requirements are the same by their id; where each report has a pack that the other lacks, by the part after the
slash too.
Periods are the same by their label where the windows share days; where they share none (this year and last year) the
first of a requirement's periods is held against the first, the second against the second.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from auditor.model.finding import VERDICTS
from auditor.reports.audit_file import AuditFile, Reported, cell

CauseCode = Literal[
    "threshold", "rows", "figures", "supplied", "day", "pack", "calendar", "settings", "data", "tool", "other"
]
Difference = Literal["packs", "window", "day", "calendar", "settings", "data", "tool"]
RowPlace = tuple[str, str, int, str]
"""Where a piece of evidence stands: file, sheet, row, subject; blank and 0 where it has none."""

_FIGURES = ("value", "numerator", "denominator", "shortfall", "threshold", "evidence")


@dataclass(frozen=True)
class Cause:
    """What differs behind a flip. Of `rows`, the evidence that only one side has, and what says another number."""

    code: CauseCode
    gone: tuple[RowPlace, ...] = ()
    come: tuple[RowPlace, ...] = ()
    other: tuple[RowPlace, ...] = ()


@dataclass(frozen=True)
class ReportedFlip:
    """A verdict that is another one in the second report."""

    before: Reported
    after: Reported
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class OnlyIn:
    """The findings of a requirement that only one of the reports gives, counted by verdict, and for how many units."""

    requirement_id: str
    second: bool
    units: int
    verdicts: Mapping[str, int]


@dataclass(frozen=True)
class UnitMoved:
    """A unit whose rating or score differs; None where a report does not have it."""

    unit_id: str
    before: Reported | None
    after: Reported | None


@dataclass(frozen=True)
class Comparison:
    """What differs between two reports.

    `by_label` says how periods were held against each other; `compared` is how many findings both give, `moved` how
    many of these say another figure under the same verdict; `differences` what the audits themselves differ in.
    """

    before: AuditFile
    after: AuditFile
    by_label: bool
    differences: tuple[Difference, ...]
    compared: int
    moved: int
    flips: tuple[ReportedFlip, ...]
    alone: tuple[OnlyIn, ...]
    units: tuple[UnitMoved, ...]

    @property
    def differs(self) -> bool:
        """Whether a verdict, a rating or a score differs, or a finding stands alone."""
        return bool(self.flips or self.alone or self.units)


def compare(before: AuditFile, after: AuditFile) -> Comparison:
    """Return what differs between two reports."""
    by_label = _share_days(before, after)
    same = same_requirements(before, after)
    old = dict(_keyed(before.findings, {}, by_label))
    new = dict(_keyed(after.findings, same, by_label))
    both = [key for key in old if key in new]
    flips = [(old[key], new[key]) for key in both if old[key]["verdict"] != new[key]["verdict"]]
    differences = tuple(_differences(before, after))
    alone = [
        *_alone((old[key] for key in old if key not in new), second=False),
        *_alone((new[key] for key in new if key not in old), second=True),
    ]
    return Comparison(
        before=before,
        after=after,
        by_label=by_label,
        differences=differences,
        compared=len(both),
        moved=sum(_says_another_figure(old[key], new[key]) for key in both) - len(flips),
        flips=tuple(ReportedFlip(a, b, tuple(_causes(a, b, before, after))) for a, b in flips),
        alone=tuple(alone),
        units=tuple(_units(before, after)),
    )


def same_requirements(before: AuditFile, after: AuditFile) -> dict[str, str]:
    """Return the id in the first report of each requirement that both have, by its id in the second."""
    old, new = ({each["requirement_id"] for each in report.findings} for report in (before, after))
    same = {each: each for each in old & new}
    renamed = [_of_packs_not_in(old, new), _of_packs_not_in(new, old)]
    theirs, ours = ({slug: ids[0] for slug, ids in each.items() if len(ids) == 1} for each in renamed)
    return same | {ours[slug]: theirs[slug] for slug in ours if slug in theirs}


def _of_packs_not_in(ids: Iterable[str], others: Iterable[str]) -> dict[str, list[str]]:
    """Return the ids by their slug, of the packs that the other report has nothing of."""
    known = {each.partition("/")[0] for each in others}
    found: dict[str, list[str]] = defaultdict(list)
    for each in sorted(ids):
        pack, _, slug = each.partition("/")
        if pack not in known:
            found[slug].append(each)
    return found


def _share_days(before: AuditFile, after: AuditFile) -> bool:
    (first, last), (later_first, later_last) = before.window, after.window
    return first <= later_last and later_first <= last


def _keyed(
    findings: Sequence[Reported], same: Mapping[str, str], by_label: bool
) -> Iterator[tuple[Any, Reported]]:
    """Yield each finding by what it is held against the other report's by."""
    places = {} if by_label else _places(findings)
    for each in findings:
        unit_id, requirement_id, period = cell(each)
        known = same.get(requirement_id, requirement_id)
        yield (unit_id, known, period if by_label else places[requirement_id, period]), each


def _places(findings: Sequence[Reported]) -> dict[tuple[str, str], tuple[str, int]]:
    """Return the place of each period among those of its form that its requirement has."""
    labels: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in findings:
        labels[each["requirement_id"], _form(each["period"])].add(each["period"])
    return {
        (requirement_id, label): (form, at)
        for (requirement_id, form), found in labels.items()
        for at, label in enumerate(sorted(found))
    }


def _form(label: str) -> str:
    """Return a label without its figures: `2024-W07` is `-W#`."""
    return re.sub(r"\d+", "#", label[4:])


def _says_another_figure(before: Reported, after: Reported) -> bool:
    return before["verdict"] != after["verdict"] or any(before[key] != after[key] for key in _FIGURES)


def _alone(findings: Iterable[Reported], *, second: bool) -> Iterator[OnlyIn]:
    units: dict[str, set[str]] = defaultdict(set)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in findings:
        units[each["requirement_id"]].add(each["unit_id"])
        counts[each["requirement_id"]][each["verdict"]] += 1
    for requirement_id in sorted(units):
        verdicts: dict[str, int] = {
            verdict: counts[requirement_id][verdict]
            for verdict in VERDICTS
            if counts[requirement_id][verdict]
        }
        yield OnlyIn(requirement_id, second, len(units[requirement_id]), verdicts)


def _units(before: AuditFile, after: AuditFile) -> Iterator[UnitMoved]:
    old, new = ({each["unit_id"]: each for each in report.units} for report in (before, after))
    for unit_id in sorted({*old, *new}):
        sides = (old.get(unit_id), new.get(unit_id))
        told = [each and (each["rating"], each["score"]) for each in sides]
        if told[0] != told[1]:
            yield UnitMoved(unit_id, *sides)


def _differences(before: AuditFile, after: AuditFile) -> Iterator[Difference]:
    """Yield what the two audits themselves differ in."""
    a, b = before.head, after.head
    stand: dict[Difference, bool] = {
        "packs": before.packs != after.packs,
        "window": a["window"] != b["window"],
        "day": a["as_of"] != b["as_of"],
        "calendar": _hash(a["calendar"]) != _hash(b["calendar"]),
        "settings": (a["settings"], a["assume_effective"]) != (b["settings"], b["assume_effective"]),
        "data": before.files != after.files,
        "tool": a["tool"] != b["tool"],
    }
    yield from (each for each, differs in stand.items() if differs)


def _hash(calendar: Reported | None) -> str | None:
    return calendar["sha256"] if calendar else None


def _causes(before: Reported, after: Reported, old: AuditFile, new: AuditFile) -> Iterator[Cause]:
    """Yield what differs behind a flip: what was asked, rows, the day; without these what lies further back."""
    found: list[Cause] = []
    if before["threshold"] != after["threshold"]:
        found.append(Cause("threshold"))
    found += _rows(before, after)
    unchanged = bool(found) and old.files == new.files
    if old.as_of != new.as_of and (unchanged or _depends_on_the_day(before, after)):
        found.append(Cause("day"))
    if "table_missing" in (before["reason"]["code"], after["reason"]["code"]):
        found.append(Cause("supplied"))
    if not found and any(before[key] != after[key] for key in ("value", "numerator", "denominator")):
        found.append(Cause("figures"))
    yield from found or _further_back(before, after, old, new)


def _depends_on_the_day(before: Reported, after: Reported) -> bool:
    return any(each["verdict"] == "pending" or each["provisional"] for each in (before, after))


def _rows(before: Reported, after: Reported) -> Iterator[Cause]:
    old, new = ({_place(each): (each["value"], each["shortfall"]) for each in side["evidence"]}
                for side in (before, after))  # fmt: skip
    gone, come = (tuple(sorted(one.keys() - two.keys())) for one, two in ((old, new), (new, old)))
    other = tuple(sorted(each for each in old.keys() & new.keys() if old[each] != new[each]))
    if gone or come or other:
        yield Cause("rows", gone, come, other)


def _place(evidence: Reported) -> RowPlace:
    return (
        evidence["file"] or "",
        evidence["sheet"] or "",
        evidence["row"] or 0,
        evidence["subject"] or "",
    )


def _further_back(before: Reported, after: Reported, old: AuditFile, new: AuditFile) -> Iterator[Cause]:
    packs = [
        side.packs.get(each["requirement_id"].partition("/")[0])
        for each, side in ((before, old), (after, new))
    ]
    differing = set(_differences(old, new))
    stand: dict[CauseCode, bool] = {
        "pack": packs[0] != packs[1],
        "day": "day" in differing,
        "calendar": "calendar" in differing,
        "settings": "settings" in differing,
        "data": "data" in differing,
        "tool": "tool" in differing,
    }
    found = [Cause(code) for code, differs in stand.items() if differs]
    yield from found or [Cause("other")]


def by_requirement(flips: Sequence[ReportedFlip]) -> Mapping[str, tuple[ReportedFlip, ...]]:
    """Return the flips by the requirement's id in the second report, in their order."""
    found: dict[str, list[ReportedFlip]] = defaultdict(list)
    for each in flips:
        found[each.after["requirement_id"]].append(each)
    return {requirement_id: tuple(found[requirement_id]) for requirement_id in sorted(found)}
