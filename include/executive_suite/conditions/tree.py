"""What a parsed condition is made of: terms, tests and their combinations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Literal as OneOf


@dataclass(frozen=True, slots=True)
class Column:
    """The value of a column in the row at hand."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the condition."""

    value: str | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class Variable:
    """``$as_of`` or a parameter's value."""

    name: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two terms added, subtracted, multiplied or divided."""

    left: Term
    sign: OneOf["+", "-", "*", "/"]
    right: Term


@dataclass(frozen=True, slots=True)
class Case:
    """A term where a condition holds, another (or no value) where it does not."""

    condition: Condition
    then: Term
    otherwise: Term


Term = Column | Literal | Variable | Arithmetic | Case


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison; unknown where a side is null."""

    left: Term
    operator: str
    right: Term


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether a term has no value; never unknown."""

    term: Term
    negated: bool


@dataclass(frozen=True, slots=True)
class Select:
    """The values of one column in another table's rows."""

    column: str
    table: str
    where: Condition | None


@dataclass(frozen=True, slots=True)
class In:
    """Whether a term is one of several values; unknown as in SQL when a null is among them."""

    term: Term
    choices: tuple[Literal | Variable, ...] | Select
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Conditions that must all hold."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Conditions of which one must hold."""

    conditions: tuple[Condition, ...]


Condition = Compare | IsNull | In | Not | All | Any


def columns(node: Condition | Term) -> frozenset[str]:
    """The columns of the row at hand that a condition or term reads (those of sub-selects are their own tables')."""
    return frozenset(_columns(node))


def _columns(node: object) -> Iterator[str]:
    if isinstance(node, Column):
        yield node.name
    elif isinstance(node, tuple):
        for part in node:
            yield from _columns(part)
    elif is_dataclass(node) and not isinstance(node, Select):
        yield from _columns(tuple(getattr(node, field.name) for field in fields(node)))
