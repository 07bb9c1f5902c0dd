"""The structure of a tagged PDF, read back from its bytes: what comes after what, and on which page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject


@dataclass(frozen=True)
class Element:
    """A heading, paragraph, row, picture.

    Attributes:
        kind: Its tag: ``H2``, ``P``, ``TR``, ``Figure``.
        pages: The pages that its content is on, from 0, in order.
        inside: The elements directly in it.
    """

    kind: str
    pages: tuple[int, ...]
    inside: tuple[Element, ...]

    def every(self, *kinds: str) -> Iterator[Element]:
        """The elements of some kinds in it, itself included, in reading order; nothing inside one that is given."""
        if self.kind in kinds:
            yield self
            return
        for part in self.inside:
            yield from part.every(*kinds)


@cache
def structure(pdf: bytes) -> Element:
    """The whole document as one element."""
    reader = PdfReader(io.BytesIO(pdf))
    numbers = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages) if page.indirect_reference}
    return _element(reader.trailer["/Root"]["/StructTreeRoot"], None, numbers)  # type: ignore[index]


def _element(node: DictionaryObject, page: int | None, numbers: dict[int, int]) -> Element:
    raw = node.raw_get("/Pg") if "/Pg" in node else None
    page = numbers[raw.idnum] if isinstance(raw, IndirectObject) else page
    kids: Any = node.get("/K", [])
    pages: list[int] = []
    inside: list[Element] = []
    for kid in kids if isinstance(kids, ArrayObject | list) else [kids]:
        item = kid.get_object()
        if isinstance(item, DictionaryObject) and "/S" in item:
            inside.append(_element(item, page, numbers))
            pages += inside[-1].pages
        elif isinstance(item, DictionaryObject):
            own = item.raw_get("/Pg") if "/Pg" in item else None
            pages += [numbers[own.idnum]] if isinstance(own, IndirectObject) else [page] if page is not None else []
        elif page is not None:
            pages.append(page)
    return Element(str(node.get("/S", "")).removeprefix("/"), tuple(sorted(set(pages))), tuple(inside))
