"""Workbooks whose XML is the attack: cells beyond every sheet, false sizes, document types, deep and long pieces."""

from __future__ import annotations

from pathlib import Path

from hostile.archives import MAIN, parts, relations, row_xml, rows_xml, sheet_xml, workbook_xml, zipped
from hostile.registry import hostile

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
"""Ten to the ninth times three letters."""
DATA = tuple((f"{number:03}", "university" if number == 1 else "department") for number in range(1, 51))


def put(folder: Path, book: dict[str, bytes]) -> Path:
    """Write a workbook and return its path."""
    path = folder / "units.xlsx"
    path.write_bytes(zipped(book))
    return path


def sheet(folder: Path, rows: str, dimension: str = "") -> Path:
    """Write a workbook with these rows below the harmless ones."""
    return put(folder, parts(sheet_xml(rows_xml() + rows, dimension=dimension)))


# ---- Cells beyond the sheet ----------------------------------------------------------------------


def far(reference: str, row: str) -> str:
    """Return a row of one cell."""
    return f'<row r="{row}"><c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row>'


@hostile("far_cell")
def the_last_cell_of_all(folder: Path) -> Path:
    """One cell that makes a table of 17 thousand million."""
    return sheet(folder, far("XFD1048576", "1048576"))


@hostile("far_cell")
def a_sheet_of_a_few_far_cells(folder: Path) -> Path:
    """A thousand cells down the diagonal of a sheet: as an area 50 million."""
    letters = [f"{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(26 * 26)]
    return sheet(
        folder, "".join(far(f"{two}{n * 1500}", str(n * 1500)) for n, two in enumerate(letters, start=1))
    )


@hostile("far_cell", "corrupt_file")
def a_row_beyond_the_last(folder: Path) -> Path:
    """One more than a sheet has."""
    return sheet(folder, far("A1048577", "1048577"))


@hostile("far_cell", "corrupt_file")
def a_row_of_no_number_that_exists(folder: Path) -> Path:
    """More than 32 bits hold."""
    return sheet(folder, far("A99999999999", "99999999999"))


@hostile("far_cell", "corrupt_file")
def a_row_zero(folder: Path) -> Path:
    """Rows begin with 1."""
    return sheet(folder, far("A0", "0"))


@hostile("far_cell", "corrupt_file")
def a_row_below_zero(folder: Path) -> Path:
    """A row with a sign."""
    return sheet(folder, far("A-5", "-5"))


@hostile("far_cell", "corrupt_file")
def a_column_beyond_the_last(folder: Path) -> Path:
    """The column after XFD."""
    return sheet(folder, far("XFE3", "3"))


@hostile("far_cell", "corrupt_file")
def a_column_of_many_letters(folder: Path) -> Path:
    """More than 32 bits hold."""
    return sheet(folder, far("ZZZZZZZZ3", "3"))


@hostile("false_dimension")
def a_size_smaller_than_the_data(folder: Path) -> Path:
    """Fifty units, of which the size leaves two."""
    rows = rows_xml([("unit_id", "type"), *DATA])
    return put(folder, parts(sheet_xml(rows, dimension="A1:B2")))


@hostile("false_dimension", "far_cell")
def a_size_of_all_cells(folder: Path) -> Path:
    """Two rows that say they are a million."""
    return sheet(folder, "", "A1:XFD1048576")


@hostile("false_dimension", "corrupt_file", "far_cell")
def a_size_beyond_all_cells(folder: Path) -> Path:
    """A size that no number holds."""
    return sheet(folder, "", "A1:ZZZZZZ99999999999")


# ---- Document types ------------------------------------------------------------------------------


@hostile("document_type")
def laughs_in_a_sheet(folder: Path) -> Path:
    """Entities of entities, used in a cell."""
    text = sheet_xml(prolog=LAUGHS).replace("<t>001</t>", "<t>&a9;</t>")
    return put(folder, parts(text))


@hostile("document_type", "corrupt_file")
def laughs_in_another_encoding(folder: Path) -> Path:
    """The same in UTF-16, where a search for its letters finds none."""
    text = sheet_xml(prolog=LAUGHS).replace("<t>001</t>", "<t>&a9;</t>").replace("UTF-8", "UTF-16")
    return put(folder, parts(text.encode("utf-16")))


@hostile("document_type")
def laughs_in_the_list_of_sheets(folder: Path) -> Path:
    """Entities of entities in a sheet's name."""
    return put(folder, parts(xl_workbook=workbook_xml(prolog=LAUGHS).replace("units", "&a9;")))


@hostile("document_type")
def laughs_in_the_texts(folder: Path) -> Path:
    """Entities of entities in the shared strings."""
    return put(folder, parts(xl_sharedStrings=f'{LAUGHS}<sst xmlns="{MAIN}"><si><t>&a9;</t></si></sst>'))


@hostile("document_type")
def laughs_in_the_styles(folder: Path) -> Path:
    """Entities of entities in a number format."""
    formats = '<numFmts><numFmt numFmtId="164" formatCode="&a9;"/></numFmts>'
    return put(folder, parts(xl_styles=f'{LAUGHS}<styleSheet xmlns="{MAIN}">{formats}</styleSheet>'))


@hostile("document_type")
def laughs_in_the_relations(folder: Path) -> Path:
    """Entities of entities in a path."""
    book = relations({"rId1": "worksheets/sheet1.xml", "rId2": "&a9;"})
    return put(folder, parts(xl_workbook_rels=LAUGHS + book))


@hostile("document_type")
def a_file_of_the_system(folder: Path) -> Path:
    """An entity that is the content of a file beside it."""
    (folder / "secret.txt").write_text("secret", encoding="utf-8")
    address = (folder / "secret.txt").as_uri()
    prolog = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{address}">]>'
    return put(folder, parts(sheet_xml(prolog=prolog).replace("<t>001</t>", "<t>&x;</t>")))


# ---- Too much of something -----------------------------------------------------------------------


def one_text_in_many_cells(folder: Path, cell: str) -> Path:
    """Write a workbook with a shared string of 32 KiB in half a million cells; `cell` is how one is written."""
    cells = "".join(f'<row r="{row}">{cell}{cell}</row>' for row in range(2, 250_002))
    header = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>2</v></c></row>'
    texts = "".join(f"<si><t>{text}</t></si>" for text in ("unit_id", "x" * 32_767, "type"))
    return put(
        folder, parts(sheet_xml(header + cells), xl_sharedStrings=f'<sst xmlns="{MAIN}">{texts}</sst>')
    )


@hostile("zip_bomb")
def one_text_in_half_a_million_cells(folder: Path) -> Path:
    """16 GiB of cells in a file of a megabyte."""
    return one_text_in_many_cells(folder, '<c t="s"><v>1</v></c>')


@hostile("zip_bomb", "reader_memory")
def one_text_in_cells_written_oddly(folder: Path) -> Path:
    """The same where a search for shared strings finds none."""
    return one_text_in_many_cells(folder, "<c t='s'><v >1</v></c>")


@hostile("corrupt_file")
def merged_cells_over_and_over(folder: Path) -> Path:
    """10,000 times the same merged cells, of a million rows each."""
    merged = "<mergeCells>" + '<mergeCell ref="B2:B1048576"/>' * 10_000 + "</mergeCells>"
    return put(folder, parts(sheet_xml(rows_xml([("unit_id", "type"), *DATA]), after=merged)))


@hostile("zip_bomb")
def heads_without_end(folder: Path) -> Path:
    """10 sheets, each with 20 rows of 900 cells that hold a text of 500 letters."""
    names = ["units", *(f"s{number}" for number in range(2, 11))]
    targets = {f"rId{number}": f"worksheets/sheet{number}.xml" for number in range(1, 11)}
    cells = '<c t="s"><v>0</v></c>' * 900
    rows = "".join(f'<row r="{row}">{cells}</row>' for row in range(1, 21))
    texts = f'<sst xmlns="{MAIN}"><si><t>{"x" * 500}</t></si></sst>'
    book = parts(
        sheet_xml(rows),
        xl_workbook=workbook_xml(names),
        xl_workbook_rels=relations(targets),
        xl_sharedStrings=texts,
    )
    sheet = book["xl/worksheets/sheet1.xml"]
    return put(folder, {**book, **{f"xl/worksheets/sheet{number}.xml": sheet for number in range(2, 11)}})


@hostile("error_cell")
def an_enormous_error(folder: Path) -> Path:
    """An error whose name is 16 MiB long, in pieces."""
    error = "&#35;" + "N&#47;A" * (2 << 20)
    return sheet(folder, f'<row r="3"><c r="A3" t="e"><v>{error}</v></c></row>')


@hostile("unknown_column")
def sixty_thousand_styles(folder: Path) -> Path:
    """Each of them a percentage: a sign to look for in each sheet."""
    percentages = '<xf numFmtId="9"/>' * 60_000
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs>{percentages}</cellXfs></styleSheet>'
    filler = "".join(row_xml(row, ("001", "x" * 3000)) for row in range(3, 6000))
    return put(folder, parts(sheet_xml(rows_xml([("unit_id", "nonsense")]) + filler), xl_styles=styles))


@hostile("corrupt_file")
def a_text_that_is_not_there(folder: Path) -> Path:
    """A cell that names a shared string beyond the last."""
    cell = '<row r="3"><c r="A3" t="s"><v>99</v></c><c r="B3" t="s"><v>4294967296</v></c></row>'
    texts = f'<sst xmlns="{MAIN}"><si><t>x</t></si></sst>'
    return put(folder, parts(sheet_xml(rows_xml() + cell), xl_sharedStrings=texts))


@hostile("corrupt_file", "reader_died", "reader_memory", "too_large", "zip_bomb")
def elements_in_elements(folder: Path) -> Path:
    """200,000 levels."""
    return put(folder, parts(sheet_xml(before="<a>" * 200_000 + "</a>" * 200_000)))


@hostile("long_cell", "corrupt_file", "too_large", "zip_bomb")
def an_enormous_attribute(folder: Path) -> Path:
    """An attribute of 64 MiB."""
    return put(folder, parts(sheet_xml(before=f'<sheetPr codeName="{"x" * (64 << 20)}"/>')))


@hostile("long_cell", "too_large", "zip_bomb")
def an_enormous_cell(folder: Path) -> Path:
    """A text of 64 MiB in one cell."""
    return sheet(folder, row_xml(3, ("002", "x" * (64 << 20))))


@hostile("far_cell", "too_large", "corrupt_file", "zip_bomb")
def a_row_of_a_million_cells(folder: Path) -> Path:
    """Cells without a place in one row: more than a sheet has columns."""
    return sheet(folder, f'<row r="3">{"<c><v>1</v></c>" * 1_000_000}</row>')
