"""Groups with separate books: what entities charge, lend and pay each other is no figure of the group."""

import pytest
from finance_rows import fact_of, facts_of, value_of
from group_books import ACCOUNTS, Entry, books, both, loan

from executive_suite.dataset.context import Context
from executive_suite.schema.tables import schema
from typed_tables import typed

MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04")
BURNS = ("net_burn", "gross_burn", "free_cash_flow_burn")


def rent(entity: str = "a", cents: int = 150_000) -> list[Entry]:
    return [
        Entry(f"{month}-03", entity, "operating", {"6100": cents, "1010": -cents}, "V-landlord") for month in MONTHS
    ]


def sales(entity: str, cents: int) -> list[Entry]:
    return [Entry(f"{month}-04", entity, "operating", {"1010": cents, "4100": -cents}, "C-1") for month in MONTHS]


@pytest.mark.parametrize("metric_id", BURNS)
def test_a_loan_between_companies_with_their_own_books_is_not_burn(metric_id: str) -> None:
    # ASC 810-10-45-1: intra-entity balances and transactions are eliminated. Lent 20,000 in April by investing,
    # borrowed by financing; the group's other burn is 1,500 a month.
    data = books([*rent(), *loan("2026-04-10", 2_000_000)])
    assert value_of(data, "finance", metric_id, period="2026-04") == 150_000
    assert value_of(data, "finance", metric_id) == 150_000


def test_the_lenders_own_books_stay_as_booked() -> None:
    # A loan given is not capital expenditure, also of the lender on its own: its burn is the rent.
    data = books([*rent(), *both("2026-04-11", 40_000)])
    assert value_of(data, "finance", "net_burn", entity="a", period="2026-04") == 150_000 - 40_000
    assert value_of(data, "finance", "net_burn", entity="b", period="2026-04") == 40_000
    assert value_of(data, "finance", "net_burn", period="2026-04") == 150_000


@pytest.mark.parametrize("later", ["", "2026-04-20", "2026-05-02"])
def test_charges_leave_revenue_expenses_margins_and_burn_of_the_group(later: str) -> None:
    own = [*rent(), *sales("b", 400_000)]
    plain = books(own)
    data = books([*own, *both("2026-04-11", 70_000, later=later)][: len(own) + (1 if later > "2026-05-01" else 2)])
    for field, metric_id, period in (
        ("accounting", "revenue", "2026-04"),
        ("accounting", "expenses", "2026-04"),
        ("accounting", "net_income", "2026-04"),
        ("accounting", "expense_by_function", ""),
        ("finance", "operating_income", ""),
        ("finance", "gross_margin", ""),
        ("finance", "ebitda_margin", ""),
        ("finance", "receipts_growth", ""),
        ("organisation", "segment_revenue", "2026-04"),
        ("organisation", "revenue_concentration_hhi", ""),
        *(("finance", metric_id, period) for metric_id in BURNS for period in ("", "2026-04")),
    ):
        assert value_of(data, field, metric_id, period=period) == value_of(plain, field, metric_id, period=period)
    assert value_of(data, "accounting", "revenue", entity="a", period="2026-04") == 70_000


def test_what_lies_between_the_entities_and_the_group_is_shown() -> None:
    own = [*sales("b", 400_000), Entry("2026-04-05", "group", "operating", {"6100": 5_000, "1010": -5_000})]
    data = books([*own, *both("2026-04-11", 70_000)])
    shown = {
        (f.metric_id, f.dimensions["part"]): f.value
        for metric_id in ("revenue", "expenses")
        for f in facts_of(data, "accounting", metric_id)
        if f.dimensions and f.period == "2026-04"
    }
    assert shown == {
        ("revenue", "elimination"): -70_000,
        ("expenses", "elimination"): -70_000,
        ("expenses", "parent"): 5_000,
    }


def test_cash_is_never_eliminated() -> None:
    # a lends 20,000 from 100,000; b has not booked the receipt: the group's books show 80,000.
    start = [Entry("2025-11-01", "a", "financing", {"1010": 10_000_000, "3010": -10_000_000})]
    data = books([*start, loan("2026-04-10", 2_000_000)[0]])
    assert value_of(data, "finance", "cash_balance") == 8_000_000
    assert value_of(books([*start, *loan("2026-04-10", 2_000_000)]), "finance", "cash_balance") == 10_000_000


