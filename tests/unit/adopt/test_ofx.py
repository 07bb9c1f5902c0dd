"""Statements as banks write them in OFX; layouts by the specification (2.3, 3.2.8, 11.4) and of banks named below."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from adoption import OFX_HEADER as HEADER
from executive_suite.adopt.readers import ofx
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.adopt.upload import Upload

XML = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
"""


def upload(text: str | bytes) -> Upload:
    body = text if isinstance(text, bytes) else text.encode()
    return Upload(Path("bank.ofx"), "bank.ofx", body, hashlib.sha256(body).hexdigest())


def read(text: str | bytes) -> Reading:
    found = ofx.read(upload(text))
    assert found is not None
    return found


def line(amount: str, number: str = "1", day: str = "20250131", more: str = "", kind: str = "OTHER") -> str:
    return (
        f"<STMTTRN>\n<TRNTYPE>{kind}\n<DTPOSTED>{day}\n<TRNAMT>{amount}\n<FITID>{number}\n<NAME>Harbor fuel\n{more}"
        "</STMTTRN>\n"
    )


def checking(*lines: str, after: str = "", number: str = "000123456789") -> str:
    return (
        f"<STMTTRNRS><STMTRS>\n<CURDEF>USD\n<BANKACCTFROM><BANKID>1<ACCTID>{number}<ACCTTYPE>CHECKING</BANKACCTFROM>\n"
        f"<BANKTRANLIST>\n<DTSTART>20250101\n<DTEND>20250131\n{''.join(lines)}</BANKTRANLIST>\n{after}</STMTRS>"
        "</STMTTRNRS>\n"
    )


def card(*lines: str, closing: str = "CCSTMTRS") -> str:
    return (
        "<CCSTMTTRNRS><CCSTMTRS><CURDEF>USD<CCACCTFROM><ACCTID>4111000011112222</CCACCTFROM><BANKTRANLIST>\n"
        f"{''.join(lines)}</BANKTRANLIST><LEDGERBAL><BALAMT>-20.00<DTASOF>20250131</LEDGERBAL></{closing}></CCSTMTTRNRS>"
    )


def sgml(*statements: str) -> str:
    body = "".join(statements)
    return f"{HEADER}<OFX>\n<SIGNONMSGSRSV1><SONRS><DTSERVER>20250201</SONRS></SIGNONMSGSRSV1>\n{body}</OFX>"


BALANCE = "<LEDGERBAL>\n<BALAMT>1234.50\n<DTASOF>20250131120000[-8:PST]\n</LEDGERBAL>\n"


def test_a_statement_of_version_1() -> None:
    found = read(sgml(checking(line("-45.10", more="<MEMO>Slip &amp; dock\n"), line("2,000.00", "2"), after=BALANCE)))
    assert (found.kind, found.currency, found.begins, found.ends) == (
        *("bank", "USD"),
        *(date(2025, 1, 1), date(2025, 1, 31)),
    )
    assert [(one.amount, one.text, one.number) for one in found.bank_lines] == [
        (Decimal("-45.10"), "Harbor fuel Slip & dock", "1"),
        (Decimal("2000.00"), "Harbor fuel", "2"),
    ]
    (account,) = found.accounts
    assert (account.name, account.is_cash, account.type) == ("Checking 6789", True, "asset")
    (total,) = found.totals
    assert (total.measure, total.amount, total.ends, total.account) == (
        *("statement", Decimal("1234.50")),
        *(date(2025, 1, 31), account.name),
    )
    assert found.exported_on == date(2025, 2, 1)


def test_lines_are_numbered_as_an_editor_shows_them() -> None:
    text = sgml(checking(line("-1.00"), line("-2.00", "2")))
    rows = [one.origin.row for one in read(text).bank_lines]
    assert [text.split("\n")[row - 1] for row in rows] == ["<STMTTRN>"] * 2
    assert [one.origin.row for one in read(text.replace("\n", "\r\n")).bank_lines] == rows


