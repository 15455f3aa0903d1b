"""What becomes of a planned event, in words: for `check` and `plan`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.authoring.filing import EventPlan
from auditor.model.audit import RowPlace
from auditor.model.requirement import Requirement
from auditor.reports.view import place_of
from auditor.texts import Lang, say


def event_in_words(
    plan: EventPlan,
    requirement: Requirement,
    rows: Mapping[Lang, Mapping[RowPlace, Mapping[str, str]]],
    lang: Lang,
) -> list[str]:
    """Return the lines of a planned event: where it stands, what becomes of it, what its row holds."""
    event = plan.event
    place = (event.file, event.sheet, event.row)
    figures = {
        "place": place_of(*place), "unit": event.unit_id, "held": event.held_on, "filed": event.filed_on,
        "lead": plan.lead, "asked": event.asked, "last": plan.last_filing_on, "earliest": plan.earliest_on,
        "title": requirement.title.in_language(lang), "id": requirement.id, "clause": requirement.clause,
    }  # fmt: skip
    lines = [say("plan", f"event.{_code(plan)}", figures, lang)]
    lines += [say("plan", "event.borderline", {}, lang)] if plan.borderline else []
    lines += [] if plan.announced else [say("plan", "event.unannounced", {}, lang)]
    cells = rows[lang].get(place, {})
    if cells:
        told = (say("explain", "cell", {"label": key, "value": value}, lang) for key, value in cells.items())
        lines.append(say("explain", "cells", {}, lang).join(told))
    return lines


def _code(plan: EventPlan) -> str:
    if plan.lead is not None:
        return "too_late"
    return "never_filed" if plan.cannot_pass else "to_file"


def event_as_json(plan: EventPlan) -> dict[str, Any]:
    """Return a planned event as plain values."""
    event = plan.event
    return {
        "requirement_id": event.requirement_id,
        "unit_id": event.unit_id,
        "file": event.file,
        "sheet": event.sheet,
        "row": event.row,
        "filed_on": event.filed_on,
        "held_on": event.held_on,
        "asked": event.asked,
        "lead": plan.lead,
        "cannot_pass": plan.cannot_pass,
        "last_filing_on": plan.last_filing_on,
        "earliest_on": plan.earliest_on,
        "borderline": plan.borderline,
        "calendar": None if plan.announced else "unannounced",
    }
