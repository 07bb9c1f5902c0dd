import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from beancount import loader
from beancount.core.data import Transaction as Entry
from finance_rows import CHART, Transaction, fact_of, facts_of, ledger
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from typed_tables import context

ROOTS = {"asset": "Assets", "liability": "Liabilities", "equity": "Equity", "revenue": "Income", "expense": "Expenses"}
KINDS = dict(zip(CHART["account"], CHART["type"], strict=True))
CASH = {"1010", "1020"}


def made_up(entities: str, months: int, seed: int) -> list[Transaction]:
    """Transactions of every kind; the last entity starts a year after the first, and some months stay empty."""
    dice = random.Random(seed)
    rows: list[Transaction] = []
    for number in range(months * 40):
        month = dice.randrange(months)
        entity = entities[0] if month < 12 else dice.choice(entities)
        if entity == entities[1] and month == 15:
            continue
        day = f"{2023 + month // 12}-{month % 12 + 1:02d}-{dice.randint(1, 28):02d}"
        one, two, three = dice.sample(sorted(KINDS), 3)
        cents, part = dice.randint(-(10**7), 10**7), dice.randint(-(10**6), 10**6)
        activity = dice.choice(["operating", "investing", "financing", "noncash"])
        rows.append((day, entity, activity, {one: cents, two: part, three: -cents - part}))
        if number % 7 == 0:
            rows.append((day, entity, "operating", {one: -cents, two: cents}))
    return rows


def in_beancount(rows: list[Transaction]) -> list[Entry]:
    lines = ['option "operating_currency" "USD"']
    lines += [f"2000-01-01 open {ROOTS[kind]}:{e}:A{account} USD" for account, kind in KINDS.items() for e in "WXYZ"]
    for day, entity, _, postings in rows:
        lines.append(f'{day} * "t"')
        for account, cents in postings.items():
            sign, whole = "-" if cents < 0 else "", abs(cents)
            name = f"{ROOTS[KINDS[account]]}:{entity.upper()}:A{account}"
            lines.append(f"  {name}  {sign}{whole // 100}.{whole % 100:02d} USD")
    entries, errors, _ = loader.load_string("\n".join(lines))
    assert not errors
    return [entry for entry in entries if isinstance(entry, Entry)]


def by_beancount(entries: Iterable[Entry]) -> dict[tuple[str, str, str], int]:
    """Cents by metric, entity and month, added up from beancount's own balanced transactions."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for entry in entries:
        for posting in entry.postings:
            assert posting.units is not None
            assert posting.units.number is not None
            root, entity, account = posting.account.split(":")
            cents = int(posting.units.number * 100)
            for who in (entity.lower(), "group"):
                month = f"{entry.date:%Y-%m}"
                if root == "Income":
                    sums["revenue", who, month] -= cents
                    sums["net_income", who, month] -= cents
                if root == "Expenses":
                    sums["expenses", who, month] += cents
                    sums["net_income", who, month] -= cents
                if account[1:] in CASH:
                    sums["net_cash_change", who, month] += cents
    return sums


def test_every_cell_agrees_with_an_independent_double_entry_program() -> None:
    rows = made_up("wxyz", 30, 20260501)
    expected = by_beancount(in_beancount(rows))
    data = context("2025-07-16", ledger=ledger(rows), account=CHART)
    seen = set()
    for metric_id in ("revenue", "expenses", "net_income", "net_cash_change"):
        for fact in facts_of(data, "accounting", metric_id):
            key = (metric_id, fact.entity_id, fact.period)
            seen.add(key)
            assert fact.value == expected.get(key, 0), key
    assert set(expected) <= seen
    assert len(seen) == 4 * (31 + 31 + 3 * 19)


def plain(report_date: str) -> Context:
    rows: list[Transaction] = [
        ("2026-01-15", "a", "operating", {"1010": 500, "4100": -500}),
        ("2026-03-02", "b", "operating", {"6100": 200, "1010": -200}),
        ("2026-04-03", "a", "noncash", {"6100": 70, "2300": -70}),
    ]
    known = [row for row in rows if date.fromisoformat(row[0]) < date.fromisoformat(report_date)]
    return context(report_date, ledger=ledger(known), account=CHART)


def test_months_begin_with_the_first_posting_and_empty_ones_are_zero() -> None:
    data = plain("2026-04-20")
    periods = {who: [] for who in ("group", "a", "b")}
    for fact in facts_of(data, "accounting", "revenue"):
        periods[fact.entity_id].append((fact.period, fact.value))
    assert periods["a"] == [("2026-01", 500), ("2026-02", 0), ("2026-03", 0), ("2026-04", 0)]
    assert periods["b"] == [("2026-03", 0), ("2026-04", 0)]
    assert periods["group"] == periods["a"]


def test_the_month_of_the_report_date_is_marked_incomplete() -> None:
    data = plain("2026-04-20")
    assert fact_of(data, "accounting", "expenses", period="2026-04").reason == "month to date, incomplete"
    assert fact_of(data, "accounting", "expenses", period="2026-03").reason == ""


def test_inputs_say_how_many_ledger_lines_took_part() -> None:
    fact = fact_of(plain("2026-04-20"), "accounting", "net_income", period="2026-03")
    assert [(used.table, used.rows) for used in fact.inputs] == [("ledger", 1)]


def test_without_a_ledger_nothing_is_zero() -> None:
    for fact in facts_of(context("2026-05-01", account=CHART), "accounting", "revenue"):
        assert (fact.value, fact.status, fact.reason) == (None, "not_evaluable", "table ledger is absent")


days = st.integers(1, 27).map(lambda d: f"2026-0{1 + d % 4}-{d:02d}")
pairs = st.tuples(days, st.sampled_from("abc"), st.sampled_from(sorted(KINDS)), st.integers(-(10**9), 10**9))


@given(st.lists(pairs, min_size=1, max_size=25))
def test_group_is_the_sum_of_its_entities_and_the_books_balance(rows: list[tuple[str, str, str, int]]) -> None:
    made: list[Transaction] = [
        (day, who, "operating", {account: cents, "3010": -cents})
        for day, who, account, cents in rows
        if account != "3010"
    ]
    if not made:
        return
    data = context("2026-05-01", ledger=ledger(made), account=CHART)
    for metric_id in ("revenue", "expenses", "net_income", "net_cash_change"):
        facts = facts_of(data, "accounting", metric_id)
        whole = sum(int(str(f.value)) for f in facts if f.entity_id == "group")
        assert whole == sum(int(str(f.value)) for f in facts if f.entity_id != "group")
    assert fact_of(data, "accounting", "trial_balance_difference").value == 0
    assert fact_of(data, "accounting", "trial_balance_difference", check="transactions").value == 0
