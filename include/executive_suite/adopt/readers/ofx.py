"""OFX and its sisters QFX and QBO: statements of banks and cards (OFX specification 2.3, sections 3.2, 11.4, 11.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from xml.etree.ElementTree import Element

from executive_suite.adopt.ofx import markup
from executive_suite.adopt.ofx.lines import once, signs_agree
from executive_suite.adopt.ofx.markup import row, words
from executive_suite.adopt.ofx.values import amount, day, stated, style
from executive_suite.adopt.reading import Account, BankLine, LeftOut, Origin, Reading, Total
from executive_suite.adopt.refusing import refusal
from executive_suite.adopt.style import Style
from executive_suite.adopt.upload import Upload

STATEMENTS = {"STMTRS": "BANKACCTFROM", "CCSTMTRS": "CCACCTFROM"}
CASH = {"CHECKING": "Checking", "SAVINGS": "Savings", "MONEYMRKT": "Money market"}
CARD = "Credit card"
KINDS = {**CASH, "CREDITLINE": "Credit line", "CD": "Certificate of deposit", CARD: CARD}
OWED = {"CREDITLINE": "debt", CARD: "credit_card"}
DAY = timedelta(days=1)
LONGEST = 366 * DAY
"""A beginning earlier than this before the first line is no period, but a default of the bank's program."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """One account's part of a file, and the days that it covers as the bank states them."""

    account: Account
    lines: tuple[BankLine, ...]
    balances: tuple[Total, ...]
    begins: date | None
    ends: date | None
    repeated: int
    remarks: tuple[str, ...]


def read(upload: Upload) -> Reading | None:
    """The statements of a file; pending lines and investments are left out and counted."""
    if not markup.known(upload.body):
        return None
    root = markup.tree(upload.name, upload.body)
    _accepted(upload.name, root)
    written = style(upload.name, root)
    found = [one for one in root.iter() if one.tag in STATEMENTS]
    parts: dict[tuple[str, Account], list[Element]] = {}
    for one in found:
        parts.setdefault(_account(upload.name, one), []).append(one)
    statements = [_statement(upload.name, account, own, written) for (_, account), own in parts.items()]
    taken = sum(1 for one in found for _ in one.iter("STMTTRN"))
    elsewhere = sum(1 for part in ("INVSTMTRS", "LOANSTMTRS") for one in root.iter(part) for _ in one.iter("STMTTRN"))
    if taken + elsewhere != sum(1 for _ in root.iter("STMTTRN")):
        raise refusal(upload.name, 0, "there are lines outside the statement of any account")
    if not statements:
        instead = "; statements of investments are not read" if next(root.iter("INVSTMTRS"), None) is not None else ""
        raise refusal(upload.name, 0, f"no statement of a bank account or card (STMTRS, CCSTMTRS) was found{instead}")
    names = Counter(one.account.name for one in statements)
    if twice := [name for name, count in names.items() if count > 1]:
        raise refusal(upload.name, 0, f"two accounts would be called {twice[0]}; export one of them only")
    lines = tuple(line for one in statements for line in one.lines)
    currencies = {one.account.currency for one in statements}
    periods = {(one.begins, one.ends) for one in statements}
    left = (
        ("pending lines", sum(1 for _ in root.iter("STMTTRNP"))),
        ("lines that repeat another one with the same number", sum(one.repeated for one in statements)),
        ("lines of investments and loans", elsewhere),
    )
    return replace(
        upload.reading(words(root, "ORG") or "OFX", "Statement", "bank"),
        currency=currencies.pop() if len(currencies) == 1 else "",
        begins=min((one.begins for one in statements if one.begins), default=None),
        ends=max((one.ends for one in statements if one.ends), default=None),
        exported_on=stated(root, "DTSERVER"),
        whole=len(periods) == 1,
        accounts=tuple(one.account for one in statements),
        bank_lines=lines,
        totals=tuple(balance for one in statements for balance in one.balances),
        left_out=tuple(LeftOut(what, count) for what, count in left if count),
        remarks=tuple(remark for one in statements for remark in one.remarks),
    )


def _accepted(file: str, root: Element) -> None:
    """Refuse an answer that only says why there is no statement."""
    for status in root.iter("STATUS"):
        if words(status, "SEVERITY") == "ERROR":
            said = words(status, "MESSAGE") or f"code {words(status, 'CODE')}"
            raise refusal(file, row(status), f"the bank answered with an error ({said}); download it again")


def _statement(file: str, account: Account, parts: Sequence[Element], written: Style) -> _Statement:
    """What a file says of an account, which may be in several statements of it."""
    found = [one for part in parts for one in part.iter("STMTTRN")]
    lines = [_line(file, account, one, written) for one in found]
    signs_agree(file, found, lines)
    lines, repeated, remarks = once(account.name, found, lines)
    begins = min(filter(None, (stated(part, "DTSTART") for part in parts)), default=None)
    ends = max(filter(None, (stated(part, "DTEND") for part in parts)), default=None)
    if days := [line.day for line in lines]:
        begins = min(begins, *days) if begins and begins >= min(days) - LONGEST else min(days)
        ends = max(ends, *days) if ends else max(days)
    balances = []
    for part in parts:
        own = next((one for one in part.iter("LEDGERBAL") if words(one, "BALAMT")), None)
        if own is None:
            continue
        as_of = stated(own, "DTASOF") or stated(part, "DTEND") or ends
        if as_of is None:
            raise refusal(file, row(own), "the balance (LEDGERBAL) has no day")
        balance = Total("statement", amount(file, own, "BALAMT", written), as_of, Origin(file, row(own)), account.name)
        if lines and ends and (covered := stated(part, "DTEND")) and as_of > max(ends, covered) + DAY:
            # Many banks give the balance of the day of the download, whatever the period: nothing follows from it.
            remarks.append(f"{account.name}: the balance is of {as_of}, after the last day ({ends}), and is not used.")
            continue
        balances.append(balance)
        if account.word == CARD and balance.amount > 0:
            remarks.append(f"{account.name}: the balance is positive: the bank owes the cardholder {balance.amount}.")
    if balances and not lines:  # nothing moved: what it ends with is what it began with
        account = replace(account, opening=balances[0].amount)
    return _Statement(account, tuple(lines), tuple(balances), begins, ends, repeated, tuple(remarks))


def _account(file: str, element: Element) -> tuple[str, Account]:
    """The bank's number of an account, and the account by its kind and the number's last four digits."""
    own = next(element.iter(STATEMENTS[element.tag]), element)
    number = "".join(one for one in words(own, "ACCTID") if one.isalnum())
    if not number:
        raise refusal(file, row(element), "the statement has no account number (ACCTID)")
    word = CARD if element.tag == "CCSTMTRS" else words(own, "ACCTTYPE").upper() or "CHECKING"
    kind = KINDS.get(word)
    if kind is None:
        raise refusal(file, row(own), f"the account type {word} is not known")
    foreign = {words(one, "CURSYM").upper() for one in element.iter("CURRENCY")}
    currency = words(element, "CURDEF").upper() or (foreign.pop() if len(foreign) == 1 else "")
    return number, Account(
        name=f"{kind} {number[-4:]}",
        word=kind,
        type="liability" if word in OWED else "asset",
        subtype=OWED.get(word, "bank"),
        is_cash=None if word == "CD" else word in CASH,
        currency=currency,
    )


def _line(file: str, account: Account, element: Element, written: Style) -> BankLine:
    at = row(element)
    if sum(1 for _ in element.iter("STMTTRN")) > 1:
        raise refusal(file, at, "a line (STMTTRN) is not closed before the next")
    currency = next((words(one, "CURSYM") for one in element.iter("CURRENCY")), "").upper()
    if currency and account.currency and currency != account.currency:
        raise refusal(file, at, f"an amount in {currency} on an account in {account.currency}")
    name, memo, check = (words(element, tag) for tag in ("NAME", "MEMO", "CHECKNUM"))
    parts = [name, "" if memo == name else memo.removeprefix(name).strip() if name else memo]
    text = " ".join(part for part in parts if part) or (f"Check {check}" if check else words(element, "TRNTYPE"))
    number = words(element, "CORRECTFITID") or words(element, "FITID")
    return BankLine(
        account=account.name,
        day=day(file, element, "DTPOSTED"),
        amount=amount(file, element, "TRNAMT", written),
        text=text,
        origin=Origin(file, at),
        number=number.strip("0") and number,
        currency=account.currency,
    )