def test_version_2_with_everything_closed_in_one_line() -> None:
    body = checking(line("-45.10"), after=BALANCE)
    for tag in ("TRNTYPE", "DTPOSTED", "TRNAMT", "FITID", "NAME", "CURDEF", "BALAMT", "DTASOF", "DTSTART", "DTEND"):
        before, *after = body.split(f"<{tag}>")
        body = before + "".join(f"<{tag}>{part.replace(chr(10), f'</{tag}>', 1)}" for part in after)
    memos = "<NAME><![CDATA[A & <B>]]></NAME><MEMO><![CDATA[second]]></MEMO><CHECKNUM/>"
    body = body.replace("<NAME>Harbor fuel</NAME>", memos).replace("\n", "")
    found = read(f"{XML}<OFX xmlns='x'><!-- <STMTTRN> -->{body}</OFX>")
    assert [(one.amount, one.text) for one in found.bank_lines] == [(Decimal("-45.10"), "A & <B> second")]


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("20250131120000[-5:EST]", 31),
        ("20250131235959[-5:EST]", 31),
        ("20250131000000[0:GMT]", 31),
        ("20250130190000.123[-8.0:PST]", 30),
        ("20250131", 31),
    ],
)
def test_a_stamp_is_the_day_that_the_bank_writes(stamp: str, day: int) -> None:
    assert read(sgml(checking(line("-1", day=stamp)))).bank_lines[0].day == date(2025, 1, day)


def test_pending_lines_and_repeated_numbers_are_left_out_and_counted() -> None:
    pending = "<BANKTRANLISTP><DTASOF>20250131<STMTTRNP><TRNTYPE>DEBIT<TRNAMT>-9.00</STMTTRNP></BANKTRANLISTP>"
    found = read(sgml(checking(line("-5.00"), line("-5.00"), line("-6.00", "2"), after=pending)))
    assert sum(one.amount for one in found.bank_lines) == Decimal("-11.00")
    assert {one.what: one.count for one in found.left_out} == {
        "pending lines": 1,
        "lines that repeat another one with the same number": 1,
    }


def test_one_number_for_a_purchase_and_its_fee_loses_neither() -> None:
    # Chase, cards: jbms/beancount-import issue 216; Banco do Brasil alike
    found = read(sgml(card(line("-50.00"), line("-1.50"))))
    assert [(one.amount, one.number) for one in found.bank_lines] == [(Decimal("-50.00"), ""), (Decimal("-1.50"), "")]
    assert "one number for several lines" in found.remarks[0]


def test_a_number_of_zeros_or_none_is_none() -> None:
    # Commonwealth Bank of Australia: buckets/application issue 336
    found = read(sgml(checking(line("-5.00", ""), line("-5.00", ""), line("-5.00", "000"))))
    assert [one.number for one in found.bank_lines] == ["", "", ""]


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    replaced = "<CORRECTFITID>1<CORRECTACTION>REPLACE"
    deleted = "<CORRECTFITID>2<CORRECTACTION>DELETE"
    lines = (line("-5.00"), line("-7.00", "2"), line("-6.00", "3", more=replaced), line("-7.00", "4", more=deleted))
    assert [(one.amount, one.number) for one in read(sgml(checking(*lines))).bank_lines] == [(Decimal("-6.00"), "1")]


def test_several_accounts_and_a_card_closed_by_the_wrong_tag() -> None:
    # the wrong tag: buckets/application issue 336
    found = read(
        sgml(checking(line("-1.00")), checking(line("2.00"), number="98765"), card(line("-3"), closing="STMTRS"))
    )
    assert {one.account: one.amount for one in found.bank_lines} == {
        "Checking 6789": Decimal(-1),
        "Checking 8765": Decimal(2),
        "Credit card 2222": Decimal(-3),
    }
    assert {one.name: (one.type, one.is_cash) for one in found.accounts}["Credit card 2222"] == ("liability", False)
    assert not found.whole  # they cover different days


def test_an_account_in_two_statements_is_one() -> None:
    found = read(sgml(checking(line("-1.00")), checking(line("-1.00"), line("-2.00", "2"))))
    assert [one.amount for one in found.bank_lines] == [Decimal("-1.00"), Decimal("-2.00")]
    assert len(found.accounts) == 1


def test_a_balance_of_the_day_of_the_download_proves_nothing_of_an_earlier_period() -> None:
    # American Express, cards: OCA/bank-statement-import issue 33
    later = BALANCE.replace("20250131", "20250622")
    found = read(sgml(checking(line("-1.00"), after=later)))
    assert found.totals == ()
    assert "is not used" in found.remarks[0]
    assert len(read(sgml(checking(line("-1.00"), after=later)).replace("<DTEND>20250131\n", "")).totals) == 1


