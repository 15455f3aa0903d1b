"""OSCAL: identifiers that lead somewhere and never change, what is judged and what is to be put right."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from audits import read
from reports_samples import AS_OF, PACK, TABLES, of_sample

from auditor.model.audit import Audit
from auditor.reports.identity import identity
from auditor.reports.oscal.datatypes import one_line, token
from auditor.reports.registry import COMPANIONS, Layout, companions, writer
from auditor.reports.writing import beside
from auditor.texts import LANGUAGES, Lang

UNITS = [
    {"unit_id": "U0", "name": "总校", "type": "department"},
    {"unit_id": "U1", "name": "=中州大学", "type": "university", "parent_id": "U0"},
]
UUID_KEYS = ("uuid", "-uuid", "-uuids")


def documents(done: Audit, lang: Lang = "zh") -> dict[str, Any]:
    (plan,) = companions("oscal").values()
    texts = {
        "results": "".join(map(str, writer("oscal")(done, Layout(lang)))),
        "plan": "".join(map(str, plan(done, Layout(lang)))),
    }
    return {**{name: json.loads(text) for name, text in texts.items()}, "texts": texts}


@pytest.fixture(scope="module")
def oscal() -> dict[str, Any]:
    """Return the documents at the end of the year, where something failed, passed and was not judged."""
    made: dict[str, Any] = read(
        {**TABLES, "units": UNITS}, PACK,
        lambda done: {
            lang: documents(done, lang) for lang in LANGUAGES
        } | {"json": json.loads("".join(map(str, writer("json")(done, Layout()))))},
        as_of=date(2024, 12, 31),
    )  # fmt: skip
    return made


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(inner)


def prop(each: dict[str, Any], name: str) -> str | None:
    return next((one["value"] for one in each.get("props", ()) if one["name"] == name), None)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["results", "plan"])
def test_every_identifier_is_there_once_and_every_reference_leads_to_one(
    oscal: dict[str, Any], lang: Lang, name: str
) -> None:
    document = oscal[lang][name]
    own = [each["uuid"] for each in nodes(document) if "uuid" in each]
    assert len(own) == len(set(own))
    assert {UUID(each).version for each in own} == {5}
    named = {
        value
        for each in nodes(document)
        for key, values in each.items()
        if key.endswith(("-uuid", "-uuids", "member-of-organizations"))
        for value in (values if isinstance(values, list) else [values])
    }
    hrefs = {each["href"][1:] for each in nodes(document) if each.get("href", "").startswith("#")}
    assert named | hrefs <= set(own)
    roles = {each["id"] for each in nodes(document) if "id" in each and str(each["id"]).startswith("post-")}
    assert {each["role-id"] for each in nodes(document) if "role-id" in each} <= roles


def test_each_finding_of_the_audit_is_an_observation(oscal: dict[str, Any]) -> None:
    (result,) = oscal["zh"]["results"]["assessment-results"]["results"]
    found = oscal["json"]["findings"]
    assert [
        (prop(each, "unit-id"), prop(each, "requirement-id"), prop(each, "period"), prop(each, "verdict"))
        for each in result["observations"]
    ] == [(each["unit_id"], each["requirement_id"], each["period"], each["verdict"]) for each in found]
    for each, finding in zip(result["observations"], found, strict=True):
        assert each["description"].endswith(finding["reason"]["zh"])
        evidence = each.get("relevant-evidence", [])
        assert [int(row) for one in evidence if (row := prop(one, "row"))] == [
            one["row"] for one in finding["evidence"] if one["row"]
        ]
        assert len(evidence) == len(finding["evidence"])
    shares = next(each for each in result["observations"] if prop(each, "requirement-id") == "test/3-x")
    assert (prop(shares, "numerator"), prop(shares, "denominator"), prop(shares, "waived")) == (
        "4",
        "45",
        "W1",
    )


def test_only_what_was_judged_is_satisfied_or_not(oscal: dict[str, Any]) -> None:
    (result,) = oscal["zh"]["results"]["assessment-results"]["results"]
    judged: dict[str, list[str]] = {}
    for each in oscal["json"]["findings"]:
        if each["verdict"] in ("pass", "fail"):
            judged.setdefault(each["requirement_id"], []).append(each["verdict"])
    states = {each["target"]["target-id"]: each["target"]["status"]["state"] for each in result["findings"]}
    assert states == {
        token(key): "not-satisfied" if "fail" in verdicts else "satisfied" for key, verdicts in judged.items()
    }
    assert Counter(states.values())["not-satisfied"] >= 2
    included = result["reviewed-controls"]["control-selections"][0]["include-controls"]
    assert {each["control-id"] for each in included} >= set(states)


def test_the_plan_has_an_item_for_each_issue(oscal: dict[str, Any]) -> None:
    plan = oscal["zh"]["plan"]["plan-of-action-and-milestones"]
    issues = oscal["json"]["issues"]
    assert issues
    keys = [(each["unit_id"], each["requirement_id"]) for each in issues]
    assert [(prop(each, "unit-id"), prop(each, "requirement-id")) for each in plan["poam-items"]] == keys
    assert [prop(each, "rectify-within-working-days") for each in plan["risks"]] == [
        str(each["rectify_within"]) for each in issues
    ]
    assert {each["status"] for each in plan["risks"]} == {"open"}
    assert "test/3-x" not in {prop(each, "requirement-id") for each in plan["poam-items"]}  # waived
    assert "自通知次日起20个工作日内完成整改" in oscal["zh"]["texts"]["plan"]
    # the same observations and risks as in the results
    (result,) = oscal["zh"]["results"]["assessment-results"]["results"]
    assert result["risks"] == plan["risks"]
    assert [each for each in plan["observations"] if each not in result["observations"]] == []


def test_the_packs_and_the_data_stand_in_the_back_matter_with_their_hashes(oscal: dict[str, Any]) -> None:
    head = oscal["json"]["audit"]
    resources = oscal["zh"]["results"]["assessment-results"]["back-matter"]["resources"]
    hashes = {
        link["href"]: link["hashes"][0]["value"] for each in resources for link in each.get("rlinks", ())
    }
    assert hashes == {
        **{f"{each['pack']}.yaml": each["sha256"] for each in head["packs"]},
        **{each["file"]: each["sha256"] for each in head["data"]},
    }
    assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in hashes.values())


def test_every_moment_is_the_audits_own(oscal: dict[str, Any]) -> None:
    moments = set(re.findall(r"\d{4}-\d\d-\d\dT[^\"]*", oscal["zh"]["texts"]["results"]))
    assert moments == {"2024-12-31T00:00:00+00:00", "2024-01-01T00:00:00+00:00"}


def test_the_same_audit_has_the_same_identifiers_and_another_has_others(oscal: dict[str, Any]) -> None:
    again, other = (
        read({**TABLES, "units": UNITS}, PACK, documents, as_of=day) for day in (date(2024, 12, 31), AS_OF)
    )
    assert again["texts"] == oscal["zh"]["texts"]

    def own(document: Any) -> set[str]:
        return {each["uuid"] for each in nodes(document) if "uuid" in each}

    shared = own(other["results"]) & own(again["results"])
    # the units and the tool are the same in every audit
    assert len(shared) == len(UNITS) + 2
    assert own(oscal["en"]["results"]) ^ own(again["results"]) == {
        oscal[lang]["results"]["assessment-results"]["uuid"] for lang in LANGUAGES
    }


def test_without_an_issue_there_is_no_plan() -> None:
    found = of_sample(lambda done: "".join(map(str, companions("oscal")[".poam.json"](done, Layout()))))
    assert found  # hours exceeded
    assert (
        read(
            {"units": [], "activities": []},
            PACK,
            lambda done: list(companions("oscal")[".poam.json"](done, Layout())),
        )
        == []
    )


@pytest.mark.parametrize(
    ("requirement_id", "wanted"),
    [("henan-2023/1-sessions", "henan-2023_1-sessions"), ("2024-rules/a.b", "_2024-rules_a.b")],
)
def test_a_requirement_is_named_by_a_token(requirement_id: str, wanted: str) -> None:
    assert token(requirement_id) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (" a\nb\r\nc ", "a b c"),
        ("", "—"),
        ("\n", "—"),
        ("a\x00b", "a␀b"),
        ("a\u2028b", "a b"),
        ("\u3000甲\u3000", "甲"),
    ],
)
def test_a_text_of_one_line(text: str, wanted: str) -> None:
    assert one_line(text) == wanted


def test_identities_tell_their_parts_apart() -> None:
    assert identity("a", "b") == identity("a", "b")
    assert len({identity("ab", "c"), identity("a", "bc"), identity("abc"), identity("a", "b", "c")}) == 4


def test_where_the_plan_is_written() -> None:
    from pathlib import Path

    (ending,) = COMPANIONS["oscal"]
    assert beside(Path("a/报告.json"), ending) == Path("a/报告.poam.json")
    assert beside(Path("report"), ending) == Path("report.poam.json")
    assert beside(Path("report.v2"), ending) == Path("report.v2.poam.json")
