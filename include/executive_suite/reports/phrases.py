"""Lines of a report that are made from the data's own words, and what to say when a figure is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Action, Finding
from executive_suite.rendering.blocks import ActionItem, ActionList, Cell, FindingList, Kpi
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
    """A phrase of the data as a sentence; nothing where there is none."""
    return f"{capital(words.rstrip('.'))}." if words else ""


def series(names: Sequence[str]) -> str:
    """Names as a sentence lists them.

    >>> series(["Sailo"]), series(["Sailo", "GetMyBoat"]), series(["a", "b", "c"])
    ('Sailo', 'Sailo and GetMyBoat', 'a, b and c')
    """
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def some(names: Sequence[str]) -> str:
    """The first of many names, and how many more there are.

    >>> some(["a", "b"]), some(["a"] * 9)
    ('a; b', 'a; a; a; a; a; a and 3 more')
    """
    more = len(names) - _NAMED
    return "; ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def words_of(name: str) -> str:
    """A name of the data's own in words: "emails sent" for ``emails_sent``; short abbreviations in capitals.

    >>> words_of("ota_live"), words_of("emails_sent")
    ('OTA live', 'emails sent')
    """
    return " ".join(word.upper() if word in _ABBREVIATIONS else word for word in name.split("_"))


def titled(found: FindingList) -> FindingList:
    """The findings with titles that begin as lines do."""
    return replace(found, items=tuple(replace(item, title=capital(item.title)) for item in found.items))


def listed(ranked: ActionList) -> ActionList:
    """The agenda with titles that begin as lines do."""
    return replace(ranked, items=tuple(replace(item, title=capital(item.title)) for item in ranked.items))


def against(item: Kpi, fact: Fact) -> str:
    """What a figure is compared with; where it has no value, why."""
    return item.comparison if fact.value is not None else f"{formats.NOT_AVAILABLE}: {fact.reason}"


def told(s: Selection, *metric_ids: str) -> str:
    """How many of some figures can be told and what the first of the others lacks: a message without its figure."""
    facts = [s.fact(metric_id) for metric_id in metric_ids]
    missing = [f for f in facts if f.value is None]
    count = f"{len(facts) - len(missing)} of {len(facts)} main figures can be told"
    return f"{count}; first to mend: {missing[0].reason}." if missing else f"{count}."


def no_runway(s: Selection) -> str:
    """What is said of cash in place of how long it lasts: that it grows, or why that cannot be told."""
    runway, mean = s.fact("cash_runway_months"), s.fact("net_burn")
    if runway.status == "not_applicable" and isinstance(mean.value, int | Decimal):
        return f"grows: operations add {formats.money(-mean.value)} a month"
    return f"has no runway to state ({runway.reason})"


def window(s: Selection) -> str:
    """How many latest complete months are taken together: "6 months"."""
    size = s.fact("burn_window")
    return formats.of(size) if size.value is not None else "complete months"


def latest(count: int, what: str = "complete months") -> str:
    """How a title names the months that it covers.

    >>> latest(12), latest(1), latest(0)
    ('latest 12 complete months', 'latest complete month', 'complete months')
    """
    if count == 1:
        return f"latest {what.removesuffix('s')}"
    return f"latest {count} {what}" if count else what


def nothing(fact: Fact, words: str) -> str:
    """What stands in place of rows: that there is nothing, or why that cannot be told, which is no pass."""
    return words if fact.value is not None else f"Not evaluable: {fact.reason.rstrip('.')}."


def untold(s: Selection, *kinds: str) -> str:
    """Why nothing is to be done about some kinds of findings when some of them cannot be told; empty when all can."""
    missing = [f for f in s.figures.findings if f.kind in kinds and f.outcome == "not_evaluable"]
    return f"Cannot be told: {missing[0].reason.rstrip('.')}." if missing else ""


def coverage(s: Selection) -> str:
    """How much of the fact table could be told, for a first page that has nothing better to say."""
    facts = s.figures.facts
    count = sum(fact.status != "not_evaluable" for fact in facts)
    return f"{formats.number(count)} of {formats.number(len(facts))} figures can be told"


def plain(cell: Cell) -> Cell:
    """A cell without its note, where the note stands elsewhere."""
    return replace(cell, note="")


def signed(cell: Cell) -> Cell:
    """A difference with its sign, also when it is above zero."""
    above = isinstance(cell.raw, int | Decimal) and cell.raw > 0
    return replace(cell, text=f"+{cell.text}") if above else cell


def scored(ranked: ActionList) -> ActionList:
    """The agenda without severity and money beside the score, which names both."""
    begun = listed(ranked)
    return replace(begun, items=tuple(replace(item, status="", at_stake="") for item in begun.items))


def answers(s: Selection, found: Iterable[Finding]) -> tuple[Action, ...]:
    """What the thirty-day agenda has against some findings, or against a gap they rest on, in its order."""
    given = tuple(found)
    ids = {finding.finding_id for finding in given}
    gaps = {row.key["finding_id"] for finding in given for row in finding.evidence if "finding_id" in row.key}
    ids |= {a.action_id for a in s.figures.actions if a.agenda == "engineering" and a.details.get("finding") in gaps}
    return tuple(a for a in s.figures.actions if a.agenda == "thirty_day" and a.action_id in ids)


def answering(s: Selection, title: str, found: Iterable[Finding], empty: str) -> ActionList:
    """What the thirty-day agenda has to say about some findings, as a list of its own."""
    chosen = answers(s, found)
    ranked = scored(Selection(replace(s.figures, actions=chosen)).actions(title, "thirty_day", empty=empty))
    return replace(ranked, items=tuple(replace(item, rank=n) for n, item in enumerate(ranked.items, start=1)))


def agreed(s: Selection) -> dict[str, Action]:
    """The thirty-day agenda by the id of what it is about."""
    return {action.action_id: action for action in s.figures.actions if action.agenda == "thirty_day"}


def taken(item: ActionItem, action: Action, agenda: Action) -> ActionItem:
    """An action with owner and day of the agenda where it has none of its own: every report names the same."""
    return replace(
        item,
        owner=item.owner if action.owner else agenda.owner,
        due=item.due if action.due_on else formats.day(agenda.due_on),
    )


def quoted(title: str) -> str:
    """A name of the data inside of a sentence, where its words would otherwise run into ours."""
    return f"\u201c{title}\u201d"
