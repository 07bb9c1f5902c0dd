"""GnuCash's books, kept in SQLite and in XML: the layouts are those of its wiki (SQL) and of doc/gnucash-v2.rnc (XML).

Balances of the public books of piecash (gnucash_books/*.gnucash) were compared with piecash's own: they agree.
"""

from __future__ import annotations

import gzip
import sqlite3
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from executive_suite.adopt.readers import gnucash
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.adopt.upload import Upload, opened

ACCOUNTS = [  # guid, name, type, parent, commodity, placeholder
    ("root", "Root Account", "ROOT", "", "", 0),
    ("assets", "Assets", "ASSET", "root", "USD", 1),
    ("bank", "Checking", "BANK", "assets", "USD", 0),
    ("euro", "Euro account", "BANK", "assets", "EUR", 0),
    ("broker", "Shares", "STOCK", "assets", "XYZ", 0),
    ("card", "Visa", "CREDIT", "root", "USD", 0),
    ("sales", "Charters", "INCOME", "root", "USD", 0),
    ("fuel", "Fuel", "EXPENSE", "root", "USD", 0),
    ("hidden", "Old truck", "EXPENSE", "root", "USD", 1),
    ("trading", "Trading", "TRADING", "root", "USD", 0),
    ("lost", "Imbalance-USD", "BANK", "root", "USD", 0),
    ("template root", "Template Root", "ROOT", "", "", 0),
    ("template", "monthly", "BANK", "template root", "", 0),
]
Split = tuple[str, str, str, str]
TRANSACTIONS: list[tuple[str, str, str, list[Split]]] = [  # guid, day, description, splits: value, quantity, state
    ("t1", "2025-01-31", "Charter", [("bank", "1200000/1000", "1200/1", "n"), ("sales", "-1200/1", "-1200/1", "y")]),
    ("t2", "2025-02-01", "Diesel", [("fuel", "4010/100", "4010/100", "n"), ("card", "-4010/100", "-4010/100", "n")]),
    (
        *("t3", "2025-02-02", "Euros"),
        [
            *(("euro", "110/1", "100/1", "n"), ("bank", "-110/1", "-110/1", "n")),
            *(("trading", "-110/1", "-100/1", "n"), ("trading", "110/1", "110/1", "n")),
        ],
    ),
    (
        *("t4", "2025-02-03", "Shares"),
        [("broker", "47997117/100000", "6811/1000", "n"), ("bank", "-47997/100", "-47997/100", "n")],
    ),
    ("t5", "2025-02-04", "Shares split", [("broker", "0/100", "10/1", "n")]),
    ("t6", "2025-02-05", "Wrong", [("fuel", "0/100", "0/100", "v"), ("bank", "0/100", "0/100", "v")]),
    ("t7", "2025-02-06", "Somebody paid", [("bank", "5/1", "5/1", "n"), ("lost", "-5/1", "-5/1", "n")]),
    ("t8", "2025-02-07", "Tires", [("hidden", "8/1", "8/1", "n"), ("bank", "-8/1", "-8/1", "n")]),
    ("t9", "2025-02-08", "Monthly rent", [("template", "0/1", "0/1", "n"), ("template", "0/1", "0/1", "n")]),
]
SCHEMA = """
CREATE TABLE books (guid text(32) PRIMARY KEY NOT NULL, root_account_guid text(32) NOT NULL,
    root_template_guid text(32) NOT NULL);
CREATE TABLE commodities (guid text(32) PRIMARY KEY NOT NULL, namespace text(2048) NOT NULL,
    mnemonic text(2048) NOT NULL, fraction integer NOT NULL);
CREATE TABLE accounts (guid text(32) PRIMARY KEY NOT NULL, name text(2048) NOT NULL, account_type text(2048) NOT NULL,
    commodity_guid text(32), parent_guid text(32), code text(2048), hidden integer, placeholder integer);
CREATE TABLE transactions (guid text(32) PRIMARY KEY NOT NULL, currency_guid text(32) NOT NULL, num text(2048) NOT NULL,
    post_date text(19), enter_date text(19), description text(2048));
CREATE TABLE splits (guid text(32) PRIMARY KEY NOT NULL, tx_guid text(32) NOT NULL, account_guid text(32) NOT NULL,
    memo text(2048) NOT NULL, action text(2048) NOT NULL, reconcile_state text(1) NOT NULL, reconcile_date text(19),
    value_num bigint NOT NULL, value_denom bigint NOT NULL, quantity_num bigint NOT NULL,
    quantity_denom bigint NOT NULL);
CREATE TABLE slots (id integer PRIMARY KEY, obj_guid text(32) NOT NULL, name text(4096) NOT NULL,
    slot_type integer NOT NULL, string_val text(4096), gdate_val text(8));
CREATE TABLE prices (guid text(32) PRIMARY KEY NOT NULL, commodity_guid text(32) NOT NULL,
    currency_guid text(32) NOT NULL, date text(19) NOT NULL, source text(2048), type text(2048),
    value_num bigint NOT NULL, value_denom bigint NOT NULL);
INSERT INTO prices VALUES ('p1', 'EUR', 'USD', '2025-01-15 00:00:00', '', '', 105, 100),
    ('p2', 'XYZ', 'USD', '2025-01-15 00:00:00', '', '', 70, 1);
INSERT INTO books VALUES ('book', 'root', 'template root');
INSERT INTO commodities VALUES ('USD', 'CURRENCY', 'USD', 100), ('EUR', 'CURRENCY', 'EUR', 100),
    ('XYZ', 'NYSE', 'XYZ', 1);
INSERT INTO slots VALUES (1, 'book', 'options/Business/Company Name', 4, 'Harbor Charters', NULL);
"""


