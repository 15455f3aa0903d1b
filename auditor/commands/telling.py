"""What is said on standard error: problems, usage errors and faults, in the user's language."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from typing import Any

import click

from auditor.errors import Place, Problem, ReportFailed
from auditor.texts import Lang, say, say_problem, sentences


def tell(text: str) -> None:
    """Write a line to standard error as UTF-8, also where the system's own encoding is another.

    Where nobody listens any more (closed, a broken pipe) there is nobody left to tell.
    """
    if sys.stderr is None:
        return
    with suppress(OSError):
        stream = getattr(sys.stderr, "buffer", None)
        if stream is None:
            sys.stderr.write(text + "\n")
            return
        stream.write((text + "\n").encode("utf-8", "replace"))
        stream.flush()


def tell_problems(problems: Sequence[Problem], lang: Lang, *, only_read: bool = False) -> None:
    """Tell every problem: where, what is wrong and why, what to do; of what was `only_read` nothing more."""
    tell(say("usage", "problems", {"count": len(problems)}, lang))
    for problem in problems:
        tell("  " + problem_line(problem, lang))
    if not only_read:
        tell(say("usage", "nothing_written", {}, lang))


def problem_line(problem: Problem, lang: Lang) -> str:
    """Return a problem as one line."""
    what, do = problem_in_words(problem, lang)
    space = "" if lang == "zh" else " "
    return f"{_where(problem.place, lang)}{what}{space}{do} [{problem.code}]"


def problem_in_words(problem: Problem, lang: Lang) -> tuple[str, str]:
    """Return what is wrong, with the nearest known word, and what to do."""
    what, do = say_problem(problem.code, _worded(problem.figures, lang), lang)
    return what + (say("usage", "hint", {"hint": problem.hint}, lang) if problem.hint else ""), do


def _worded(figures: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """Return the figures as this language shows them: lists with its own comma, causes in its own words."""
    shown = {key: _one_line(value) for key, value in figures.items()}
    if lang == "en" and isinstance(shown.get("expected"), str):
        shown["expected"] = shown["expected"].replace("、", ", ")
    if isinstance(shown.get("type"), str):
        shown["type"] = say("tables", f"type.{shown['type']}", {}, lang)
    if isinstance(shown.get("why"), str):
        shown["why"] = cause(shown["why"], lang)
    return shown


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def cause(text: str, lang: Lang) -> str:
    """Return what the system or a library gives as the cause, in the user's language where we know it.

    `{rest}` in our words stands for the end of theirs.
    """
    known = sentences("causes", lang)
    for theirs, ours in known.items():
        if text.startswith(theirs):
            return str(ours).replace("{rest}", text.removeprefix(theirs))
    return text if lang == "en" or not text.isascii() else str(known["other"])


def _where(place: Place, lang: Lang) -> str:
    named = [
        ("file", place.file),
        ("sheet", place.sheet),
        ("line", place.line),
        ("row", place.row),
        ("column", place.column),
    ]
    parts = [say("usage", f"place.{key}", {key: value}, lang) for key, value in named if value is not None]
    return f"{' '.join(parts)}{say('usage', 'place.end', {}, lang)}" if parts else ""


def tell_fault(fault: BaseException, lang: Lang) -> None:
    """Tell a fault without a traceback: a report that could not be written, or a fault of ours."""
    why = str(fault) or type(fault).__name__
    if isinstance(fault, ReportFailed):
        path, _, reason = why.rpartition(": ")
        shown = f"{path}: {cause(reason, lang)}" if path else cause(why, lang)
        tell(say("usage", "report_failed", {"why": shown}, lang))
        return
    tell(say("usage", "fault", {"kind": type(fault).__name__, "why": why}, lang))


def tell_usage(error: click.UsageError, lang: Lang) -> None:
    """Tell what is wrong with the command line: click's own errors, in our words."""
    if error.ctx and _names_no_command(error):
        tell(error.ctx.get_help())
        return
    tell(_usage_sentence(error, lang))
    command = error.ctx.command_path if error.ctx else "ducha"
    tell(say("usage", "see_help", {"command": command}, lang))


def _names_no_command(error: click.UsageError) -> bool:
    alone = isinstance(error, click.exceptions.NoArgsIsHelpError)
    return alone or error.message.startswith("Missing command")


def _usage_sentence(error: click.UsageError, lang: Lang) -> str:
    for kind, sentence in _SENTENCES.items():
        if isinstance(error, kind):
            return sentence(error, lang)
    if "unexpected extra argument" in error.message:
        return say("usage", "extra", {"value": error.message.rpartition("(")[2].rstrip(")")}, lang)
    if "No such command" in error.message:
        return _no_such_command(error, lang)
    return say("usage", "bad_usage", {"why": error.message if lang == "en" else ""}, lang)


def _no_such_option(error: Any, lang: Lang) -> str:
    sentence = say("usage", "no_such_option", {"value": error.option_name}, lang)
    return sentence + _hint((error.possibilities or [None])[0], lang)


def _no_such_command(error: Any, lang: Lang) -> str:
    name = error.message.split("'")[1]
    known = error.ctx.command.list_commands(error.ctx) if error.ctx else []
    nearest = next(iter(get_close_matches(name, known, n=1)), None)
    return say("usage", "no_such_command", {"value": name}, lang) + _hint(nearest, lang)


def _hint(word: str | None, lang: Lang) -> str:
    return say("usage", "hint", {"hint": word}, lang) if word else ""


def _missing(error: Any, lang: Lang) -> str:
    return say("usage", "missing", {"value": _name(error.param)}, lang)


def _bad_option(error: Any, lang: Lang) -> str:
    params = error.ctx.command.params if error.ctx else []
    flags = [name for each in params if getattr(each, "is_flag", False) for name in each.opts]
    code = "takes_no_value" if error.option_name in flags else "needs_value"
    return say("usage", code, {"value": error.option_name}, lang)


def _bad_value(error: Any, lang: Lang) -> str:
    return say("usage", "bad_value", {"value": _name(error.param), "why": _reason(error, lang)}, lang)


_SENTENCES: dict[type[click.UsageError], Callable[[Any, Lang], str]] = {
    click.NoSuchOption: _no_such_option,
    click.MissingParameter: _missing,
    click.BadOptionUsage: _bad_option,
    click.BadParameter: _bad_value,
}


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return ""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.human_readable_name


def _reason(error: click.BadParameter, lang: Lang) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        expected = say("usage", "join", {}, lang).join(str(each) for each in kind.choices)
        return say("usage", "one_of", {"expected": expected}, lang)
    if isinstance(kind, click.DateTime):
        return say("usage", "a_day", {}, lang)
    if error.message in ("a_year", "a_setting"):
        return say("usage", error.message, {}, lang)
    if isinstance(kind, click.types.BoolParamType):
        return say("usage", "true_or_false", {}, lang)
    if isinstance(kind, click.Path):
        return say("usage", "a_path", {}, lang)
    return error.message if lang == "en" else ""
