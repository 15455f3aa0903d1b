from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from auditor.errors import BadInput, Problem
from auditor.periods import calendar_file, period
from auditor.periods.calendar_file import read_marks

AUDITOR = Path(calendar_file.__file__).parents[1]


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "calendar.csv"
    path.write_bytes(text.encode(encoding))
    return path


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(BadInput) as bad:
        read_marks(path)
    return bad.value.problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_chinese_headers_and_answers_in_the_encodings_offices_send(tmp_path: Path, encoding: str) -> None:
    text = "上班,日期,说明\r\n否,2027-10-01,国庆节\r\n\r\n是,2027年10月9日,调休\r\n"
    assert read_marks(written(tmp_path, text, encoding)) == {
        date(2027, 10, 1): False,
        date(2027, 10, 9): True,
    }


def test_every_way_to_write_a_day_and_an_answer(tmp_path: Path) -> None:
    days = [
        "2027-01-01",
        "2027/1/2",
        "2027.1.3",
        "2027年1月4日",
        " 2027-01-05 ",
        "2027-01-06",
        "2027-01-07",
        "2027-01-08",
    ]
    answers = ["yes", "No", "是", "否", "TRUE", "false", "1", "0"]
    text = "Day,Working\n" + "".join(f"{day},{answer}\n" for day, answer in zip(days, answers, strict=True))
    expected = {date(2027, 1, at): at % 2 == 1 for at in range(1, 9)}
    assert read_marks(written(tmp_path, text)) == expected


def test_a_header_alone_marks_nothing(tmp_path: Path) -> None:
    assert read_marks(written(tmp_path, "day,working\n")) == {}


def test_all_problems_at_once_each_with_its_place(tmp_path: Path) -> None:
    text = (
        "日期,上班\n2027-02-30,是\n2027-01-01,也许\n\n2027-01-02,是\n2027-01-02,否\n1949-09-30,\n2027-01-03\n"
    )
    found = [
        (p.code, p.place.row, p.place.column, p.figures["value"])
        for p in problems_of(written(tmp_path, text))
    ]
    assert found == [
        ("calendar.day", 2, "日期", "2027-02-30"),
        ("calendar.working", 3, "上班", "也许"),
        ("calendar.twice", 6, "日期", "2027-01-02"),
        ("calendar.working", 7, "上班", ""),
        ("calendar.day", 7, "日期", "1949-09-30"),
        ("calendar.working", 8, "上班", ""),
    ]


@pytest.mark.parametrize("text", ["", "\n", "day\n", "date,working\n", "day,日期,working\n"])
def test_a_header_without_the_two_columns(tmp_path: Path, text: str) -> None:
    (problem,) = problems_of(written(tmp_path, text))
    assert (problem.code, problem.place.row) == ("calendar.columns", 1)


def test_a_file_that_is_not_there_or_is_no_text(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "none.csv")
    assert (problem.code, problem.place.file) == ("calendar.unreadable", "none.csv")
    path = tmp_path / "calendar.csv"
    path.write_bytes(b"\xff\xfe\xff\xff")
    (problem,) = problems_of(path)
    assert problem.code == "calendar.unreadable"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_code_has_a_sentence_whose_fields_are_among_its_figures(lang: str) -> None:
    source = "".join(
        Path(str(module.__file__)).read_text(encoding="utf-8") for module in (calendar_file, period)
    )
    codes = set(re.findall(r'Problem\("(calendar\.\w+)"', source))
    path = AUDITOR / "texts" / lang / "calendar_problems.yaml"
    sentences = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(sentences) == codes
    extra = {"calendar.unreadable": {"why": "no such file"}, "calendar.twice": {"first_row": 2}}
    for code, sentence in sentences.items():
        assert list(sentence) == ["what", "do"]
        figures = {"value": "V", "expected": "E", **extra.get(code, {})}
        assert all("{" not in part.format(**figures) for part in sentence.values())
