"""One kind of measure a file. Importing this room registers them; a new kind is a line here."""

from auditor.measures import (
    attest,
    count,
    coverage,
    deadline,
    each_record,
    each_subject,
    max_gap,
    ratio,
    sum,
)

__all__ = [
    "attest",
    "count",
    "coverage",
    "deadline",
    "each_record",
    "each_subject",
    "max_gap",
    "ratio",
    "sum",
]
