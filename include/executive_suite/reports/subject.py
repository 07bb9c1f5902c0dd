"""The subject line of a report's mail: what its reader must know first, the report's short name, and its date."""

from __future__ import annotations

import re
import unicodedata

from executive_suite import config, formats
from executive_suite.document import LONGEST_SUBJECT
from executive_suite.facts.fact import GROUP
from executive_suite.facts.figures import Figures
from executive_suite.facts.signals import Signal
from executive_suite.reports import edition, phrases
from executive_suite.reports.selection import Selection
from executive_suite.wording import noted, say

_MOST_NAME = 24
"""A longer name would leave no room for the headline: the report's id takes its place."""

_CLAUSE = re.compile(r"[;:] | \([^()]*\)$| [\u2013\u2014\u2192] |(?<!\d), |(?<=\d), (?!\d)")
"""Where a clause ends or a last remark begins, but not between the day and the year of a date."""
_PROMISING = noted(
    noted(
        "a about after an and are as at be before but by for from has have if in into is it its less more no "
        "not of on or over per since than that the their to under until up was were which who will with without"
    )
)
"""Words that promise another one: no line ends with them."""
_OPEN = noted("Still open: ")
"""Precedes what was asked for; how often and since when is on page one."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
"""Control characters, those that only change how others are shown, and halves of pairs."""


def of(figures: Figures, report: config.Report, revision: int) -> str:
    """The subject: the reader's first signal, shortened, with the report's name and date; without one, its title.

    Names differ between the reports of a group, so the subjects of one date do too. It has at most ``LONGEST_SUBJECT``
    characters, unless the title alone is longer; and no character of the data that could end a header. A quarterly
    report is no reader of single signals: it leads with the top of the one list, as its page does.
    """
    day = formats.day(figures.report_date)
    mark = say(" (revision {revision})", revision=revision) if revision > 1 else ""
    named = say(report.called)
    end = f" | {named if len(named) <= _MOST_NAME else report.report}, {day}{mark}"
    s = Selection(figures)
    read = figures.signals if report.every == "quarter" else edition.fresh(s, report.report)
    first = next((one for one in read if one.kind != "decision_open" or report.every is None), None)
    headline, lead = _told(figures, report, first) if first else (edition.quiet(s), 0)
    told = shortened(headline, LONGEST_SUBJECT - len(end), lead)
    return f"{told}{end}" if told else f"{say(report.title)}, {day}{mark}"


def shortened(text: str, room: int, lead: int = 0) -> str:
    """A headline in at most ``room`` characters: whole, else up to the end of a clause, else of a word.

    A clause is enough if it fills half the room. Words never end in a preposition, and never within a number, a date
    or an amount.

    Args:
        text: The headline.
        room: Characters.
        lead: How many characters only say whom it concerns; a subject that ends there says nothing.

    Returns:
        The line; empty if nothing sensible fits.

    >>> shortened("All revenue ends on May 31, 2026: the lease and the contract", 40)
    'All revenue ends on May 31, 2026'
    >>> shortened("Short-term rental license of the flat expires on May 31, 2026", 58)
    'Short-term rental license of the flat expires\u2026'
    """
    if len(text) <= room:
        return text
    ends = [cut.start() for cut in _CLAUSE.finditer(text, lead) if cut.start() <= room]
    whole = [end for end in ends if 2 * end >= room and text[:end].count("(") == text[:end].count(")")]
    return text[: whole[-1]] if whole else _words(text, room - 1, lead)


def _words(text: str, room: int, lead: int) -> str:
    words = text.split(" ")
    begun = text[: room + 1].rpartition(" ")[0]
    if begun.count("(") > begun.count(")") and " (" in begun:
        begun = begun[: begun.rindex(" (")]
    kept = begun.split(" ") if begun else []
    while kept and (_loose(kept[-1]) or _numeral(words[len(kept)])):
        kept.pop()
    line = " ".join(kept).rstrip(" ,;:\u2013\u2014\u2192")
    return f"{line}\u2026" if len(line) > lead and " " in line and not _numeral(line[-1]) else ""


def _loose(word: str) -> bool:
    return word.lower() in say(_PROMISING).split() or _numeral(word)


def _numeral(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _told(figures: Figures, report: config.Report, signal: Signal) -> tuple[str, int]:
    """The headline, and how many of its characters name whom it concerns; a report of one entity need not name it."""
    if signal.kind == "decision_open":
        asked = next((action.title for action in figures.actions if action.action_id == signal.action_id), "")
        return f"{_OPEN}{plain(asked)}", len(say(_OPEN))
    headline = plain(signal.headline)
    name = f"{plain(figures.entities.get(signal.entity_id, ''))}: "
    if len(name) <= 2 or not headline.startswith(name):  # noqa: PLR2004 - ": " alone
        return headline, 0
    if report.entity != GROUP:
        return phrases.capital(headline.removeprefix(name)), 0
    return headline, len(name)


def plain(text: str) -> str:
    r"""Words of the data on one line, without what could end a header or be read as an encoded word.

    >>> plain("a\r\nBcc: b"), plain("=?utf-8?q?x?=")
    ('a Bcc: b', '= ?utf-8?q?x?=')
    """
    shown = (" " if one.isspace() else one for one in text if one.isspace() or unicodedata.category(one) not in _UNSEEN)
    return " ".join("".join(shown).split()).replace("=?", "= ?")
