"""The clause ledger: every clause once, in order, with what became of it and how it is tested."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from pack_files import made_up, write_pack

from auditor.authoring.coverage import ClauseLedger, clause_ledger
from auditor.authoring.coverage_page import coverage_page
from auditor.errors import BadInput
from auditor.packs.load import load_pack
from auditor.texts import Lang

ATTEST = {"measure": {"kind": "attest"}}


def count(least: int) -> dict[str, Any]:
    return {"measure": {"kind": "count", "table": "activities"}, "threshold": {"op": ">=", "value": least}}


def both(text: str) -> dict[str, str]:
    return {"zh": f"因{text}", "en": text}


PACK = made_up(
    {**count(2), "id": "test/10-many", "clause": "10"},
    {**count(3), "id": "test/2-two", "clause": "2, 10"},
    {**ATTEST, "id": "test/2-asked", "clause": "2"},
    out_of_scope=[{"id": "test/3-persons", "clause": "3", "reason": both("persons")}],
    not_quantified=[{"clause": "1", "reason": both("no number")}, {"clause": "2"}],
)
# Worked out by hand: five labels name clauses 1, 2, 3 and 10.


def want(verdict: str, unit: str = "U1") -> dict[str, str]:
    return {"unit": unit, "period": "2024", "verdict": verdict}


def case(note: str, *wants: dict[str, str]) -> dict[str, Any]:
    return {
        "note": note,
        "tables": {"units": [{"unit_id": "U1", "type": "university"}]},
        "want": list(wants),
    }


CASES = [
    case("both", want("pass"), want("fail", "U2")),
    case("none", want("insufficient_data")),
    case("waits", want("pending")),
    case("two that fail", want("fail"), want("fail", "U2")),
]


def write_cases(path: Path, requirement: str, cases: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump({"requirement": requirement, "cases": cases}), encoding="utf-8")


def ledger(tmp_path: Path, pack: dict[str, Any] = PACK) -> ClauseLedger:
    file = write_pack(pack, tmp_path / f"{pack['pack']}.yaml")
    return clause_ledger(load_pack(file), file, tmp_path)


def fates(found: ClauseLedger, at: int = -1) -> list[tuple[str, list[tuple[str, str | None]]]]:
    return [
        (clause.label, [(entry.fate, entry.id and entry.id.partition("/")[2]) for entry in clause.entries])
        for clause in found.documents[at].clauses
    ]


EVERY_CLAUSE = [
    ("1", [("not_quantified", None)]),
    ("2", [("automated", "2-two"), ("manual", "2-asked"), ("not_quantified", None)]),
    ("3", [("out_of_scope", "3-persons")]),
    ("10", [("automated", "10-many"), ("automated", "2-two")]),
]


def test_every_clause_stands_once_in_order_with_all_that_became_of_it(tmp_path: Path) -> None:
    found = ledger(tmp_path)
    assert fates(found) == EVERY_CLAUSE
    assert {fate: found.with_fate(fate) for fate in ("automated", "manual", "out_of_scope", "not_quantified")} == {  # type: ignore[arg-type]
        "automated": 2, "manual": 1, "out_of_scope": 1, "not_quantified": 2,
    }  # fmt: skip
    assert found.uncovered == ()
    assert set(found.requirements) == {"test/10-many", "test/2-two", "test/2-asked"}


def test_the_document_s_own_list_gives_the_order(tmp_path: Path) -> None:
    found = ledger(tmp_path, {**PACK, "clauses": ["10", "3", "2", "1"]})
    assert [label for label, _ in fates(found)] == ["10", "3", "2", "1"]


def test_a_clause_of_the_list_that_nothing_speaks_of_is_shown() -> None:
    # Such a pack is not sound, and is looked at while it is written: the model alone is asked here.
    from auditor.model.requirement import Pack

    sound = load_pack("henan-2023")
    pack: Pack = sound.model_copy(update={"clauses": (*(str(at) for at in range(1, 24)),)})
    found = clause_ledger(pack, Path("henan-2023.yaml"), Path("nowhere"))
    assert found.uncovered == ("23",)
    assert found.documents[0].clauses[-1].entries == ()


def test_cases_are_counted_by_the_verdicts_they_want(tmp_path: Path) -> None:
    write_cases(tmp_path / "tests/cases/test/2-two.yaml", "test/2-two", CASES)
    write_cases(tmp_path / "test.cases/10-many.yaml", "test/10-many", CASES[:1])
    write_cases(tmp_path / "test.cases.yaml", "test/10-many", CASES[1:2])
    found = ledger(tmp_path)
    cases = {name: entry.cases for name, entry in found.requirements.items() if entry.cases}
    two, ten = cases["test/2-two"], cases["test/10-many"]
    verdicts = ("pass", "fail", "insufficient_data", "other")
    assert (two.cases, [two.wanting(each) for each in verdicts]) == (4, [1, 2, 1, 1])
    assert (ten.cases, [ten.wanting(each) for each in verdicts]) == (2, [1, 1, 1, 0])
    assert found.untested == ("test/2-asked",)


def test_a_case_file_that_cannot_be_used_is_a_problem(tmp_path: Path) -> None:
    write_cases(tmp_path / "tests/cases/test/2-two.yaml", "test/2-two", [{"note": "nothing in it"}])
    with pytest.raises(BadInput) as bad:
        ledger(tmp_path)
    assert {problem.code for problem in bad.value.problems} == {"cases.missing_key"}


def test_a_pack_upon_another_shows_both_documents(tmp_path: Path) -> None:
    write_pack(PACK, tmp_path / "test.yaml")
    for name, requirement in (("test", "test/2-two"), ("test", "test/10-many"), ("own", "own/1-x")):
        slug = requirement.partition("/")[2]
        write_cases(tmp_path / f"tests/cases/{name}/{slug}.yaml", requirement, CASES)
    own = {
        **made_up({**count(4), "id": "own/1-x"}),
        "pack": "own",
        "extends": "test.yaml",
        "override": {
            "test/10-many": {"threshold": {"op": ">=", "value": 5}, "reason": both("more")},
            "test/2-asked": {"switched_off": both("off")},
        },
    }
    found = ledger(tmp_path, own)
    assert [document.pack.pack for document in found.documents] == ["test", "own"]
    assert fates(found, 0) == [
        EVERY_CLAUSE[0],
        ("2", [("automated", "2-two"), ("not_quantified", None), ("switched_off", "2-asked")]),
        *EVERY_CLAUSE[2:],
    ]
    assert fates(found, 1) == [("1", [("automated", "1-x")])]
    # The cases of the rule as it was say nothing of the rule as it is now.
    assert found.untested == ("test/10-many",)


class Reader(HTMLParser):
    """Keeps the tags as they nest, their attributes and their text."""

    VOID = ("meta",)

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("td", "th", "code"):
            self.rows[-1][-1] += data


def page(tmp_path: Path, lang: Lang, pack: dict[str, Any] = PACK) -> tuple[str, Reader]:
    text = "".join(coverage_page(ledger(tmp_path, pack), lang))
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return text, reader


@pytest.mark.parametrize(
    ("lang", "tag", "words", "row"),
    [
        ("zh", "zh-CN", "条款台账", ["3", "不在范围", "因persons test/3-persons"]),
        ("en", "en", "Clause ledger", ["3", "out of scope", "persons test/3-persons"]),
    ],
)
def test_the_page_stands_alone_and_can_be_read_aloud(
    tmp_path: Path, lang: Lang, tag: str, words: str, row: list[str]
) -> None:
    text, reader = page(tmp_path, lang)
    tags = [name for name, _ in reader.tags]
    assert text.startswith("<!DOCTYPE html>\n")
    assert ("html", {"lang": tag}) in reader.tags
    assert words in text
    assert {"header", "main", "footer", "h1", "h2", "caption", "thead"} <= set(tags)
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert "http://" not in text
    assert "https://" not in text
    assert [*row, "", "", "", "", ""] in reader.rows
    headings = [attributes for name, attributes in reader.tags if name == "th"]
    assert all(each.get("scope") in ("col", "row", "rowgroup") for each in headings)
    (group,) = (each for each in headings if each.get("rowspan") == "3")
    assert group["scope"] == "rowgroup"


def test_every_section_of_the_page_is_named_by_its_heading(tmp_path: Path) -> None:
    _, reader = page(tmp_path, "en")
    named = [attributes["aria-labelledby"] for name, attributes in reader.tags if name == "section"]
    assert named == [attributes.get("id") for name, attributes in reader.tags if name == "h2"]
    assert named == ["summary", "document-test"]


def test_what_a_pack_says_is_text_on_the_page_never_markup(tmp_path: Path) -> None:
    sharp = {"zh": '<b>甲</b> & "乙"', "en": "<script>alert(1)</script>"}
    pack = {**PACK, "title": sharp, "not_quantified": [{"clause": "<i>1</i>", "reason": sharp}]}
    for lang in ("zh", "en"):
        text, reader = page(tmp_path, lang, pack)  # type: ignore[arg-type]
        assert not {"b", "i", "script"} & {name for name, _ in reader.tags}
        assert any(row[:1] == ["<i>1</i>"] and row[2] == sharp[lang] for row in reader.rows)
        assert "&lt;" in text
