"""`ducha.toml` in the working folder: every option of the command line may stand in it; the command line wins."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from auditor.errors import BadInput, Place, Problem

FILE = "ducha.toml"


@cache
def _settings(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput([Problem("usage.bad_settings", {"why": str(error)}, Place(FILE))]) from None


def setting(name: str) -> object:
    """Return one setting, or None; a file that cannot be read says so when the command runs."""
    try:
        return _settings(Path.cwd()).get(name)
    except BadInput:
        return None


def default_map(lang: str) -> dict[str, Any]:
    """Return the settings as defaults for every command, by the names of its parameters.

    Raises BadInput for a file that is no TOML, and for a key that is no option.
    """
    settings = {key.replace("-", "_"): _text(value) for key, value in _settings(Path.cwd()).items()}
    if not settings:
        return {}
    from auditor.commands.root import COMMANDS, option_names  # noqa: PLC0415 - only where there is a file

    known = option_names(lang)
    unknown = [key for key in settings if key not in known]
    if unknown:
        expected = ", ".join(sorted(known))
        raise BadInput(
            Problem("usage.unknown_setting", {"value": key, "expected": expected}, Place(FILE))
            for key in unknown
        )
    renamed = {_PARAMETERS.get(key, key): value for key, value in settings.items()}
    return {command: {**renamed, **dict.fromkeys(("list", "show", "lint"), renamed)} for command in COMMANDS}


_PARAMETERS = {"from": "first_on", "to": "last_on", "pack": "packs", "unit": "units"}


def _text(value: Any) -> Any:
    """Return a value as the command line would give it: days and numbers as text."""
    if isinstance(value, list):
        return tuple(_text(each) for each in value)
    return value if isinstance(value, bool) else str(value)
