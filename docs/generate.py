"""Writes the pages of the manual that are made from the product itself, and the examples in the others.

`python docs/generate.py` writes docs/options.md, tables.md, measures.md, codes.md, a page for each pack, the schema
of a pack, and lint/, a page for each code of `packs lint` (see `lint_pages.py`);
with `--readme` it also runs the examples of the hand-written pages again (see `examples.py`); with `--check`
it writes nothing, names the pages that are stale and exits with 1.
"""

# ruff: noqa: E402 - a checkout need not be installed for this: its folder is put on the path first

from __future__ import annotations

import ast
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from examples import WRITTEN, refreshed, run
from lint_pages import lint_pages

from auditor.commands.root import ducha
from auditor.measures.registry import kinds
from auditor.packs.load import load_pack, packs_shipped
from auditor.packs.schema import schema_text
from auditor.shipped import shipped
from auditor.tables.declaration import Column, Table, load_declaration
from auditor.texts import Lang, say, sentences, topics

ROOT = Path(__file__).resolve().parents[1]
_BOTH: tuple[Lang, Lang] = ("en", "zh")
_MADE = "<!-- Made by `python docs/generate.py`; change the product, not this page. -->\n"


def pages() -> dict[str, str]:
    """Return every generated page: its path below the project, and its text."""
    made: dict[str, Callable[[], Iterator[str]]] = {
        "docs/options.md": options_page,
        "docs/tables.md": tables_page,
        "docs/measures.md": measures_page,
        "docs/codes.md": codes_page,
    }
    texts = {path: "\n".join(lines()) + "\n" for path, lines in made.items()}
    for name in packs_shipped():
        texts[f"docs/{name}.md"] = "\n".join(pack_page(name)) + "\n"
    texts["docs/pack.schema.json"] = schema_text(load_declaration())
    return texts | lint_pages(_MADE)


# ---- The command line ----------------------------------------------------------------------------


