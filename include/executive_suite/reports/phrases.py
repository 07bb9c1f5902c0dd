"""Words of the data as lines and sentences of a report, and reasons in place of missing figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact, Why
from executive_suite.rendering.blocks import Kpi
from executive_suite.reports.absence import Proof, none, zero
from executive_suite.reports.selection import Selection
from executive_suite.wording import noted, say
from executive_suite.written import named

_NAMED = 6
"""Most names in a cell of a table."""
_RECORDS = {
    "email_event": noted("mail event"),
    "rev_schedule": noted("performance obligation"),
    "touchpoint": noted("tagged visit"),
}
"""Names of tables' rows that are not the table's own name in words."""
_TAXES = {"nec_1099": noted("1099-NEC returns"), "income": noted("Income tax estimate")}
_ABBREVIATIONS = {"ar", "ap", "api", "aws", "ci", "coi", "kpi", "mfa", "mrr", "ota", "roas", "seo", "utm", "ux"}


def capital(words: str) -> str:
    """A text of the data as the beginning of a line; names such as ``app.env`` or ``iPhone`` stay unchanged.

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
    ('a; b', 'a; a; a; a; a; a; and 3 more')
    """
    more = len(names) - most
    return "; ".join(names[:most]) + (say("; and {more} more", more=more) if more > 0 else "")


def words_of(name: str) -> str:
    """A key of the data in words: "emails sent" for ``emails_sent``; short abbreviations in capitals.

    >>> words_of("ota_live"), words_of("emails_sent")
    ('OTA live', 'emails sent')
    """
    return " ".join(word.upper() if word in _ABBREVIATIONS else word for word in name.split("_"))


def tax_name(kind: str) -> str:
    """A kind of tax or return as a reader knows it.

    >>> tax_name("lodging"), tax_name("nec_1099")
    ('Lodging tax', '1099-NEC returns')
    """
    return say(_TAXES.get(kind, f"{capital(words_of(kind))} tax"))


def quoted(title: str) -> str:
    """A name of the data inside a sentence, set apart from the words around it."""
    return f"\u201c{title}\u201d"


def are(count: object, one: str = "is", many: str = "are") -> str:
    """The verb that agrees with a count."""
    return say(one if count == 1 else many)


def reason(fact: Fact) -> str:
    """What qualifies a fact, or why it has no value: "n/a" with its reason."""
    return fact.reason if fact.value is not None else f"{say(formats.NOT_AVAILABLE)}: {fact.reason}"


def lacking(fact: Fact) -> str:
    """The records that a missing KPI needs; the reason if they are not known."""
    found = fact.qualifier
    if found is None or found.why is not Why.INPUT_BLANK or found.of is None:
        return capital(fact.reason)
    name = named(_RECORDS.get(found.subject) or words_of(found.subject), f"table {found.subject}")
    if not found.of:
        return none("No {name} is recorded", Proof(holds=True, facts=(fact.fact_id,)), name=name)
    if found.count == found.of:
        return none(
            "None of {of} qualifies", Proof(holds=True, facts=(fact.fact_id,)), of=formats.counted(found.of, name)
        )
    return say(
        "{count} of {of} {count_2} incomplete",
        count=found.count,
        of=formats.counted(found.of, name),
        count_2=are(found.count),
    )


def of(fact: Fact) -> str:
    """A value with its unit, or "n/a" with its reason."""
    return formats.of(fact) if fact.value is not None else f"{say(formats.NOT_AVAILABLE)} ({fact.reason})"


def missing(fact: Fact, advice: str, nothing: str = "", *proofs: Proof) -> str:
    """The text in place of a table: why its figure is missing and what to record, or that there is nothing.

    Args:
        fact: The figure that the table would show.
        advice: What to record if it is missing.
        nothing: The text if the figure is known and there is nothing; else the figure is stated.
        proofs: What makes that true; by default that the figure is 0.
    """
    if fact.value is None and fact.reason:
        return say("Not available: {reason}. {advice}", reason=fact.reason.rstrip("."), advice=say(advice)).strip()
    if not nothing:
        return say(advice)
    proven = proofs or (zero(fact),)
    if all(proof.holds for proof in proven):
        return none(nothing, *proven)
    return say("Not itemized in the records: {value} in all.", value=formats.of(fact))


def nothing(fact: Fact, words: str, *proofs: Proof, advice: str = "") -> str:
    """Why a section is empty: ``words`` if the records are there and hold nothing, else which are missing.

    Args:
        fact: The figure that the section is about.
        words: What is not there ("No control rule is recorded yet.").
        proofs: What makes that true.
        advice: What to record if a table is missing.
    """
    return missing(fact, advice) if fact.status == "not_evaluable" and fact.reason else none(words, *proofs)


def unless(fact: Fact, words: str, *proofs: Proof) -> str:
    """``words``, which state that there is nothing; if the figure is missing, why."""
    return missing(fact, "", words, *proofs)


def available(s: Selection, *metric_ids: str) -> str:
    """A message without its figures: how many could be calculated, and what the first of the others lacks."""
    facts = [s.fact(metric_id) for metric_id in metric_ids]
    lacking = [fact for fact in facts if fact.value is None]
    known = formats.number(len(facts) - len(lacking))
    count = say("{known} of {facts} main figures could be calculated", known=known, facts=formats.number(len(facts)))
    return (
        say("{count}; the first problem: {reason}.", count=count, reason=lacking[0].reason) if lacking else f"{count}."
    )


def available_on_page(kpis: Sequence[Kpi], because: str) -> str:
    """The first line of a message without its figure: how many on the page have a value, and why this one has none."""
    there = sum(kpi.value is not None for kpi in kpis)
    counts = say("{there} of the {kpis} figures", there=formats.number(there), kpis=formats.number(len(kpis)))
    return say("{counts} on this page could be calculated; {because}.", counts=counts, because=because)


def left_out(count: int, noun: str) -> str:
    """How many rows a table leaves out; empty for none.

    >>> left_out(1, "asset"), left_out(3, "entity"), left_out(-2, "asset")
    ('1 more asset is in the fact table.', '3 more entities are in the fact table.', '')
    """
    return (
        say(
            "{count} {count_2} in the fact table.",
            count=formats.counted(count, f"more {noun}"),
            count_2=are(count),
        )
        if count > 0
        else ""
    )


def window(s: Selection) -> str:
    """The number of latest complete months in a mean: "6 months"."""
    size = s.fact("burn_window")
    return formats.of(size) if size.value is not None else say("complete months")


def grows(mean_burn: Decimal | int) -> str:
    """The course of cash that operations add to."""
    return say("grows by {mean_burn} a month", mean_burn=formats.money(-mean_burn))
