"""An audit as words: the sentence of each finding, measured against required, notes. Once, for every format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from auditor.model.audit import Audit
from auditor.model.finding import Asked, Evidence, Finding, Number, TraceStep, UnitResult
from auditor.model.requirement import Pack, Requirement
from auditor.texts import Lang, say, sentences

_OPERATORS = {">=": "at_least", ">": "more_than", "<=": "at_most", "==": "exactly"}


class View:
    """An audit in one language."""

    def __init__(self, audit: Audit, lang: Lang) -> None:
        self.audit = audit
        self.lang = lang

    def requirement(self, finding: Finding) -> Requirement:
        """Return the requirement of a finding."""
        return self.audit.requirements[finding.requirement_id]

    def title(self, requirement: Requirement) -> str:
        """Return a requirement's title."""
        return requirement.title.in_language(self.lang)

    def document(self, requirement: Requirement) -> str:
        """Return the title of the document that a requirement comes from."""
        packs = self.audit.provenance.packs
        own = next((each for each in packs if each.pack == requirement.pack), None)
        # A pack that stands upon another repeats that one's requirements under their own ids.
        holding = own or next(each for each in packs if each.requirement(requirement.id))
        return _named(holding, requirement.pack).title.in_language(self.lang)

    def word(self, code: str, **figures: Any) -> str:
        """Return a fixed word of the reports."""
        return say("words", code, figures, self.lang)

    def sentence(self, finding: Finding) -> str:
        """Return the sentence that explains a finding's verdict, with its figures."""
        return reason_sentence(finding, self.requirement(finding), self.audit.table_labels, self.lang)

    def standard(self, finding: Finding) -> str:
        """Return what was required, in words: at least 6 sessions."""
        requirement = self.requirement(finding)
        plain = standard(finding, requirement, self.lang)
        return self.word("each", standard=plain) if requirement.measure.shape == "subjects" else plain

    def measured(self, finding: Finding) -> str:
        """Return what was measured, in words: 5 sessions; 4/45 (8.8889%); 2 of 14 records."""
        if finding.value is None:
            return "—"
        if isinstance(finding.value, str):
            return self.word(f"answer.{finding.value}")
        if finding.numerator is not None:
            return f"{finding.numerator}/{finding.denominator} ({share_of(finding)})"
        shape = self.requirement(finding).measure.shape
        if shape in ("breaches", "subjects"):
            return self.word(
                f"missed.{shape}", missed=number(finding.value), all=finding.figures["considered"]
            )
        return with_unit(finding.value, self.requirement(finding), self.lang)

    def traced(self, step: TraceStep) -> str:
        """Return a step of a trace in words, the requirements in it by their titles."""
        return self.audit.told(TraceStep(step.rule, tuple(map(self._fact, step.facts))), self.lang)

    def _fact(self, fact: str) -> str:
        """Return a fact with the title of the requirement it is about: `REQUIREMENT@PERIOD`, `KIND:REQUIREMENT`."""
        about, _, period = fact.partition("@")
        requirement = self.audit.requirements.get(about.rpartition(":")[2])
        if requirement is None:
            return fact
        code = "fact.period" if period else "fact"
        return self.word(code, title=self.title(requirement), clause=requirement.clause, period=period)

    def shortfall(self, finding: Finding) -> str:
        """Return what is short, in words: 2 sessions; 1 object; a dash where nothing is."""
        if finding.shortfall is None:
            return "—"
        requirement = self.requirement(finding)
        if requirement.measure.shape == "subjects":
            return self.word("short.subjects", shortfall=number(finding.shortfall))
        return with_unit(finding.shortfall, requirement, self.lang)

    def notes(self, finding: Finding) -> list[str]:
        """Return what a reader must know beside the verdict: provisional, borderline, assumed, waived …"""
        marks = {
            "provisional": finding.provisional,
            "borderline": finding.borderline,
            "unannounced": finding.calendar is not None,
            "assumed": self.requirement(finding).assumed,
        }
        notes = [self.word(f"note.{mark}") for mark, stands in marks.items() if stands]
        notes += [self.word("note.waived", waived=finding.waived)] if finding.waived else []
        changed = self.requirement(finding).changed
        if changed:
            reason = changed.reason.in_language(self.lang)
            notes.append(self.word("note.changed", by=changed.by, reason=reason))
        return notes + ([self.word(f"forecast.{finding.forecast}")] if finding.forecast else [])

    def places(self, finding: Finding, most: int) -> Iterator[str]:
        """Yield where the evidence stands, what is off first: `most` places, then how many more there are."""
        off = [each for each in finding.evidence if each.shortfall is not None]
        shown = off or list(finding.evidence)
        for each in shown[:most]:
            yield place(each) + self._figure(each, self.requirement(finding))
        if len(shown) > most:
            yield f"+{len(shown) - most}"

    def _figure(self, each: Evidence, requirement: Requirement) -> str:
        """Return what a row that is off measures and lacks, or how late it came; nothing where it measures nothing."""
        if each.shortfall is not None and requirement.measure.kind == "deadline":
            return self.word("late", days=number(each.shortfall))
        if each.shortfall is None or each.value is None:
            return ""
        return self.word("figure", value=number(each.value), shortfall=number(each.shortfall))


