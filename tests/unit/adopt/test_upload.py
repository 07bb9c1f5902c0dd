"""Files as people bring them: encodings, delimiters, workbooks; the same table is read from each."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from executive_suite.adopt import tables
from executive_suite.adopt.reading import NotReadableError
from executive_suite.adopt.upload import Upload, opened

ROWS = (("Fecha", "Descripción", "Importe"), ("15/01/2025", "Café Ñandú", "-1.234,56"), ("16/01/2025", "Peña", "10,00"))


def upload(folder: Path, name: str, body: bytes) -> Upload:
    """A file with that content, opened."""
    path = folder / name
    path.write_bytes(body)
    return opened(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_one_table_in_every_encoding(tmp_path: Path, encoding: str, ends: str) -> None:
    text = ends.join(";".join(row) for row in ROWS) + ends
    assert upload(tmp_path, "extracto.csv", text.encode(encoding)).grids[0].rows == ROWS


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_found_though_amounts_have_commas(tmp_path: Path, delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in ROWS)
    assert upload(tmp_path, "extracto.csv", text.encode()).grids[0].rows == ROWS


def test_titles_above_and_totals_below_do_not_hide_the_delimiter_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    text = 'Harbor Cafe LLC\nJournal\n\nDate,Account,Debit\n01/02/2025,Sales,"1,200.00"\n\nTOTAL,,"1,200.00"\n'
    rows = upload(tmp_path, "journal.csv", text.encode()).grids[0].rows
    assert rows[4] == ("01/02/2025", "Sales", "1,200.00")
    assert rows[6] == ("TOTAL", "", "1,200.00")


def test_a_line_that_states_the_delimiter_is_believed(tmp_path: Path) -> None:
    rows = upload(tmp_path, "a.csv", b"sep=;\na,b;c\nd,e;f\n").grids[0].rows
    assert rows[1:] == (("a,b", "c"), ("d,e", "f"))


def test_text_that_is_no_table_has_none(tmp_path: Path) -> None:
    journal = b"2025-01-02 Opening\n    assets:bank    $1000.00\n    equity:opening\n"
    read = upload(tmp_path, "books.journal", journal)
    assert read.grids == ()
    assert read.text == journal.decode()
    assert upload(tmp_path, "books.gnucash", b"SQLite format 3\0" + bytes(100)).text == ""


def workbook(rows: list[list[object]], *, formulas: bool = False) -> bytes:
    """A workbook with one sheet that is seen and one that is hidden."""
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        sheet, hidden = book.add_worksheet("Journal"), book.add_worksheet("Notes")
        hidden.hide()
        hidden.write(0, 0, "not for the report")
        days = book.add_format({"num_format": "mm/dd/yyyy"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(number, column, cell, days)
                elif formulas and isinstance(cell, float):
                    sheet.write_formula(number, column, f"={cell:.2f}")
                elif isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(number, column, cell)
                else:
                    sheet.write(number, column, cell)
    return body.getvalue()


def test_a_workbook_gives_plain_amounts_and_iso_days_of_the_sheets_that_are_seen(tmp_path: Path) -> None:
    day = datetime(2025, 1, 15)
    read = upload(tmp_path, "book.xlsx", workbook([["Date", "Amount"], [day, 1234.5], [day, 0.1 + 0.2], [day, 12]]))
    assert [grid.sheet for grid in read.grids] == ["Journal"]
    assert read.grids[0].typed
    # 0.1 + 0.2 is 0.30000000000000004 in binary; spreadsheets show fifteen digits.
    assert [row[1] for row in read.grids[0].rows] == ["Amount", "1234.5", "0.3", "12"]
    assert read.grids[0].rows[1][0] == "2025-01-15"


def test_amounts_that_are_text_in_a_workbook_are_as_written(tmp_path: Path) -> None:
    read = upload(tmp_path, "book.xlsx", workbook([["Date", "Amount"], ["01/15/2025", "1.234,50"]]))
    assert not read.grids[0].typed
    assert read.grids[0].rows[1] == ("01/15/2025", "1.234,50")


def test_formulas_that_nobody_calculated_are_numbers_or_unknown_and_never_zero(tmp_path: Path) -> None:
    # QuickBooks Online writes amounts as =1250.00, without results: Excel makes them when it opens the file.
    body = workbook([["Amount"], [1250.0], [-3.5], ["=B2+B3"]], formulas=True)
    assert [row[0] for row in upload(tmp_path, "book.xlsx", body).grids[0].rows] == ["Amount", "1250.00", "-3.50", ""]


def test_a_packed_file_that_grows_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from executive_suite.adopt import workbook as module

    monkeypatch.setattr(module, "MOST_UNPACKED", 1000)
    with pytest.raises(NotReadableError, match="unpacks to more"):
        upload(tmp_path, "book.xlsx", workbook([["x" * 100] * 20]))


def test_a_table_beyond_all_bounds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_CELLS", 10)
    with pytest.raises(NotReadableError, match="more than 10 cells"):
        upload(tmp_path, "a.csv", b"a,b,c\n" * 10)


def test_a_mark_that_promises_another_encoding_is_refused_with_the_byte(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match=r"a\.csv: begins as UTF-8, but byte 5 is not"):
        upload(tmp_path, "a.csv", b"\xef\xbb\xbfa,\xe9\n")


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def crafted(cells: str, words: str = "") -> bytes:
    """A workbook whose sheet and shared texts are these elements, whatever they claim."""
    kept = io.BytesIO()
    plain = workbook([["x"]])
    with zipfile.ZipFile(io.BytesIO(plain)) as given, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            body = given.read(name)
            if name == "xl/worksheets/sheet1.xml":
                body = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'.encode()
            if name == "xl/sharedStrings.xml" and words:
                body = f'<sst xmlns="{MAIN}"><si><t>{words}</t></si></sst>'.encode()
            made.writestr(name, body)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', ""),
        ('<row><c t="s"><v>0</v></c></row>' * 5_000, "y" * 1_000_000),
    ],
    ids=["the last cell of a sheet", "one long text in every row"],
)
def test_a_small_workbook_takes_neither_all_memory_nor_the_process(
    tmp_path: Path, cells: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library ends its process when the memory does."""
    monkeypatch.setattr("executive_suite.adopt.workbook.MEMORY", 1 << 30)
    body = crafted(cells, words)
    assert len(body) < 20_000
    with pytest.raises(NotReadableError, match=r"^a\.xlsx: (asks for more memory|sheet .* has more than)[^\n]*$"):
        upload(tmp_path, "a.xlsx", body)
