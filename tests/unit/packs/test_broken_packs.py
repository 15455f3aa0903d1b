"""Every broken pack under tests/broken/packs/: its problems, all at once, each with its line, in both languages."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.commands import main
from auditor.commands.telling import problem_line
from auditor.errors import BadInput, Problem
from auditor.packs.lint_files import lint_files
from auditor.packs.load import load_packs
from auditor.shipped import shipped
from auditor.tables.declaration import load_declaration
from auditor.texts import LANGUAGES, sentences

BROKEN = Path(__file__).parents[2] / "broken" / "packs"
DECLARATION = load_declaration()
EXAMPLES = sorted(path.name for path in BROKEN.iterdir())

FOREIGN = re.compile(
    r"Input should|Value error|function-|tuple\[|\bNone\b|\bTrue\b|\bFalse\b|[{}]'|<class|Decimal\("
)
"""What must never reach a reader: a library's own text, a Python value."""


def expected_of(example: str) -> dict[str, Any]:
    expected: dict[str, Any] = yaml.safe_load((BROKEN / example / "expect.yaml").read_text(encoding="utf-8"))
    return expected


def problems_of(example: str) -> tuple[Problem, ...]:
    """Return the problems of the packs that the example names, or of its own file."""
    folder, expected = BROKEN / example, expected_of(example)
    files = [path.name for path in folder.iterdir() if path.stem == "pack"]
    if "linted" in expected:
        return lint_files(str(folder / each) for each in expected["linted"])
    packs = [folder / each if (folder / each).is_file() else each for each in expected.get("packs", files)]
    with pytest.raises(BadInput) as caught:
        load_packs(packs, DECLARATION, expected.get("settings"))
    return caught.value.problems


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_broken_pack_tells_every_problem_with_its_line(example: str) -> None:
    found, expected = problems_of(example), expected_of(example)["problems"]
    assert [(problem.code, problem.place.line, problem.hint) for problem in found] == [
        (each["code"], each["line"], each.get("hint")) for each in expected
    ]
    for problem, each in zip(found, expected, strict=True):
        assert {key: problem.figures[key] for key in each["figures"]} == each["figures"]


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_problem_reads_well(example: str, lang: str) -> None:
    for problem in problems_of(example):
        line = problem_line(problem, lang)
        assert not FOREIGN.search(line), line
        assert "\n" not in line
        assert line.endswith(f"[{problem.code}]")
        if problem.hint:
            assert problem.hint in line
        if lang == "zh" and "why" in problem.figures:
            why = line.partition("：")[2].partition("。")[0]
            assert re.search(r"[\u4e00-\u9fff]{2}", why.rpartition("：")[2]), line


def test_every_code_has_a_broken_pack() -> None:
    shown = {each["code"] for example in EXAMPLES for each in expected_of(example)["problems"]}
    assert set(sentences("pack_problems", "zh")) == {code for code in shown if code.startswith("pack.")}


def test_every_problem_names_its_file() -> None:
    for example in ("several_at_once", "unreadable", "day_that_does_not_exist", "unknown_vocabulary"):
        assert {str(problem.place.file).partition(".")[0] for problem in problems_of(example)} == {"pack"}


def test_the_problems_of_several_packs_are_told_together() -> None:
    with pytest.raises(BadInput) as caught:
        load_packs([BROKEN / each / "pack.yaml" for each in ("bad_form", "id_twice")], DECLARATION)
    assert {problem.code for problem in caught.value.problems} == {"pack.bad_form", "pack.id_twice"}


