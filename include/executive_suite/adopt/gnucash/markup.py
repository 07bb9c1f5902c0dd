"""A book that GnuCash keeps in XML, plain or compressed: read piece by piece, within bounds, without any entity."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from executive_suite.adopt.gnucash.book import (
    CURRENCIES,
    Book,
    BookAccount,
    BookError,
    BookTransaction,
    Split,
    decimal,
    fraction,
)
from executive_suite.sources.postings import Price

MOST_BYTES = 400 << 20
"""Of XML, decompressed: about half a million splits."""
DEEPEST = 50
PIECE = 1 << 20

_GZIP = b"\x1f\x8b"
_ROOT = re.compile(rb"<gnc-v2[\s>]")
_HEAD = 4000
_RATIO = re.compile(r"(-?\d{1,30})(?:/(-?\d{1,30}))?")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_KEPT = frozenset({"gnc:account", "gnc:transaction", "book:slots", "price"})
_TEMPLATES = "gnc:template-transactions"


def known(body: bytes) -> bool:
    """Whether a file begins as a book in XML, compressed or not."""
    try:
        return bool(_ROOT.search(next(_pieces(body), b"")[:_HEAD]))
    except BookError:
        return False


def book(body: bytes) -> Book:
    """What a book says.

    Raises:
        BookError: it is too large, damaged or incomplete, or declares a document type.
    """
    reading = _Reading()
    try:
        for piece in _pieces(body):
            reading.parser.Parse(piece)
        reading.parser.Parse(b"", True)  # noqa: FBT003 - the end; expat takes no keywords
    except expat.ExpatError as error:
        raise BookError(error.lineno, f"its XML is damaged or incomplete ({expat.ErrorString(error.code)})") from None
    return reading.book


def _pieces(body: bytes) -> Iterator[bytes]:
    """A file in pieces, decompressed if it is compressed, up to a bound."""
    if not body.startswith(_GZIP):
        yield from (body[at : at + PIECE] for at in range(0, len(body), PIECE))
        return
    unzip, total = zlib.decompressobj(wbits=31), 0
    try:
        rest = body
        while rest and not unzip.eof:
            piece = unzip.decompress(rest, PIECE)
            total += len(piece)
            if total > MOST_BYTES:
                raise BookError(0, f"it is larger than {MOST_BYTES >> 20} MB when decompressed")
            rest = unzip.unconsumed_tail
            if piece:
                yield piece
    except zlib.error:
        raise BookError(0, "the compressed file is damaged") from None
    if not unzip.eof:
        raise BookError(0, "the compressed file ends early; the copy may be incomplete")


class _Reading:
    """Builds a book from the events of the parser, one account or transaction at a time.

    Prefixes stay part of names (``act_name``): they are the same in every book.
    """

    def __init__(self) -> None:
        self.book = Book()
        self.depth = 0
        self.inside_templates = False
        self.builder: TreeBuilder | None = None
        self.kept = ""
        self.row = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.StartDoctypeDeclHandler = self.doctype

    def doctype(self, *_: object) -> None:
        raise BookError(self.parser.CurrentLineNumber, "it declares a document type, which no book of GnuCash does")

    def start(self, tag: str, _: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BookError(self.parser.CurrentLineNumber, f"elements are nested more than {DEEPEST} deep")
        self.inside_templates = self.inside_templates or tag == _TEMPLATES
        if self.builder is None and tag in _KEPT:
            self.builder, self.kept, self.row = TreeBuilder(), tag, self.parser.CurrentLineNumber
        if self.builder is not None:
            self.builder.start(tag.replace(":", "_"), {})

    def data(self, text: str) -> None:
        if self.builder is not None:
            self.builder.data(text)

    def end(self, tag: str) -> None:
        self.depth -= 1
        if tag == _TEMPLATES:
            self.inside_templates = False
        if self.builder is None:
            return
        self.builder.end(tag.replace(":", "_"))
        if tag == self.kept:
            element = self.builder.close()
            self.builder = None
            self.take(element)

    def take(self, element: Element) -> None:
        """One whole piece of the book."""
        if element.tag == "book_slots":
            self.book.company = self.book.company or _slot(element, "options", "Business", "Company Name")
        elif element.tag == "price":
            self.book.prices += _price(element, self.row)
        elif self.inside_templates:
            self.book.templates += element.tag == "gnc_transaction"
        elif element.tag == "gnc_account":
            account = _account(element)
            self.book.accounts[account.id] = account
        else:
            self.book.transactions.append(_transaction(element, self.row))


def _account(element: Element) -> BookAccount:
    commodity = element.find("act_commodity")
    space, name = (_text(commodity, tag) for tag in ("cmdty_space", "cmdty_id"))
    guid, own, kind, parent = (_text(element, f"act_{tag}") for tag in ("id", "name", "type", "parent"))
    placeholder = _slot(element.find("act_slots"), "placeholder") == "true"
    return BookAccount(guid, own, kind, parent, space, name, _text(element, "act_code"), placeholder)


def _transaction(element: Element, row: int) -> BookTransaction:
    currency = element.find("trn_currency")
    posted = _slot(element.find("trn_slots"), "date-posted") or _text(element.find("trn_date-posted"), "ts_date")
    found = _DAY.match(posted)
    try:
        day = date(*map(int, found.groups())) if found else date.fromisoformat(posted)
    except ValueError:
        raise BookError(row, f'a transaction has the day "{posted}"') from None
    splits = tuple(_split(one, row) for one in element.iterfind("trn_splits/trn_split"))
    words = (_text(currency, "cmdty_space"), _text(currency, "cmdty_id"), _text(element, "trn_description"))
    return BookTransaction(_text(element, "trn_id"), day, *words, splits, row)


def _price(element: Element, row: int) -> Iterator[Price]:
    """The rate of a currency; the price of a share is none."""
    one, other = element.find("price_commodity"), element.find("price_currency")
    found = _DAY.match(_text(element.find("price_time"), "ts_date"))
    if found and {_text(own, "cmdty_space") for own in (one, other)} <= CURRENCIES:
        rate = decimal(_ratio(_text(element, "price_value"), row))
        yield Price(date(*map(int, found.groups())), _text(one, "cmdty_id"), rate, _text(other, "cmdty_id"))


def _split(element: Element, row: int) -> Split:
    stated = _text(element, "split_value")
    value, quantity = _ratio(stated, row), _ratio(_text(element, "split_quantity") or stated, row)
    memo, state = _text(element, "split_memo"), _text(element, "split_reconciled-state")
    return Split(_text(element, "split_account"), value, quantity, memo, state)


def _ratio(text: str, row: int) -> Fraction:
    found = _RATIO.fullmatch(text)
    if not found:
        raise BookError(row, f'an amount is "{text}"')
    return fraction(int(found[1]), int(found[2] or 1), row)


def _text(element: Element | None, tag: str) -> str:
    found = element.find(tag) if element is not None else None
    return (found.text or "").strip() if found is not None else ""


def _slot(slots: Element | None, *path: str) -> str:
    """The value of a slot, by its keys from the outermost; empty if there is none."""
    value = slots
    for key in path:
        own = (slot for slot in value.iterfind("slot") if _text(slot, "slot_key") == key) if value is not None else ()
        slot = next(iter(own), None)
        value = slot.find("slot_value") if slot is not None else None
    if value is None:
        return ""
    day = value.find("gdate")
    return ((day.text if day is not None else value.text) or "").strip()
