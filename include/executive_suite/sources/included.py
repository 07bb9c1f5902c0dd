"""The files of a journal, looked at before any program reads them: each in the journal's folder, each a plain file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from executive_suite.schema.quality import Fault

_HLEDGER = re.compile(r"^[!@]?include\s+(.+?)\s*$", re.MULTILINE)
_LEDGER = re.compile(r"^[!@]?include[ \t]+(.+?)\s*$", re.MULTILINE)
_LEDGER_CODE = re.compile(r"^(?:(-)|[!@]?(python|import|eval|expr)\b)", re.MULTILINE)
_BEANCOUNT = re.compile(r'^\s*include\s+"([^"]*)"', re.MULTILINE)
_PLUGIN = re.compile(r'^\s*plugin\s+"([^"]*)"[ \t]*("?)', re.MULTILINE)
_PYTHON = re.compile(r'^\s*option\s+"insert_pythonpath"', re.MULTILINE)
_HUGE = re.compile(r"^[ \t]+\S.*\d[eE]\+?\d{4,}", re.MULTILINE)
_SOURCES = re.compile(r"^(source|archive)\b", re.MULTILINE)
_OTHERS = frozenset({".gpg", ".asc", ".csv", ".tsv", ".ssv", ".rules"})
"""Files that are encrypted, or tables, whose rules may run commands."""

PLUGINS = frozenset(
    f"beancount.plugins.{name}"
    for name in (
        *("auto", "auto_accounts", "check_closing", "check_commodity", "close_tree", "coherent_cost"),
        *("implicit_prices", "leafonly", "noduplicates", "nounused", "onecommodity", "pedantic", "sellgains"),
        "unique_prices",
    )
)
"""Plugins that come with beancount and take no settings; others would be code out of the journal's hand."""


def beancount(path: Path) -> list[Fault]:
    """Why beancount must not read a journal: plugins are code, and an include may name any file."""
    return list(_walked(path, _BEANCOUNT, _code))


def hledger(path: Path) -> list[Fault]:
    """Why hledger must not read a journal: rules of a table can run commands, and an include may name any file."""
    return list(_walked(path, _HLEDGER, lambda *_: ()))


def ledger(path: Path) -> list[Fault]:
    """Why ledger must not read a journal: it may hold Python and options, and an include may name any file."""
    return list(_walked(path, _LEDGER, _options))


def rules(path: Path) -> list[Fault]:
    """Why hledger must not read a table by its rules: they may take another file, move it, or run a command."""
    return list(_walked(path, _HLEDGER, _sources, apart=frozenset({".rules"})))


def _walked(
    first: Path,
    including: re.Pattern[str],
    also: Callable[[str, str], Iterable[Fault]],
    apart: frozenset[str] = frozenset(),
) -> Iterator[Fault]:
    """The faults of a journal and of all that it includes; each file is looked at once."""
    folder = first.resolve().parent
    waiting, seen = [first.resolve()], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        text = path.read_text(encoding="utf-8", errors="replace")
        yield from also(path.name, text)
        if huge := _HUGE.search(text):
            rule, advice = "must have amounts without an exponent of four digits", "write the amount out"
            yield Fault(path.name, rule, advice, _line(text, huge.end()))
        for line in including.finditer(text):
            found, why = _included(path, line[1], folder, _OTHERS - apart)
            waiting += found
            if why:
                advice = "copy the file into the journal's folder, or remove the line"
                yield Fault(
                    path.name, f"must include journals of its own folder ({why})", advice, _line(text, line.start(1))
                )


def _included(path: Path, name: str, folder: Path, others: frozenset[str]) -> tuple[list[Path], str]:
    """The files that an include means, and why it is refused."""
    if re.match(r"[A-Za-z]+:", name) or Path(name).suffix in others:
        return [], "it names another kind of file"
    if name.startswith(("~", "$")):
        return [], "it names a file elsewhere"
    if Path(name).is_absolute() and not Path(name).is_relative_to(path.parent):
        return [], "it names a file elsewhere"
    inside = Path(name).relative_to(path.parent) if Path(name).is_absolute() else Path(name)
    matched = list(path.parent.glob(str(inside)))
    for one in matched:
        if not Path(os.path.realpath(one)).is_relative_to(folder):  # resolve() fails on a loop
            return [], "it names a file elsewhere"
        if not one.is_file():
            return [], "it names something that is not a file"
    return [one.resolve() for one in matched if one.suffix not in others], ""


def _code(file: str, text: str) -> Iterator[Fault]:
    """Lines that would make beancount run code."""
    for found in _PLUGIN.finditer(text):
        if found.group(1) not in PLUGINS or found.group(2):
            rule = f"must not run code: the plugin {found.group(1)} is not one of beancount's own without settings"
            yield Fault(file, rule, "remove the line; the ledger needs no plugin", _line(text, found.start(1)))
    if path := _PYTHON.search(text):
        rule = "must not run code: insert_pythonpath takes modules from the journal's folder"
        yield Fault(file, rule, "remove the line; the ledger needs no plugin", _line(text, path.end()))


def _options(file: str, text: str) -> Iterator[Fault]:
    """Lines that would make ledger run code, or take another file."""
    for found in _LEDGER_CODE.finditer(text):
        rule = f"must not run code: {found[2] or 'an option'} is no part of a journal"
        yield Fault(file, rule, "remove the line; the books need none", _line(text, found.start()))


def _sources(file: str, text: str) -> Iterator[Fault]:
    """Lines of rules that would take another file than the table of their name."""
    for found in _SOURCES.finditer(text):
        rule = f"must be rules for the table of their name, without {found[1]}"
        yield Fault(file, rule, "remove the line", _line(text, found.start()))


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
