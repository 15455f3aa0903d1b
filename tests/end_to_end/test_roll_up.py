"""`roll-up` and `sample`: sums by a level of the tree, and a draw that anybody can repeat."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pack_files import made_up, write_pack

from end_to_end.conftest import Run

pytestmark = pytest.mark.slow

UNITS = """\
unit_id,name,type,parent_id
U1,试验大学,university,
D1,甲院,department,U1
D2,乙院,department,U1
B1,甲一支部,branch,D1
B2,甲二支部,branch,D1
"""
ACTIVITIES = """\
activity_id,unit_id,kind,held_on,evidence
A1,D1,lesson,2024-03-01,=1+1
A2,D1,lesson,2024-04-01,盒2
A3,D1,lesson,2024-05-06,盒3
A4,B1,lesson,2024-05-07,盒4
A5,D1,training,2024-05-08,盒5
"""
YEAR = ("--year", "2024", "--as-of", "2024-12-31")


@pytest.fixture
def world(tmp_path: Path) -> Path:
    folder = tmp_path / "world"
    folder.mkdir()
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    (folder / "activities.csv").write_text(ACTIVITIES, encoding="utf-8")
    return folder


@pytest.fixture
def duties(tmp_path: Path) -> Path:
    """A lesson a year of departments and branches, a training of departments and branches (each weighs 1)."""
    below = {"applies_to": {"types": ["department", "branch"]}, "threshold": {"op": ">=", "value": 1}}
    return write_pack(
        made_up(
            *(
                {**below, "measure": {"kind": "count", "table": "activities", "where": {"kind": kind}}}
                for kind in ("lesson", "training")
            )
        ),
        tmp_path / "duties.yaml",
    )


def rolled(run: Run, world: Path, duties: Path, *words: str) -> dict[str, Any]:
    ran = run("roll-up", world, "--pack", duties, *YEAR, "--format", "json", *words)
    assert ran.err == ""
    told: dict[str, Any] = json.loads(ran.out)
    return told


def test_the_sums_of_a_level(run: Run, world: Path, duties: Path) -> None:
    told = rolled(run, world, duties)
    assert (told["level"], told["levels"]) == (2, 3)  # level 1 has but the university
    first, second = told["rows"]
    # D1 passed both (100), B1 one of two (50), B2 none (0); D2 none.
    assert [first[key] for key in ("unit_id", "units", "judged", "median", "worst", "worst_units")] == [
        "D1", 3, 3, 50.0, 0.0, ["B2"],
    ]  # fmt: skip
    assert [(each["requirement_id"], each["unit_ids"]) for each in first["failed"]] == [
        ("test/2-x", ["B1", "B2"]), ("test/1-x", ["B2"]),
    ]  # fmt: skip
    assert [second[key] for key in ("unit_id", "units", "median", "worst")] == ["D2", 1, 0.0, 0.0]
    assert (told["above"]["units"], told["above"]["judged"]) == (1, 0)
    # 100, 50, 0 and 0: the median lies between 0 and 50.
    assert [told["total"][key] for key in ("units", "judged", "median")] == [5, 4, 25.0]


@pytest.mark.parametrize("level", ["1", "2", "3"])
def test_the_rows_add_up(run: Run, world: Path, duties: Path, level: str) -> None:
    told = rolled(run, world, duties, "--level", level)
    parts = [*told["rows"], *([told["above"]] if told["above"] else [])]
    for key in ("units", "judged"):
        assert sum(each[key] for each in parts) == told["total"][key]
    for verdict, total in told["total"]["counts"].items():
        assert sum(each["counts"][verdict] for each in parts) == total
    assert told["total"]["counts"]["fail"] == 5
    assert told["total"]["counts"]["pass"] == 3


def test_who_sent_nothing_is_not_judged_as_none(run: Run, world: Path, duties: Path) -> None:
    (world / "activities.csv").unlink()
    total = rolled(run, world, duties)["total"]
    assert (total["sent_nothing"], total["judged"], total["median"]) == (["B1", "B2", "D1", "D2"], 0, None)
    assert "没有报送（4）" in run("roll-up", world, "--pack", duties, *YEAR).text


def test_the_table_and_the_csv_say_the_same(run: Run, world: Path, duties: Path) -> None:
    ran = run("roll-up", world, "--pack", duties, *YEAR)
    assert ran.code == 1
    assert "2 个单位（B1 甲一支部、B2 甲二支部）" in ran.text
    text = run("roll-up", world, "--pack", duties, *YEAR, "--format", "csv").out.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(each["单位编号"], each["单位数"], each["得分中位"]) for each in rows] == [
        ("D1", "3", "50.0"), ("D2", "1", "0.0"), ("", "1", ""), ("", "5", "25.0"),
    ]  # fmt: skip


@pytest.mark.parametrize(("level", "code"), [("4", "usage.no_such_level"), ("0", "usage.number_too_small")])
def test_a_level_that_is_none_is_refused(run: Run, world: Path, duties: Path, level: str, code: str) -> None:
    ran = run("roll-up", world, "--pack", duties, *YEAR, "--level", level)
    assert ran.code == 2
    assert code in ran.err


# ---- sample ----------------------------------------------------------------------------------------


def drawn(run: Run, world: Path, duties: Path, path: Path, *words: str) -> Path:
    ran = run("sample", world, "--pack", duties, *YEAR, *words, "-o", path)
    assert (ran.code, ran.out, ran.err) == (0, b"", "")
    return path


def test_the_draw_can_be_repeated_by_hand(run: Run, world: Path, duties: Path, tmp_path: Path) -> None:
    path = drawn(run, world, duties, tmp_path / "a.json", "--rows", "2", "--seed", "督〔2024〕1号")
    told = json.loads(path.read_text(encoding="utf-8"))["drawn"]
    # The lessons of D1 stand in rows 2, 3 and 4; nothing stands for the sheet of a CSV.
    lots = {
        row: hashlib.sha256(f"督〔2024〕1号|D1|test/1-x|activities.csv||{row}".encode()).hexdigest()
        for row in (2, 3, 4)
    }
    of_d1 = [
        (each["row"], each["lot"])
        for each in told
        if (each["unit_id"], each["requirement_id"]) == ("D1", "test/1-x")
    ]
    assert of_d1 == sorted(lots.items(), key=lambda each: each[1])[:2]
    assert [(each["unit_id"], each["requirement_id"], each["row"], each["among"]) for each in told[:1]] == [
        ("B1", "test/1-x", 5, 1)
    ]
    assert told[0]["content"]["佐证材料"] == "盒4"


def test_the_same_seed_draws_the_same_and_another_another(
    run: Run, world: Path, duties: Path, tmp_path: Path
) -> None:
    files = [
        drawn(run, world, duties, tmp_path / f"{at}.{kind}", "--rows", "1", "--seed", seed).read_bytes()
        for kind in ("xlsx", "csv")
        for at, seed in enumerate(("a", "a"))
    ]
    assert files[0] == files[1]
    assert files[2] == files[3]
    rows = {
        seed: json.loads(
            drawn(run, world, duties, tmp_path / "b.json", "--rows", "1", "--seed", seed).read_text(
                encoding="utf-8"
            )
        )["drawn"][1]["row"]
        for seed in "abcdefgh"
    }
    assert set(rows.values()) == {2, 3, 4}


def test_the_workbook_holds_text_only_and_room_for_answers(
    run: Run, world: Path, duties: Path, tmp_path: Path
) -> None:
    path = drawn(run, world, duties, tmp_path / "抽查表.xlsx", "--rows", "5", "--seed", "=1+1")
    book = openpyxl.load_workbook(path)
    sheet, method = book.worksheets
    header = [cell.value for cell in sheet[1]]
    assert header[-4:] == ["与原件一致", "不一致之处", "核查岗位", "核查日期"]
    assert sheet.max_row == 6  # four lessons and a training
    contents = [row[header.index("该行内容")].value for row in sheet.iter_rows(min_row=2)]
    assert any("佐证材料：=1+1" in each for each in contents)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert any("SHA-256" in str(cell.value) for (cell,) in method.iter_rows())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--seed", "a", "-o", "x.pdf"), "usage.unknown_format"),
        (("--seed", "a", "--rows", "0"), "usage.number_too_small"),
        (("--seed", "a", "-o", "nowhere/x.csv"), "usage.bad_place"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    run: Run, world: Path, duties: Path, words: tuple[str, ...], code: str
) -> None:
    ran = run("sample", world, "--pack", duties, *YEAR, *words)
    assert ran.code == 2
    assert code in ran.err


def test_the_screen_shows_a_table(run: Run, world: Path, duties: Path) -> None:
    ran = run("sample", world, "--pack", duties, *YEAR, "--seed", "a")
    assert ran.code == 0
    assert "activities.csv:5" in ran.text
