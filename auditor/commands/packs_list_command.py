"""`packs list`: the shipped packs, a line each."""

from __future__ import annotations

import click
from tabulate import tabulate

from auditor.commands.options import build as build_command
from auditor.commands.showing import show
from auditor.model.requirement import Pack
from auditor.packs.load import load_pack, packs_shipped
from auditor.reports.to_table import wrap
from auditor.texts import Lang, say

_COLUMNS = ("pack", "issued", "effective", "automated", "manual", "parameters", "title")
_TITLE_WIDTH = 26


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run() -> int:
        headers = [say("packs", f"column.{each}", {}, lang) for each in _COLUMNS]
        rows = [_row(load_pack(path), lang) for path in packs_shipped().values()]
        align = ["right" if each in ("automated", "manual") else "left" for each in _COLUMNS]
        table = tabulate(rows, headers, tablefmt="simple", colalign=align, disable_numparse=True)
        show([table + "\n", *_footnote(rows, lang)])
        return 0

    return build_command(run, "packs_list", lang)


def _row(pack: Pack, lang: Lang) -> list[str]:
    manual = sum(each.measure.kind == "attest" for each in pack.requirements)
    days = (pack.effective.from_, pack.effective.to)
    return [
        f"{pack.pack}\n{pack.version}",
        str(pack.issued or "—"),
        "\n".join(say("packs", f"effective.{at}", {"day": day}, lang) for at, day in _ends(days)) or "—",
        str(len(pack.requirements) - manual),
        str(manual),
        "\n".join(f"{name}={each.example}" for name, each in pack.parameters.items()),
        wrap(pack.title.in_language(lang), _TITLE_WIDTH),
    ]


def _ends(days: tuple[object, object]) -> list[tuple[str, object]]:
    return [(at, day) for at, day in zip(("from", "to"), days, strict=True) if day is not None]


def _footnote(rows: list[list[str]], lang: Lang) -> list[str]:
    """Return what the values of parameters are, where a pack has any."""
    has_parameters = any(row[_COLUMNS.index("parameters")] for row in rows)
    return ["\n" + say("packs", "examples", {}, lang) + "\n"] if has_parameters else []
