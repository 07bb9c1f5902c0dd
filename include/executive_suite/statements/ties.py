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
        unknown: Balances of accounts that the chart lacks; on the balance sheet the reason names them.
        explained: Cents of the difference that other lines say already.
    """
    sides = _sides(statement, {line.line: line.amount_cents for line in lines})
    if sides is None or (cents := sides[0][1] - sides[1][1]) == explained:
        return
    named = [*sides]
    if statement is Statement.BALANCE_SHEET:
        named += [(f"account {one.line} that the chart lacks", one.amount_cents) for one in unknown]
    reason = ", ".join(f"{name} {money(amount)}" for name, amount in named)
    yield difference("Does not tie", cents - explained, reason)


_Side = tuple[str, int]


def _sides(statement: Statement, at: Mapping[str, int]) -> tuple[_Side, _Side] | None:
    """What must be equal, with its words; the difference is the first less the second. None if nothing must."""
    match statement:
        case Statement.BALANCE_SHEET:
            claims = at["total_liabilities"] + at["total_equity"]
            return ("total assets", at["total_assets"]), ("total liabilities and equity", claims)
        case Statement.CASH_DIRECT | Statement.CASH_INDIRECT:
            reached = at["cash_opening"] + at["net_cash_change"]
            return ("cash on the balance sheet", at["cash_closing"]), ("cash in this statement", reached)
        case Statement.TRIAL_BALANCE:
            debits = sum(cents for cents in at.values() if cents > 0)
            return ("credits", debits - sum(at.values())), ("debits", debits)
        case Statement.EQUITY:
            reached = sum(cents for line, cents in at.items() if line != "equity_closing")
            return ("equity on the balance sheet", at["equity_closing"]), ("equity in this statement", reached)
        case _:
            return None


def explained(found: Mapping[Statement, Iterable[Line]], statement: Statement) -> int:
    """Cents of a statement's difference that lines of pairs of entities say already.

    On the balance sheet a pair may differ that leaves assets and their claims equal; the trial balance has the others.
    """
    if statement is Statement.BALANCE_SHEET:
        return -explained(found, Statement.TRIAL_BALANCE)
    return sum(line.amount_cents for line in found.get(statement, ()))
