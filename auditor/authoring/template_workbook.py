"""A template as a workbook: the notes first, then a sheet for each table, with what its cells take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from auditor.authoring.form_sheets import (
    BOX,
    CENTRED,
    HEADER,
    PLAIN,
    TITLE,
    WRAPPED,
    Lists,
    name_header,
    takes,
    text_of,
    width_of,
    write_headers,
)
from auditor.authoring.template import FormColumn, FormTable, Template
from auditor.model.requirement import Pack, Requirement
from auditor.packs.clauses import clauses_of, in_document_order
from auditor.reports.workbook_file import workbook_bytes
from auditor.tables.declaration import Column, Declaration
from auditor.texts import Lang, say

_NOTES = ("header", "type", "required", "meaning", "values", "example", "clauses")
_NOTES_WIDTHS = (18, 10, 8, 34, 46, 22, 34)
_NARROWEST, _WIDEST = 12, 40


def template_workbook(template: Template, declaration: Declaration, lang: Lang) -> bytes:
    """Return the workbook of a template, headers and notes in a language; the same template, the same bytes."""
    book = Workbook()
    words = Words(declaration, lang)
    _write_notes(book.active, template, words)
    lists = Lists(book, lang)
    for table in template.tables:
        _write_table(book, table, lists, words)
    if lists.sheet is not None:
        book.move_sheet(lists.sheet, len(book.sheetnames))
    return workbook_bytes(book)


class Words:
    """What a form says, in one language."""

    def __init__(self, declaration: Declaration, lang: Lang) -> None:
        self.declaration, self.lang = declaration, lang

    def say(self, code: str, **figures: Any) -> str:
        """Return a sentence of the forms."""
        return say("template", code, figures, self.lang)

    def value(self, column: Column, code: str, label: str) -> str:
        """Return a value as it is filled in: its label in Chinese, its code in English."""
        if column.type == "boolean":
            return self.say(f"value.{code}")
        return label if self.lang == "zh" else code

    def values(self, column: FormColumn) -> list[str]:
        """Return the values that a column takes, as they are filled in."""
        return [self.value(column.declared, *each) for each in column.values.items()]

    def example(self, column: FormColumn) -> str:
        """Return a cell that a column takes."""
        declared, values = column.declared, self.values(column)
        if values:
            return self.say("join.values").join(values[:2]) if declared.type == "choices" else values[0]
        if declared.example:
            return text_of(declared.example, self.lang)
        return {"date": "2024-03-05", "integer": str(max(declared.least or 0, 12)), "number": "1.5"}.get(
            declared.type, ""
        )

    def clauses(self, packs: Sequence[Pack], requirements: Iterable[Requirement]) -> str:
        """Return the clauses that requirements come from, by document."""
        by_pack: dict[str, set[str]] = {}
        for each in requirements:
            by_pack.setdefault(_pack_of(each, packs), set()).update(clauses_of(each.clause))
        told = (
            self.say(
                "clauses", pack=pack, clauses=self.say("join").join(sorted(found, key=in_document_order))
            )
            for pack, found in by_pack.items()
        )
        return "\n".join(told)

    def documents(self, packs: Sequence[Pack]) -> Iterator[str]:
        """Yield the documents that a form is made from."""
        for pack in packs:
            title = pack.title.in_language(self.lang)
            yield self.say("document", title=title, pack=pack.pack, version=pack.version)

    def types(self, codes: Sequence[str]) -> str:
        """Return for which types of unit a form is."""
        column = self.declaration.tables["units"].columns["type"]
        named = [self.value(column, each, column.values[each]) for each in codes]
        return self.say("join").join(named) or self.say("every_type")


def _pack_of(requirement: Requirement, packs: Sequence[Pack]) -> str:
    return next((each.pack for each in packs if each.requirement(requirement.id)), requirement.pack)


def _write_table(book: Workbook, table: FormTable, lists: Lists, words: Words) -> None:
    sheet = book.create_sheet(text_of(table.declared.label, words.lang))
    headers = []
    for each in table.columns:
        text = text_of(each.declared.label, words.lang)
        width = max([width_of(text) + 4, _NARROWEST, *(width_of(value) + 4 for value in words.values(each))])
        headers.append((text, min(width, _WIDEST), each.declared.required))
    write_headers(sheet, headers)
    for at, each in enumerate(table.columns, 1):
        name = f"{table.declared.name}.{each.declared.name}"
        takes(sheet, at, each.declared, words.values(each), lists, name)
        name_header(book, sheet, at, table.declared.name, each.declared.name)


# ---- The notes -------------------------------------------------------------------------------------


def _write_notes(sheet: Any, template: Template, words: Words) -> None:
    """Write what the form is, how it is filled in, then each table and column."""
    sheet.title = words.say("sheet.notes")
    for at, width in enumerate(_NOTES_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    _line(sheet, words.say("title"), TITLE)
    figures = {"types": words.types(template.unit_types), "count": len(template.requirements)}
    for text in (*words.documents(template.packs), words.say("for", **figures)):
        _line(sheet, text)
    _line(sheet, words.say("boundary"), HEADER)
    for code in ("how.headers", "how.sheets", "how.values", "how.several", "how.read"):
        _line(sheet, words.say(code))
    for table in template.tables:
        _write_columns(sheet, table, template, words)
    _write_requirements(sheet, template, words)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _write_columns(sheet: Any, table: FormTable, template: Template, words: Words) -> None:
    declared = table.declared
    label = text_of(declared.label, words.lang)
    sheet.append([])
    _line(sheet, words.say("table", label=label, meaning=text_of(declared.meaning, words.lang)), HEADER)
    _row(sheet, [words.say(f"column.{each}") for each in _NOTES], is_header=True)
    for each in table.columns:
        column = each.declared
        serves = words.clauses(template.packs, each.serves)
        _row(sheet, [
            text_of(column.label, words.lang), say("tables", f"type.{column.type}", {}, words.lang),
            words.say("value.true") if column.required else "", text_of(column.meaning, words.lang),
            words.say("join.values").join(words.values(each)), words.example(each), serves,
        ])  # fmt: skip


def _write_requirements(sheet: Any, template: Template, words: Words) -> None:
    """Write which requirements the form serves, so that a column's clauses can be looked up."""
    sheet.append([])
    _line(sheet, words.say("requirements"), HEADER)
    clause, number, title = (words.say(f"requirement.{each}") for each in ("clause", "id", "title"))
    _spread(sheet, clause, title, number, is_header=True)
    for each in template.requirements:
        clause = words.clauses(template.packs, [each])
        _spread(sheet, clause, each.title.in_language(words.lang), each.id)


