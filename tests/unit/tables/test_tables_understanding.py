"""What a cell means in a workbook and in a year, and that every day and number is read however it is written.

The forms that offices write are listed in `written_forms.yaml`, see `test_tables_written`.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from cn2an import an2cn
from hypothesis import given
from hypothesis import strategies as st

from auditor.tables.declaration import Declaration, load_declaration
from auditor.tables.understanding import Meaning, is_percent, lacks_year, meaning_of
from auditor.tables.zh_numbers import zh_number

FIRST_1900, FIRST_1904 = date(1899, 12, 30), date(1904, 1, 1)
HELD_ON = load_declaration().tables["activities"].columns["held_on"]
DAYS = st.dates(date(1949, 10, 1), date(2100, 12, 31))
WEEKDAYS = "一二三四五六日"


@pytest.mark.parametrize(
    ("text", "epoch", "day"),
    [
        ("45356", FIRST_1900, "2024-03-05"),  # as a spreadsheet of the first epoch shows it
        ("43894", FIRST_1904, "2024-03-05"),  # 1462 days apart
        ("45356", FIRST_1904, "2028-03-06"),
        ("45356", None, None),
        ("2024", FIRST_1900, None),  # a year, not a day of 1905
        ("10000", FIRST_1900, None),
        ("99999", FIRST_1900, None),
        ("20240305", FIRST_1900, "2024-03-05"),
    ],
)
def test_serial_numbers(text: str, epoch: date | None, day: str | None) -> None:
    assert meaning_of(HELD_ON, text, epoch=epoch) == (Meaning(day, "date") if day else None)


def zh_digits(number: int) -> str:
    return an2cn(number, "direct").replace("零", "〇")


def whole_days(day: date) -> list[str]:
    """Return a day in every way that names its year, its month and its day."""
    y, m, d = day.year, day.month, day.day
    return [
        day.isoformat(), f"{y}年{m}月{d}日", f"{y} 年 {m:02} 月 {d:02} 号", f"{y}/{m}/{d}", f"{y}.{m}.{d}",
        f"{y}-{m}-{d}", f"{y}{m:02}{d:02}", f"{zh_digits(y)}年{an2cn(m)}月{an2cn(d)}日",
    ]  # fmt: skip


@given(DAYS, st.integers(0, 7))
def test_every_day_is_read_in_every_way_of_writing(day: date, way: int) -> None:
    assert meaning_of(HELD_ON, whole_days(day)[way], year=1999) == Meaning(day.isoformat(), "date")


@given(DAYS, st.integers(0, 3))
def test_every_month_is_read_as_its_first_day(day: date, way: int) -> None:
    y, m = day.year, day.month
    texts = [f"{y}年{m}月", f"{y}年{m:02}月份", f"{y}-{m:02}", f"{zh_digits(y)}年{an2cn(m)}月"]
    first = day.replace(day=1).isoformat()
    assert meaning_of(HELD_ON, texts[way], year=1999) == Meaning(first, "month")


@given(DAYS, st.booleans())
def test_a_day_without_a_year_lies_in_the_year_given_or_is_none(day: date, is_zh: bool) -> None:
    m, d = day.month, day.day
    text = f"{an2cn(m)}月{an2cn(d)}日" if is_zh else f"{m}月{d}日"
    assert meaning_of(HELD_ON, text, year=day.year) == Meaning(day.isoformat(), "year")
    assert meaning_of(HELD_ON, text) is None
    assert lacks_year(text)


@given(DAYS, st.integers(0, 7), st.integers(0, 6))
def test_a_day_of_the_week_must_be_the_right_one(day: date, way: int, weekday: int) -> None:
    read = meaning_of(HELD_ON, f"{whole_days(day)[way]}（星期{WEEKDAYS[weekday]}）")
    assert read == (Meaning(day.isoformat(), "date") if weekday == day.weekday() else None)


@given(
    st.from_regex(r"[0-9]{1,4}[-年月/.]([0-9]{1,2}[-月日/.]?){0,2}[0-9日号]{0,2}", fullmatch=True),
    st.sampled_from([None, 2024]),
)
def test_nothing_is_read_as_a_day_that_does_not_name_it(text: str, year: int | None) -> None:
    """Whatever is read holds the digits of the day it is read as, in the order year, month, day, and no others."""
    meaning = meaning_of(HELD_ON, text, year=year)
    if meaning is None:
        return
    y, m, d = meaning.plain.split("-")
    named = {"date": (y, m, d), "month": (y, m), "year": (m, d)}[meaning.how]
    digits = "".join(re.findall("[0-9]", text))
    ways = [""]
    for part in named:
        ways = [way + shape for way in ways for shape in {part, part.lstrip("0")}]
    assert digits in ways


@pytest.mark.parametrize("text", ["3月5日", "三月五号", "2月29日", "3月5日（周三）"])
def test_a_day_that_lacks_its_year(text: str) -> None:
    assert lacks_year(text)


@pytest.mark.parametrize("text", ["2024年3月5日", "2月30日", "3月", "3.5", "3月5", "soon"])
def test_what_lacks_more_or_less_than_a_year(text: str) -> None:
    assert not lacks_year(text)


@pytest.mark.parametrize(
    ("text", "is_one"), [("35%", True), ("３５．５％", True), ("%", False), ("35", False)]
)
def test_a_percentage(text: str, is_one: bool) -> None:
    assert is_percent(text) is is_one


def test_text_is_left_alone(declaration: Declaration) -> None:
    columns = declaration.tables["activities"].columns
    for column in ("activity_id", "unit_id", "kind", "topics", "evidence"):
        assert meaning_of(columns[column], "20240305") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("零", 0),
        ("〇", 0),
        ("十", 10),
        ("一十", 10),
        ("十二", 12),
        ("二十三", 23),
        ("两", 2),
        ("两百", 200),
        ("一百零五", 105),
        ("一百一十", 110),
        ("一千零一十", 1010),
        ("一千零五", 1005),
        ("两万三千", 23_000),
        ("十二万", 120_000),
        ("三万零五", 30_005),
        ("三千万零五百", 30_000_500),
        ("一亿零二万", 100_020_000),
        ("九千九百九十九亿九千九百九十九万九千九百九十九", 10**12 - 1),
        ("贰拾叁", 23),
        ("二〇二四", 2024),
        ("", None),
        ("三百五", None),
        ("一百五", None),
        ("三五", None),
        ("二〇二", None),
        ("十百", None),
        ("五六十", None),
        ("百", None),
        ("万", None),
        ("一万亿", None),
        ("一亿亿", None),
        ("二十个", None),
        ("零五", None),
        ("一百五零", None),
        ("3十", None),
        ("一亿一千", None),
        ("零零零五", None),
        ("廿三", None),
        ("二十元", None),
        ("负五", None),
        ("三点五", None),
        ("幺二三四", None),
        ("三万五", None),
        ("壹拾贰", 12),
        ("十万一千", 101_000),
    ],
)
def test_chinese_numerals(text: str, number: int | None) -> None:
    assert zh_number(text) == number


@given(st.integers(0, 10**12 - 1) | st.integers(0, 10**5))
def test_every_number_is_read_as_it_is_written(number: int) -> None:
    """Or not at all: 一亿一千 is written for a hundred million and a thousand, and said for 110 million."""
    assert zh_number(an2cn(number)) in ({number} if number < 10**8 else {number, None})


@given(st.text("零一二两三四五六七八九十百千万亿〇点负元廿", max_size=8))
def test_what_is_read_is_how_it_is_written(text: str) -> None:
    """No two readings: a text is taken only where it is the writing of its number."""
    number = zh_number(text)
    if number is not None:
        same = text.replace("两", "二").replace("〇", "零")
        written = an2cn(number)
        assert same in (written, f"一{written}", an2cn(number, "direct"))
