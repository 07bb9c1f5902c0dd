"""The statements of worked examples are those of their books."""

from __future__ import annotations

from statement_books import Accounts, Posted, books, cells_of, differences, of

RAMIREZ: Accounts = {
    "1000": ("Cash", "asset", "cash"),
    "1100": ("Accounts receivable", "asset", "receivable"),
    "1200": ("Inventory", "asset"),
    "1300": ("Prepaid expenses", "asset"),
    "1400": ("Land", "asset"),
    "1500": ("Equipment", "asset"),
    "1590": ("Accumulated depreciation", "asset"),
    "2000": ("Accounts payable", "liability", "payable"),
    "2500": ("Bonds payable", "liability"),
    "3000": ("Common stock", "equity"),
    "3900": ("Retained earnings", "equity", "retained_earnings"),
    "4000": ("Sales", "revenue"),
    "5000": ("Cost of goods sold", "expense"),
    "6000": ("Operating expenses", "expense"),
    "6700": ("Depreciation", "expense"),
    "6900": ("Loss on sale of equipment", "expense"),
}


def dollars(amounts: dict[str, int]) -> dict[str, int]:
    return {line: 100 * amount for line, amount in amounts.items()}


# Weygandt, Kimmel, Kieso, Financial Accounting, "Ramirez Company" (2007), as at brainmass.com/business/
# statement-of-cash-flows/indirect-and-direct-method-cash-flows-complete-two-problems-191681. Equipment and buildings
# are one account here. Sales of 200,000 and purchases are ours: what they, collections and payments leave is theirs.
RAMIREZ_BOOKS: list[Posted] = [
    (
        "2006-12-31",
        "co",
        "noncash",
        dollars(
            {
                "1000": 45_000,
                "1100": 62_000,
                "1200": 142_000,
                "1300": 21_000,
                "1400": 130_000,
                "1500": 355_000,
                "1590": -75_000,
                "2000": -40_000,
                "2500": -300_000,
                "3000": -160_000,
                "3900": -180_000,
            }
        ),
    ),
    ("2007-03-01", "co", "noncash", dollars({"1100": 200_000, "4000": -200_000})),
    ("2007-03-02", "co", "operating", dollars({"1000": 218_000, "1100": -218_000})),
    ("2007-04-01", "co", "noncash", dollars({"1200": 79_450, "2000": -79_450})),
    ("2007-04-02", "co", "noncash", dollars({"5000": 70_000, "1200": -70_000})),
    ("2007-04-03", "co", "operating", dollars({"2000": 71_720, "1000": -71_720})),
    ("2007-05-01", "co", "noncash", dollars({"6000": 5_720, "1300": -5_720})),
    ("2007-05-02", "co", "operating", dollars({"6000": 41_280, "1000": -41_280})),
    ("2007-06-30", "co", "noncash", dollars({"6700": 42_000, "1590": -42_000})),
    ("2007-07-01", "co", "investing", dollars({"1000": 25_000, "1400": -25_000})),
    ("2007-07-02", "co", "investing", dollars({"1500": 95_000, "1000": -95_000})),
    ("2007-07-03", "co", "investing", dollars({"1000": 6_000, "1590": 12_000, "6900": 4_000, "1500": -22_000})),
    ("2007-08-01", "co", "financing", dollars({"3900": 15_000, "1000": -15_000})),
    ("2007-09-01", "co", "noncash", dollars({"2500": 40_000, "3000": -40_000})),
]


def test_ramirez_company() -> None:
    made = books("2008-01-01", RAMIREZ, RAMIREZ_BOOKS)
    assert not differences(made)
    cells = cells_of(made)
    year = "2007-YTD"
    # The comparative balance sheet at the end of 2007; net income 37,000.
    assert of(cells, "balance_sheet", "co", year) == dollars(
        {
            "1000": 71_000,
            "1100": 44_000,
            "1200": 151_450,
            "1300": 15_280,
            "1400": 105_000,
            "1500": 428_000,
            "1590": -105_000,
            "total_assets": 709_730,
            "2000": 47_730,
            "2500": 260_000,
            "total_liabilities": 307_730,
            "3000": 200_000,
            "3900": 202_000,
            "total_equity": 402_000,
        }
    )
    assert cells["income_statement", "co", year, "net_income"] == 37_000_00
    # "Cash from operations is $105,000". Bonds that become stock are in no statement of cash flows.
    indirect = of(cells, "cash_flow_indirect", "co", year)
    rest = dollars(
        {
            "net_cash_operating": 105_000,
            "investing:1400": 25_000,
            "net_cash_investing": -64_000,
            "financing:3900": -15_000,
            "net_cash_financing": -15_000,
            "cash_opening": 45_000,
            "net_cash_change": 26_000,
            "cash_closing": 71_000,
        }
    )
    assert indirect == {
        **dollars(
            {
                "net_income": 37_000,
                "operating:1100": 18_000,
                "operating:1200": -9_450,
                "operating:1300": 5_720,
                "operating:1590": 42_000,
                "operating:2000": 7_730,
                "operating:6900": 4_000,
                "investing:1500": -73_000,
                "investing:1590": -12_000,
                "investing:6900": -4_000,
            }
        ),
        **rest,
    }
    direct = of(cells, "cash_flow_direct", "co", year)
    assert {line: cents for line, cents in direct.items() if line.startswith(("net", "cash"))} == {
        line: cents for line, cents in rest.items() if ":" not in line
    }
    # Collected: 200,000 of sales and 18,000 less owed by customers. Paid: 150,000 - 37,000 in all.
    assert (direct["operating:1100"], direct["operating:2000"], direct["operating:6000"]) == (
        218_000_00,
        -71_720_00,
        -41_280_00,
    )
    assert of(cells, "equity", "co", year) == dollars(
        {
            "equity_opening": 340_000,
            "net_income": 37_000,
            "3000": 40_000,
            "3900": -15_000,
            "equity_closing": 402_000,
        }
    )
