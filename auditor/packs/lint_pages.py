"""The manual's page of a pack's code, as `packs lint --explain` shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.errors import BadInput, Problem
from auditor.packs.mistakes import near
from auditor.shipped import shipped
from auditor.texts import Lang, sentences

FOLDER = "docs/lint"
HEADINGS = {"zh": "中文", "en": "English"}
"""The heading of a language's part of a page; what has another heading is for readers of both."""
MADE = re.compile(r"<!-- Made by [^\n]*-->\n+")


def page_name(code: str) -> str:
    """Return the file of a code's page within the folder."""
    return f"{code.removeprefix('pack.')}.md"


def page_of(code: str, lang: Lang) -> str:
    """Return the page of a code in one language: what it means, why it is told, what to do, an example.

    The code may be given without `pack.`. Raises BadInput for one that there is not, with the nearest one.
    """
    known = list(sentences("pack_problems", lang))
    whole = code if code.startswith("pack.") else f"pack.{code}"
    if whole not in known:
        raise BadInput([Problem("usage.unknown_code", {"value": code}, hint=near(whole, known))])
    page = shipped(f"{FOLDER}/{page_name(whole)}").read_text(encoding="utf-8")
    return "".join(_parts(MADE.sub("", page), lang))


def _parts(page: str, lang: Lang) -> Iterator[str]:
    foreign = {f"## {heading}\n" for each, heading in HEADINGS.items() if each != lang}
    for part in re.split(r"(?m)^(?=## )", page):
        if not part.startswith(tuple(foreign)):
            yield part
