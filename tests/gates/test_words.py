"""One word for one thing: no key, option or command is called by a word whose place another word has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest

from auditor.audit import Options, audit
from auditor.commands.root import ducha
from auditor.reports.registry import Layout, writer
from gates.tree import ROOT, plant, read_yaml, text_files

RIVALS: Mapping[str, str] = {
    "ruleset": "pack", "policy": "pack", "profile": "pack", "bundle": "pack",
    "check": "requirement", "control": "requirement", "indicator": "requirement",
    "source": "clause", "citation": "clause",
    "filter": "applies_to", "scoping": "applies_to",
    "resource": "unit", "org": "unit", "organisation": "unit", "organization": "unit", "entity": "unit",
    "interval": "period", "cycle": "period",
    "now": "as_of", "today": "as_of",
    "metric": "measure", "formula": "measure", "variable": "measure",
    "result": "finding", "violation": "finding", "alert": "finding",
    "outcome": "verdict", "status": "verdict",
    "limit": "threshold", "target": "threshold",
    "proof": "evidence", "sample": "evidence",
    "message": "reason",
    "gap": "shortfall", "deficit": "shortfall",
    "priority": "severity", "level": "severity",
    "action": "escalation",
    "log": "trace",
    "ticket": "issue", "task": "issue",
    "fix": "rectification", "correction": "rectification",
    "resolve": "sign_off",
    "ignore": "waiver", "skip": "waiver", "whitelist": "waiver", "exemption": "waiver",
    "database": "ledger", "history": "ledger",
    "error": "problem",
}  # fmt: skip
"""A rival word -> the word that is ours. Plurals are rivals too."""

EXCEPTIONS: Mapping[str, str] = {
    "rules: source": "the table of rectifications says where an item was raised, in the offices' own word",
    "tests/cases: targets": "the same table, in cases",
    "command: check": "a unit's check of itself: what offices call it",
    "command: sample": "rows of evidence drawn to be checked against the paper: the statistician's own word",
    "option: --level": "of the tree of units, which has no other word",
    "rules: targets": "a table: the values that a unit was set, which is more than a threshold",
}
"""Where a rival word is right as a whole name, by `place: word` -> why."""


def rivals(names: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names that are a rival word as a whole, `place: name`, without the exceptions."""
    found = {f"{place}: {each}" for place, each in names if _is_rival(each)}
    return sorted(found - EXCEPTIONS.keys())


def _is_rival(each: str) -> bool:
    word = each.lstrip("-").lower().replace("-", "_")
    return word in RIVALS or (word.endswith("s") and word.removesuffix("s") in RIVALS)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _keys(inner)
    elif isinstance(value, list):
        for each in value:
            yield from _keys(each)


def yaml_keys(root: Path) -> Iterator[tuple[str, str]]:
    """Yield every key of the files of `rules/` and of the cases."""
    for folder in ("rules", "tests/cases"):
        for path in sorted((root / folder).rglob("*.yaml")):
            yield from ((folder, key) for key in _keys(read_yaml(path)))


def json_keys(told: Any) -> Iterator[tuple[str, str]]:
    """Yield every key of an audit's JSON."""
    yield from (("JSON", key) for key in _keys(told))


def command_names(group: click.Group, context: click.Context | None = None) -> Iterator[tuple[str, str]]:
    """Yield the name of every command and every option of the command line."""
    context = context or click.Context(group)
    for command_name in group.list_commands(context):
        command = group.get_command(context, command_name)
        assert command is not None
        yield "command", command_name
        for option in command.params:
            yield from (("option", each) for each in (*option.opts, *option.secondary_opts))
        if isinstance(command, click.Group):
            yield from command_names(command, click.Context(command, parent=context))


def test_yaml_keys_are_our_words() -> None:
    assert rivals(yaml_keys(ROOT)) == []


def test_json_keys_are_our_words() -> None:
    with audit(ROOT / "fixtures/university-2024", ["henan-2023"], 2024, Options()) as done:
        told = json.loads("".join(writer("json")(done, Layout("en"))))
    names = list(json_keys(told))
    assert ("JSON", "evidence") in names
    assert rivals(names) == []


def test_commands_and_options_are_our_words() -> None:
    names = list(command_names(ducha("en")))
    assert {("command", "audit"), ("command", "lint"), ("option", "--as-of")} <= set(names)
    assert rivals(names) == []


def test_no_exception_is_left_over() -> None:
    names = [*yaml_keys(ROOT), *command_names(ducha("en"))]
    assert EXCEPTIONS.keys() <= {f"{place}: {each}" for place, each in names}


def test_a_planted_key_is_seen(tmp_path: Path) -> None:
    plant(
        tmp_path, {"rules/packs/x.yaml": "requirements: [{id: x, measure: {Filters: []}, title: status}]\n"}
    )
    assert rivals(yaml_keys(tmp_path)) == ["rules: Filters"]
    assert rivals(json_keys({"findings": [{"status": "pass", "measured": {"result": 1}}]})) == [
        "JSON: result",
        "JSON: status",
    ]


def test_a_planted_option_is_seen() -> None:
    inner = click.Group("packs", {"control": click.Command("control")})
    bad = click.Command("audit", params=[click.Option(["--today"]), click.Option(["--as-of"])])
    group = click.Group("ducha", {"audit": bad, "packs": inner})
    assert rivals(command_names(group)) == ["command: control", "option: --today"]


MACHINE_PATH = re.compile(
    r"(?<![\w.:/~*-])/(?:root|home|Users|work|mnt|media|private)/\w|\b[A-Z]:\\Users\\\w"
)


def machine_paths(root: Path) -> list[str]:
    """Return the lines of our files that name a place on somebody's machine."""
    return [
        f"{path.relative_to(root).as_posix()}:{number}: {found[0]}"
        for path in text_files(root)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if (found := MACHINE_PATH.search(line)) or (found := re.search(re.escape(str(root)), line))
    ]


def test_no_file_names_a_place_on_a_machine() -> None:
    assert machine_paths(ROOT) == []


@pytest.mark.parametrize("path", ["/ho" + "me/li/x", "C:\\Us" + "ers\\li", "/ro" + "ot/x"])
def test_a_planted_path_is_seen(path: str, tmp_path: Path) -> None:
    plant(tmp_path, {"auditor/x.py": f'x = "{path}"\n', "docs/a.md": "see https://example.org/home/x\n"})
    (said,) = machine_paths(tmp_path)
    assert said.startswith("auditor/x.py:1: ")
