"""Working days of mainland China, with the swapped weekends, and the lead that a filing has on its event.

The days off and the worked weekends come from the State Council's yearly notices, as the package
`chinese_calendar` records them; a file of the user wins over it, day by day. In a year without a notice
Monday to Friday count as working days, and everything counted there says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TypedDict

from auditor.periods.calendar_file import read_marks

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Lead:
    """How many working days a filing lies before its event.

    `days` is the strict reading (the filing day is not counted, the event day is); `both` counts both ends,
    `neither` counts none. `announced` is false where the count touches a year whose notice is not out.
    """

    days: int
    both: int
    neither: int
    announced: bool


class DayColumns(TypedDict):
    """Every day from `first` to `last`, one entry a day, in order.

    working                     1 on a working day, else 0
    working_through             working days from `first` through the day
    filing_on                   F, the first working day on or after the day (it may lie beyond `last`)
    filing_through              working_through at F
    unannounced                 1 where the day's year has no notice, else 0
    unannounced_through         days of such years from `first` through the day
    unannounced_filing_through  unannounced_through at F (F may lie in the next year)

    With the row of the day filed (f) and of the day held (h), where filed <= held:

        days    = greatest(0, h.working_through - f.filing_through)
        both    = greatest(0, h.working_through - f.filing_through + 1)
        neither = greatest(0, h.working_through - h.working - f.filing_through)
        touches a year without a notice: h.unannounced_through > f.unannounced_through - f.unannounced

    and where filed > held:

        days    = h.working_through - f.filing_through, both = neither = 0
        touches a year without a notice: f.unannounced_filing_through > h.unannounced_through
    """

    day: list[date]
    working: list[int]
    working_through: list[int]
    filing_on: list[date]
    filing_through: list[int]
    unannounced: list[int]
    unannounced_through: list[int]
    unannounced_filing_through: list[int]


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked: the user's marks over the packaged notices over Monday to Friday."""

    marks: Mapping[date, bool] = field(default_factory=dict)

    @cached_property
    def _notices(self) -> Mapping[date, bool]:
        # Imported when first asked: most commands never count a working day, and the package is slow to load.
        from chinese_calendar.constants import holidays, workdays  # noqa: PLC0415

        return {**dict.fromkeys(holidays, False), **dict.fromkeys(workdays, True), **self.marks}

    @cached_property
    def announced_years(self) -> frozenset[int]:
        """The years that have a notice: packaged, or with at least one day marked by the user."""
        return frozenset(day.year for day in self._notices)

    def is_working(self, day: date) -> bool:
        """Return whether the day is worked."""
        return self._notices.get(day, day.weekday() < 5)

    def is_announced(self, day: date) -> bool:
        """Return whether the notice for the day's year is known."""
        return day.year in self.announced_years

    def all_announced(self, first: date, last: date) -> bool:
        """Return whether every year from the first day to the last is announced."""
        return self.announced_years.issuperset(range(first.year, last.year + 1))

    def working_days(self, first: date, last: date) -> list[date]:
        """Return the working days from the first day to the last, both included; none where first > last."""
        days = map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
        return [day for day in days if self.is_working(day)]

    def filing_on(self, filed: date) -> date:
        """Return the day from which a filing counts: the first working day on or after it."""
        return next(self._walk(filed, _DAY))

    def lead(self, filed: date, held: date) -> Lead:
        """Return the lead of a filing on its event.

        It is the number of working days after F, the day the filing counts from, through the event. A filing
        after the event has a negative lead: minus the working days after the event through F.
        """
        filing = self.filing_on(filed)
        if filed > held:
            late = len(self.working_days(held + _DAY, filing))
            return Lead(-late, 0, 0, self.all_announced(held + _DAY, filing))
        both = len(self.working_days(filing, held))
        days = max(0, both - 1)
        neither = max(0, days - self.is_working(held))
        return Lead(days, both, neither, self.all_announced(filed, held))

    def ahead(self, day: date, n: int) -> date:
        """Return the latest filing day that has a lead of n >= 0 working days on an event of the day."""
        return self._step(day, -_DAY, n) if n else day

    def after(self, day: date, n: int) -> date:
        """Return the n-th working day after the day, n >= 1: the end of a term that starts the day after."""
        return self._step(day + _DAY, _DAY, n - 1)

    def frame(self, first: date, last: date) -> DayColumns:
        """Return the days from first to last with running counts: a stretch is then a subtraction."""
        # Counted as far as the last day's F, then cut, so that every day's F has its counts.
        days = [
            date.fromordinal(number)
            for number in range(first.toordinal(), self.filing_on(last).toordinal() + 1)
        ]
        working = [int(self.is_working(day)) for day in days]
        unannounced = [int(day.year not in self.announced_years) for day in days]
        working_through, unannounced_through = list(accumulate(working)), list(accumulate(unannounced))
        filing = _next_worked(working)[: (last - first).days + 1]
        shown = slice(len(filing))
        return {
            "day": days[shown],
            "working": working[shown],
            "working_through": working_through[shown],
            "filing_on": [days[at] for at in filing],
            "filing_through": [working_through[at] for at in filing],
            "unannounced": unannounced[shown],
            "unannounced_through": unannounced_through[shown],
            "unannounced_filing_through": [unannounced_through[at] for at in filing],
        }

    def _walk(self, start: date, step: timedelta) -> Iterator[date]:
        day = start
        while True:
            if self.is_working(day):
                yield day
            day += step

    def _step(self, start: date, step: timedelta, n: int) -> date:
        walk = self._walk(start, step)
        for _ in range(n):
            next(walk)
        return next(walk)


def load_calendar(path: Path | None = None) -> WorkCalendar:
    """Return the working calendar, with the user's file laid over the packaged notices where there is one.

    Raises:
        BadInput: everything that is wrong with the file (see `calendar_file.read_marks`).
    """
    return WorkCalendar(read_marks(path) if path else {})


def _next_worked(working: list[int]) -> list[int]:
    """Return for each position that of the first working day on or after it; the last one is worked."""
    found = [len(working) - 1] * len(working)
    for at in range(len(working) - 2, -1, -1):
        found[at] = at if working[at] else found[at + 1]
    return found
