"""The page in a browser: nothing of the data runs, the page's own script does, and axe-core finds nothing serious."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import Options, audit
from auditor.reports.registry import Layout, writer
from auditor.texts import LANGUAGES

ROOT = Path(__file__).parents[2]
BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
NAMES = (
    "<script>document.title='owned'</script>", "</script><script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">", "\"><svg onload=\"document.title='owned'\">",
    "</title><script>document.title='owned'</script>", "<!--<script>document.title='owned'</script>",
    "<details open ontoggle=\"document.title='owned'\">", "\u202egnp.exe\u202c",
    "\u2066\u2067翻转\u2069\u2069尾", "很" * 3000,
)  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def browser(missing: Callable[[str], None]) -> None:
    """Say where there is no browser."""
    if BROWSER is None:
        missing("Chromium")


def browse(page: Path, profile: Path, *options: str) -> str:
    """Return the page as the browser has it once its scripts are done."""
    assert BROWSER is not None
    command = [
        BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
        "--virtual-time-budget=20000", *options, "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=180)
    assert run.returncode == 0, run.stderr
    return run.stdout


def write_page(data: Path, place: Path, lang: Any) -> Path:
    with audit(data, ["henan-2023"], 2024, Options(judged_by="plain", today=date(2025, 3, 1))) as done:
        place.write_bytes(
            b"".join(
                part if isinstance(part, bytes) else part.encode()
                for part in writer("html")(done, Layout(lang))
            )
        )
    return place


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(f"page-{request.param}")
    return write_page(ROOT / "fixtures/university-2024", folder / "page.html", request.param)


@pytest.fixture(scope="module")
def axe(
    tmp_path_factory: pytest.TempPathFactory, need: Callable[[str], str], missing: Callable[[str], None]
) -> Iterator[str]:
    npm = need("npm")
    folder = tmp_path_factory.mktemp("axe")
    run = subprocess.run(
        [npm, "pack", "axe-core@4", "--silent"], cwd=folder, capture_output=True, check=False, timeout=120
    )
    packed = list(folder.glob("*.tgz"))
    if run.returncode or not packed:
        missing("axe-core")
    with tarfile.open(packed[0]) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        yield member.read().decode("utf-8")


def test_the_pages_own_script_runs_within_its_policy(page: Path, tmp_path: Path) -> None:
    seen = browse(page, tmp_path / "profile")
    finder = re.search(r"<search[^>]*>", seen)
    assert finder is not None
    assert "hidden" not in finder[0]


def test_no_name_runs(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "fixtures/university-2024", data)
    lines = (data / "units.csv").read_text(encoding="utf-8").split("\n")
    for at, name in enumerate(NAMES, 1):
        unit_id, _, rest = lines[at].split(",", 2)
        quoted = name.replace('"', '""')
        lines[at] = f'{unit_id},"{quoted}",{rest}'
    (data / "units.csv").write_text("\n".join(lines), encoding="utf-8")
    written = write_page(data, tmp_path / "page.html", "zh").read_text(encoding="utf-8")
    seen = browse(tmp_path / "page.html", tmp_path / "profile")
    (title,) = re.findall(r"<title>(.*?)</title>", seen, re.DOTALL)
    assert title != "owned"
    assert seen.count("<script") == written.count("<script") == 1
    for element in ("<img", "<svg onload", "<iframe", "ontoggle="):
        assert not re.search(
            f"{element}[^>]*>",
            re.sub(r"&lt;.*?&gt;", "", re.sub(r"<(script|style)>.*?</\1>", "", seen, flags=re.DOTALL)),
        )


LOOK = """
axe.run(document, {resultTypes: ["violations"]}).then((found) => {
  const said = document.createElement("pre");
  said.id = "axe";
  const node = (each) => [each.html.slice(0, 200), each.failureSummary];
  const violation = (each) => [each.impact, each.id, each.nodes.slice(0, 3).map(node)];
  said.textContent = JSON.stringify(found.violations.map(violation));
  document.body.replaceChildren(said);
});
"""


@pytest.mark.parametrize(("colours", "width"), [("0", 390), ("1", 1280)], ids=["dark, small", "light, wide"])
def test_axe_finds_nothing_serious(page: Path, axe: str, colours: str, width: int, tmp_path: Path) -> None:
    # Every part is looked at: unfolded, laid out, and with the policy lifted, which would not let axe-core run.
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    text = text.replace("</style>", "* { content-visibility: visible !important; }</style>")
    before, after = text.replace("<details ", "<details open ").rsplit("</body>", 1)
    (tmp_path / "page.html").write_text(
        f"{before}<script>{axe}</script><script>{LOOK}</script></body>{after}", encoding="utf-8"
    )
    options = (f"--blink-settings=preferredColorScheme={colours}", f"--window-size={width},2000")
    seen = browse(tmp_path / "page.html", tmp_path / "profile", *options)
    found = re.search(r'<pre id="axe">(.*?)</pre>', seen, re.DOTALL)
    assert found is not None, "axe-core said nothing"
    said = json.loads(html.unescape(found[1]))
    assert [each for each in said if each[0] in {"serious", "critical"}] == []


def test_on_paper_every_part_is_unfolded_and_heads_repeat(
    page: Path, tmp_path: Path, need: Callable[[str], str]
) -> None:
    need("pdftotext")
    assert BROWSER is not None
    paper = tmp_path / "page.pdf"
    command = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}",
               "--no-pdf-header-footer", f"--print-to-pdf={paper}", page.as_uri()]  # fmt: skip
    subprocess.run(command, capture_output=True, check=True, timeout=180)
    text = subprocess.run(
        ["pdftotext", "-layout", str(paper), "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    pages = text.split("\f")
    squeezed = [re.sub(r"\s", "", each) for each in pages]
    assert "PUB-D04-921" in "".join(squeezed), "a row of evidence, two folds deep"
    heading = "整改措施" if 'lang="zh-CN"' in page.read_text(encoding="utf-8") else "remedy"
    assert sum(heading in each and "D0" in each for each in squeezed) > 3