def _spread(sheet: Any, clause: str, title: str, number: str, *, is_header: bool = False) -> None:
    """Write a row of three cells over the columns of the notes."""
    _row(sheet, [clause, "", "", title, "", number, ""], is_header=is_header)
    for first, last in ((1, 3), (4, 5), (6, 7)):
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=first, end_column=last)


def _line(sheet: Any, text: str, font: Any = None) -> None:
    """Write a sentence over the whole width."""
    sheet.append([text])
    row = sheet.max_row
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_NOTES))
    cell = sheet.cell(row, 1)
    cell.alignment = WRAPPED
    if font:
        cell.font = font
    lines = -(-width_of(text) // (sum(_NOTES_WIDTHS) - 4))
    sheet.row_dimensions[row].height = (20 if font is TITLE else 16) * lines


def _row(sheet: Any, texts: Sequence[str], *, is_header: bool = False) -> None:
    sheet.append([text or None for text in texts])
    row = sheet.max_row
    for at in range(1, len(texts) + 1):
        cell = sheet.cell(row, at)
        cell.alignment, cell.border, cell.number_format = (CENTRED if is_header else WRAPPED), BOX, "@"
        if is_header:
            cell.font, cell.fill = HEADER, PLAIN
    sheet.row_dimensions[row].height = 15 * max(
        sum(-(-max(width_of(line), 1) // (width - 2)) for line in text.split("\n"))
        for text, width in zip(texts, _NOTES_WIDTHS, strict=False)
    )
