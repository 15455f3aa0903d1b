"""Generated cases as the text of a case file, with a head that says what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from auditor.authoring.generate_cases_frame import UNIT, Draft, Frame
from auditor.authoring.generate_cases_rows import as_cells
from auditor.model.requirement import Pack, Requirement
from auditor.periods.period import Window, periods_in
from auditor.texts import Lang, say


class _Flow(yaml.SafeDumper):
    """Writes a value on one line, and twice rather than as an alias, which case files may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(
    requirement: Requirement,
    pack: Pack,
    named: str | None,
    settings: Mapping[str, str],
    drafts: Sequence[tuple[Frame, Draft]],
    lang: Lang,
) -> Iterator[str]:
    """Yield the file: its head, then case by case. `named` is the pack's file where it is not shipped."""
    head = {"requirement": requirement.id, "pack": pack.pack, "version": pack.version}
    yield "".join(f"# {line}\n" for line in say("cases", "head", head, lang).rstrip().split("\n"))
    yield f"requirement: {requirement.id}\n"
    if named is not None:
        yield f"pack: {_flow(named)}\n"
    if settings:
        yield f"set: {_flow(dict(settings))}\n"
    yield "cases:\n"
    notes: set[str] = set()
    for frame, draft in drafts:
        note = _note(frame, draft, lang)
        if note not in notes:
            notes.add(note)
            yield "\n".join(_case(frame, draft, note)) + "\n\n"


def _note(frame: Frame, draft: Draft, lang: Lang) -> str:
    return f"{frame.period.label}: {say('cases', f'note.{draft.note}', draft.figures, lang)}"


def _case(frame: Frame, draft: Draft, note: str) -> Iterator[str]:
    yield f"  - note: {_flow(note)}"
    yield from (f"    {key}: {_flow(value)}" for key, value in _window(frame).items())
    if draft.as_of:
        yield f"    as_of: {_flow(draft.as_of)}"
    yield "    tables:"
    for table, rows in draft.tables.items():
        if not rows:
            yield f"      {table}: []"
            continue
        yield f"      {table}:"
        yield from (f"        - {_flow(as_cells(row))}" for row in rows)
    want = {"unit": UNIT, "period": frame.period.label, **draft.want}
    if not draft.others:
        yield f"    want: {_flow(want)}"
        return
    yield "    want:"
    yield f"      - {_flow(want)}"
    for unit, wanted in draft.others.items():
        yield f"      - {_flow({'unit': unit, 'period': frame.period.label, **wanted})}"


def _window(frame: Frame) -> dict[str, Any]:
    """Return the year, where the period is the only one of it, or its own days."""
    year = frame.period.begins_on.year
    if len(periods_in(frame.requirement.scheme, Window.of_year(year))) == 1:
        return {"year": year}
    return {"from": frame.period.first_on, "to": frame.period.last_on}


def _flow(value: Any) -> str:
    """Return a value as YAML on one line."""
    text = yaml.dump(
        value, Dumper=_Flow, default_flow_style=True, width=float("inf"), allow_unicode=True, sort_keys=False
    )
    return str(text).removesuffix("\n...\n").removesuffix("\n").strip()
