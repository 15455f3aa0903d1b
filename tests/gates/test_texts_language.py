"""Each language file speaks its language: no Chinese sentence without Chinese, no English one with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gates.tree import ROOT, plant, read_yaml

CHINESE = re.compile(r"[㐀-䶿一-鿿]")
LETTERS = re.compile(r"[^\W\d_]")
FIELD = re.compile(r"\{[^{}]*\}")

EXCEPTIONS: Mapping[str, str] = {
    "en/table_problems.yaml: table.bad_date: do": "shows a day as Chinese tables write it",
}
"""Sentences that rightly hold the other language, and why."""


def wrong_language(root: Path) -> list[str]:
    """Return the sentences that are not in their file's language; one of figures and signs alone is in any."""
    return [each for each in _wrong(root) if each not in EXCEPTIONS]


def _wrong(root: Path) -> Iterator[str]:
    for path in sorted((root / "auditor/texts").glob("*/*.yaml")):
        language = path.parent.name
        for code, sentence in _sentences(read_yaml(path)):
            words = FIELD.sub("", sentence)
            wrong = not CHINESE.search(words) if language == "zh" else CHINESE.search(words)
            if wrong and LETTERS.search(words):
                yield f"{language}/{path.name}: {code}"


def _sentences(topic: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for code, entry in topic.items():
        if isinstance(entry, dict):
            yield from ((f"{code}: {part}", str(text)) for part, text in entry.items())
        else:
            yield code, str(entry)


def test_every_sentence_is_in_its_language() -> None:
    assert wrong_language(ROOT) == []


def test_no_exception_is_left_over() -> None:
    assert EXCEPTIONS.keys() <= set(_wrong(ROOT))


def test_a_planted_sentence_is_seen(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "auditor/texts/zh/x.yaml": 'a: "达到 {x}"\nb: "Met {x}"\nc: "{x}：{x}"\nd: {what: 错, do: "no"}\n',
            "auditor/texts/en/x.yaml": 'a: "met {x}"\nb: "met 达到"\nc: "{单位}"\nd: {what: w, do: d}\n',
        },
    )
    assert wrong_language(tmp_path) == ["en/x.yaml: b", "zh/x.yaml: b", "zh/x.yaml: d: do"]
