"""The page: no data is markup, it loads nothing, it reads well without eyes, its figures are the audit's."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from audits import read
from hostile_names import HOSTILE
from page_reading import Element, Read, read_page
from reports_samples import PACK, TABLES, of_sample

from auditor.model.audit import Audit
from auditor.reports.html.limits import limits
from auditor.reports.html.markup import Markup, el, esc
from auditor.reports.registry import Layout, writer
from auditor.texts import LANGUAGES, Lang

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parents[2] / "golden/reports"


def written(done: Audit, lang: Lang = "zh") -> str:
    return "".join(str(part) for part in writer("html")(done, Layout(lang)))


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest) -> Read:
    return read_page(of_sample(lambda done: written(done, request.param)))


@pytest.fixture(scope="module")
def hostile() -> Read:
    units = [
        {"unit_id": f"U{at}", "name": name, "type": "university", "parent_id": "U0" if at else None}
        for at, name in enumerate(HOSTILE)
    ]
    activities = [
        {
            **each,
            "activity_id": f"A{unit['unit_id']}-{at}",
            "unit_id": unit["unit_id"],
            "evidence": unit["name"],
        }
        for unit in units
        for at, each in enumerate(TABLES["activities"])
    ]
    tables = {**TABLES, "units": units, "activities": activities, "waivers": None, "attestations": None}
    return read_page(read(tables, PACK, written))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_what_it_said(lang: Lang) -> None:
    text = read_page(of_sample(lambda done: written(done, lang))).text
    # The hashes of packs written for the test differ with their file; versions with the release.
    text = re.sub(r"[0-9a-f]{64}", "HASH", text)
    text = re.sub(r"ducha \d+\.\d+\.\d+", "ducha VERSION", text)
    assert text + "\n" == (GOLDEN / f"page.{lang}.txt").read_text(encoding="utf-8")


def test_the_same_audit_gives_the_same_bytes() -> None:
    first, second = of_sample(lambda done: (written(done), written(done)))
    assert first == second


def test_nothing_is_loaded_and_only_the_pages_own_script_runs(page: Read) -> None:
    (script,), (style,) = page.of("script"), page.of("style")
    (policy,) = [
        each.attributes["content"]
        for each in page.of("meta")
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert {rules["base-uri"], rules["form-action"]} == {"'none'"}
    for rule, element in (("script-src", script), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert not _loading(page)


def _loading(page: Read) -> list[Element]:
    """Return the elements that fetch, lead elsewhere, or run something."""
    return [
        each
        for each in page.elements
        if {"src", "srcset", "action", "style", "background", "data"} & each.attributes.keys()
        or any(key.startswith("on") for key in each.attributes)
        or not each.attributes.get("href", "#").startswith("#")
        or each.name in {"iframe", "object", "embed", "link", "base", "form", "img", "a:href"}
    ]


def test_no_hostile_name_becomes_markup(hostile: Read, page: Read) -> None:
    def kinds(read: Read) -> set[tuple[str, str]]:
        return {(each.name, key) for each in read.elements for key in ("", *each.attributes)}

    assert kinds(hostile) <= kinds(page)
    assert not _loading(hostile)
    assert (len(hostile.of("script")), len(hostile.of("style")), len(hostile.of("title"))) == (1, 1, 1)


def test_no_hostile_name_is_lost(hostile: Read) -> None:
    named = {each.text for each in hostile.of("bdi")}
    assert set(HOSTILE) <= named


def test_a_long_cell_is_cut_and_says_so(hostile: Read) -> None:
    cut = [each.text for each in hostile.of("bdi") if each.text.startswith("很") and len(each.text) < 1000]
    assert cut
    assert all(each == "很" * 400 + "……（另有4600个字未显示）" for each in cut)


def test_what_no_page_can_hold_is_named() -> None:
    assert esc("a\x00b\x1bc\x7fd\ud800e\uffff") == "a␀b␛c[U+007F]d[U+D800]e[U+FFFF]"
    assert esc("1\t2\n3") == "1\t2\n3"


def test_text_is_escaped_once_and_markup_never() -> None:
    assert (
        el("b", "<&\"'>", title="<&\"'>")
        == '<b title="&lt;&amp;&quot;&#x27;&gt;">&lt;&amp;&quot;&#x27;&gt;</b>'
    )
    assert el("p", el("b", "&"), None, 3, ["<", Markup("<br>")]) == "<p><b>&amp;</b>3&lt;<br></p>"
    assert el("a", "x", hidden=True, id=None, open=False, data_x=1) == '<a hidden data-x="1">x</a>'


def test_headings_descend_by_one(page: Read) -> None:
    found = [int(each.name[1]) for each in page.elements if re.fullmatch("h[1-6]", each.name)]
    assert found[0] == 1
    assert found.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(found))


def test_every_table_is_named_and_its_heads_say_what_they_head(page: Read) -> None:
    captions = [each for each in page.of("caption") if each.text.strip()]
    assert len(captions) == len(page.of("table")) > 8
    assert all(each.attributes.get("scope") in {"row", "col"} for each in page.of("th"))
    assert all(each.attributes["aria-label"].strip() for each in page.of("svg"))


def test_every_link_leads_somewhere_and_no_id_stands_twice(page: Read) -> None:
    ids = Counter(each.attributes["id"] for each in page.elements if "id" in each.attributes)
    assert set(ids.values()) == {1}
    assert {each.attributes["href"][1:] for each in page.of("a")} <= ids.keys()
    labels = {
        each.attributes[key]
        for each in page.elements
        for key in ("aria-labelledby", "for")
        if key in each.attributes
    }
    assert labels <= ids.keys()


def test_the_page_names_its_language(page: Read) -> None:
    (root,) = page.of("html")
    assert root.attributes["lang"] in {"zh-CN", "en"}


def test_no_sentence_shows_what_python_says(page: Read) -> None:
    assert not [
        line
        for line in page.text.split("\n")
        for word in ("None", "{", "Decimal(", "Fraction(")
        if word in line
    ]


def test_the_figures_are_those_of_the_json() -> None:
    def both(done: Audit) -> tuple[str, dict[str, Any]]:
        return written(done, "en"), json.loads("".join(map(str, writer("json")(done, Layout("en")))))

    text, told = of_sample(both)
    found = read_page(text)
    counts = Counter(each["verdict"] for each in told["findings"])
    fails, pending = counts["fail"], counts["pending"]
    assert f"gave {len(told['findings'])} findings: {fails} fail, {pending} pending" in found.text
    assert f"Issues to put right: {len(told['issues'])}" in found.text
    (unit,) = told["units"]
    assert f"= {unit['score']}" in found.text
    assert f"{unit['judged']} of {unit['applicable']} findings that apply" in found.text
    cells = [
        each
        for each in found.elements
        if each.name == "td" and each.attributes.get("class", "").startswith("k-")
    ]
    assert len(cells) == len({each["requirement_id"] for each in told["findings"]})


def test_the_more_fails_the_less_is_shown_of_each() -> None:
    shown = [limits(fails) for fails in (0, 500, 501, 5_000, 5_001, 10**6)]
    assert shown[0] == shown[1] != shown[2] == shown[3] != shown[4] == shown[5]
    assert [each.rows for each in shown] == sorted((each.rows for each in shown), reverse=True)


def test_evidence_beyond_the_limit_is_counted() -> None:
    from datetime import date

    rows = [
        {
            "activity_id": f"A{at}",
            "unit_id": "U1",
            "kind": "study_session",
            "held_on": date(2024, 3, 1 + at),
            "speakers": 1,
        }
        for at in range(17)
    ]
    found = read_page(of_sample(lambda done: written(done, "en"), activities=rows))
    assert "Evidence: 2024, rows: 17" in found.text
    assert "Rows not shown: 7." in found.text
