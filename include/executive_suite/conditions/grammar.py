"""A small language for conditions over rows, kept in data and parsed here; nothing is ever evaluated as code.

Grammar (keywords in any case)::

    condition  = disjunct { "or" disjunct }
    disjunct   = conjunct { "and" conjunct }
    conjunct   = "not" conjunct | "(" condition ")" | test
    test       = term ( "is" ["not"] "null" | ["not"] "in" "(" choices ")" | comparison term )
    choices    = "select" column "from" table [ "where" condition ] | literal { "," literal }
    comparison = "=" | "!=" | "<>" | "<" | "<=" | ">" | ">="
    term       = product { ("+" | "-") product }
    product    = atom { ("*" | "/") atom }
    atom       = column | literal | "case" "when" condition "then" term [ "else" term ] "end"
    literal    = "'text'" | number | "true" | "false" | "null" | "$name"

``$as_of`` is the report date, any other ``$name`` a parameter valid then. A day plus a number is that many days later,
a day less a day is the days between. Division is exact, and has no value by zero.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from executive_suite.conditions import tree
from executive_suite.conditions.tree import Condition, Literal, Select, Term, Variable

MAX_LENGTH = 4000
MAX_DEPTH = 40


class PredicateError(ValueError):
    """The text is not a condition of this language; the message shows the text and where it stops making sense."""


_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^']|'')*') | (?P<number>\d+(?:\.\d+)?) | (?P<variable>\$[A-Za-z_]\w*) | (?P<word>[A-Za-z_]\w*)
    | (?P<symbol><=|>=|<>|!=|[=<>(),+*/-])
    )""",
    re.VERBOSE,
)
_KEYWORDS = frozenset(
    {"and", "or", "not", "in", "is", "null", "select", "from", "where", "true", "false"}
    | {"case", "when", "then", "else", "end"}
)
_END, _TEST, _NUMBER, _VALUE = "the end", "a comparison, 'is' or 'in'", "a number", "a value"
_CONSTANTS = {"true": True, "false": False, "null": None}
_COMPARISONS = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})


@functools.lru_cache(maxsize=1024)
def parse(text: str) -> Condition:
    """The condition that ``text`` states.

    Raises:
        PredicateError: it is not in the grammar, too long or too deeply nested.

    >>> parse("stage = 'won' and amount_cents > 0")
    All(conditions=(Compare(left=Column(name='stage'), operator='=', right=Literal(value='won')), \
Compare(left=Column(name='amount_cents'), operator='>', right=Literal(value=Decimal('0')))))
    """
    return _Parser(text).parse()


@functools.lru_cache(maxsize=1024)
def parse_term(text: str) -> Term:
    """The value that ``text`` states, for figures worked out of others.

    Raises:
        PredicateError: as for ``parse``.

    >>> parse_term("paid / 12")
    Arithmetic(left=Column(name='paid'), sign='/', right=Literal(value=Decimal('12')))
    """
    parser = _Parser(text)
    term = parser.term()
    parser.finish()
    return term


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
        self.finish()
        return condition

    def finish(self) -> None:
        if self.tokens[self.at][0] != "end":
            raise self.unexpected(_END)

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
        self.deeper()
        found = self.joined("or", lambda: self.joined("and", self.factor, tree.All), tree.Any)
        self.depth -= 1
        return found

    def joined(
        self, word: str, part: Callable[[], Condition], whole: Callable[[tuple[Condition, ...]], Condition]
    ) -> Condition:
        found = [part()]
        while self.accept(word):
            found.append(part())
        return found[0] if len(found) == 1 else whole(tuple(found))

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            msg = f"condition {self.text[:60]!r}…: nested deeper than {MAX_DEPTH}"
            raise PredicateError(msg)

    def factor(self) -> Condition:
        negations = 0
        while self.accept("not"):
            negations += 1
        if self.accept("("):
            condition = self.disjunction()
            self.expect(")")
        else:
            condition = self.test()
        return tree.Not(condition) if negations % 2 else condition

    def test(self) -> Condition:
        term = self.term()
        if self.accept("is"):
            negated = self.accept("not") is not None
            self.expect("null")
            return tree.IsNull(term, negated)
        negated = self.accept("not") is not None
        if negated or self.tokens[self.at][:2] == ("keyword", "in"):
            self.expect("in")
            return tree.In(term, self.choices(), negated)
        operator = self.accept(*_COMPARISONS)
        if operator is None:
            raise self.unexpected(_TEST)
        return tree.Compare(term, "!=" if operator == "<>" else operator, self.term())

    def choices(self) -> tuple[Literal | Variable, ...] | Select:
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
        term = self.product()
        while sign := self.accept("+", "-"):
            term = tree.Arithmetic(term, "+" if sign == "+" else "-", self.product())
        return term

    def product(self) -> Term:
        term = self.atom()
        while sign := self.accept("*", "/"):
            term = tree.Arithmetic(term, "*" if sign == "*" else "/", self.atom())
        return term

    def case(self) -> Term:
        self.deeper()
        self.expect("when")
        condition = self.disjunction()
        self.expect("then")
        then = self.term()
        otherwise = self.term() if self.accept("else") else Literal(None)
        self.expect("end")
        self.depth -= 1
        return tree.Case(condition, then, otherwise)

    def atom(self) -> Term:
        if self.accept("case"):
            return self.case()
        if self.tokens[self.at][0] == "word":
            return tree.Column(self.word("a column"))
        return self.literal()

    def literal(self) -> Literal | Variable:
        negative = self.accept("-") is not None
        kind, token, _ = self.tokens[self.at]
        if negative and kind != "number":
            raise self.unexpected(_NUMBER)
        self.at += 1
        if kind == "variable":
            return Variable(token[1:])
        if kind == "text":
            return Literal(token[1:-1].replace("''", "'"))
        if kind == "number":
            return Literal(-Decimal(token) if negative else Decimal(token))
        if kind == "keyword" and token in _CONSTANTS:
            return Literal(_CONSTANTS[token])
        self.at -= 1
        raise self.unexpected(_VALUE)
