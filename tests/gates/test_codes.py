"""Every code has its sentences in both languages, none is left over, and mistakes have broken examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from gates.tree import ROOT, plant, product_files, read_yaml, strings

TEXTS = "auditor/texts"
READ_AS = ("pack", "escalation", "cases", "mapping", "plausibility")
"""The kinds of YAML file that `auditor.marked` reads; `{kind}.alias` stands for a code of each."""
CODE = re.compile(
    r"(table|mapping|pack|cases|report|escalation|plausibility|calendar|usage)\.[a-z]\w*|\{\}\.[a-z]\w*"
)
ANSWERS = ("yes", "no", "not_applicable")
"""What `attested_` is followed by."""
WHOLE = ("causes", "csv", "trace")
"""Topics that are read as a whole: the words of libraries, the columns of a report, the ids of escalation rules."""
BROKEN = {
    "table": "tables",
    "mapping": "mapping",
    "pack": "packs",
    "cases": "cases",
    "report": "reports",
}
"""The codes that owe an example, by their first word, and the folder of `tests/broken` that has it."""


def _topics(root: Path, language: str, ending: str = "") -> dict[str, dict[str, Any]]:
    return {path.stem: read_yaml(path) for path in sorted((root / TEXTS / language).glob(f"*{ending}.yaml"))}


def listed_codes(root: Path) -> set[str]:
    """Return the problem codes that have a Chinese sentence."""
    return {code for topic in _topics(root, "zh", "_problems").values() for code in topic}


def used_codes(root: Path) -> set[str]:
    """Return the problem codes that the product's files name."""
    found: set[str] = set()
    for path in product_files(root):
        for _, text in strings(path):
            for match in CODE.finditer(text):
                alone = match.start() == 0 and (match.end() == len(text) or text[match.end()] == " ")
                if alone and match[0].startswith("{}"):
                    found |= {kind + match[0].removeprefix("{}") for kind in READ_AS if path.stem == "marked"}
                elif alone:
                    found.add(match[0])
    return found


def codes_out_of_step(root: Path) -> list[str]:
    """Return the problem codes without a sentence, and the sentences without a code."""
    listed, used = listed_codes(root), used_codes(root)
    made = {code for code in listed - used if _is_made(root, code)}
    return [
        *(f"{code}: no sentence" for code in sorted(used - listed)),
        *(f"{code}: used nowhere" for code in sorted(listed - used - made)),
    ]


def _is_made(root: Path, code: str) -> bool:
    """Return whether an f-string such as `table.bad_{type}` makes the code."""
    return any(
        re.fullmatch(re.escape(text).replace(r"\{\}", r"\w+"), code)
        for path in product_files(root)
        for _, text in strings(path)
        if text.startswith(code.split(".", maxsplit=1)[0] + ".") and text.count("{}") == 1 and " " not in text
    )


def reasons_out_of_step(root: Path) -> list[str]:
    """Return the reason codes without a sentence, and the sentences without a reason."""
    listed = {code.split(".")[0] for code in _topics(root, "zh")["reasons"]}
    used = set(_reasons(root / "auditor/judge/verdict.py"))
    return [
        *(f"{code}: no sentence" for code in sorted(used - listed)),
        *(f"{code}: used nowhere" for code in sorted(listed - used)),
    ]


def _reasons(path: Path) -> Iterator[str]:
    """Yield what the statement of the verdicts can give as a reason: every word there that nothing is compared to."""
    for _, text in strings(path):
        for cases in re.findall(r"\breasoned AS \((.+?)\bAS reason\b", text, re.DOTALL):
            for word in re.findall(r"(?<!= )'(\w+)'", cases):
                yield from (f"{word}{answer}" for answer in ANSWERS) if word.endswith("_") else (word,)


def texts_out_of_step(root: Path) -> list[str]:
    """Return where the languages differ in topics, codes or figures, and problems without `what` and `do`.

    A field `column_zh` is the Chinese word for what the English sentence calls `column`.
    """
    chinese, english = _topics(root, "zh"), _topics(root, "en")
    found = [f"{topic}: in one language only" for topic in sorted(chinese.keys() ^ english.keys())]
    for topic in sorted(chinese.keys() & english.keys()):
        zh, en = chinese[topic], english[topic]
        found += [f"{topic}: {code}: in one language only" for code in sorted(zh.keys() ^ en.keys())]
        for code in sorted(zh.keys() & en.keys()):
            parts = {"what", "do"} if topic.endswith("_problems") else {""}
            sentences = [_parts(zh[code]), _parts(en[code])]
            if any(set(each) != parts or not all(each.values()) for each in sentences):
                found.append(f"{topic}: {code}: not {' and '.join(sorted(parts)) or 'a sentence'}")
            elif any(_fields(sentences[0][part]) != _fields(sentences[1][part]) for part in parts):
                found.append(f"{topic}: {code}: other figures")
    return found


def _parts(entry: Any) -> dict[str, str]:
    return {key: str(text) for key, text in entry.items()} if isinstance(entry, dict) else {"": str(entry)}


def _fields(sentence: str) -> set[str]:
    return {field.removesuffix("_zh") for _, field, _, _ in Formatter().parse(sentence) if field}


