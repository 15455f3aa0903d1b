"""`audit`: exit codes, formats, streams, files, and what an audit in the middle of the year says."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from auditor.reports.registry import PLANNED
from end_to_end.conftest import Ran, Run
from end_to_end.small_world import write_data, write_pack

FINDING = {
    "unit_id", "requirement_id", "period", "verdict", "value", "numerator", "denominator", "threshold", "shortfall",
    "provisional", "forecast", "borderline", "calendar", "waived", "reason", "evidence",
}  # fmt: skip


def findings(ran: Ran) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ran.out)["findings"]
    return found


def test_exit_code_0_says_that_nothing_failed(run: Run, data: Path, pack: Path) -> None:
    ran = run("audit", data, "--pack", pack, "--year", 2024)
    assert (ran.code, ran.err) == (0, "")
    assert "通过" in ran.text


def test_exit_code_1_says_that_something_failed(run: Run, data: Path, strict_pack: Path) -> None:
    ran = run("audit", data, "--pack", strict_pack, "--year", 2024, "--lang", "en")
    assert (ran.code, ran.err) == (1, "")
    assert "at least 5 trainings" in ran.text


def test_pending_is_no_fail(run: Run, data: Path, strict_pack: Path) -> None:
    assert run("audit", data, "--pack", strict_pack, "--year", 2024, "--as-of", "2024-06-14").code == 0


def test_json_is_one_object_with_every_key(run: Run, data: Path, strict_pack: Path) -> None:
    ran = run("audit", data, "--pack", strict_pack, "--year", 2024, "--format", "json")
    audit = json.loads(ran.out)
    assert list(audit) == ["audit", "findings", "units", "issues", "data"]
    assert set(audit["audit"]) >= {"packs", "window", "as_of", "data", "tool"}
    for each in audit["findings"]:
        assert set(each) == FINDING
        assert set(each["reason"]) == {"code", "figures", "zh", "en"}
        assert set(each["threshold"]) == {"op", "value"}
        for row in each["evidence"]:
            assert set(row) == {"file", "sheet", "row", "subject", "value", "shortfall"}
    assert [each["unit_id"] for each in audit["units"]] == ["U1", "U2"]
    assert set(audit["units"][0]) >= {"unit_id", "score", "judged", "applicable", "rating", "trace"}
    assert [each["requirement_id"] for each in audit["issues"]] == ["small/2-trainings"]
    assert set(audit["data"]) == {"problems", "warnings", "planned", "undated", "left_out", "questions"}
    assert ran.out.endswith(b"}\n")
    assert b"\r" not in ran.out
    assert "试验大学".encode() in ran.out


def test_json_is_the_same_in_both_languages_and_on_every_run(run: Run, data: Path, strict_pack: Path) -> None:
    words = ("audit", data, "--pack", strict_pack, "--year", 2024, "--format", "json")
    assert run(*words, "--lang", "zh").out == run(*words, "--lang", "en").out == run(*words, "-v").out


@pytest.mark.parametrize(("lang", "header"), [("zh", "单位编号"), ("en", "unit id")])
def test_csv_has_a_row_for_each_finding(
    run: Run, data: Path, strict_pack: Path, lang: str, header: str
) -> None:
    ran = run("audit", data, "--pack", strict_pack, "--year", 2024, "--format", "csv", "--lang", lang)
    assert ran.code == 1
    assert ran.out.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(ran.out.decode("utf-8-sig"))))
    assert rows[0][0] == header
    assert [row[3] for row in rows[1:]] == ["small/1-trainings", "small/2-trainings"]


@pytest.mark.parametrize("name", PLANNED)
@pytest.mark.parametrize(("lang", "words"), [("zh", "还没有"), ("en", "not in this version yet")])
def test_a_format_that_is_not_built_is_refused(
    run: Run, data: Path, pack: Path, tmp_path: Path, name: str, lang: str, words: str
) -> None:
    out = tmp_path / f"report.{name}"
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--format", name, "--out", out, "--lang", lang)
    assert (ran.code, ran.out, out.exists()) == (2, b"", False)
    assert words in ran.err
    assert name in ran.err


def test_a_window_of_days_holds_the_periods_that_begin_in_it(run: Run, data: Path, pack: Path) -> None:
    words = ("audit", data, "--pack", pack, "--format", "json")
    inside = run(*words, "--from", "2024-01-01", "--to", "2024-06-30", "--as-of", "2025-01-31")
    assert [each["period"] for each in findings(inside)] == ["2024"]
    assert findings(run(*words, "--from", "2024-01-02", "--to", "2024-12-31")) == []


def test_unit_chooses_findings_and_the_data_stay_whole(run: Run, data: Path, pack: Path) -> None:
    words = ("audit", data, "--pack", pack, "--year", 2024, "--format", "json")
    assert [each["unit_id"] for each in findings(run(*words, "--unit", "U1"))] == ["U1"]
    assert findings(run(*words, "--unit", "U2")) == []
    assert len(findings(run(*words, "--unit", "U1", "--unit", "U2"))) == 1
    ran = run(*words, "--unit", "U11")
    assert (ran.code, ran.out) == (2, b"")
    assert "U11" in ran.err


@pytest.mark.slow
def test_several_packs_and_all_packs(run: Run, data: Path, pack: Path) -> None:
    both = run("audit", data, "--pack", pack, "--pack", "henan-2023", "--year", 2024, "--format", "json")
    assert [each["pack"] for each in json.loads(both.out)["audit"]["packs"]] == ["henan-2023", "small"]
    everything = run("audit", data, "--all-packs", "--year", 2024, "--format", "json")
    assert "henan-2023" in {each["pack"] for each in json.loads(everything.out)["audit"]["packs"]}


# ---- in the middle of the year ----


@pytest.mark.parametrize(
    ("as_of", "least", "verdict", "forecast", "shortfall", "provisional"),
    [
        ("2024-06-14", 2, "pass", None, None, False),  # a number to reach, reached before the end
        ("2024-06-14", 3, "pending", "on_track", 1, False),  # 166 of 366 days: 1 of 3 was due
        ("2024-06-14", 9, "pending", "at_risk", 7, False),  # 4 of 9 were due
        ("2024-12-30", 3, "pending", "at_risk", 1, False),  # nine tenths of the year are gone
        ("2024-12-31", 3, "fail", None, 1, False),
    ],
)
def test_an_audit_before_the_end_says_what_is_still_needed(
    run: Run, data: Path, tmp_path: Path, as_of: str, least: int, verdict: str, forecast: str | None,
    shortfall: int | None, provisional: bool,
) -> None:  # fmt: skip
    pack = write_pack(tmp_path / "some.yaml", least)
    words = ("audit", data, "--pack", pack, "--year", 2024, "--as-of", as_of)
    (found,) = findings(run(*words, "--format", "json"))
    assert (found["verdict"], found["forecast"], found["shortfall"]) == (verdict, forecast, shortfall)
    assert found["provisional"] is provisional
    if verdict == "pending":
        assert "2024-12-31" in found["reason"]["zh"]
        assert "2024-12-31" in found["reason"]["en"]
        table = run(*words, "--lang", "zh").text
        assert "未到期" in table
        assert {"on_track": "进度正常", "at_risk": "有风险"}[str(forecast)] in table


def test_a_state_is_provisional_before_the_end(run: Run, data: Path, tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "some.yaml", 2)
    text = pack.read_text(encoding="utf-8").replace('op: ">=", value: 2', 'op: "<=", value: 4')
    pack.write_text(text, encoding="utf-8")
    words = ("audit", data, "--pack", pack, "--year", 2024, "--as-of", "2024-06-14")
    (found,) = findings(run(*words, "--format", "json"))
    assert (found["verdict"], found["provisional"]) == ("pass", True)
    assert "暂定" in run(*words, "--lang", "zh", "--verbose").text
    assert "provisional" in run(*words, "--lang", "en", "--verbose").text


def test_rows_after_the_as_of_day_are_planned(run: Run, data: Path, pack: Path) -> None:
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--as-of", "2024-04-01", "--format", "json")
    assert [row["row"] for row in json.loads(ran.out)["data"]["planned"]] == [3, 4]
    assert findings(ran)[0]["value"] == 1


# ---- into a file ----


def test_out_writes_what_would_have_been_shown(
    run: Run, data: Path, strict_pack: Path, tmp_path: Path
) -> None:
    words = ("audit", data, "--pack", strict_pack, "--year", 2024, "--format", "json")
    out = tmp_path / "报告 1.json"
    ran = run(*words, "--out", out)
    assert (ran.code, ran.out, ran.err) == (1, b"", "")
    assert out.read_bytes() == run(*words).out
    out.write_bytes(b"older " * 100_000)
    assert run(*words, "-o", out).code == 1
    assert out.read_bytes() == run(*words).out
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "strict.yaml",
        "报告 1.json",
    ]


def test_bad_data_write_nothing_and_leave_the_old_report(run: Run, pack: Path, tmp_path: Path) -> None:
    data = write_data(tmp_path / "bad", units="unit_id,name,type\nU1,甲,univercity\n")
    out = tmp_path / "old.json"
    out.write_bytes(b"{}")
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--format", "json", "--out", out)
    assert (ran.code, ran.out) == (2, b"")
    assert out.read_bytes() == b"{}"


@pytest.mark.parametrize(("lang", "words"), [("zh", "不能写入"), ("en", "cannot be written")])
def test_a_place_that_cannot_hold_the_report_is_refused_before_the_work(
    run: Run, data: Path, pack: Path, tmp_path: Path, lang: str, words: str
) -> None:
    special = tmp_path / "pipe"
    os.mkfifo(special)
    for out in (tmp_path, tmp_path / "no such folder" / "report.json", pack / "report.json", special):
        ran = run("audit", data, "--pack", pack, "--year", 2024, "--out", out, "--lang", lang)
        assert (ran.code, ran.out) == (2, b"")
        assert words in ran.err
        assert str(out) in ran.err


def test_the_report_never_replaces_the_data(run: Run, data: Path, pack: Path) -> None:
    before = (data / "activities.csv").read_bytes()
    ran = run(
        "audit", data, "--pack", pack, "--year", 2024, "--format", "csv", "--out", data / "activities.csv"
    )
    assert ran.code == 2
    assert (data / "activities.csv").read_bytes() == before


def test_many_rows_are_no_trouble(run: Run, pack: Path, tmp_path: Path) -> None:
    rows = "".join(f"A{at},U1,training,2024-{at % 12 + 1:02}-{at % 28 + 1:02},1\n" for at in range(20_000))
    data = write_data(tmp_path / "big", activities="activity_id,unit_id,kind,held_on,hours\n" + rows)
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--format", "json")
    (found,) = findings(ran)
    assert (ran.code, found["value"], len(found["evidence"])) == (0, 20_000, 20_000)
