"""Once every period is over nothing is pending or provisional, and waiting longer changes only answers."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from audits import findings, judgements
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_files import every_kind
from second_reading.organisations import organisation

pytestmark = pytest.mark.slow

END = date(2025, 8, 31)
"""The last day of the academic year, which ends last of all periods."""


@settings(max_examples=1)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4000))
def test_after_the_end_nothing_is_pending_and_nothing_changes_but_answers(seed: int, days: int) -> None:
    tables = organisation(random.Random(seed))
    at_end = findings(tables, every_kind(), as_of=END)
    later = findings(tables, every_kind(), as_of=END + timedelta(days=days))
    for finding in (*at_end.values(), *later.values()):
        assert finding.verdict != "pending"
        assert not finding.provisional
        assert finding.forecast is None
    answers = {
        where for where, finding in at_end.items() if finding.reason.startswith(("attested", "not_attested"))
    }
    said, said_later = judgements(at_end), judgements(later)
    assert said.keys() == said_later.keys()
    assert [where for where in said if said[where] != said_later[where] and where not in answers] == []
