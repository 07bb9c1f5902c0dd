"""The words of a typeset report, read back from its bytes as a viewer does: glyph numbers through each font's table."""

from __future__ import annotations

import re
import zlib
from functools import cache

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-F]+)> <([0-9A-F]+)>")
# A string holds parentheses that are balanced as they are (a glyph number may be one), others after a backslash.
_STRING = rb"(?:\\.|[^\\()]|\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\))*"
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\((" + _STRING + rb")\)", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@cache
def words(pdf: bytes) -> str:
    """All pages' text in the order in which it is drawn, without white space: where lines break is no matter."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for _, body in sorted(objects.items()) if re.search(rb"/Type\s*/Page\b", body)]
    return "".join(re.sub(r"\s", "", _page(objects, page)) for page in pages)


def _page(objects: dict[int, bytes], page: bytes) -> str:
    fonts = {
        name: _table(objects, int(number))
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", _resources(objects, page))
    }
    found, table = [], {}
    (content,) = re.findall(rb"/Contents (\d+) 0 R", page)
    for font, shown in _SHOWN.findall(_stream(objects[int(content)])):
        if font:
            table = fonts[font]
        else:
            codes = _ESCAPED.sub(_unescaped, shown)
            found += [table.get(codes[at : at + 2], "") for at in range(0, len(codes), 2)]
    return "".join(found)


def _unescaped(match: re.Match[bytes]) -> bytes:
    given = match.group(1)
    return bytes([int(given, 8)]) if given.isdigit() else _PLAIN.get(given, given)


def _resources(objects: dict[int, bytes], page: bytes) -> bytes:
    (number,) = re.findall(rb"/Resources (\d+) 0 R", page) or [b""]
    return objects[int(number)] if number else page


def _table(objects: dict[int, bytes], font: int) -> dict[bytes, str]:
    """What each glyph number of a font stands for."""
    (number,) = re.findall(rb"/ToUnicode (\d+) 0 R", objects[font])
    pairs = _PAIR.findall(_stream(objects[int(number)]))
    return {bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _stream(body: bytes) -> bytes:
    (data,) = _STREAM.findall(body)
    return zlib.decompress(data) if b"FlateDecode" in body else data
