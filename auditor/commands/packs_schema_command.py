"""`packs schema`: the JSON Schema of a pack, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.commands.delivering import check_delivery, deliver
from auditor.commands.options import build as build_command
from auditor.commands.options import option
from auditor.packs.schema import schema_text
from auditor.tables.declaration import load_declaration
from auditor.texts import Lang

_FORMATS = ("json",)


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(out: Path | None) -> int:
        check_delivery("json", _FORMATS, out)
        deliver([schema_text(load_declaration())], out)
        return 0

    return build_command(
        run, "packs_schema", lang, option(lang, "--out", "-o", type=click.Path(path_type=Path))
    )
