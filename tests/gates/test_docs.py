"""What the README and the manual say is true: generated pages are fresh, examples are really printed.

Every check is a function from texts to complaints, so that each is also seen to find a planted fault.
"""

from __future__ import annotations

import doctest
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from auditor.packs.load import load_pack
from auditor.reports.registry import PLANNED, WRITERS

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import examples  # noqa: E402 - the manual's own scripts lie beside the manual
import generate  # noqa: E402

READMES = ("README.md", "README.zh.md")
PAGES = tuple(sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")))


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


# ---- Generated pages -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return generate.pages()


def test_generated_pages_are_fresh(made: dict[str, str]) -> None:
    assert generate.stale(made) == [], "run: python docs/generate.py"


@pytest.mark.slow
def test_a_stale_or_absent_page_is_found(made: dict[str, str]) -> None:
    planted = {"docs/codes.md": made["docs/codes.md"].replace("met", "mett", 1), "docs/absent.md": ""}
    assert generate.stale(made | planted) == ["docs/codes.md", "docs/absent.md"]


def test_every_page_is_generated_or_its_examples_are_run(made: dict[str, str]) -> None:
    assert set(PAGES) <= set(made) | set(examples.WRITTEN)


# ---- Examples --------------------------------------------------------------------------------------


def differing(page: str) -> list[str]:
    """Return the lines of a page that are not what its examples print; which engine rated may differ."""
    pairs = zip(masked(page), masked(examples.refreshed(page, ROOT)), strict=False)
    return [f"{line!r} is now {now!r}" for line, now in pairs if line != now][:5]


def masked(page: str) -> list[str]:
    return re.sub(r"durable-rules [\d.]+|plain chain", "ENGINE", page).splitlines()


PRINTING = [path for path in examples.WRITTEN if path not in examples.WITHOUT_EXAMPLES]


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    # The READMEs run the sample a dozen times, and the Chinese pages say all again.
    [
        pytest.param(path, marks=pytest.mark.slow) if path.startswith("README") or ".zh." in path else path
        for path in PRINTING
    ],
)
def test_examples_are_really_printed(path: str) -> None:
    assert differing(read(path)) == [], "run: python docs/generate.py --readme"


def test_pages_without_examples_have_none() -> None:
    assert [path for path in examples.WITHOUT_EXAMPLES if examples.commands(read(path))] == []


def test_a_wrong_figure_in_an_example_is_found() -> None:
    page = "```console\n$ python cli.py workdays 2024-04-26 2024-04-29 --lang en\n9 working days\n```\n"
    fresh = examples.refreshed(page, ROOT)
    assert differing(page)
    assert differing(fresh) == []
    assert differing(fresh.replace("3 working days", "4 working days"))


def test_a_choice_of_lines_that_names_none_is_an_error() -> None:
    assert examples.chosen("a\nb\nc\nd\n", "/b/../d/") == "…\nb\nc\n…\n"
    for show in ("/x/+1", "/a/../x/", "first"):
        with pytest.raises(ValueError, match="line"):
            examples.chosen("a\nb\n", show)


def sessions(page: str) -> list[str]:
    return re.findall(r"```pycon\n([\s\S]*?)```\n", page)


def failures(session: str) -> int:
    test = doctest.DocTestParser().get_doctest(session, {}, "page", None, None)
    return doctest.DocTestRunner(verbose=False).run(test, out=lambda _: None).failed


@pytest.mark.parametrize("path", READMES)
def test_python_sessions_run(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert [failures(each) for each in sessions(read(path))] == [0]


def test_a_wrong_python_session_is_found() -> None:
    assert failures(
        ">>> from auditor import audit, load_pack\n>>> load_pack('henan-2023').version\n'0.0.0'\n"
    )


# ---- What the pages must name ----------------------------------------------------------------------


def options() -> Iterator[str]:
    """Yield every option of the command line, long and short."""
    for lang in ("zh", "en"):
        for _, command in generate.commands(lang):
            for each in command.params:
                yield from (each.opts if isinstance(each, click.Option) else ())


def unnamed(words: Iterator[str] | list[str], page: str) -> list[str]:
    """Return the words that a page does not name, as whole words."""
    return sorted({word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", page)})


def test_every_option_is_in_the_manual() -> None:
    pages = "\n".join(read(path) for path in (*READMES, *PAGES))
    assert unnamed(options(), pages) == []


def test_an_option_left_out_is_found() -> None:
    assert unnamed(options(), read("docs/options.md").replace("--strict-calendar", "--strict")) == [
        "--strict-calendar"
    ]


def dependencies(project: str) -> list[str]:
    """Return the names of all packages that a pyproject.toml asks for: run, extras, development."""
    settings = tomllib.loads(project)
    asked = [*settings["project"]["dependencies"], *settings["dependency-groups"]["dev"]]
    for extra in settings["project"].get("optional-dependencies", {}).values():
        asked += extra
    return sorted({re.match(r"[\w.-]+", each)[0] for each in asked})


@pytest.mark.parametrize("path", READMES)
def test_every_dependency_is_named_with_its_reason(path: str) -> None:
    assert unnamed(dependencies(read("pyproject.toml")), read(path)) == []
    rows = re.findall(r"^\| ([\w-]+)\s*(?:\(|（|\|)", read(path), re.MULTILINE)
    run = tomllib.loads(read("pyproject.toml"))["project"]["dependencies"]
    assert {re.match(r"[\w.-]+", each)[0] for each in run} <= set(rows)


def test_a_dependency_left_out_is_found() -> None:
    planted = read("pyproject.toml").replace("dependencies = [", 'dependencies = [\n  "leftpad>=1",', 1)
    assert unnamed(dependencies(planted), read("README.md")) == ["leftpad"]


def clauses(page: str) -> list[str]:
    """Return the first column of the first table of a README: the clauses never evaluated."""
    return re.findall(r"^\| (\d+) \|", page.partition("```")[0], re.MULTILINE)


@pytest.mark.parametrize("path", READMES)
def test_the_boundary_names_every_clause_out_of_scope(path: str) -> None:
    pack = load_pack("henan-2023")
    assert clauses(read(path)) == [each.clause for each in pack.out_of_scope]
    assert str(len(pack.requirements)) in read(path)


@pytest.mark.parametrize("path", READMES)
def test_every_format_is_said_to_be_there_or_not(path: str) -> None:
    assert unnamed([*PLANNED, *WRITERS], read(path).lower()) == []


def keys(value: object) -> Iterator[str]:
    """Yield the keys of the contract in a JSON value: all but the figures of a sentence."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key != "figures":
                yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


@pytest.mark.slow
def test_the_json_page_names_every_key() -> None:
    assert unnamed(keys(examples.audited(ROOT)), read("docs/json.md")) == []
    assert unnamed(["unit_id", "planted_key"], read("docs/json.md")) == ["planted_key"]


# ---- Links -----------------------------------------------------------------------------------------


def broken_links(path: str, page: str) -> list[str]:
    """Return the links of a page to files that are not there."""
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page)
    return [target for target in targets if not ((ROOT / path).parent / target).exists()]


@pytest.mark.parametrize("path", [*READMES, *PAGES])
def test_links_lead_somewhere(path: str) -> None:
    assert broken_links(path, read(path)) == []


def test_a_broken_link_is_found() -> None:
    assert broken_links("README.md", "[a](docs/nowhere.md) [b](docs/codes.md)") == ["docs/nowhere.md"]
