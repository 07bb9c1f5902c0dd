"""How bad a gap is: CVSS by the published formulas, and the SSVC decision by the published table."""

from __future__ import annotations

import csv
import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources

from cvss import CVSS2, CVSS3, CVSS4
from cvss.exceptions import CVSSError

from executive_suite.facts.findings import Severity

DECISIONS = ("act", "attend", "", "track*", "track")
"""SSVC decisions in ranking order; a gap not yet assessed comes between those that need attention and the rest."""

ANSWERS = ("exploitation", "automatable", "technical_impact", "mission_wellbeing")
"""The answers that an SSVC decision is made from."""

NOT_DEFINED = ("X", "ND")
THREAT = frozenset({"E", "RL", "RC"})
"""Exploit maturity; in versions 2 and 3 also remediation level and report confidence (the temporal metrics)."""
ENVIRONMENT = frozenset({"CR", "IR", "AR", "CDP", "TD"})
"""Security requirements; in version 2 also collateral damage and target distribution."""
MODIFIED = frozenset(
    f"M{name}" for name in ["AV", "AC", "AT", "PR", "UI", "S", "C", "I", "A", "VC", "VI", "VA", "SC", "SI", "SA"]
)
"""Base metrics as they are in the group's own environment."""

_RATINGS: tuple[tuple[Decimal, Severity], ...] = (
    (Decimal("9.0"), "critical"),
    (Decimal("7.0"), "high"),
    (Decimal("4.0"), "medium"),
)


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a CVSS vector, each from its own group of metrics.

    Attributes:
        vector: The vector; empty when there is none, or when it cannot be read.
        base: From the base metrics alone; None when unscored.
        threat: With the threat metrics too (temporal in versions 2 and 3); None unless the vector states one.
        environmental: With everything that it states; None unless it states an environmental metric.
        names: What threat and environmental score are called in the vector's version.
        fault: Why the vector cannot be read; empty when it can.
    """

    vector: str = ""
    base: Decimal | None = None
    threat: Decimal | None = None
    environmental: Decimal | None = None
    names: tuple[str, str] = ("", "")
    fault: str = ""


def base_score(vector: str) -> Decimal:
    """The CVSS base score of a vector of version 2, 3.0, 3.1 or 4.0, from its base metrics alone.

    Raises:
        ValueError: the vector is not valid; the message shows it.

    >>> base_score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")
    Decimal('9.8')
    """
    base = scored(vector).base
    if base is None:
        raise ValueError(scored(vector).fault or f"{vector!r} is not a CVSS vector: it is empty")
    return base


@functools.cache
def scored(vector: str) -> Scores:
    """Every score of a vector; one that cannot be read scores nothing and is left out.

    In version 4 a threat or environmental metric changes the one score that the formula gives: it is CVSS-B only for a
    vector of base metrics, so each group of metrics is scored with the others taken out.

    Source: FIRST, CVSS v3.1 specification section 7; v4.0 specification sections 1.3 (nomenclature) and 8.

    >>> found = scored("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:U")
    >>> found.base, found.threat, found.environmental, found.names[0]
    (Decimal('7.3'), Decimal('4.1'), None, 'CVSS-BT')
    """
    if not vector:
        return Scores()
    stated = {part.partition(":")[0] for part in vector.split("/") if part.partition(":")[2] not in NOT_DEFINED}
    in_threat, in_environment = stated & THREAT, stated & (ENVIRONMENT | MODIFIED)
    try:
        if not vector.startswith("CVSS:4"):
            base, threat, environmental = (CVSS3 if vector.startswith("CVSS:3") else CVSS2)(vector).scores()
            names = ("temporal score", "environmental score")
        else:
            CVSS4(vector)
            base, threat, environmental = (
                CVSS4(_without(vector, left_out)).base_score
                for left_out in (THREAT | ENVIRONMENT | MODIFIED, ENVIRONMENT | MODIFIED, frozenset())
            )
            names = ("CVSS-BT", "CVSS-BTE" if in_threat else "CVSS-BE")
    except CVSSError as error:
        return Scores(fault=f"{vector!r} is not a CVSS vector: {error}")
    return Scores(
        vector,
        Decimal(str(base)),
        Decimal(str(threat)) if in_threat else None,
        Decimal(str(environmental)) if in_environment else None,
        names,
    )


def _without(vector: str, left_out: Collection[str]) -> str:
    """The vector without some of its metrics."""
    return "/".join(part for part in vector.split("/") if part.partition(":")[0] not in left_out)


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
