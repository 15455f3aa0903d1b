"""What there is to say about the data beside the findings, in words: problems, warnings, uncounted rows, questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from auditor.errors import Place, Problem
from auditor.model.audit import Audit, Question, RowNote
from auditor.texts import Lang, say, say_problem

QUESTIONS_KEPT = 200
"""Questions of one rule that a digest holds: the first in order; how many there are is always known."""


@dataclass(frozen=True)
class Told:
    """A problem or warning in words: where, what is wrong, what to do."""

    code: str
    place: Place
    where: str
    what: str
    do: str


@dataclass(frozen=True)
class Asked:
    """The questions of one rule: `count` of them, of which `kept` are the first in order."""

    rule_id: str
    title: str
    count: int
    kept: tuple[Question, ...]


@dataclass(frozen=True)
class Notes:
    """What there is to say about the data.

    `planned` rows lie after the as-of day, `undated` ones have no day, `left_out` ones did not count otherwise.
    """

    problems: tuple[Told, ...]
    warnings: tuple[Told, ...]
    planned: tuple[RowNote, ...]
    undated: tuple[RowNote, ...]
    left_out: tuple[RowNote, ...]
    questions: tuple[Asked, ...]


def notes_of(audit: Audit, lang: Lang) -> Notes:
    """Return what there is to say about an audit's data; the questions are read once."""
    data = audit.data
    return Notes(
        problems=tuple(told(each, lang) for each in data.problems),
        warnings=tuple(told(each, lang) for each in data.warnings),
        planned=data.planned,
        undated=data.undated,
        left_out=data.left_out,
        questions=tuple(_asked(audit.questions(), lang)),
    )


def told(problem: Problem, lang: Lang) -> Told:
    """Return a problem in words."""
    what, do = say_problem(problem.code, problem.figures, lang)
    return Told(problem.code, problem.place, where(problem.place, lang), what, do)


def where(place: Place, lang: Lang) -> str:
    """Return where a problem stands, in words; empty where it stands nowhere."""
    named = {"file": place.file, "sheet": place.sheet, "row": place.row, "column": place.column}
    return " ".join(say("usage", f"place.{key}", {key: value}, lang) for key, value in named.items() if value)


def _asked(questions: Iterable[Question], lang: Lang) -> Iterator[Asked]:
    for rule_id, same in groupby(questions, key=lambda each: each.rule_id):
        kept: list[Question] = []
        count = 0
        for each in same:
            count += 1
            if count <= QUESTIONS_KEPT:
                kept.append(each)
        yield Asked(rule_id, kept[0].title[lang], count, tuple(kept))
