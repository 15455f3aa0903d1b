"""`verify`: a report computed again from its data."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from auditor.authoring.titles import requirements_named
from auditor.authoring.verify import Broken, Changed, Verification, verify
from auditor.commands.delivering import check_delivery, deliver
from auditor.commands.options import as_written, data_argument, option, options_of
from auditor.commands.options import build as build_command
from auditor.commands.progress import progress
from auditor.reports.audit_file import Reported, read_audit_file
from auditor.reports.to_table import wrap
from auditor.tables.database import Database
from auditor.texts import Lang, say

FORMATS = ("table", "json")
_SHOWN = 20


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(report: Path, data: Path | Database, **given: Any) -> int:
        return _run(report, data, lang, given)

    return build_command(
        run, "verify", lang,
        click.argument("report", metavar="REPORT.json", type=click.Path(path_type=Path)),
        data_argument(),
        # What ducha.toml sets is meant for an audit that is to be made, not for one to be checked: hence other names.
        option(lang, "--pack", "packs_of_it", multiple=True, metavar="FILE", said_as="pack-of-report"),
        option(lang, "--calendar", "calendar_of_it", type=click.Path(path_type=Path), said_as="calendar-of-report"),
        option(lang, "--semesters", metavar="MM-DD,MM-DD"),
        option(lang, "--academic-year", metavar="MM-DD"),
        option(lang, "--escalation", type=click.Path(path_type=Path)),
        option(lang, "--skip-bad-rows", is_flag=True),
        *as_written(lang),
        option(lang, "--format", "shown_as", default="table", metavar="|".join(FORMATS)),
        option(lang, "--out", "-o", "place", type=click.Path(path_type=Path)),
        option(lang, "--verbose", "-v", is_flag=True),
    )  # fmt: skip


def _run(report: Path, data: Path | Database, lang: Lang, given: dict[str, Any]) -> int:
    check_delivery(given["shown_as"], FORMATS, given["place"])
    file = read_audit_file(report)
    with progress(lang) as bar:
        options = options_of(**{**given, "calendar": given["calendar_of_it"]})
        found = verify(file, data, given["packs_of_it"], replace(options, tell=bar))
    parts = _as_json(found) if given["shown_as"] == "json" else _Page(found, lang, given).parts()
    deliver(parts, given["place"])
    return 0 if found.holds else 1


def _as_json(found: Verification) -> Iterator[str]:
    told = {
        "holds": found.holds,
        "follows": found.follows,
        "report": {"file": found.report.name, **found.report.head},
        "changed": [asdict(each) for each in found.changed],
        "tool": {"reported": found.report.head["tool"], "now": found.computed.head["tool"]},
        "compared": len(found.report.findings),
        "findings": [_broken(each) for each in found.findings],
        "units": [_broken(each) for each in found.units],
        "issues": [_broken(each) for each in found.issues],
        "notes": found.notes,
        "units_left_out": found.units_left_out,
    }
    yield json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _broken(broken: Broken) -> dict[str, Any]:
    def side(values: Reported | None) -> dict[str, Any] | None:
        return None if values is None else {key: values.get(key) for key in broken.keys}

    told = {key: getattr(broken, key) for key in ("unit_id", "requirement_id", "period", "keys")}
    return {**told, "reported": side(broken.reported), "computed": side(broken.computed)}


class _Page:
    def __init__(self, found: Verification, lang: Lang, given: dict[str, Any]) -> None:
        self.found, self.lang = found, lang
        self.most = 10**9 if given["verbose"] else _SHOWN
        self.width = min(max(80, shutil.get_terminal_size((100, 40)).columns), 120)
        ids = [each.requirement_id for each in (*found.findings, *found.issues) if each.requirement_id]
        self.titles = requirements_named(ids, given["packs_of_it"])
        self.names = {**found.computed.names, **found.report.names}

    def say(self, code: str, **figures: Any) -> str:
        return say("verify", code, figures, self.lang)

    def lines(self, text: str, indent: str) -> str:
        wrapped = wrap(text, self.width - len(indent) - 2)
        return indent + wrapped.replace("\n", f"\n{indent}  ") + "\n"

    def parts(self) -> Iterator[str]:
        found, head = self.found, self.found.report.head
        first, last = found.report.window
        packs = self.say("join").join(f"{each['pack']} {each['version']}" for each in head["packs"])
        yield self.say("title", file=found.report.name) + "\n"
        figures = {"packs": packs, "first": first, "last": last, "as_of": found.report.as_of}
        yield self.lines(self.say("source", **figures), "  ")
        yield from (self.lines(self.changed(each), "  ") for each in found.changed)
        if found.other_version:
            was, is_now = (side.head["tool"]["version"] for side in (found.report, found.computed))
            yield self.lines(self.say("other_version", before=was, after=is_now), "  ")
        if found.units_left_out:
            units = self.say("join").join(found.units_left_out[:_SHOWN])
            yield self.lines(self.say("left_out", number=len(found.units_left_out), units=units), "  ")
        for code, broken in (("findings", found.findings), ("units", found.units), ("issues", found.issues)):
            if broken:
                yield self.lines(self.say(code, number=len(broken)), "  ")
                yield from (self.lines(self.broken(each), "    ") for each in broken[: self.most])
                if len(broken) > self.most:
                    yield "    " + self.say("more", more=len(broken) - self.most) + "\n"
        for each in found.notes:
            yield self.lines(self.say(f"notes.{each}"), "  ")
        yield self.lines(self.say(self.outcome(), number=len(found.report.findings)), "")

    def outcome(self) -> str:
        if self.found.holds:
            return "holds"
        return "follows_from_other" if self.found.follows else "fails"

    def changed(self, changed: Changed) -> str:
        if changed.what == "data" and (changed.before is None or changed.after is None):
            code = "data.come" if changed.before is None else "data.gone"
        elif changed.what == "pack" and changed.before == changed.after:
            code = "pack_same_version"
        else:
            code = changed.what
        return self.say(f"changed.{code}", name=changed.name, before=changed.before, after=changed.after)

    def broken(self, broken: Broken) -> str:
        requirement = self.titles.get(broken.requirement_id or "")
        title = requirement.title.in_language(self.lang) if requirement else ""
        about = [f"{broken.unit_id} {self.names.get(broken.unit_id, '')}".strip()]
        about += [f"{title} [{broken.requirement_id}]".strip()] if broken.requirement_id else []
        about += [broken.period] if broken.period else []
        if broken.reported is None or broken.computed is None:
            code = "not_reported" if broken.reported is None else "not_computed"
            return self.say(code, about=" ".join(about))
        told = [self.key(key, broken.reported, broken.computed) for key in broken.keys]
        return self.say("differs", about=" ".join(about), what=self.say("join").join(told))

    def key(self, key: str, was: Reported, is_now: Reported) -> str:
        sides = [side.get(key) for side in (was, is_now)]
        if key in ("verdict", "rating"):
            known = say("words", f"{key}.{sides[1]}", {}, self.lang)
            return self.say("value", key=key, before=sides[0], after=f"{sides[1]} ({known})")
        if any(isinstance(each, list | dict) for each in sides) and key != "threshold":
            return self.say("key", key=key)
        shown = [json.dumps(each, ensure_ascii=False) for each in sides]
        return self.say("value", key=key, before=shown[0], after=shown[1])
