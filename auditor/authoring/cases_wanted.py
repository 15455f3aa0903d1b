"""What a case wants of a finding, and where a finding differs from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from auditor.judge.verdict import REASONS
from auditor.marked import Where
from auditor.model.finding import VERDICTS, Finding
from auditor.packs.mistakes import near

FORECASTS = ("on_track", "at_risk")
CALENDARS = ("unannounced",)


class Refusing(Protocol):
    """What reads a case file and collects its mistakes."""

    def mapping(self, value: Any, where: Where, key: str) -> dict[str, Any]:
        """Return a mapping, or an empty one where something else is written."""

    def keys(
        self, raw: Mapping[str, Any], known: tuple[str, ...], required: tuple[str, ...], where: Where
    ) -> None:
        """Refuse keys that are not known, and the required ones that are left out."""

    def refuse(self, code: str, where: Where, hint: str | None = None, **figures: Any) -> None:
        """Add a problem at a part of the file."""

    def bad_value(self, key: str, value: Any, where: Where, expected: str, hint: str | None = None) -> None:
        """Refuse a value that its key does not take."""


@dataclass(frozen=True)
class Wanted:
    """One finding that must be there: its unit and period, and the figures that are compared."""

    unit: str
    period: str
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """Where a case is not as wanted.

    `kind` is `missing` (wanted and not there), `unwanted` (there and not wanted) or `differs` (its `key` is `got`,
    not `wanted`). `verdict` and `reason` are the finding's, where there is one.
    """

    kind: str
    unit: str
    period: str
    key: str | None = None
    got: str | None = None
    wanted: str | None = None
    verdict: str | None = None
    reason: str | None = None


def wanted_of(reading: Refusing, written: Any, where: Where) -> tuple[Wanted, ...]:
    """Return what a case wants, one finding or a list of them; mistakes go to `reading`."""
    several = written if isinstance(written, list) else [] if written is None else [written]
    found = [
        _wanted(reading, each, (*where, at) if isinstance(written, list) else where)
        for at, each in enumerate(several)
    ]
    keys = [(each.unit, each.period) for each in found if each.unit and each.period]
    for at, each in enumerate(keys):
        if each in keys[:at]:
            reading.refuse("cases.wanted_twice", (*where, at), value=" ".join(each))
    return tuple(found)


def _wanted(reading: Refusing, written: Any, where: Where) -> Wanted:
    raw = reading.mapping(written, where, "want")
    if raw:
        reading.keys(raw, ("unit", "period", *_FORMS), ("unit", "period", "verdict"), where)
    for key, value in raw.items():
        form = _FORMS.get(key)
        if form and not form.takes(value):
            hint = near(value, form.expected.split("、")) if isinstance(value, str) else None
            reading.bad_value(key, value, where, form.expected, hint)
    figures = {key: value for key, value in raw.items() if key in _FORMS}
    return Wanted(str(raw.get("unit") or ""), str(raw.get("period") or ""), figures)


@dataclass(frozen=True)
class _Form:
    """What a key of `want` takes, and the example or the words that a message names."""

    takes: Callable[[Any], bool]
    expected: str


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _is_threshold(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) == 2 and all(_is_number(each) and each is not None for each in value)
    return _is_number(value) or (isinstance(value, str) and _percent(value) is not None)


def _word(words: tuple[str, ...], *, blank: bool) -> _Form:
    return _Form(
        lambda value: (blank and value is None) or (isinstance(value, str) and value in words),
        "、".join(words),
    )


_NUMBER = _Form(_is_number, "6")
_TRUE_OR_FALSE = _Form(lambda value: isinstance(value, bool), "true、false")

_FORMS: Mapping[str, _Form] = {
    "verdict": _word(VERDICTS, blank=False),
    "value": _Form(lambda value: _is_number(value) or isinstance(value, str), '6、0.35、"yes"'),
    "numerator": _NUMBER,
    "denominator": _NUMBER,
    "threshold": _Form(_is_threshold, "6、35%、[4, 6]"),
    "shortfall": _NUMBER,
    "provisional": _TRUE_OR_FALSE,
    "forecast": _word(FORECASTS, blank=True),
    "borderline": _TRUE_OR_FALSE,
    "calendar": _word(CALENDARS, blank=True),
    "waived": _Form(lambda value: value is None or isinstance(value, str), "W1"),
    "reason": _word(REASONS, blank=False),
}
"""The keys of `want` beside the unit and the period, and what each takes."""


def differences(
    wanted: tuple[Wanted, ...], found: Iterator[Finding], own: Callable[[str], str]
) -> Iterator[Difference]:
    """Yield where findings are not as wanted; `own` gives an id as the case writes it."""
    ours = {(own(finding.unit_id), finding.period): finding for finding in found}
    asked = {(each.unit, each.period): each for each in wanted}
    for unit, period in sorted(asked.keys() - ours.keys()):
        yield Difference("missing", unit, period)
    for cell in sorted(ours.keys() - asked.keys()):
        yield Difference("unwanted", *cell, verdict=ours[cell].verdict, reason=ours[cell].reason)
    for cell in sorted(ours.keys() & asked.keys()):
        finding = ours[cell]
        for key, value in asked[cell].figures.items():
            got = _figure(finding, key, own)
            if not _same(got, value):
                yield Difference(
                    "differs", *cell, key, _shown(got), _shown(value), finding.verdict, finding.reason
                )


def _figure(finding: Finding, key: str, own: Callable[[str], str]) -> Any:
    if key == "threshold":
        asked = finding.threshold
        if asked is None or asked.low is None:
            return None
        return [asked.low, asked.high] if asked.op == "between" else asked.low
    got = getattr(finding, key)
    return own(got) if key == "waived" and got else got


def _same(got: Any, wanted: Any) -> bool:
    if isinstance(got, bool) or isinstance(wanted, bool):
        return got is wanted
    if isinstance(wanted, list):
        return isinstance(got, list) and all(map(_same, got, wanted))
    if isinstance(wanted, str) and not isinstance(got, str):
        percent = _percent(wanted)
        return percent is not None and bool(got == percent)
    return bool(got == (Decimal(repr(wanted)) if isinstance(wanted, float) else wanted))


def _percent(text: str) -> Decimal | None:
    try:
        return Decimal(text.removesuffix("%")) / 100 if text.endswith("%") else None
    except InvalidOperation:
        return None


def _shown(value: Any) -> str:
    """Return a figure as a case file writes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
