"""The group of all commands. Their help is here, so that `--help` imports none of them."""

from __future__ import annotations

from importlib import import_module

import click

from auditor import __version__
from auditor.commands.interruption import interruption_held
from auditor.commands.worded import WordedGroup
from auditor.texts import Lang, say

COMMANDS = (
    "audit", "explain", "check", "plan", "compare", "verify", "sample", "roll-up", "packs", "tables", "template",
    "doctor", "workdays", "demo",
)  # fmt: skip
"""Every command, in the order of the help; `auditor.commands.NAME_command` has its `build(lang)`."""


class _Lazy(WordedGroup):
    """Lists the commands without importing them; imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        with interruption_held():
            module = import_module(f"auditor.commands.{cmd_name.replace('-', '_')}_command")
        built: click.Command = module.build(self.lang)
        return built

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, say("help", name, {}, self.lang)) for name in COMMANDS]
        with formatter.section(say("help", "commands", {}, self.lang)):
            formatter.write_dl(rows)


def ducha(lang: Lang) -> click.Group:
    """Return the command line in a language."""
    group = _Lazy(
        lang=lang,
        name="ducha",
        help=say("help", "ducha", {}, lang),
        context_settings={"max_content_width": 100},
    )
    return click.version_option(__version__, prog_name="ducha", help=say("help", "version", {}, lang))(group)


def option_names(lang: Lang | str) -> set[str]:
    """Return the names of all options of `audit`, as they may stand in `ducha.toml`."""
    command = import_module("auditor.commands.audit_command").build(lang)
    options = [each for each in command.params if isinstance(each, click.Option)]
    return {
        option.removeprefix("--").replace("-", "_")
        for each in options
        for option in each.opts
        if option.startswith("--")
    }
