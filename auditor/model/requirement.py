"""What a pack says: requirements, their thresholds, and the clauses that are not evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Severity = Literal["minor", "major", "veto"]
Operator = Literal[">=", ">", "<=", "==", "between"]
Scheme = Literal["year", "half_year", "quarter", "month", "week", "semester"]

RECTIFY_WITHIN: Mapping[str, int] = {"veto": 5, "major": 10, "minor": 20}
"""Working days from the day after notification, where a requirement names none."""


class Record(BaseModel):
    """The root of everything read from YAML: frozen, and no unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Bilingual(Record):
    """A text a person reads, in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, lang: str) -> str:
        """Return the text in `zh` or `en`."""
        return self.zh if lang == "zh" else self.en


def _exact(value: object) -> object:
    """Return a number as written: `35%` is 0.35, and a float never enters."""
    if isinstance(value, str) and value.endswith("%"):
        try:
            return Decimal(value[:-1]) / 100
        except InvalidOperation:
            raise ValueError("pack.bad_percent") from None
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, bool):
        raise ValueError("pack.bad_number")
    return value


Exact = Annotated[Decimal, BeforeValidator(_exact)]


class Threshold(Record):
    """The standard: an operator and a number, or two numbers for `between` (both ends included)."""

    op: Operator
    value: Exact | tuple[Exact, Exact]

    @model_validator(mode="after")
    def _two_numbers_for_between(self) -> Threshold:
        if isinstance(self.value, tuple) != (self.op == "between"):
            raise ValueError("pack.between_takes_two")
        if isinstance(self.value, tuple) and self.value[0] > self.value[1]:
            raise ValueError("pack.between_reversed")
        return self

    @property
    def low(self) -> Decimal:
        """The number; of `between` the lower one."""
        return self.value[0] if isinstance(self.value, tuple) else self.value

    @property
    def high(self) -> Decimal:
        """The number; of `between` the upper one."""
        return self.value[1] if isinstance(self.value, tuple) else self.value


class AppliesTo(Record):
    """Which units owe the duty: of one of these types, having all of these tags."""

    types: tuple[str, ...] = Field(min_length=1)
    tags: tuple[str, ...] = ()


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


class MeasureSpec(Record):
    """What every measure has in common; each kind adds its own fields (see `auditor.measures`)."""

    kind: str

    shape: ClassVar[Literal["number", "share", "breaches", "subjects", "answer"]] = "number"
    """What its value is to a reader: a number, a share, records or subjects that miss, an answer."""


class Requirement(Record):
    """One checkable duty, as its pack words it."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*/[A-Za-z0-9][A-Za-z0-9.-]*$")
    clause: str = Field(min_length=1)
    title: Bilingual
    applies_to: AppliesTo
    measure: MeasureSpec
    period: Scheme
    threshold: Threshold | None = None
    value_unit: Bilingual | None = None
    severity: Severity
    responsible: Bilingual
    remedy: Bilingual
    rectify_within: Annotated[int, Field(ge=1, le=250)] | None = None
    assumed: bool = False
    note: Bilingual | None = None

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


class Pack(Record):
    """One source document and its requirements; `content_hash` is the SHA-256 of the file it came from."""

    pack: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    title: Bilingual
    issuer: Bilingual
    issued: date | None = None
    effective: Effective = Effective()
    unit_types: tuple[str, ...] = Field(min_length=1)
    vocabulary: Mapping[str, Mapping[str, str]] = {}
    requirements: tuple[Requirement, ...] = Field(min_length=1)
    out_of_scope: tuple[OutOfScope, ...] = ()
    not_quantified: tuple[NotQuantified, ...] = ()
    content_hash: str = ""

    def requirement(self, requirement_id: str) -> Requirement | None:
        """Return the requirement of that id, or None."""
        return next((each for each in self.requirements if each.id == requirement_id), None)


def as_number(value: Decimal | None, *, whole: bool) -> int | Decimal | None:
    """Return an exact number as reports show it: an integer, or a decimal without idle zeros (4.0, 3.5)."""
    if value is None:
        return None
    if whole and value == value.to_integral_value():
        return int(value)
    shown = value.normalize()
    return shown if shown.as_tuple().exponent < 0 else shown.quantize(Decimal("0.1"))  # type: ignore[operator]
