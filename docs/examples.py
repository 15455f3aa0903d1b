r"""The examples of the hand-written pages: finds them, runs them, and puts in what is really printed.

Three kinds of fence, each run in this process from the project's folder, on a terminal 100 columns wide:

    ```console   `$ python cli.py …`, then what it prints, on both streams. A comment before the fence may
                 choose parts: `<!-- show: 1-20, /■ D05/+8, /^Note/../^\S/ -->` are lines 1 to 20; the first
                 line that matches with the 8 after it; the one that matches up to, without, the next that
                 matches the other. A line `…` stands for what is left out; `exit` adds the exit code.
    ```json      the comment before it says which record: `<!-- json: units D06 -->`
    ```pycon     a Python session, run as a doctest by the tests; it is not rewritten

A page with `<!-- walk-through: en -->` (or zh) is one story: its commands (`$ ducha …`) run one after the other, in
that language, in an empty folder of their own. The comment before any other fence puts it into a file there:

    <!-- file: NAME -->      it is the whole file
    <!-- add: NAME -->       it is added at the end
    <!-- change: NAME -->    a ```diff: its `-` lines, which the file has once, give way to its `+` lines
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

WITHOUT_EXAMPLES = ("docs/meaning.md", "docs/meaning.zh.md", "docs/pack-format.md", "docs/pack-format.zh.md")
WALK_THROUGHS = (
    *("docs/first-pack.md", "docs/first-pack.zh.md"),
    *("docs/your-files.md", "docs/your-files.zh.md"),
)
WRITTEN = ("README.md", "README.zh.md", "docs/json.md", *WITHOUT_EXAMPLES, *WALK_THROUGHS)
WIDTH = 100
ELIDED = "…"

_CONSOLE = re.compile(
    r"(?:<!-- show: (?P<show>.+?) -->\n)?```console\n\$ (?P<command>.+)\n(?P<output>[\s\S]*?)```\n"
)
_JSON = re.compile(r"<!-- json: (?P<record>.+?) -->\n```json\n(?P<text>[\s\S]*?)```\n")
_FILE = re.compile(r"<!-- (?P<way>file|add|change): (?P<name>\S+) -->\n```\w*\n(?P<text>[\s\S]*?)```\n")
_STEP = re.compile(f"{_FILE.pattern}|{_CONSOLE.pattern}")
_WALK = re.compile(r"<!-- walk-through: (zh|en) -->")
_LOCALES = {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}
_AUDIT = "audit fixtures/university-2024 --pack henan-2023 --year 2024 --format json"


def refreshed(page: str, root: Path) -> str:
    """Return a page with the output of every example as it is printed today."""
    if walk := _WALK.search(page):
        with TemporaryDirectory() as folder, _variables(LC_ALL=_LOCALES[walk[1]]):
            return _STEP.sub(lambda found: _walked(found, Path(folder)), page)
    page = _CONSOLE.sub(lambda found: _console(found, root), page)
    return _JSON.sub(lambda found: _json(found, root), page)


def commands(page: str) -> list[str]:
    """Return the commands that the examples of a page run, in order."""
    return [found["command"] for found in _CONSOLE.finditer(page)]


def files(page: str) -> dict[str, str]:
    """Return the files that a walk-through has made by its end, by name."""
    made: dict[str, str] = {}
    for found in _FILE.finditer(page):
        made[found["name"]] = _changed(found, made.get(found["name"], ""))
    return made


def _walked(found: re.Match[str], folder: Path) -> str:
    """Take one step of a walk-through in its folder; return the step as its page shows it."""
    if found["way"] is None:
        return _told(found, *_ran(found["command"].removeprefix("ducha "), folder))
    path = folder / found["name"]
    path.parent.mkdir(exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(_changed(found, before), encoding="utf-8", newline="\n")
    return found[0]


def _changed(found: re.Match[str], before: str) -> str:
    """Return the text of a file after a step. Raises ValueError where a line to change is not there once."""
    if found["way"] == "file":
        return found["text"]
    if found["way"] == "add":
        return before + found["text"]
    lines = found["text"].splitlines(keepends=True)
    old, new = ("".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
    if before.count(old) != 1:
        raise ValueError(f"{found['name']}: not there once: {old}")
    return before.replace(old, new)


def _console(found: re.Match[str], root: Path) -> str:
    return _told(found, *run(found["command"].removeprefix("python cli.py "), root))


def _told(found: re.Match[str], code: int, printed: str) -> str:
    before = found[0].split("```console\n")[0]
    output = chosen(printed, found["show"] or "") if printed else ""
    ending = f"exit code {code}\n" if (found["show"] or "").endswith("exit") else ""
    return f"{before}```console\n$ {found['command']}\n{output}{ending}```\n"


def chosen(printed: str, show: str) -> str:
    """Return the parts of what was printed that `show` names, with a line `…` for what is left out."""
    lines = printed.rstrip("\n").split("\n")
    parts = [part.strip() for part in show.split(",") if part.strip() != "exit"]
    kept = sorted({at for part in parts if part for at in _lines(part, lines)}) or range(len(lines))
    shown: list[str] = []
    last = -1
    for at in kept:
        shown += ([ELIDED] if at > last + 1 else []) + [lines[at]]
        last = at
    shown += [ELIDED] if last < len(lines) - 1 else []
    return "".join(f"{line.rstrip()}\n" for line in shown)


def _lines(part: str, lines: list[str]) -> range:
    """Return the places of the lines that a part of `show` names. Raises ValueError where it names none."""
    if found := re.fullmatch(r"(\d+)-(\d+)", part):
        return range(int(found[1]) - 1, min(int(found[2]), len(lines)))
    if found := re.fullmatch(r"/(.+)/\.\./(.+)/", part):
        first = _at(found[1], lines, 0)
        return range(first, _at(found[2], lines, first + 1))
    if found := re.fullmatch(r"/(.+)/(?:\+(\d+))?", part):
        first = _at(found[1], lines, 0)
        return range(first, min(first + 1 + int(found[2] or 0), len(lines)))
    raise ValueError(f"not a choice of lines: {part}")


def _at(pattern: str, lines: list[str], start: int) -> int:
    for at in range(start, len(lines)):
        if re.search(pattern, lines[at]):
            return at
    raise ValueError(f"no line matches {pattern}: {lines[:3]}")


@cache
def run(command: str, root: Path) -> tuple[int, str]:
    """Return the exit code of a command line that changes nothing, and what it printed on both streams."""
    return _ran(command, root)


def _ran(command: str, folder: Path) -> tuple[int, str]:
    from auditor.commands import main  # noqa: PLC0415 - the folder is put on the path by whoever calls

    printed = io.BytesIO()
    stream = io.TextIOWrapper(printed, encoding="utf-8", write_through=True)
    with _terminal(folder), redirect_stdout(stream), redirect_stderr(stream):
        code = main(shlex.split(command))
    return code, printed.getvalue().decode("utf-8")


@contextmanager
def _terminal(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        with _variables(COLUMNS=str(WIDTH)):
            yield
    finally:
        os.chdir(before)


@contextmanager
def _variables(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            os.environ.update({name: value} if value is not None else {})


def audited(root: Path) -> dict[str, Any]:
    """Return the JSON object of the audit that the JSON examples are taken from."""
    _, printed = run(_AUDIT, root)
    whole: dict[str, Any] = json.loads(printed)
    return whole


def _json(found: re.Match[str], root: Path) -> str:
    where, *words = found["record"].split()
    records = audited(root)[where]
    fields = dict(zip(("unit_id", "requirement_id", "period"), words, strict=False))
    record = next(each for each in records if all(each[key] == value for key, value in fields.items()))
    return f"<!-- json: {found['record']} -->\n```json\n{laid_out(record)}\n```\n"


def laid_out(record: dict[str, Any]) -> str:
    """Return a record with a line for each of its keys, and one for each element of a list of objects."""
    lines = [f"  {_text(key)}: {_value(value)}" for key, value in record.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def _value(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"    {_text(each)}" for each in value) + "\n  ]"
    if isinstance(value, dict) and len(value) > 2:
        return "{\n" + ",\n".join(f"    {_text(key)}: {_text(each)}" for key, each in value.items()) + "\n  }"
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit("see docs/generate.py")
