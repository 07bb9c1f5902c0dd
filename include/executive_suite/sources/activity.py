"""The cash-flow activity of transactions, by the accounts that they touch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.schema import texts
from executive_suite.schema.quality import Fault
from executive_suite.sources import spelling

OTHERWISE = "operating"
OWNERS: Mapping[str, str] = {"equity": "financing"}
"""What owners put in or take out is never operating (ASC 230-10-45); a rule may say otherwise, and comes first."""
SEPARATOR = ":"
ALIKE = 0.85
"""How alike a rule and a name must be for the rule to be a misspelling; a rule for accounts still to come is none."""

Kinds = Mapping[str, frozenset[str]]
"""Account to its type and subtype, in lower case."""


def begins(account: str, beginning: str) -> bool:
    """Whether an account is one, or lies below it.

    >>> begins("Assets:Bank:Savings", "Assets:Bank"), begins("Assets:Banking", "Assets:Bank")
    (True, False)
    """
    return account == beginning or account.startswith(f"{beginning}{SEPARATOR}")


def beginnings(accounts: Iterable[str]) -> set[str]:
    """Every account and everything that it lies below."""
    parts = (account.split(SEPARATOR) for account in accounts)
    return {SEPARATOR.join(names[:count]) for names in parts for count in range(1, len(names) + 1)}


def kinds(charts: Iterable[pa.Table]) -> Kinds:
    """The type and subtype of each account of some charts."""
    found: dict[str, frozenset[str]] = {}
    for chart in charts:
        names = [name for name in ("account", "type", "subtype") if name in chart.column_names]
        for account, *own in zip(*(texts.words(chart.column(name)) for name in names), strict=True):
            if names[0] == "account":
                found[account] = frozenset(word.casefold() for word in own if word)
    return found


def filled(ledger: pa.Table, rules: Mapping[str, str], charted: Kinds, otherwise: str = OTHERWISE) -> pa.Table:
    """The ledger with every blank activity filled by the first rule that an account of the transaction meets.

    Args:
        ledger: Lines as a source has them, of one source.
        rules: Account, beginning, type or subtype to activity.
        charted: What is known of the accounts.
        otherwise: The activity of transactions that no rule is about.
    """
    if "account" not in ledger.column_names:
        return ledger
    rules = {**rules, **{name: own for name, own in OWNERS.items() if name not in rules}}
    accounts = pc.dictionary_encode(pc.fill_null(texts.as_text(ledger.column("account")).cast(pa.string()), ""))
    accounts = accounts.combine_chunks()
    found = np.array([_first(name.strip(), rules, charted) for name in accounts.dictionary.to_pylist()], dtype=np.int64)
    rule = found[accounts.indices.to_numpy()] if len(found) else np.empty(0, dtype=np.int64)
    if "txn_id" in ledger.column_names:
        txn = pc.dictionary_encode(texts.as_text(ledger.column("txn_id")).cast(pa.string()).combine_chunks(), "encode")
        first = np.full(len(txn.dictionary), len(rules), dtype=np.int64)
        of = txn.indices.to_numpy()
        np.minimum.at(first, of, rule)
        rule = first[of]
    named = pa.DictionaryArray.from_arrays(pa.array(rule), pa.array([*rules.values(), otherwise])).cast(pa.string())
    if "activity" not in ledger.column_names:
        return ledger.append_column("activity", named)
    stated = texts.trimmed(texts.as_text(ledger.column("activity")).cast(pa.string()))
    position = ledger.column_names.index("activity")
    return ledger.set_column(position, "activity", pc.coalesce(stated, pa.chunked_array([named])))


def _first(account: str, rules: Mapping[str, str], charted: Kinds) -> int:
    """The number of the first rule that an account meets; the number of rules if it meets none."""
    kind = charted.get(account, frozenset())
    met = (number for number, name in enumerate(rules) if begins(account, name) or name.casefold() in kind)
    return next(met, len(rules))


def misspelled(source: str, rules: Mapping[str, str], ledger: pa.Table, charted: Kinds) -> Iterator[Fault]:
    """Rules that no account meets, but that look like one that some would meet."""
    posted = set(texts.words(ledger.column("account"))) if "account" in ledger.column_names else set()
    there = beginnings({*posted, *charted})
    known = {*there, *(kind for own in charted.values() for kind in own)}
    for name in rules:
        if name not in there and name.casefold() not in known and (guess := spelling.closest(name, known, ALIKE)):
            rule = "must be an account, the beginning of its name, a type or a subtype, in `activity`"
            yield Fault(source, rule, f"write {guess}, or remove the rule from sources.yaml", value=name)
