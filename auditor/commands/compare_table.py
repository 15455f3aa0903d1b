"""The difference of two audits for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tabulate import tabulate

from auditor.authoring.compare import Cause, Comparison, ReportedFlip, UnitMoved, by_requirement
from auditor.model.finding import VERDICTS
from auditor.model.requirement import Requirement
from auditor.reports.audit_file import Reported
from auditor.reports.to_table import wrap
from auditor.reports.view import place_of
from auditor.texts import Lang, say

_NOTHING = "—"
_PLACES_SHOWN = 3
_FLIPS_SHOWN = 10
_FILES_SHOWN = 8


def as_table(
    found: Comparison, titles: Mapping[str, Requirement], lang: Lang, width: int, *, verbose: bool = False
) -> Iterator[str]:
    """Yield the text: the two audits, the flips by requirement, what stands alone, the units."""
    page = _Page(found, titles, lang, width, verbose=verbose)
    yield from page.head()
    yield from page.flips()
    yield from page.alone()
    yield from page.units()
    yield from page.summary()


class _Page:
    def __init__(
        self, found: Comparison, titles: Mapping[str, Requirement], lang: Lang, width: int, *, verbose: bool
    ) -> None:
        self.found, self.titles, self.lang, self.width = found, titles, lang, width
        self.most_flips = len(found.flips) if verbose else _FLIPS_SHOWN
        self.most_places = 10 * _PLACES_SHOWN if verbose else _PLACES_SHOWN
        self.names = {**found.before.names, **found.after.names}

    def say(self, code: str, **figures: Any) -> str:
        return say("compare", code, figures, self.lang)

    def word(self, code: str) -> str:
        return say("words", code, {}, self.lang)

    def lines(self, text: str, indent: str) -> str:
        wrapped = wrap(text.strip(), self.width - len(indent) - 2)
        return indent + wrapped.replace("\n", f"\n{indent}  ") + "\n"

    def head(self) -> Iterator[str]:
        yield self.say("title") + "\n"
        for code, file in (("a", self.found.before), ("b", self.found.after)):
            packs = self.say("join").join(f"{each['pack']} {each['version']}" for each in file.packs.values())
            first, last = file.window
            figures = {"file": file.name, "packs": packs, "first": first, "last": last, "as_of": file.as_of}
            yield self.lines(self.say(code, **figures), "  ")
        yield self.lines(self.say("periods.label" if self.found.by_label else "periods.place"), "  ")
        told = [self.say(f"differ.{each}") for each in self.found.differences]
        yield self.lines(
            self.say("differ", what=self.say("join").join(told) or self.say("differ.none")), "  "
        )
        if "data" in self.found.differences:
            yield from self.files()

    def files(self) -> Iterator[str]:
        """Yield the data files that only one of the audits read, and those that changed."""
        old, new = self.found.before.files, self.found.after.files
        told = [
            ("files.gone", sorted(old.keys() - new.keys())),
            ("files.come", sorted(new.keys() - old.keys())),
            ("files.changed", sorted(each for each in old.keys() & new.keys() if old[each] != new[each])),
        ]
        for code, files in told:
            if files:
                shown = self.say("join").join(files[:_FILES_SHOWN])
                more = f" +{len(files) - _FILES_SHOWN}" if len(files) > _FILES_SHOWN else ""
                yield self.lines(self.say(code, files=shown + more), "    ")

    def flips(self) -> Iterator[str]:
        if not self.found.flips:
            yield "\n" + self.say("no_flips") + "\n"
            return
        yield "\n" + self.say("flips", number=len(self.found.flips)) + "\n"
        for requirement_id, flips in by_requirement(self.found.flips).items():
            yield self.lines(
                self.say("requirement", what=self.named(requirement_id), number=len(flips)), "  "
            )
            for each in flips[: self.most_flips]:
                yield from self.flip(each)
            if len(flips) > self.most_flips:
                yield "      " + self.say("more", more=len(flips) - self.most_flips) + "\n"

    def named(self, requirement_id: str) -> str:
        known = self.titles.get(requirement_id)
        if known is None:
            return requirement_id
        title = known.title.in_language(self.lang)
        return self.say("named", id=requirement_id, clause=known.clause, title=title)

    def flip(self, flip: ReportedFlip) -> Iterator[str]:
        unit_id = flip.after["unit_id"]
        periods = self.arrow([each["period"] for each in (flip.before, flip.after)])
        verdicts = self.arrow([self.word(f"verdict.{each['verdict']}") for each in (flip.before, flip.after)])
        figures = {"unit": f"{unit_id} {self.names.get(unit_id, '')}".strip(), "period": periods}
        yield self.lines(self.say("flip", **figures, verdicts=verdicts), "    ")
        for code, side in (("said_a", flip.before), ("said_b", flip.after)):
            yield self.lines(self.say(code, sentence=side["reason"][self.lang]), "      ")
        told = self.say("join.causes").join(self.cause(each, flip) for each in flip.causes)
        yield self.lines(self.say("because", causes=told), "      ")

    def cause(self, cause: Cause, flip: ReportedFlip) -> str:
        if cause.code == "threshold":
            sides = [_asked(each) for each in (flip.before, flip.after)]
            return self.say("cause.threshold", before=sides[0], after=sides[1])
        if cause.code == "rows":
            told = [
                self.say(f"rows.{kind}", number=len(places), places=self.places(places))
                for kind, places in (("gone", cause.gone), ("come", cause.come), ("other", cause.other))
                if places
            ]
            return self.say("cause.rows", rows=self.say("join").join(told))
        days = {"before": self.found.before.as_of, "after": self.found.after.as_of}
        return self.say(f"cause.{cause.code}", **(days if cause.code == "day" else {}))

    def places(self, places: Sequence[tuple[str, str, int, str]]) -> str:
        shown = [place_of(file, sheet, row) if file else subject for file, sheet, row, subject in places]
        more = [f"+{len(shown) - self.most_places}"] if len(shown) > self.most_places else []
        return " ".join([*shown[: self.most_places], *more])

    def arrow(self, sides: Sequence[str]) -> str:
        before, after = sides
        return before if before == after else self.say("arrow", before=before, after=after)

    def alone(self) -> Iterator[str]:
        if not self.found.alone:
            return
        yield "\n" + self.say("alone") + "\n"
        for each in self.found.alone:
            counts = [
                self.say("counted", verdict=self.word(f"verdict.{verdict}"), number=each.verdicts[verdict])
                for verdict in VERDICTS
                if verdict in each.verdicts
            ]
            figures = {"what": self.named(each.requirement_id), "units": each.units}
            code = "only_in_b" if each.second else "only_in_a"
            yield self.lines(self.say(code, **figures, counts=self.say("join").join(counts)), "  ")

    def units(self) -> Iterator[str]:
        if not self.found.units:
            return
        yield "\n" + self.say("units", number=len(self.found.units)) + "\n"
        headers = [self.say(f"column.{each}") for each in ("unit", "rating", "score")]
        rows = [self.unit(each) for each in self.found.units]
        yield tabulate(rows, headers, tablefmt="simple", disable_numparse=True) + "\n"

    def unit(self, unit: UnitMoved) -> list[str]:
        sides = (unit.before, unit.after)
        ratings = [self.word(f"rating.{each['rating']}") if each else _NOTHING for each in sides]
        scores = [_NOTHING if each is None or each["score"] is None else str(each["score"]) for each in sides]
        return [
            f"{unit.unit_id} {self.names.get(unit.unit_id, '')}".strip(), self.arrow(ratings), self.arrow(scores)
        ]  # fmt: skip

    def summary(self) -> Iterator[str]:
        found = self.found
        figures = {"compared": found.compared, "flips": len(found.flips), "moved": found.moved}
        yield "\n" + self.say("summary", **figures, units=len(found.units)) + "\n"


def _asked(finding: Reported) -> str:
    asked = finding["threshold"]
    return _NOTHING if asked is None else f"{asked.get('op')} {asked.get('value')}"
