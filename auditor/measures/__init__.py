"""One kind of measure a file. Importing this room registers them; a new kind is a line here."""

from auditor.measures import attest, count, each_record, each_subject, ratio, sum

__all__ = ["attest", "count", "each_record", "each_subject", "ratio", "sum"]
