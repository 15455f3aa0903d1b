"""`ducha.toml` in the working folder: every option of `audit` may stand in it; the command line wins."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from auditor.errors import BadInput, Place, Problem

FILE = "ducha.toml"

_PARAMETERS = {
    "from": "first_on",
    "to": "last_on",
    "pack": "packs",
    "unit": "units",
    "format": "format_name",
} | {"set": "settings", "map": "mapping", "drop_column": "drop_columns"}
_SEVERAL = ("packs", "units", "settings", "drop_columns")
_EXCLUDES = {
    "--year": ("first_on", "last_on"),
    "--from": ("year",),
    "--to": ("year",),
    "--pack": ("all_packs",),
    "--all-packs": ("packs",),
}
"""An option of the command line -> the settings that it replaces beside its own."""


@cache
def _settings(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise BadInput([_not_toml(str(error))]) from None
    except UnicodeDecodeError:
        raise BadInput([Problem("usage.bad_settings", {"why": "UTF-8"}, Place(FILE))]) from None
    except OSError as error:
        raise BadInput([Problem("usage.bad_settings", {"why": error.strerror}, Place(FILE))]) from None


def _not_toml(message: str) -> Problem:
    why, _, where = message.partition(" (at ")
    line = re.match(r"line (\d+)", where)
    return Problem("usage.bad_settings", {"why": why}, Place(FILE, line=int(line[1]) if line else None))


def _working_folder() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # the folder is gone
        return None


def setting(name: str) -> object:
    """Return one setting, or None; a file that cannot be read says so when the command runs."""
    folder = _working_folder()
    try:
        return _settings(folder).get(name) if folder else None
    except BadInput:
        return None


def default_map(lang: str, words: Sequence[str]) -> dict[str, Any]:
    """Return the settings as defaults for every command, by the names of its parameters.

    A setting that an option among `words` excludes is left out: `--from` replaces the `year` of the file.
    Raises BadInput for a file that is no TOML, and for a key that is no option.
    """
    folder = _working_folder()
    written = {key.replace("-", "_"): value for key, value in _settings(folder).items()} if folder else {}
    if not written:
        return {}
    from auditor.commands.root import COMMANDS, option_names  # noqa: PLC0415 - only where there is a file

    _refuse_unknown(written, option_names(lang))
    renamed = {_PARAMETERS.get(key, key): _text(value) for key, value in written.items()}
    for key in _SEVERAL:
        if isinstance(renamed.get(key), str):
            renamed[key] = (renamed[key],)
    given = {word.partition("=")[0] for word in words}
    for key in (excluded for option, each in _EXCLUDES.items() if option in given for excluded in each):
        renamed.pop(key, None)
    return {"lang": renamed.get("lang"), **dict.fromkeys(COMMANDS, renamed)}


def _refuse_unknown(written: Iterable[str], known: set[str]) -> None:
    unknown = [key for key in written if key not in known]
    if unknown:
        expected = "、".join(sorted(known))
        raise BadInput(
            Problem(
                "usage.unknown_setting", {"value": key, "expected": expected}, Place(FILE), _near(key, known)
            )
            for key in unknown
        )


def _near(word: str, known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(word, list(known), n=1)), None)


def _text(value: Any) -> Any:
    """Return a value as the command line would give it: days and numbers as text."""
    if isinstance(value, dict):
        return tuple(f"{key}={each}" for key, each in value.items())
    if isinstance(value, list):
        return tuple(_text(each) for each in value)
    return value if isinstance(value, bool) else str(value)