@pytest.mark.parametrize("activity", ["operating", None])
@pytest.mark.parametrize("receiver", ["a", "b"])
def test_a_transfer_through_a_clearing_account_is_not_burn(activity: str | None, receiver: str) -> None:
    # Money that leaves one bank on January 30 and reaches another on February 2 is on its way, not spent.
    moved = [
        Entry("2026-01-30", "a", activity, {"1090": 500_000, "1010": -500_000}),
        Entry("2026-02-02", receiver, activity, {"1020": 500_000, "1090": -500_000}),
    ]
    data = books([*rent(), *moved])
    for metric_id in BURNS:
        for month in ("2026-01", "2026-02"):
            assert value_of(data, "finance", metric_id, period=month) == 150_000
            assert value_of(data, "finance", metric_id, entity="a", period=month) == 150_000


def test_a_transfer_still_under_way_is_not_burn() -> None:
    data = books([*rent(), Entry("2026-04-30", "a", "operating", {"1090": 500_000, "1010": -500_000})])
    assert value_of(data, "finance", "net_burn", period="2026-04") == 150_000


def test_a_card_processors_clearing_account_takes_in_sales() -> None:
    # Sales of 900 reach the bank through the processor: an operating receipt, not a transfer.
    card = [
        Entry("2026-04-20", "a", "noncash", {"1095": 90_000, "4100": -90_000}),
        Entry("2026-04-22", "a", "operating", {"1010": 90_000, "1095": -90_000}),
    ]
    assert value_of(books([*rent(), *card]), "finance", "net_burn", period="2026-04") == 60_000


def test_only_the_affiliates_part_of_a_payment_is_eliminated() -> None:
    # One payment of 900: 600 to the landlord, 300 to b for its services.
    paid = Entry("2026-04-09", "a", "operating", {"6100": 60_000, "6900": 30_000, "1010": -90_000}, "b", ("6900",))
    got = Entry("2026-04-09", "b", "operating", {"1010": 30_000, "4900": -30_000}, "a")
    data = books([*rent(), paid, got])
    for metric_id in BURNS:
        assert value_of(data, "finance", metric_id, period="2026-04") == 150_000 + 60_000
    assert value_of(data, "accounting", "expenses", period="2026-04") == 150_000 + 60_000


def test_a_payment_that_only_the_cash_line_names_is_eliminated_with_its_charge() -> None:
    paid = Entry("2026-04-09", "a", "operating", {"6900": 30_000, "1010": -30_000}, "b", ("1010",))
    got = Entry("2026-04-09", "b", "operating", {"1010": 30_000, "4900": -30_000}, "a", ("1010",))
    data = books([*rent(), paid, got])
    assert value_of(data, "accounting", "expenses", period="2026-04") == 150_000
    assert value_of(data, "accounting", "revenue", period="2026-04") == 0
    assert value_of(data, "finance", "gross_burn", period="2026-04") == 150_000


def test_a_bill_paid_for_another_company_is_burn() -> None:
    # a pays b's rent of 800 and claims it from b: the landlord is outside, so the group burned 800.
    paid = Entry("2026-04-09", "a", "operating", {"1900": 80_000, "1010": -80_000}, "V-landlord", ("1010",))
    owed = Entry("2026-04-09", "b", "noncash", {"6100": 80_000, "2900": -80_000})
    data = books([*rent(), paid, owed])
    assert value_of(data, "finance", "net_burn", period="2026-04") == 150_000 + 80_000
    assert value_of(data, "finance", "gross_burn", period="2026-04") == 150_000 + 80_000
    assert value_of(data, "accounting", "expenses", period="2026-04") == 150_000 + 80_000


BLANK = ("1900", "2900")
"""The accounts between entities, as the only lines that name a counterparty."""


def bill(cents: int, payer: list[str] | tuple[str, ...], other: list[str] | tuple[str, ...]) -> list[Entry]:
    """a pays b's rent and claims it from b: which accounts name the other entity in either book; `-` for none."""
    return [
        Entry("2026-04-09", "a", "operating", {"1900": cents, "1010": -cents}, "b", payer),
        Entry("2026-04-12", "b", "noncash", {"6100": cents, "2900": -cents}, "a", other),
    ]


