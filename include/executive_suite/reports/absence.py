"""Sentences that something is not there: each names what makes it true, and is refused where that is not so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from executive_suite import wording, written
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Finding
from executive_suite.wording import ENGLISH, say

_MOST = 40
"""Facts that a proof names."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether it is so that something is not there, and the facts that show it."""

    holds: bool
    facts: tuple[str, ...] = ()


OURS = Proof(holds=True)
"""Of a sentence about how we count, write or plan, which is so whatever the records say."""


def none(words: str, *proofs: Proof, **fields: object) -> str:
    """A sentence that something is not there, or no longer; shown, it is refused unless every proof holds.

    Args:
        words: In English, with named fields.
        proofs: What makes it true.
        fields: Their texts.
    """
    text = say(words, **fields)
    if wording.language() != ENGLISH and words not in wording.messages():
        return text  # said before, by another sentence
    facts = tuple(dict.fromkeys(name for proof in proofs for name in proof.facts))
    holds = bool(proofs) and all(proof.holds for proof in proofs)
    return written.denied(text, holds=holds, facts=facts[:_MOST])


def zero(*facts: Fact) -> Proof:
    """Every fact is known, and none has anything: 0, no, or blank."""
    return Proof(bool(facts) and all(fact.value is not None and _nothing(fact) for fact in facts), _ids(facts))


def nothing_of(fact: Fact) -> Proof:
    """A figure is 0, or unknown: of what can only be done with it."""
    return Proof(_nothing(fact), _ids((fact,)))


def unknown(*facts: Fact) -> Proof:
    """No fact has a value: of what the records do not say."""
    return Proof(bool(facts) and all(fact.value is None for fact in facts), _ids(facts))


def left(rows: Iterable[object], *known: Fact) -> Proof:
    """Nothing is left of some rows, and what they were chosen from is known: its tables have rows.

    Args:
        rows: Those that the sentence says there are none of.
        known: Figures whose value shows that the records cover them.
    """
    return Proof(not any(True for _ in rows) and all(fact.value is not None for fact in known), _ids(known))


def clear(findings: Iterable[Finding]) -> Proof:
    """Some rules were applied, each had its input, and none of them finds anything."""
    given = tuple(findings)
    return Proof(bool(given) and all(finding.outcome == "clear" for finding in given))


def _nothing(fact: Fact) -> bool:
    """Whether a figure is 0, no or blank, or has no value; cloud cost is decimal text."""
    return not (fact.number if fact.number is not None else fact.value)


def _ids(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(fact.fact_id for fact in facts)
