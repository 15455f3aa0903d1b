"""The finished audit: what every report is written from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from auditor.errors import Problem
from auditor.model.finding import Asked, Finding, Issue, TraceStep, UnitResult
from auditor.model.requirement import Pack, Requirement
from auditor.texts import Lang

RowPlace = tuple[str | None, str | None, int | None]
"""Where a row stands: file, sheet, row."""


@dataclass(frozen=True)
class FileHash:
    """A file that went in: its path below DATA (with `/`) and the SHA-256 of its bytes; of a database, of its rows."""

    file: str
    sha256: str


@dataclass(frozen=True)
class Provenance:
    """Where an audit comes from: with the same provenance it says the same, byte for byte.

    `settings` are the values of the packs' parameters; `assume_effective` says that the days in force were lifted.
    """

    packs: tuple[Pack, ...]
    first_on: date
    last_on: date
    as_of: date
    data: tuple[FileHash, ...]
    calendar: FileHash | None
    tool_version: str
    judged_by: str
    settings: Mapping[str, str]
    assume_effective: bool


@dataclass(frozen=True)
class RowNote:
    """A row that did not count, and why: planned (dated after the as-of day), undated, or left out.

    `reason` is the column that is blank, or the code of what keeps the row out.
    """

    table: str
    file: str | None
    sheet: str | None
    row: int | None
    day: date | None = None
    reason: str | None = None
    unit_id: str | None = None
    requirement_id: str | None = None
    period: str | None = None
    subject: str | None = None


@dataclass(frozen=True)
class FilingEvent:
    """An event after the as-of day that a requirement wants filed `asked` working days ahead; None: not filed yet."""

    requirement_id: str
    unit_id: str
    table: str
    file: str
    sheet: str | None
    row: int
    filed_on: date | None
    held_on: date
    asked: int


@dataclass(frozen=True)
class DataNotes:
    """What there is to say about the data beside the findings."""

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    planned: tuple[RowNote, ...]
    undated: tuple[RowNote, ...]
    left_out: tuple[RowNote, ...]


@dataclass(frozen=True)
class Question:
    """Something about rows that a person should look at: a question, which no verdict, rating or score depends on.

    `sentences` is the question in each language, `title` that of its rule. `count` are the rows it is about, `rows`
    the first of them in order. Where they are of several units, `unit_id` is the first.
    """

    rule_id: str
    title: Mapping[Lang, str]
    table: str
    unit_id: str
    sentences: Mapping[Lang, str]
    count: int
    rows: tuple[RowPlace, ...]


@dataclass(frozen=True)
class DutyAhead:
    """A duty of a period that has not begun, so that there is no finding of it yet.

    `asked` has no numbers where they come from elsewhere (a target, the period before); None for an attestation.
    """

    unit_id: str
    requirement_id: str
    period: str
    first_on: date
    last_on: date
    asked: Asked | None


@dataclass(frozen=True)
class NextUpdate:
    """A subject that needs its next row by `due_on`, lest its longest stretch since `last_on` get too long."""

    unit_id: str
    requirement_id: str
    period: str
    subject: str
    last_on: date
    due_on: date


@dataclass(frozen=True)
class PlannedEvent:
    """An event after the as-of day whose filing is still due, or is no longer in time for the day planned.

    `filed_on` is the day filed by the as-of day (None: not yet), with its `lead` in working days; `needed` are
    asked. `file_by` is the last filing day for the day planned. Where that has passed, `hold_from` is the
    earliest day that the filing made, or one made on the as-of day, is in time for. `announced` is false where
    the count touches a year whose holidays are not announced.
    """

    unit_id: str
    requirement_id: str
    place: RowPlace
    key: str
    title: str | None
    held_on: date
    filed_on: date | None
    lead: int | None
    needed: int
    file_by: date
    hold_from: date | None
    announced: bool


class Ahead(Protocol):
    """What lies ahead beside the pending findings; read from the engine as often as asked."""

    def duties(self) -> Iterator[DutyAhead]:
        """Yield the duties of the periods that have not begun, by requirement, period and unit."""

    def updates(self) -> Iterator[NextUpdate]:
        """Yield by when each subject of a longest stretch needs its next row."""

    def events(self) -> Iterator[PlannedEvent]:
        """Yield the planned events whose filing is still due, or not in time for the day planned."""


@dataclass(frozen=True)
class Duty:
    """A duty that several requirements word, and the units that all of them bind.

    `strictest` are those than which none of the others asks more; several, where they cannot be compared.
    """

    duty: str
    requirement_ids: tuple[str, ...]
    strictest: tuple[str, ...]
    unit_ids: tuple[str, ...]


@dataclass(frozen=True)
class Audit:
    """An audit. Findings and issues are many: they stay in the engine and are read as often as asked.

    `findings(evidence)` yields them sorted by unit, requirement and period, with their evidence if that is
    asked; `issues()` yields one for each unit and requirement that failed; `contents(tables, places, lang)` gives
    the filled cells of rows by their labels; `told(step, lang)` says a step of a trace, `rule(requirement_id, lang)`
    the rule of a requirement. `counts` is the number of findings by verdict; `duties` are those that several
    requirements word; `table_labels` each table's zh and en label; `questions()` yields what a person should look at
    in the evidence, in the order of the rules; `events()` the events after the as-of day whose filing is counted in
    working days; `ahead` gives what else lies ahead of the as-of day beside the pending findings. `close()` gives the
    engine's memory back; afterwards nothing more can be read.
    """

    provenance: Provenance
    requirements: Mapping[str, Requirement]
    units: tuple[UnitResult, ...]
    counts: Mapping[str, int]
    duties: tuple[Duty, ...]
    data: DataNotes
    table_labels: Mapping[str, Mapping[str, str]]
    findings: Callable[[bool], Iterator[Finding]]
    issues: Callable[[], Iterator[Issue]]
    questions: Callable[[], Iterator[Question]]
    ahead: Ahead
    told: Callable[[TraceStep, Lang], str]
    rule: Callable[[str, Lang], str]
    contents: Callable[[Iterable[str], Sequence[RowPlace], Lang], Mapping[RowPlace, Mapping[str, str]]]
    events: Callable[[], Iterator[FilingEvent]]
    close: Callable[[], None]

    def __enter__(self) -> Audit:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def failed(self) -> bool:
        """Whether at least one finding says fail."""
        return self.counts["fail"] > 0
