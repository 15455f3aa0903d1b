"""An organisation of naughty names: each is a unit, and the subject of an event that unit has planned."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from naughty import FORMULAS, NAUGHTY
from pack_files import made_up, write_pack

from auditor.audit import Options, audit
from auditor.model.audit import Audit
from auditor.reports.registry import Layout, writer

NAMES = (*NAUGHTY, *FORMULAS)
AS_OF = date(2024, 11, 10)
BY_ID = {f"N{at:04}": name for at, name in enumerate(NAMES)}
PACK = made_up(
    {"measure": {"kind": "count", "table": "activities"}, "threshold": {"op": ">=", "value": 1}, "period": "quarter"},
    {
        "measure": {
            "kind": "each_record", "table": "approvals",
            "must": [{"lead_working_days": ["filed_on", "held_on"], "op": ">=", "value": 20}],
        },
        "threshold": {"op": "<=", "value": 0},
    },
    {
        "measure": {
            "kind": "each_subject", "subjects": {"table": "assets"},
            "inner": {"kind": "count", "table": "publications", "by": "asset_id"},
        },
        "threshold": {"op": ">=", "value": 1},
    },
)  # fmt: skip


def write_world(folder: Path) -> Path:
    """Write the tables into a folder; every name is a unit's, an event's and (by its key) an asset's."""
    tables: dict[str, tuple[str, Callable[[str, str], list[str]]]] = {
        "units": ("unit_id,name,type", lambda key, name: [key, name, "university"]),
        "approvals": (
            "approval_id,unit_id,subject,held_on",
            lambda key, name: [f"A{key}", key, name, "2024-12-31"],
        ),
        "assets": ("asset_id,unit_id,kind", lambda key, name: [f"{name} {key}", key, "club"]),
        "activities": ("activity_id,unit_id,kind,held_on", lambda key, name: []),
        "publications": ("publication_id,unit_id,kind,published_on,asset_id", lambda key, name: []),
    }
    folder.mkdir()
    for table, (header, row) in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(header.split(","))
            lines.writerows(filter(None, (row(key, name) for key, name in BY_ID.items())))
    return folder


def of_world(folder: Path, of: Callable[[Audit], Any]) -> Any:
    """Return what `of` makes of the audit of the world in a folder."""
    pack = write_pack(PACK, folder / "pack.yaml")
    with audit(write_world(folder / "data"), [pack], 2024, Options(as_of=AS_OF, judged_by="plain")) as done:
        return of(done)


def written(done: Audit, name: str, lang: str = "zh") -> bytes:
    """Return a report's bytes."""
    parts = writer(name)(done, Layout(lang))
    return b"".join(each if isinstance(each, bytes) else each.encode() for each in parts)