def _named(pack: Pack, name: str) -> Pack:
    """Return the pack of a name among a pack and those that it stands upon; itself where none is so called."""
    below: Pack | None = pack
    while below is not None and below.pack != name:
        below = below.base
    return below or pack


def path(unit: UnitResult) -> str:
    """Return a unit's name behind the names of the units above it: 中州大学 / 图书馆."""
    above = [each.name or each.unit_id for each in unit.above]
    return " / ".join([*above, unit.name or unit.unit_id])


def place(evidence: Evidence) -> str:
    """Return where a row stands: `file:row`, `file[sheet]:row`, or the subject that has no row."""
    if evidence.file is None:
        return str(evidence.subject)
    return place_of(evidence.file, evidence.sheet, evidence.row)


def place_of(file: str | None, sheet: str | None, row: int | None) -> str:
    """Return where a row stands: `file:row`, `file[sheet]:row`."""
    return f"{file}{f'[{sheet}]' if sheet else ''}:{row}"


def number(value: Number) -> str:
    """Return a number as people write it: 3.5, 4, never 4.0."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def percent(share: Number) -> str:
    """Return a share as a percentage."""
    return f"{number(Decimal(share) * 100)}%"


def share_of(finding: Finding) -> str:
    """Return a ratio's share as a percentage, with as many decimals as tell it from the threshold.

    Four decimals are plenty, but 3499999 of 10000000 must not read as the 35% that it misses.
    """
    assert finding.numerator is not None
    assert finding.denominator
    exact = Fraction(finding.numerator, finding.denominator)
    wanted = _share_asked(finding)
    for places in range(6, 20):
        shown = _rounded(exact, places)
        if exact == wanted or Fraction(shown) != wanted:
            return percent(shown)
    return percent(shown)


def _rounded(share: Fraction, places: int) -> Decimal:
    """Return a share rounded half up."""
    scaled = (2 * share.numerator * 10**places + share.denominator) // (2 * share.denominator)
    return Decimal(scaled).scaleb(-places)


def with_unit(value: Number, requirement: Requirement, lang: Lang) -> str:
    """Return a value with its unit of value."""
    unit = requirement.value_unit.in_language(lang) if requirement.value_unit else ""
    return f"{number(value)}{unit}" if lang == "zh" else f"{number(value)} {unit}".strip()


def _share_asked(finding: Finding) -> Fraction | None:
    asked = finding.threshold
    if asked is None or asked.low is None:
        return None
    return Fraction(asked.wanted or 0, asked.scale) if asked.scale else Fraction(asked.low)


def standard(finding: Finding, requirement: Requirement, lang: Lang) -> str:
    """Return what was required of a unit in a period, in words."""
    return asked_in_words(finding.threshold, requirement, lang)


def asked_in_words(asked: Asked | None, requirement: Requirement, lang: Lang) -> str:
    """Return a standard in words: at least 6 sessions."""
    if asked is None:
        return say("words", "answer_yes", {}, lang)
    if asked.low is None or asked.high is None:
        return say("words", "asked_of_none", {}, lang)
    shape = requirement.measure.shape
    if shape == "breaches" and asked.low == 0:
        return say("words", "no_breaches", {}, lang)
    unit = requirement.value_unit.in_language(lang) if requirement.value_unit else ""
    if shape == "share":
        return say("words", f"share_{_OPERATORS[asked.op]}", {"number": percent(asked.low)}, lang)
    if asked.op == "between":
        figures = {"low": number(asked.low), "high": number(asked.high), "unit": unit}
        return say("words", "between", figures, lang)
    return say("words", _OPERATORS[asked.op], {"number": number(asked.low), "unit": unit}, lang)


def reason_sentence(
    finding: Finding, requirement: Requirement, table_labels: Mapping[str, Mapping[str, str]], lang: Lang
) -> str:
    """Return the sentence of a finding's reason; a ratio, and a period that still runs, may have their own."""
    known = sentences("reasons", lang)
    code = finding.reason
    ratio = f"{code}.ratio" if requirement.measure.shape == "share" and f"{code}.ratio" in known else code
    pending = f"{ratio}.pending" if finding.verdict == "pending" else ratio
    return say(
        "reasons",
        pending if pending in known else ratio,
        _shown(finding, requirement, table_labels, lang),
        lang,
    )


def _shown(
    finding: Finding, requirement: Requirement, table_labels: Mapping[str, Mapping[str, str]], lang: Lang
) -> dict[str, Any]:
    """Return the figures of a reason as they stand in its sentence."""
    figures: dict[str, Any] = dict(finding.figures)
    for key in ("value", "shortfall"):
        if isinstance(figures.get(key), int | Decimal):
            figures[key] = number(figures[key])
    figures["unit"] = requirement.value_unit.in_language(lang) if requirement.value_unit else ""
    figures["standard"] = standard(finding, requirement, lang)
    figures["tables"] = "、".join(table_labels[table][lang] for table in figures.get("tables", ()))
    if finding.numerator is not None and finding.value is not None and not isinstance(finding.value, str):
        figures["share"] = share_of(finding)
    return figures