def commands(lang: Lang) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with the words it is called by: `packs show`."""
    group = ducha(lang)
    context = click.Context(group)
    pending = [(name, group.get_command(context, name)) for name in group.list_commands(context)]
    for name, command in pending:
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", each) for inner, each in command.commands.items())
        elif command is not None:
            yield name, command


def options_page() -> Iterator[str]:
    """Yield the page of all commands and options, in both languages."""
    yield from ("# Commands and options 命令与选项", "", _MADE)
    yield "Installed, the program is called `ducha`; in a checkout `python cli.py` is the same."
    yield "`-h` and `--help` explain any command, `--version` names the version."
    yield "Every option of `audit` may stand in `ducha.toml` in the working folder; the command line wins."
    yield ""
    yield "安装后命令名为 `ducha`；在源码目录中用 `python cli.py`，二者相同。"
    yield "任何命令后加 `-h` 或 `--help` 可看说明，`--version` 显示版本。"
    yield "`audit` 的选项都可以写在当前文件夹的 `ducha.toml` 中；命令行优先。"
    english = dict(commands("en"))
    for name, chinese in commands("zh"):
        command = english[name]
        yield from ("", f"## {name}", "", f"{command.help}  ", f"{chinese.help}", "")
        yield f"`{' '.join(['ducha', name, *_arguments(command)])}`"
        yield ""
        yield from _table(
            ("option", "meaning", "说明"),
            (
                (_named(option), option.help, other.help)
                for option, other in zip(_options(command), _options(chinese), strict=True)
            ),
        )


def _arguments(command: click.Command) -> Iterator[str]:
    context = click.Context(command)
    for each in command.params:
        if isinstance(each, click.Argument):
            yield each.make_metavar(context)
    if any(isinstance(each, click.Option) for each in command.params):
        yield "[OPTIONS]"


def _options(command: click.Command) -> list[click.Option]:
    return [each for each in command.params if isinstance(each, click.Option)]


def _named(option: click.Option) -> str:
    words = ", ".join(f"`{each}`" for each in option.opts)
    if option.is_flag:
        return words
    kind = option.type
    if option.metavar:
        value = option.metavar
    elif isinstance(kind, click.Choice):
        value = "|".join(kind.choices)
    elif isinstance(kind, click.DateTime):
        value = "YYYY-MM-DD"
    else:
        value = {"integer range": "YEAR", "path": "FILE"}.get(kind.name, "TEXT")
    return f"{words} `{value}`{' …' if option.multiple else ''}"


# ---- The tables ----------------------------------------------------------------------------------


def tables_page() -> Iterator[str]:
    """Yield the page of all tables and columns, from the one declaration."""
    declaration = load_declaration()
    yield from ("# Tables 数据表", "", _MADE)
    yield "Files, sheets and headers may carry the English or the Chinese name, or one of the others given."
    yield "A column that no table has is refused; one that looks like data about persons, whatever is in it."
    yield ""
    yield "文件名、工作表名和表头可用英文名、中文名或所列别名。"
    yield "未声明的列不接收；疑似个人信息的列，不论内容一律不接收。"
    for table in declaration.tables.values():
        yield from _table_of_columns(table)
    personal = declaration.personal_headers
    yield from ("", "## Refused headers 不接收的表头", "")
    yield f"The whole header is 整个表头为：{'、'.join(personal.whole)}."
    yield ""
    yield f"The header ends with 表头以下列词结尾：{'、'.join(personal.ending)}."


def _table_of_columns(table: Table) -> Iterator[str]:
    label, meaning = table.label, table.meaning
    yield from ("", f"## {table.name} {label.zh}", "", f"{meaning.en} {meaning.zh}", "")
    key = " + ".join(f"`{column}`" for column in table.key)
    dated = f"; default date `{table.date}`" if table.date else ""
    life = f"; life `{table.life[0]}` to `{table.life[1]}`" if table.life else ""
    also = f"; also called {'、'.join(table.aliases)}" if table.aliases else ""
    yield f"Key {key}{dated}{life}{also}."
    yield ""
    yield from _table(
        ("column", "表头", "type", "meaning", "含义", "allowed values 可填值"),
        (_column(column) for column in table.columns.values()),
    )


def _column(column: Column) -> tuple[str, ...]:
    headers = "、".join((column.label.zh, *column.aliases))
    kind = f"{column.type}{', required' if column.required else ''}"
    values = "、".join(f"`{code}` {label}" for code, label in column.values.items())
    return f"`{column.name}`", headers, kind, column.meaning.en, column.meaning.zh, values


# ---- The measures --------------------------------------------------------------------------------


def measures_page() -> Iterator[str]:
    """Yield the page of all kinds of measure: what their modules say, and the fields each takes."""
    yield from ("# Measures 指标", "", _MADE)
    yield f"Kinds of computation that a pack may name: {len(kinds())}. 规则包可用的指标：{len(kinds())} 种。"
    for kind, measure in sorted(kinds().items()):
        source = Path(str(sys.modules[measure.__module__].__file__)).read_text(encoding="utf-8")
        first, _, rest = (ast.get_docstring(ast.parse(source)) or "").partition("\n")
        yield from ("", f"## {kind}", "", _sentence(first.partition(": ")[2]), "", *_fenced(rest.strip("\n")))
        fields = [
            f"`{field.alias or name}`" + ("" if field.is_required() else " (optional)")
            for name, field in measure.model_fields.items()
            if name != "kind"
        ]
        yield f"Fields: {', '.join(fields) or 'none'}."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _fenced(text: str) -> Iterator[str]:
    """Yield the paragraphs of text; an indented one stands in a fence."""
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("    "):
            yield from ("```yaml", textwrap.dedent(paragraph), "```", "")
        else:
            yield from (paragraph, "")


# ---- The codes -----------------------------------------------------------------------------------


def codes_page() -> Iterator[str]:
    """Yield the page of all codes: reasons of findings, problems of the input, escalation rules."""
    yield from ("# Codes 代码", "", _MADE)
    yield "Codes are stable; sentences may be reworded. 代码稳定不变，句子的措辞可能调整。"
    yield from ("", "## Verdicts, ratings and marks 判定、评定与标注", "")
    shown = ("verdict.", "rating.", "severity.", "forecast.", "note.")
    words = [code for code in sentences("words", "en") if code.startswith(shown)]
    yield from _table(("code", "English", "中文"), (_both("words", code) for code in words))
    yield from ("", "## Reasons of findings 判定理由", "")
    yield "`.ratio` is the wording for ratios, `.pending` the one while the period still runs; the code is"
    yield "what stands before."
    yield ""
    yield "`.ratio` 为比率的表述，`.pending` 为周期未结束时的表述；代码是其前面的部分。"
    yield ""
    yield from _table(
        ("code", "English", "中文"), (_both("reasons", code) for code in sentences("reasons", "en"))
    )
    yield from ("", "## Problems 数据与用法问题", "")
    yield "What is wrong and why, then what to do. 先说明问题及原因，再说明怎样改。"
    for topic in topics():
        if topic.endswith("_problems"):
            yield from ("", f"### {topic.removesuffix('_problems')}", "")
            yield from _table(
                ("code", "English", "中文"), (_problem(topic, code) for code in sentences(topic, "en"))
            )
    yield from _escalation()


def _both(topic: str, code: str) -> tuple[str, ...]:
    return f"`{code}`", *(str(sentences(topic, lang)[code]) for lang in _BOTH)


def _problem(topic: str, code: str) -> tuple[str, ...]:
    entries = [sentences(topic, lang)[code] for lang in _BOTH]
    return f"`{code}`", *(f"{entry['what']}<br>{entry['do']}" for entry in entries)


def _escalation() -> Iterator[str]:
    text = shipped("rules/escalation.yaml").read_text(encoding="utf-8")
    chain = yaml.safe_load(text)
    yield from ("", "## Escalation rules 升级规则", "")
    yield f"`{chain['escalation']}` {chain['version']}: {chain['title']['en']}. {chain['title']['zh']}。"
    yield f"Ratings from worst to best 评定由重到轻: {', '.join(f'`{each}`' for each in chain['ratings'])}."
    yield ""
    yield from _table(
        ("rule", "English", "中文", "in a trace", "推理过程中的表述"), map(_rule, chain["rules"])
    )


def _rule(rule: Mapping[str, Any]) -> tuple[str, ...]:
    known = sentences("trace", "en")
    code = rule["id"] if rule["id"] in known else "own_rule"
    said = (str(sentences("trace", lang)[code]) for lang in _BOTH)
    return f"`{rule['id']}`", *(rule["title"][lang] for lang in _BOTH), *said


# ---- A pack --------------------------------------------------------------------------------------


def pack_page(name: str) -> Iterator[str]:
    """Yield the page of a pack: what `packs show` prints of it, and the clauses not evaluated."""
    pack = load_pack(name)
    yield from (f"# {pack.title.zh} {pack.title.en}", "", _MADE)
    shown = {lang: _shown(name, lang) for lang in _BOTH}
    for lang in _BOTH:
        yield shown[lang][0].split("\n")[1] + "  "
    for at, requirement in enumerate(pack.requirements, start=1):
        yield from ("", f"## `{requirement.id}`")
        for lang in _BOTH:
            yield from ("", "```text", shown[lang][at].partition("\n\n")[0].rstrip(), "```")
    yield from ("", f"## {_heading('out_of_scope')}", "")
    yield from _table(
        ("id", "clause", "reason", "理由"),
        ((f"`{each.id}`", each.clause, each.reason.en, each.reason.zh) for each in pack.out_of_scope),
    )
    yield from ("", f"## {_heading('not_quantified')}", "")
    yield from _table(
        ("clause", "reason", "理由"),
        (
            (each.clause, *(each.reason.in_language(lang) if each.reason else "" for lang in _BOTH))
            for each in pack.not_quantified
        ),
    )


def _shown(name: str, lang: Lang) -> list[str]:
    """Return what `packs show` prints: its head, then a part for each requirement, in the pack's order."""
    code, printed = run(f"packs show {name} --lang {lang}", ROOT)
    if code:
        raise SystemExit(printed)
    return printed.split("\n■ ")


def _heading(code: str) -> str:
    return " ".join(say("packs", code, {}, lang) for lang in _BOTH)


# ---- Markdown and the command --------------------------------------------------------------------


def _table(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield "| " + " | ".join(headers) + " |"
    yield "| " + " | ".join("---" for _ in headers) + " |"
    for row in rows:
        cells = (str(cell or "").replace("|", "\\|").replace("\n", "<br>") for cell in row)
        yield "| " + " | ".join(cells) + " |"


def stale(texts: dict[str, str]) -> list[str]:
    """Return the paths whose file is not the text given."""
    return [path for path, text in texts.items() if not _is(ROOT / path, text)]


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main(words: Sequence[str]) -> int:
    """Write or check the pages; return the exit code."""
    texts = pages()
    if "--readme" in words or "--check" in words:
        texts |= {path: refreshed((ROOT / path).read_text(encoding="utf-8"), ROOT) for path in WRITTEN}
    changed = stale(texts)
    if "--check" in words:
        sys.stdout.write("".join(f"stale: {path}\n" for path in changed))
        return 1 if changed else 0
    for path in changed:
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(texts[path], encoding="utf-8", newline="\n")
        sys.stdout.write(f"written: {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
