"""What a pack says: requirements, their thresholds, and the clauses that are not evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from auditor.model.record import Bilingual, Exact, Record
from auditor.model.scoring import Score, Scoring

Severity = Literal["minor", "major", "veto"]
Operator = Literal[">=", ">", "<=", "==", "between"]
PeriodKind = Literal["year", "half_year", "quarter", "month", "week", "semester", "academic_year", "stage"]

RECTIFY_WITHIN: Mapping[str, int] = {"veto": 5, "major": 10, "minor": 20}
"""Working days from the day after notification, where a requirement names none."""


def _day_of_every_year(text: str) -> str:
    """Return a month and day such as `05-31`, checked: 29 February is not in every year."""
    try:
        if re.fullmatch(r"[0-9]{2}-[0-9]{2}", text):
            date.fromisoformat(f"2023-{text}")
            return text
    except ValueError:
        pass
    raise ValueError("pack.bad_day_of_year")


DayOfYear = Annotated[str, AfterValidator(_day_of_every_year)]
"""A month and day, `05-31`, of whatever year is audited."""


class Dated(Record):
    """A number of a standard from the day it holds, and the document that set it."""

    from_: date = Field(alias="from")
    value: Exact | tuple[Exact, Exact]
    reference: Bilingual


Standard = Literal["number", "dated", "target", "previous"]
"""Where a threshold's number comes from: the rule, the rule as of a day, the unit's own target, the period before."""


def _form_of_number(written: object) -> str:
    if isinstance(written, list | tuple):
        return "tuple[dated]" if any(isinstance(each, dict | Dated) for each in written) else "tuple[two]"
    return "word[target]" if written == "target" else "number[one]"


StandardNumber = Annotated[
    Annotated[Literal["target"], Tag("word[target]")]
    | Annotated[Exact, Tag("number[one]")]
    | Annotated[tuple[Exact, Exact], Tag("tuple[two]")]
    | Annotated[tuple[Dated, ...], Tag("tuple[dated]")],
    Discriminator(_form_of_number),
]
"""A number, two for `between`, dated ones, or the word `target`. The tags are dropped where mistakes are told."""


class Threshold(Record):
    """The standard: an operator and a number, or two numbers for `between` (both ends included).

    In place of the number: `target` (the unit's own, in the table targets), `against: previous` (the same ratio
    in the period before), or dated numbers, of which the one in force on a period's first day counts.
    """

    op: Operator
    value: StandardNumber | None = None
    against: Literal["previous"] | None = None

    @model_validator(mode="after")
    def _one_standard(self) -> Threshold:
        if (self.value is None) == (self.against is None):
            raise ValueError("pack.value_or_against")
        for each in self._numbers:
            if isinstance(each, tuple) != (self.op == "between"):
                raise ValueError("pack.between_takes_two")
            if isinstance(each, tuple) and each[0] > each[1]:
                raise ValueError("pack.between_reversed")
        days = [each.from_ for each in self.dated]
        if days != sorted(set(days)):
            raise ValueError("pack.dated_in_order")
        return self

    @property
    def standard(self) -> Standard:
        """Where its number comes from."""
        if self.against or self.value == "target":
            return self.against or "target"
        return "dated" if self.dated else "number"

    @property
    def dated(self) -> tuple[Dated, ...]:
        """The numbers with the days from which they hold, the earliest first; empty where there is but one."""
        several = self.value if isinstance(self.value, tuple) else ()
        return tuple(each for each in several if isinstance(each, Dated))

    @property
    def _numbers(self) -> tuple[Decimal | tuple[Decimal, Decimal], ...]:
        if self.dated:
            return tuple(each.value for each in self.dated)
        return () if self.value is None or self.value == "target" else (self.value,)  # type: ignore[return-value]

    def on(self, day: date) -> Threshold:
        """Return the threshold with the one number that is in force on a day (before the first: the first)."""
        if not self.dated:
            return self
        held = [each for each in self.dated if each.from_ <= day] or [self.dated[0]]
        return Threshold(op=self.op, value=held[-1].value)

    @property
    def lows(self) -> tuple[Decimal, ...]:
        """Every number it can ask for; of `between` the lower ones."""
        return tuple(each[0] if isinstance(each, tuple) else each for each in self._numbers)

    @property
    def highs(self) -> tuple[Decimal, ...]:
        """Every number it can ask for; of `between` the upper ones."""
        return tuple(each[1] if isinstance(each, tuple) else each for each in self._numbers)

    @property
    def low(self) -> Decimal | None:
        """The number; of `between` the lower one, of dated numbers the last; None where the rule names none."""
        return self.lows[-1] if self.lows else None

    @property
    def high(self) -> Decimal | None:
        """The number; of `between` the upper one, of dated numbers the last; None where the rule names none."""
        return self.highs[-1] if self.highs else None


class AppliesTo(Record):
    """Which units owe the duty: of one of these types, having all of these tags."""

    types: tuple[str, ...] = Field(min_length=1)
    tags: tuple[str, ...] = ()

    def binds(self, unit_type: str, tags: str | None) -> bool:
        """Return whether a unit of a type, with tags as the tables hold them (`;a;b;`), owes the duty."""
        return unit_type in self.types and set(self.tags) <= set((tags or "").strip(";").split(";"))


class Nature(StrEnum):
    """How a value can still move before its period is over, which decides what may be said of it early.

    The names follow the table of verdicts: what happened in the period (`flow`), what only grows and must not
    (`breaches`), a state on the reference day (`standing`), a ratio of a period (`share`), subjects over a
    flow (`subjects`), an answer (`attest`).
    """

    FLOW = "flow"
    BREACHES = "breaches"
    STANDING = "standing"
    SHARE = "share"
    SUBJECTS = "subjects"
    ATTEST = "attest"


Days = tuple[DayOfYear, DayOfYear]
"""The first and the last day of a stage, of whatever year is audited."""


class MeasureSpec(Record):
    """What every measure has in common; each kind adds its own fields (see `auditor.measures`)."""

    kind: str

    shape: ClassVar[Literal["number", "share", "breaches", "subjects", "answer"]] = "number"
    """What its value is to a reader: a number, a share, records or subjects that miss, an answer."""

    def scheme(self, period: PeriodKind, window: Days | None) -> str:
        """Return the scheme of the periods it is measured over (`auditor.periods.period`)."""
        return f"stage-{window[0]}..{window[1]}" if window else period


SLUG = r"^[a-z0-9][a-z0-9-]*$"
"""Lower-case words joined by hyphens."""


class Changed(Record):
    """Which pack changed a requirement of the pack it extends, and why."""

    by: str
    reason: Bilingual


class Requirement(Record):
    """One checkable duty, as its pack words it.

    `duty` groups the same duty of several documents; `window` is that of a stage; `changed` says that a pack on
    top of its own gave it other words or numbers. `score` is what it is worth in a pack that scores in points.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*/[A-Za-z0-9][A-Za-z0-9.-]*$")
    clause: str = Field(min_length=1)
    title: Bilingual
    duty: Annotated[str, Field(pattern=SLUG)] | None = None
    applies_to: AppliesTo
    measure: MeasureSpec
    period: PeriodKind
    window: Days | None = None
    threshold: Threshold | None = None
    value_unit: Bilingual | None = None
    severity: Severity
    score: Score | None = None
    responsible: Bilingual
    remedy: Bilingual
    rectify_within: Annotated[int, Field(ge=1, le=250)] | None = None
    assumed: bool = False
    note: Bilingual | None = None
    changed: Changed | None = None

    @model_validator(mode="after")
    def _a_stage_has_a_window(self) -> Requirement:
        if (self.period == "stage") != (self.window is not None):
            raise ValueError("pack.stage_needs_window")
        if self.window and self.window[1] < self.window[0]:
            raise ValueError("pack.window_reversed")
        return self

    @property
    def scheme(self) -> str:
        """The scheme of its periods: its `period`, or what its window or its measure's due dates make of it."""
        return self.measure.scheme(self.period, self.window)

    @property
    def pack(self) -> str:
        """The name of the pack, the part of the id before the slash."""
        return self.id.partition("/")[0]

    @property
    def rectify_working_days(self) -> int:
        """Working days to put a failure right, from the day after notification."""
        return self.rectify_within or RECTIFY_WITHIN[self.severity]


