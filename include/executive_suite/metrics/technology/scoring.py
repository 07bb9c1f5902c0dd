"""How bad a gap is: CVSS by the published formulas, and the SSVC decision by the published table."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from decimal import Decimal
from importlib import resources

from cvss import CVSS2, CVSS3, CVSS4
from cvss.exceptions import CVSSError

from executive_suite.facts.findings import Severity

DECISIONS = ("act", "attend", "", "track*", "track")
"""SSVC decisions in ranking order; a gap not yet assessed comes between those that need attention and the rest."""

ANSWERS = ("exploitation", "automatable", "technical_impact", "mission_wellbeing")
"""The answers that an SSVC decision is made from."""

_RATINGS: tuple[tuple[Decimal, Severity], ...] = (
    (Decimal("9.0"), "critical"),
    (Decimal("7.0"), "high"),
    (Decimal("4.0"), "medium"),
)


def base_score(vector: str) -> Decimal:
    """The CVSS base score of a vector of version 2, 3.0, 3.1 or 4.0.

    Raises:
        ValueError: the vector is not valid; the message shows it.

    Source: FIRST, CVSS v3.1 specification section 7 and v4.0 specification section 8.

    >>> base_score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")
    Decimal('9.8')
    """
    reader = CVSS4 if vector.startswith("CVSS:4") else CVSS3 if vector.startswith("CVSS:3") else CVSS2
    try:
        return Decimal(str(reader(vector).base_score))
    except CVSSError as error:
        msg = f"{vector!r} is not a CVSS vector: {error}"
        raise ValueError(msg) from None


@functools.cache
def scored(vector: str) -> tuple[str, Decimal | None, str]:
    """A vector, its base score and why it has none; a vector that cannot be read scores nothing and is left out.

    >>> scored("")
    ('', None, '')
    """
    if not vector:
        return "", None, ""
    try:
        return vector, base_score(vector), ""
    except ValueError as error:
        return "", None, str(error)


def version(vector: str) -> str:
    """The major version of a vector; scores of different versions are never added or averaged.

    >>> version("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N")
    '4'
    """
    return vector[5] if vector.startswith("CVSS:") else "2"


def rating(score: Decimal | None) -> Severity:
    """The qualitative severity of a base score; an unscored gap is ``medium`` until it is scored.

    Source: FIRST, CVSS v3.1 specification section 5 (9.0 critical, 7.0 high, 4.0 medium, below low).

    >>> rating(Decimal("7.0")), rating(Decimal("6.9"))
    ('high', 'medium')
    """
    if score is None:
        return "medium"
    return next((name for floor, name in _RATINGS if score >= floor), "low")


@functools.cache
def _table() -> Mapping[tuple[str, ...], str]:
    text = resources.files(__package__).joinpath("ssvc_cisa_coordinator.csv").read_text(encoding="utf-8")
    return {tuple(answers): decision for *answers, decision in csv.reader(text.splitlines()[1:])}


def ssvc(exploitation: str, automatable: str, technical_impact: str, mission_wellbeing: str) -> str:
    """The SSVC decision (``act``, ``attend``, ``track*``, ``track``); empty when an answer is missing.

    Source: CERT/CC, SSVC decision table cisa_coordinator 2.0.3.

    >>> ssvc("poc", "yes", "total", "medium")
    'track*'
    """
    spelled = "public poc" if exploitation == "poc" else exploitation
    return _table().get((spelled, automatable, technical_impact, mission_wellbeing), "")
