"""`plan`: the last day for each filing and approval of an event, and the planned events that are too late."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from auditor.authoring.filing import FilingDuty
from auditor.authoring.plan import Planned, plan
from auditor.commands.delivering import check_delivery, deliver
from auditor.commands.options import DATA, DAY, DAY_SHOWN, as_written, option, options_of, set_option
from auditor.commands.options import build as build_command
from auditor.commands.plan_words import event_as_json, event_in_words
from auditor.errors import BadInput, Problem
from auditor.packs.load import load_pack, packs_shipped
from auditor.reports.json_text import json_page
from auditor.reports.to_table import wrap
from auditor.tables.database import Database
from auditor.texts import Lang, say

FORMATS = ("table", "json")


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(data: Path | Database | None, **given: Any) -> int:
        return _run(data, lang, given)

    return build_command(
        run, "plan", lang,
        click.argument("data", type=DATA, required=False),
        option(lang, "--event-on", type=DAY, metavar=DAY_SHOWN, required=True),
        option(lang, "--pack", "packs", multiple=True, metavar="NAME|FILE"),
        # What ducha.toml calls `unit`, `format` and `out` is an audit's: hence other names.
        option(lang, "--unit", "units_chosen", multiple=True, metavar="UNIT", said_as="unit-of-plan"),
        option(lang, "--as-of", type=DAY, metavar=DAY_SHOWN, said_as="as-of-plan"),
        option(lang, "--calendar", type=click.Path(path_type=Path)),
        set_option(lang),
        option(lang, "--assume-effective", is_flag=True),
        option(lang, "--skip-bad-rows", is_flag=True),
        *as_written(lang),
        option(lang, "--format", "shown_as", default="table", metavar="|".join(FORMATS)),
        option(lang, "--out", "-o", "place", type=click.Path(path_type=Path)),
    )  # fmt: skip


def _run(data: Path | Database | None, lang: Lang, given: dict[str, Any]) -> int:
    check_delivery(given["shown_as"], FORMATS, given["place"])
    packs = list(given["packs"]) or _shipped_without_parameters()
    if data is None and given["units_chosen"]:
        raise BadInput([Problem("usage.only_with", {"value": "--unit", "expected": "DATA"})])
    options = options_of(**{**given, "units": given["units_chosen"]})
    event_on: datetime = given["event_on"]
    today = options.as_of or options.today
    assert today is not None
    found = plan(packs, event_on.date(), today, options, data)
    parts = _as_json(found) if given["shown_as"] == "json" else _as_table(found, lang)
    deliver(parts, given["place"])
    return 1 if any(each.cannot_pass for each in found.plans or ()) else 0


def _shipped_without_parameters() -> list[str]:
    return [pack.pack for pack in map(load_pack, packs_shipped().values()) if not pack.settings]


def _as_table(found: Planned, lang: Lang) -> Iterator[str]:
    width = min(max(80, shutil.get_terminal_size((100, 40)).columns), 120)

    def lines(text: str, indent: str) -> str:
        return indent + wrap(text, width - len(indent) - 2).replace("\n", f"\n{indent}  ") + "\n"

    yield say("plan", "title", {"held": found.held_on, "today": found.today}, lang) + "\n"
    if not found.duties:
        yield lines(say("plan", "none", {}, lang), "  ")
    for each in found.duties:
        yield lines("• " + _duty(each, found, lang), "  ")
        if not each.announced:
            yield lines(say("plan", "duty.unannounced", {}, lang), "    ")
    if found.plans is None:
        return
    code = "events" if found.plans else "events.none"
    yield "\n" + say("plan", code, {"number": len(found.plans)}, lang) + "\n"
    for event in found.plans:
        first, *rest = event_in_words(event, found.requirements[event.event.requirement_id], found.rows, lang)
        yield lines("• " + first, "  ")
        yield from (lines(line, "    ") for line in rest)


def _duty(duty: FilingDuty, found: Planned, lang: Lang) -> str:
    requirement = duty.requirement
    label = found.declaration.tables[duty.table].columns[duty.column].label.model_dump()[lang]
    kind = "lead" if duty.asked is not None else "before"
    passed = {"lead": "passed", "before": "before_passed"}[kind]
    figures = {
        "title": requirement.title.in_language(lang), "id": requirement.id, "clause": requirement.clause,
        "asked": duty.asked, "last": duty.last_on, "left": duty.working_days_left, "earliest": duty.earliest_on,
        "column": label,
    }  # fmt: skip
    return say("plan", f"duty.{passed if duty.has_passed else kind}", figures, lang)


def _as_json(found: Planned) -> Iterator[str]:
    told = {
        "event_on": found.held_on,
        "as_of": found.today,
        "duties": [
            {
                "requirement_id": each.requirement.id, "title": each.requirement.title.model_dump(),
                "clause": each.requirement.clause, "asked": each.asked, "table": each.table, "column": each.column,
                "last_on": each.last_on, "working_days_left": each.working_days_left,
                "has_passed": each.has_passed, "earliest_on": each.earliest_on,
                "calendar": None if each.announced else "unannounced",
            }
            for each in found.duties
        ],
        "events": None if found.plans is None else [event_as_json(each) for each in found.plans],
    }  # fmt: skip
    yield json_page(told)
