"""`packs`: the commands for those who read, write and compare packs, one file each."""

from __future__ import annotations

import click

from auditor.commands import (
    packs_coverage_command,
    packs_diff_command,
    packs_lint_command,
    packs_list_command,
    packs_new_command,
    packs_schema_command,
    packs_show_command,
    packs_test_command,
)
from auditor.commands.worded import WordedGroup
from auditor.texts import Lang, say


def build(lang: Lang) -> click.Group:
    """Return the group in a language."""

    group = WordedGroup(lang=lang, name="packs", help=say("help", "packs", {}, lang))
    group.add_command(packs_list_command.build(lang), "list")
    group.add_command(packs_show_command.build(lang), "show")
    group.add_command(packs_lint_command.build(lang), "lint")
    group.add_command(packs_coverage_command.build(lang), "coverage")
    group.add_command(packs_diff_command.build(lang), "diff")
    group.add_command(packs_test_command.build(lang), "test")
    group.add_command(packs_schema_command.build(lang), "schema")
    group.add_command(packs_new_command.build(lang), "new")
    return group
