"""One rule of a group as data, checked as it is read; ``docs/rules.md`` explains the checks with examples."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from executive_suite.conditions import grammar, tree
from executive_suite.config_files import Strict
from executive_suite.facts.findings import Severity
from executive_suite.rules import reference, sentences
from executive_suite.rules.reference import Reference

Kind = Literal[
    "shortfall",
    "security_gap",
    "ux_gap",
    "delivery_gap",
    "control_violation",
    "missing_kpi",
    "accounting_gap",
    "technology_gap",
    "rental_concern",
    "delivery_concern",
    "portfolio_concern",
]
Check = Literal["some", "none", "share_above", "each", "control", "figures", "streak"]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,40}$")]

QUALIFIERS = ("status", "why", "count", "of", "subject")
"""What a rule may ask of a figure besides its value: ``mrr_why``, ``mrr_count``."""

NEEDS: Mapping[Check, tuple[str, ...]] = {
    "some": ("rows or facts",),
    "none": ("rows or facts",),
    "share_above": ("rows or facts", "where", "above"),
    "each": ("rows or facts", "identity"),
    "control": ("rows",),
    "figures": ("figures", "where"),
    "streak": ("facts", "where", "lasting"),
}
_CONDITIONS = ("where", "among", "show", "critical_if")
_SENTENCES = ("title", "evidence", "item", "fires", "clear", "action")


class Rule(Strict):
    """One rule.

    Attributes:
        severity: How bad it is when it fires; ``column:name`` takes it from the row, for ``each``.
        critical_if: Condition over the figures that makes it critical.
        figures: Single facts that the rule looks at, by the name that conditions and sentences use.
        worked_out: Values worked out of those, by name, each from those above it.
        rows: Table, or view of ``rules.views``, that is looked through.
        facts: Facts looked through in place of a table: a row for each fact of the first reference.
        where: Condition over the rows, or over the figures (``figures``); blank is every row.
        among: Rows that count at all.
        show: Rows that are shown as evidence (``none``, ``figures``); those of ``among`` when blank.
        above: Parameter in basis points (``share_above``).
        lasting: How many latest rows in succession must meet ``where`` (``streak``).
        order: Column by which rows are ordered; ``-column`` puts the largest first.
        labels: Further columns by the value of a column: ``{column: {value: {name: words}}}``.
        item: One row inside of a sentence, where they are listed as ``{items}``.
        fires: Why it fires, as readers see it.
        counted: ``fires`` and ``clear`` with the precise counts, as the fact table prints them.
        action: What to do about it; blank when nothing is asked.
        effort_days: Working days that the action takes; with it the action is on the thirty-day agenda.
        due: Figure or column with the day by which that must be decided, or ``as_of``.
        at_stake: Figures or columns whose sum over the evidence is the money at stake; ``-column`` is subtracted.
        at_stake_every: ``month`` where those are amounts a month; blank for an amount that is lost once.
        estimated: Whether the money at stake is an estimate.
        owner: Who answers for it, a role; or ``column:name``.
        identity: Column that identifies the finding (``each``), or names rows in a sentence (``{names}``).
        name: What the rule is called when no row gives a title; the title when blank.
        by_check: Fields that differ by the name of the control's check (``control``).
    """

    rule_id: RuleId
    kind: Kind
    title: str
    severity: Severity | Annotated[str, StringConstraints(pattern=r"^column:[a-z_]+$")]
    critical_if: str = ""
    check: Check
    figures: Mapping[Name, str] = Field(default_factory=dict)
    limits: Mapping[Name, Decimal] = Field(default_factory=dict)
    worked_out: Mapping[Name, str] = Field(default_factory=dict)
    rows: str = ""
    facts: Mapping[Name, str] = Field(default_factory=dict)
    where: str = ""
    among: str = ""
    show: str = ""
    above: str = ""
    lasting: Annotated[int, Field(ge=0)] = 0
    order: str = ""
    labels: Mapping[str, Mapping[str, Mapping[Name, str]]] = Field(default_factory=dict)
    evidence: str = ""
    item: str = ""
    fires: str = ""
    clear: str = ""
    counted: Mapping[str, str] = Field(default_factory=dict)
    action: str = ""
    effort_days: Annotated[Decimal, Field(gt=0)] | None = None
    due: str = ""
    at_stake: tuple[str, ...] = ()
    at_stake_every: Literal["", "month"] = ""
    estimated: bool = False
    owner: str = ""
    identity: str = ""
    entity: str = "entity_id"
    name: str = ""
    by_check: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)

    @field_validator(*_CONDITIONS)
    @classmethod
    def _is_a_condition(cls, text: str) -> str:
        if text.strip():
            grammar.parse(text)
        return text

    @field_validator("worked_out", "figures", "facts", "counted")
    @classmethod
    def _can_be_read(cls, stated: Mapping[str, str], field: ValidationInfo) -> Mapping[str, str]:
        readers: Mapping[str | None, Callable[[str], object]]
        readers = {"worked_out": grammar.parse_term, "counted": sentences.check}
        for text in stated.values():
            readers.get(field.field_name, reference.parse)(text)
        return stated

    @field_validator(*_SENTENCES)
    @classmethod
    def _has_known_forms(cls, text: str) -> str:
        sentences.check(text)
        return text

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        given = {"rows or facts": bool(self.rows) != bool(self.facts)}
        missing = [need for need in NEEDS[self.check] if not given.get(need, getattr(self, need, None))]
        if missing:
            msg = f"check {self.check} needs {', '.join(missing)}"
            raise ValueError(msg)
        if others := self.counted.keys() - {"fires", "clear"}:
            msg = f"counted names {', '.join(sorted(others))}, which is neither fires nor clear"
            raise ValueError(msg)
        for check in self.by_check:
            try:
                self.controlling(check, "")
            except ValidationError as error:
                fault = error.errors()[0]
                msg = f"by_check.{check}.{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
                raise ValueError(msg) from None
        divided = [name for name, one in self.figure_references.items() if not one.single]
        if divided:
            msg = f"figures: {', '.join(divided)} stands for several facts; name them under facts"
            raise ValueError(msg)
        if not self.rows:
            for field, unknown in self._unknown():
                msg = f"{field} names {unknown!r}, which the rule does not define"
                raise ValueError(msg)
        return self

    @functools.cached_property
    def figure_references(self) -> Mapping[str, Reference]:
        """The single facts that it looks at, by name."""
        return {name: reference.parse(text) for name, text in self.figures.items()}

    @functools.cached_property
    def fact_references(self) -> Mapping[str, Reference]:
        """The facts that make its rows, by name; the first decides which rows there are."""
        return {name: reference.parse(text) for name, text in self.facts.items()}

    def controlling(self, check: str, table: str) -> Rule:
        """The rule for one check of the register of controls, over the rows that break it."""
        fields = self.model_dump(exclude={"by_check"}) | {"check": "some", "rows": table or self.rows}
        return Rule.model_validate(fields | dict(self.by_check.get(check, {})))

    @functools.cached_property
    def as_counted(self) -> Rule:
        """The rule with the sentences that the fact table prints."""
        return self.model_copy(update=self.counted)

    @functools.cached_property
    def _terms(self) -> Mapping[str, frozenset[str]]:
        """The names that each value is worked out of."""
        return {name: tree.columns(grammar.parse_term(text)) for name, text in self.worked_out.items()}

    @functools.cached_property
    def _names(self) -> frozenset[str]:
        """Every name that a condition, a term or a sentence of the rule uses."""
        conditions = (_columns(getattr(self, field)) for field in _CONDITIONS)
        places = (sentences.places(getattr(self, field)) for field in _SENTENCES)
        return frozenset[str]().union(*conditions, *self._terms.values(), *places)

    def uses(self, fact: str) -> bool:
        """Whether it uses a fact, or a qualifier of one, by this name."""
        return not self._names.isdisjoint(with_qualifiers(fact))

    def decides_by(self, fact: str) -> bool:
        """Whether it depends on a fact of this name, or on a qualifier of it, whether the rule fires."""
        return not self._reads.isdisjoint(with_qualifiers(fact))

    @functools.cached_property
    def _reads(self) -> frozenset[str]:
        seen: set[str] = set()
        waiting = [*_columns(self.where), *_columns(self.among)]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += self._terms.get(name, ())
        return frozenset(seen)

    def _unknown(self) -> Iterator[tuple[str, str]]:
        """Names that conditions and sentences use and that nothing in the rule defines, with their field."""
        facts = {*self.figures, *self.facts}
        known = {*self.limits, "entity_id"}.union(*map(with_qualifiers, facts))
        for one in self.fact_references.values():
            known |= {*one.free, *(("month",) if one.months else ())}
        known |= {name for values in self.labels.values() for words in values.values() for name in words}
        for name, reads in self._terms.items():
            yield from (("worked_out", read) for read in reads - known)
            known.add(name)
        for field in _CONDITIONS:
            yield from ((field, read) for read in _columns(getattr(self, field)) - known)
        stakes = [name.removeprefix("-") for name in self.at_stake]
        for field, names in (("at_stake", stakes), ("order", [self.order.removeprefix("-")])):
            yield from ((field, name) for name in names if name and name not in known)
        for field, name in (("identity", self.identity), ("due", self.due)):
            if name not in {"", *sentences.ALWAYS, *known}:
                yield field, name
        known |= {*sentences.ALWAYS, *(f"total_{name}" for name in self.facts)}
        for field, text in (*((field, getattr(self, field)) for field in _SENTENCES), *self.counted.items()):
            yield from ((field, name) for name in sentences.places(text) if name not in known)


def with_qualifiers(fact: str) -> frozenset[str]:
    """The name of a fact, and those of its qualifiers."""
    return frozenset({fact, *(f"{fact}_{suffix}" for suffix in QUALIFIERS)})


def _columns(condition: str) -> frozenset[str]:
    return tree.columns(grammar.parse(condition)) if condition.strip() else frozenset()
