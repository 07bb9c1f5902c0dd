"""The rules of a group as data: what counts as a shortfall, a gap or a violation, how bad it is and who answers."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from executive_suite import config_files
from executive_suite.conditions import grammar
from executive_suite.facts.findings import Severity
from executive_suite.folders import INCLUDE

SHIPPED = INCLUDE / "config" / "rules.yaml"

Kind = Literal[
    "shortfall", "security_gap", "ux_gap", "delivery_gap", "control_violation", "missing_kpi", "accounting_gap"
]
Check = Literal["some", "none", "share_above", "each", "control", "fact_above"]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,60}$")]


class Rule(BaseModel):
    """One rule.

    Attributes:
        rule_id: Stable id.
        kind: What it finds.
        title: In a reader's words; ``{column}`` is taken from the row, for ``each``.
        severity: How bad it is when it fires; ``column:name`` takes it from the row, for ``each``.
        check: ``some`` row matches, ``none`` does, a ``share_above`` a parameter does, ``each`` row is a finding of its
            own, a ``control`` rule of the register is broken, or a fact stands above a limit (``fact_above``).
        rows: Table, or view of ``rules.views``, that is looked through; the rows behind the fact (fact_above).
        where: Condition over its rows, in the grammar of ``conditions.grammar``; blank is every row.
        among: Rows that count at all.
        show: Rows that are shown as evidence (none); those of ``among`` when blank.
        above: Parameter in basis points (share_above).
        fact: Metric id (fact_above): the fact with the dimensions of ``dimensions`` is looked at.
        dimensions: Dimensions of that fact.
        limit: The fact fires above it.
        evidence: One row in a reader's words; ``{column}``, or with a form: ``{column:money}``, percent_bp, day,
            yes_no, words, sentence.
        fires: Why it fires; ``{count}`` and ``{of}`` are the rows that match and those looked through.
        clear: Why it does not.
        at_stake: Columns whose sum over the evidence is the money at stake; ``-column`` is taken off.
        at_stake_every: ``month`` where those columns are amounts a month; blank for an amount that is lost once.
        owner: Who answers for it, a role; or ``column:name``.
        identity: Column that identifies the finding (each).
        entity: Column of the entity that it concerns.
        action: What to do about it within thirty days; blank keeps it off that agenda.
        effort_days: Working days that the action takes.
        name: What the rule is called when no row gives a title; the title when blank.
        views: View in which the rows of a table are looked up (control).
        evidence_by_table: As ``evidence``, by the table of the offending rows (control).
        at_stake_by_table: As ``at_stake``, by the table of the offending rows (control).
        actions: As ``action``, by the name of the check (control).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule_id: RuleId
    kind: Kind
    title: str
    severity: Severity | Annotated[str, StringConstraints(pattern=r"^column:[a-z_]+$")]
    check: Check
    rows: str = ""
    where: str = ""
    among: str = ""
    show: str = ""
    above: str = ""
    fact: str = ""
    dimensions: Mapping[str, str] = Field(default_factory=dict)
    limit: int = 0
    evidence: str = ""
    fires: str = ""
    clear: str = ""
    at_stake: tuple[str, ...] = ()
    at_stake_every: Literal["", "month"] = ""
    owner: str = ""
    identity: str = ""
    entity: str = "entity_id"
    action: str = ""
    effort_days: Annotated[Decimal, Field(gt=0)] = Decimal(1)
    name: str = ""
    views: Mapping[str, str] = Field(default_factory=dict)
    evidence_by_table: Mapping[str, str] = Field(default_factory=dict)
    at_stake_by_table: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    actions: Mapping[str, str] = Field(default_factory=dict)

    @field_validator("where", "among", "show")
    @classmethod
    def _is_a_condition(cls, text: str) -> str:
        if text.strip():
            grammar.parse(text)
        return text

    @model_validator(mode="after")
    def _has_what_its_check_needs(self) -> Self:
        needed = {
            "some": ("rows",),
            "none": ("rows",),
            "share_above": ("rows", "where", "above"),
            "each": ("rows", "identity"),
            "control": ("rows",),
            "fact_above": ("fact",),
        }
        missing = [field for field in needed[self.check] if not getattr(self, field)]
        if missing:
            msg = f"check {self.check} needs {', '.join(missing)}"
            raise ValueError(msg)
        return self


class Rules(BaseModel):
    """Every rule of a group, in the order in which findings of one severity are shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [rule.rule_id for rule in self.rules]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            msg = f"rule_id must be unique, found twice: {twice}"
            raise ValueError(msg)
        return self

    def of_kind(self, *kinds: Kind) -> tuple[Rule, ...]:
        """The rules of these kinds."""
        return tuple(rule for rule in self.rules if rule.kind in kinds)


def load(path: Path = SHIPPED) -> Rules:
    """The rules in a YAML file.

    Raises:
        ConfigError: the file is missing, is not YAML, or a field is wrong; file, rule and field are named.
    """
    content = config_files.read(path)
    try:
        return Rules.model_validate({"rules": content})
    except ValidationError as error:
        raise config_files.refused(error, config_files.in_list(path, content, "rule_id", "rule")) from None


@functools.cache
def shipped() -> Rules:
    """The rules of ``include/config/rules.yaml``."""
    return load()
