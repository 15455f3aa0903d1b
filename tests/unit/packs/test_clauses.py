"""Labels of clauses: which clauses one names, and the order in which they stand in the document."""

from __future__ import annotations

import random

import pytest

from auditor.packs.clauses import clauses_of, in_document_order


@pytest.mark.parametrize(
    ("label", "clauses"),
    [
        ("22", ("22",)),
        ("24, 26", ("24", "26")),
        ("9, 15, 16", ("9", "15", "16")),
        ("9、15", ("9", "15")),
        ("3, 3", ("3",)),
        ("二(五)3, 二(五)4", ("二(五)3", "二(五)4")),
        ("closing paragraph", ("closing paragraph",)),
        ("三, stage 1", ("三, stage 1",)),
        ("summary 10", ("summary 10",)),
        ("summary 3, 一(二)", ("summary 3, 一(二)",)),
        ("summary 16, 二2, 二4", ("summary 16, 二2", "summary 16, 二4")),
        ("summary 1, 一1-4", ("summary 1, 一1-4",)),
    ],
)
def test_a_label_names_one_clause_or_several(label: str, clauses: tuple[str, ...]) -> None:
    assert clauses_of(label) == clauses


def test_a_label_of_the_document_s_own_list_is_taken_whole() -> None:
    assert clauses_of("24, 26", ("23", "24, 26")) == ("24, 26",)
    assert clauses_of("24, 26", ("24", "26")) == ("24", "26")


@pytest.mark.parametrize(
    "document",
    [
        ["1", "2", "3", "9", "10", "11", "22"],
        [
            "一",
            "二(一)1",
            "二(一)2",
            "二(一)10",
            "二(二)1",
            "二(四)",
            "二(五)3",
            "三(一)",
            "三, stage 1",
            "四(一)",
        ],
        [
            "一1",
            "一2",
            "二1",
            "九1",
            "十1",
            "十一1",
            "十二1",
            "二十1",
            "二十三1",
            "一百零五1",
            "closing paragraph",
        ],
        ["summary 1, 一", "summary 1, 二-六", "summary 2, 一(一)", "summary 10", "summary 11, 一"],
        ["第一条", "第二条", "第十条", "第十一条"],
        ["1（1）", "1（2）", "1（10）", "2"],
    ],
)
def test_clauses_stand_as_in_the_document(document: list[str]) -> None:
    shuffled = random.Random(7).sample(document, len(document))
    assert shuffled != document
    assert sorted(shuffled, key=in_document_order) == document
