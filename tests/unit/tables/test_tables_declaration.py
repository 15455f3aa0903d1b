from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import BadInput
from auditor.tables.declaration import Declaration, load_declaration


def test_thirteen_tables_in_both_languages(declaration: Declaration) -> None:
    assert len(declaration.tables) == 13
    for table in declaration.tables.values():
        for labelled in (table, *table.columns.values()):
            assert labelled.label.zh
            assert labelled.label.en
            assert labelled.meaning.zh.endswith("。")
            assert labelled.meaning.en.endswith(".")


def test_every_name_leads_to_one_table_or_column(declaration: Declaration) -> None:
    for table in declaration.tables.values():
        assert all(declaration.table(name) is table for name in table.names)
        for column in table.columns.values():
            assert all(table.column(header) is column for header in column.headers)
            assert set(column.refers) <= set(declaration.tables)
            assert {column.code_of(label) for label in column.values.values()} == set(
                column.values
            ) or not column.values


def test_flows_have_a_date_and_stocks_a_life(declaration: Declaration) -> None:
    assert [table.name for table in declaration.tables.values() if table.life] == ["units", "posts", "assets"]
    flows = {table.name: table.date for table in declaration.flows}
    assert flows == {
        "headcounts": "counted_on",
        "activities": "held_on",
        "approvals": "held_on",
        "publications": "published_on",
        "platform_usage": "day",
        "submissions": "submitted_on",
        "rectifications": "due_on",
        "attestations": "checked_on",
    }


def test_a_pack_adds_values_of_its_own(declaration: Declaration) -> None:
    wider = declaration.with_vocabulary({"activities.kind": {"drill": "演练"}})
    kind = wider.tables["activities"].column("活动类型")
    assert kind is not None
    assert (kind.code_of("演练"), kind.code_of("学习")) == ("drill", "study_session")
    assert declaration.tables["activities"].columns["kind"].code_of("演练") is None


@pytest.mark.parametrize("name", ["activities", "activities.colour", "nothing.kind", "units.name"])
def test_values_are_added_to_choices_only(declaration: Declaration, name: str) -> None:
    with pytest.raises(BadInput) as bad:
        declaration.with_vocabulary({name: {"x": "某"}})
    assert bad.value.problems[0].code == "table.bad_vocabulary"


@pytest.mark.parametrize(
    "header", ["姓名", "学生姓名", "Speaker Name", "id_number", "手机号", "民族", "Religion", "name"]
)
def test_headers_about_persons(declaration: Declaration, header: str) -> None:
    assert declaration.is_personal(header)


@pytest.mark.parametrize("header", ["民族工作", "smartphone", "单位名称", "activity name", "villages"])
def test_headers_that_only_look_alike(declaration: Declaration, header: str) -> None:
    assert not declaration.is_personal(header)


def test_no_declared_header_is_one_about_persons(declaration: Declaration) -> None:
    """Except `name`, which is the unit's or the thing's."""
    headers = {h for t in declaration.tables.values() for c in t.columns.values() for h in c.headers}
    assert {header for header in headers if declaration.is_personal(header)} == {"name"}


def test_a_new_table_needs_no_code(tmp_path: Path, declaration: Declaration) -> None:
    text = (tmp_path / "tables.yaml").as_posix()
    Path(text).write_text(
        """
personal_headers: {whole: [], ending: []}
tables:
  rooms:
    label: {zh: 房间, en: rooms}
    meaning: {zh: 房间。, en: Rooms.}
    key: [room_id]
    columns:
      room_id: {type: text, required: true, label: {zh: 房号, en: room}, meaning: {zh: 号。, en: Its own.}}
""",
        encoding="utf-8",
    )
    rooms = load_declaration(Path(text)).table("房间")
    assert rooms is not None
    assert rooms.column("房号") is rooms.columns["room_id"]
