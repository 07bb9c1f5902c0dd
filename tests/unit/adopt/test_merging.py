"""Laying exports over what is kept: in whatever pieces and order a book comes, it ends as the book that it is."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from executive_suite.adopt import merging
from executive_suite.adopt.kept import Kept
from executive_suite.adopt.postings import Posted, Transaction

FIRST = date(2025, 1, 1)
DAYS = 20
ACCOUNTS = ("Checking", "Sales", "Supplies", "Rent")

entries = st.tuples(
    st.integers(0, DAYS), st.sampled_from(["", "", "7", "8"]), st.sampled_from(ACCOUNTS[1:]), st.integers(1, 3)
)
books = st.lists(entries, max_size=12)


def book(drawn: list[tuple[int, str, str, int]]) -> list[Transaction]:
    """Transactions of two lines; numbers repeat, as those of checks and invoices do."""
    return [
        Transaction(number, FIRST + timedelta(days=day), (_line("Checking", cents), _line(account, -cents)))
        for day, number, account, cents in drawn
    ]


def _line(account: str, cents: int) -> Posted:
    return Posted(account, cents, "USD", "operating", "", "", "export.csv", 1)


def lay(kept: Kept, whole: list[Transaction], first: int, last: int, known_at: str) -> merging.Changes:
    """Lay an export of some days over what is kept."""
    days = FIRST + timedelta(days=first), FIRST + timedelta(days=last)
    told = [one for one in whole if days[0] <= one.day <= days[1]]
    before = merging.held(kept.rows("ledger"))
    return merging.merged(kept, "cafe", told, before, days, (known_at, "export.csv"))


def money(kept: Kept) -> Counter[object]:
    """What is kept, as last known; what was taken back says nothing."""
    return Counter(one.money for one in merging.held(kept.rows("ledger")) if one.money[1])


@given(books, st.lists(st.tuples(st.integers(0, DAYS), st.integers(0, DAYS)), max_size=4))
def test_overlapping_exports_of_one_book_are_the_book(drawn: list, spans: list[tuple[int, int]]) -> None:
    whole, kept = book(drawn), Kept()
    for number, span in enumerate([*map(sorted, spans), (0, DAYS), (0, DAYS)]):
        changes = lay(kept, whole, *span, f"2025-02-{number + 1:02}T00:00:00Z")
        assert (changes.changed, changes.gone) == ([], [])
    assert money(kept) == Counter(one.money for one in whole)
    assert changes.new == 0


@given(books, books)
def test_a_book_that_was_rewritten_is_the_new_book_and_balances_at_every_moment(before: list, after: list) -> None:
    kept = Kept()
    lay(kept, book(before), 0, DAYS, "2025-02-01T00:00:00Z")
    lay(kept, book(after), 0, DAYS, "2025-03-01T00:00:00Z")
    assert money(kept) == Counter(one.money for one in book(after))
    for moment in ("", "2025-03-01T00:00:00Z"):
        known = merging.held(row for row in kept.rows("ledger") if row["recorded_at"] <= moment)
        assert all(sum(cents for _, cents, _ in one.money[1]) == 0 for one in known)


@given(books, books)
def test_keys_of_lines_are_never_used_twice_at_one_moment(before: list, after: list) -> None:
    kept = Kept()
    for number, drawn in enumerate((before, after, before)):
        lay(kept, book(drawn), 0, DAYS, f"2025-0{number + 2}-01T00:00:00Z")
    versions = Counter((row["txn_id"], row["line"], row["recorded_at"]) for row in kept.rows("ledger"))
    assert set(versions.values()) <= {1}
