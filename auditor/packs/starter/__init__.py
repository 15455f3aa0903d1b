"""The pack that a rule author begins with: a sound one of four requirements, commented in zh or en."""

from __future__ import annotations

import re
from pathlib import Path

from auditor.errors import BadInput, Problem
from auditor.model.requirement import SLUG
from auditor.texts import Lang

NAMED_HERE = "my-pack"
"""What the pack calls itself in the files beside this one."""


def starter(name: str, lang: Lang) -> str:
    """Return the text of a new pack of that name, with comments in one language.

    Raises BadInput for a name that no pack can have.
    """
    if not re.fullmatch(SLUG, name):
        figures = {"key": "pack", "value": name, "expected": "fire-safety-2024"}
        raise BadInput([Problem("pack.bad_form", figures)])
    text = (Path(__file__).parent / f"{lang}.yaml").read_text(encoding="utf-8")
    return text.replace(NAMED_HERE, name)
