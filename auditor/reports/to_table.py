"""The audit for a terminal: a summary first, then the findings by unit, failing first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, groupby
from typing import Any

from tabulate import tabulate
from wcwidth import wcwidth

from auditor.errors import Problem
from auditor.model.audit import Audit, Question
from auditor.model.finding import VERDICTS, Finding, UnitResult
from auditor.reports.registry import Layout
from auditor.reports.view import View, number, place_of
from auditor.texts import say, say_problem

_RATINGS = ("unqualified", "rectify", "improve", "qualified", "not_rated")
_COLUMNS = ("verdict", "period", "clause", "title", "measured", "standard", "shortfall")
_WORST_SHOWN = 5
_WARNINGS_SHOWN = 5
_PLACES_SHOWN = 3
_QUESTIONS_SHOWN = 5
_OTHER_COLUMNS = 64
"""What the columns beside the title take, at the usual lengths of their words."""
_HANGING = "，。、；：）”》"
"""Signs that may not begin a line: they stand out over its end instead."""


def write(audit: Audit, layout: Layout) -> Iterator[str]:
    """Yield the text: summary, ranking, what is most failed, findings by unit, questions, data notes."""
    page = _Page(audit, layout)
    yield from page.summary()
    yield from page.ranking()
    yield from page.most_failed()
    yield from page.duties()
    yield from page.units()
    yield from page.questions()
    yield from page.data()


class _Page:
    def __init__(self, audit: Audit, layout: Layout) -> None:
        self.audit, self.layout, self.view = audit, layout, View(audit, layout.lang)
        self.title_width = max(28, layout.width - _OTHER_COLUMNS)

    def say(self, code: str, **figures: Any) -> str:
        return say("terminal", code, figures, self.layout.lang)

    def summary(self) -> Iterator[str]:
        source = self.audit.provenance
        packs = [
            f"{each.title.in_language(self.layout.lang)} ({each.pack} {each.version})"
            for each in source.packs
        ]
        counts = [
            f"{self.view.word(f'verdict.{verdict}')} {self.audit.counts[verdict]}" for verdict in VERDICTS
        ]
        total = sum(self.audit.counts.values())
        yield self.say("title") + "\n"
        yield self.say("packs", packs="、".join(packs)) + "\n"
        yield self.say("window", first=source.first_on, last=source.last_on, as_of=source.as_of) + "\n"
        yield self.say("counts", units=len(self.audit.units), findings=total, counts="  ".join(counts)) + "\n"
        yield self.say("judged_by", judged_by=source.judged_by) + "\n"
        if source.settings:
            settings = "、".join(f"{name}={value}" for name, value in source.settings.items())
            yield self.say("settings", settings=settings) + "\n"
        if source.assume_effective:
            yield self.say("assume_effective") + "\n"

    def ranking(self) -> Iterator[str]:
        """Yield the units, the worst rating first, then the lowest score."""
        rows = [self._unit_row(unit) for unit in sorted(self.audit.units, key=_rank)]
        headers = [self.say(f"unit.{column}") for column in ("name", "rating", "score", "coverage")]
        headers += [self.view.word(f"verdict.{verdict}") for verdict in VERDICTS]
        yield "\n" + self.say("ranking") + "\n"
        yield _table(rows, headers, ["left", "left"] + ["right"] * 7) + "\n"

    def _unit_row(self, unit: UnitResult) -> list[str]:
        score = "—" if unit.score is None else str(unit.score)
        return [
            f"{unit.unit_id} {unit.name or ''}".strip(), self.view.word(f"rating.{unit.rating}"), score,
            f"{unit.judged}/{unit.applicable}", *(str(unit.counts[verdict]) for verdict in VERDICTS),
        ]  # fmt: skip

    def most_failed(self) -> Iterator[str]:
        failed = Counter(issue.requirement_id for issue in self.audit.issues())
        if not failed:
            return
        yield "\n" + self.say("most_failed") + "\n"
        for requirement_id, units in sorted(failed.items(), key=lambda each: (-each[1], each[0]))[
            :_WORST_SHOWN
        ]:
            title = self.view.title(self.audit.requirements[requirement_id])
            yield "  " + self.say("failed_by", title=title, requirement_id=requirement_id, units=units) + "\n"

    def duties(self) -> Iterator[str]:
        """Yield the duties that several documents word, with the strictest that binds."""
        if not self.audit.duties:
            return
        yield "\n" + self.say("duties") + "\n"
        for duty in self.audit.duties:
            asked = [self._asked(each, each in duty.strictest) for each in duty.requirement_ids]
            line = self.say("duty", units=len(duty.unit_ids), asked=self.say("duty.join").join(asked))
            yield "  " + wrap(line, self.layout.width - 2).replace("\n", "\n  ") + "\n"

    def _asked(self, requirement_id: str, is_strictest: bool) -> str:
        requirement = self.audit.requirements[requirement_id]
        figures = {"requirement_id": requirement_id, "title": self.view.title(requirement)}
        return self.say("duty.strictest" if is_strictest else "duty.other", **figures)

    def units(self) -> Iterator[str]:
        by_id = {unit.unit_id: unit for unit in self.audit.units}
        for unit_id, findings in groupby(self.audit.findings(True), key=lambda each: each.unit_id):
            yield from self._unit(by_id[unit_id], list(findings))

    def _unit(self, unit: UnitResult, findings: list[Finding]) -> Iterator[str]:
        rating, score = self.view.word(f"rating.{unit.rating}"), "—" if unit.score is None else unit.score
        yield (
            "\n"
            + self.say("unit", unit=unit.unit_id, name=unit.name or "", rating=rating, score=score)
            + "\n"
        )
        for step in unit.trace:
            told = wrap(self.audit.told(step, self.layout.lang), self.layout.width - 4)
            yield "  ▸ " + told.replace("\n", "\n    ") + "\n"
        ordered = sorted(
            findings, key=lambda each: (VERDICTS.index(each.verdict), each.requirement_id, each.period)
        )
        rows = [self._row(finding, periods) for finding, periods in _together(ordered)]
        headers = [self.say(f"finding.{column}") for column in _COLUMNS]
        yield _table(rows, headers, ["left"] * len(_COLUMNS)) + "\n"

    def _row(self, finding: Finding, periods: list[str]) -> list[str]:
        requirement, several = self.view.requirement(finding), len(periods) > 1
        shortfall = "—" if finding.shortfall is None else number(finding.shortfall)
        return [
            self.view.word(f"verdict.{finding.verdict}"),
            _span(periods),
            requirement.clause,
            wrap("\n".join(self._title(finding, several)), self.title_width),
            "" if several else self.view.measured(finding).replace(" (", "\n("),
            wrap(self.view.standard(finding), 16),
            "" if several else shortfall,
        ]

    def _title(self, finding: Finding, several: bool) -> Iterator[str]:
        """Yield the title, then why, what to bear in mind, and where the evidence stands."""
        requirement = self.view.requirement(finding)
        yield f"{self.view.title(requirement)} [{requirement.id.partition('/')[2]}]"
        if finding.verdict not in ("pass", "not_applicable"):
            yield self.view.sentence(finding)
        notes = self.view.notes(finding)
        if notes:
            yield "※ " + "；".join(notes)
        most = _PLACES_SHOWN if finding.verdict == "fail" or self.layout.verbose else 1
        places = list(self.view.places(finding, most))
        if places and not several:
            yield self.say("evidence", places=" ".join(places))

    def questions(self) -> Iterator[str]:
        """Yield what a person should look at, by rule: the first few of each, then how many more there are."""
        asked = self.audit.questions()
        first = next(asked, None)
        if first is None:
            yield "\n" + self._ask("none") + "\n"
            return
        yield "\n" + self._ask("heading") + "\n"
        for _, same in groupby(chain([first], asked), key=lambda each: each.rule_id):
            yield from self._questions(same)

    def _questions(self, questions: Iterator[Question]) -> Iterator[str]:
        more = 0
        for at, question in enumerate(questions):
            if at == 0:
                yield f"  {question.title[self.layout.lang]}\n"
            if at < _QUESTIONS_SHOWN or self.layout.verbose:
                line = wrap(
                    self._ask("question", question=question.sentences[self.layout.lang]),
                    self.layout.width - 4,
                )
                yield "    " + line.replace("\n", "\n      ") + "\n"
                yield "      " + " ".join(self._places(question)) + "\n"
            else:
                more += 1
        if more:
            yield "    " + self._ask("more", more=more) + "\n"

    def _places(self, question: Question) -> Iterator[str]:
        shown = question.rows if self.layout.verbose else question.rows[:_PLACES_SHOWN]
        yield from (place_of(*each) for each in shown)
        if question.count > len(shown):
            yield f"+{question.count - len(shown)}"

    def _ask(self, code: str, **figures: Any) -> str:
        return say("plausibility", code, figures, self.layout.lang)

    def data(self) -> Iterator[str]:
        data = self.audit.data
        figures = {"planned": len(data.planned), "undated": len(data.undated), "left_out": len(data.left_out)}
        yield "\n" + self.say("data", warnings=len(data.warnings), **figures) + "\n"
        most = len(data.warnings) if self.layout.verbose else _WARNINGS_SHOWN
        for problem in data.warnings[:most]:
            where = self._where(problem)
            what = say_problem(problem.code, problem.figures, self.layout.lang)[0]
            yield f"  {where}: {what}\n" if where else f"  {what}\n"
        if len(data.warnings) > most:
            yield "  " + self.say("more", more=len(data.warnings) - most) + "\n"

    def _where(self, problem: Problem) -> str:
        place = problem.place
        named = {"file": place.file, "sheet": place.sheet, "row": place.row, "column": place.column}
        parts = [
            say("usage", f"place.{key}", {key: value}, self.layout.lang)
            for key, value in named.items()
            if value
        ]
        return " ".join(parts)


def _rank(unit: UnitResult) -> tuple[int, float, str]:
    return _RATINGS.index(unit.rating), float(unit.score if unit.score is not None else 101), unit.unit_id


def _together(findings: list[Finding]) -> Iterator[tuple[Finding, list[str]]]:
    """Yield the findings; those that pass or do not apply, alike in all but the period, as one with its periods."""

    def alike(finding: Finding) -> Any:
        if finding.verdict not in ("pass", "not_applicable"):
            return (finding.requirement_id, finding.period)
        plain = replace(
            finding, period="", value=None, numerator=None, denominator=None, figures={}, evidence=()
        )
        return repr(plain)

    for _, group in groupby(findings, key=alike):
        same = list(group)
        yield same[0], [finding.period for finding in same]


def _span(periods: list[str]) -> str:
    return periods[0] if len(periods) == 1 else f"{periods[0]} …\n{periods[-1]} ({len(periods)})"


def _table(rows: list[list[str]], headers: list[str], align: list[str]) -> str:
    return tabulate(rows, headers, tablefmt="simple", colalign=align, disable_numparse=True)


def wrap(text: str, width: int) -> str:
    """Return text in lines of at most `width` columns of a terminal; Chinese breaks anywhere, the rest at spaces."""
    return "\n".join(line for part in text.split("\n") for line in _wrapped(part, width))


def _wrapped(text: str, width: int) -> Iterator[str]:
    line, used, may_break = "", 0, 0
    for sign in text:
        wide = max(0, wcwidth(sign))
        if line and used + wide > width and sign not in _HANGING:
            cut = may_break if wide == 1 and sign != " " and may_break else len(line)
            yield line[:cut].rstrip()
            line, may_break = line[cut:].lstrip(), 0
            used = sum(max(0, wcwidth(each)) for each in line)
        if sign != " " or line:
            line, used = line + sign, used + wide
        if wide == 2 or sign == " ":
            may_break = len(line)
    yield line
