"""What is typed wrongly is told in the user's language, with the nearest right word, and exit code 2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from auditor.commands import audit_command, main
from auditor.errors import EngineFault
from auditor.texts import LANGUAGES
from end_to_end.conftest import Run

MISTAKES = yaml.safe_load(Path(__file__).with_name("mistakes.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mistake_is_told_in_the_users_language(
    run: Run, data: Path, pack: Path, mistake: str, lang: str
) -> None:
    words, named = MISTAKES[mistake]["words"], {"DATA": data, "PACK": pack}
    ran = run("--lang", lang, *(named.get(word, word) for word in words))
    assert (ran.code, ran.out) == (2, b"")
    assert MISTAKES[mistake][lang] in ran.err
    sentences = re.sub(r"\[\w+\.\w+\]", "", ran.err.replace(str(data.parent), ""))
    foreign = (
        r"\b(option|missing|invalid|value|argument|such|usage)\b"
        if lang == "zh"
        else r"[\u3001-\u9fff\uff01-\uff5e]"
    )
    assert not re.search(foreign, sentences.lower()), sentences


def test_a_language_that_is_not_spoken_is_refused_in_that_of_the_system(run: Run, data: Path) -> None:
    ran = run("audit", data, "--lang", "fr")
    assert ran.code == 2
    assert "--lang 的值不对。应为其中之一：zh、en。" in ran.err


def test_all_that_is_missing_is_told_at_once(run: Run, data: Path) -> None:
    ran = run("audit", data)
    assert "发现 2 个问题" in ran.err
    assert "--pack bureau-2024、college-2024" in ran.err


@pytest.mark.parametrize("words", [(), ("packs",), ("tables",)])
@pytest.mark.parametrize(("lang", "begins"), [("zh", "用法：ducha"), ("en", "Usage: ducha")])
def test_without_a_command_the_help_is_shown(
    run: Run, words: tuple[str, ...], lang: str, begins: str
) -> None:
    ran = run(*words, "--lang", lang)
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err.startswith(begins)


COMMANDS = (
    "", "audit", "explain", "packs", "packs list", "packs show", "packs lint", "tables", "tables show",
    "template", "workdays", "demo",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_the_users_language(run: Run, command: str) -> None:
    zh = run(*command.split(), "--help") if not command else run("--lang", "zh", *command.split(), "-h")
    en = run("--lang", "en", *command.split(), "--help")
    assert (zh.code, zh.err, en.code, en.err) == (0, "", 0, "")
    assert zh.text.startswith("用法：ducha " + command)
    assert en.text.startswith("Usage: ducha " + command)
    assert not re.search(r"Usage|Options|Show this|and exit|RANGE|%Y", zh.text)
    assert not re.search(r"[\u4e00-\u9fff]", en.text)


def test_the_language_is_that_of_the_system_unless_it_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for named, begins in (
        ("zh_CN.GB18030", "用法"),
        ("en_GB.UTF-8", "Usage"),
        ("C", "Usage"),
        ("de_DE.UTF-8", "Usage"),
    ):
        monkeypatch.setenv("LANG", named)
        assert run("--help").text.startswith(begins)
    monkeypatch.setenv("LC_ALL", "zh_TW.UTF-8")
    assert run("--help").text.startswith("用法")
    assert run("--help", "--lang=en").text.startswith("Usage")


def test_the_version_is_told(run: Run) -> None:
    assert re.fullmatch(r"ducha, version \d+\.\d+\.\d+\n", run("--version").text)


# ---- faults of ours ----


@pytest.mark.parametrize(("lang", "words"), [("zh", "程序出错"), ("en", "A fault of ours")])
@pytest.mark.parametrize(
    "fault", [RuntimeError("broken"), EngineFault("broken"), KeyError("broken"), MemoryError()]
)
def test_a_fault_of_ours_is_exit_code_3_without_a_traceback(
    run: Run, data: Path, pack: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception, lang: str, words: str
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(audit_command, "audit", fail)
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--lang", lang)
    assert (ran.code, ran.out) == (3, b"")
    assert words in ran.err


@pytest.mark.parametrize(("lang", "words"), [("zh", "已中断"), ("en", "Interrupted")])
def test_an_interruption_is_told_in_a_line(
    run: Run, data: Path, pack: Path, monkeypatch: pytest.MonkeyPatch, lang: str, words: str
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(audit_command, "audit", interrupt)
    ran = run("audit", data, "--pack", pack, "--year", 2024, "--lang", lang)
    assert ran.code == 3
    assert words in ran.err


def test_every_exit_code_is_an_integer_also_when_called_from_python() -> None:
    assert main(["--help"]) == 0
    assert main(["no such command"]) == 2
