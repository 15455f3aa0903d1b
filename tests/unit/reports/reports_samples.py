"""A small audit for the reports: a fail, a pass, a pending share, an answer, a missing table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from audits import read
from pack_files import made_up

from auditor.model.audit import Audit
from auditor.model.finding import Finding

AS_OF = date(2024, 11, 30)
PACK = made_up(
    {
        "measure": {"kind": "count", "table": "activities", "where": {"kind": "study_session"}},
        "threshold": {"op": ">=", "value": 6},
        "title": {"zh": "理论学习中心组集中学习", "en": "Collective study"},
        "value_unit": {"zh": "次", "en": "sessions"},
        "assumed": True,
    },
    {"measure": {"kind": "sum", "table": "activities", "column": "hours"}, "threshold": {"op": "<=", "value": "2.5"}},
    {
        "measure": {
            "kind": "ratio", "table": "headcounts", "numerator": "reviewers", "denominator": "staff", "how": "latest",
        },
        "threshold": {"op": ">=", "value": "10%"},
        "severity": "major",
    },
    {
        "measure": {
            "kind": "each_record", "table": "activities", "must": [{"column": "speakers", "op": ">=", "value": 2}],
        },
        "threshold": {"op": "<=", "value": 0},
    },
    {"measure": {"kind": "attest"}},
    {
        "measure": {"kind": "count", "table": "submissions"},
        "threshold": {"op": ">=", "value": 1},
    },
    {
        "measure": {
            "kind": "each_subject",
            "subjects": {"values": ["term_start", "graduation"]},
            "inner": {"kind": "count", "table": "activities", "by": "occasion"},
        },
        "threshold": {"op": ">=", "value": 1},
    },
)  # fmt: skip
TABLES: dict[str, Any] = {
    "units": [{"unit_id": "U1", "name": "=中州大学", "type": "university"}],
    "activities": [
        {
            "activity_id": f"A{at}",
            "unit_id": "U1",
            "kind": "study_session",
            "held_on": date(2024, at, 9),
            "hours": Decimal("1.25"),
            "speakers": speakers,
            "occasion": "term_start",
        }
        for at, speakers in ((2, 2), (3, 1))
    ],
    "headcounts": [{"unit_id": "U1", "counted_on": date(2024, 3, 1), "reviewers": 4, "staff": 45}],
    "waivers": [
        {
            "waiver_id": "W1",
            "unit_id": "U1",
            "requirement_id": "test/3-x",
            "reason": "x",
            "approved_by": "x",
            "document_no": "1",
            "valid_from": date(2024, 1, 1),
            "valid_to": date(2024, 12, 31),
        }
    ],
    "attestations": [
        {
            "unit_id": "U1",
            "requirement_id": "test/5-x",
            "checked_on": date(2024, 5, 6),
            "answer": "not_applicable",
        }
    ],
}


def of_sample(of: Callable[[Audit], Any], **tables: Any) -> Any:
    """Return what `of` makes of the audit of the sample, some of its tables exchanged."""
    return read({**TABLES, **tables}, PACK, of, as_of=AS_OF)


def by_number(done: Audit) -> dict[int, Finding]:
    """Return the findings by the number of their requirement."""
    return {int(each.requirement_id.partition("/")[2][0]): each for each in done.findings(True)}
