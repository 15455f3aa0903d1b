"""What a pack says as a whole: its clauses, its texts in two languages, its dates, a duty written down twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from auditor.errors import Problem
from auditor.marked import Marked, Where
from auditor.model.record import Bilingual
from auditor.model.requirement import Pack, Requirement
from auditor.packs.clauses import clauses_of
from auditor.packs.lint_words import named_twice
from auditor.packs.mistakes import near

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORDS = re.compile(r"[A-Za-z]{2,}")
_IN_ANY_ORDER = ("where", "must", "values", "dates")


def document_problems(pack: Pack, marked: Marked) -> Iterator[Problem]:
    """Yield what is wrong with a pack beside its single requirements."""
    yield from _clauses(pack, marked)
    yield from _same_requirements(pack, marked)
    yield from _dated_too_late(pack, marked)
    yield from _texts(pack, marked)


def _clauses(pack: Pack, marked: Marked) -> Iterator[Problem]:
    """Yield clauses of the document that no entry names, and entries of a clause that it does not have.

    Nothing can be said of a pack that does not list its document's clauses; what it inherits is of another document.
    """
    if not pack.clauses:
        return
    yield from named_twice(pack.clauses, marked, ("clauses",))
    covered: set[str] = set()
    for section in ("requirements", "out_of_scope", "not_quantified"):
        for at, each in enumerate(getattr(pack, section)):
            if section == "requirements" and each.pack != pack.pack:
                continue
            for clause in clauses_of(each.clause, pack.clauses):
                covered.add(clause)
                if clause not in pack.clauses:
                    place = marked.place((section, at, "clause"))
                    hint = near(clause, pack.clauses)
                    yield Problem("pack.unknown_clause", {"value": clause}, place, hint)
    for at, clause in enumerate(pack.clauses):
        if clause not in covered:
            yield Problem("pack.clause_not_covered", {"value": clause}, marked.place(("clauses", at)))


def _same_requirements(pack: Pack, marked: Marked) -> Iterator[Problem]:
    """Yield the requirements that ask the same of the same units as another one, by another id.

    What a person attests and what a unit's own target sets is told apart by the id alone. Two clauses may word
    the same duty: only what stands under one clause twice is told.
    """
    seen: list[tuple[tuple[Any, ...], str]] = []
    for at, each in enumerate(pack.requirements):
        if each.threshold is None or each.threshold.standard == "target":
            continue
        meaning = _meaning(each)
        other = next((requirement_id for known, requirement_id in seen if known == meaning), None)
        if other and other != each.id:
            figures = {"value": each.id, "expected": other}
            yield Problem("pack.same_requirement_twice", figures, marked.place(("requirements", at, "id")))
        elif not other:
            seen.append((meaning, each.id))


def _meaning(requirement: Requirement) -> tuple[Any, ...]:
    applies = requirement.applies_to
    return (
        requirement.clause,
        sorted(applies.types),
        sorted(applies.tags),
        _in_order(requirement.measure.model_dump()),
        (requirement.period, requirement.window, requirement.threshold),
    )


def _in_order(value: Any, key: str = "") -> Any:
    """Return a measure's fields with what may stand in any order in one: filters, conditions, listed values."""
    if isinstance(value, Mapping):
        return sorted((name, _in_order(inner, name)) for name, inner in value.items())
    if isinstance(value, list | tuple):
        inside = [_in_order(each) for each in value]
        return sorted(inside, key=repr) if key in _IN_ANY_ORDER else inside
    return value


def _dated_too_late(pack: Pack, marked: Marked) -> Iterator[Problem]:
    """Yield the dated thresholds that say nothing of the first days on which their document is in force."""
    for at, each in enumerate(pack.requirements):
        dated = each.threshold.dated if each.threshold else ()
        begins = pack.effective_dates[each.pack].from_ if each.pack in pack.effective_dates else None
        if dated and begins and dated[0].from_ > begins:
            figures = {"value": dated[0].from_.isoformat(), "expected": begins.isoformat()}
            place = marked.place(("requirements", at, "threshold", "value", 0, "from"))
            yield Problem("pack.dated_too_late", figures, place)


def _texts(pack: Pack, marked: Marked) -> Iterator[Problem]:
    """Yield texts that lack a language: blanks only, or the same words under both."""
    for text, path in _bilingual(pack, ()):
        blank = [lang for lang in ("zh", "en") if not text.in_language(lang).strip()]
        for lang in blank:
            yield Problem("pack.empty_value", {"key": lang}, marked.place((*path, lang)))
        if not blank and text.zh == text.en and _is_of_a_language(text.zh):
            yield Problem("pack.same_in_both_languages", {"key": path[-1]}, marked.place(path))


def _bilingual(value: Any, path: Where) -> Iterator[tuple[Bilingual, Where]]:
    if isinstance(value, Bilingual):
        yield value, path
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name != "base":  # what a pack stands upon has been read already
                yield from _bilingual(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _bilingual(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for at, inner in enumerate(value):
            yield from _bilingual(inner, (*path, at))


def _is_of_a_language(text: str) -> bool:
    """Return whether words belong to one language: a single Latin word, such as a unit (`km`), may be in both."""
    return bool(_CHINESE.search(text)) or len(_WORDS.findall(text)) > 1