def in_sqlite(path: Path, more: str = "") -> Upload:
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    for guid, name, kind, parent, commodity, placeholder in ACCOUNTS:
        row = (guid, name, kind, commodity or None, parent or None, "", 0, placeholder)
        connection.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    for guid, day, description, splits in TRANSACTIONS:
        stamp = f"{day} 10:59:00"
        connection.execute("INSERT INTO transactions VALUES (?, 'USD', '', ?, ?, ?)", (guid, stamp, stamp, description))
        for number, (account, value, quantity, state) in enumerate(splits):
            figures = [*value.split("/"), *quantity.split("/")]
            row = (f"{guid}-{number}", guid, account, "", "", state, None, *map(int, figures))
            connection.execute(f"INSERT INTO splits VALUES ({', '.join('?' * 11)})", row)
    connection.executescript(more)
    connection.commit()
    connection.close()
    return opened(path)


def commodity(name: str, tag: str) -> str:
    space = "NYSE" if name == "XYZ" else "CURRENCY"
    return f"<{tag}><cmdty:space>{space}</cmdty:space><cmdty:id>{name}</cmdty:id></{tag}>" if name else ""


def account(guid: str, name: str, kind: str, parent: str, own: str, placeholder: int) -> str:
    above = f'<act:parent type="guid">{parent}</act:parent>' if parent else ""
    slot = '<slot><slot:key>placeholder</slot:key><slot:value type="string">true</slot:value></slot>'
    return (
        f'<gnc:account version="2.0.0"><act:name>{name}</act:name><act:id type="guid">{guid}</act:id>'
        f"<act:type>{kind}</act:type>{commodity(own, 'act:commodity')}"
        f"{f'<act:slots>{slot}</act:slots>' if placeholder else ''}"
        f"{above}</gnc:account>\n"
    )


def transaction(guid: str, day: str, description: str, splits: list[Split]) -> str:
    lines = "".join(
        f'<trn:split><split:id type="guid">{guid}-{number}</split:id><split:reconciled-state>{state}'
        f"</split:reconciled-state><split:value>{value}</split:value><split:quantity>{quantity}</split:quantity>"
        f'<split:account type="guid">{own}</split:account></trn:split>\n'
        for number, (own, value, quantity, state) in enumerate(splits)
    )
    return (
        f'<gnc:transaction version="2.0.0"><trn:id type="guid">{guid}</trn:id>{commodity("USD", "trn:currency")}'
        f"<trn:date-posted><ts:date>{day} 23:30:00 -0800</ts:date></trn:date-posted>"
        f"<trn:description>{description}</trn:description><trn:splits>{lines}</trn:splits></gnc:transaction>\n"
    )


