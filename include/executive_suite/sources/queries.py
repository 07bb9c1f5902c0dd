"""A query of a database source: one SELECT, which changes nothing and creates nothing."""

from __future__ import annotations

import sqlparse
from sqlparse import tokens
from sqlparse.sql import Statement, Token

_BEGINS = frozenset({"SELECT", "WITH", "VALUES", "TABLE"})


def refusal(query: str) -> str:
    r"""Why a query is refused; empty for one that only reads.

    The databases that can are asked to refuse changes, too; this also holds for those that cannot, and for a query that
    would first leave the transaction which changes nothing.

    >>> refusal("with paid as (select * from payment) select * from paid"), refusal("select ';' as sign;")
    ('', '')
    >>> refusal("delete from payment returning *")
    'must be a SELECT (found DELETE)'
    >>> refusal("select 1; drop table payment")
    'must be one SELECT (found 2 statements)'
    """
    if "/*!" in query or "\\'" in query:
        # One is run by MySQL and skipped by others; the other ends a text in some databases and not in others.
        return "must not contain /*! or \\', which databases read differently"
    statements = [words for one in sqlparse.parse(query) if (words := _words(one))]
    if len(statements) != 1:
        return f"must be one SELECT (found {len(statements)} statements)"
    found = next(filter(_changes, statements[0]), None)
    if found is None and statements[0][0].normalized.upper() not in _BEGINS:
        found = statements[0][0]
    return f"must be a SELECT (found {found.value.upper()})" if found else ""


def _words(statement: Statement) -> list[Token]:
    """What a statement says, without space, comments, and the signs around it."""
    every: list[Token] = list(statement.flatten())  # type: ignore[no-untyped-call] # untyped in sqlparse
    return [
        one for one in every if not one.is_whitespace and one.ttype not in tokens.Comment and one.value not in "();"
    ]


def _changes(word: Token) -> bool:
    """Whether a word is one of a statement that changes or creates something."""
    changing = word.ttype in tokens.Keyword.DML and word.normalized != "SELECT"
    return changing or word.ttype in tokens.Keyword.DDL or (word.is_keyword and word.normalized == "INTO")
