"""`sample`: rows of evidence to check against the paper on site."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from tabulate import tabulate

from auditor.audit import audit
from auditor.authoring.sample import Drawn, sample
from auditor.commands.delivering import check_delivery
from auditor.commands.options import as_written, data_argument, option, options_of, when, window_of
from auditor.commands.options import build as build_command
from auditor.commands.progress import progress
from auditor.commands.showing import show
from auditor.errors import BadInput, Problem
from auditor.model.audit import Audit
from auditor.packs.load import packs_shipped
from auditor.packs.mistakes import near
from auditor.reports.to_csv import line
from auditor.reports.to_table import wrap
from auditor.reports.view import place_of
from auditor.reports.writing import write_file
from auditor.tables.database import Database
from auditor.texts import Lang, say

FORMATS = ("table", "csv", "json", "xlsx")
_COLUMNS = {
    "unit_id": 10, "unit_name": 16, "requirement_id": 24, "clause": 8, "title": 30, "period": 12, "verdict": 10,
    "place": 24, "content": 60, "lot": 20, "agrees": 10, "difference": 24, "checked_by": 14, "checked_on": 12,
}  # fmt: skip
"""The columns and how wide each is; the last four are for the answer."""
_ANSWERS = 4
_LOT_SHOWN = 16


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(data: Path | Database, **given: Any) -> int:
        return _run(data, lang, given)

    return build_command(
        run, "sample", lang,
        data_argument(),
        option(lang, "--rows", type=int, default=5, metavar="N"),
        option(lang, "--seed", required=True, metavar="TEXT"),
        option(lang, "--pack", "packs", multiple=True, metavar="NAME|FILE"),
        *when(lang),
        option(lang, "--unit", "units", multiple=True, metavar="UNIT"),
        option(lang, "--skip-bad-rows", is_flag=True),
        *as_written(lang),
        # What ducha.toml calls `format` and `out` is an audit's report: hence other names.
        option(lang, "--out", "-o", "place", type=click.Path(path_type=Path), said_as="out-of-sample"),
    )  # fmt: skip


def _run(data: Path | Database, lang: Lang, given: dict[str, Any]) -> int:
    shown_as = _format(given["place"])
    window = window_of(given["year"], given["first_on"], given["last_on"])
    problems = [] if given["packs"] else [Problem("usage.no_pack", {"expected": "、".join(packs_shipped())})]
    problems += [] if window else [Problem("usage.no_window")]
    if given["rows"] < 1:
        problems.append(
            Problem("usage.number_too_small", {"value": "--rows", "given": given["rows"], "expected": 1})
        )
    if problems or window is None:
        raise BadInput(problems)
    with progress(lang) as bar:
        done = audit(data, given["packs"], window, replace(options_of(**given), tell=bar))
    with done:
        parts = _parts(done, sample(done, given["rows"], given["seed"], lang), shown_as, lang, given)
        if given["place"] is None:
            show(part if isinstance(part, str) else part.decode() for part in parts)
        else:
            write_file(given["place"], parts)
    return 0


def _format(place: Path | None) -> str:
    """Return the format that the name of the file asks for; the screen has the table."""
    suffix = "table" if place is None else place.suffix.lower().removeprefix(".")
    if suffix not in FORMATS or (place is not None and suffix == "table"):
        expected = "、".join(f".{each}" for each in FORMATS[1:])
        figures = {"value": f".{suffix}" if suffix else str(place), "expected": expected}
        raise BadInput([Problem("usage.unknown_format", figures, hint=near(suffix, FORMATS[1:]))])
    check_delivery(suffix, FORMATS, place)
    return suffix


def _parts(
    done: Audit, drawn: Iterator[Drawn], shown_as: str, lang: Lang, given: dict[str, Any]
) -> Iterator[str | bytes]:
    page = _Page(done, lang, given["seed"], given["rows"])
    headers = [page.say(f"column.{each}") for each in _COLUMNS]
    if shown_as == "json":
        yield page.json(drawn)
    elif shown_as == "csv":
        yield "\ufeff" + line(headers)
        yield from (line(page.cells(each)) for each in drawn)
    elif shown_as == "xlsx":
        from auditor.authoring.sample_workbook import sample_workbook  # noqa: PLC0415 - slow to load

        place = len(_COLUMNS) - _ANSWERS + 1
        yield sample_workbook(
            page.say("sheet"), page.notes(), headers, list(_COLUMNS.values()),
            map(page.cells, drawn), (place, page.say("answers")),
        )  # fmt: skip
    else:
        yield from page.table(drawn)


class _Page:
    def __init__(self, done: Audit, lang: Lang, seed: str, rows: int) -> None:
        self.done, self.lang, self.seed, self.rows = done, lang, seed, rows
        self.names = {unit.unit_id: unit.name or "" for unit in done.units}

    def say(self, code: str, **figures: Any) -> str:
        return say("sample", code, figures, self.lang)

    def notes(self) -> list[str]:
        """Return the method, a line each: how the rows were drawn, from which data, by which packs."""
        source = self.done.provenance
        packs = self.say("join").join(f"{each.pack} {each.version}" for each in source.packs)
        days = {"first": source.first_on, "last": source.last_on, "as_of": source.as_of}
        return [
            self.say("sheet.method"), self.say("title", seed=self.seed, rows=self.rows),
            self.say("source", packs=packs, **days), self.say("method"), self.say("how"),
            *(self.say("file", file=each.file, sha256=each.sha256) for each in source.data),
        ]  # fmt: skip

    def cells(self, drawn: Drawn) -> list[str]:
        requirement = self.done.requirements[drawn.requirement_id]
        periods = drawn.periods[0] if len(drawn.periods) == 1 else f"{drawn.periods[0]} … {drawn.periods[-1]}"
        verdicts = [say("words", f"verdict.{each}", {}, self.lang) for each in drawn.verdicts]
        return [
            drawn.unit_id, self.names.get(drawn.unit_id, ""), requirement.id, requirement.clause,
            requirement.title.in_language(self.lang), periods, self.say("join").join(verdicts),
            place_of(*drawn.place), self.content(drawn), drawn.lot[:_LOT_SHOWN], *[""] * _ANSWERS,
        ]  # fmt: skip

    def content(self, drawn: Drawn) -> str:
        told = (
            say("explain", "cell", {"label": label, "value": value}, self.lang)
            for label, value in drawn.content.items()
        )
        return say("explain", "cells", {}, self.lang).join(told)

    def table(self, drawn: Iterator[Drawn]) -> Iterator[str]:
        yield self.say("title", seed=self.seed, rows=self.rows) + "\n"
        width = min(max(80, shutil.get_terminal_size((100, 40)).columns), 120)
        yield wrap(self.say("method"), width) + "\n\n"
        shown = ("unit", "requirement", "place", "content", "agrees")
        headers = [self.say(f"column.{each}") for each in shown]
        rows = [self._row(each, width) for each in drawn]
        yield tabulate(rows, headers, tablefmt="simple", disable_numparse=True) + "\n"

    def _row(self, drawn: Drawn, width: int) -> Sequence[str]:
        cells = dict(zip(_COLUMNS, self.cells(drawn), strict=True))
        return [
            wrap(f"{drawn.unit_id} {cells['unit_name']}".strip(), 12),
            wrap(f"{cells['title']} [{drawn.requirement_id.partition('/')[2]}]", 18),
            wrap(cells["place"], 20),
            wrap(cells["content"], max(20, width - 66)),
            "□",
        ]

    def json(self, drawn: Iterator[Drawn]) -> str:
        keys = ("file", "sheet", "row")
        told = {
            "seed": self.seed,
            "rows": self.rows,
            "lot": "sha256(seed|unit_id|requirement_id|file|sheet|row)",
            "data": [{"file": each.file, "sha256": each.sha256} for each in self.done.provenance.data],
            "drawn": [
                {
                    "unit_id": each.unit_id, "requirement_id": each.requirement_id,
                    **dict(zip(keys, each.place, strict=True)), "lot": each.lot, "among": each.among,
                    "periods": each.periods, "verdicts": each.verdicts, "content": dict(each.content),
                }
                for each in drawn
            ],
        }  # fmt: skip
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
