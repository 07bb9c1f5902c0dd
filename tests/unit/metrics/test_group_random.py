"""Random books of a group: its figures are those of its dealings with others, an entity's those of its own books."""

from collections.abc import Iterator
from dataclasses import replace

from finance_rows import facts_of
from group_books import ENTITIES, Entry, books
from hypothesis import given, settings
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from typed_tables import typed

MONTHS = tuple(f"{year}-{month:02d}" for year, of in ((2025, range(10, 13)), (2026, range(1, 5))) for month in of)
OF_GROUP = {
    "finance": (
        "cash_balance",
        "net_burn",
        "gross_burn",
        "free_cash_flow_burn",
        "cash_runway_months",
        "receipts_growth",
        "gross_margin",
        "operating_income",
        "debt_service_cover",
        "customer_deposits_held",
    ),
    "accounting": ("revenue", "net_income", "expense_by_nature"),
    "organisation": ("segment_revenue", "revenue_concentration_hhi"),
}
CASH_AT_MONTH_ENDS = "cash_balance"

day = st.builds(lambda month, number: f"{month}-{number:02d}", st.sampled_from(MONTHS), st.integers(1, 28))
cents = st.integers(1, 10**7)
who = st.sampled_from("abc")

outside = st.builds(
    lambda at, entity, amount, kind: Entry(
        at, entity, kind[0], {kind[1]: amount * kind[3], kind[2]: -amount * kind[3]}, "X"
    ),
    day,
    who,
    cents,
    st.sampled_from(
        [
            ("operating", "6100", "1010", 1),
            ("operating", "1010", "4100", 1),
            ("operating", "1010", "2300", 1),
            ("investing", "1500", "1010", 1),
            ("investing", "1610", "1010", 1),
            ("financing", "2500", "1010", 1),
            ("noncash", "1200", "4100", 1),
        ]
    ),
)


def _dealing(at: str, later: str, pair: tuple[str, str], amount: int, kind: str) -> list[Entry]:
    """What one entity charges or lends another, on both books; the other may book it another day."""
    one, other = pair
    if kind == "charge":
        given, taken = {"1010": amount, "4900": -amount}, {"6900": amount, "1010": -amount}
        activities = ("operating", "operating")
    elif kind == "loan":
        given, taken = {"1900": amount, "1010": -amount}, {"1010": amount, "2900": -amount}
        activities = ("investing", "financing")
    elif kind == "repaid":
        given, taken = {"1010": amount, "1900": -amount}, {"2900": amount, "1010": -amount}
        activities = ("investing", "operating")
    else:  # on account
        given, taken = {"1200": amount, "4900": -amount}, {"6900": amount, "2900": -amount}
        activities = ("noncash", "noncash")
    return [Entry(at, one, activities[0], given, other), Entry(later, other, activities[1], taken, one)]


dealings = st.builds(
    _dealing,
    day,
    day,
    st.sampled_from([(one, other) for one in "abc" for other in "abc" if one != other]),
    cents,
    st.sampled_from(["charge", "loan", "repaid", "on account"]),
)


def started() -> list[Entry]:
    """Every company posts on the first of every month, so that all figures cover the same months."""
    return [
        Entry(f"{month}-01", entity, "operating", {"6400": 1_000, "1010": -1_000}, "X")
        for month in MONTHS
        for entity in "abc"
    ]


def figures(data: Context, entity: str, *, but: str = "") -> Iterator[tuple[object, ...]]:
    """Every figure of an entity with its value, but for the month ends of one metric."""
    for field, metric_ids in OF_GROUP.items():
        for metric_id in metric_ids:
            for fact in facts_of(data, field, metric_id):
                if (
                    fact.entity_id == entity
                    and "part" not in fact.dimensions
                    and not (metric_id == but and len(fact.period) == 7)
                ):
                    yield metric_id, fact.period, tuple(sorted(fact.dimensions.items())), fact.value, fact.status


@settings(max_examples=8)
@given(st.lists(outside, max_size=8), st.lists(dealings, min_size=1, max_size=6))
def test_the_groups_figures_are_those_without_its_dealings_with_itself(
    own: list[Entry], between: list[list[Entry]]
) -> None:
    # ASC 810-10-45-1: as if they were one entity. Money may be on its way at the end of a month, not at the end of all.
    plain = books([*started(), *own])
    whole = books([*started(), *own, *(entry for pair in between for entry in pair)])
    expected = list(figures(plain, "group", but=CASH_AT_MONTH_ENDS))
    assert list(figures(whole, "group", but=CASH_AT_MONTH_ENDS)) == expected


@settings(max_examples=5)
@given(st.lists(outside, max_size=6), st.lists(dealings, min_size=1, max_size=5), who)
def test_an_entitys_figures_are_those_of_its_own_books(
    own: list[Entry], between: list[list[Entry]], entity: str
) -> None:
    every = [*started(), *own, *(entry for pair in between for entry in pair)]
    alone = books([entry for entry in every if entry.entity == entity])
    assert list(figures(books(every), entity)) == list(figures(alone, entity))


