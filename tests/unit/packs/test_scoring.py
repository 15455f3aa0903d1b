"""Points in a pack: shown in words, known to the schema, written and compared like everything else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.authoring.diff import pack_difference
from auditor.authoring.diff_words import DifferenceInWords
from auditor.commands import main
from auditor.model.requirement import Pack
from auditor.packs.load import load_pack
from auditor.packs.schema import pack_schema
from auditor.packs.write import as_yaml
from auditor.tables.declaration import load_declaration

TABLE = Path(__file__).parents[3] / "fixtures" / "assessment-table" / "assessment-table.yaml"
SHOWN = {
    "zh": [
        "按分值计分，总分 100 分，加分合计最多 5 分",
        "计分：20 分；每差1次扣 2 分（不足的按一个计），最多扣 12 分",
        "计分：20 分；每差2学时扣 2 分（不足的按一个计），最多扣 20 分",
        "计分：10 分；不通过的周期不得分",
        "计分：20 分；每差1条扣 5 分（不足的按一个计），最多扣 15 分",
        "计分：15 分；每差1个百分点扣 1.5 分（不足的按一个计），最多扣 15 分",
        "每超出1篇（整数倍）加 0.5 分，最多加 3 分",
        "计分：不占分值；每超出2场（整数倍）加 1 分，最多加 4 分",
        "计分：不占分值；一票否决：不通过则总得分为 0",
    ],
    "en": [
        "Scored in points, 100 in all, and bonuses of at most 5 together",
        "Score: 20 points; 2 off for every 1 sessions missing (one begun counts), at most 12",
        "Score: 15 points; 1.5 off for every 1 percentage points missing (one begun counts), at most 15",
        "Score: no points of its own; one-vote veto: where it fails, the whole score is 0",
    ],
}


@pytest.mark.parametrize("lang", SHOWN)
def test_packs_show_says_how_it_scores(lang: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["packs", "show", str(TABLE), "--lang", lang]) == 0
    said = capsysbinary.readouterr().out.decode()
    # lines are wrapped: Chinese anywhere, the rest at spaces
    folded = "".join(said.split()) if lang == "zh" else " ".join(said.split())
    for each in SHOWN[lang]:
        assert ("".join(each.split()) if lang == "zh" else each) in folded


def test_a_pack_without_points_says_nothing_of_them(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["packs", "show", "henan-2023", "--lang", "zh"]) == 0
    assert "计分" not in capsysbinary.readouterr().out.decode()


def test_it_is_written_and_read_again_the_same(tmp_path: Path) -> None:
    pack, path = load_pack(TABLE), tmp_path / "again.yaml"
    path.write_text(as_yaml(pack), encoding="utf-8")
    again = load_pack(path)
    assert again.model_copy(update={"content_hash": ""}) == pack.model_copy(update={"content_hash": ""})


def test_the_schema_knows_its_keys() -> None:
    parts: dict[str, Any] = pack_schema(load_declaration())
    assert set(parts["$defs"]["Score"]["properties"]) == {"points", "deduct", "bonus", "veto"}
    assert set(parts["$defs"]["Deduct"]["properties"]) == {"each", "per", "cap"}
    assert set(parts["$defs"]["Bonus"]["required"]) == {"each", "ceiling"}
    assert parts["properties"]["scoring"] == {"$ref": "#/$defs/Scoring"}
    assert json.dumps(parts)


def changed(pack: Pack, points: dict[str, Any]) -> Pack:
    first = pack.requirements[0]
    assert first.score
    score = first.score.model_copy(update=points)
    return pack.model_copy(
        update={"requirements": (first.model_copy(update={"score": score}), *pack.requirements[1:])}
    )


def test_a_change_of_points_is_a_difference() -> None:
    pack = load_pack(TABLE)
    difference = pack_difference(pack, changed(pack, {"deduct": None}))
    assert [(each.after.id, each.fields) for each in difference.changed] == [
        ("assessment-table/1-sessions", ("score",))
    ]
    words = DifferenceInWords(difference)
    (field,) = words.fields(difference.changed[0])
    assert field.after["zh"] == "计分：20 分；不通过的周期不得分"
    bare = pack.model_copy(update={"scoring": None})
    (head,) = DifferenceInWords(pack_difference(pack, bare)).head()
    assert (head.field, head.before["en"], head.after["en"]) == (
        "scoring",
        "Scored in points, 100 in all, and bonuses of at most 5 together",
        None,
    )
