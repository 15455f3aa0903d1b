"""Numbers as packs write them stay exact; a threshold, a severity and a pack's days mean what they say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from auditor.model.requirement import Effective, Threshold, as_number
from auditor.packs.load import load_pack


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("35%", "0.35"),
        ("33.3%", "0.333"),
        ("100%", "1"),
        (6, "6"),
        (0.1, "0.1"),
        (3.5, "3.5"),
        ("3.5", "3.5"),
    ],
)
def test_a_number_is_what_is_written(written: Any, value: str) -> None:
    assert Threshold(op=">=", value=written).low == Decimal(value)


@pytest.mark.parametrize("written", [True, "many%", "x", None, float("nan"), float("inf"), [1]])
def test_what_is_no_number_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        Threshold(op=">=", value=written)


def test_between_takes_two_numbers_in_order() -> None:
    between = Threshold.model_validate({"op": "between", "value": [2, 4]})
    assert (between.low, between.high) == (2, 4)
    for op, value in (("between", 2), (">=", [2, 4]), ("between", [4, 2])):
        with pytest.raises(ValidationError):
            Threshold.model_validate({"op": op, "value": value})


def test_a_pack_ends_on_or_after_the_day_it_begins() -> None:
    day = date(2024, 1, 1)
    assert Effective.model_validate({"from": day, "to": day}).to == day
    with pytest.raises(ValidationError):
        Effective.model_validate({"from": day, "to": date(2023, 12, 31)})


def test_days_to_put_right_follow_the_severity() -> None:
    pack = load_pack("henan-2023")
    silent = [each.model_copy(update={"rectify_within": None}) for each in pack.requirements]
    assert {each.severity: each.rectify_working_days for each in silent} == {
        "minor": 20,
        "major": 10,
        "veto": 5,
    }
    requirement = pack.requirements[0].model_copy(update={"rectify_within": 3})
    assert requirement.rectify_working_days == 3
    assert requirement.pack == "henan-2023"
    assert pack.requirement(requirement.id) is not None
    assert pack.requirement("henan-2023/none") is None


@pytest.mark.parametrize(
    ("value", "whole", "shown"),
    [("4", True, "4"), ("4.000000", True, "4"), ("4", False, "4.0"), ("3.50", False, "3.5"), ("0", False, "0.0"),
     ("1E+2", False, "100.0"), ("2.5", True, "2.5")],
)  # fmt: skip
def test_a_figure_is_an_integer_or_a_decimal_without_idle_zeros(value: str, whole: bool, shown: str) -> None:
    assert str(as_number(Decimal(value), whole=whole)) == shown
    assert isinstance(as_number(Decimal(4), whole=whole), int) == whole


def test_no_figure_stays_none() -> None:
    assert as_number(None, whole=True) is None
