"""`demo`: audits the shipped sample, and says what to try next."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.audit import Options, audit
from auditor.commands.options import build as build_command
from auditor.commands.showing import show, shows_colours
from auditor.commands.telling import tell
from auditor.reports.registry import Layout, writer
from auditor.shipped import shipped
from auditor.texts import Lang, say

SAMPLE = "fixtures/university-2024"


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run() -> int:
        return _run(shipped(SAMPLE), lang)

    return build_command(run, "demo", lang)


def _run(sample: Path, lang: Lang) -> int:
    with audit(sample, ["henan-2023"], 2024, Options()) as done:
        show(writer("table")(done, Layout(lang, colour=shows_colours())))
        failed = done.failed
    tell(say("help", "demo.next", {"sample": _typed(sample), "called": _called()}, lang))
    return 1 if failed else 0


def _called() -> str:
    """Return how the program was called."""
    return click.get_current_context().find_root().info_name or "ducha"


def _typed(sample: Path) -> str:
    """Return the sample's path as short as it can be typed here."""
    here = Path.cwd()
    return str(sample.relative_to(here)) if sample.is_relative_to(here) else str(sample)
