"""hledger journals, by the program's own JSON export."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from executive_suite.config import ConfigError
from executive_suite.schema.quality import Fault, shown
from executive_suite.sources.journal import Account, Journal, Posting, Transaction

PROGRAM = "hledger"
TIMEOUT_SECONDS = 600

KINDS = {
    "A": ("asset", False),
    "C": ("asset", True),
    "L": ("liability", False),
    "E": ("equity", False),
    "V": ("equity", False),
    "R": ("revenue", False),
    "X": ("expense", False),
}


def read(path: Path, source: str) -> Journal:
    """What hledger makes of a journal, amounts at cost; its own complaint becomes a fault.

    Raises:
        ConfigError: the program is not installed.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        msg = f"{source}: the program {PROGRAM} is not installed; it reads {path.name}"
        raise ConfigError(msg)
    printed, complaint = _run([program, "-f", str(path), "print", "--explicit", "--cost", "--output-format=json"])
    if complaint:
        rule = f"must be what hledger accepts ({shown(complaint)})"
        return Journal(
            (), (), (Fault(path.name, 0, "", "", rule, "correct the journal until hledger check is silent"),)
        )
    listed, _ = _run([program, "-f", str(path), "accounts", "--types", "--flat"])
    accounts = [account(line) for line in listed.splitlines() if line.strip()]
    faults = tuple(
        Fault(path.name, 0, name, "", "must have a type that hledger knows", "declare it: account NAME  ; type: X")
        for name, kind in accounts
        if kind is None
    )
    known = tuple(Account(name, *kind) for name, kind in sorted(accounts) if kind is not None)
    return Journal(tuple(transaction(entry, path.name) for entry in json.loads(printed)), known, faults)


def _run(command: list[str]) -> tuple[str, str]:
    done = subprocess.run(  # noqa: S603 - a fixed program, no shell; the path is the operator's own configuration
        command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False, encoding="utf-8"
    )
    return (done.stdout, "") if done.returncode == 0 else ("", " ".join(done.stderr.split()) or "no reason given")


def account(line: str) -> tuple[str, tuple[str, bool] | None]:
    """An account's name, and its kind and whether it is cash (None when hledger cannot tell)."""
    name, _, comment = line.partition(";")
    kind = comment.strip().removeprefix("type:").strip()
    return name.strip(), KINDS.get(kind)


def transaction(entry: dict[str, Any], file: str) -> Transaction:
    """One transaction of the JSON export."""
    first = entry["tsourcepos"][0]["sourceLine"]
    postings = tuple(
        Posting(posting["paccount"], *_amount(amount), first + line, dict(posting["ptags"]))
        for line, posting in enumerate(entry["tpostings"], 1)
        for amount in posting["pamount"]
    )
    return Transaction(
        date.fromisoformat(entry["tdate"]), entry["tdescription"].strip(), file, postings, dict(entry["ttags"])
    )


def _amount(amount: dict[str, Any]) -> tuple[Decimal, str]:
    quantity = amount["aquantity"]
    number = Decimal(quantity["decimalMantissa"]).scaleb(-quantity["decimalPlaces"])
    return number, {"$": "USD", "€": "EUR", "£": "GBP"}.get(amount["acommodity"], amount["acommodity"])
