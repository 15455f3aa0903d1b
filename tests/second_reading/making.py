"""An organisation in the making: the dice, and days and numbers near the borders."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from .conditions import Row
from .forms import CHOICES


@dataclass
class Making:
    """An organisation in the making: the dice, the year, and the rows there are already."""

    rng: random.Random
    year: int
    small: bool = False
    rows: dict[str, list[Row]] = field(default_factory=dict)
    made: int = 0

    def number(self) -> int:
        """Return the next number for an id."""
        self.made += 1
        return self.made

    def chance(self, share: float) -> bool:
        """Say yes with a probability."""
        return self.rng.random() < share

    def maybe(self, value: Any, share: float) -> Any:
        """Return the value with a probability, else a blank."""
        return value if self.chance(share) else None

    def care(self) -> float:
        """Return how carefully a unit works: never, sometimes, mostly, always."""
        return self.rng.choice((0.0, 0.6, 0.95, 1.0, 1.0))

    def about(self, wanted: int) -> int:
        """Return a number around the wanted one, or 0."""
        if self.small:
            return self.rng.choice((0, 1))
        return self.rng.choice((0, max(wanted - 1, 0), wanted, wanted, wanted + 1))

    def border(self) -> date:
        """Return a day at a border of some period."""
        year = self.year
        return self.rng.choice(
            (
                *(date(year - 1, 12, 31), date(year, 1, 1), date(year, 1, 31), date(year, 2, 1)),
                *(date(year, 3, 31), date(year, 4, 1), date(year, 6, 30), date(year, 7, 1)),
                *(date(year, 7, 31), date(year, 8, 1), date(year, 9, 30), date(year, 10, 1)),
                *(date(year, 12, 31), date(year + 1, 1, 1), date(year + 1, 1, 31), date(year + 1, 2, 1)),
            )
        )

    def day(self) -> date:
        """Return a day: mostly of the year, often a border, sometimes far off."""
        dice = self.rng.random()
        if dice < 0.25:
            return self.border()
        if dice < 0.92:
            return date(self.year, 1, 1) + timedelta(days=self.rng.randint(0, 364))
        return date(self.year - 1, 6, 1) + timedelta(days=self.rng.randint(0, 900))

    def around(self, day: date, days: int) -> date:
        """Return a day not further away than so many days."""
        return day + timedelta(days=self.rng.randint(-days, days))

    def life(self) -> tuple[date | None, date | None]:
        """Return the ends of a life; mostly it covers the year."""
        dice = self.rng.random()
        start: date | None = None
        end: date | None = None
        if dice > 0.35:
            start = date(self.year - 1, 1, 1) + timedelta(days=self.rng.randint(0, 364))
        if dice > 0.75:
            start = self.rng.choice((self.border(), self.around(self.border(), 1), self.day()))
        if self.chance(0.2):
            end = self.rng.choice((self.border(), self.around(self.border(), 1), self.day()))
        if start is not None and end is not None and end < start:
            start, end = end, start
        return start, end

    def unit_ids(self, *types: str) -> list[str]:
        """Return the ids of the units of these types, or of all."""
        return [row["unit_id"] for row in self.rows["units"] if not types or row["type"] in types]

    def choices(self, column: str, most: int = 2) -> tuple[str, ...]:
        """Return some values of a choices column."""
        return tuple(self.rng.sample(CHOICES[column], self.rng.randint(1, most)))
