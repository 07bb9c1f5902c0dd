"""Exports to adopt, and what a group's folder says afterwards: in the programs' own layouts, all content invented."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from executive_suite import __main__ as command_line

Line = tuple[str, str]
"""Account, and amount as written: a debit, or a credit after a minus."""


def journal(company: str, period: str, *entries: tuple[str, str, str, str, Sequence[Line]]) -> str:
    """A QuickBooks Online journal as CSV: title, period, header in row 5, a subtotal after each entry, TOTAL.

    Args:
        company: In the first row.
        period: In the third.
        entries: Day as MM/DD/YYYY, transaction type, number, name, lines.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    head = ["Date", "Transaction Type", "Num", "Name", "Memo/Description", "Account", "Debit", "Credit"]
    writer.writerows([[company], ["Journal"], [period], [], head])
    whole = 0.0
    for day, kind, number, name, lines in entries:
        shown = [day, kind, number, name]
        summed = 0.0
        for account, amount in lines:
            sides = ["", amount[1:]] if amount.startswith("-") else [amount, ""]
            writer.writerow([*shown, "", account, *sides])
            shown = ["", "", "", ""]
            summed += 0 if amount.startswith("-") else float(amount.replace(",", ""))
        writer.writerow(["", "", "", "", "", "", f"{summed:,.2f}", f"{summed:,.2f}"])
        writer.writerow([])
        whole += summed
    writer.writerow(["TOTAL", "", "", "", "", "", f"{whole:,.2f}", f"{whole:,.2f}"])
    return buffer.getvalue()


CAFE = journal(
    "Cafe LLC",
    "January - March, 2025",
    ("01/02/2025", "Deposit", "", "", [("Checking", "50,000.00"), ("Owner's Contribution", "-50,000.00")]),
    ("01/15/2025", "Invoice", "1001", "Ann", [("Accounts Receivable (A/R)", "1,250.00"), ("Sales", "-1,250.00")]),
    ("02/10/2025", "Expense", "", "Store", [("Office Supplies", "3,000.00"), ("Checking", "-3,000.00")]),
    ("03/10/2025", "Payment", "1001", "Ann", [("Checking", "1,250.00"), ("Accounts Receivable (A/R)", "-1,250.00")]),
)
"""Three months of a café: 48,250.00 in the bank on March 31."""

OFX_HEADER = """\
OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

"""
"""Of OFX 1, before its tags."""

OFX = (
    OFX_HEADER
    + """\
<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>{made}120000<LANGUAGE>ENG
<FI><ORG>Harbor Bank<FID>1</FI></SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>1<ACCTID>9994321<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>{begins}<DTEND>{ends}
{lines}
</BANKTRANLIST><LEDGERBAL><BALAMT>{balance}<DTASOF>{ends}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
)


def ofx(begins: str, ends: str, balance: str, *lines: tuple[str, str, str, str]) -> str:
    """A checking account's statement in OFX 1; days as YYYYMMDD; lines are day, amount, number and text."""
    said = "\n".join(
        f"<STMTTRN><TRNTYPE>{'DEBIT' if amount.startswith('-') else 'CREDIT'}<DTPOSTED>{day}<TRNAMT>{amount}"
        f"<FITID>{number}<NAME>{text}</STMTTRN>"
        for day, amount, number, text in lines
    )
    return OFX.format(made=ends, begins=begins, ends=ends, balance=balance, lines=said)


BANK = ofx(
    "20250101",
    "20250331",
    "48235.00",
    ("20250103", "50000.00", "1", "DEPOSIT"),
    ("20250211", "-3000.00", "2", "STORE PAPER"),
    ("20250228", "-15.00", "3", "MONTHLY FEE"),
    ("20250312", "1250.00", "4", "ANN"),
)
"""The café's bank: as its books, and a fee that they do not have."""


class Group:
    """A folder into which tests adopt."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder / "my-group"
        self.uploads = folder / "uploads"
        self.capsys = capsys
        self.out = ""
        self.error = ""

    def adopt(self, *options: str, **files: str | bytes) -> int:
        """Adopt files, given as name (``__`` for the dot) and content; returns the exit code."""
        self.uploads.mkdir(exist_ok=True)
        paths = []
        for name, content in files.items():
            path = self.uploads / name.replace("__", ".")
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(str(path))
        return self.call("adopt", *paths, "--into", str(self.folder), *(options or ("--yes",)))

    def call(self, *arguments: str) -> int:
        """Call a command; what it prints is kept."""
        code = command_line.main(arguments)
        self.out, self.error = self.capsys.readouterr()
        return code

    def figures(self, as_of: str, *metric_ids: str) -> dict[tuple[str, str, str], Any]:
        """The undivided figures of a report date: metric, entity and period to value."""
        assert self.call("metrics", "--group", str(self.folder), "--as-of", as_of) == 0, self.error
        return {
            (fact["metric_id"], fact["entity_id"], fact["period"]): fact["value"]
            for fact in json.loads(self.out)
            if fact["metric_id"] in metric_ids and not fact["dimensions"]
        }

    def rows(self, table: str) -> list[dict[str, str]]:
        """The rows of a table as they are kept."""
        with (self.folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can be asked."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