@pytest.mark.parametrize("payer", [BLANK, ("1010",), ("1900", "1010"), ("-",)])
@pytest.mark.parametrize("other", [BLANK, ("-",)])
def test_a_bill_paid_for_another_company_is_burn_whoever_the_cash_line_names(
    payer: tuple[str, ...], other: tuple[str, ...]
) -> None:
    # The landlord is outside, though no line names him: b's books answer the payment with rent, not with cash.
    data = books([*rent(), *rent("b", 1_000), *bill(80_000, payer, other)])
    for metric_id in BURNS:
        assert value_of(data, "finance", metric_id, period="2026-04") == 151_000 + 80_000
        assert value_of(data, "finance", metric_id, entity="a", period="2026-04") == 150_000 + 80_000
    assert value_of(data, "accounting", "expenses", period="2026-04") == 151_000 + 80_000
    assert value_of(data, "accounting", "intercompany_difference") == 0


@pytest.mark.parametrize(("payer", "other"), [(BLANK, ("-",)), (("-",), BLANK)])
def test_in_a_larger_group_one_of_the_two_books_has_to_name_the_other(
    payer: tuple[str, ...], other: tuple[str, ...]
) -> None:
    third = rent("c", 1_000)
    data = books([*rent(), *rent("b", 1_000), *third, *bill(80_000, payer, other)])
    assert value_of(data, "finance", "net_burn", period="2026-04") == 152_000 + 80_000
    assert value_of(data, "accounting", "intercompany_difference") == 0


def test_the_forecast_goes_on_with_bills_paid_for_another_company() -> None:
    # Rent of 1,500 that a pays for itself, or for b in every month: the same cash path of the group.
    def of(entries: list[Entry]) -> list[object]:
        known = facts_of(books(entries), "forecast", "cash_path")
        return [(f.period, *sorted(f.dimensions.items()), f.value) for f in known if f.entity_id == "group"]

    start = [Entry("2025-11-01", e, "financing", {"1010": 5_000_000, "3010": -5_000_000}) for e in "ab"]
    own = [Entry(f"{month}-03", "a", "operating", {"6100": 150_000, "1010": -150_000}) for month in MONTHS]
    paid = [Entry(f"{month}-03", "a", "operating", {"1900": 150_000, "1010": -150_000}) for month in MONTHS]
    owed = [Entry(f"{month}-03", "b", "noncash", {"6100": 150_000, "2900": -150_000}) for month in MONTHS]
    assert of([*start, *paid, *owed]) == of([*start, *own])


def test_bills_transfers_and_charges_on_account_of_one_amount_stay_apart() -> None:
    # In April a lends b 800, charges it 800 on account, and pays its rent of 800: the rent alone left the group.
    lent = [
        Entry("2026-04-02", "a", "financing", {"1900": 80_000, "1010": -80_000}, "b", BLANK),
        Entry("2026-04-03", "b", "financing", {"1010": 80_000, "2900": -80_000}, "a", BLANK),
    ]
    charged = [
        Entry("2026-04-04", "a", "noncash", {"1900": 80_000, "4900": -80_000}, "b", BLANK),
        Entry("2026-04-05", "b", "noncash", {"6900": 80_000, "2900": -80_000}, "a", BLANK),
    ]
    data = books([*rent(), *lent, *charged, *bill(80_000, BLANK, BLANK)])
    assert value_of(data, "finance", "net_burn", period="2026-04") == 150_000 + 80_000
    without = books([*rent(), *lent, *charged])
    assert value_of(without, "finance", "net_burn", period="2026-04") == 150_000


def test_one_entry_may_answer_several_bills_and_several_entries_one() -> None:
    # a pays 300 and 500 for b, which books 800 at the end of the month; and 900, which b books as 600 and 300.
    paid = [
        Entry(day, "a", "operating", {"1900": cents, "1010": -cents}, "b", BLANK)
        for day, cents in (("2026-03-05", 30_000), ("2026-03-06", 50_000), ("2026-04-08", 90_000))
    ]
    owed = [
        Entry(day, "b", "noncash", {"6100": cents, "2900": -cents}, "a", BLANK)
        for day, cents in (("2026-03-31", 80_000), ("2026-04-08", 60_000), ("2026-04-09", 30_000))
    ]
    data = books([*rent(), *paid, *owed])
    assert value_of(data, "finance", "net_burn", period="2026-03") == 150_000 + 80_000
    assert value_of(data, "finance", "net_burn", period="2026-04") == 150_000 + 90_000


