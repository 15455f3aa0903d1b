"""click's commands in the user's language: its own words of help, and errors that know their command."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import click

from auditor.commands.showing import show
from auditor.texts import LANGUAGES, Lang, say

HELP_NAMES = ("-h", "--help")


class WordedCommand(click.Command):
    """A command whose help and usage line are in one language."""

    def __init__(self, *, lang: Lang, **attributes: Any) -> None:
        params = [*attributes.pop("params", ()), _language(lang), _help(lang)]
        attributes = {"options_metavar": say("help", "metavar.options", {}, lang), **attributes}
        super().__init__(**attributes, params=params, add_help_option=False)
        self.lang = lang

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does; an option's name is never taken for the value of the option before it."""
        try:
            _refuse_swallowed_names(self.params, args)
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=say("help", "usage", {}, self.lang))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        options = (param for param in self.get_params(ctx) if isinstance(param, click.Option))
        records = [option.get_help_record(ctx) for option in options]
        with formatter.section(say("help", "options", {}, self.lang)):
            formatter.write_dl([record for record in records if record])


class WordedGroup(WordedCommand, click.Group):
    """A group of commands, likewise; without a command it shows its help."""

    def __init__(self, *, lang: Lang, **attributes: Any) -> None:
        metavar = say("help", "metavar.command", {}, lang)
        super().__init__(lang=lang, subcommand_metavar=metavar, no_args_is_help=True, **attributes)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in the order in which they were entered."""
        rows = [(name, command.get_short_help_str(100)) for name, command in self.commands.items()]
        with formatter.section(say("help", "commands", {}, self.lang)):
            formatter.write_dl(rows)


def _language(lang: Lang) -> click.Option:
    """Return `--lang`; it has been read before the command line was parsed."""
    text = say("help", "option.lang", {}, lang)
    return click.Option(["--lang"], type=click.Choice(LANGUAGES), expose_value=False, help=text)


def _help(lang: Lang) -> click.Option:
    def show_help(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
        if wanted and not ctx.resilient_parsing:
            show([ctx.get_help() + "\n"])
            ctx.exit()

    return click.Option(
        HELP_NAMES, is_flag=True, is_eager=True, expose_value=False, callback=show_help,
        help=say("help", "option.help", {}, lang),
    )  # fmt: skip


def _refuse_swallowed_names(params: Sequence[click.Parameter], args: Sequence[str]) -> None:
    """Refuse `--pack --year 2024`, of which click would make a pack called `--year`."""
    options = [param for param in params if isinstance(param, click.Option)]
    names = {name for option in options for name in option.opts}
    takes_value = {name for option in options if not option.is_flag for name in option.opts}
    for word, following in pairwise(args):
        if word == "--":
            return
        if word in takes_value and (following in names or following.startswith("--")):
            raise click.BadOptionUsage(word, "")
