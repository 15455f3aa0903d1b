"""The difference of two packs for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tabulate import tabulate

from auditor.authoring.diff import Changed, PackDifference
from auditor.authoring.diff_words import DifferenceInWords, FieldChange
from auditor.authoring.flips import AuditDifference, Flip, UnitChange
from auditor.model.finding import VERDICTS, UnitResult
from auditor.model.requirement import Pack, Requirement
from auditor.reports.to_table import wrap
from auditor.reports.view import View
from auditor.texts import Lang, say

_TITLE_WIDTH, _SHORT = 26, 16
_NOTHING = "—"


def as_table(
    difference: PackDifference, audits: AuditDifference | None, lang: Lang, width: int
) -> Iterator[str]:
    """Yield the text: head, requirements added, removed and changed, clauses moved; then what flips on the data."""
    page = _Page(difference, lang, width)
    before, after = (f"{each.pack} {each.version}" for each in (difference.before, difference.after))
    yield page.say("title", before=before, after=after) + "\n"
    yield from page.packs()
    if audits is not None:
        yield from _Audits(audits, difference, page).parts()


class _Page:
    def __init__(self, difference: PackDifference, lang: Lang, width: int) -> None:
        self.difference, self.lang, self.width = difference, lang, width
        self.words = DifferenceInWords(difference)

    def say(self, code: str, **figures: Any) -> str:
        return say("diff", code, figures, self.lang)

    def packs(self) -> Iterator[str]:
        found = self.difference
        if not found.differs:
            yield "\n" + self.say("same") + "\n"
            return
        if found.head:
            yield "\n" + self.say("head") + "\n" + "".join(self.change(each) for each in self.words.head())
        yield from self.alone("added", found.added, found.after)
        yield from self.alone("removed", found.removed, found.before)
        if found.changed:
            yield "\n" + self.say("changed", number=len(found.changed)) + "\n"
            for changed in found.changed:
                yield from self.changed(changed)
        if found.moved:
            yield "\n" + self.say("moved") + "\n"
            for each in found.moved:
                reason = each.reason.in_language(self.lang) if each.reason else ""
                section = self.say(f"section.{each.section}")
                code = "entered" if each.entered else "left"
                yield self.lines(self.say(code, section=section, clause=each.clause, reason=reason), "  ")
        figures = {key: len(getattr(found, key)) for key in ("added", "removed", "changed")}
        yield "\n" + self.say("summary", **figures) + "\n"

    def lines(self, text: str, indent: str) -> str:
        wrapped = wrap(text.strip(), self.width - len(indent) - 2)
        return indent + wrapped.replace("\n", f"\n{indent}  ") + "\n"

    def change(self, change: FieldChange, indent: str = "  ") -> str:
        before, after = (each or _NOTHING for each in change.in_language(self.lang))
        field = self.say(f"field.{change.field}")
        return self.lines(self.say("change", field=field, before=before, after=after), indent)

    def alone(self, code: str, requirements: Sequence[Requirement], pack: Pack) -> Iterator[str]:
        if not requirements:
            return
        yield "\n" + self.say(code, number=len(requirements)) + "\n"
        for each in requirements:
            title = each.title.in_language(self.lang)
            yield self.lines(self.say(f"one_{code}", id=each.id, title=title), "  ")
            yield self.lines(self.words.rule(each, pack)[self.lang] or "", "      ")

    def changed(self, changed: Changed) -> Iterator[str]:
        before, after = changed.before, changed.after
        named = {"title": after.title.in_language(self.lang), "before": before.id, "after": after.id}
        same = before.id == after.id
        told = self.say("requirement", id=after.id, **named) if same else self.say("renamed", **named)
        yield self.lines(f"■ {told}", "  ")
        rules = self.words.rules(changed)
        if rules:
            old, new = rules.in_language(self.lang)
            yield self.lines(self.say("rule_before", rule=old), "      ")
            yield self.lines(self.say("rule_after", rule=new), "      ")
        for each in self.words.fields(changed):
            if each.before != each.after:
                yield self.change(each, "      ")
        if after.changed and after.changed != before.changed:
            reason = after.changed.reason.in_language(self.lang)
            yield self.lines(self.say("why", by=after.changed.by, reason=reason), "      ")


class _Audits:
    """What differs between the two audits, with the words and the width of the page."""

    def __init__(self, audits: AuditDifference, difference: PackDifference, page: _Page) -> None:
        self.audits, self.difference, self.page = audits, difference, page
        self.views = (View(audits.before, page.lang), View(audits.after, page.lang))

    def parts(self) -> Iterator[str]:
        say, found = self.page.say, self.audits
        source = found.before.provenance
        span = {"first": source.first_on, "last": source.last_on, "as_of": source.as_of}
        yield "\n" + say("audited", **span) + "\n"
        if source.assume_effective:
            yield say("assumed") + "\n"
        if any(before != after for after, before in self.difference.same.items()):
            yield wrap(say("ids"), self.page.width) + "\n"
        yield from self.flips()
        yield from self.alone()
        yield from self.units()
        counts = {"compared": found.compared, "flips": len(found.flips), "units": len(found.units)}
        yield "\n" + say("summary_data", **counts) + "\n"

    def flips(self) -> Iterator[str]:
        say, flips = self.page.say, self.audits.flips
        if not flips:
            yield "\n" + say("no_flips") + "\n"
            return
        yield "\n" + say("flips", number=len(flips)) + "\n"
        columns = ("unit", "requirement", "period", "verdict", "measured", "standard")
        yield self.table([self.flip(each) for each in flips], columns)

    def flip(self, flip: Flip) -> list[str]:
        sides = list(zip(self.views, (flip.before, flip.after), strict=True))
        requirement = self.views[1].requirement(flip.after)
        slug = requirement.id.partition("/")[2]
        return [
            wrap(f"{flip.unit_id} {flip.name or ''}".strip(), _SHORT),
            wrap(f"{requirement.title.in_language(self.page.lang)} [{slug}]", _TITLE_WIDTH),
            flip.period,
            self.arrow([view.word(f"verdict.{finding.verdict}") for view, finding in sides]),
            self.arrow([view.measured(finding) for view, finding in sides]),
            self.arrow([view.standard(finding) for view, finding in sides]),
        ]

    def arrow(self, sides: Sequence[str]) -> str:
        """Return both sides, or the one that they share."""
        before, after = sides
        told = before if before == after else self.page.say("arrow", before=before, after=after)
        return wrap(told, _SHORT)

    def alone(self) -> Iterator[str]:
        say = self.page.say
        if not self.audits.alone:
            return
        yield "\n" + say("alone") + "\n"
        rows = [
            [
                each.requirement_id,
                say("entered_findings" if each.entered else "left_findings"),
                say("join").join(
                    say(
                        "counted",
                        verdict=self.views[0].word(f"verdict.{verdict}"),
                        number=each.verdicts[verdict],
                    )
                    for verdict in VERDICTS
                    if each.verdicts.get(verdict)
                ),
            ]
            for each in self.audits.alone
        ]
        yield self.table(rows, ("requirement", "side", "findings"))

    def units(self) -> Iterator[str]:
        if not self.audits.units:
            return
        yield "\n" + self.page.say("units", number=len(self.audits.units)) + "\n"
        yield self.table([self.unit(each) for each in self.audits.units], ("unit", "rating", "score"))

    def unit(self, unit: UnitChange) -> list[str]:
        sides = (unit.before, unit.after)
        ratings = [self.views[0].word(f"rating.{each.rating}") if each else _NOTHING for each in sides]
        return [f"{unit.unit_id} {unit.name or ''}".strip(), self.arrow(ratings), self.arrow(_scores(sides))]

    def table(self, rows: Sequence[Sequence[str]], columns: Sequence[str]) -> str:
        headers = [self.page.say(f"column.{each}") for each in columns]
        return tabulate(rows, headers, tablefmt="simple", disable_numparse=True) + "\n"


def _scores(sides: Sequence[UnitResult | None]) -> list[str]:
    return [_NOTHING if each is None or each.score is None else str(each.score) for each in sides]
