"""A book that GnuCash keeps in SQLite: opened from its bytes in memory: it can reach no file and change nothing."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

from executive_suite.adopt.gnucash.book import Book, BookAccount, BookError, BookTransaction, Split, decimal, fraction
from executive_suite.sources.postings import Price

MAGIC = b"SQLite format 3\0"
STEPS = 100_000
"""Steps of SQLite's machine between two looks at how many there were."""
MOST_LOOKS = 5_000
TABLES = frozenset({"accounts", "commodities", "splits", "transactions"})
OTHERS = {
    "books": "root_template_guid",
    "slots": "obj_guid, name, string_val, gdate_val",
    "prices": "commodity_guid, currency_guid, date, value_num, value_denom",
}
"""Tables that a book can do without, to their columns that are read."""

_ACCOUNTS = """
    SELECT a.guid, a.name, a.account_type, a.parent_guid, c.namespace, c.mnemonic, a.code, {placeholder}
    FROM accounts a LEFT JOIN commodities c ON c.guid = a.commodity_guid
"""
_TRANSACTIONS = """
    SELECT t.rowid, t.guid, t.post_date, c.namespace, c.mnemonic, t.description,
           (SELECT s.gdate_val FROM slots s WHERE s.obj_guid = t.guid AND s.name = 'date-posted')
    FROM transactions t LEFT JOIN commodities c ON c.guid = t.currency_guid
    ORDER BY t.post_date, t.rowid
"""
_SPLITS = """
    SELECT tx_guid, account_guid, value_num, value_denom, quantity_num, quantity_denom, memo, reconcile_state
    FROM splits ORDER BY rowid
"""
_PRICES = """
    SELECT p.rowid, p.date, one.mnemonic, other.mnemonic, p.value_num, p.value_denom
    FROM prices p
    JOIN commodities one ON one.guid = p.commodity_guid
    JOIN commodities other ON other.guid = p.currency_guid
    WHERE one.namespace IN ('CURRENCY', 'ISO4217') AND other.namespace IN ('CURRENCY', 'ISO4217')
    ORDER BY p.date, p.rowid
"""
_COMPANY = "SELECT string_val FROM slots WHERE name = 'options/Business/Company Name'"
_NOON = 12


def book(body: bytes) -> Book | None:
    """What a database says; None if it has not the tables of a book.

    Raises:
        BookError: it is damaged, or takes longer than any book.
    """
    looks = 0

    def too_long() -> bool:
        nonlocal looks
        looks += 1
        return looks > MOST_LOOKS

    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(body)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.set_progress_handler(too_long, STEPS)
        found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        if not found.keys() >= TABLES:
            return None
        if any(str(found.get(name)).upper().startswith("CREATE VIRTUAL") for name in (*TABLES, *OTHERS)):
            raise BookError(0, "its tables are not GnuCash's")
        for name, columns in OTHERS.items():
            if name not in found:
                connection.execute(f"CREATE TEMP TABLE {name} ({columns})")
        connection.execute("PRAGMA query_only = ON")
        return _read(connection)
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        raise BookError(0, f"the database cannot be read ({error})") from None
    finally:
        connection.close()


def _read(connection: sqlite3.Connection) -> Book:
    made = Book(company=next((str(name or "") for (name,) in connection.execute(_COMPANY)), ""))
    templates = {str(root) for (root,) in connection.execute("SELECT root_template_guid FROM books")}
    columns = {name for _, name, *_ in connection.execute("PRAGMA table_info(accounts)")}
    placeholder_or_none = "a.placeholder" if "placeholder" in columns else "0"  # books before GnuCash 2.4 have none
    for *words, placeholder in connection.execute(_ACCOUNTS.format(placeholder=placeholder_or_none)):
        guid, name, kind, parent, space, commodity, code = (str(word or "") for word in words)
        made.accounts[guid] = BookAccount(guid, name, kind, parent, space, commodity, code, bool(placeholder))
    apart = {one for one in made.accounts if _root(made, one) in templates}
    splits: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    for transaction, *split in connection.execute(_SPLITS):
        splits[str(transaction)].append(tuple(split))
    for number, guid, posted, space, currency, description, stated in connection.execute(_TRANSACTIONS):
        own = tuple(_split(row, number) for row in splits.get(str(guid), ()))
        if any(one.account in apart for one in own):
            made.templates += 1
            continue
        day = _day(str(stated or ""), number) if stated else _posted(str(posted or ""), number)
        words = (str(space or ""), str(currency or ""), str(description or ""))
        made.transactions.append(BookTransaction(str(guid), day, *words, own, number))
    for number, stamp, one, other, numerator, denominator in connection.execute(_PRICES):
        rate = decimal(_fraction(numerator, denominator, number))
        made.prices.append(Price(_posted(str(stamp or ""), number), str(one), rate, str(other)))
    for account in apart:
        del made.accounts[account]
    return made


def _root(made: Book, account: str) -> str:
    """The root above an account."""
    seen: set[str] = set()
    while (own := made.accounts.get(account)) and own.parent and account not in seen:
        seen.add(account)
        account = own.parent
    return account


def _split(row: tuple[object, ...], number: int) -> Split:
    account, value_num, value_denom, quantity_num, quantity_denom, memo, state = row
    value, quantity = _fraction(value_num, value_denom, number), _fraction(quantity_num, quantity_denom, number)
    return Split(str(account), value, quantity, str(memo or ""), str(state or ""))


def _fraction(numerator: object, denominator: object, number: int) -> Fraction:
    if not (isinstance(numerator, int) and isinstance(denominator, int)):
        raise BookError(number, "an amount is not a whole number of parts")
    return fraction(numerator, denominator, number)


def _posted(stamp: str, row: int) -> date:
    """The day of a stamp in UTC: 10:59 since GnuCash 2.6.17, before that midnight wherever the writer was.

    West of Greenwich midnight is later on the same day in UTC, east of it late on the day before.

    >>> _posted("2025-01-31 10:59:00", 1), _posted("20250130230000", 1), _posted("20250131050000", 1)
    (datetime.date(2025, 1, 31), datetime.date(2025, 1, 31), datetime.date(2025, 1, 31))
    """
    figures = "".join(one for one in stamp if one.isdecimal())
    day = _day(figures, row)
    late = len(figures) == len("20250131230000") and int(figures[8:10]) >= _NOON
    return day + timedelta(days=1) if late else day


def _day(stamp: str, row: int) -> date:
    figures = "".join(one for one in stamp if one.isdecimal())
    try:
        return date(int(figures[:4]), int(figures[4:6]), int(figures[6:8]))
    except ValueError:
        raise BookError(row, f'a transaction has the day "{stamp}"') from None
