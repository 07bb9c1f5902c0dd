"""Formulas of a workbook whose results nobody calculated: programs write ``=1250.00`` and leave the rest to Excel."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from lxml import etree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NUMBER = re.compile(r"=?([+-]?\d+(?:\.\d+)?)")
_PLACE = re.compile(r"([A-Z]+)(\d+)")

Cells = dict[tuple[int, int], str]
"""Row and column, from 0, to the cell's text; empty where the result is not known."""


def results(body: bytes) -> Mapping[str, Cells]:
    """By sheet, what cells with a formula come to where the file does not say it: a number, or nothing that is known.

    Args:
        body: Of a packed workbook; other than ``.xlsx`` has none of these.

    Raises:
        OSError, ValueError: the workbook is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return {name: _cells(packed, part) for name, part in _sheets(packed) if part in packed.namelist()}
    except (etree.XMLSyntaxError, zipfile.BadZipFile) as error:
        raise ValueError(str(error)) from None


def _sheets(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's name and part."""
    book, relations = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if not {book, relations} <= set(packed.namelist()):
        return
    parts = {one.get("Id"): one.get("Target", "") for one in _parsed(packed.read(relations))}
    for sheet in _parsed(packed.read(book)).iter(f"{MAIN}sheet"):
        target = parts.get(sheet.get(RELATION), "")
        yield sheet.get("name", ""), posixpath.normpath(posixpath.join("xl", target)).lstrip("/")


def _parsed(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(body, parser)


def _cells(packed: zipfile.ZipFile, part: str) -> Cells:
    """The cells with a formula that has no result, or says another number than it keeps."""
    found: Cells = {}
    zeros: list[tuple[int, int]] = []
    with packed.open(part) as file:
        for _, cell in etree.iterparse(file, tag=f"{MAIN}c", resolve_entities=False, no_network=True):
            formula, value = cell.findtext(f"{MAIN}f"), cell.findtext(f"{MAIN}v") or ""
            place = _PLACE.fullmatch(cell.get("r", ""))
            if formula is not None and place:
                at = int(place[2]) - 1, _column(place[1])
                number = _NUMBER.fullmatch(formula.strip())
                if number and not (_NUMBER.fullmatch(value) and Decimal(value) == Decimal(number[1])):
                    found[at] = number[1]
                elif not number and not value:
                    found[at] = ""
                elif not number and value == "0":
                    zeros.append(at)
            cell.clear()
    # Nobody calculated this sheet: its sums are 0 because they were never made.
    return {**dict.fromkeys(zeros, ""), **found} if any(found.values()) else found


def _column(letters: str) -> int:
    """A column's number, from 0.

    >>> _column("A"), _column("Z"), _column("AA")
    (0, 25, 26)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
