"""Code, figures and language give a sentence."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any

import pytest

from auditor.texts import LANGUAGES, Lang, say, say_problem, sentences, topics


def test_a_sentence_takes_its_figures() -> None:
    assert say("words", "at_least", {"number": 6, "unit": "sessions"}, "en") == "at least 6 sessions"
    assert "6" in say("words", "at_least", {"number": 6, "unit": "次"}, "zh")


def test_a_blank_figure_reads_as_a_dash() -> None:
    assert say("words", "note.waived", {"waived": None}, "en") == "waived (—)"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unknown_code_is_an_error_never_a_blank(lang: Lang) -> None:
    with pytest.raises(KeyError):
        say("words", "no_such_code", {}, lang)
    with pytest.raises(KeyError):
        say_problem("no.such_code", {}, lang)


def test_a_figure_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("words", "at_least", {}, "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_are_never_taken_for_a_format(lang: Lang) -> None:
    said = say("words", "note.waived", {"waived": "{number} %s {0}"}, lang)
    assert "{number} %s {0}" in said


def test_a_problem_says_what_is_wrong_and_what_to_do() -> None:
    figures = dict.fromkeys(("value", "nearest", "table", "expected"), "x")
    for lang in LANGUAGES:
        what, do = say_problem("table.unknown_table", figures, lang)
        assert what
        assert do
        assert what != do


def fields(value: Any) -> Iterator[str]:
    for text in value.values() if isinstance(value, dict) else [value]:
        for _, field, form, conversion in string.Formatter().parse(str(text)):
            if field is not None:
                assert field.isidentifier(), text
                assert not form
                assert not conversion
                yield field


@pytest.mark.parametrize("topic", topics())
def test_both_languages_have_the_same_codes(topic: str) -> None:
    zh, en = (sentences(topic, lang) for lang in LANGUAGES)
    assert zh.keys() == en.keys()
    for code in zh:
        # a language may name a figure that the other does not need: its own word for a unit, for instance
        assert list(fields(zh[code])) is not None
        assert list(fields(en[code])) is not None
        assert isinstance(zh[code], dict) == isinstance(en[code], dict)