def test_what_one_company_collects_for_another_is_a_receipt() -> None:
    # b's customer pays a: 700 came into the group.
    got = [
        Entry("2026-04-09", "a", "operating", {"1010": 70_000, "2900": -70_000}, "b", BLANK),
        Entry("2026-04-09", "b", "noncash", {"1900": 70_000, "1200": -70_000}, "a", BLANK),
    ]
    assert value_of(books([*rent(), *got]), "finance", "net_burn", period="2026-04") == 150_000 - 70_000


def test_only_the_other_companys_part_of_a_bill_goes_through_its_account() -> None:
    # One payment of 900 to the landlord: 600 for a's own rooms, 300 for b's.
    paid = Entry("2026-04-09", "a", "operating", {"6100": 60_000, "1900": 30_000, "1010": -90_000}, "b", BLANK)
    owed = Entry("2026-04-09", "b", "noncash", {"6100": 30_000, "2900": -30_000}, "a", BLANK)
    data = books([*rent(), paid, owed])
    for metric_id in BURNS:
        assert value_of(data, "finance", metric_id, period="2026-04") == 150_000 + 90_000


def test_a_transfer_that_the_other_side_has_not_booked_yet_is_on_its_way() -> None:
    sent = Entry("2026-04-30", "a", "financing", {"1900": 200_000, "1010": -200_000}, "b", BLANK)
    data = books([*rent(), *rent("b", 1_000), sent])
    assert value_of(data, "finance", "net_burn", period="2026-04") == 151_000
    assert value_of(data, "accounting", "intercompany_difference") == 200_000


def test_accounts_between_entities_are_known_by_their_subtype() -> None:
    # Neither side names the other; the accounts are due from and due to affiliates.
    lent = [
        Entry("2026-04-10", "a", "operating", {"1900": 70_000, "1010": -70_000}),
        Entry("2026-04-12", "b", "operating", {"1010": 70_000, "2900": -70_000}),
    ]
    data = books([*rent(), *lent])
    for metric_id in BURNS:
        assert value_of(data, "finance", metric_id, period="2026-04") == 150_000
    assert value_of(data, "accounting", "account_balance", account="1900") == 0
    assert value_of(data, "accounting", "account_balance", account="1010") == -6 * 150_000


def test_transactions_of_two_books_with_one_number_stay_apart() -> None:
    # Each book counts from 1: a's payment of 500 and b's receipt of 400 have one id and nothing else in common.
    ledger = books([*rent(), *rent("b", 1_000)]).table("ledger").copy()
    ledger["txn_id"] = [f"{number // 2 % 6}" for number in range(len(ledger))]
    data = books([], ledger=ledger)
    assert value_of(data, "finance", "gross_burn", period="2026-04") == 151_000


def on_account(entity: str, other: str, lines: tuple[dict[str, int], dict[str, int]], names: str) -> list[Entry]:
    """A charge on April 9 and its payment on April 20: with whom on all lines, the charge alone, or all but cash."""
    charge, paid = lines
    results = [account for account in charge if account[0] in "46"]
    named = {"all": ((), ()), "charge": (results, "-"), "accounts": (list(charge), [a for a in paid if a != "1010"])}
    return [
        Entry("2026-04-09", entity, "noncash", charge, other, named[names][0]),
        Entry("2026-04-20", entity, "operating", paid, other, named[names][1]),
    ]


def bought(cents: int, names: str) -> list[Entry]:
    return on_account("a", "b", ({"6900": cents, "2000": -cents}, {"2000": cents, "1010": -cents}), names)


def sold(cents: int, names: str) -> list[Entry]:
    return on_account("b", "a", ({"1200": cents, "4900": -cents}, {"1010": cents, "1200": -cents}), names)


@pytest.mark.parametrize("buyer", ["all", "charge", "accounts"])
@pytest.mark.parametrize("seller", ["all", "charge", "accounts"])
def test_a_charge_on_account_is_eliminated_with_its_debt_and_its_payment(buyer: str, seller: str) -> None:
    plain, data = (
        books([*rent(), *rent("b", 1_000), *rent("c", 1_000)]),
        [*rent(), *rent("b", 1_000), *rent("c", 1_000)],
    )
    dealt = books([*data, *bought(80_000, buyer), *sold(80_000, seller)])
    for field, metric_id in (
        ("accounting", "revenue"),
        ("accounting", "expenses"),
        *(("finance", one) for one in BURNS),
    ):
        assert value_of(dealt, field, metric_id, period="2026-04") == value_of(
            plain, field, metric_id, period="2026-04"
        )
    assert value_of(dealt, "accounting", "intercompany_difference") == 0


