"""`packs test`: what it says, in both languages, and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from end_to_end.conftest import Run

CASES = """\
requirement: henan-2023/20-report-up
cases:
  - note: one report is enough
    tables:
      units: [{{unit_id: U1, type: university}}]
      submissions: [{{unit_id: U1, report: special_report_to_superior, submitted_on: 2024-05-06}}]
    want: {{unit: U1, period: "2024", verdict: pass, value: {value}}}
  - note: without the table nothing can be said
    tables:
      units: [{{unit_id: U1, type: university}}]
    want: {{unit: U1, period: "2024", verdict: insufficient_data}}
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "here" / "report.yaml"
    path.write_text(CASES.format(value=1), encoding="utf-8")
    return path


def test_all_passed(run: Run, cases: Path) -> None:
    ran = run("packs", "test", cases)
    assert ran.code == 0
    assert ran.text == "通过　　henan-2023/20-report-up（2 个用例）\n\n1 项要求、2 个用例，全部通过。\n"
    assert run("packs", "test", cases, "--lang", "en").text == (
        "passed  henan-2023/20-report-up (cases: 2)\n\nRequirements: 1. Cases: 2, all passed.\n"
    )


def test_one_differs(run: Run, cases: Path) -> None:
    cases.write_text(CASES.format(value=2), encoding="utf-8")
    ran = run("packs", "test", cases)
    assert ran.code == 1
    assert ran.text == (
        "未通过　henan-2023/20-report-up（2 个用例中 1 个不符）\n"
        "  ✗ one report is enough（report.yaml 第3行）\n"
        "      U1 2024：value 应为 2，实际为 1（pass，met）\n"
        "\n1 项要求、2 个用例，其中 1 个未通过。\n"
    )


def test_verbose_lists_every_case(run: Run, cases: Path) -> None:
    text = run("packs", "test", "-v", cases, "--lang", "en").text
    assert "  ✓ one report is enough\n" in text
    assert "  ✓ without the table nothing can be said\n" in text


def test_a_bad_file_ends_the_run(run: Run, cases: Path) -> None:
    cases.write_text(CASES.format(value=1).replace("want:", "wants:"), encoding="utf-8")
    ran = run("packs", "test", cases)
    assert ran.code == 2
    assert ran.out == b""
    assert "report.yaml 第7行" in ran.err
    assert "want" in ran.err
    assert ran.err.count("[cases.") == ran.err.count("[cases.unknown_key]") == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("henan-2024",), "pack.unknown_pack"),
        (("nowhere.yaml",), "cases.unreadable"),
        (("--generate", "henan-2023/1-sesions"), "usage.unknown_requirement"),
        (("--generate", "henan-2023/1-sessions", "some.yaml"), "usage.not_with"),
        (("--pack", "henan-2023"), "usage.only_with"),
        (("--out", "x.yaml"), "usage.only_with"),
        (("--generate", "henan-2023/1-sessions", "--out", "report.yaml"), "usage.already_there"),
        (("--generate", "henan-2023/1-sessions", "--out", "nowhere/x.yaml"), "usage.bad_place"),
    ],
)
def test_bad_usage(run: Run, cases: Path, words: tuple[str, ...], code: str) -> None:
    ran = run("packs", "test", *words)
    assert ran.code == 2
    assert ran.out == b""
    assert f"[{code}]" in ran.err


def test_generated_cases_run_as_they_are_written(run: Run, tmp_path: Path) -> None:
    shown = run("packs", "test", "--generate", "henan-2023/1-sessions")
    assert shown.code == 0
    assert (
        run("packs", "test", "--generate", "1-sessions", "--pack", "henan-2023", "-o", "drafts.yaml").code
        == 0
    )
    drafts = tmp_path / "here" / "drafts.yaml"
    assert drafts.read_bytes() == shown.out
    assert run("packs", "test", "drafts.yaml").code == 0


def test_the_cases_of_a_shipped_pack_are_found_by_its_name(run: Run) -> None:
    ran = run("packs", "test", "township-2024", "--lang", "en")
    assert ran.code == 0
    assert "passed  township-2024/2.3-articles (" in ran.text
