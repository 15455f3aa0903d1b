"""A cell of the CSV is never a live formula, and nothing is lost by that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reports.to_csv import guarded, unguarded

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "＝1+1", "＋1", "－1", "＠A1", " =1", "\t=1", "\u00a0=1", "\u3000=1",
    "\ufeff=1", "\u200b=1", "\n=1", "\r=1", "'=1", "\tx",
]  # fmt: skip
PLAIN = ["", "1=1", "理论学习", "'quoted", "a-b", "—", "3", "（=1）"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@given(st.text("'=+-@＝ \t\r\nab\u200b", max_size=8) | st.text(max_size=20))
def test_the_apostrophe_can_be_taken_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
