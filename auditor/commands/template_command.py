"""`template`: a workbook to fill in for some packs; `--checklist`: what a person has to check on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from auditor.authoring.checklist import checklist
from auditor.authoring.checklist_workbook import checklist_workbook
from auditor.authoring.template import template
from auditor.authoring.template_workbook import template_workbook
from auditor.commands.delivering import check_delivery
from auditor.commands.options import build as build_command
from auditor.commands.options import option, set_option, year_option
from auditor.commands.showing import show
from auditor.errors import BadInput, Problem
from auditor.packs.load import load_packs, packs_shipped
from auditor.reports.writing import write_file
from auditor.tables.declaration import load_declaration
from auditor.texts import Lang, say


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(**given: Any) -> int:
        return _run(lang, given)

    return build_command(
        run, "template", lang,
        option(lang, "--pack", "packs", multiple=True, metavar="NAME|FILE"),
        option(lang, "--unit-type", "unit_types", multiple=True, metavar="TYPE"),
        option(lang, "--checklist", is_flag=True),
        option(lang, "--unit", "units", multiple=True, metavar="UNIT", said_as="unit-of-checklist"),
        year_option(lang, said_as="year-of-checklist"),
        set_option(lang),
        # What ducha.toml calls `out` is a report's place: hence another name.
        option(lang, "--out", "-o", "place", type=click.Path(path_type=Path), said_as="out-of-template"),
    )  # fmt: skip


def _run(lang: Lang, given: dict[str, Any]) -> int:
    name = "checklist" if given["checklist"] else "template"
    place = given["place"] or Path(say("template", f"file.{name}", {}, lang))
    _refuse(given, place)
    packs, declaration = load_packs(given["packs"], load_declaration(), given["settings"] or None)
    types = given["unit_types"]
    if given["checklist"]:
        rows = checklist(packs, declaration, types, given["units"], given["year"])
        form, figures = checklist_workbook(rows, declaration, lang), {"count": len(rows.rows)}
    else:
        asked = template(packs, declaration, types)
        columns = sum(len(each.columns) for each in asked.tables)
        figures = {"tables": len(asked.tables), "columns": columns, "count": len(asked.requirements)}
        form = template_workbook(asked, declaration, lang)
    write_file(place, [form])
    show([say("template", f"written.{name}", {"file": place, **figures}, lang) + "\n"])
    return 0


def _refuse(given: dict[str, Any], place: Path) -> None:
    """Refuse before the work what is missing, what goes with a checklist alone, and a place that will not do."""
    problems = [] if given["packs"] else [Problem("usage.no_pack", {"expected": "、".join(packs_shipped())})]
    if not given["checklist"]:
        figures = {"expected": "--checklist"}
        problems += [
            Problem("usage.only_with", {"value": f"--{each}", **figures}) for each in _typed("unit", "year")
        ]
    if place.suffix.lower() != ".xlsx":
        problems.append(Problem("usage.not_a_workbook", {"value": str(place)}))
    elif place.is_file():
        problems.append(Problem("usage.file_exists", {"value": str(place)}))
    if problems:
        raise BadInput(problems)
    check_delivery("xlsx", ("xlsx",), place)


def _typed(*names: str) -> list[str]:
    """Return those of the options that stand in the command line itself; ducha.toml may hold them for audits."""
    context, parameters = click.get_current_context(), {"unit": "units"}
    return [
        each
        for each in names
        if context.get_parameter_source(parameters.get(each, each)) is ParameterSource.COMMANDLINE
    ]
