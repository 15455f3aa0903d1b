"""The flow. Tables and packs in; measured, judged, rated; the finished audit out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from auditor import __version__
from auditor.engines.duckdb import DuckDBEngine
from auditor.errors import BadInput, Problem, in_order
from auditor.judge.duties import shared_duties
from auditor.judge.escalation import load_escalation, told
from auditor.judge.findings import count_unannounced, judge, totals, units_owing
from auditor.judge.rating import Rated, rate
from auditor.judge.records import FindingReader
from auditor.judge.rules import Escalation
from auditor.measures.ahead import LookingAhead
from auditor.measures.grid import Span, last_day, lay_grid, unknown_units
from auditor.measures.measure import gather_evidence, measure, rule_in_words
from auditor.measures.notes import data_notes
from auditor.measures.planned import planned_events
from auditor.measures.plausibility.asking import Asking
from auditor.measures.plausibility.reading import load_plausibility
from auditor.measures.trail import trail_of
from auditor.model.audit import Audit, DataNotes, FileHash, Provenance, Question
from auditor.model.measurement import Measurement
from auditor.model.requirement import Pack, Requirement
from auditor.model.scoring import Scoring
from auditor.packs.load import load_packs
from auditor.periods.period import DEFAULT_SEMESTERS, Semesters, Window
from auditor.periods.workdays import WorkCalendar, load_calendar
from auditor.steps import Step, Tell, part, tell_nobody
from auditor.tables.contents import row_contents
from auditor.tables.database import Database
from auditor.tables.declaration import Declaration, load_declaration
from auditor.tables.read import Reading, read_tables
from auditor.texts import say


@dataclass(frozen=True)
class Options:
    """What may be chosen beside the data, the packs and the window; every field has the usual answer.

    `as_of` is the day the audit pretends it is; left out, the earlier of `today` and the last day of the last
    period. `units` chooses findings, the data stay whole. `calendar` wins over the packaged years. `escalation` and
    `plausibility` are files of rules that replace the shipped ones. `settings` are the values of the packs' parameters;
    `assume_effective` lifts the days that documents are in force. `mapping` is a file that says what files and headers
    mean; `drop_columns` are headers whose columns are not read. `tell` is told the steps as they come.
    """

    as_of: date | None = None
    today: date | None = None
    units: tuple[str, ...] = ()
    semesters: Semesters = DEFAULT_SEMESTERS
    calendar: Path | None = None
    strict_calendar: bool = False
    escalation: Path | None = None
    plausibility: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    assume_effective: bool = False
    skip_bad_rows: bool = False
    mapping: Path | None = None
    drop_columns: tuple[str, ...] = ()
    judged_by: str = "auto"
    tell: Tell = field(default=tell_nobody, compare=False, repr=False)

    @property
    def answers_until(self) -> date | None:
        """Return the last day on which an answer can have been found out; None where the as-of day was chosen."""
        return None if self.as_of else self.today or date.max


USUAL = Options()

_READ = 0.5
JUDGING, RATING, WRITING = Step("judging", _READ), Step("rating", 0.8), Step("writing", 0.95)
"""The steps after the reading, each with how much of a large audit is behind when it begins."""


Data = Path | Database
"""What an audit reads: a folder of tables, a file, a database."""

PackGiven = str | Path | Pack
"""A pack as it may be given: a shipped one's name, a file, a loaded one."""


def audit(data: Data, packs: Sequence[PackGiven], window: Window | int, options: Options = USUAL) -> Audit:
    """Read the tables and the packs, measure every requirement, judge every measurement, rate every unit.

    Close the audit, or use it as a context manager. Raises BadInput with every problem of what was given.
    """
    loaded, declaration = load_packs(packs, load_declaration(), options.settings)
    requirements = [requirement for pack in loaded for requirement in pack.requirements]
    escalation, rules = (
        load_escalation(options.escalation),
        load_plausibility(options.plausibility, declaration),
    )
    calendar, span = load_calendar(options.calendar), _span(window, requirements, options)
    with _engine_of_one_audit() as engine:
        reading = _read(data, declaration, engine, span, options)
        lay_grid(engine, span, requirements, calendar, options.units)
        measurements = measure(requirements, declaration)
        run = _Run(loaded, declaration, engine, span, calendar, reading, measurements, options)
        _judge(measurements, loaded, engine, options)
        rated = rate(measurements, escalation, engine, options.judged_by, _scoring(loaded))
        asking = Asking(engine, declaration, reading, span, calendar, options.units, rules)
        return _finished(run, rated, escalation, asking.questions)


@dataclass(frozen=True)
class _Run:
    """What an audit is made from, once its tables are read and its requirements compiled."""

    packs: tuple[Pack, ...]
    declaration: Declaration
    engine: DuckDBEngine
    span: Span
    calendar: WorkCalendar
    reading: Reading
    measurements: tuple[Measurement, ...]
    options: Options