class Effective(Record):
    """The days from which and to which a document is in force; blank = open."""

    from_: date | None = Field(default=None, alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Effective:
        if self.from_ and self.to and self.to < self.from_:
            raise ValueError("pack.effective_reversed")
        return self


class OutOfScope(Record):
    """A clause that is never evaluated, with the reason (it would need records about persons)."""

    id: str
    clause: str
    reason: Bilingual


class NotQuantified(Record):
    """A clause that names no checkable duty."""

    clause: str
    reason: Bilingual | None = None


class SwitchedOff(Record):
    """A requirement of the pack extended that does not hold here, with the reason."""

    id: str
    clause: str
    reason: Bilingual


class Parameter(Record):
    """What a document leaves open: the user names it (`--set`); `example` fills it in where a pack is only read."""

    type: Literal["year", "number"]
    title: Bilingual
    example: int | Decimal


class Pack(Record):
    """One source document and its requirements; `content_hash` is the SHA-256 of the files it came from.

    `extends` names the pack it stands upon, whose requirements it repeats, changed or not, under their own ids;
    `base` is that pack. `settings` are the values of its parameters. `clauses` are all clauses of the document,
    where the pack lists them. `scoring` is there where the pack scores in points.
    """

    pack: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    title: Bilingual
    issuer: Bilingual
    issued: date | None = None
    effective: Effective = Effective()
    extends: str | None = None
    parameters: Mapping[Annotated[str, Field(pattern=SLUG)], Parameter] = {}
    unit_types: tuple[str, ...] = Field(min_length=1)
    clauses: tuple[str, ...] = ()
    scoring: Scoring | None = None
    vocabulary: Mapping[str, Mapping[str, str]] = {}
    requirements: tuple[Requirement, ...] = Field(min_length=1)
    out_of_scope: tuple[OutOfScope, ...] = ()
    not_quantified: tuple[NotQuantified, ...] = ()
    switched_off: tuple[SwitchedOff, ...] = ()
    content_hash: str = ""
    base: Pack | None = None
    settings: Mapping[str, str] = {}

    @property
    def effective_dates(self) -> Mapping[str, Effective]:
        """The days in force of this pack and of each it stands upon, by name."""
        below = self.base.effective_dates if self.base else {}
        return {**below, self.pack: self.effective}

    def requirement(self, requirement_id: str) -> Requirement | None:
        """Return the requirement of that id, or None."""
        return next((each for each in self.requirements if each.id == requirement_id), None)


def as_ratio(share: Decimal) -> tuple[int, int]:
    """Return a share as two whole numbers: 0.35 is (35, 100)."""
    exponent = max(2, -int(share.normalize().as_tuple().exponent))
    return int(share.scaleb(exponent)), 10**exponent


def as_number(value: Decimal | None, *, whole: bool) -> int | Decimal | None:
    """Return an exact number as reports show it: an integer, or a decimal without idle zeros (4.0, 3.5)."""
    if value is None:
        return None
    if whole and value == value.to_integral_value():
        return int(value)
    shown = value.normalize()
    return shown if shown.as_tuple().exponent < 0 else shown.quantize(Decimal("0.1"))  # type: ignore[operator]
