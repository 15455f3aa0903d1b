"""Signs in the text of cells that every reader must agree on: blanks, marks, totals."""

from __future__ import annotations

import re
from collections.abc import Sequence

BLANKS = " \t\r\n\u00a0\u3000\u2002\u2003\u2009\ufeff"
"""The characters that say nothing at the ends of a cell."""

REPORTED = "\ufffc"
"""Stands in a cell that was already reported while the file was read, so that it is not reported twice."""

SEPARATORS = ";；、"
"""What stands between the several values of a `choices` cell."""

SEARCHED = 20
"""How many rows of a file or sheet are searched for its header."""

TOTALS = f"(合|总|小|共|累)[{BLANKS}]*计[:：]?"
"""What stands in the first filled cell of a row that adds up others."""


def is_total(cells: Sequence[str]) -> bool:
    """Return whether the first filled cell of a row says that it adds up others."""
    first = next((cell.strip(BLANKS) for cell in cells if cell.strip(BLANKS)), "")
    return re.fullmatch(TOTALS, first) is not None
