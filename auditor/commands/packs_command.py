"""`packs list|show|lint`: what packs there are, what they say, whether they are sound."""

from __future__ import annotations

from collections.abc import Iterator

import click
from tabulate import tabulate

from auditor.commands.options import build as build_command
from auditor.commands.options import option
from auditor.commands.showing import show
from auditor.commands.worded import WordedGroup
from auditor.errors import BadInput, Problem
from auditor.measures.measure import rule_in_words
from auditor.model.requirement import Bilingual, Pack, Requirement
from auditor.packs.load import load_pack, packs_shipped
from auditor.packs.mistakes import near
from auditor.reports.to_table import wrap
from auditor.tables.declaration import Declaration, load_declaration
from auditor.texts import Lang, say


def build(lang: Lang) -> click.Group:
    """Return the group in a language."""

    def list_packs() -> int:
        return _list(lang)

    def show_pack(pack: str, requirement: str | None) -> int:
        return _show(pack, requirement, lang)

    def lint(files: tuple[str, ...]) -> int:
        return _lint(files, lang)

    group = WordedGroup(lang=lang, name="packs", help=say("help", "packs", {}, lang))
    pack = click.argument("pack", metavar="NAME|FILE")
    chosen = option(lang, "--requirement", "-r", metavar="ID")
    group.add_command(build_command(list_packs, "packs_list", lang), "list")
    group.add_command(build_command(show_pack, "packs_show", lang, pack, chosen), "show")
    group.add_command(
        build_command(lint, "packs_lint", lang, click.argument("files", nargs=-1, metavar="[NAME|FILE]…")),
        "lint",
    )
    return group


def _list(lang: Lang) -> int:
    packs = [load_pack(path) for path in packs_shipped().values()]
    rows = [[pack.pack, pack.version, pack.title.in_language(lang), len(pack.requirements)] for pack in packs]
    headers = [
        say("packs", f"column.{each}", {}, lang) for each in ("pack", "version", "title", "requirements")
    ]
    show([tabulate(rows, headers, tablefmt="simple", disable_numparse=True) + "\n"])
    return 0


def _show(name: str, requirement_id: str | None, lang: Lang) -> int:
    pack = load_pack(name)
    show(_pack(pack, lang) if requirement_id is None else _one(pack, requirement_id, lang))
    return 0


def _pack(pack: Pack, lang: Lang) -> Iterator[str]:
    yield f"{pack.title.in_language(lang)}\n"
    head = {
        "pack": pack.pack,
        "version": pack.version,
        "issuer": pack.issuer.in_language(lang),
        "issued": pack.issued,
        "first": pack.effective.from_ or "…",
        "last": pack.effective.to or "…",
    }
    yield say("packs", "head", head, lang) + "\n\n"
    declaration = load_declaration().with_vocabulary(pack.vocabulary)
    for requirement in pack.requirements:
        yield from _requirement(requirement, declaration, lang)
    if pack.out_of_scope:
        yield say("packs", "out_of_scope", {}, lang) + "\n"
        yield from (_clause(each.clause, each.id, each.reason, lang) for each in pack.out_of_scope)
    if pack.not_quantified:
        yield "\n" + say("packs", "not_quantified", {}, lang) + "\n"
        yield from (_clause(each.clause, None, each.reason, lang) for each in pack.not_quantified)


def _clause(clause: str, clause_id: str | None, reason: Bilingual | None, lang: Lang) -> str:
    words = {"clause": clause, "id": clause_id, "reason": reason and reason.in_language(lang)}
    return say("packs", "clause_reason" if clause_id else "clause_alone", words, lang) + "\n"


def _one(pack: Pack, requirement_id: str, lang: Lang) -> Iterator[str]:
    known = {each.id: each for each in pack.requirements} | {
        each.id.partition("/")[2]: each for each in pack.requirements
    }
    if requirement_id not in known:
        figures = {"value": requirement_id, "expected": pack.pack}
        raise BadInput([Problem("usage.unknown_requirement", figures, hint=near(requirement_id, known))])
    return _requirement(known[requirement_id], load_declaration().with_vocabulary(pack.vocabulary), lang)


def _requirement(requirement: Requirement, declaration: Declaration, lang: Lang) -> Iterator[str]:
    severity = say("words", f"severity.{requirement.severity}", {}, lang)
    head = {
        "id": requirement.id,
        "clause": requirement.clause,
        "severity": severity,
        "title": requirement.title.in_language(lang),
    }
    yield say("packs", "requirement", head, lang) + "\n"
    lines = [rule_in_words(requirement, declaration, lang)]
    lines.append(say("packs", "remedy", {
        "remedy": requirement.remedy.in_language(lang),
        "responsible": requirement.responsible.in_language(lang),
        "days": requirement.rectify_working_days,
    }, lang))  # fmt: skip
    if requirement.assumed:
        lines.append(say("words", "note.assumed", {}, lang))
    if requirement.note:
        lines.append(requirement.note.in_language(lang))
    yield "".join("    " + wrap(line, 92).replace("\n", "\n    ") + "\n" for line in lines) + "\n"


def _lint(files: tuple[str, ...], lang: Lang) -> int:
    names = files or tuple(packs_shipped())
    problems: list[Problem] = []
    for name in names:
        try:
            load_pack(name)
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    show([say("packs", "sound", {"packs": len(names)}, lang) + "\n"])
    return 0
