"""Escalation rules as data: what the YAML file says, and the facts it speaks of.

A fact is a tuple: its kind, then one integer for each field of that kind, in the order of
`Escalation.kinds`. Requirements and schemes are numbered within a unit, severities and ratings by rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Fact = tuple[Any, ...]

FED: Mapping[str, tuple[str, ...]] = {
    "finding": ("requirement", "scheme", "period", "severity"),
    "requirement_failed": ("requirement", "severity"),
}
"""The kinds of fact every unit starts from, with their fields; all other kinds are concluded by rules."""

SEVERITIES: Mapping[str, int] = {"minor": 1, "major": 2, "veto": 3}
RATINGS = ("unqualified", "rectify", "improve")
RATING = "rating"
"""The kind of fact that ends the chain; its one field is the rank in `Escalation.ratings`, 0 the worst."""


class Firing(NamedTuple):
    """A rule (by its place in the file) fired on these facts, one for each pattern, and concluded a fact."""

    rule: int
    facts: tuple[Fact, ...]
    concluded: Fact


@dataclass(frozen=True)
class Pattern:
    """A fact a rule looks for.

    `equals` are fields with a fixed value, `same` fields equal to that of an earlier pattern (by its place
    in the rule), `after` fields that are one more than it.
    """

    kind: str
    equals: tuple[tuple[str, int], ...] = ()
    same: tuple[tuple[str, int], ...] = ()
    after: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Copied:
    """A field of a concluded fact that is taken from the fact of a pattern (by its place in the rule)."""

    pattern: int


@dataclass(frozen=True)
class Rule:
    """When different facts match all patterns (or `count` facts the only one), conclude a fact.

    `fields` gives each field of the concluded kind, in order, a fixed value or the pattern it is copied from.
    """

    rule_id: str
    title: Mapping[str, str]
    when: tuple[Pattern, ...]
    count: int
    concludes: str
    fields: tuple[tuple[str, int | Copied], ...]


@dataclass(frozen=True)
class Escalation:
    """A checked file of escalation rules.

    `kinds` gives every kind of fact and its fields; `ratings` stand from worst to best; `shipped` is False
    for a user's own file. A rule uses only kinds that were fed or that rules above it conclude.
    """

    name: str
    version: str
    title: Mapping[str, str]
    ratings: tuple[str, ...]
    rules: tuple[Rule, ...]
    kinds: Mapping[str, tuple[str, ...]]
    shipped: bool

    def value(self, fact: Fact, field: str) -> int:
        """Return a field of a fact."""
        value: int = fact[1 + self.kinds[fact[0]].index(field)]
        return value

    def fits(self, pattern: Pattern, fact: Fact) -> bool:
        """Return whether a fact is of the pattern's kind and has its fixed values."""
        return bool(fact[0] == pattern.kind) and all(self.value(fact, f) == v for f, v in pattern.equals)
