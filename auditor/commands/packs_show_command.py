"""`packs show`: a pack in words, or one of its requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from auditor.commands.options import build as build_command
from auditor.commands.options import option
from auditor.commands.showing import show
from auditor.errors import BadInput, Problem
from auditor.measures.measure import rule_in_words
from auditor.model.record import Bilingual
from auditor.model.requirement import Pack, Requirement
from auditor.packs.load import load_pack, packs_shipped
from auditor.packs.mistakes import near
from auditor.reports.scoring import score_in_words, scoring_in_words
from auditor.reports.to_table import wrap
from auditor.tables.declaration import load_declaration
from auditor.texts import Lang, say

_WIDTH, _INDENT = 96, "    "
_NUMBERED = re.compile(r"[0-9]+(, [0-9]+)*")


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(pack: str, requirement: str | None) -> int:
        loaded = load_pack(pack)
        page = _Page(loaded, lang)
        show(page.whole() if requirement is None else page.one(_chosen(loaded, requirement)))
        return 0

    return build_command(
        run, "packs_show", lang,
        click.argument("pack", metavar="NAME|FILE"),
        option(lang, "--requirement", "-r", metavar="ID"),
    )  # fmt: skip


def _chosen(pack: Pack, requirement_id: str) -> Requirement:
    by_slug = {each.id.partition("/")[2]: each for each in pack.requirements}
    known = by_slug | {each.id: each for each in pack.requirements}
    if requirement_id not in known:
        figures = {"value": requirement_id, "expected": pack.pack}
        raise BadInput([Problem("usage.unknown_requirement", figures, hint=near(requirement_id, known))])
    return known[requirement_id]


class _Page:
    """A pack in one language."""

    def __init__(self, pack: Pack, lang: Lang) -> None:
        self.pack, self.lang = pack, lang
        self.declaration = load_declaration().with_vocabulary(pack.vocabulary)

    def say(self, code: str, **figures: object) -> str:
        """Return a sentence of the page."""
        return say("packs", code, figures, self.lang)

    def whole(self) -> Iterator[str]:
        """Yield the head, every requirement, and the clauses that are never judged."""
        yield from self.head()
        for requirement in self.pack.requirements:
            yield from self.requirement(requirement)
        yield from self.never_judged()

    def head(self) -> Iterator[str]:
        """Yield what the document is, what it stands on, and what the user has to name."""
        pack, days = self.pack, self.pack.effective
        told = [f"{pack.pack} {pack.version}", self.say("issuer", issuer=pack.issuer.in_language(self.lang))]
        if pack.issued:
            told.append(self.say("issued", issued=pack.issued))
        if days.from_ or days.to:
            told.append(self.say("in_force", first=days.from_ or "…", last=days.to or "…"))
        yield pack.title.in_language(self.lang) + "\n"
        yield wrap(self.say("join").join(told), _WIDTH) + "\n"
        if pack.base:
            base = {"pack": pack.base.pack, "version": pack.base.version}
            yield self.say("extends", title=pack.base.title.in_language(self.lang), **base) + "\n"
        if pack.scoring:
            yield wrap(scoring_in_words(pack.scoring, self.lang), _WIDTH) + "\n"
            yield wrap(say("scoring", "how", {}, self.lang), _WIDTH) + "\n"
        for name, each in pack.parameters.items():
            figures = {"name": name, "title": each.title.in_language(self.lang), "example": each.example}
            yield wrap(self.say("parameter", **figures), _WIDTH) + "\n"
        yield "\n"

    def one(self, requirement: Requirement) -> Iterator[str]:
        """Yield one requirement, and those of other shipped packs that ask for the same duty."""
        yield from self.requirement(requirement)
        others = list(_of_same_duty(requirement)) if requirement.duty else []
        if others:
            yield self.say("same_duty", duty=requirement.duty) + "\n\n"
        for pack, other in others:
            page = _Page(pack, self.lang)
            yield _INDENT + pack.title.in_language(self.lang) + "\n"
            yield _indented([page.headline(other), page.rule(other)]) + "\n"

    def headline(self, requirement: Requirement) -> str:
        """Return clause, severity, title and id."""
        return self.say(
            "requirement",
            clause=self.clause(requirement.clause),
            severity=say("words", f"severity.{requirement.severity}", {}, self.lang),
            title=requirement.title.in_language(self.lang),
            id=requirement.id,
        )

    def rule(self, requirement: Requirement) -> str:
        """Return the rule in words."""
        return rule_in_words(requirement, self.declaration, self.lang)

    def requirement(self, requirement: Requirement) -> Iterator[str]:
        """Yield a requirement: the rule, how to put a failure right, and what to bear in mind."""
        yield self.headline(requirement) + "\n"
        remedy = self.say(
            "remedy",
            remedy=requirement.remedy.in_language(self.lang),
            responsible=requirement.responsible.in_language(self.lang),
            days=requirement.rectify_working_days,
        )
        worth = score_in_words(requirement, self.lang)
        scored = [worth] if worth else []
        yield _indented([self.rule(requirement), *scored, remedy, *self.notes(requirement)]) + "\n"

    def notes(self, requirement: Requirement) -> Iterator[str]:
        """Yield what is ours, how an ambiguity was resolved, which duty it is, and who changed it."""
        if requirement.assumed:
            yield say("words", "note.assumed", {}, self.lang)
        if requirement.note:
            yield self.say("note", note=requirement.note.in_language(self.lang))
        if requirement.duty:
            yield self.say("duty", duty=requirement.duty)
        if requirement.changed:
            reason = requirement.changed.reason.in_language(self.lang)
            yield self.say("changed", by=requirement.changed.by, reason=reason)

    def never_judged(self) -> Iterator[str]:
        """Yield the clauses that are switched off, out of scope or without a checkable duty, with the reasons."""
        listed: dict[str, list[tuple[str, str | None, Bilingual | None]]] = {
            "switched_off": [(each.clause, each.id, each.reason) for each in self.pack.switched_off],
            "out_of_scope": [(each.clause, each.id, each.reason) for each in self.pack.out_of_scope],
            "not_quantified": [(each.clause, None, each.reason) for each in self.pack.not_quantified],
        }
        shown = {code: entries for code, entries in listed.items() if entries}
        for at, (code, entries) in enumerate(shown.items()):
            yield ("\n" if at else "") + self.say(code) + "\n"
            yield from (self.reason(*each) for each in entries)

    def reason(self, clause: str, clause_id: str | None, reason: Bilingual | None) -> str:
        """Return a clause with the reason why it is not judged."""
        words = {
            "clause": self.clause(clause), "id": clause_id,
            "reason": reason and reason.in_language(self.lang),
        }  # fmt: skip
        told = self.say("clause_reason" if clause_id else "clause_alone", **words)
        return "  " + wrap(told, _WIDTH - 4).replace("\n", "\n    ") + "\n"

    def clause(self, label: str) -> str:
        """Return a clause as people name it: a number as such, another label as it is written."""
        return self.say("clause.number" if _NUMBERED.fullmatch(label) else "clause.label", clause=label)


def _of_same_duty(requirement: Requirement) -> Iterator[tuple[Pack, Requirement]]:
    """Yield the requirements of shipped packs with the same duty, without this one itself."""
    for path in packs_shipped().values():
        pack = load_pack(path)
        for each in pack.requirements:
            if each.duty == requirement.duty and each.id != requirement.id:
                yield pack, each


def _indented(lines: list[str]) -> str:
    return "".join(_INDENT + wrap(line, _WIDTH - 4).replace("\n", "\n" + _INDENT) + "\n" for line in lines)
