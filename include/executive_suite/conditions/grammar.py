"""A small language for conditions over table rows, kept in data and parsed here; nothing is ever evaluated as code.

Grammar (keywords in any case)::

    condition  = disjunct { "or" disjunct }
    disjunct   = conjunct { "and" conjunct }
    conjunct   = "not" conjunct | "(" condition ")" | test
    test       = term ( "is" ["not"] "null" | ["not"] "in" "(" choices ")" | comparison term )
    choices    = "select" column "from" table [ "where" condition ] | literal { "," literal }
    comparison = "=" | "!=" | "<>" | "<" | "<=" | ">" | ">="
    term       = atom { ("+" | "-") atom }
    atom       = column | literal
    literal    = "'text'" | number | "true" | "false" | "null" | "$name"

``$as_of`` is the report date, any other ``$name`` a parameter valid then; a day plus a number is that many days later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as OneOf

MAX_LENGTH = 4000
MAX_DEPTH = 40


class PredicateError(ValueError):
    """The text is not a condition of this language; the message shows the text and where it stops making sense."""


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
class Sum:
    """Two terms added, or the second taken from the first."""

    left: Term
    sign: OneOf["+", "-"]
    right: Term


Term = Column | Literal | Variable | Sum


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
    choices: tuple[Term, ...] | Select
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Conditions of which every one holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Conditions of which one holds."""

    conditions: tuple[Condition, ...]


Condition = Compare | IsNull | In | Not | All | Any

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^']|'')*') | (?P<number>\d+(?:\.\d+)?) | (?P<variable>\$[A-Za-z_]\w*) | (?P<word>[A-Za-z_]\w*)
    | (?P<symbol><=|>=|<>|!=|[=<>(),+-])
    )""",
    re.VERBOSE,
)
_KEYWORDS = frozenset({"and", "or", "not", "in", "is", "null", "select", "from", "where", "true", "false"})
_END, _TEST, _NUMBER, _VALUE = "the end", "a comparison, 'is' or 'in'", "a number", "a value"
_COMPARISONS = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})


def parse(text: str) -> Condition:
    """The condition that ``text`` states.

    Raises:
        PredicateError: it is not in the grammar, too long or too deeply nested.

    >>> parse("stage = 'won' and amount_cents > 0")
    All(conditions=(Compare(left=Column(name='stage'), operator='=', right=Literal(value='won')), \
Compare(left=Column(name='amount_cents'), operator='>', right=Literal(value=Decimal('0')))))
    """
    return _Parser(text).parse()


def columns(condition: Condition) -> frozenset[str]:
    """The columns of the row at hand that a condition reads (those of sub-selects are their own tables')."""
    match condition:
        case Compare(left, _, right):
            return _term_columns(left) | _term_columns(right)
        case IsNull(term, _):
            return _term_columns(term)
        case In(term, _, _):
            return _term_columns(term)
        case Not(inner):
            return columns(inner)
        case All(conditions) | Any(conditions):
            return frozenset[str]().union(*(columns(inner) for inner in conditions))


def _term_columns(term: Term) -> frozenset[str]:
    match term:
        case Column(name):
            return frozenset({name})
        case Sum(left, _, right):
            return _term_columns(left) | _term_columns(right)
        case _:
            return frozenset()


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    position = 0
    end = len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:
            msg = f"condition {text!r}: cannot read {text[position : position + 20].strip()!r} at position {position}"
            raise PredicateError(msg)
        kind = str(found.lastgroup)
        start, token = found.start(kind), found.group(kind)
        if kind == "word" and token.lower() in _KEYWORDS:
            kind, token = "keyword", token.lower()
        yield kind, token, start
        position = found.end()


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            msg = f"condition of {len(text)} characters; at most {MAX_LENGTH} are allowed"
            raise PredicateError(msg)
        self.text = text
        self.tokens = [*_tokens(text), ("end", "", len(text))]
        self.at = 0
        self.depth = 0

    def parse(self) -> Condition:
        condition = self.disjunction()
        if self.tokens[self.at][0] != "end":
            raise self.unexpected(_END)
        return condition

    def unexpected(self, expected: str) -> PredicateError:
        _, token, position = self.tokens[self.at]
        found = repr(token) if token else "the end"
        return PredicateError(f"condition {self.text!r}: expected {expected}, found {found} at position {position}")

    def accept(self, *tokens: str) -> str | None:
        kind, token, _ = self.tokens[self.at]
        if kind in ("keyword", "symbol") and token in tokens:
            self.at += 1
            return token
        return None

    def expect(self, token: str) -> None:
        if self.accept(token) is None:
            raise self.unexpected(repr(token))

    def word(self, what: str) -> str:
        kind, token, _ = self.tokens[self.at]
        if kind != "word":
            raise self.unexpected(what)
        self.at += 1
        return token

    def disjunction(self) -> Condition:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            msg = f"condition {self.text[:60]!r}…: nested deeper than {MAX_DEPTH}"
            raise PredicateError(msg)
        found = [self.conjunction()]
        while self.accept("or"):
            found.append(self.conjunction())
        self.depth -= 1
        return found[0] if len(found) == 1 else Any(tuple(found))

    def conjunction(self) -> Condition:
        found = [self.factor()]
        while self.accept("and"):
            found.append(self.factor())
        return found[0] if len(found) == 1 else All(tuple(found))

    def factor(self) -> Condition:
        negations = 0
        while self.accept("not"):
            negations += 1
        if self.accept("("):
            condition = self.disjunction()
            self.expect(")")
        else:
            condition = self.test()
        return Not(condition) if negations % 2 else condition

    def test(self) -> Condition:
        term = self.term()
        if self.accept("is"):
            negated = self.accept("not") is not None
            self.expect("null")
            return IsNull(term, negated)
        negated = self.accept("not") is not None
        if negated or self.tokens[self.at][:2] == ("keyword", "in"):
            self.expect("in")
            return In(term, self.choices(), negated)
        operator = self.accept(*_COMPARISONS)
        if operator is None:
            raise self.unexpected(_TEST)
        return Compare(term, "!=" if operator == "<>" else operator, self.term())

    def choices(self) -> tuple[Term, ...] | Select:
        self.expect("(")
        if self.accept("select"):
            column = self.word("a column")
            self.expect("from")
            table = self.word("a table")
            where = self.disjunction() if self.accept("where") else None
            self.expect(")")
            return Select(column, table, where)
        found = [self.literal()]
        while self.accept(","):
            found.append(self.literal())
        self.expect(")")
        return tuple(found)

    def term(self) -> Term:
        term = self.atom()
        while sign := self.accept("+", "-"):
            term = Sum(term, "+" if sign == "+" else "-", self.atom())
        return term

    def atom(self) -> Term:
        if self.tokens[self.at][0] == "word":
            return Column(self.word("a column"))
        return self.literal()

    def literal(self) -> Term:
        negative = self.accept("-") is not None
        kind, token, _ = self.tokens[self.at]
        if negative and kind != "number":
            raise self.unexpected(_NUMBER)
        value: Term
        match kind, token:
            case "text", _:
                value = Literal(token[1:-1].replace("''", "'"))
            case "number", _:
                value = Literal(-Decimal(token) if negative else Decimal(token))
            case "variable", _:
                value = Variable(token[1:])
            case "keyword", "true":
                value = Literal(True)  # noqa: FBT003 - the value itself
            case "keyword", "false":
                value = Literal(False)  # noqa: FBT003 - the value itself
            case "keyword", "null":
                value = Literal(None)
            case _:
                raise self.unexpected(_VALUE)
        self.at += 1
        return value
