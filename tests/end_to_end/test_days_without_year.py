"""`3月5日` is a day of the year that `--year` names, marked as inferred; without it the year has to be written."""

from __future__ import annotations

import json
from pathlib import Path

from end_to_end.conftest import Run
from end_to_end.small_world import write_data

TABLE = "activity_id,unit_id,kind,held_on,hours\nA1,U1,training,3月5日,2\nA2,U1,training,五月六日,3\n"


def test_the_audit_s_year_is_taken_and_said(run: Run, pack: Path, tmp_path: Path) -> None:
    data = write_data(tmp_path / "months", activities=TABLE)
    found = json.loads(
        run("audit", data, "--pack", pack, "--year", 2024, "--as-of", "2024-12-31", "--format", "json").out
    )
    assert [each["value"] for each in found["findings"]] == [2] * len(found["findings"])
    (warning,) = found["data"]["warnings"]
    assert warning["code"] == "table.read_year"
    assert (warning["figures"]["count"], warning["figures"]["other"]) == (2, "2024-03-05")


def test_days_from_and_to_name_no_year(run: Run, pack: Path, tmp_path: Path) -> None:
    data = write_data(tmp_path / "months", activities=TABLE)
    ran = run("audit", data, "--pack", pack, "--from", "2024-01-01", "--to", "2024-12-31")
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err.count("[table.year_missing]") == 2
    assert "“举办日期”应为日期，这里的“3月5日”没有写年份。请写明年份，或用 --year 指定督查年度。" in ran.err
