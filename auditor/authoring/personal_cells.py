"""Which cells of a copy must not be repeated: columns that are personal, and numbers of persons."""

from __future__ import annotations

from auditor.tables.declaration import Declaration
from auditor.tables.personal import holds_personal_number
from auditor.tables.recognised import Recognised

MASK = "…"


class PersonalCells:
    """What one sheet's copy leaves out, and how many cells that were.

    In columns that are read only free text is looked at, as in the reading itself; in all others every cell.
    """

    def __init__(self, declaration: Declaration, recognised: Recognised | None) -> None:
        self.count = 0
        self._last_header = recognised.header_rows[-1] if recognised and recognised.header_rows else 0
        self._whole: set[int] = set()
        self._passed: set[int] = set()
        columns = recognised.columns if recognised else ()
        table = declaration.tables[recognised.table] if recognised and recognised.table else None
        for each in columns:
            if each.use == "personal":
                self._whole.add(each.number)
            elif each.column and table:
                declared = table.columns[each.column]
                if declared.is_id or declared.type != "text":
                    self._passed.add(each.number)

    def masks(self, row: int, number: int, text: str) -> bool:
        """Return whether a cell is left out; it is counted if so."""
        if not text.strip() or number in self._passed:
            return False
        is_whole = number in self._whole and row > self._last_header
        is_masked = is_whole or holds_personal_number(text)
        self.count += is_masked
        return is_masked
