"""Turning words of the data into lines and sentences of a report, and saying why there is no figure."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Kpi
from executive_suite.reports.selection import Selection

_NAMED = 6
"""Names that a cell of a table has room for."""
_ABBREVIATIONS = {"ar", "ap", "api", "aws", "ci", "coi", "kpi", "mfa", "mrr", "ota", "roas", "seo", "utm", "ux"}


def capital(words: str) -> str:
    """A text of the data as the beginning of a line; a name such as ``app.env`` or ``iPhone`` stays as it is.

    >>> capital("no staging"), capital("app.env in plain text")
    ('No staging', 'app.env in plain text')
    """
    first = words.split(" ", 1)[0]
    return words if "." in first or first != first.lower() else f"{words[:1].upper()}{words[1:]}"


def sentence(words: str) -> str:
    """A phrase of the data as a sentence; empty if there is none."""
    return f"{capital(words.rstrip('.'))}." if words else ""


def some(names: Sequence[str], most: int = _NAMED) -> str:
    """The first of many names, and how many more there are.

    >>> some(["a", "b"]), some(["a"] * 9)
    ('a; b', 'a; a; a; a; a; a and 3 more')
    """
    more = len(names) - most
    return "; ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def words_of(name: str) -> str:
    """A key of the data in words: "emails sent" for ``emails_sent``; short abbreviations in capitals.

    >>> words_of("ota_live"), words_of("emails_sent")
    ('OTA live', 'emails sent')
    """
    return " ".join(word.upper() if word in _ABBREVIATIONS else word for word in name.split("_"))


def quoted(title: str) -> str:
    """A name of the data inside of a sentence, so that its words do not run into ours."""
    return f"\u201c{title}\u201d"


def are(count: object, one: str = "is", many: str = "are") -> str:
    """The verb that agrees with a count."""
    return one if count == 1 else many


def reason(fact: Fact) -> str:
    """What qualifies a fact, or why it has no value: "n/a" with its reason."""
    return fact.reason if fact.value is not None else f"{formats.NOT_AVAILABLE}: {fact.reason}"


def of(fact: Fact) -> str:
    """A value with its unit, or "n/a" with its reason."""
    return formats.of(fact) if fact.value is not None else f"{formats.NOT_AVAILABLE} ({fact.reason})"


def missing(fact: Fact, advice: str, nothing: str = "") -> str:
    """What takes the place of a table: why its figure is missing and what to add, or that there is nothing.

    Args:
        fact: The figure that the table would show.
        advice: What to add to the data if it is missing.
        nothing: What to say if the figure is there and has no rows.
    """
    if fact.value is None and fact.reason:
        return f"Not available: {fact.reason.rstrip('.')}. {advice}".strip()
    return nothing or advice


def unless(fact: Fact, words: str) -> str:
    """``words``, which say that there is nothing; why that is not known if the figure is missing."""
    return missing(fact, "", words)


def available(s: Selection, *metric_ids: str) -> str:
    """How many of some figures could be calculated, and what the first of the others lacks: a message without them."""
    facts = [s.fact(metric_id) for metric_id in metric_ids]
    lacking = [fact for fact in facts if fact.value is None]
    count = f"{len(facts) - len(lacking)} of {len(facts)} main figures could be calculated"
    return f"{count}; the first problem: {lacking[0].reason}." if lacking else f"{count}."


def available_on_page(kpis: Sequence[Kpi], because: str) -> str:
    """The first line of a message without its figure: how many of the page's have a value, and why this does not."""
    there = sum(kpi.value is not None for kpi in kpis)
    return f"{there} of the {len(kpis)} figures on this page could be calculated; {because}."


def window(s: Selection) -> str:
    """How many latest complete months are taken together: "6 months"."""
    size = s.fact("burn_window")
    return formats.of(size) if size.value is not None else "complete months"


def no_runway(s: Selection) -> str:
    """What to say of cash if there is no runway: that it grows, or why the runway is unknown."""
    runway, mean = s.fact("cash_runway_months"), s.fact("net_burn")
    if runway.status == "not_applicable" and mean.number is not None:
        return f"grows: operations add {formats.money(-mean.number)} a month"
    return f"has no known runway ({runway.reason})"