@pytest.mark.parametrize("names", ["all", "charge", "accounts"])
def test_a_charge_that_the_other_side_did_not_book_is_no_cost_and_no_burn(names: str) -> None:
    data = books([*rent(), *rent("b", 1_000), *bought(80_000, names)])
    assert value_of(data, "accounting", "expenses", period="2026-04") == 151_000
    assert value_of(data, "finance", "gross_burn", period="2026-04") == 151_000
    fact = fact_of(data, "accounting", "intercompany_difference")
    assert (fact.value, fact.reason) == (80_000, "charges: a booked 800.00 USD as a debit, b nothing")


@pytest.mark.parametrize("other", [[], [Entry("2026-04-02", "a", "noncash", {"6400": 80_000, "2000": -80_000}, "V")]])
def test_a_payment_is_not_taken_for_the_sisters_where_a_supplier_is_owed_as_much(other: list[Entry]) -> None:
    data = books([*rent(), *rent("b", 1_000), *other, *bought(80_000, "charge")])
    burn = value_of(data, "finance", "gross_burn", period="2026-04")
    assert burn == 151_000 + (80_000 if other else 0)
    assert value_of(data, "accounting", "intercompany_difference") == (160_000 if other else 80_000)


def test_a_debt_to_a_sister_that_is_paid_after_its_sale_is_burn() -> None:
    left = typed("entity", [{"entity_id": e, "ended_on": "2026-04-15" if e == "b" else None} for e in "abc"])
    data = books([*rent(), *bought(80_000, "charge")], entity=left)
    assert value_of(data, "accounting", "expenses", period="2026-04") == 150_000
    assert value_of(data, "finance", "gross_burn", period="2026-04") == 230_000


def test_what_one_side_received_and_the_other_paid_to_nobody_by_name_is_named() -> None:
    # b received 800 from a on what a owed it; a's payments of 500 and 300 name nobody.
    paid = [Entry("2026-04-20", "a", "operating", {"2000": cents, "1010": -cents}) for cents in (50_000, 30_000)]
    data = books([*rent(), *rent("b", 1_000), *bought(80_000, "all")[:1], *paid, *sold(80_000, "all")])
    fact = fact_of(data, "accounting", "intercompany_difference")
    assert (fact.value, fact.reason) == (80_000, "balances: a booked 800.00 USD as a credit, b nothing")


def test_a_payment_that_names_an_affiliate_and_its_cost_somebody_else_is_named() -> None:
    # Burn of the group is without the payment, its expenses are with the cost: the pair is named.
    ledger = books([*rent(), *rent("b", 1_000), *both("2026-04-11", 70_000)[:1]]).table("ledger").copy()
    ledger.loc[ledger.index[-1], "counterparty_id"] = "V"
    fact = fact_of(books([], ledger=ledger), "accounting", "intercompany_difference")
    assert (fact.value, fact.reason) == (70_000, "payments: a booked 700.00 USD as a debit, b nothing")


def test_a_loan_given_is_not_capital_expenditure() -> None:
    # Apex Company: 29,800 from operations, 120,100 of additions to plant, a loan of 40,500 to Thomas Company and
    # proceeds of 14,600: free cash flow of 29,800 - 120,100 = -90,300.
    data = books(
        [
            Entry("2026-04-05", "a", "operating", {"1010": 2_980_000, "4100": -2_980_000}),
            Entry("2026-04-06", "a", "investing", {"1500": 12_010_000, "1010": -12_010_000}),
            Entry("2026-04-07", "a", "investing", {"1600": 4_050_000, "1010": -4_050_000}),
            Entry("2026-04-08", "a", "investing", {"1010": 1_460_000, "1500": -1_460_000}),
        ]
    )
    assert value_of(data, "finance", "free_cash_flow_burn", period="2026-04") == 9_030_000


