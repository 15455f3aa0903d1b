"""A page read back by the standard library's own parser: elements, attributes, headings, the text that is seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "input", "col", "br", "rect"}
BLOCKS = {
    "p", "li", "h1", "h2", "h3", "h4", "h5", "tr", "caption", "summary", "section", "dt", "dd", "nav", "header",
    "article", "table", "title", "label", "footer",
}  # fmt: skip


@dataclass
class Element:
    """An element with its attributes and the text within it."""

    name: str
    attributes: dict[str, str]
    above: tuple[str, ...]
    text: str = ""


@dataclass
class Read:
    """A page: its elements in order, and its text, a block a line."""

    elements: list[Element] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def of(self, name: str) -> list[Element]:
        return [each for each in self.elements if each.name == name]

    @property
    def text(self) -> str:
        return "\n".join(line for each in self.lines if (line := " ".join(each.split())))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read = Read(lines=[""])
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({key for key, _ in attrs}) == len(attrs), f"an attribute twice: {tag} {attrs}"
        element = Element(
            tag, {key: value or "" for key, value in attrs}, tuple(each.name for each in self.open)
        )
        self.read.elements.append(element)
        if tag in BLOCKS:
            self.read.lines.append("")
        elif tag in {"td", "th"}:
            self.read.lines[-1] += " | "
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].name == tag, f"</{tag}> closes {self.open[-1].name}"
        self.open.pop()
        if tag in BLOCKS:
            self.read.lines.append("")

    def handle_data(self, data: str) -> None:
        for each in self.open:
            each.text += data
        if not self.open or self.open[-1].name not in {"script", "style"}:
            self.read.lines[-1] += data


def read_page(page: str) -> Read:
    """Return a page as read. Fails where an element is closed out of order or not at all."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert [each.name for each in reader.open] == []
    return reader.read