@settings(max_examples=5)
@given(st.lists(dealings, min_size=1, max_size=5), st.sampled_from(["cash", "other"]))
def test_one_line_with_the_name_is_enough(between: list[list[Entry]], naming: str) -> None:
    # Paid at once: only the cash line, or only the other one, names the affiliate.
    def sparing(entry: Entry) -> Entry:
        return replace(entry, named=[a for a in entry.lines if (a == "1010") == (naming == "cash")])

    paid = [entry for pair in between for entry in pair if "1010" in entry.lines]
    plain, whole = books(started()), books([*started(), *map(sparing, paid)])
    expected = list(figures(plain, "group", but=CASH_AT_MONTH_ENDS))
    assert list(figures(whole, "group", but=CASH_AT_MONTH_ENDS)) == expected


def _bill(
    at: str, pair: tuple[str, str], amount: int, names: tuple[tuple[str, ...], tuple[str, ...]]
) -> tuple[Entry, list[Entry]]:
    """Rent that one entity pays: for itself, or for another that owes it in return."""
    one, other = pair
    own = Entry(at, one, "operating", {"6100": amount, "1010": -amount}, "X")
    paid = Entry(at, one, "operating", {"1900": amount, "1010": -amount}, other, names[0])
    owed = Entry(at, other, "noncash", {"6100": amount, "2900": -amount}, one, names[1])
    return own, [paid, owed]


bills = st.builds(
    _bill,
    day,
    st.sampled_from([(one, other) for one in "abc" for other in "abc" if one != other]),
    cents,
    # Which lines name the other: one of the two books does.
    st.sampled_from(
        [
            (("1900",), ("2900",)),
            (("1900", "1010"), ("2900", "6100")),
            (("1010",), ("2900",)),
            (("none",), ("2900",)),
            (("1900",), ("none",)),
        ]
    ),
)


@settings(max_examples=8)
@given(st.lists(outside, max_size=4), st.lists(dealings, max_size=4), st.lists(bills, min_size=1, max_size=4))
def test_a_bill_is_the_groups_whoever_of_its_entities_pays_it(
    own: list[Entry], between: list[list[Entry]], paid: list[tuple[Entry, list[Entry]]]
) -> None:
    # As if they were one entity, also where the expense names the affiliate that paid it.
    shared = [*started(), *own, *(entry for pair in between for entry in pair)]
    plain = books([*shared, *(alone for alone, _ in paid)])
    whole = books([*shared, *(entry for _, pair in paid for entry in pair)])
    assert list(figures(whole, "group")) == list(figures(plain, "group"))


def _on_account(
    at: str, days: int, pair: tuple[str, str], named: tuple[bool, bool], amount: int
) -> tuple[Entry, Entry, Entry, Entry]:
    """A charge on account in both books, and its payment: all lines name the other, or the charge alone does."""
    one, other = pair
    paid = f"{at[:8]}{min(int(at[8:]) + days, 28):02d}"
    charge = {"1200": amount, "4900": -amount}, {"6900": amount, "2000": -amount}
    cash = {"1010": amount, "1200": -amount}, {"2000": amount, "1010": -amount}
    whole, sparing = ((), ()), (("4900", "6900"), ("none",))
    seller, buyer = (whole if every else sparing for every in named)
    return (
        Entry(at, one, "noncash", charge[0], other, seller[0]),
        Entry(at, other, "noncash", charge[1], one, buyer[0]),
        Entry(paid, one, "operating", cash[0], other, seller[1]),
        Entry(paid, other, "operating", cash[1], one, buyer[1]),
    )


on_account = st.builds(
    _on_account,
    day,
    st.integers(0, 20),
    st.sampled_from([(one, other) for one in "abc" for other in "abc" if one != other]),
    st.tuples(st.booleans(), st.booleans()),
    # Amounts that nobody else is owed: else nobody could say who was paid.
    st.integers(2 * 10**7, 3 * 10**7),
)


@settings(max_examples=6)
@given(st.lists(outside, max_size=6), st.lists(on_account, min_size=1, max_size=5))
def test_a_charge_its_debt_and_its_payment_are_eliminated_together(
    own: list[Entry], between: list[tuple[Entry, ...]]
) -> None:
    plain, whole = books([*started(), *own]), books([*started(), *own, *(entry for four in between for entry in four)])
    assert list(figures(whole, "group")) == list(figures(plain, "group"))


RATES = ("net_burn", "gross_burn", "free_cash_flow_burn", "cash_runway_months", "receipts_growth", "gross_margin")


@settings(max_examples=5)
@given(st.lists(outside, max_size=8), st.sampled_from(["2025-11-30", "2026-02-15", "2026-04-30"]))
def test_run_rates_are_those_of_the_entities_that_remain(own: list[Entry], left: str) -> None:
    # c was sold or closed: what goes on is what a and b do, in every month of the window.
    every, entities = [*started(), *own], [{"entity_id": e, "ended_on": left if e == "c" else None} for e in ENTITIES]
    data = books(every, entity=typed("entity", entities))
    remaining = books([entry for entry in every if entry.entity != "c"])
    for metric_id in RATES:
        now, expected = (
            [
                (tuple(fact.dimensions.items()), fact.value, fact.status)
                for fact in facts_of(known, "finance", metric_id)
                if fact.entity_id == "group" and len(fact.period) > len("2026-04")
            ]
            for known in (data, remaining)
        )
        assert now == expected
