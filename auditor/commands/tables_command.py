"""`tables show`: every table and column with its meaning, from the one declaration."""

from __future__ import annotations

from collections.abc import Iterator

import click
from tabulate import tabulate

from auditor.commands.options import build as build_command
from auditor.commands.showing import show
from auditor.commands.worded import WordedGroup
from auditor.errors import BadInput, Problem
from auditor.packs.mistakes import near
from auditor.reports.to_table import wrap
from auditor.tables.declaration import Column, Table, load_declaration
from auditor.texts import Lang, say


def build(lang: Lang) -> click.Group:
    """Return the group in a language."""

    def show_tables(names: tuple[str, ...]) -> int:
        return _show(names, lang)

    group = WordedGroup(lang=lang, name="tables", help=say("help", "tables", {}, lang))
    group.add_command(
        build_command(show_tables, "show", lang, click.argument("names", nargs=-1, metavar="[TABLE]…")),
        "show",
    )
    return group


def _show(names: tuple[str, ...], lang: Lang) -> int:
    declaration = load_declaration()
    known = {name: each for each in declaration.tables.values() for name in each.names}
    unknown = [name for name in names if declaration.table(name) is None]
    if unknown:
        expected = "、".join(declaration.tables)
        raise BadInput(
            Problem("usage.unknown_table", {"value": name, "expected": expected}, hint=near(name, known))
            for name in unknown
        )
    chosen = [declaration.table(name) for name in names] if names else list(declaration.tables.values())
    show(part for table in chosen if table for part in _table(table, lang))
    return 0


def _table(table: Table, lang: Lang) -> Iterator[str]:
    label, meaning = table.label.model_dump(), table.meaning.model_dump()
    yield (
        f"{table.name} {label['zh']}：{meaning['zh']}\n"
        if lang == "zh"
        else f"{table.name} {label['zh']}: {meaning['en']}\n"
    )
    yield say("tables", "key", {"key": " + ".join(table.key), "date": table.date or "—"}, lang) + "\n"
    rows = [_row(column, lang) for column in table.columns.values()]
    headers = [
        say("tables", f"column.{each}", {}, lang) for each in ("name", "label", "type", "meaning", "values")
    ]
    yield tabulate(rows, headers, tablefmt="simple", disable_numparse=True) + "\n\n"


def _row(column: Column, lang: Lang) -> list[str]:
    values = say("tables", "join", {}, lang).join(f"{code} {label}" for code, label in column.values.items())
    return [
        column.name, column.label.zh, say("tables", f"type.{column.type}", {}, lang),
        wrap(column.meaning.model_dump()[lang], 36), wrap(values, 48),
    ]  # fmt: skip