STRANGE = {
    "nothing": b"",
    "a comment": b"# nothing else\n",
    "text": b"henan",
    "a number": b"7\n",
    "a null": b"~\n",
    "lists in lists": b"pack: " + b"[" * 10_000 + b"]" * 10_000,
    "lists without end": b"pack: " + b"[" * 200_000,
    "keys in keys": b"{a: " * 5_000 + b"1" + b"}" * 5_000,
    "a billion laughs": b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"\n".join(
        b"%c: &%c [%s]" % (97 + n, 97 + n, b",".join([b"*%c" % (96 + n)] * 9)) for n in range(1, 9)
    ),
    "itself": b"a: &a [*a]\n",
    "a program": b"pack: !!python/object/apply:os.system [ls]\n",
    "UTF-16": "pack: henan\n".encode("utf-16"),
    "GBK": "title: 河南\n".encode("gbk"),
    "zero bytes": b"pack: \x00\x00\n",
    "a mapping as a key": b"{[a]: b, {c: d}: e}\n",
    "keys of other types": b"1: a\n2.5: b\nyes: c\n~: d\n2024-01-01: e\n",
    "half a surrogate": b'pack: "\\ud800"\n',
    "carriage returns": b"pack: a\rversion: b\r",
    "a directive": b"%YAML 9.9\n---\npack: a\n",
    "a long line": b"pack: " + b"x" * 300_000,
    "a day that is none": b"issued: 2024-02-30\n",
    "a time that is none": b"issued: 2024-02-03 25:61:00\n",
}  # fmt: skip


@pytest.mark.parametrize("content", STRANGE.values(), ids=STRANGE.keys())
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_strange_file_is_refused_in_words(
    content: bytes, lang: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "strange.yaml"
    path.write_bytes(content)
    assert main(["packs", "lint", str(path), "--lang", lang]) == 2
    told = capsysbinary.readouterr()
    assert told.out == b""
    assert b"Traceback" not in told.err
    assert not FOREIGN.search(told.err.decode())


# ---- mutated copies of the shipped pack ----

SHIPPED = shipped("rules/packs/henan-2023.yaml").read_text(encoding="utf-8")
PIECES = (
    *"\t:-[]{}\"'|>&*!%@`#,?\\~=\x07",
    "null", "true", "2024-02-30", "1e999", ".nan", "-1", "35%", "[]", "{}", "- ", "*a", "&a ", "!!set ", "\n", "“",
    "\ufeff", "9" * 60, "kind: ", "threshold: ", "{zh: 一, en: }", "05-31", "0x1F", "1:30",
)  # fmt: skip


def mutated(rnd: random.Random) -> str:
    """Return one requirement or more of the shipped pack with a few mistakes in it."""
    head, *requirements = re.split(r"(?m)^(?=  - id: )", SHIPPED.partition("\nout_of_scope:")[0])
    text = head + "".join(rnd.sample(requirements, rnd.randint(1, 4)))
    for _ in range(rnd.randint(1, 3)):
        text = rnd.choice((with_a_piece, without_a_piece, with_another_value, with_two_lines_swapped))(
            text, rnd
        )
    return text


def with_a_piece(text: str, rnd: random.Random) -> str:
    at = rnd.randrange(len(text))
    return text[:at] + rnd.choice(PIECES) + text[at:]


def without_a_piece(text: str, rnd: random.Random) -> str:
    at = rnd.randrange(len(text))
    return text[:at] + text[at + rnd.randint(1, 30) :]


def with_another_value(text: str, rnd: random.Random) -> str:
    values = list(re.finditer(r"(?<=: )[^\s,{}\[\]][^\n,{}\[\]]*", text))
    chosen = rnd.choice(values)
    return text[: chosen.start()] + rnd.choice(PIECES) + text[chosen.end() :]


def with_two_lines_swapped(text: str, rnd: random.Random) -> str:
    lines = text.split("\n")
    one, other = rnd.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(10))
def test_no_mutation_of_a_pack_brings_the_program_down(
    seed: int, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    rnd = random.Random(seed)
    path = tmp_path / "mutated.yaml"
    for _ in range(30):
        path.write_text(mutated(rnd), encoding="utf-8")
        lang = rnd.choice(LANGUAGES)
        done = main(["packs", "lint", str(path), "--lang", lang])
        told = capsysbinary.readouterr().err.decode()
        assert done in (0, 2), f"{path.read_text(encoding='utf-8')}\n{told}"
        assert not FOREIGN.search(told), told
