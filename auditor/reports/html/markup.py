"""Elements of a page. Text is escaped here and nowhere else: what is not `Markup` is data, and never becomes markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Signs that a page cannot hold: controls, halves of surrogate pairs, and what Unicode calls no characters."""
_VOID = frozenset({"meta", "input", "col", "rect", "br"})


class Markup(str):
    """Text that is markup already: made by `el`, or written in this package."""

    __slots__ = ()


Child = str | int | None | Iterable["Child"]


def esc(text: str) -> Markup:
    """Return data as text of a page or of an attribute: nothing of it is markup, and what cannot be shown is named."""
    if isinstance(text, Markup):
        return text
    return Markup(html.escape(_UNSEEN.sub(_named, text)))


def _named(match: re.Match[str]) -> str:
    code = ord(match[0])
    # The controls have pictures of their own; whatever else has none is shown by its number.
    return chr(0x2400 + code) if code < 0x20 else f"[U+{code:04X}]"


def el(name: str, /, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """Return an element. Children that are no `Markup` are escaped; None adds nothing.

    An attribute's name ends in `_` where it is a word of Python, `_` within is a hyphen; None and False leave it out.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>" if name != "rect" else f"<rect{written}/>")
    return Markup(f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Markup:
    """Return children one after the other, escaped where they are data."""
    return Markup("".join(_written(child) for child in children))


def _written(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, str):
        return esc(child)
    if isinstance(child, int):
        return str(child)
    return "".join(_written(each) for each in child)


def _attribute(key: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{esc(str(value))}"'


def user(text: str) -> Markup:
    """Return a name or a cell that people wrote, apart from the text around it: its direction turns nothing else."""
    return el("bdi", text)