def in_xml(head: str = "") -> str:
    spaces = "".join(
        f' xmlns:{one}="http://www.gnucash.org/XML/{one}"'
        for one in ("gnc", "act", "book", "cmdty", "price", "slot", "split", "trn", "ts")
    )
    company = "".join(
        f"<slot><slot:key>{key}</slot:key><slot:value>" for key in ("options", "Business", "Company Name")
    )
    company += f"Harbor Charters{'</slot:value></slot>' * 3}"
    own = [one for one in ACCOUNTS if not one[0].startswith("template")]
    templates = [one for one in ACCOUNTS if one[0].startswith("template")]
    price = "<price><price:id/>{}{}<price:time><ts:date>2025-01-15 00:00:00 -0800</ts:date></price:time>"
    price += "<price:value>{}</price:value></price>"
    usd = commodity("USD", "price:currency")
    prices = price.format(commodity("EUR", "price:commodity"), usd, "105/100")
    prices += price.format(commodity("XYZ", "price:commodity"), usd, "70/1")
    return (
        f'<?xml version="1.0" encoding="utf-8" ?>\n{head}<gnc-v2{spaces}>\n<gnc:book version="2.0.0">'
        f'<book:id type="guid">book</book:id><book:slots>{company}</book:slots>\n'
        f"<gnc:pricedb>{prices}</gnc:pricedb>"
        f"{''.join(account(*one) for one in own)}{''.join(transaction(*one) for one in TRANSACTIONS[:-1])}"
        f"<gnc:template-transactions>{''.join(account(*one) for one in templates)}{transaction(*TRANSACTIONS[-1])}"
        "</gnc:template-transactions></gnc:book></gnc-v2>\n"
    )


def upload(body: bytes) -> Upload:
    return Upload(Path("books.gnucash"), "books.gnucash", body, "0" * 64)


def read(given: Upload) -> Reading:
    found = gnucash.read(given)
    assert found is not None
    return found


@pytest.mark.parametrize("kept", ["sqlite", "xml", "gzip"])
def test_a_book_is_the_same_however_it_is_kept(tmp_path: Path, kept: str) -> None:
    xml = in_xml().encode()
    given = (
        in_sqlite(tmp_path / "books.gnucash")
        if kept == "sqlite"
        else upload(xml if kept == "xml" else gzip.compress(xml))
    )
    found = read(given)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in found.entries:
        assert sum(line.amount for line in entry.lines) == 0
        for line in entry.lines:
            sums[line.account] += line.amount
    assert sums == {
        "Assets:Checking": Decimal("607.03"),  # 1200 - 110 - 479.97 + 5 - 8
        "Assets:Euro account": Decimal(110),  # what 100 euros cost
        "Assets:Shares": Decimal("479.97"),
        "Visa": Decimal("-40.10"),
        "Charters": Decimal(-1200),
        "Fuel": Decimal("40.10"),
        "Old truck": Decimal(8),
        "": Decimal(-5),  # what GnuCash calls an imbalance is the bank's money from somebody unknown
    }
    assert {one.what: one.count for one in found.left_out} == {
        "templates of scheduled transactions": 1,
        "lines of trading accounts": 2,
        "changes in shares without a value": 1,
        "voided transactions": 1,
    }
    assert (found.company, found.currency) == ("Harbor Charters", "USD")
    assert (found.begins, found.ends) == (date(2025, 1, 31), date(2025, 2, 7))
    assert {one.name: (one.type, one.is_cash) for one in found.accounts} == {
        "Assets:Checking": ("asset", True),
        "Assets:Euro account": ("asset", True),
        "Assets:Shares": ("asset", False),
        "Visa": ("liability", False),
        "Charters": ("revenue", False),
        "Fuel": ("expense", False),
        "Old truck": ("expense", False),  # a placeholder that was used before it became one
    }
    assert [entry.number for entry in found.entries] == ["t1", "t2", "t3", "t4", "t7", "t8"]
    assert found.records == ()  # nothing is booked in another currency


@pytest.mark.parametrize("kept", ["sqlite", "xml"])
def test_rates_of_currencies_that_are_booked(tmp_path: Path, kept: str) -> None:
    if kept == "sqlite":
        given = in_sqlite(tmp_path / "books.gnucash", "UPDATE transactions SET currency_guid = 'EUR' WHERE guid = 't7'")
    else:
        usd, eur = (commodity(code, "trn:currency") for code in ("USD", "EUR"))
        before, mark, after = in_xml().partition('<trn:id type="guid">t7</trn:id>')
        given = upload((before + mark + after.replace(usd, eur, 1)).encode())
    source = "prices in the books"
    assert [dict(one.values) for one in read(given).records if one.values["valid_from"] != "2025-02-06"] == [
        {"param": "fx_EUR", "scope": "group", "valid_from": day, "value": rate, "unit": "rate", "source": source}
        for day, rate in (("2025-01-15", "1.05"), ("2025-02-02", "1.1"))  # as stated, and as 100 euros cost 110
    ]


