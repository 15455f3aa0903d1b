"""One heavy library, one door; SQL, the clock and the process behind theirs too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from gates.tree import ROOT, name, parsed, plant, product_files, strings

DOORS: Mapping[str, tuple[str, ...]] = {
    "chinese_calendar": ("auditor/periods/workdays.py",),
    "click": ("auditor/commands/",),
    "duckdb": ("auditor/engines/duckdb.py",),
    "durable": (),
    "durable_rules_engine": ("auditor/judge/engine.py",),
    "numpy": (),
    "openpyxl": (
        "auditor/authoring/checklist_workbook.py",
        "auditor/authoring/doctor_workbook.py",
        "auditor/authoring/form_sheets.py",
        "auditor/authoring/marked_cells.py",
        "auditor/authoring/marked_workbook.py",
        "auditor/authoring/marking.py",
        "auditor/authoring/sample_workbook.py",
        "auditor/authoring/template_workbook.py",
        "auditor/reports/workbook_file.py",
    ),
    "pandas": ("auditor/authoring/roll_up.py",),
    "psycopg": ("auditor/tables/door/database.py",),
    "pyarrow": (),
    "pydantic": (
        "auditor/measures/",
        "auditor/model/record.py",
        "auditor/model/requirement.py",
        "auditor/model/scoring.py",
        "auditor/packs/",
        "auditor/tables/declaration.py",
        "auditor/tables/mapping_file.py",
    ),
    "python_calamine": ("auditor/tables/door/workbooks.py",),
    "resource": ("auditor/tables/door/limits.py",),
    "sqlalchemy": ("auditor/tables/door/database.py",),
    "sqlite3": ("auditor/tables/door/database.py", "auditor/tables/door/database_causes.py"),
    "subprocess": ("auditor/engines/worker.py", "auditor/judge/child.py", "auditor/tables/door/guard.py"),
    "tabulate": ("auditor/commands/", "auditor/reports/to_table.py"),
    "wcwidth": ("auditor/reports/to_table.py",),
    "xlrd": ("auditor/tables/door/xls.py",),
    "yaml": (
        "auditor/authoring/generate_cases_write.py",
        "auditor/marked.py",
        "auditor/packs/write.py",
        "auditor/tables/declaration.py",
        "auditor/texts/__init__.py",
    ),
}
"""Which files may import a library; a folder ends in `/`."""
OUTSIDE = ("benchmarks/", "fixtures/")
"""Programs beside the product, which make data and look in."""
NOT_ON_WINDOWS = {"fcntl", "grp", "posix", "pwd", "termios"}

WRITES_SQL = (
    "auditor/engines/",
    "auditor/measures/",
    "auditor/judge/findings.py",
    "auditor/judge/verdict.py",
    "auditor/tables/",
    "benchmarks/",
)
SQL = re.compile(
    r"\b(SELECT\s+[\w*({\"]|INSERT INTO|DELETE FROM|UPDATE \S+ SET|(CREATE|DROP|ALTER)\s[^.]*\b(TABLE|VIEW)\b"
    r"|UNION ALL|(LEFT|INNER|CROSS) JOIN|GROUP BY|ORDER BY|CAST\()"
)

CLOCK = {
    "date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time", "time.time_ns",
    "time.localtime", "time.gmtime", "time.strftime", "time.ctime",
}  # fmt: skip
READS_CLOCK = ("auditor/commands/", "benchmarks/")
PROCESS = {"os.environ", "os.getenv", "sys.argv"}
READS_PROCESS = (
    "auditor/commands/",
    "auditor/engines/worker.py",  # hands its own environment on to a worker
    "benchmarks/",
    "fixtures/",  # a program of its own
)
NOWHERE = {"os.fork", "os.forkpty", "os.setsid", "os.killpg", "os.getuid", "os.geteuid", "os.uname"}


def _may(file: str, doors: tuple[str, ...]) -> bool:
    return any(file == door or (door.endswith("/") and file.startswith(door)) for door in doors)


def _imports(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
        elif _loads(node):
            yield node.lineno, str(node.args[0].value)


def _loads(node: ast.AST) -> bool:
    loaders = {"import_module", "importlib.import_module", "__import__"}
    is_call = isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    return bool(is_call and ast.unparse(node.func) in loaders)


def imports_beside_their_door(root: Path) -> list[str]:
    """Return every import of a heavy or system-bound library outside the files that may have it."""
    found = []
    for path in product_files(root):
        file = name(root, path)
        for line, imported in _imports(parsed(path)):
            library = imported.split(".")[0]
            outside = library in DOORS and not _may(file, (*DOORS[library], *OUTSIDE))
            if outside or library in NOT_ON_WINDOWS:
                found.append(f"{file}:{line}: {imported}")
    return found


def sql_beside_its_door(root: Path) -> list[str]:
    """Return every string that reads like SQL outside the files that write it."""
    files = [path for path in product_files(root) if not _may(name(root, path), WRITES_SQL)]
    return [
        f"{name(root, path)}:{line}: {' '.join(text.split())[:60]}"
        for path in files
        for line, text in strings(path)
        if SQL.search(text)
    ]


def calls_beside_their_door(root: Path) -> list[str]:
    """Return every look at the clock, environment or arguments where none belongs, and every `print`."""
    found = []
    for path in product_files(root):
        file = name(root, path)
        banned = set(NOWHERE) if file.startswith("benchmarks/") else NOWHERE | {"print"}
        banned |= set() if _may(file, READS_CLOCK) else CLOCK
        banned |= set() if _may(file, READS_PROCESS) else PROCESS
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute):
                # `datetime.date.today` and `dt.date.today` are `date.today` by another road.
                dotted = ".".join(ast.unparse(node).split(".")[-2:])
                if dotted in banned:
                    found.append(f"{file}:{node.lineno}: {dotted}")
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in banned & {"print"}:
                found.append(f"{file}:{node.lineno}: print")
    return found


def test_libraries_stay_behind_their_doors() -> None:
    assert imports_beside_their_door(ROOT) == []


def test_every_door_is_used() -> None:
    """A door nobody uses would let anyone in unseen."""
    imported = {
        (name(ROOT, path), library.split(".")[0])
        for path in product_files(ROOT)
        for _, library in _imports(parsed(path))
    }
    unused = [
        (library, door)
        for library, doors in DOORS.items()
        for door in doors
        if not any(library == each and _may(file, (door,)) for file, each in imported)
    ]
    assert unused == []


def test_sql_stays_behind_its_doors() -> None:
    assert sql_beside_its_door(ROOT) == []


def test_clock_and_process_stay_behind_their_doors() -> None:
    assert calls_beside_their_door(ROOT) == []


IMPORT_FAULTS = {
    "import duckdb\n": "duckdb",
    "def f():\n    from pandas.api import types\n": "pandas.api",
    "import durable.lang\n": "durable.lang",
    "from importlib import import_module\nimport_module('yaml')\n": "yaml",
    "if True:\n    import fcntl, os\n": "fcntl",
}


@pytest.mark.parametrize("text", IMPORT_FAULTS)
def test_a_planted_import_is_seen(text: str, tmp_path: Path) -> None:
    plant(tmp_path, {"auditor/reports/to_json.py": text, "auditor/engines/duckdb.py": "import duckdb\n"})
    (said,) = imports_beside_their_door(tmp_path)
    assert said.startswith("auditor/reports/to_json.py:")
    assert said.endswith(f": {IMPORT_FAULTS[text]}")


@pytest.mark.parametrize(
    "text",
    [
        'x = "SELECT unit_id FROM units"\n',
        'x = f"SELECT {column} FROM {table}"\n',
        'def f():\n    """Doc."""\n    return "INSERT INTO findings " + "x"\n',
        'x = """\n  CREATE OR REPLACE TABLE t AS\n"""\n',
    ],
)
def test_planted_sql_is_seen(text: str, tmp_path: Path) -> None:
    plant(tmp_path, {"auditor/audit.py": text, "auditor/engines/duckdb.py": text})
    (said,) = sql_beside_its_door(tmp_path)
    assert said.startswith("auditor/audit.py:")


def test_words_about_sql_are_no_sql(tmp_path: Path) -> None:
    text = '"""SELECT x FROM y is what this says."""\nx = "Select a unit from the list"\n'
    plant(tmp_path, {"auditor/audit.py": text})
    assert sql_beside_its_door(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from datetime import date\nx = date.today()\n", "date.today"),
        ("import datetime\nx = datetime.datetime.now(datetime.UTC)\n", "datetime.now"),
        ("import time\nx = time.time()\n", "time.time"),
        ("import os\nx = os.environ['X']\n", "os.environ"),
        ("import sys\nx = sys.argv\n", "sys.argv"),
        ("import os\nos.fork()\n", "os.fork"),
        ("def f():\n    print(1)\n", "print"),
    ],
)
def test_a_planted_call_is_seen(text: str, said: str, tmp_path: Path) -> None:
    plant(tmp_path, {"auditor/audit.py": text})
    (found,) = calls_beside_their_door(tmp_path)
    assert found.endswith(f": {said}")
