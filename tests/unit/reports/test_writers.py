"""JSON keeps the contract, CSV is safe in a spreadsheet, the terminal's columns hold."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports_samples import of_sample
from wcwidth import wcswidth

from auditor.model.audit import Audit
from auditor.reports.registry import PLANNED, WRITERS, Layout, writer
from auditor.reports.to_table import wrap
from auditor.texts import LANGUAGES, Lang, sentences

FINDING = [
    "unit_id", "requirement_id", "period", "verdict", "value", "numerator", "denominator", "threshold", "shortfall",
    "provisional", "forecast", "borderline", "calendar", "waived", "reason", "evidence",
]  # fmt: skip


def text(done: Audit, name: str, lang: Lang = "zh") -> str:
    return "".join(writer(name)(done, Layout(lang)))


@pytest.fixture(scope="module")
def written() -> Any:
    return of_sample(
        lambda done: {
            **{name: text(done, name) for name in ("json", "jsonl")},
            **{lang: text(done, "csv", lang) for lang in LANGUAGES},
        }
    )


def nodes(value: Any) -> Iterator[Any]:
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(inner)


def test_json_has_every_key_and_plain_values(written: dict[str, str]) -> None:
    report = json.loads(written["json"])
    assert list(report) == ["audit", "findings", "units", "issues", "data"]
    assert set(report["data"]) == {"problems", "warnings", "planned", "undated", "left_out", "questions"}
    for finding in report["findings"]:
        assert list(finding) == FINDING
        assert list(finding["reason"]) == ["code", "figures", *LANGUAGES]
        assert all(
            list(e) == ["file", "sheet", "row", "subject", "value", "shortfall"] for e in finding["evidence"]
        )
        assert isinstance(finding["provisional"], bool)
        assert isinstance(finding["borderline"], bool)
    keys = [(each["unit_id"], each["requirement_id"], each["period"]) for each in report["findings"]]
    assert keys == sorted(keys)
    assert "NaN" not in written["json"]
    assert written["json"].endswith("}\n")
    assert "\r" not in written["json"]
    assert "理论" in written["json"] or "试" in written["json"]


def test_json_figures_are_what_they_are(written: dict[str, str]) -> None:
    by_id = {each["requirement_id"]: each for each in json.loads(written["json"])["findings"]}
    assert (by_id["test/1-x"]["value"], by_id["test/1-x"]["threshold"]) == (2, {"op": ">=", "value": 6})
    # hours are decimals, counts are not
    assert (by_id["test/2-x"]["value"], by_id["test/2-x"]["threshold"]["value"]) == (2.5, 2.5)
    assert isinstance(by_id["test/1-x"]["value"], int)
    # a share is a fraction, never 8.9 or 10
    share = by_id["test/3-x"]
    assert (share["value"], share["numerator"], share["denominator"]) == (0.088889, 4, 45)
    assert (share["threshold"]["value"], share["shortfall"], share["waived"]) == (0.1, 1, "W1")
    assert (by_id["test/5-x"]["threshold"], by_id["test/5-x"]["value"]) == (None, "not_applicable")
    assert by_id["test/6-x"]["evidence"] == []


def test_evidence_is_sorted_and_a_fixed_value_has_no_row(written: dict[str, str]) -> None:
    for finding in json.loads(written["json"])["findings"]:
        places = [
            (e["file"] or "", e["sheet"] or "", e["row"] or 0, e["subject"] or "")
            for e in finding["evidence"]
        ]
        assert places == sorted(places)
        if finding["requirement_id"] == "test/7-x":
            assert [(e["file"], e["row"], e["subject"]) for e in finding["evidence"]] == [
                (None, None, "graduation"),
                (None, None, "term_start"),
            ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_csv_is_a_row_a_finding_under_headers_of_the_language(written: dict[str, str], lang: Lang) -> None:
    assert written[lang].startswith("\ufeff")
    header, *rows = csv.reader(io.StringIO(written[lang].removeprefix("\ufeff")))
    assert header == list(sentences("csv", lang).values())
    assert len(rows) == 7
    assert {len(row) for row in rows} == {len(header)}


def test_csv_never_holds_a_formula(written: dict[str, str]) -> None:
    cells = [cell for row in csv.reader(io.StringIO(written["zh"].removeprefix("\ufeff"))) for cell in row]
    assert "'=中州大学" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_terminal_report_says_every_requirement_once(lang: Lang) -> None:
    said = of_sample(lambda done: text(done, "table", lang))
    for at in range(1, 8):
        assert said.count(f"[{at}-x]") == 1
    assert "None" not in said
    assert "W1" in said


def test_formats_that_are_not_built_have_no_writer() -> None:
    assert not set(WRITERS) & set(PLANNED)
    for name in (*PLANNED, "text"):
        with pytest.raises(KeyError):
            writer(name)


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        ("abc def ghi", 7, ["abc def", "ghi"]),
        ("理论学习中心组", 8, ["理论学习", "中心组"]),
        ("理论学习，中心组", 8, ["理论学习，", "中心组"]),
        ("一二 abcdef", 8, ["一二", "abcdef"]),
        ("one\ntwo", 10, ["one", "two"]),
        ("", 5, [""]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    ],
)
def test_lines_are_wrapped_by_their_width_on_the_terminal(words: str, width: int, lines: list[str]) -> None:
    assert wrap(words, width).split("\n") == lines


@given(st.text("理论学习abc de，。1", max_size=60), st.integers(4, 30))
def test_wrapping_loses_nothing_and_holds_the_width(words: str, width: int) -> None:
    lines = wrap(words, width).split("\n")
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    # only a sign that may not begin a line hangs over
    assert all(wcswidth(line.rstrip("，。")) <= width for line in lines)


def test_json_lines_say_what_the_json_says(written: dict[str, str]) -> None:
    """The head on the first line, then every object of the JSON in its order, each with its kind."""
    whole = json.loads(written["json"])
    data = whole["data"]
    wanted = [
        ("audit", [whole["audit"]]), ("finding", whole["findings"]), ("unit", whole["units"]),
        ("issue", whole["issues"]),
        ("problem", data["problems"]), ("warning", data["warnings"]), ("planned", data["planned"]),
        ("undated", data["undated"]), ("left_out", data["left_out"]), ("question", data["questions"]),
    ]  # fmt: skip
    lines = written["jsonl"].splitlines(keepends=True)
    assert [json.loads(line) for line in lines] == [
        {"kind": kind, **each} for kind, listed in wanted for each in listed
    ]
    assert all(line.endswith("}\n") for line in lines)
    assert not written["jsonl"].startswith("\ufeff")