def test_an_account_of_the_type_asset_may_be_money_by_its_name() -> None:
    xml = (
        in_xml()
        .replace("<act:name>Fuel</act:name>", "<act:name>Savings</act:name>")
        .replace(">fuel</act:id><act:type>EXPENSE", ">fuel</act:id><act:type>ASSET")
    )
    assert {one.name: one.is_cash for one in read(upload(xml.encode())).accounts}["Savings"] is None
    xml = xml.replace("Savings", "Workshop")
    assert {one.name: one.is_cash for one in read(upload(xml.encode())).accounts}["Workshop"] is False


@pytest.mark.parametrize(
    ("posted", "stated", "day"),
    [
        ("2025-01-31 10:59:00", "", date(2025, 1, 31)),
        ("20250130230000", "", date(2025, 1, 31)),  # midnight in Brussels, before GnuCash 2.6.17
        ("20250131080000", "", date(2025, 1, 31)),  # midnight in San Diego
        ("2025-01-31 10:59:00", "20250201", date(2025, 2, 1)),  # the day that was entered, which GnuCash shows
    ],
)
def test_the_day_of_a_stamp_in_sqlite(tmp_path: Path, posted: str, stated: str, day: date) -> None:
    slot = f"INSERT INTO slots VALUES (2, 't1', 'date-posted', 10, NULL, '{stated}');" if stated else ""
    more = f"UPDATE transactions SET post_date = '{posted}' WHERE guid = 't1'; {slot}"
    found = read(in_sqlite(tmp_path / "books.gnucash", more))
    assert {entry.number: entry.day for entry in found.entries}["t1"] == day


def test_what_others_write_as_a_book_lacks_little(tmp_path: Path) -> None:
    xml = in_xml()
    for gone in ("<split:quantity>4010/100</split:quantity>", commodity("USD", "trn:currency"), 'trn:id type="guid"'):
        xml = xml.replace(gone, "trn:number" if gone.startswith("trn") else "")
    xml = xml.replace("</trn:id>", "</trn:number>")
    entry = read(upload(xml.encode())).entries[1]
    assert [(line.amount, line.currency) for line in entry.lines] == [
        *((Decimal("40.10"), ""), (Decimal("-40.10"), "")),
    ]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (in_xml(BOMB).encode(), "line 2: it declares a document type"),
        (in_xml().encode()[:-40], "damaged or incomplete"),
        (gzip.compress(in_xml().encode())[:-40], "ends early"),
        (in_xml().replace("4010/100", "4010/0", 1).encode(), "denominator 0"),
        (in_xml().replace("4010/100", "4011/100", 1).encode(), "does not sum to zero, but to 0.01"),
        (in_xml().replace(">root</act:parent>", ">card</act:parent>").encode(), "is its own parent"),
        (in_xml().replace(">fuel</split:account>", ">gone</split:account>").encode(), "not in the book"),
        (in_xml().replace("2025-02-01 ", "2025-02-31 ").encode(), "a transaction has the day"),
        (in_xml().replace(">CREDIT<", ">OTHER<").encode(), "unknown type OTHER"),
        (b"<gnc-v2>" + b"<a>" * 100, "nested more than"),
        (b"SQLite format 3\0" + b"x" * 5000, "cannot be read"),
    ],
)
def test_what_is_damaged_or_hostile_is_refused_on_one_line(body: bytes, said: str) -> None:
    with pytest.raises(NotReadableError) as refused:
        read(upload(body))
    assert said in str(refused.value)
    assert str(refused.value).isprintable()


def test_a_compressed_file_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("executive_suite.adopt.gnucash.markup.MOST_BYTES", 1 << 20)
    bomb = gzip.compress(b"<gnc-v2>" + b" " * (3 << 20))
    with pytest.raises(NotReadableError, match="when decompressed"):
        read(upload(bomb))


def test_a_view_in_the_place_of_a_table_is_not_run(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS guid FROM n"
    given = in_sqlite(tmp_path / "books.gnucash", f"DROP TABLE transactions; CREATE VIEW transactions AS {endless};")
    assert gnucash.read(given) is None


def test_a_book_without_slots_prices_and_templates(tmp_path: Path) -> None:
    lacking = "; ".join(f"DROP TABLE {name}" for name in ("slots", "prices", "books"))
    found = read(in_sqlite(tmp_path / "books.gnucash", f"DELETE FROM transactions WHERE guid = 't9'; {lacking}"))
    assert len(found.entries) == 6


def test_other_databases_and_archives_are_another_readers(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "a.db").execute("CREATE TABLE accounts (id)").connection.commit()
    assert gnucash.read(opened(tmp_path / "a.db")) is None
    assert gnucash.read(upload(gzip.compress(b"hello"))) is None
    assert gnucash.read(upload(b"Date,Amount\n")) is None
