"""The audit for a terminal: a summary first, then the findings by unit, failing first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby
from typing import Any

from tabulate import tabulate
from wcwidth import wcwidth

from auditor.errors import Problem
from auditor.model.audit import Audit, Question
from auditor.model.finding import VERDICTS, Finding, Issue, UnitResult
from auditor.reports.colours import painted, plain, visible
from auditor.reports.next_steps import NextSteps, next_steps
from auditor.reports.ranking import RATINGS, Ranked, ranked
from auditor.reports.registry import Layout
from auditor.reports.scoring import line_in_words, sum_in_words
from auditor.reports.view import View, place_of
from auditor.texts import say, say_problem

_COLUMNS = ("verdict", "period", "clause", "title")
_QUIET = ("pass", "not_applicable")
"""Verdicts that ask for nothing: counted in the short report, listed in the long one."""
_GRAVITY = ("minor", "major", "veto")
_WORST_SHOWN = 5
_UNITS_SHOWN = 30
_WARNINGS_SHOWN = 5
_PLACES_SHOWN, _PLACES_VERBOSE = 3, 20
_QUESTIONS_SHOWN = 5
_NARROWEST, _WIDEST = 60, 110
_OTHER_COLUMNS = {"zh": 34, "en": 38}
"""What the columns beside the requirement take, at the most."""
_RANKING_COLUMNS = {"zh": 57, "en": 60}
"""What the columns beside the unit take in the ranking."""
_HANGING = "，。、；：）”》"
"""Signs that may not begin a line: they stand out over its end instead."""

_OPENING = "（“《【"
"""Signs that may not end a line."""


def write(audit: Audit, layout: Layout) -> Iterator[str]:
    """Yield the text: summary, what to do next, ranking, findings by unit, questions, data notes."""
    page = _Page(audit, layout)
    yield from page.summary()
    yield from page.next()
    yield from page.ranking()
    yield from page.duties()
    yield from page.units()
    yield from page.questions()
    yield from page.data()


class _Page:
    def __init__(self, audit: Audit, layout: Layout) -> None:
        self.audit, self.layout, self.view = audit, layout, View(audit, layout.lang)
        self.steps = next_steps(audit)
        # In Chinese a sign that may not begin a line stands out over its end, two columns wide.
        self.width = min(max(layout.width, _NARROWEST), _WIDEST) - (2 if layout.lang == "zh" else 0)
        self.title_width = self.width - _OTHER_COLUMNS[layout.lang]

    def say(self, code: str, **figures: Any) -> str:
        return say("terminal", code, figures, self.layout.lang)

    def paint(self, text: str, kind: str) -> str:
        return painted(text, kind, self.layout.colour)

    def line(self, text: str, indent: str = "", hanging: str = "") -> str:
        """Return text in lines of the page, those after the first indented by `hanging` more."""
        wrapped = wrap(visible(text), self.width - len(indent) - len(hanging))
        return indent + wrapped.replace("\n", "\n" + indent + hanging) + "\n"

    def heading(self, code: str) -> str:
        return "\n" + self.paint(self.say(code), "heading") + "\n"

    def summary(self) -> Iterator[str]:
        source = self.audit.provenance
        packs = [
            f"{each.title.in_language(self.layout.lang)} ({each.pack} {each.version})"
            for each in source.packs
        ]
        counts = [f"{self.view.word(f'verdict.{each}')} {self.audit.counts[each]}" for each in VERDICTS]
        ratings: Counter[str] = Counter(unit.rating for unit in self.audit.units)
        rated = [f"{self.view.word(f'rating.{each}')} {ratings[each]}" for each in RATINGS if ratings[each]]
        total = sum(self.audit.counts.values())
        yield self.paint(self.say("title"), "heading") + "\n"
        yield self.line(self.say("packs", packs="、".join(packs)), hanging="  ")
        yield self.say("window", first=source.first_on, last=source.last_on, as_of=source.as_of) + "\n"
        counted = self.say("counts", units=len(self.audit.units), findings=total, counts="  ".join(counts))
        yield self.line(counted, hanging="  ")
        yield self.line(self.say("ratings", ratings="  ".join(rated)), hanging="  ")
        yield self.say("judged_by", judged_by=source.judged_by) + "\n"
        if source.settings:
            settings = "、".join(f"{name}={value}" for name, value in source.settings.items())
            yield self.line(self.say("settings", settings=settings))
        if source.assume_effective:
            yield self.line(self.say("assume_effective"))

    def next(self) -> Iterator[str]:
        """Yield the requirements that most units failed, and what to do next."""
        steps = self.steps
        if steps.failed_by:
            yield self.heading("most_failed")
        for requirement_id, units in steps.failed_by[:_WORST_SHOWN]:
            title = self.view.title(self.audit.requirements[requirement_id])
            said = self.say("failed_by", title=title, requirement_id=requirement_id, units=units)
            yield self.line(said, "  ", "  ")
        told = list(self._to_do(steps))
        yield self.heading("next") if told else ""
        for each in told:
            yield self.line(each, "  ", "  ")

    def _to_do(self, steps: NextSteps) -> Iterator[str]:
        if steps.issues:
            each = [f"{self.view.word(f'severity.{key}')} {count}" for key, count in steps.issues.items()]
            yield self.say("next.issues", count=sum(steps.issues.values()), by_severity="  ".join(each))
            worst = self._worst_issue()
            yield self.say("next.explain", unit=worst.unit_id, requirement_id=worst.requirement_id)
        if steps.at_risk:
            yield self.say("next.at_risk", count=steps.at_risk, due=steps.due)
        for table, count in steps.missing:
            label = self.audit.table_labels[table][self.layout.lang]
            yield self.say("next.missing", table=table, label=label, count=count)
        if steps.unchecked:
            yield self.say("next.unchecked", count=steps.unchecked)
        if steps.borderline:
            yield self.say("next.borderline", count=steps.borderline)
        if steps.waived:
            yield self.say("next.waived", count=steps.waived)
        if not self.layout.verbose:
            yield self.say("next.verbose")

    def _worst_issue(self) -> Issue:
        """Return the first issue of the worst unit that has one, the gravest before the others."""
        places = {each.unit.unit_id: at for at, each in enumerate(ranked(self.audit.units))}
        return min(
            self.audit.issues(), key=lambda each: (places[each.unit_id], -_GRAVITY.index(each.severity))
        )

    def ranking(self) -> Iterator[str]:
        """Yield the units, the worst rating first, then the lowest score."""
        found = ranked(self.audit.units)
        shown = found if self.layout.verbose else found[:_UNITS_SHOWN]
        columns = ("place", "name", "rating", "score", "coverage", "fail", "pending", "insufficient_data")
        headers = [self.say(f"unit.{column}") for column in columns]
        align = ["right", "left", "left"] + ["right"] * 5
        yield self.heading("ranking")
        yield _table([self._unit_row(each) for each in shown], headers, align) + "\n"
        if len(found) > len(shown):
            yield "  " + self.say("more_units", more=len(found) - len(shown)) + "\n"
        if any(each.is_tied for each in shown):
            yield self.line(self.say("tied"), "  ")
        if any(each.is_little for each in shown):
            yield self.line(self.say("little"), "  ")

    def _unit_row(self, each: Ranked) -> list[str]:
        unit = each.unit
        rating = wrap(self.view.word(f"rating.{unit.rating}"), 14)
        return [
            "—" if each.place is None else f"{'=' if each.is_tied else ''}{each.place}",
            wrap(visible(_named(unit)), self.width - _RANKING_COLUMNS[self.layout.lang]),
            self.paint(rating, unit.rating),
            "—" if unit.score is None else str(unit.score),
            f"{'※' if each.is_little else ''}{unit.judged}/{unit.applicable}",
            *(str(unit.counts[verdict]) for verdict in ("fail", "pending", "insufficient_data")),
        ]

    def duties(self) -> Iterator[str]:
        """Yield the duties that several documents word, with the strictest that binds."""
        if not self.audit.duties:
            return
        yield "\n" + self.say("duties") + "\n"
        for duty in self.audit.duties:
            asked = [self._asked(each, each in duty.strictest) for each in duty.requirement_ids]
            line = self.say("duty", units=len(duty.unit_ids), asked=self.say("duty.join").join(asked))
            yield self.line(line, "  ", "  ")

    def _asked(self, requirement_id: str, is_strictest: bool) -> str:
        requirement = self.audit.requirements[requirement_id]
        figures = {"requirement_id": requirement_id, "title": self.view.title(requirement)}
        return self.say("duty.strictest" if is_strictest else "duty.other", **figures)

    def units(self) -> Iterator[str]:
        """Yield the units with their findings, those that failed first; briefly only what asks for something."""
        asking = [each for each in self.audit.units if self._asks(each)]
        for failed in (True, False):
            chosen = {each.unit_id: each for each in asking if (each.counts["fail"] > 0) is failed}
            # Read anew rather than held: findings may be millions.
            findings = self.audit.findings(True) if chosen else iter(())
            for unit_id, own in groupby(findings, key=lambda each: each.unit_id):
                if unit_id in chosen:
                    yield from self._unit(chosen[unit_id], own)

    def _asks(self, unit: UnitResult) -> bool:
        """Return whether a unit is shown: briefly where something is open or points were given."""
        open_ones = sum(count for verdict, count in unit.counts.items() if verdict not in _QUIET)
        has_points = unit.score_sum is not None and unit.score_sum.by == "points"
        if open_ones or unit.unit_id in self.steps.borderline_units:
            return True
        return (self.layout.verbose or has_points) and sum(unit.counts.values()) > 0

    def _unit(self, unit: UnitResult, findings: Iterator[Finding]) -> Iterator[str]:
        yield from self._unit_head(unit)
        kept: list[Finding] = []
        quiet: Counter[str] = Counter()
        for finding in findings:
            if self.layout.verbose or finding.verdict not in _QUIET or finding.borderline:
                kept.append(finding)
            else:
                quiet[finding.verdict] += 1
        ordered = sorted(
            kept, key=lambda each: (VERDICTS.index(each.verdict), each.requirement_id, each.period)
        )
        rows = [self._row(finding, periods) for finding, periods in _together(ordered)]
        headers = [self.say(f"finding.{column}") for column in _COLUMNS]
        yield _table(rows, headers, ["left"] * len(_COLUMNS)) + "\n" if rows else ""
        if quiet:
            counted = "  ".join(
                f"{self.view.word(f'verdict.{each}')} {quiet[each]}" for each in _QUIET if quiet[each]
            )
            yield "  " + self.paint(self.say("not_listed", counts=counted), "quiet") + "\n"

    def _unit_head(self, unit: UnitResult) -> Iterator[str]:
        """Yield the unit with the units above it, its rating and score, the sum, and which rules fired."""
        rating, score = self.view.word(f"rating.{unit.rating}"), "—" if unit.score is None else unit.score
        head = self.say("unit", unit=unit.unit_id, name=unit.name or "", rating=rating, score=score)
        yield "\n" + self.paint(self.line(" ".join(head.split()), hanging="  ").rstrip(), "heading") + "\n"
        if unit.above:
            path = self.say("path.join").join(each.name or each.unit_id for each in unit.above)
            yield self.line(self.say("path", path=path), "  ", "  ")
        if unit.score_sum and unit.score is not None:
            coverage = {"judged": unit.judged, "applicable": unit.applicable}
            yield self.line(
                self.say("sum", sum=sum_in_words(unit.score_sum, self.layout.lang), **coverage), "  ", "  "
            )
            yield from self._score_lines(unit)
        for step in unit.trace:
            yield self.line("▸ " + self.audit.told(step, self.layout.lang), "  ", "  ")

    def _score_lines(self, unit: UnitResult) -> Iterator[str]:
        """Yield the lines of the sum; in the short report those of a table of points that took off or added."""
        assert unit.score_sum
        by = unit.score_sum.by
        for line in unit.score_lines:
            moved = by == "points" and (line.gained < line.weight or line.bonus or line.is_veto)
            if moved or self.layout.verbose:
                requirement = self.audit.requirements[line.requirement_id]
                words = line_in_words(line, by, requirement, self.layout.lang)
                told = self.say("score_line", slug=line.requirement_id.partition("/")[2], words=words)
                yield self.line(told, "    ", "  ")

    def _row(self, finding: Finding, periods: list[str]) -> list[str]:
        verdict = wrap(self.view.word(f"verdict.{finding.verdict}"), 12)
        return [
            self.paint(verdict, finding.verdict),
            wrap(_span(periods), 14),
            wrap(self.view.requirement(finding).clause, 6),
            wrap(visible("\n".join(self._title(finding, len(periods) > 1))), self.title_width),
        ]

    def _title(self, finding: Finding, several: bool) -> Iterator[str]:
        """Yield the title, then why, what to bear in mind, and where the evidence stands."""
        requirement = self.view.requirement(finding)
        yield f"{self.view.title(requirement)} [{requirement.id.partition('/')[2]}]"
        if not several or finding.verdict not in _QUIET:
            yield self.view.sentence(finding)
        notes = self.view.notes(finding)
        if notes:
            yield "※ " + "；".join(notes)
        most = _PLACES_VERBOSE if self.layout.verbose else _PLACES_SHOWN
        shown = self.layout.verbose or any(each.shortfall is not None for each in finding.evidence)
        places = list(self.view.places(finding, most)) if shown and not several else []
        if places:
            yield self.say("evidence", places=" ".join(places))

    def questions(self) -> Iterator[str]:
        """Yield what a person should look at, by rule: the first few of each, then how many more there are."""
        asked = self.audit.questions()
        first = next(asked, None)
        if first is None:
            yield "\n" + self.line(self._ask("none"), hanging="  ")
            return
        yield "\n" + self.line(self._ask("heading"), hanging="  ")
        for _, same in groupby(chain([first], asked), key=lambda each: each.rule_id):
            yield from self._questions(same)

    def _questions(self, questions: Iterator[Question]) -> Iterator[str]:
        more = 0
        for at, question in enumerate(questions):
            if at == 0:
                yield self.line(question.title[self.layout.lang], "  ")
            if at < _QUESTIONS_SHOWN or self.layout.verbose:
                yield self.line(
                    self._ask("question", question=question.sentences[self.layout.lang]), "    ", "  "
                )
                yield self.line(" ".join(self._places(question)), "      ")
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
        yield "\n" + self.line(self.say("data", warnings=len(data.warnings), **figures), hanging="  ")
        most = len(data.warnings) if self.layout.verbose else _WARNINGS_SHOWN
        for problem in data.warnings[:most]:
            where = self._where(problem)
            what = say_problem(problem.code, problem.figures, self.layout.lang)[0]
            yield self.line(f"{where}: {what}" if where else what, "  ", "  ")
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


def _named(unit: UnitResult) -> str:
    return f"{unit.unit_id} {unit.name or ''}".strip()


def _together(findings: list[Finding]) -> Iterator[tuple[Finding, list[str]]]:
    """Yield the findings; those that pass or do not apply, alike in all but the period, as one with its periods."""

    def alike(finding: Finding) -> Any:
        if finding.verdict not in (*_QUIET, "insufficient_data"):
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


def _table(rows: Sequence[Sequence[str]], headers: Sequence[str], align: Sequence[str]) -> str:
    """Return a table; headers are rows of it, since as headers they would be set two columns wider than they are."""
    widths = [max(_width(row[at]) for row in (headers, *rows)) for at in range(len(headers))]
    lines = [headers, ["-" * each for each in widths], *rows]
    return tabulate(lines, tablefmt="plain", colalign=align, disable_numparse=True)


def _width(cell: str) -> int:
    """Return the columns that the widest line of a cell takes; colours take none."""
    return max(sum(max(0, wcwidth(sign)) for sign in line) for line in plain(cell).split("\n"))


def wrap(text: str, width: int) -> str:
    """Return text in lines of at most `width` columns of a terminal; Chinese breaks anywhere, the rest at spaces."""
    return "\n".join(line for part in text.split("\n") for line in _wrapped(part, width))


def _wrapped(text: str, width: int) -> Iterator[str]:
    line, used, may_break = "", 0, 0
    for sign in text:
        wide = max(0, wcwidth(sign))
        if line and used + wide > width and sign not in _HANGING:
            cut = may_break if wide == 1 and sign != " " and may_break else len(line)
            if cut > 1 and line[cut - 1] in _OPENING:
                cut -= 1
            yield line[:cut].rstrip()
            line, may_break = line[cut:].lstrip(), 0
            used = sum(max(0, wcwidth(each)) for each in line)
        if sign != " " or line:
            line, used = line + sign, used + wide
        if wide == 2 or sign == " ":
            may_break = len(line)
    yield line
