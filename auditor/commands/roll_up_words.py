"""An audit summed up, as a table, as CSV and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from tabulate import tabulate

from auditor.authoring.roll_up import MOST_FAILED, Failed, RolledUp, RollUp
from auditor.model.audit import Audit
from auditor.model.finding import VERDICTS
from auditor.reports.json_text import json_page
from auditor.reports.to_csv import line
from auditor.reports.to_table import wrap
from auditor.texts import Lang, say

_UNITS_SHOWN = 8
_NAME_WIDTH = 20


def as_table(found: RollUp, audit: Audit, lang: Lang, width: int) -> Iterator[str]:
    """Yield the text: a row for each unit of the level, then what most of its units failed and who sent nothing."""
    page = _Page(found, audit, lang, width)
    source = audit.provenance
    yield page.say("title", level=found.level, levels=found.levels) + "\n"
    packs = page.say("join").join(f"{each.pack} {each.version}" for each in source.packs)
    yield (
        page.say("source", packs=packs, first=source.first_on, last=source.last_on, as_of=source.as_of)
        + "\n\n"
    )
    headers = [page.say(f"column.{each}") for each in ("name", "units", "judged", "median", "worst")]
    headers += [page.verdict(verdict) for verdict in VERDICTS]
    rows = [page.cells(each, title) for each, title in page.rows()]
    align = ["left"] + ["right"] * (len(headers) - 1)
    yield tabulate(rows, headers, tablefmt="simple", colalign=align, disable_numparse=True) + "\n"
    for each, title in page.rows():
        yield from page.details(each, title)


def as_csv(found: RollUp, audit: Audit, lang: Lang) -> Iterator[str]:
    """Yield the same for a spreadsheet, a row each; the last row is the total."""
    page = _Page(found, audit, lang, 100)
    names = ("unit_id", "name", "units", "judged", "median", "worst", "worst_units")
    headers = [page.say(f"column.{each}") for each in names] + [page.verdict(each) for each in VERDICTS]
    headers += [page.say("column.failed", place=at) for at in range(1, MOST_FAILED + 1)]
    yield "\ufeff" + line([*headers, page.say("column.sent_nothing")])
    join = page.say("join").join
    for each, title in page.rows():
        failed = [page.failed(one, len(one.unit_ids)) for one in each.failed]
        yield line([
            each.unit_id, each.name or title, each.units, each.judged, each.median, each.worst,
            join(each.worst_units), *(each.counts[verdict] for verdict in VERDICTS),
            *failed, *[""] * (MOST_FAILED - len(failed)), join(each.sent_nothing),
        ])  # fmt: skip


def as_json(found: RollUp, audit: Audit) -> Iterator[str]:
    """Yield the same as one JSON object, with the titles of the requirements in both languages."""
    source = audit.provenance
    told = {
        "level": found.level,
        "levels": found.levels,
        "packs": [{"pack": each.pack, "version": each.version, "sha256": each.content_hash} for each in source.packs],
        "window": {"from": source.first_on, "to": source.last_on},
        "as_of": source.as_of,
        "rows": [_row(each, audit) for each in found.rows],
        "above": _row(found.above, audit) if found.above else None,
        "total": _row(found.total, audit),
    }  # fmt: skip
    yield json_page(told)


def _row(row: RolledUp, audit: Audit) -> dict[str, Any]:
    titles = [audit.requirements[each.requirement_id].title.model_dump() for each in row.failed]
    failed = [
        {**asdict(each), "title": title, "units": len(each.unit_ids)}
        for each, title in zip(row.failed, titles, strict=True)
    ]
    return {**asdict(row), "failed": failed}


class _Page:
    def __init__(self, found: RollUp, audit: Audit, lang: Lang, width: int) -> None:
        self.found, self.audit, self.lang, self.width = found, audit, lang, width
        self.names = {unit.unit_id: unit.name or "" for unit in audit.units}

    def say(self, code: str, **figures: Any) -> str:
        return say("roll_up", code, figures, self.lang)

    def verdict(self, verdict: str) -> str:
        return say("words", f"verdict.{verdict}", {}, self.lang)

    def rows(self) -> Iterator[tuple[RolledUp, str]]:
        """Yield the rows with the words for those that are no one unit."""
        yield from ((each, "") for each in self.found.rows)
        if self.found.above:
            yield self.found.above, self.say("above")
        yield self.found.total, self.say("total")

    def cells(self, row: RolledUp, title: str) -> list[str]:
        scores = ["—" if each is None else str(each) for each in (row.median, row.worst)]
        named = f"{row.unit_id} {row.name or ''}".strip() if row.unit_id else title
        counts = [str(row.counts[verdict]) for verdict in VERDICTS]
        return [wrap(named, _NAME_WIDTH), str(row.units), str(row.judged), *scores, *counts]

    def details(self, row: RolledUp, title: str) -> Iterator[str]:
        if row.units == 1 or not (row.failed or row.sent_nothing):
            return
        yield "\n" + (f"■ {row.unit_id} {row.name or ''}".strip() if row.unit_id else f"■ {title}") + "\n"
        if row.failed:
            yield "  " + self.say("failed") + "\n"
        for each in row.failed:
            yield self.lines(self.failed(each, _UNITS_SHOWN), "    ")
        if row.more_failed:
            yield "    " + self.say("more_failed", more=row.more_failed) + "\n"
        if row.worst_units:
            yield self.lines(
                self.say("worst", score=row.worst, units=self.units(row.worst_units, _UNITS_SHOWN)), "  "
            )
        if row.sent_nothing:
            units = self.units(row.sent_nothing, _UNITS_SHOWN)
            yield self.lines(self.say("sent_nothing", number=len(row.sent_nothing), units=units), "  ")

    def lines(self, text: str, indent: str) -> str:
        return indent + wrap(text, self.width - len(indent) - 2).replace("\n", f"\n{indent}  ") + "\n"

    def failed(self, failed: Failed, most: int) -> str:
        requirement = self.audit.requirements[failed.requirement_id]
        return self.say(
            "one_failed", title=requirement.title.in_language(self.lang), id=requirement.id,
            clause=requirement.clause, number=len(failed.unit_ids), units=self.units(failed.unit_ids, most),
        )  # fmt: skip

    def units(self, unit_ids: tuple[str, ...], most: int) -> str:
        told = [f"{each} {self.names[each]}".strip() for each in unit_ids[:most]]
        more = [f"+{len(unit_ids) - most}"] if len(unit_ids) > most else []
        return self.say("join").join([*told, *more])
