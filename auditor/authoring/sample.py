"""Rows of evidence drawn for a check against the paper on site, so that anybody can repeat the draw.

For each unit and requirement every row of its evidence (once, whatever the number of periods that it counted in) has a
lot: the SHA-256, in hexadecimal, of the UTF-8 text

    seed|unit|requirement|file|sheet|row

with nothing where there is no sheet. The rows with the smallest lots are drawn, in that order. A spreadsheet and any
program that makes SHA-256 sums draw the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from auditor.model.audit import Audit, RowPlace
from auditor.model.finding import Finding
from auditor.texts import Lang

_ROWS_AT_ONCE = 2000
"""Rows whose contents are asked for in one go."""


@dataclass(frozen=True)
class Drawn:
    """A row drawn: its lot, where it stands, the periods and verdicts of the findings that rest on it.

    `among` is the number of rows that it was drawn from; `content` its filled cells by label.
    """

    unit_id: str
    requirement_id: str
    place: RowPlace
    lot: str
    among: int
    periods: tuple[str, ...]
    verdicts: tuple[str, ...]
    content: Mapping[str, str]


def lot(seed: str, unit_id: str, requirement_id: str, place: RowPlace) -> str:
    """Return the lot of a row."""
    file, sheet, row = place
    text = "|".join((seed, unit_id, requirement_id, file or "", sheet or "", str(row)))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def sample(audit: Audit, rows: int, seed: str, lang: Lang) -> Iterator[Drawn]:
    """Yield the rows drawn, by unit, requirement and lot."""
    waiting: list[Drawn] = []
    findings = audit.findings(True)
    for (unit_id, requirement_id), group in groupby(
        findings, key=lambda each: (each.unit_id, each.requirement_id)
    ):
        waiting += _draw(unit_id, requirement_id, list(group), rows, seed)
        if len(waiting) >= _ROWS_AT_ONCE:
            yield from _with_contents(waiting, audit, lang)
            waiting = []
    yield from _with_contents(waiting, audit, lang)


def _draw(
    unit_id: str, requirement_id: str, findings: list[Finding], rows: int, seed: str
) -> Iterator[Drawn]:
    rest: dict[RowPlace, list[Finding]] = {}
    for finding in findings:
        for place in dict.fromkeys((each.file, each.sheet, each.row) for each in finding.evidence):
            if place[0] is not None:
                rest.setdefault(place, []).append(finding)
    lots = sorted((lot(seed, unit_id, requirement_id, place), place) for place in rest)
    for number, place in lots[:rows]:
        yield Drawn(
            unit_id, requirement_id, place, number, len(lots), tuple(each.period for each in rest[place]),
            tuple(dict.fromkeys(each.verdict for each in rest[place])), {},
        )  # fmt: skip


def _with_contents(drawn: list[Drawn], audit: Audit, lang: Lang) -> Iterator[Drawn]:
    contents = audit.contents(audit.table_labels, [each.place for each in drawn], lang) if drawn else {}
    for each in drawn:
        yield Drawn(**{**each.__dict__, "content": contents.get(each.place, {})})