def _finished(
    run: _Run, rated: Rated, escalation: Escalation, questions: Callable[[], Iterator[Question]]
) -> Audit:
    engine, declaration, measurements = run.engine, run.declaration, run.measurements
    units, issues, judged_by = rated
    requirements = {each.requirement.id: each.requirement for each in measurements}
    return Audit(
        provenance=_provenance(run.packs, run.span, run.reading, run.options, judged_by),
        requirements=requirements,
        units=units,
        counts=totals(engine),
        duties=shared_duties(_in_force(run.packs, run.span, run.options), units_owing(engine)),
        data=_notes(run),
        table_labels={name: table.label.model_dump() for name, table in declaration.tables.items()},
        findings=FindingReader(
            measurements, engine, partial(gather_evidence, measurements, declaration, engine)
        ),
        issues=issues,
        questions=questions,
        ahead=LookingAhead(
            measurements, declaration, engine, run.span, run.calendar, _effective(run.packs, run.options)
        ),
        told=lambda step, lang: say("trace", *told(step, escalation, lang), lang),
        rule=lambda requirement_id, lang: rule_in_words(requirements[requirement_id], declaration, lang),
        contents=lambda tables, places, lang: row_contents(engine, declaration, tables, places, lang),
        trail=lambda requirement_id, unit_id, period: trail_of(
            requirements[requirement_id], unit_id, period, declaration, engine
        ),
        events=partial(planned_events, measurements, declaration, engine, run.span.as_of),
        close=engine.close,
    )


@contextmanager
def _engine_of_one_audit() -> Iterator[DuckDBEngine]:
    """Give an engine that is closed where the block fails; where it succeeds, the audit keeps it."""
    engine = DuckDBEngine()
    try:
        yield engine
    except BaseException:
        engine.close()
        raise


def _read(
    data: Path | Database, declaration: Declaration, engine: DuckDBEngine, span: Span, options: Options
) -> Reading:
    """Return the reading of sound data. Raises BadInput."""
    reading = read_tables(
        data,
        declaration,
        engine,
        skip_bad_rows=options.skip_bad_rows,
        mapping=options.mapping,
        drop_columns=options.drop_columns,
        year=span.window.year,
        tell=part(options.tell, 0, _READ),
    )
    _stop_at(reading.problems)
    _stop_at(unknown_units(engine, options.units))
    return reading


def _judge(
    measurements: Sequence[Measurement], packs: Sequence[Pack], engine: DuckDBEngine, options: Options
) -> None:
    """Measure and judge. Raises BadInput where only announced calendars will do."""
    options.tell(JUDGING)
    judge(measurements, _effective(packs, options), engine)
    _stop_at(_unannounced(engine, options))
    options.tell(RATING)


def _span(window: Window | int, requirements: Sequence[Requirement], options: Options) -> Span:
    window = Window.of_year(window) if isinstance(window, int) else window
    last = last_day(window, (requirement.scheme for requirement in requirements), options.semesters)
    as_of = options.as_of or min(options.today or last, last)
    return Span(window, as_of, options.semesters)


def _effective(packs: Sequence[Pack], options: Options) -> dict[str, tuple[date | None, date | None]]:
    """Return the days in force by the name of the pack; open where the user lifts them."""
    dates = {name: each for pack in packs for name, each in pack.effective_dates.items()}
    if options.assume_effective:
        return dict.fromkeys(dates, (None, None))
    return {name: (each.from_, each.to) for name, each in dates.items()}


def _in_force(packs: Sequence[Pack], span: Span, options: Options) -> list[Requirement]:
    """Return the requirements whose documents are in force on some day of the window."""
    effective = _effective(packs, options)
    return [
        each
        for pack in packs
        for each in pack.requirements
        if (effective[each.pack][0] or span.window.last_on) <= span.window.last_on
        and (effective[each.pack][1] or span.window.first_on) >= span.window.first_on
    ]


def _scoring(packs: Sequence[Pack]) -> Scoring | None:
    """Return how the audit scores in points: as its pack says, where there is just one; sums of two do not add up."""
    return packs[0].scoring if len(packs) == 1 else None


def _notes(run: _Run) -> DataNotes:
    """Return the notes on the data; a pack whose points do not count, since it is audited with others, is warned of."""
    until = run.options.answers_until
    notes = data_notes(run.measurements, run.declaration, run.engine, run.reading, run.span.as_of, until)
    aside = [pack for pack in run.packs if pack.scoring and len(run.packs) > 1]
    further = [Problem("usage.points_set_aside", {"value": pack.pack}, stops=False) for pack in aside]
    return replace(notes, warnings=in_order([*notes.warnings, *further])) if further else notes


def _stop_at(problems: Sequence[Problem]) -> None:
    if problems:
        raise BadInput(problems)


def _unannounced(engine: DuckDBEngine, options: Options) -> list[Problem]:
    touched = count_unannounced(engine) if options.strict_calendar else 0
    return [Problem("usage.calendar_unannounced", {"value": touched})] if touched else []


def _provenance(
    packs: tuple[Pack, ...], span: Span, reading: Reading, options: Options, judged_by: str
) -> Provenance:
    calendar = options.calendar
    return Provenance(
        packs=packs,
        first_on=span.window.first_on,
        last_on=span.window.last_on,
        as_of=span.as_of,
        data=reading.files,
        calendar=FileHash(calendar.name, hashlib.sha256(calendar.read_bytes()).hexdigest())
        if calendar
        else None,
        tool_version=__version__,
        judged_by=judged_by,
        settings={name: value for pack in packs for name, value in pack.settings.items()},
        assume_effective=options.assume_effective,
    )
