"""`packs new`: a pack to begin with, explained line by line, that is sound as it stands."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.commands.delivering import check_delivery
from auditor.commands.options import build as build_command
from auditor.commands.showing import show
from auditor.errors import BadInput, Problem
from auditor.packs.starter import starter
from auditor.reports.writing import write_file
from auditor.texts import Lang, say


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(name: str, out: Path | None) -> int:
        place = out or Path(f"{name}.yaml")
        text = starter(name, lang)
        check_delivery("yaml", ("yaml",), place)
        if place.exists():
            raise BadInput([Problem("usage.file_exists", {"value": str(place)})])
        write_file(place, [text])
        show([say("packs", "new", {"file": place}, lang) + "\n"])
        return 0

    return build_command(
        run, "packs_new", lang,
        click.argument("name", metavar="NAME"),
        click.option(
            "--out", "-o", type=click.Path(path_type=Path), help=say("help", "option.out-of-new", {}, lang)
        ),
    )  # fmt: skip
