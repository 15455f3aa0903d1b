from __future__ import annotations

from auditor.tables.read import Reading

UNITS = "unit_id,type\nU1,university\n"


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]
