"""`packs test`: runs the cases of packs, or writes the boundary cases of a requirement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from auditor.authoring.cases import RequirementResult, run_cases
from auditor.authoring.cases_run import CaseResult
from auditor.authoring.cases_wanted import Difference
from auditor.authoring.generate_cases import generate_cases
from auditor.commands.delivering import check_delivery, deliver
from auditor.commands.options import build as build_command
from auditor.commands.options import option
from auditor.commands.showing import show
from auditor.errors import BadInput, Problem
from auditor.texts import Lang, say


def build(lang: Lang) -> click.Command:
    """Return the command in a language."""

    def run(files: tuple[str, ...], generate: str | None, **given: Any) -> int:
        if generate is not None:
            return _generate(generate, files, given, lang)
        for name in ("pack", "out"):
            if given[name] is not None:
                raise BadInput([Problem("usage.only_with", {"value": f"--{name}", "expected": "--generate"})])
        return _test(files, given["verbose"], lang)

    return build_command(
        run, "packs_test", lang,
        click.argument("files", nargs=-1, metavar="[NAME|FILE]…"),
        click.option("--verbose", "-v", is_flag=True, help=say("help", "option.every-case", {}, lang)),
        option(lang, "--generate", metavar="REQUIREMENT"),
        click.option("--pack", metavar="NAME|FILE", help=say("help", "option.pack-of-it", {}, lang)),
        option(lang, "--out", "-o", type=click.Path(path_type=Path)),
    )  # fmt: skip


def _test(files: Sequence[str], verbose: bool, lang: Lang) -> int:
    results = run_cases(files, Path.cwd())
    show(_told(results, verbose, lang))
    return 1 if any(each.failed for each in results) else 0


def _generate(requirement: str, files: Sequence[str], given: Mapping[str, Any], lang: Lang) -> int:
    out = given["out"]
    if files:
        raise BadInput([Problem("usage.not_with", {"value": files[0], "expected": "--generate"})])
    check_delivery("yaml", ("yaml",), out)
    if out is not None and out.exists():
        raise BadInput([Problem("usage.already_there", {"value": str(out)})])
    beside = Path.cwd() if out is None else out.resolve().parent
    deliver(generate_cases(requirement, given["pack"], beside, lang), out)
    if out is not None:
        show([say("packs", "new", {"file": out}, lang) + "\n"])
    return 0


def _told(results: Sequence[RequirementResult], verbose: bool, lang: Lang) -> Iterator[str]:
    for each in results:
        figures = {"requirement": each.requirement, "cases": len(each.cases), "failed": len(each.failed)}
        yield say("cases", "failed" if each.failed else "passed", figures, lang) + "\n"
        for case in each.cases if verbose else each.failed:
            yield from _case(case, each.path, lang)
    every = [case for each in results for case in each.cases]
    figures = {
        "requirements": len({each.requirement for each in results}),
        "cases": len(every),
        "failed": sum(bool(case.differences) for case in every),
    }
    yield "\n" + say("cases", "some_failed" if figures["failed"] else "all_passed", figures, lang) + "\n"


def _case(result: CaseResult, path: Path, lang: Lang) -> Iterator[str]:
    case = result.placed.case
    code = "case_failed" if result.differences else "case_passed"
    yield "  " + say("cases", code, {"note": case.note, "file": path.name, "line": case.line}, lang) + "\n"
    for each in result.differences:
        yield "      " + _difference(each, lang) + "\n"


def _difference(each: Difference, lang: Lang) -> str:
    figures = {
        "unit": each.unit, "period": each.period, "key": each.key, "got": each.got, "wanted": each.wanted,
        "verdict": each.verdict, "reason": each.reason,
    }  # fmt: skip
    return say("cases", each.kind, figures, lang)
