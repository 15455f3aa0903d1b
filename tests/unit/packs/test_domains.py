"""What a cell can still hold agrees with trying every value, as the statements of a measure would."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.packs.domains import Domain
from auditor.packs.lint_ranges import Range, _verdict
from auditor.tables.declaration import Column, Label

WORDS = Label(zh="列", en="column")
CODES = ("a", "b", "c")
Test = tuple[str, tuple[Any, ...]]


def column(kind: str, required: bool, least: int | None = None, most: int | None = None) -> Column:
    values = dict.fromkeys(CODES, "") if kind.startswith("choice") else {}
    return Column(
        name="x",
        type=kind,
        label=WORDS,
        meaning=WORDS,
        required=required,
        least=least,
        most=most,
        values=values,
    )  # type: ignore[arg-type]


def keeps(cell: Any, test: Test) -> bool:
    """Return whether a cell keeps a test, as a statement would say: only `not` keeps a blank."""
    op, values = test
    if op == "not":
        return cell is None or not keeps(cell, ("is", values))
    if cell is None:
        return False
    if isinstance(cell, frozenset):
        return bool(cell & set(values))
    compared = {
        ">=": cell >= values[0],
        ">": cell > values[0],
        "<=": cell <= values[0],
        "<": cell < values[0],
    }
    return compared.get(op, cell in values)


def agree(declared: Column, cells: list[Any], tests: list[Test], last: Test) -> None:
    """Compare what a domain says with the cells that there can be at all."""
    domain = Domain.of(declared)
    for op, values in tests:
        domain = domain.narrowed(op, values)
    left = [cell for cell in cells if all(keeps(cell, test) for test in tests)]
    assert domain.is_empty == (not left)
    if left:
        assert domain.always(*last) == all(keeps(cell, last) for cell in left)


numbers = st.integers(-2, 8)
number_tests = st.one_of(
    st.tuples(st.sampled_from([">=", ">", "<=", "<"]), st.tuples(numbers)),
    st.tuples(st.just("is"), st.lists(numbers, min_size=1, max_size=3).map(tuple)),
    # A number left out is only told from a range of one: of longer ones nothing certain is said.
)
word_tests = st.tuples(
    st.sampled_from(["is", "not"]), st.lists(st.sampled_from(CODES), min_size=1, max_size=3).map(tuple)
)


@given(st.booleans(), st.lists(number_tests, max_size=3), number_tests)
def test_whole_numbers_between_bounds(required: bool, tests: list[Test], last: Test) -> None:
    cells = [*range(6), *([] if required else [None])]
    agree(column("integer", required, least=0, most=5), cells, tests, last)


@given(st.booleans(), st.lists(word_tests, max_size=3), word_tests)
def test_one_word_of_a_few(required: bool, tests: list[Test], last: Test) -> None:
    agree(column("choice", required), [*CODES, *([] if required else [None])], tests, last)


@given(st.booleans(), st.lists(word_tests, max_size=3), word_tests)
def test_several_words_of_a_few(required: bool, tests: list[Test], last: Test) -> None:
    cells = [frozenset(code for at, code in enumerate(CODES) if mask >> at & 1) for mask in range(1, 8)]
    domain = Domain.of(column("choices", required))
    for op, values in tests:
        domain = domain.narrowed(op, values)
    left = [
        cell for cell in [*cells, *([] if required else [None])] if all(keeps(cell, test) for test in tests)
    ]
    # Only what is certain is said: together, two wishes may be out of reach unnoticed; never the other way round.
    assert not (domain.is_empty and left)
    if left and domain.always(*last):
        assert all(keeps(cell, last) for cell in left)


def test_numbers_with_decimals_have_room_between_two_whole_ones() -> None:
    between = Domain.of(column("number", required=True)).narrowed(">", (2,)).narrowed("<", (3,))
    assert not between.is_empty
    assert between.narrowed("<=", (2,)).is_empty
    exact = Domain.of(column("number", required=True)).narrowed("is", (Decimal("0.5"),))
    assert exact.narrowed(">", (Decimal("0.5"),)).is_empty
    assert not exact.narrowed(">=", (Decimal("0.5"),)).is_empty


def test_days_lie_between_the_first_and_the_last_that_a_table_takes() -> None:
    days = Domain.of(column("date", required=True))
    assert days.narrowed("<", (date(1949, 10, 1),)).is_empty
    assert not days.narrowed("<=", (date(1949, 10, 1),)).is_empty
    assert days.always(">=", (date(1949, 10, 1),))
    neighbours = days.narrowed(">", (date(2024, 2, 28),)).narrowed("<", (date(2024, 3, 1),))
    assert not neighbours.is_empty  # 29 February
    assert neighbours.narrowed("not", (date(2024, 2, 29),)).is_empty


def test_a_text_may_be_anything() -> None:
    text = Domain.of(column("text", required=True)).narrowed("not", ("x",))
    assert not text.is_empty
    assert not text.always("is", ("y",))


bounds = st.one_of(st.none(), st.integers(-3, 6).map(Decimal))
halves = st.integers(-10, 16).map(lambda number: Decimal(number) / 2)


@given(st.sampled_from([">=", ">", "<=", "=="]), halves, bounds, bounds, st.booleans())
def test_a_threshold_against_every_value_there_can_be(
    op: str, wanted: Decimal, low: Decimal | None, high: Decimal | None, whole: bool
) -> None:
    if low is not None and high is not None and low > high:
        low, high = high, low
    far = Decimal(40)
    step = Decimal(1) if whole else Decimal("0.25")
    first, last = (-far if low is None else low), (far if high is None else high)
    values = [first + step * at for at in range(int((last - first) / step) + 1)]
    met = [{">=": v >= wanted, ">": v > wanted, "<=": v <= wanted, "==": v == wanted}[op] for v in values]
    expected = "never_passes" if not any(met) else "never_fails" if all(met) else None
    assert _verdict(op, wanted, wanted, Range(low, high, whole)) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("0", "5", None), ("-2", "-1", "never_passes"), ("0.2", "0.8", "never_passes"), ("0.5", "1.5", None),
        ("11", "12", "never_passes"), ("0", "10", "never_fails"), ("-1", "99", "never_fails"), ("1", "10", None),
    ],
)  # fmt: skip
def test_between_two_numbers(low: str, high: str, expected: str | None) -> None:
    able = Range(Decimal(0), Decimal(10), whole=True)
    assert _verdict("between", Decimal(low), Decimal(high), able) == expected
