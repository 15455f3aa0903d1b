"""What a document leaves open: `${year}`, filled in by the user, by the example, or by nobody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from audits import findings
from pack_files import made_up, write_pack

from auditor.errors import BadInput
from auditor.packs.load import load_pack, load_packs
from auditor.tables.declaration import load_declaration

BOTH = {"zh": "年份", "en": "year"}
COUNT = {"kind": "count", "table": "activities", "where": {"kind": "study_session"}}
OPEN = made_up(
    {"measure": COUNT, "threshold": {"op": ">=", "value": "${least}"}},
    parameters={
        "year": {"type": "year", "title": BOTH, "example": 2018},
        "least": {"type": "number", "title": BOTH, "example": 6},
    },
    issued="${year}-05-06",
    effective={"from": "${year}-01-01", "to": "${year}-12-31"},
)
UNITS = [{"unit_id": "U1", "type": "university"}]
SESSIONS = [
    {"activity_id": f"A{at}", "unit_id": "U1", "kind": "study_session", "held_on": date(year, 3, 1)}
    for at, year in enumerate((2018, 2018, 2019))
]
TABLES = {"units": UNITS, "activities": SESSIONS}


def test_what_the_user_sets_stands_in_the_pack(tmp_path: Path) -> None:
    pack = load_pack(write_pack(OPEN, tmp_path / "p.yaml"), settings={"year": "2019", "least": "2.5"})
    assert (pack.issued, pack.effective.to) == (date(2019, 5, 6), date(2019, 12, 31))
    assert pack.settings == {"year": "2019", "least": "2.5"}
    threshold = pack.requirements[0].threshold
    assert threshold is not None
    assert threshold.low == Decimal("2.5")


def test_a_pack_is_read_by_its_examples(tmp_path: Path) -> None:
    assert load_pack(write_pack(OPEN, tmp_path / "p.yaml")).issued == date(2018, 5, 6)


def test_an_audit_holds_in_the_year_set_and_in_no_other() -> None:
    settings = {"year": "2018", "least": "2"}
    held = findings(TABLES, OPEN, window=2018, settings=settings)["U1", "test/1-x", "2018"]
    assert (held.verdict, held.value) == ("pass", 2)
    other = findings(TABLES, OPEN, window=2019, settings=settings)["U1", "test/1-x", "2019"]
    assert (other.verdict, other.reason) == ("not_applicable", "outside_effective_dates")


def test_the_days_in_force_can_be_lifted() -> None:
    settings = {"year": "2018", "least": "2"}
    lifted = findings(TABLES, OPEN, window=2019, settings=settings, assume_effective=True)
    assert lifted["U1", "test/1-x", "2019"].verdict == "fail"


def test_a_setting_that_no_pack_asks_for_is_refused() -> None:
    with pytest.raises(BadInput) as bad:
        load_packs(["henan-2023"], load_declaration(), {"yeer": "2018"})
    assert [each.code for each in bad.value.problems] == ["usage.unknown_parameter"]


def test_text_that_looks_like_yaml_stays_text(tmp_path: Path) -> None:
    title = {"zh": "${year}年：方案", "en": "Scheme: of ${year}"}
    pack = load_pack(
        write_pack({**OPEN, "title": title}, tmp_path / "p.yaml"), settings={"year": "2018", "least": "1"}
    )
    assert (pack.title.zh, pack.title.en) == ("2018年：方案", "Scheme: of 2018")
