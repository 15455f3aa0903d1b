"""Arguments in, exit code out. No logic; each command's module is imported when it is called.

Exit codes: 0 ran, no fail; 1 ran, at least one fail; 2 bad usage or bad data; 3 our own fault.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from auditor.commands.interruption import is_interruption
from auditor.commands.language import chosen_language
from auditor.commands.root import ducha
from auditor.commands.settings import default_map
from auditor.commands.telling import tell, tell_fault, tell_problems, tell_usage
from auditor.errors import BadInput
from auditor.texts import say

EXIT_PASS, EXIT_FAIL, EXIT_BAD_INPUT, EXIT_FAULT = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None, called: str = "ducha") -> int:
    """Run one command and return its exit code. No traceback ever reaches a user.

    `called` is how the user calls the program, so that what is suggested can be typed as it stands.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    lang = chosen_language(words)
    try:
        done = ducha(lang).main(
            words, prog_name=called, standalone_mode=False, default_map=default_map(lang, words)
        )
        return done if isinstance(done, int) else EXIT_PASS
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        tell_usage(error, lang)
        return EXIT_BAD_INPUT
    except BadInput as bad:
        tell_problems(bad.problems, lang)
        return EXIT_BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        tell(say("usage", "interrupted", {}, lang))
        return EXIT_FAULT
    except Exception as fault:  # noqa: BLE001 - the outermost edge: a fault of ours is told, never shown raw
        if is_interruption(fault):
            tell(say("usage", "interrupted", {}, lang))
        else:
            tell_fault(fault, lang)
        return EXIT_FAULT