@pytest.mark.parametrize(
    ("lines", "spent"),
    [
        ({"1610": 500_000, "1010": -500_000}, 0),  # treasury bills
        ({"1020": 500_000, "1010": -500_000}, 0),  # savings are cash too
        ({"1900": 500_000, "1010": -500_000}, 0),  # due from an affiliate
        ({"1500": 300_000, "1610": 200_000, "1010": -500_000}, 300_000),  # one payment for both
        ({"1500": 300_000, "1610": -200_000, "1010": -100_000}, 300_000),  # equipment, partly from bills that fell due
        ({"2500": 500_000, "1010": -500_000}, 500_000),  # equipment bought on credit before
        ({"1010": -500_000}, 500_000),  # the books do not say for what
    ],
)
def test_capital_expenditure_is_what_is_paid_for_assets_in_use(lines: dict[str, int], spent: int) -> None:
    data = books([Entry("2026-04-06", "a", "investing", lines)])
    assert value_of(data, "finance", "free_cash_flow_burn", period="2026-04") == spent
    assert value_of(data, "finance", "free_cash_flow_burn", entity="a", period="2026-04") == spent


@pytest.mark.parametrize(
    ("name", "subtype", "lent"),
    [
        ("Vessels", "fixed_asset", False),
        ("Investment property", None, False),
        ("Deposit on a vessel", None, False),
        ("Certificates of deposit", None, True),
        ("Term deposit", None, True),
        ("T-bills", None, True),
        ("Note receivable from J. Doe", None, True),
        ("Acme shares", None, True),
        ("Equipment loan to a customer", "loan_receivable", True),
        ("Security cameras", None, False),
        ("Website", "intangible", False),
        ("Other assets", None, False),
    ],
)
def test_what_an_asset_is_shows_in_its_subtype_or_name(name: str, subtype: str | None, *, lent: bool) -> None:
    chart = ACCOUNTS.copy()
    chart.loc[chart["account"] == "1600", ["name", "subtype"]] = [name, subtype]
    data = books([Entry("2026-04-06", "a", "investing", {"1600": 70_000, "1010": -70_000})], account=chart)
    assert value_of(data, "finance", "free_cash_flow_burn", period="2026-04") == (0 if lent else 70_000)


def differences(data: Context) -> dict[tuple[str, ...], object]:
    found = facts_of(data, "accounting", "intercompany_difference")
    return {(*f.dimensions.values(), f.period): f.value for f in found if "kind" in f.dimensions and f.value}


def test_books_that_agree_have_no_difference() -> None:
    data = books([*rent(), *both("2026-04-11", 70_000), *loan("2026-03-10", 2_000_000)])
    assert value_of(data, "accounting", "intercompany_difference") == 0
    assert differences(data) == {}


def test_a_charge_that_one_side_did_not_book_is_named_with_its_amount() -> None:
    data = books([*rent(), *both("2026-04-11", 70_000)[:1], *rent("b", 100)])
    fact = fact_of(data, "accounting", "intercompany_difference")
    assert (fact.value, fact.reason) == (70_000, "charges: a booked 700.00 USD as a credit, b nothing")
    assert differences(data) == {
        ("a:b", "charges", "2026-04"): 70_000,
        ("a:b", "charges", "2026-05-01"): 70_000,
        ("a:b", "payments", "2026-04"): 70_000,
        ("a:b", "payments", "2026-05-01"): 70_000,
    }


# A dividend is revenue of one and equity of the other; a fee may be capitalized: both books agree (ASC 810-10-45-1).
@pytest.mark.parametrize(
    ("charged", "kept"),
    [
        ({"1010": 70_000, "4900": -70_000}, {"3010": 70_000, "1010": -70_000}),
        ({"1200": 70_000, "4900": -70_000}, {"1500": 70_000, "2000": -70_000}),
    ],
)
@pytest.mark.parametrize("missing", [0, 5_000])
def test_a_charge_that_the_other_keeps_as_a_balance_agrees(
    charged: dict[str, int], kept: dict[str, int], missing: int
) -> None:
    less = {account: cents - missing if cents > 0 else cents + missing for account, cents in kept.items()}
    entries = [Entry("2026-04-09", "a", "operating", charged, "b"), Entry("2026-04-09", "b", "operating", less, "a")]
    value = value_of(books([*rent(), *rent("b", 1_000), *entries]), "accounting", "intercompany_difference")
    assert (value == 0) == (missing == 0)


def test_a_loan_of_another_amount_or_in_another_month_is_named() -> None:
    other = [loan("2026-04-10", 2_000_000)[0], loan("2026-04-10", 1_900_000)[1]]
    fact = fact_of(books([*rent(), *other]), "accounting", "intercompany_difference")
    assert fact.value == 100_000
    assert fact.reason == "balances: a booked 20,000.00 USD as a debit, b 19,000.00 USD as a credit"
    late = books([*rent(), *loan("2026-03-30", 2_000_000, later="2026-04-02")])
    assert value_of(late, "accounting", "intercompany_difference") == 0
    months = {key[-1] for key in differences(late)}
    assert months == {"2026-03", "2026-04"}


