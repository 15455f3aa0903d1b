"""A unit's check of itself for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from auditor.authoring.check import SelfCheck, Standing
from auditor.authoring.pace import last_of_week
from auditor.commands.plan_words import event_in_words
from auditor.model.audit import Audit
from auditor.model.finding import VERDICTS, Finding
from auditor.model.requirement import Requirement
from auditor.reports.to_table import wrap
from auditor.reports.view import View, number, place
from auditor.texts import Lang, say

_SUBJECTS_SHOWN, _PLACES_SHOWN = 5, 3


def as_table(found: SelfCheck, lang: Lang, width: int, *, verbose: bool = False) -> Iterator[str]:
    """Yield the text: today, this week, what can still be put right, the pace, what is lost, and the end."""
    page = _Page(found, lang, width, verbose=verbose)
    yield from page.head()
    yield from page.week()
    yield from page.curable()
    yield from page.pace()
    yield from page.lost()
    yield from page.events()
    yield from page.unknown()
    yield from page.end()


class _Page:
    def __init__(self, found: SelfCheck, lang: Lang, width: int, *, verbose: bool) -> None:
        self.found, self.lang, self.width, self.verbose = found, lang, width, verbose
        self.view = View(found.today, lang)

    def say(self, code: str, **figures: Any) -> str:
        return say("check", code, figures, self.lang)

    def lines(self, text: str, indent: str) -> str:
        wrapped = wrap(text.strip(), self.width - len(indent) - 2)
        return indent + wrapped.replace("\n", f"\n{indent}  ") + "\n"

    def part(self, code: str, **figures: Any) -> str:
        return "\n" + self.say(code, **figures) + "\n"

    def named(self, requirement: Requirement, periods: Sequence[str]) -> str:
        span = periods[0] if len(periods) == 1 else self.say("span", first=periods[0], last=periods[-1])
        figures = {"title": self.view.title(requirement), "id": requirement.id, "clause": requirement.clause}
        return self.say("named", **figures, period=span)

    def head(self) -> Iterator[str]:
        source, unit = self.found.today.provenance, self.found.unit
        packs = [f"{each.title.in_language(self.lang)} ({each.pack} {each.version})" for each in source.packs]
        yield self.say("title", unit=f"{unit.unit_id} {unit.name or ''}".strip()) + "\n"
        yield self.lines(self.say("packs", packs=self.say("join").join(packs)), "")
        yield self.say("window", first=source.first_on, last=source.last_on) + "\n"
        yield self.lines(self.standing(self.found.today, "today"), "")

    def standing(self, audit: Audit, code: str) -> str:
        unit = audit.units[0]
        counts = [f"{self.view.word(f'verdict.{verdict}')} {unit.counts[verdict]}" for verdict in VERDICTS]
        return self.say(
            code, as_of=audit.provenance.as_of, rating=self.view.word(f"rating.{unit.rating}"),
            score=unit.score, judged=unit.judged, applicable=unit.applicable,
            counts=self.say("join").join(counts),
        )  # fmt: skip

    def week(self) -> Iterator[str]:
        as_of = self.found.today.provenance.as_of
        yield self.part("week", first=as_of, last=last_of_week(as_of))
        for each in self.found.week:
            yield from self.duty(each)
        for plan in self.found.plans_this_week:
            requirement = self.found.today.requirements[plan.event.requirement_id]
            lines = event_in_words(plan, requirement, self.found.rows, self.lang)
            yield self.lines(self.say("bullet", text=lines[0]), "  ")
        if not self.found.week and not self.found.plans_this_week:
            yield self.lines(self.say("week.nothing"), "  ")

    def duty(self, standing: Standing) -> Iterator[str]:
        finding = standing.finding
        requirement = self.view.requirement(finding)
        code = "week.cure" if standing.state == "curable" else f"week.{_kind(standing, requirement)}"
        unit = requirement.value_unit.in_language(self.lang) if requirement.value_unit else ""
        told = self.say(
            code, title=self.view.title(requirement), period=finding.period, unit=unit, by=standing.period.last_on,
            needed=None if standing.this_week is None else number(standing.this_week),
            remedy=requirement.remedy.in_language(self.lang),
        )  # fmt: skip
        yield self.lines(self.say("bullet", text=told), "  ")
        if _kind(standing, requirement) == "subjects":
            yield from self.subjects(finding)

    def subjects(self, finding: Finding) -> Iterator[str]:
        """Yield the subjects that lack something, the first few."""
        lacking = [each for each in finding.evidence if each.shortfall is not None]
        shown = lacking if self.verbose else lacking[:_SUBJECTS_SHOWN]
        told = [
            self.say("subject", subject=each.subject, place=place(each), value=number(each.value or 0),
                     shortfall=number(each.shortfall or 0))
            for each in shown
        ]  # fmt: skip
        more = [f"+{len(lacking) - len(shown)}"] if len(lacking) > len(shown) else []
        yield self.lines(self.say("subjects", subjects=self.say("join").join([*told, *more])), "    ")

    def curable(self) -> Iterator[str]:
        found = self.found.of("curable")
        if not found:
            return
        yield self.part("curable", number=len(found))
        for each in found:
            yield from self.finding(each)
            yield self.lines(self.say("cure_by", by=each.period.last_on), "    ")
            remedy = self.view.requirement(each.finding).remedy.in_language(self.lang)
            yield self.lines(self.say("remedy", remedy=remedy), "    ")

    def finding(self, standing: Standing) -> Iterator[str]:
        finding = standing.finding
        yield self.lines(
            self.say("bullet", text=self.named(self.view.requirement(finding), [finding.period])), "  "
        )
        yield self.lines(self.view.sentence(finding), "    ")
        places = list(self.view.places(finding, 10 * _PLACES_SHOWN if self.verbose else _PLACES_SHOWN))
        if places:
            yield self.lines(self.say("evidence", places=" ".join(places)), "    ")
        if finding.waived:
            yield self.lines(self.view.word("note.waived", waived=finding.waived), "    ")

    def pace(self) -> Iterator[str]:
        """Yield what is not due yet, behind pace first."""
        found = sorted(self.found.of("open"), key=lambda each: not each.behind)
        if not found:
            return
        yield self.part("open", number=len(found))
        for each in found:
            requirement = self.view.requirement(each.finding)
            yield self.lines(self.say("bullet", text=self.named(requirement, [each.finding.period])), "  ")
            yield self.lines(self.forecast(each, requirement), "    ")

    def forecast(self, standing: Standing, requirement: Requirement) -> str:
        finding = standing.finding
        if standing.due is None or finding.shortfall is None or finding.threshold is None:
            told = self.view.sentence(finding)
            return told + (self.say(f"mark.{finding.forecast}") if finding.forecast else "")
        unit = requirement.value_unit.in_language(self.lang) if requirement.value_unit else ""
        assert not isinstance(finding.value, str)
        figures = {
            "value": number(finding.value or 0), "asked": number(finding.threshold.low or 0), "unit": unit,
            "shortfall": number(finding.shortfall), "by": standing.period.last_on, "due": standing.due,
        }  # fmt: skip
        # Within the last tenth nothing open is on track, though the pace may be kept.
        late = finding.forecast == "at_risk" and (finding.value or 0) >= standing.due
        return self.say(f"pace.{'last_tenth' if late else finding.forecast}", **figures)

    def lost(self) -> Iterator[str]:
        found = self.found.of("lost")
        if not found:
            return
        yield self.part("lost", number=len(found))
        for each in found:
            yield from self.finding(each)

    def events(self) -> Iterator[str]:
        if not self.found.plans:
            return
        yield self.part("events", number=len(self.found.plans))
        for plan in self.found.plans:
            requirement = self.found.today.requirements[plan.event.requirement_id]
            first, *rest = event_in_words(plan, requirement, self.found.rows, self.lang)
            yield self.lines(self.say("bullet", text=first), "  ")
            yield from (self.lines(line, "    ") for line in rest)

    def unknown(self) -> Iterator[str]:
        found = self.found.of("unknown")
        if not found:
            return
        yield self.part("unknown", number=len(found))
        yield from self.grouped([each.finding for each in found], self.view)

    def end(self) -> Iterator[str]:
        view = View(self.found.end, self.lang)
        yield self.part("end", as_of=self.found.end.provenance.as_of)
        yield self.lines(self.say("end.how"), "  ")
        yield self.lines(self.standing(self.found.end, "end.standing"), "  ")
        failed = [each for each in self.found.then if each.verdict == "fail"]
        yield from self.grouped(failed, view)

    def grouped(self, findings: Sequence[Finding], view: View) -> Iterator[str]:
        """Yield findings by requirement: its periods, and why the last of them."""
        for _, group in groupby(findings, key=lambda each: each.requirement_id):
            same = list(group)
            requirement = view.requirement(same[0])
            named = self.named(requirement, [each.period for each in same])
            count = self.say("periods", number=len(same)) if len(same) > 1 else ""
            yield self.lines(self.say("bullet", text=named + count), "  ")
            yield self.lines(view.sentence(same[-1]), "    ")


def _kind(standing: Standing, requirement: Requirement) -> str:
    """Return in what a duty is counted: so many more, subjects, a share, or a record that is not there yet."""
    if standing.finding.shortfall is None:
        return "record"
    if standing.finding.verdict == "fail":
        return "subjects" if requirement.measure.shape == "subjects" else "more"
    shape = requirement.measure.shape
    return shape if shape in ("subjects", "share") else "more"
