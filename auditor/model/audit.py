"""The finished audit: what every report is written from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from auditor.errors import Problem
from auditor.model.finding import Finding, Issue, TraceStep, UnitResult
from auditor.model.requirement import Pack, Requirement
from auditor.model.trail import Trail
from auditor.texts import Lang

RowPlace = tuple[str | None, str | None, int | None]
"""Where a row stands: file, sheet, row."""


@dataclass(frozen=True)
class FileHash:
    """A file that went in: its path below DATA (with `/`) and the SHA-256 of its bytes."""

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
    in the evidence, in the order of the rules; `trail(requirement_id, unit_id, period)` says how rows came down to
    those that counted, and which nearly did. `close()` gives the engine's memory back; afterwards nothing more can
    be read.
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
    told: Callable[[TraceStep, Lang], str]
    rule: Callable[[str, Lang], str]
    contents: Callable[[Iterable[str], Sequence[RowPlace], Lang], Mapping[RowPlace, Mapping[str, str]]]
    trail: Callable[[str, str, str], Trail]
    close: Callable[[], None]

    def __enter__(self) -> Audit:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def failed(self) -> bool:
        """Whether at least one finding says fail."""
        return self.counts["fail"] > 0