def said_nowhere(root: Path) -> list[str]:
    """Return the sentences, beside those of problems and reasons, whose code no file of the product says or makes."""
    texts = {text for path in product_files(root) for _, text in strings(path)}
    made = [
        re.escape(text).replace(r"\{\}", r"[\w.<>=-]+") for text in texts if text.strip("{}") and "{}" in text
    ]
    says = re.compile("|".join(f"(?:{each})" for each in made if " " not in each) or "(?!)")
    return [
        f"{topic}: {code}"
        for topic, sentences in _topics(root, "zh").items()
        if topic not in WHOLE and topic != "reasons" and not topic.endswith("_problems")
        for code in sentences
        if code not in texts and not says.fullmatch(code)
    ]


def without_example(root: Path) -> list[str]:
    """Return the codes of tables, mappings, packs, cases and reports that nothing in `tests/broken` brings about.

    An example is a folder or file by the code's last word; its `expect.yaml` (or the file) names the code.
    """
    named: set[str] = set()
    for folder in BROKEN.values():
        for path in (root / "tests/broken" / folder).rglob("*"):
            if path.suffix in {".yaml", ".yml"}:
                named |= set(
                    re.findall(
                        r"\b(?:table|mapping|pack|cases|report)\.\w+", path.read_text(encoding="utf-8")
                    )
                )
    owed = [code for code in sorted(listed_codes(root)) if code.split(".")[0] in BROKEN]
    return [code for code in owed if code not in named]


GATES = (codes_out_of_step, reasons_out_of_step, texts_out_of_step, said_nowhere, without_example)


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.__name__)
def test_codes_and_texts_keep_step(gate: Callable[[Path], list[str]]) -> None:
    assert gate(ROOT) == []


PROBLEM = 'pack.bad: {what: "w {value}", do: d}\n'
VERDICT = """x = f"reasoned AS (SELECT CASE WHEN shape = 'share' THEN 'met' END AS reason FROM {y})"\n"""
RIGHT = {
    "auditor/packs/load.py": '"""Says `pack.spoken_of` only here."""\nx = Problem("pack.bad")\n',
    "auditor/judge/verdict.py": VERDICT,
    f"{TEXTS}/zh/pack_problems.yaml": PROBLEM,
    f"{TEXTS}/en/pack_problems.yaml": PROBLEM,
    f"{TEXTS}/zh/reasons.yaml": "met: 达到 {column_zh}\nmet.ratio: 达到\n",
    f"{TEXTS}/en/reasons.yaml": "met: met {column}\nmet.ratio: met\n",
    "tests/broken/packs/bad/expect.yaml": "problems: [{code: pack.bad}]\n",
    "auditor/commands/telling.py": 'x = say("usage", f"place.{key}") + say("usage", "hint")\n',
}
ZH, EN = f"{TEXTS}/zh/pack_problems.yaml", f"{TEXTS}/en/pack_problems.yaml"
FAULTS: dict[str, tuple[Callable[[Path], list[str]], dict[str, str]]] = {
    "pack.new: no sentence": (codes_out_of_step, {"auditor/x.py": 'raise ValueError("pack.new {key}")\n'}),
    "escalation.bad: no sentence": (codes_out_of_step, {"auditor/marked.py": 'x = f"{kind}.bad"\n'}),
    "pack.bad: used nowhere": (codes_out_of_step, {"auditor/packs/load.py": '"""pack.bad"""\n'}),
    "no_rows: no sentence": (
        reasons_out_of_step,
        {"auditor/judge/verdict.py": VERDICT.replace("'met'", "'met' WHEN y THEN 'no_rows'")},
    ),
    "met: used nowhere": (
        reasons_out_of_step,
        {"auditor/judge/verdict.py": VERDICT.replace("AS reason", "")},
    ),
    "attested_no: no sentence": (
        reasons_out_of_step,
        {"auditor/judge/verdict.py": VERDICT.replace("'met'", "'met' ELSE 'attested_' || answer")},
    ),
    "table_problems: in one language only": (texts_out_of_step, {EN.replace("pack_", "table_"): PROBLEM}),
    "pack_problems: pack.worse: in one language only": (
        texts_out_of_step,
        {ZH: PROBLEM + PROBLEM.replace("bad", "worse")},
    ),
    "pack_problems: pack.bad: other figures": (texts_out_of_step, {EN: PROBLEM.replace("value", "values")}),
    "pack_problems: pack.bad: not do and what": (texts_out_of_step, {EN: "pack.bad: w\n"}),
    "usage: late": (
        said_nowhere,
        {ZH.replace("pack_problems", "usage"): "late: 晚\nplace.row: 行\nhint: 近\n"},
    ),
    "pack.bad": (without_example, {"tests/broken/packs/bad/expect.yaml": "problems: [{code: pack.good}]\n"}),
}


@pytest.mark.parametrize("said", FAULTS)
def test_a_planted_fault_is_seen(said: str, tmp_path: Path) -> None:
    gate, wrong = FAULTS[said]
    plant(tmp_path / "right", RIGHT)
    assert [each for gate in GATES for each in gate(tmp_path / "right")] == []
    plant(tmp_path / "wrong", {**RIGHT, **wrong})
    found = gate(tmp_path / "wrong")
    assert said in found
    # An answer is one of three; a code of `marked` is one of each kind of file but packs, whose sentence is there.
    assert len(found) == {"attested": 3, "escalation.bad": len(READ_AS) - 1}.get(re.split("_|:", said)[0], 1)
