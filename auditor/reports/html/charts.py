"""Charts as inline SVG: bars of parts, drawn with attributes alone, so that no style sheet is needed to size them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from auditor.reports.html.markup import Markup, el

_WIDTH, _HEIGHT = 600, 14


def bar(
    parts: Sequence[tuple[str, int | Fraction]], label: str, whole: int | Fraction | None = None
) -> Markup:
    """Return one bar of parts side by side, each a class and a size; `whole` is what the full width stands for.

    `label` says the same in words for who does not see it.
    """
    full = Fraction(whole if whole is not None else sum(size for _, size in parts)) or Fraction(1)
    return el(
        "svg",
        el("rect", class_="ground", x=0, y=0, width=_WIDTH, height=_HEIGHT),
        list(_parts(parts, full)),
        class_="bar",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        aria_label=label,
    )


def _parts(parts: Iterable[tuple[str, int | Fraction]], full: Fraction) -> Iterable[Markup]:
    start = Fraction(0)
    for kind, size in parts:
        if size:
            # Both edges are rounded, not the width: parts leave no gap and never pass the end.
            left, right = round(start * _WIDTH / full), round((start + size) * _WIDTH / full)
            yield el("rect", class_=f"k-{kind}", x=left, y=0, width=max(2, right - left), height=_HEIGHT)
            start += size
