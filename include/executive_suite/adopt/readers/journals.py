"""Plain-text journals of beancount, hledger and ledger, each as its own program reads it, amounts at cost."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from executive_suite.adopt.journal_entries import reading
from executive_suite.adopt.reading import Reading
from executive_suite.adopt.refusing import refusal
from executive_suite.adopt.upload import Upload
from executive_suite.sources import hledger_journal, ledger_journal
from executive_suite.sources.postings import Journal

MOST_BYTES = 64 << 20
SAMPLE = 200_000
"""Bytes of a file that show what it is."""

_BEANCOUNT = re.compile(
    r'^(?:\d{4}[-/]\d\d[-/]\d\d[ \t]+(?:open|pad|balance|close)[ \t]+[\w-]+:|option[ \t]+"\w+"[ \t]+")', re.MULTILINE
)
_ENTRY = re.compile(
    r"^(?:\d{4}[-/.])?\d{1,2}[-/.]\d{1,2}(?:=[\d/.-]+)?(?:[ \t]+[^\s][^\t\n]*)?\n(?:[ \t]+;.*\n)*[ \t]+[^\s;].*$",
    re.MULTILINE,
)
_INCLUDE = re.compile(r"^[!@]?include[ \t]+\S+", re.MULTILINE)
_LEDGERS = re.compile(
    r"^(?:bucket|assert|check|define|A|fixed|capture)[ \t]|^(?:account|payee)[ \t].*\n[ \t]+(?:alias|default|note)\b"
    r"|^[ \t]+\S.*\d[ \t]*[A-Za-z]*[ \t]*\{",
    re.MULTILINE,
)
"""What ledger knows, and hledger refuses or passes over: among it aliases, and the lots of what is sold."""
_HLEDGERS = re.compile(r"^decimal-mark[ \t]|^account[ \t].*;.*\btype:|[ \t]==?\*|[ \t]==[ \t]", re.MULTILINE)
"""What hledger knows, and ledger does not."""
_SUFFIXES = {"ledger": frozenset({".ledger", ".ldg", ".dat"}), "beancount": frozenset({".beancount", ".bean"})}


def read(upload: Upload) -> Reading | None:
    """A journal's transactions; virtual postings and commodities that are no money are left out and counted."""
    program = _program(upload)
    if program is None:
        return None
    if len(upload.body) > MOST_BYTES:
        raise refusal(upload.name, 0, f"it is larger than {MOST_BYTES >> 20} MB; split it by years")
    return reading(upload, program, _journal(upload.path.resolve(), program))


def _program(upload: Upload) -> str | None:
    """Which program a file is for: by what only one of them writes, else by its name, else hledger."""
    if b"\0" in upload.body[:SAMPLE]:
        return None
    text = upload.body[:SAMPLE].decode("utf-8", "replace").replace("\r\n", "\n")
    suffix = upload.path.suffix.lower()
    if suffix in _SUFFIXES["beancount"] or _BEANCOUNT.search(text):
        return "beancount"
    if not _ENTRY.search(text) and not (_INCLUDE.search(text) and suffix in {".journal", ".hledger", ".j", ".ledger"}):
        return None
    if _LEDGERS.search(text) or (suffix in _SUFFIXES["ledger"] and not _HLEDGERS.search(text)):
        wanted = ("ledger",) if _LEDGERS.search(text) else ("ledger", "hledger")
    else:
        wanted = ("hledger",)
    installed = next(filter(shutil.which, wanted), None)
    if installed is None:
        raise refusal(upload.name, 0, f"the program {wanted[0]} is needed to read it, and is not installed")
    return installed


def _journal(path: Path, program: str) -> Journal:
    if program == "beancount":
        from executive_suite.sources import beancount_journal  # slow to import

        return beancount_journal.read(path)
    return hledger_journal.loaded(path) if program == "hledger" else ledger_journal.loaded(path)
