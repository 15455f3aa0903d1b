"""The steps of a run, told while it goes on to whoever wants to show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

StepName = Literal["reading", "loading", "checking", "judging", "rating", "writing"]


@dataclass(frozen=True)
class Step:
    """What is being done: the step, what of (a file, a table), and how much of the whole run is behind it (0 to 1)."""

    name: StepName
    share: float
    what: str = ""


Tell = Callable[[Step], None]


def tell_nobody(step: Step) -> None:
    """Let a step pass in silence."""


def part(tell: Tell, start: float, end: float) -> Tell:
    """Return what tells the steps of a part of the run, whose own shares go from 0 to 1."""

    def of_the_whole(step: Step) -> None:
        tell(Step(step.name, start + step.share * (end - start), step.what))

    return of_the_whole
