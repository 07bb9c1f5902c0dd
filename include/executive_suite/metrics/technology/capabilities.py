"""Which delivery capabilities a release needs and the group does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.dataset.parameters import scopes
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import rows
from executive_suite.metrics.technology.gaps import COLUMNS

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

REQUIRED = ("ci_cd", "rollback", "staging")
"""The capabilities of a safe release; param ``capability_required`` adds the category that is its scope."""


@dataclass(frozen=True, slots=True)
class Capability:
    """A required capability and what the records say of it.

    Attributes:
        category: Category in the register of systems.
        deployed: Whether a system of the category is deployed.
        finding_ids: Findings that name it, open or closed.
        titles: Their titles, open ones only.
        closed: Whether findings name it and every one is closed.
        assumed: Whether a row about it is marked so.
    """

    category: str
    deployed: bool
    finding_ids: tuple[str, ...]
    titles: tuple[str, ...]
    closed: bool
    assumed: bool

    @property
    def missing(self) -> bool:
        """Neither deployed nor is the finding that says so closed."""
        return not self.deployed and not self.closed


def _letters(words: str) -> str:
    return re.sub(r"[^a-z0-9]", "", words.lower())


def capabilities(context: Context) -> tuple[Capability, ...]:
    """Every required capability; a category that no system row has is not deployed.

    Raises:
        MissingInputError: the register of systems is absent.
    """
    systems = context.table("system", "category", "status")
    deployed = set(systems.loc[systems["status"] == "deployed", "category"])
    extra = scopes(context, "capability_required") if context.has("param") else ()
    frame = context.table("finding", *COLUMNS) if context.has("finding") else pd.DataFrame(columns=COLUMNS)
    register = list(rows(frame[frame["kind"] == "dev_cycle"]))
    found = []
    for category in sorted({*REQUIRED, *extra}):
        named = [row for row in register if _letters(category) in _letters(row.text("title"))]
        open_ones = [row for row in named if (row.day("closed_on") or context.report_date) >= context.report_date]
        found.append(
            Capability(
                category=category,
                deployed=category in deployed,
                finding_ids=tuple(row.text("finding_id") for row in named),
                titles=tuple(row.text("title") for row in open_ones),
                closed=bool(named) and not open_ones,
                assumed=any(row.assumed for row in named),
            )
        )
    return tuple(found)


@metric(
    Definition(
        "delivery_capability_gaps_open",
        "Missing release capabilities",
        "count",
        "Required capabilities (continuous integration and delivery, staging, automated rollback; param "
        "capability_required adds more) that no deployed system provides and whose finding is not closed.",
        "DORA capabilities: continuous delivery, test automation, deployment automation",
        "zero",
    ),
    needs={"system": ("category", "status")},
)
def _delivery_gaps(context: Context) -> Iterator[Fact]:
    register = capabilities(context)
    systems = len(context.table("system"))
    missing = [c for c in register if c.missing]
    odd = [c.category for c in register if c.closed and not c.deployed]
    reason = f"the finding is closed but no system is deployed: {', '.join(odd)}" if odd else ""
    named = sum(len(c.finding_ids) for c in register)
    yield context.fact(
        "delivery_capability_gaps_open",
        Measure(len(missing), reason=reason),
        inputs={"system": systems, "finding": named},
        assumed=any(c.assumed for c in missing),
    )
    for capability in register:
        yield context.fact(
            "delivery_capability_gaps_open",
            Measure(int(capability.missing)),
            inputs={"system": systems, "finding": len(capability.finding_ids)},
            assumed=capability.assumed,
            capability=capability.category,
        )
