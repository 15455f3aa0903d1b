"""Which language to speak: `--lang`, then `ducha.toml`, then the system's own."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping, Sequence

from auditor.commands.settings import setting
from auditor.texts import LANGUAGES, Lang


def chosen_language(words: Sequence[str], environment: Mapping[str, str] = os.environ) -> Lang:
    """Return the language of messages; known before the command line is parsed, to word its errors."""
    wanted = _named(words) or setting("lang")
    for lang in LANGUAGES:
        if wanted == lang:
            return lang
    return "zh" if _system(environment).lower().startswith(("zh", "chinese")) else "en"


def _named(words: Sequence[str]) -> str | None:
    for at, word in enumerate(words):
        if word == "--lang" and at + 1 < len(words):
            return words[at + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


def _system(environment: Mapping[str, str]) -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return environment[name]
    # Windows sets none of them; there the C library knows the user's own.
    try:
        locale.setlocale(locale.LC_CTYPE, "")
    except locale.Error:
        return ""
    return locale.getlocale(locale.LC_CTYPE)[0] or ""
