"""Rules for the words of a report: no raw values, no template syntax, no false precision, no known misspelling."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from executive_suite.rendering.lint.remark import Remark

LEFTOVERS = (
    (re.compile(r"\{\{|\}\}|\{%|%\}"), "template syntax"),
    (re.compile(r"(?<![\w.])(?:nan|NaN|inf|None(?! of)|NaT|undefined)(?![\w.])"), "a missing value shown raw"),
)
"""What no part of a report may show."""

_MARKUP = (
    (re.compile(r"<(?:p|br|td|tr|div|span|table)\b", re.IGNORECASE), "markup in plain text"),
    (re.compile(r"&(?:amp|lt|gt|quot|#\d+);"), "an HTML entity in plain text"),
)
_PRECISE = re.compile(r"(?<![\w.:/-])\u2212?\d[\d,]*\.\d{3,}(?![\w.:+-])")
_NOUNS = (
    "account action asset booking candidate charter client contract day decision exception finding gap invoice "
    "job line milestone month night order person rule row shortfall table trip unit vendor vessel week year"
)
_ONE_OF_MANY = re.compile(rf"(?<![\w.,\u2212-])1 (?:(?!the )[a-z]+ )?(?:{'|'.join(_NOUNS.split())})s\b(?! of)")
_DISAGREEING = re.compile(
    r"(?<![\w.,\u2212-])1 of \d+(?: [a-z]+)*?s(?: at risk)? (?:are|were|have|state|bring|get|show)\b"
)
_LONGEST_LINE = 78
_WORD = re.compile(r"(?<![\w./@-])[a-z]{4,}(?![\w/@-]|\.\w)")
_FOOT = ("Report date", "Cut-off", "Dataset", "revision", "Coverage")


def check(text: str) -> Iterator[Remark]:
    """The plain-text part."""
    for pattern, rule in (*LEFTOVERS, *_MARKUP):
        yield from (Remark("text", rule, match.group()) for match in pattern.finditer(text))
    body = text.partition("DEFINITIONS\n")[0]
    yield from (Remark("text", "more than two decimals", m.group()) for m in _PRECISE.finditer(body))
    flowing = " ".join(body.split())
    for pattern in (_ONE_OF_MANY, _DISAGREEING):
        yield from (Remark("text", "one, with a plural noun", m.group()) for m in pattern.finditer(flowing))
    long = (line for line in text.splitlines() if len(line) > _LONGEST_LINE and " " in line.strip())
    yield from (Remark("text", f"a line of over {_LONGEST_LINE}", line) for line in long)
    yield from spelling(text)
    if "WHERE THESE FIGURES COME FROM" not in text:
        yield Remark("text", "no foot", "")
    yield from (Remark("text", "foot incomplete", needed) for needed in _FOOT if needed not in text)


def spelling(text: str) -> Iterator[Remark]:
    """Known misspellings among the words in small letters; capitals may be names."""
    known = misspellings()
    for word in sorted({match.group() for match in _WORD.finditer(text)}):
        if word in known:
            yield Remark("text", f"spelling: {known[word]}", word)


@cache
def misspellings() -> Mapping[str, str]:
    """Wrong words and what each should be, where only one word can be meant.

    The list is codespell's (derived from Wikipedia's list of common misspellings, CC BY-SA 3.0), as data.
    """
    lines = (resources.files("codespell_lib") / "data" / "dictionary.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("->") for line in lines)
    return {wrong: right for wrong, _, right in pairs if right and "," not in right}
