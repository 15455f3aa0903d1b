"""The questions that a data set raises: hand-worked organisations, one folder a case.

`CASE/data` are the tables, `CASE/case.yaml` says why, how the audit is asked (`year`, 2024 where it says nothing, or
`from` and `to`; `as_of`, `units`, `calendar`), and every question that must come, in order. `only` names the rules that
the case is about, where its rows raise others too. What a question does not name is not compared.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from pack_files import made_up, write_pack

from auditor.audit import Options, audit
from auditor.measures.plausibility.reading import load_plausibility
from auditor.measures.plausibility.rules import KINDS
from auditor.periods.period import Window
from auditor.reports.registry import Layout, writer

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/case.yaml"))
PACK = made_up(
    {"measure": {"kind": "count", "table": "platform_usage"}, "threshold": {"op": ">=", "value": 1}}
)


def asked(folder: Path, pack: Path, case: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the questions that the JSON report of a case has."""
    window = Window(case["from"], case["to"]) if "from" in case else int(case.get("year", 2024))
    calendar = folder / case["calendar"] if "calendar" in case else None
    options = Options(
        as_of=case.get("as_of"), units=tuple(case.get("units", ())), calendar=calendar, judged_by="plain"
    )
    with audit(folder / "data", [pack], window, options) as done:
        report = json.loads("".join(writer("json")(done, Layout())))
    questions: list[dict[str, Any]] = report["data"]["questions"]
    for each in questions:
        assert list(each) == ["id", "table", "unit_id", "zh", "en", "count", "rows"]
        each["rows"] = [f"{row['file']}:{row['row']}" for row in each["rows"]]
    return questions


@pytest.mark.parametrize("name", CASES)
def test_every_question_of_a_case_comes_and_no_other(name: str, tmp_path: Path) -> None:
    case = yaml.safe_load((HERE / name / "case.yaml").read_text(encoding="utf-8"))
    found = asked(HERE / name, write_pack(PACK, tmp_path / "pack.yaml"), case)
    found = [each for each in found if each["id"] in case.get("only", [each["id"]])]
    wanted = case["questions"]
    assert [each["id"] for each in found] == [each["id"] for each in wanted]
    assert [{key: is_[key] for key in want} for is_, want in zip(found, wanted, strict=True)] == wanted


def test_every_shipped_rule_and_every_kind_has_a_case() -> None:
    cases = [yaml.safe_load((HERE / name / "case.yaml").read_text(encoding="utf-8")) for name in CASES]
    rules = load_plausibility().rules
    assert {each.id for each in rules} == {each["id"] for case in cases for each in case["questions"]}
    assert {each.kind for each in rules} == set(KINDS)