def test_accounts_that_name_nobody_are_added_up() -> None:
    lines = [
        Entry("2026-04-10", "a", "financing", {"1900": 70_000, "1010": -70_000}),
        Entry("2026-04-10", "b", "financing", {"1010": 30_000, "2900": -30_000}),
        Entry("2026-04-10", "c", "financing", {"1010": 30_000, "2900": -30_000}),
    ]
    fact = fact_of(books([*rent(), *lines]), "accounting", "intercompany_difference")
    assert fact.value == 10_000
    assert fact.reason == (
        "balances: a booked 700.00 USD as a debit with an entity it does not name; "
        "balances: b booked 300.00 USD as a credit with an entity it does not name; "
        "balances: c booked 300.00 USD as a credit with an entity it does not name"
    )


def test_a_group_without_dealings_has_no_difference_to_tell() -> None:
    fact = fact_of(books(rent()), "accounting", "intercompany_difference")
    assert (fact.status, fact.reason) == (
        "not_applicable",
        "no dealings between entities of the group are on record",
    )


def _invoice(number: str, direction: str, entity: str, party: str, cents: int) -> dict[str, object]:
    return {
        "invoice_id": number,
        "direction": direction,
        "entity_id": entity,
        "counterparty_id": party,
        "issued_on": "2026-04-20",
        "due_on": "2026-05-20",
        "total_cents": cents,
        "status": "open",
    }


def test_what_entities_owe_each_other_is_no_receipt_or_payment_of_the_group() -> None:
    outside = [_invoice("1", "ar", "a", "C-1", 100_000)]
    between = [_invoice("2", "ar", "a", "b", 70_000), _invoice("3", "ap", "b", "a", 65_000)]
    none = {
        "payment": typed("payment", [], ["payment_id", "invoice_id", "paid_on", "amount_cents"]),
        "booking": typed("booking", [], list(schema()["booking"].columns)),
    }
    plain, whole = (
        {
            (f.metric_id, *f.dimensions.values()): f.value
            for metric_id in ("cash_forecast_13_week", "cash_forecast_low")
            for f in facts_of(books(rent(), invoice=typed("invoice", rows), **none), "forecast", metric_id)
        }
        for rows in (outside, [*outside, *between])
    )
    assert plain == whole
    assert 100_000 in plain.values()


def test_a_group_budget_is_without_accounts_between_entities_and_without_those_that_left() -> None:
    rows = [
        {"entity_id": entity, "month": f"{month}-01", "account": account, "amount_cents": cents, "version": "v1"}
        for month in ("2026-03", "2026-04")
        for entity, account, cents in (("a", "4100", 500_000), ("b", "4100", 90_000), ("a", "4900", 70_000))
    ]
    chart = ACCOUNTS.copy()
    chart.loc[chart["account"] == "4900", "subtype"] = "intercompany"
    left = typed(
        "entity", [{"entity_id": e, "kind": "business", "ended_on": "2026-03-31" if e == "b" else None} for e in "abc"]
    )
    data = books(rent(), budget=typed("budget", rows), account=chart, entity=left)
    planned = {month: value_of(data, "finance", "budget_amount", line="revenue", period=month) for month in MONTHS[-2:]}
    assert planned == {"2026-03": 590_000, "2026-04": 500_000}


@pytest.mark.parametrize(("day", "gross"), [("2026-04-09", 230_000), ("2026-04-05", 150_000)])
def test_one_transaction_of_two_entities_is_a_transfer_only_on_one_day(day: str, gross: int) -> None:
    # a pays 800 and b receives 800 under one number: in one transaction a transfer, in two books a coincidence.
    rows = [
        *rent(),
        Entry("2026-04-05", "a", "operating", {"6400": 80_000, "1010": -80_000}),
        Entry(day, "b", "operating", {"1010": 80_000, "4100": -80_000}),
    ]
    ledger = books(rows).table("ledger").copy()
    ledger.loc[ledger.index[-2:], "txn_id"] = ledger["txn_id"].iloc[-3]
    assert value_of(books([], ledger=ledger), "finance", "gross_burn", period="2026-04") == gross
