"""What the doctor found as one JSON object; both languages are always in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from auditor.authoring.doctor import Examined, Told
from auditor.authoring.doctor_workbook import Copy
from auditor.commands.telling import problem_in_words
from auditor.reports.json_text import json_page
from auditor.tables.recognised import Recognised
from auditor.texts import LANGUAGES


def as_json(examined: Examined, copy: Copy | None, place: Path | None) -> Iterator[str]:
    """Yield the text of the object: data, recognised, unread, problems, warnings, missing_tables, copy."""
    told = {
        "data": [{"file": each.file, "sha256": each.sha256} for each in examined.files],
        "recognised": [_recognised(each) for each in examined.recognised],
        "unread": list(examined.unread),
        "problems": [_told(each) for each in examined.problems],
        "warnings": [_told(each) for each in examined.warnings],
        "missing_tables": [each.name for each in examined.missing],
        "copy": None if copy is None else {"file": str(place), "lost": copy.lost, "masked": copy.masked},
    }
    yield json_page(told)


def _recognised(recognised: Recognised) -> dict[str, Any]:
    return asdict(recognised)


def _told(told: Told) -> dict[str, Any]:
    problem = told.problem
    place = problem.place
    in_words = {lang: problem_in_words(problem, lang) for lang in LANGUAGES}
    return {
        "code": problem.code,
        "file": place.file,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "letter": told.letter,
        "figures": dict(problem.figures),
        "hint": problem.hint,
        **{lang: {"what": what, "do": do} for lang, (what, do) in in_words.items()},
    }
