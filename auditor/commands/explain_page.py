"""The page of `explain`: the rule, then for each period the figures step by step, the rows, and what would cure it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.authoring.cure import Cure
from auditor.authoring.explain import Explanation
from auditor.measures.wording import Wording
from auditor.model.audit import RowPlace
from auditor.model.finding import Evidence, Finding
from auditor.model.trail import NearMiss, Trail
from auditor.reports.colours import visible
from auditor.reports.to_table import wrap
from auditor.reports.view import View, number, percent, place, place_of, standard
from auditor.texts import Lang, say

_ROWS_SHOWN = 12
_INDENT = "  "


class ExplainPage:
    """An explanation in one language, in lines of `width` columns; `verbose` shows every row."""

    def __init__(self, found: Explanation, lang: Lang, width: int, verbose: bool) -> None:
        self.found, self.lang, self.verbose = found, lang, verbose
        self.view, self.wording = View(found.audit, lang), Wording(found.declaration, lang)
        self.width = width - 2

    def say(self, code: str, **figures: Any) -> str:
        """Return a sentence of the page."""
        return say("explain", code, figures, self.lang)

    def line(self, text: str, indent: str = _INDENT) -> str:
        """Return text in lines of the page, those after the first indented once more."""
        wrapped = wrap(visible(text), self.width - len(indent) - 2)
        return indent + wrapped.replace("\n", "\n" + indent + _INDENT) + "\n"

    def head(self) -> Iterator[str]:
        """Yield what is explained, the rule, the note, and the statement that measured it."""
        requirement, source = self.found.requirement, self.found.audit.provenance
        unit = self.found.audit.units[0]
        names = [each.name or each.unit_id for each in unit.above]
        head = {
            "id": requirement.id, "title": requirement.title.in_language(self.lang), "clause": requirement.clause,
            "pack": source.packs[0].title.in_language(self.lang), "unit": self.found.unit_id,
            "name": " / ".join([*names, unit.name or ""]).strip(" /"),
            "first": source.first_on, "last": source.last_on, "as_of": source.as_of,
        }  # fmt: skip
        for at, line in enumerate(self.say("head", **head).split("\n")):
            yield self.line(line.strip(), _INDENT if at else "")
        yield "\n" + self.say("rule") + "\n" + self.line(self.found.rule[self.lang])
        if requirement.note:
            yield "\n" + self.say("note") + "\n" + self.line(requirement.note.in_language(self.lang))
        yield "\n" + self.say("sql") + "\n"
        yield "".join(f"{_INDENT}{line}\n" for line in self.found.sql.split("\n"))

    def finding(self, finding: Finding) -> Iterator[str]:
        """Yield one period: the verdict and why, how the figures came about, the rows, and the cure."""
        verdict = self.view.word(f"verdict.{finding.verdict}")
        said = self.say("finding").replace("{period}", finding.period).replace("{verdict}", verdict)
        yield "\n" + said + "\n"
        yield from (self.line(each) for each in (self.view.sentence(finding), *self.view.notes(finding)))
        trail = self.found.trails[finding.period]
        yield from self._trail(finding, trail)
        yield from self._evidence(finding)
        yield from self._misses(trail)
        yield "\n" + self.say("cure") + "\n"
        cures = self.found.cures[finding.period]
        yield from (self._cure(each, finding) for each in cures)
        if not cures:
            yield self.line(say("cure", "nothing", {}, self.lang))

    def remedy(self) -> Iterator[str]:
        """Yield what the pack says puts it right."""
        yield (
            "\n" + self.say("remedy") + "\n" + self.line(self.found.requirement.remedy.in_language(self.lang))
        )

    def _trail(self, finding: Finding, trail: Trail) -> Iterator[str]:
        yield "\n" + self.say("trail") + "\n"
        for step in trail.steps:
            words = {"words": step.words.get(self.lang, ""), "table": self.wording.table(trail.table)}
            yield self.line(self.say(f"step.{step.code}", count=step.count, **words))
        asked = finding.threshold
        if finding.numerator is not None and finding.denominator and asked and asked.low is not None:
            figures = {
                "standard": standard(finding, self.found.requirement, self.lang), "asked": percent(asked.low),
                "denominator": finding.denominator, "product": number(asked.low * finding.denominator),
                "numerator": finding.numerator,
            }  # fmt: skip
            yield self.line(self.say("share", **figures))

    def _evidence(self, finding: Finding) -> Iterator[str]:
        off_first = sorted(finding.evidence, key=lambda each: each.shortfall is None)
        shown = off_first if self.verbose else off_first[:_ROWS_SHOWN]
        if not shown:
            return
        shape = self.found.requirement.measure.shape
        has_subjects = shape == "subjects" or any(each.subject is not None for each in finding.evidence)
        yield "\n" + self.say("counted_subjects" if has_subjects else "counted") + "\n"
        for each in shown:
            key = (each.file, each.sheet, each.row)
            yield self.line("  ".join([place(each), *self._figures(each, key)]))
            yield from self._cells(key)
        yield from self._more(len(off_first) - len(shown))

    def _figures(self, each: Evidence, key: RowPlace) -> Iterator[str]:
        if each.subject is not None and each.file is not None:
            yield each.subject
        shown = {
            name: number(value)
            for name, value in (("value", each.value), ("shortfall", each.shortfall))
            if value is not None
        }
        if self.found.requirement.measure.kind == "deadline" and each.shortfall is not None:
            yield self.view.word("late", days=number(each.shortfall)).strip()
        elif shown:
            yield self.say("missed" if len(shown) > 1 else "value" if "value" in shown else "late", **shown)
        also = self.found.also.get(key, ())
        if also:
            slugs = self.say("join").join(other.partition("/")[2] for other in also)
            yield self.say("also", also=slugs)

    def _misses(self, trail: Trail) -> Iterator[str]:
        if not trail.misses:
            return
        yield "\n" + self.say("misses") + "\n"
        for each in sorted(trail.misses, key=lambda each: each.code == "unit"):
            where = place_of(each.file, each.sheet, each.row)
            yield self.line(f"{where}  {self._why(each, trail)}")
            yield from self._cells((each.file, each.sheet, each.row))
        yield from self._more(trail.left)

    def _why(self, each: NearMiss, trail: Trail) -> str:
        figures = {
            "unit": each.unit_id, "words": each.words.get(self.lang, ""), "day": each.day, "as_of": trail.as_of,
            "first": trail.first_on, "last": trail.last_on,
        }  # fmt: skip
        return self.say(f"miss.{each.code}", **figures)

    def _cells(self, key: RowPlace) -> Iterator[str]:
        cells: Mapping[str, str] = self.found.contents[self.lang].get(key, {})
        words = [self.say("cell", label=label, value=value) for label, value in cells.items()]
        if words:
            yield self.line(self.say("cells").join(words), _INDENT * 3)

    def _more(self, more: int) -> Iterator[str]:
        if more > 0:
            yield self.line(self.say("more", more=more))

    def _cure(self, cure: Cure, finding: Finding) -> str:
        requirement = self.found.requirement
        labels = {key: self.wording.label(*column) for key, column in cure.columns.items()}
        unit = requirement.value_unit.in_language(self.lang) if requirement.value_unit else ""
        figures: dict[str, Any] = {"unit": unit, **cure.figures, **labels}
        if cure.evidence:
            figures["place"] = place(cure.evidence)
        if "tables" in figures:
            names = [self.wording.table(each) for each in figures["tables"]]
            figures["tables"] = self.say("join").join(names)
        if "table" in figures:
            figures["table"] = self.wording.table(figures["table"])
        if "condition" in figures:
            figures["condition"] = figures["condition"].in_words(self.wording, *_table_of(cure))
        return self.line(say("cure", cure.code, figures, self.lang))


def _table_of(cure: Cure) -> tuple[str]:
    return (cure.columns["column"][0],)
