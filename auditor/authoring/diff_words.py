"""The difference of two packs in words: each field before and after, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.authoring.diff import RULE, Changed, PackDifference
from auditor.measures.measure import rule_in_words
from auditor.measures.wording import Wording
from auditor.model.record import Bilingual, Record
from auditor.model.requirement import Effective, Pack, Requirement
from auditor.reports.scoring import score_in_words, scoring_in_words
from auditor.tables.declaration import Declaration, load_declaration
from auditor.texts import LANGUAGES, Lang, say

Words = Mapping[str, str | None]
"""A text by language; None where there is nothing."""


@dataclass(frozen=True)
class FieldChange:
    """A field, and what it said and says."""

    field: str
    before: Words
    after: Words

    def in_language(self, lang: Lang) -> tuple[str | None, str | None]:
        """Return both in a language; where they differ in another language only, in that one."""
        order = [lang, *(each for each in LANGUAGES if each != lang)]
        told = next((each for each in order if self.before[each] != self.after[each]), lang)
        return self.before[told], self.after[told]


class DifferenceInWords:
    """Says what a difference of two packs is."""

    def __init__(self, difference: PackDifference) -> None:
        self.difference = difference
        self._declared = {
            id(pack): load_declaration().with_vocabulary(pack.vocabulary)
            for pack in (difference.before, difference.after)
        }

    def head(self) -> Iterator[FieldChange]:
        """Yield the fields of the head that differ."""
        for field in self.difference.head:
            before, after = (self._of_head(field, each) for each in self._packs)
            yield FieldChange(field, before, after)

    @property
    def _packs(self) -> tuple[Pack, Pack]:
        return self.difference.before, self.difference.after

    def rule(self, requirement: Requirement, pack: Pack) -> Words:
        """Return the rule of a requirement of one of the packs in words."""
        declaration = self._declared[id(pack)]
        return _both(lambda lang: rule_in_words(requirement, declaration, lang))

    def rules(self, changed: Changed) -> FieldChange | None:
        """Return the whole rule before and after; None where its words are the same."""
        before, after = (self.rule(each, pack) for each, pack in self._sides(changed))
        return None if before == after else FieldChange("rule", before, after)

    def fields(self, changed: Changed) -> Iterator[FieldChange]:
        """Yield each field that differs, in words."""
        for field in changed.fields:
            before, after = (self._words(field, each, pack) for each, pack in self._sides(changed))
            if before == after and field in RULE:
                before = dict.fromkeys(LANGUAGES, _as_written(changed.before, field, changed.after))
                after = dict.fromkeys(LANGUAGES, _as_written(changed.after, field, changed.before))
            yield FieldChange(field, before, after)

    def _sides(self, changed: Changed) -> Iterator[tuple[Requirement, Pack]]:
        return zip((changed.before, changed.after), self._packs, strict=True)

    def _words(self, field: str, requirement: Requirement, pack: Pack) -> Words:
        return _both(lambda lang: self._field(field, requirement, pack, lang))

    def _field(self, field: str, requirement: Requirement, pack: Pack, lang: Lang) -> str | None:
        declaration: Declaration = self._declared[id(pack)]
        wording, value = Wording(declaration, lang), getattr(requirement, field)
        special: dict[str, Callable[[], str | None]] = {
            "applies_to": lambda: wording.who(requirement),
            "threshold": lambda: wording.standard(requirement) or None,
            "measure": lambda: say("diff", "measure", {"kind": requirement.measure.kind}, lang),
            "period": lambda: say("words", f"period.{requirement.period}", _window(requirement), lang),
            "window": lambda: " – ".join(value) if value else None,
            "severity": lambda: say("words", f"severity.{value}", {}, lang),
            "rectify_within": lambda: say("diff", "days", {"days": requirement.rectify_working_days}, lang),
            "assumed": lambda: say("words", f"answer.{'yes' if value else 'no'}", {}, lang),
        }
        if field == "score":
            return score_in_words(requirement, lang)
        return special[field]() if field in special else _text(value, lang)

    def _of_head(self, field: str, pack: Pack) -> Words:
        return _both(lambda lang: self._head_field(field, pack, lang))

    def _head_field(self, field: str, pack: Pack, lang: Lang) -> str | None:
        if field == "effective":
            days = {"first": pack.effective.from_ or "…", "last": pack.effective.to or "…"}
            return say("diff", "effective", days, lang) if pack.effective != Effective() else None
        if field == "parameters":
            return _listed(
                f"{name} ({each.title.in_language(lang)})" for name, each in pack.parameters.items()
            )
        if field == "unit_types":
            types = self._declared[id(pack)].tables["units"].columns["type"]
            wording = Wording(self._declared[id(pack)], lang)
            return _listed(wording.value(each, types) for each in pack.unit_types)
        if field == "scoring":
            return scoring_in_words(pack.scoring, lang) if pack.scoring else None
        if field == "vocabulary":
            return _listed(
                f"{column}: {code} {label}"
                for column, values in pack.vocabulary.items()
                for code, label in values.items()
            )
        return _text(getattr(pack, field), lang)


def _both(of: Callable[[Lang], str | None]) -> Words:
    return {lang: of(lang) for lang in LANGUAGES}


def _text(value: Any, lang: Lang) -> str | None:
    if isinstance(value, Bilingual):
        return value.in_language(lang)
    if isinstance(value, tuple | list):
        return _listed(str(each) for each in value)
    return None if value is None else str(value)


def _listed(words: Iterable[str]) -> str | None:
    return "; ".join(words) or None


def _window(requirement: Requirement) -> dict[str, str]:
    first, last = requirement.window or ("", "")
    return {"first": first, "last": last}


def _as_written(requirement: Requirement, field: str, other: Requirement) -> str | None:
    """Return what a field holds, as the file writes it, where words do not show how it differs from another."""
    mine, theirs = (
        value.model_dump(mode="json", by_alias=True) if isinstance(value, Record) else value
        for value in (getattr(requirement, field), getattr(other, field))
    )
    if not isinstance(mine, dict) or not isinstance(theirs, dict):
        return None if mine is None else str(mine)
    return _listed(f"{key}: {value}" for key, value in mine.items() if theirs.get(key) != value)
