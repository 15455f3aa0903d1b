"""The lock is fresh, and Windows can install the whole of it without a compiler."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from installing import run
from packaging.markers import Marker, default_environment

pytestmark = pytest.mark.slow


def test_the_lock_is_fresh(root: Path) -> None:
    run(sys.executable, "-m", "uv", "lock", "--check", cwd=root)


def _for_windows(root: Path, python: str) -> dict[str, str]:
    """Return name and version of every package that an installation for development has on Windows."""
    packages = tomllib.loads((root / "uv.lock").read_text(encoding="utf-8"))["package"]
    windows = {
        **default_environment(),
        **{
            "os_name": "nt",
            "sys_platform": "win32",
            "platform_system": "Windows",
            "platform_machine": "AMD64",
        },
        **{"python_version": python, "python_full_version": f"{python}.0", "implementation_name": "cpython"},
        **{"platform_python_implementation": "CPython"},
    }

    def holds(marker: str | None) -> bool:
        return marker is None or Marker(marker).evaluate({**windows, "extra": ""})

    def locked(wanted: dict[str, Any]) -> dict[str, Any]:
        (found,) = [
            each
            for each in packages
            if each["name"] == wanted["name"]
            and each.get("version") == wanted.get("version", each.get("version"))
            and (
                "resolution-markers" not in each
                or "version" in wanted
                or any(map(holds, each["resolution-markers"]))
            )
        ]
        return dict(found)

    (ours,) = [each for each in packages if each["name"] == "ducha"]
    waiting = [*ours["dependencies"], *ours["dev-dependencies"]["dev"]]
    found: dict[str, str] = {}
    while waiting:
        wanted = waiting.pop()
        if holds(wanted.get("marker")) and wanted["name"] not in found:
            package = locked(wanted)
            found[package["name"]] = package["version"]
            waiting += package.get("dependencies", [])
    return found


@pytest.mark.parametrize("python", ["3.11", "3.13"])
def test_windows_has_a_wheel_of_everything(python: str, root: Path, tmp_path: Path) -> None:
    wanted = _for_windows(root, python)
    assert {"duckdb", "pandas", "pytest", "colorama"} <= wanted.keys()
    assert "durable-rules" not in wanted
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", tmp_path]
    pip += ["--platform", "win_amd64", "--only-binary=:all:", "--python-version", python]
    run(*pip, *(f"{name}=={version}" for name, version in wanted.items()), cwd=tmp_path)