def test_an_account_without_lines_had_its_balance_all_along() -> None:
    found = read(sgml(checking(line("-1.00")), checking(after=BALANCE, number="98765")))
    assert {one.name: one.opening for one in found.accounts} == {
        "Checking 6789": None,
        "Checking 8765": Decimal("1234.50"),
    }


def test_empty_elements_left_open_swallow_nothing() -> None:
    found = read(sgml(checking(line("-1.00", more="<MEMO>\n<CHECKNUM>\n"), line("-2.00", "2", more="<REFNUM>\n"))))
    assert [one.amount for one in found.bank_lines] == [Decimal("-1.00"), Decimal("-2.00")]


@pytest.mark.parametrize(
    ("amounts", "cents"), [(["-1.234,50"], -123450), (["-12,5", "1.000"], 98750), (["-12", "7"], -500)]
)
def test_either_decimal_mark(amounts: list[str], cents: int) -> None:
    lines = [line(amount, str(number)) for number, amount in enumerate(amounts, 1)]
    assert sum(one.amount * 100 for one in read(sgml(checking(*lines))).bank_lines) == cents


@pytest.mark.parametrize("period", ["<DTSTART>19700101", "<DTSTART>00000000", "<DTSTART>20250131"])
def test_a_period_that_no_bank_keeps_begins_with_the_first_line(period: str) -> None:
    text = sgml(checking(line("-1.00", day="20250115"))).replace("<DTSTART>20250101", period)
    assert read(text).begins == date(2025, 1, 15)


def test_the_text_decides_on_its_character_set() -> None:
    text = sgml(checking(line("-1.00", more="<MEMO>Café\n")))
    for encoding in ("utf-8", "cp1252", "utf-16"):
        assert read(text.encode(encoding)).bank_lines[0].text.endswith("Café")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (sgml(checking(line("1,234"))), "may be thousands or three decimals"),
        (sgml(checking(line("1,20"), line("1.20", "2"))), "two styles"),
        (sgml(checking(line("1.2x"))), "line 19: TRNAMT must be"),
        (sgml(checking(line("-1.00", day=""))), "DTPOSTED must be a day"),
        (sgml(checking(line("-1.00", day="20251301"))), "DTPOSTED must be a day"),
        (sgml(checking(line("5.00", kind="DEBIT"), line("6.00", "2", kind="CREDIT")).replace("6.00", "-6.00")), "type"),
        (sgml(checking(line("5.00", kind="DEBIT"), line("6.00", "2", kind="DEBIT"))), "type says spent"),
        (sgml(checking(line("-1.00", more="<CURRENCY><CURRATE>1.1<CURSYM>EUR</CURRENCY>"))), "an amount in EUR"),
        (sgml(checking(line("-1.00"))).partition("</BANKTRANLIST>")[0], "ends inside"),
        (sgml(checking(line("-1.00")).replace("<ACCTID>000123456789", "")), "no account number"),
        (
            sgml("<STATUS><CODE>2000<SEVERITY>ERROR<MESSAGE>Sorry\x1b[2J</STATUS>"),
            r"answered with an error (Sorry [2J)",
        ),
        (sgml("<BANKTRANLIST>", line("-1.00"), "</BANKTRANLIST>"), "outside the statement"),
        (sgml(checking(line("-1.00")), checking(line("-1.00"), number="56789")), "two accounts would be called"),
        (sgml("<A>" * 100), "nested"),
        (sgml(checking(line("-1.00"))) + "<A><B>1</B></A>", "elements outside"),
        (HEADER, "no element <OFX>"),
        (sgml(checking(line("-1.00"))) * 2, "line 38: a second download begins here"),
        (f"{XML}<OFX><INVSTMTRS></INVSTMTRS></OFX>", "investments are not read"),
    ],
)
def test_what_is_not_plain_is_refused_on_one_line(text: str, said: str) -> None:
    with pytest.raises(NotReadableError) as refused:
        read(text)
    message = str(refused.value)
    assert message.startswith("bank.ofx")
    assert said in message
    assert message.isprintable()


def test_entities_are_words_and_name_no_file() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    found = read(XML + bomb + "<OFX>" + checking(line("-1.00", more="<MEMO>&a;&b;\n")) + "</OFX>")
    assert found.bank_lines[0].text == "Harbor fuel &a;&b;"


def test_other_files_are_another_readers() -> None:
    assert ofx.read(upload("Date,Amount\n2025-01-01,1\n")) is None
