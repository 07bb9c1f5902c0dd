"""What does not tie: a line ``difference`` that names both sides and the amount.

Added to its statement, a difference makes it tie: assets are liabilities and equity plus the difference, cash at the
beginning plus the change plus the difference is cash at the end, a trial balance with it sums to zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from executive_suite import formats
from executive_suite.statements.cells import DIFFERENCE, Line, Statement


def difference(label: str, cents: int, reason: str) -> Line:
    """A line of what does not tie."""
    return Line(DIFFERENCE, label, cents, f"{reason}: {money(cents)}")


def money(cents: int) -> str:
    """An amount to the cent, as reasons write it."""
    return formats.money(cents, places=2)


def untied(statement: Statement, lines: Iterable[Line], unknown: Iterable[Line], explained: int) -> Iterator[Line]:
    """The difference of a statement whose sides do not agree.

    Args:
        statement: Which one.
        lines: Its lines.
        unknown: Balances of accounts that the chart lacks; the reason names them.
        explained: Cents of the difference that other lines say already.
    """
    at = {line.line: line.amount_cents for line in lines}
    match statement:
        case Statement.BALANCE_SHEET:
            right = at["total_liabilities"] + at["total_equity"]
            cents = at["total_assets"] - right
            reason = f"total assets {money(at['total_assets'])}, total liabilities and equity {money(right)}"
            reason += "".join(f", account {one.line} that the chart lacks {money(one.amount_cents)}" for one in unknown)
        case Statement.CASH_DIRECT | Statement.CASH_INDIRECT:
            reached = at["cash_opening"] + at["net_cash_change"]
            cents = at["cash_closing"] - reached
            reason = f"cash of the balance sheet {money(at['cash_closing'])}, of this statement {money(reached)}"
        case Statement.TRIAL_BALANCE:
            debits = sum(cents for cents in at.values() if cents > 0)
            credits_ = -sum(cents for cents in at.values() if cents < 0)
            cents = credits_ - debits
            reason = f"debits {money(debits)}, credits {money(credits_)}"
        case Statement.EQUITY:
            posted = sum(cents for name, cents in at.items() if name not in {"equity_opening", "equity_closing"})
            reached = at["equity_opening"] + posted
            cents = at["equity_closing"] - reached
            reason = f"equity of the balance sheet {money(at['equity_closing'])}, of this statement {money(reached)}"
        case _:
            return
    if cents != explained:
        yield difference("Does not tie", cents - explained, reason)


def explained(found: Mapping[Statement, Iterable[Line]], statement: Statement) -> int:
    """Cents of a statement's difference that lines of pairs of entities say already.

    On the balance sheet a pair may differ that leaves assets and their claims equal; the trial balance has the others.
    """
    if statement is Statement.BALANCE_SHEET:
        return -explained(found, Statement.TRIAL_BALANCE)
    return sum(line.amount_cents for line in found.get(statement, ()))
