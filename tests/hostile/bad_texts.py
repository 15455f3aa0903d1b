"""Hostile files of text and Parquet, and paths that are no files."""

from __future__ import annotations

import os
from pathlib import Path

from hostile.registry import hostile

GOOD_PARQUET = Path(__file__).parents[2] / "fixtures" / "messy" / "parquet" / "单位信息.parquet"
HEADER = b"unit_id,type\n"
ROW = b"001,university\n"
MIB = 1 << 20


def put(folder: Path, name: str, content: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content)
    return path


# ---- CSV -----------------------------------------------------------------------------------------


@hostile("long_cell")
def a_line_without_end_far_down(folder: Path) -> Path:
    """A line of 100 MiB below a thousand harmless ones."""
    path = put(folder, "units.csv", HEADER + ROW * 1000)
    with path.open("ab") as file:
        for _ in range(100):
            file.write(b"x" * MIB)
    return path


@hostile("unknown_column")
def a_header_of_nonsense(folder: Path) -> Path:
    """As many columns as a table may have, none of them known, and twenty rows that may be the header."""
    names = b",".join(b"some header number %d" % number for number in range(998))
    return put(folder, "units.csv", (b"unit_id,type," + names + b"\n") * 20)


@hostile("empty_file")
def an_empty_csv(folder: Path) -> Path:
    """No byte at all."""
    return put(folder, "units.csv", b"")


@hostile("long_cell", "too_large")
def a_line_of_three_hundred_megabytes(folder: Path) -> Path:
    """One cell without an end, below a header."""
    path = put(folder, "units.csv", HEADER + ROW + b"002,")
    with path.open("ab") as file:
        for _ in range(300):
            file.write(b"x" * MIB)
    return path


@hostile("long_cell", "too_large", "unknown_header")
def a_header_of_three_hundred_megabytes(folder: Path) -> Path:
    """The file is one line, and that the first."""
    path = put(folder, "units.csv", b"")
    with path.open("ab") as file:
        for _ in range(300):
            file.write(b"x" * MIB)
    return path


@hostile("long_cell", "too_large", "corrupt_file", "not_utf8", "undecodable_text")
def a_hole_of_three_hundred_megabytes(folder: Path) -> Path:
    """Nothing but NUL, as a broken disk leaves it."""
    path = put(folder, "units.csv", HEADER + ROW)
    with path.open("r+b") as file:
        file.truncate(300 * MIB)
    return path


@hostile("not_utf8")
def a_csv_with_nul_bytes(folder: Path) -> Path:
    """NUL between the letters of a type, and in an identifier."""
    return put(folder, "units.csv", HEADER + ROW + b"0\x0002,depart\0ment\n")


@hostile("unclosed_quote", "long_cell", "too_large")
def an_unclosed_quote_over_a_hundred_megabytes(folder: Path) -> Path:
    """All that follows is one cell."""
    path = put(folder, "units.csv", HEADER + b'"001,university\n')
    lines = b"002,department\n" * (MIB // 15)
    with path.open("ab") as file:
        for _ in range(101):
            file.write(lines)
    return path


@hostile("ragged_row", "too_large", "long_cell")
def a_row_of_ten_million_cells(folder: Path) -> Path:
    """Nothing between the commas."""
    return put(folder, "units.csv", HEADER + ROW + b"," * 10_000_000 + b"x\n")


@hostile("too_many_columns")
def a_header_of_a_hundred_thousand_cells(folder: Path) -> Path:
    """As many columns, each named anew."""
    names = b",".join(b"c%d" % number for number in range(100_000))
    return put(folder, "units.csv", b"unit_id,type," + names + b"\n001,university" + b"," * 100_000 + b"\n")


# ---- Parquet and JSON lines ----------------------------------------------------------------------


@hostile("corrupt_file")
def half_a_parquet(folder: Path) -> Path:
    """A file as an interrupted copy leaves it."""
    data = GOOD_PARQUET.read_bytes()
    return put(folder, "units.parquet", data[: len(data) // 2])


@hostile("corrupt_file")
def a_parquet_with_a_false_footer(folder: Path) -> Path:
    """The footer says it is longer than the file."""
    data = GOOD_PARQUET.read_bytes()
    return put(folder, "units.parquet", data[:-8] + (0x7FFFFFF0).to_bytes(4, "little") + data[-4:])


@hostile("corrupt_file")
def a_parquet_of_scrambled_pages(folder: Path) -> Path:
    """The footer is right; where the values should be is noise."""
    data = GOOD_PARQUET.read_bytes()
    noise = bytes(number * 89 % 251 for number in range(300))
    return put(folder, "units.parquet", data[:4] + noise + data[304:])


@hostile("bad_line", "long_cell")
def lists_in_lists(folder: Path) -> Path:
    """100,000 deep."""
    lines = b'{"unit_id": "001", "type": "university"}\n{"unit_id": "002", "type": '
    return put(folder, "units.jsonl", lines + b"[" * 100_000 + b"]" * 100_000 + b"}\n")


@hostile("long_cell", "too_large", "bad_line")
def a_json_line_of_fifty_megabytes(folder: Path) -> Path:
    """One text without an end."""
    return put(folder, "units.jsonl", b'{"unit_id": "001", "type": "' + b"x" * (50 * MIB) + b'"}\n')


@hostile("bad_line", "too_large", "unknown_column", "long_cell")
def a_json_line_of_a_million_keys(folder: Path) -> Path:
    """Each of them a column."""
    keys = ", ".join(f'"k{number}": 1' for number in range(1_000_000))
    return put(folder, "units.jsonl", f'{{"unit_id": "001", "type": "university", {keys}}}\n'.encode())


# ---- No files ------------------------------------------------------------------------------------

NOTHING_THERE = ("no_tables", "no_units", "no_such_data", "corrupt_file")


@hostile(*NOTHING_THERE, is_posix_only=True)
def links_in_a_circle(folder: Path) -> Path:
    """A file that is a link to itself, and a folder in which the folder lies again."""
    (folder / "units.csv").symlink_to(folder / "units.csv")
    (folder / "again").symlink_to(folder, target_is_directory=True)
    return folder


@hostile(*NOTHING_THERE)
def a_folder_called_csv(folder: Path) -> Path:
    """A folder by the name of a table."""
    (folder / "units.csv").mkdir()
    return folder


@hostile(*NOTHING_THERE, is_posix_only=True)
def a_pipe_called_csv(folder: Path) -> Path:
    """Who opens it waits for ever."""
    os.mkfifo(folder / "units.csv")
    return folder


@hostile(*NOTHING_THERE, is_posix_only=True)
def a_pipe_itself(folder: Path) -> Path:
    """The path that is audited."""
    os.mkfifo(folder / "units.csv")
    return folder / "units.csv"
