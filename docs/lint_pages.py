"""The page of each code of `packs lint`: its sentences, the reason for it, and a broken pack that raises it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from auditor.commands.telling import problem_in_words, problem_line
from auditor.errors import BadInput, Problem
from auditor.packs.lint_files import lint_files
from auditor.packs.lint_pages import FOLDER, HEADINGS, page_name
from auditor.packs.load import load_packs
from auditor.tables.declaration import load_declaration
from auditor.texts import Lang, say, sentences

BROKEN = Path(__file__).resolve().parents[1] / "tests" / "broken" / "packs"
_LANGUAGES: tuple[Lang, Lang] = ("zh", "en")
_AROUND = 3
"""Lines shown before and after those that a problem is about."""


@dataclass(frozen=True)
class Example:
    """A broken pack: its folder, and every problem that it raises."""

    folder: Path
    problems: tuple[Problem, ...]

    @property
    def file(self) -> str:
        """The file that the first problem is in."""
        return next((str(each.place.file) for each in self.problems if each.place.file), "pack.yaml")


def lint_pages(made: str) -> dict[str, str]:
    """Return the page of every code and the list of them, by path; `made` is the notice under each heading."""
    codes = sorted(sentences("pack_problems", "en"))
    texts = {f"{FOLDER}/{page_name(code)}": "\n".join(_page(code, made)) + "\n" for code in codes}
    return {**texts, f"{FOLDER}/README.md": "\n".join(_index(codes, made)) + "\n"}


def _index(codes: list[str], made: str) -> Iterator[str]:
    yield from ("# What `packs lint` tells 规则包检查", "", made)
    yield "`python cli.py packs lint --explain CODE` shows a page. 也可用该命令查看各页。"
    yield from ("", "| code | English | 中文 |", "| --- | --- | --- |")
    for code in codes:
        why = (say("lint", code, {}, lang) for lang in ("en", "zh"))
        yield f"| [`{code}`]({page_name(code)}) | {' | '.join(why)} |"


def _page(code: str, made: str) -> Iterator[str]:
    example = _example(code)
    mine = [each for each in example.problems if each.code == code]
    yield from (f"# `{code}`", "", made)
    for lang in _LANGUAGES:
        what, do = problem_in_words(mine[0], lang)
        yield from (f"## {HEADINGS[lang]}", "", what, "", say("lint", code, {}, lang), "", do, "")
    yield from ("## 例 Example", "")
    settings = _expected(example.folder).get("settings")
    if settings:
        given = " ".join(f"--set {name}={value}" for name, value in settings.items())
        yield from (f"`{given}`", "")
    yield from _source(example, mine)
    yield from ("```text", *(problem_line(each, lang) for each in mine for lang in _LANGUAGES), "```")


def _source(example: Example, problems: list[Problem]) -> Iterator[str]:
    """Yield the lines around those that the problems are about, the lines themselves marked."""
    path = example.folder / example.file
    marked = {each.place.line for each in problems if each.place.line}
    if not path.is_file() or not marked:
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    shown = {at for line in marked for at in range(line - _AROUND, line + _AROUND + 1)}
    last = 0
    yield "```yaml"
    for at, line in enumerate(lines, start=1):
        if at in shown:
            if at > last + 1:
                yield "# …"
            yield line + (f"   # <- {at}" if at in marked else "")
            last = at
    yield from ("# …",) if last < len(lines) else ()
    yield from ("```", "")


@cache
def _expected(folder: Path) -> Mapping[str, Any]:
    """Return what an example has to raise, and how it is to be read."""
    expected: Mapping[str, Any] = yaml.safe_load((folder / "expect.yaml").read_text(encoding="utf-8"))
    return expected


def _example(code: str) -> Example:
    """Return the broken pack of a code: that of its own name, or the first that raises it."""
    folders = sorted(path for path in BROKEN.iterdir() if (path / "expect.yaml").is_file())
    named = [each for each in folders if code in {one["code"] for one in _expected(each)["problems"]}]
    folder = next((each for each in named if each.name == code.removeprefix("pack.")), named[0])
    return Example(folder, _problems(folder, _expected(folder)))


def _problems(folder: Path, expected: Mapping[str, Any]) -> tuple[Problem, ...]:
    if "linted" in expected:
        return lint_files(str(folder / each) for each in expected["linted"])
    files = [path.name for path in folder.iterdir() if path.stem == "pack"]
    packs = [folder / each if (folder / each).is_file() else each for each in expected.get("packs", files)]
    try:
        load_packs(packs, load_declaration(), expected.get("settings"))
    except BadInput as bad:
        return bad.problems
    raise ValueError(f"{folder.name}: nothing is wrong")
