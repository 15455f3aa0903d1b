"""What the doctor found, for a terminal: what was recognised, what was not, every problem, a summary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from tabulate import tabulate

from auditor.authoring.doctor import Examined, Place
from auditor.authoring.doctor_workbook import Copy
from auditor.authoring.marking import Entry, cell_name
from auditor.reports.to_table import wrap
from auditor.tables.database import Database
from auditor.tables.declaration import Declaration, word
from auditor.tables.door.text_files import ENCODINGS
from auditor.tables.door.xml import column_letters
from auditor.tables.recognised import Recognised, RecognisedColumn
from auditor.texts import Lang, say

_SAID_AS_FACTS = (
    *("table.read_encoding", "table.read_header_of_two", "table.read_merged"),
    *("table.read_hidden_sheet", "table.read_hidden_rows", "table.read_hidden_columns"),
)
_UNDERSTOOD = ("read_", "left_out_")
"""How the codes of warnings begin, after `table.`, that say how something was read."""
_LABELS, _CELLS, _COLUMNS = 12, 8, 16
"""How wide the first columns of the tables are."""
_LISTED = 20
"""How many hidden rows, or merged cells, are named."""


def as_table(
    examined: Examined,
    entries: Sequence[Entry],
    copy: Copy | None,
    place: Path | None,
    declaration: Declaration,
    lang: Lang,
    width: int,
) -> Iterator[str]:
    """Yield the text, a part at a time."""
    page = _Page(examined, entries, declaration, lang, width)
    yield page.say("title", data=examined.data.name) + "\n"
    yield from page.recognised()
    yield from page.not_recognised()
    yield from page.listed(True)
    yield from page.listed(False)
    yield from page.missing()
    yield from page.summary()
    if copy is not None:
        yield page.lines(page.say("written", file=place))
        for note in copy.notes[2:]:
            yield page.lines(note, "  ")


class _Page:
    def __init__(
        self, examined: Examined, entries: Sequence[Entry], declaration: Declaration, lang: Lang, width: int
    ) -> None:
        self.examined, self.entries, self.declaration = examined, entries, declaration
        self.lang, self.width = lang, max(width, 60)

    def say(self, code: str, **figures: Any) -> str:
        return say("doctor", code, figures, self.lang)

    def join(self, texts: Sequence[str]) -> str:
        return self.say("join").join(texts)

    def label(self, labelled: Any) -> str:
        return str(labelled.label.zh if self.lang == "zh" else labelled.label.en)

    def place(self, file: str | None, sheet: str | None) -> str:
        if file is None:
            return self.say("place.data")
        return self.say("place.sheet", file=file, sheet=sheet) if sheet else file

    def lines(self, text: str, indent: str = "") -> str:
        return indent + wrap(text, self.width - len(indent) - 2).replace("\n", f"\n{indent}") + "\n"

    def heading(self, code: str, **figures: Any) -> str:
        return f"\n{self.say('heading', text=self.say(code, **figures))}\n"

    # ---- What was recognised ---------------------------------------------------------------------

    def recognised(self) -> Iterator[str]:
        if not self.examined.read:
            return
        yield self.heading("recognised", count=len(self.examined.read))
        for each in self.examined.read:
            table = self.declaration.tables[each.table or ""]
            figures = {"table": self.label(table), "name": table.name, "rows": each.rows}
            yield "\n" + self.lines(self.say("sheet_is", place=self.place(each.file, each.sheet), **figures))
            facts = [(label, text) for label, text in self.facts(each) if text]
            rows = [(label, wrap(text, self.width - _LABELS - 6)) for label, text in facts]
            aligned = tabulate(rows, tablefmt="plain", disable_numparse=True)
            yield "".join(f"  {line}\n" for line in aligned.split("\n"))

    def facts(self, each: Recognised) -> Iterator[tuple[str, str]]:
        """Yield what is to be said of a sheet: a label and a text, blank where there is nothing."""
        facts, columns = each.facts, each.columns
        named = [self.column(each, column) for column in columns if column.column]
        left = [
            self.say(f"column.{column.use}", header=_named(column)) for column in columns if not column.column
        ]
        hidden, merged = self.say("hidden.join").join(self.hidden(each)), self.some(facts.merged_filled)
        texts = {
            "header": self.header(each) if columns else "",
            "columns": self.join(named),
            "not_read": self.join(left),
            "encoding": ENCODINGS.get(facts.encoding or "", facts.encoding or ""),
            # Day 0 of the first epoch is the last but one day of 1899.
            "epoch": self.say("epoch", year=max(facts.epoch.year, 1900)) if facts.epoch else "",
            "hidden": self.say("hidden", parts=hidden) if hidden else "",
            "merged": self.say("merged", cells=merged) if merged else "",
            "understood": "\n".join(self.understood(each)),
        }
        for name, text in texts.items():
            yield self.say(f"fact.{name}"), text

    def header(self, each: Recognised) -> str:
        if not each.header_rows:
            return self.say("header.stored" if isinstance(self.examined.data, Database) else "header.none")
        rows = self.join([str(row) for row in each.header_rows])
        return self.say("header.row" if len(each.header_rows) == 1 else "header.rows", rows=rows)

    def column(self, each: Recognised, column: RecognisedColumn) -> str:
        """Return a column as written, and what it was taken for where that is not the same word."""
        declared = self.declaration.tables[each.table or ""].columns[column.column or ""]
        label = self.label(declared)
        code = "column.same" if word(column.header) == word(label) else "column.read"
        return self.say(code, header=_named(column), label=label)

    def hidden(self, each: Recognised) -> Iterator[str]:
        if each.facts.is_hidden:
            yield self.say("hidden.sheet")
        if each.facts.hidden_rows:
            yield self.say("hidden.rows", rows=self.some(list(map(str, each.facts.hidden_rows))))
        if each.facts.hidden_columns:
            letters = [column_letters(number) for number in each.facts.hidden_columns]
            yield self.say("hidden.columns", columns=self.some(letters))

    def some(self, texts: Sequence[str]) -> str:
        more = len(texts) - _LISTED
        return self.join(texts[:_LISTED]) + (self.say("more", count=more) if more > 0 else "")

    def understood(self, each: Recognised) -> Iterator[str]:
        for entry in self.entries:
            is_here = entry.told.place == (each.file, each.sheet) and _is_understood(entry)
            if is_here and entry.told.problem.code not in _SAID_AS_FACTS:
                yield entry.what

    def not_recognised(self) -> Iterator[str]:
        """Yield the files and sheets that gave nothing; why stands among the problems."""
        unknown = [each for each in self.examined.recognised if each.table is None]
        if not unknown and not self.examined.unread:
            return
        yield self.heading("not_recognised")
        for each in unknown:
            yield self.lines(self.say("no_table", place=self.place(each.file, each.sheet)), "  ")
        for file in self.examined.unread:
            yield self.lines(self.say("not_read", place=file), "  ")

    # ---- Problems ----------------------------------------------------------------------------------

    def listed(self, is_problem: bool) -> Iterator[str]:
        """Yield the problems, or the warnings that were not said of a sheet, by file and sheet."""
        chosen = [each for each in self.entries if each.is_problem is is_problem and not _is_understood(each)]
        if not chosen:
            return
        yield self.heading("problems" if is_problem else "warnings", count=len(chosen))
        by_place: Callable[[Entry], Place] = lambda entry: entry.told.place  # noqa: E731 - a key
        for (file, sheet), here in groupby(chosen, key=by_place):
            yield "\n" + self.lines(self.place(file, sheet))
            rows = [self.row(entry) for entry in here]
            headers = [self.say(f"list.{name}") for name in ("cell", "column")] + [self.say("list.what_do")]
            aligned = tabulate(rows, headers, tablefmt="simple", disable_numparse=True)
            yield "".join(f"  {line}\n" for line in aligned.split("\n"))

    def row(self, entry: Entry) -> tuple[str, str, str]:
        column = entry.told.problem.place.column or ""
        room = self.width - _CELLS - _COLUMNS - 8
        text = wrap(entry.what, room) + "\n" + wrap(self.say("do", do=entry.do), room)
        return cell_name(entry.told, self.lang) or "—", wrap(column, _COLUMNS) or "—", text

    # ---- The end -----------------------------------------------------------------------------------

    def missing(self) -> Iterator[str]:
        missing = self.examined.missing
        if not missing:
            return
        yield self.heading("missing", count=len(missing))
        if any(table.name == "units" for table in missing):
            yield self.lines(self.say("missing.units"), "  ")
        if names := [self.label(table) for table in missing if table.name != "units"]:
            yield self.lines(self.say("missing.tables", tables=self.join(names)), "  ")

    def summary(self) -> Iterator[str]:
        found = self.examined
        problems = sum(entry.is_problem for entry in self.entries)
        figures = {
            "files": len({*(each.file for each in found.recognised), *found.unread}),
            "tables": len({each.table for each in found.read}),
            "rows": sum(each.rows for each in found.read),
        }
        yield self.heading("summary")
        yield self.lines(self.say("counts", **figures), "  ")
        code = "verdict.problems" if problems else "verdict.none" if self.entries else "none"
        yield self.lines(self.say(code, problems=problems, warnings=len(self.entries) - problems), "  ")


def _named(column: RecognisedColumn) -> str:
    return f"{column.letter} {column.header}" if column.letter else column.header


def _is_understood(entry: Entry) -> bool:
    return not entry.is_problem and entry.told.problem.code.removeprefix("table.").startswith(_UNDERSTOOD)
