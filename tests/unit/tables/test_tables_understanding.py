"""Cells as people write them: what each means, and what is left alone because it could mean two things."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.tables.declaration import Declaration
from auditor.tables.understanding import lacks_day, plain_text
from auditor.tables.zh_numbers import zh_number, zh_text

FIRST_1900, FIRST_1904 = date(1899, 12, 30), date(1904, 1, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年3月5日", "2024-03-05"),
        ("2024 年 3 月 5 号", "2024-03-05"),
        ("2024.3.5", "2024-03-05"),
        ("2024. 3. 5", "2024-03-05"),
        ("２０２４／３／５", "2024-03-05"),
        ("2024–3–5", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("二〇二四年三月五日", "2024-03-05"),
        ("二○二四年十二月三十一日", "2024-12-31"),
        ("2024-03-05（星期二）", "2024-03-05"),
        ("2024年3月5日 周二", "2024-03-05"),
        ("2024年3月5日 周三", None),  # it was a Tuesday: one of the two is wrong
        ("24.3.5", None),
        ("24年3月5日", None),
        ("3月5日", None),
        ("2024年3月", None),
        ("2024.3", None),
        ("202435", None),
        ("20240230", None),
        ("20241", None),
        ("45356", None),
        ("2024/3.5", None),
        ("2024-03-05 14:30", None),
        ("5/3/2024", None),
        ("三月五日", None),
        ("٢٠٢٤-03-05", None),
    ],
)
def test_days(declaration: Declaration, text: str, day: str | None) -> None:
    column = declaration.tables["activities"].columns["held_on"]
    assert plain_text(column, text) == day


@pytest.mark.parametrize(
    ("text", "epoch", "day"),
    [
        ("45356", FIRST_1900, "2024-03-05"),  # as a spreadsheet of the first epoch shows it
        ("43894", FIRST_1904, "2024-03-05"),  # 1462 days apart
        ("45356", FIRST_1904, "2028-03-06"),
        ("2024", FIRST_1900, None),  # a year, not a day of 1905
        ("10000", FIRST_1900, None),
        ("99999", FIRST_1900, None),
        ("20240305", FIRST_1900, "2024-03-05"),
    ],
)
def test_serial_numbers(declaration: Declaration, text: str, epoch: date, day: str | None) -> None:
    column = declaration.tables["activities"].columns["held_on"]
    assert plain_text(column, text, epoch) == day


@pytest.mark.parametrize("text", ["2024年3月", "2024年3月份", "2024-03", "2024.3", "２０２４年３月"])
def test_a_month_is_no_day(text: str) -> None:
    assert lacks_day(text)


@pytest.mark.parametrize("text", ["2024年3月5日", "24.3", "soon", "2024"])
def test_what_is_no_month(text: str) -> None:
    assert not lacks_day(text)


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [
        ("speakers", "1,200", "1200"),
        ("speakers", "1，234，567", "1234567"),
        ("speakers", "１２人", "12"),
        ("speakers", "12 人", "12"),
        ("speakers", "3名", "3"),
        ("speakers", "二十三", "23"),
        ("speakers", "十二人", "12"),
        ("speakers", "12.0人", "12.0"),
        ("speakers", "12.5人", None),
        ("speakers", "12次", None),
        ("speakers", "12人次", None),
        ("speakers", "1,20", None),
        ("speakers", "1,2000", None),
        ("speakers", "12,人", None),
        ("speakers", "约12人", None),
        ("speakers", "10-12人", None),
        ("speakers", "35%", None),
        ("speakers", "12²", None),
        ("speakers", "①", None),
        ("speakers", "人", None),
        ("speakers", "9" * 13 + "人", None),
        ("reviews", "3次", "3"),
        ("hours", "1.5学时", "1.5"),
        ("hours", "1.5小时", None),
        ("hours", "90分钟", None),
        ("hours", "-2学时", "-2"),
    ],
)
def test_numbers(declaration: Declaration, name: str, text: str, number: str | None) -> None:
    column = {**declaration.tables["activities"].columns, **declaration.tables["publications"].columns}[name]
    assert plain_text(column, text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("35%", "0.35"), ("３５．５％", "0.355"), ("6次", "6"), ("%", None)]
)
def test_percents_where_a_share_can_stand(declaration: Declaration, text: str, number: str | None) -> None:
    assert plain_text(declaration.tables["targets"].columns["value"], text) == number


@pytest.mark.parametrize(
    ("texts", "answer"),
    [
        (["√", "✓", "Y", "y", "Ｙ", "有", "☑"], "true"),
        (["×", "N", "n", "无", "没有", "✗"], "false"),
        (["x", "X", "也许", "2", "-", "/"], None),  # a letter x ticks a box as often as it crosses it out
    ],
)
def test_yes_and_no(declaration: Declaration, texts: list[str], answer: str | None) -> None:
    column = declaration.tables["activities"].columns["first_topic"]
    assert {plain_text(column, text) for text in texts} == {answer}


def test_text_is_left_alone(declaration: Declaration) -> None:
    columns = declaration.tables["activities"].columns
    for column in ("activity_id", "unit_id", "kind", "topics", "evidence"):
        assert plain_text(columns[column], "20240305") is None


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
    ],
)
def test_chinese_numerals(text: str, number: int | None) -> None:
    assert zh_number(text) == number


@given(st.integers(0, 10**12 - 1) | st.integers(0, 10**5))
def test_every_number_is_read_as_it_is_written(number: int) -> None:
    assert zh_number(zh_text(number)) == number


@given(st.text("零一二两三四五六七八九十百千万亿", max_size=8))
def test_what_is_read_is_how_it_is_written(text: str) -> None:
    """No two readings: a text is taken only where it is the writing of its number."""
    number = zh_number(text)
    if number is not None and not (len(text) >= 4 and not set(text) & set("十百千万亿")):
        assert text.replace("两", "二") in (zh_text(number), zh_text(number).removeprefix("一"))
