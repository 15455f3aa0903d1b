"""What is said on standard error: problems, usage errors and faults, in the user's language."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from auditor.errors import Place, Problem
from auditor.texts import Lang, say, say_problem


def tell(text: str) -> None:
    """Write a line to standard error as UTF-8, also where the system's own encoding is another."""
    stream = getattr(sys.stderr, "buffer", None)
    if stream is None:
        sys.stderr.write(text + "\n")
        return
    stream.write((text + "\n").encode("utf-8", "replace"))
    stream.flush()


def tell_problems(problems: Sequence[Problem], lang: Lang) -> None:
    """Tell every problem: where, what is wrong and why, what to do."""
    tell(say("usage", "problems", {"count": len(problems)}, lang))
    for problem in problems:
        tell("  " + problem_line(problem, lang))
    tell(say("usage", "nothing_written", {}, lang))


def problem_line(problem: Problem, lang: Lang) -> str:
    """Return a problem as one line."""
    what, do = say_problem(problem.code, problem.figures, lang)
    hint = say("usage", "hint", {"hint": problem.hint}, lang) if problem.hint else ""
    where = _where(problem.place, lang)
    return f"{where}{what}{hint} {do} [{problem.code}]"


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
    """Tell a fault of ours without a traceback."""
    why = str(fault) or type(fault).__name__
    tell(say("usage", "fault", {"kind": type(fault).__name__, "why": why}, lang))


def tell_usage(error: click.UsageError, lang: Lang) -> None:
    """Tell what is wrong with the command line: click's own errors, in our words."""
    command = error.ctx.command_path if error.ctx else "ducha"
    tell(_usage_sentence(error, lang))
    tell(say("usage", "see_help", {"command": command}, lang))


def _usage_sentence(error: click.UsageError, lang: Lang) -> str:
    near = getattr(error, "possibilities", None)
    hint = say("usage", "hint", {"hint": "、".join(near)}, lang) if near else ""
    if isinstance(error, click.NoSuchOption):
        return say("usage", "no_such_option", {"value": error.option_name}, lang) + hint
    if isinstance(error, click.MissingParameter):
        return say("usage", "missing", {"value": _name(error.param)}, lang)
    if isinstance(error, click.BadOptionUsage):
        return say("usage", "bad_option", {"value": error.option_name}, lang)
    if isinstance(error, click.BadParameter):
        return say("usage", "bad_value", {"value": _name(error.param), "why": _reason(error, lang)}, lang)
    name = getattr(error, "command_name", None)
    if name:
        return say("usage", "no_such_command", {"value": name}, lang) + hint
    if "unexpected extra argument" in error.message:
        return say("usage", "extra", {"value": error.message.rpartition("(")[2].rstrip(")")}, lang)
    if "No such command" in error.message:
        return say("usage", "no_such_command", {"value": error.message.split("'")[1]}, lang) + hint
    return say("usage", "bad_usage", {"why": error.message if lang == "en" else ""}, lang)


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return ""
    if isinstance(param, click.Option):
        return param.opts[-1]
    return param.human_readable_name


def _reason(error: click.BadParameter, lang: Lang) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return say("usage", "one_of", {"expected": ", ".join(str(each) for each in kind.choices)}, lang)
    if isinstance(kind, click.DateTime):
        return say("usage", "a_day", {}, lang)
    if isinstance(kind, click.IntRange):
        return say("usage", "a_whole_number", {"low": kind.min, "high": kind.max}, lang)
    if isinstance(kind, click.Path):
        return say("usage", "a_path", {}, lang)
    return error.message if lang == "en" else ""
