"""Every shipped requirement's cases notice every flipped comparison and every number a step off."""

from __future__ import annotations

import pytest
from mutants import mutants, survivors
from pack_files import made_up, write_pack

from auditor.packs.load import load_pack, packs_shipped


def is_excused(change: str) -> bool:
    """Return whether a change is 99% for 100%, which shows only where more than a hundred are counted."""
    return change == "threshold: 1 -> 0.99"


@pytest.mark.slow
@pytest.mark.parametrize("pack", sorted(packs_shipped()))
def test_no_mutant_survives(pack: str) -> None:
    assert [each for each in survivors([pack]) if not is_excused(each[1])] == []


def test_a_mutant_is_made_of_each_comparison_and_number(tmp_path: object) -> None:
    lead = {"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20}
    before = {"column": "decided_on", "op": "<", "other": "held_on"}
    listed = {"listed_topic": True}
    measure = {"kind": "each_record", "table": "approvals", "where": listed, "must": [lead, before]}
    pack = made_up({"measure": measure, "threshold": {"op": "<=", "value": 0}})
    (requirement,) = load_pack(write_pack(pack, tmp_path / "p.yaml")).requirements  # type: ignore[operator]
    assert [each.change for each in mutants(requirement)] == [
        "threshold: <= -> >=", "threshold: 0 -> 1",
        "must: lead >= -> <=", "must: lead 20 -> 21", "must: lead 20 -> 19", "must: decided_on < -> >=",
    ]  # fmt: skip
