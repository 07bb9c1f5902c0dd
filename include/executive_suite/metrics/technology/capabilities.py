"""Which capabilities a safe software release needs and the group does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import scopes
from executive_suite.dataset.rows import any_assumed
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.measure import Measure
from executive_suite.metrics.registry import metric
from executive_suite.metrics.technology.gaps import COLUMNS

REQUIRED = {"ci_cd": "CI/CD pipeline", "rollback": "automated rollback", "staging": "staging environment"}
"""The capabilities of a safe release by category, in words; param ``capability_required`` adds the one of its scope."""


@dataclass(frozen=True, slots=True)
class Capability:
    """A required capability, and what the records show about it.

    Attributes:
        deployed: Whether a system of the category is deployed.
        finding_ids: Findings that name it, open or closed.
        titles: Their titles, open ones only.
        registered_as: Id of the first open finding; empty if there is none.
        closed: Whether findings name it and every one is closed.
    """

    category: str
    deployed: bool
    finding_ids: tuple[str, ...]
    titles: tuple[str, ...]
    registered_as: str
    closed: bool
    assumed: bool

    @property
    def name(self) -> str:
        """What it is, in words."""
        return REQUIRED.get(self.category, self.category.replace("_", " "))

    @property
    def missing(self) -> bool:
        """Not deployed, and not recorded as closed by its findings."""
        return not self.deployed and not self.closed


def _letters(words: str) -> str:
    return re.sub(r"[^a-z0-9]", "", words.lower())


def capabilities(context: Context) -> tuple[Capability, ...]:
    """Every required capability; a category that no system row has is not deployed."""
    systems = context.rows("system", "category", "status")
    deployed = {system.category for system in systems if system.status == "deployed"}
    extra = scopes(context, "capability_required") if context.has("param") else ()
    findings = context.rows("finding", *COLUMNS) if context.has("finding") else ()
    found = []
    for category in sorted({*REQUIRED, *extra}):
        named = [f for f in findings if f.kind == "dev_cycle" and _letters(category) in _letters(f.title)]
        still_open = [f for f in named if f.closed_on is None or f.closed_on >= context.report_date]
        found.append(
            Capability(
                category=category,
                deployed=category in deployed,
                finding_ids=tuple(f.finding_id for f in named),
                titles=tuple(f.title for f in still_open),
                registered_as=still_open[0].finding_id if still_open else "",
                closed=bool(named) and not still_open,
                assumed=any_assumed(named),
            )
        )
    return tuple(found)


@metric("delivery_capability_gaps_open", needs={"system": ("category", "status")})
def _missing(context: Context) -> Iterator[Fact]:
    register, systems = capabilities(context), context.rows("system")
    missing = [c for c in register if c.missing]
    odd = [c.category for c in register if c.closed and not c.deployed]
    reason = f"the finding is closed but no system is deployed: {', '.join(odd)}" if odd else ""
    yield context.fact(
        "delivery_capability_gaps_open",
        Measure(len(missing), reason=reason),
        inputs={"system": systems, "finding": [one for c in register for one in c.finding_ids]},
        assumed=any_assumed(missing),
    )
    for capability in register:
        yield context.fact(
            "delivery_capability_gaps_open",
            Measure(int(capability.missing), qualifier=_registered(capability)),
            inputs={"system": systems, "finding": capability.finding_ids},
            assumed=capability.assumed,
            capability=capability.category,
        )


def _registered(capability: Capability) -> Qualifier | None:
    found = capability.registered_as
    return Qualifier(Why.REGISTERED, subject=found) if found else None
