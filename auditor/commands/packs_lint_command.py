"""`packs lint`: what is wrong with packs, and what a code of it means."""

from __future__ import annotations

import json
from typing import Any

import click

from auditor.commands.delivering import check_delivery
from auditor.commands.options import build as build_command
from auditor.commands.options import option
from auditor.commands.showing import show
from auditor.commands.telling import problem_in_words, tell, tell_problems
from auditor.errors import Problem
from auditor.packs.lint_files import lint_files
from auditor.packs.lint_pages import page_of
from auditor.packs.load import packs_shipped
from auditor.texts import LANGUAGES, Lang, say

FORMATS = ("table", "json")
_FOUND = 2


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(files: tuple[str, ...], format_name: str, code: str | None) -> int:
        check_delivery(format_name, FORMATS, None)
        if code is not None:
            show([page_of(code, lang)])
            return 0
        names = files or tuple(packs_shipped())
        problems = lint_files(names)
        if format_name == "json":
            told = {"packs": len(names), "problems": [_as_json(each) for each in problems]}
            show([json.dumps(told, ensure_ascii=False, indent=1) + "\n"])
            return _FOUND if problems else 0
        if problems:
            tell_problems(problems, lang, only_read=True)
            explained = next((each.code for each in problems if each.code.startswith("pack.")), None)
            if explained:
                tell(say("packs", "explain", {"code": explained}, lang))
            return _FOUND
        show([say("packs", "sound", {"packs": len(names)}, lang) + "\n"])
        return 0

    return build_command(
        run, "packs_lint", lang,
        click.argument("files", nargs=-1, metavar="[NAME|FILE]…"),
        option(lang, "--format", "format_name", default="table", metavar="|".join(FORMATS)),
        option(lang, "--explain", "code", metavar="CODE"),
    )  # fmt: skip


def _as_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as one record: where, the code with its figures, and the sentence in both languages."""
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "code": problem.code,
        "figures": {key: _plain(value) for key, value in problem.figures.items()},
        "hint": problem.hint,
        **{
            lang: dict(zip(("what", "do"), problem_in_words(problem, lang), strict=True))
            for lang in LANGUAGES
        },
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)
