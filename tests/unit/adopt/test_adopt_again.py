"""Reading again: the same file says nothing new; an overlapping one adds, and names what changed or vanished."""

from __future__ import annotations

from adoption import CAFE, Group, journal

ANN = [("Checking", "1,000.00"), ("Accounts Receivable (A/R)", "-1,000.00")]
APRIL = journal(
    "Cafe LLC",
    "March - April, 2025",
    ("03/10/2025", "Payment", "1001", "Ann", ANN),
    ("04/10/2025", "Expense", "", "Store", [("Office Supplies", "300.00"), ("Checking", "-300.00")]),
)
"""A month later: Ann's payment of March is 250 less than it was."""
WITHOUT_FEBRUARY = APRIL.replace("March - April", "February - April")


def test_the_same_file_says_that_nothing_is_new_and_changes_no_byte(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE) == 0
    before = {path: path.read_bytes() for path in group.folder.rglob("*") if path.is_file()}
    assert group.adopt(again__csv=CAFE) == 0
    assert "nothing is new" in group.out
    assert {path: path.read_bytes() for path in group.folder.rglob("*") if path.is_file()} == before


def test_an_overlapping_export_adds_what_is_new_and_names_what_changed(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE) == 0
    assert group.adopt(april__csv=APRIL) == 0, group.error
    assert "1 new, 0 known, 1 changed" in group.out
    assert "changed in april.csv: 1001 2025-03-10 1,250.00" in group.out
    cash = group.figures("2025-05-01", "cash_balance")
    # By hand: 50,000 - 3,000 + 1,000 at the end of March, 300 less at the end of April.
    assert cash["cash_balance", "group", "2025-03"] == 4_800_000
    assert cash["cash_balance", "group", "2025-04"] == 4_770_000


def test_what_an_earlier_date_knew_stays(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE) == 0
    then = group.figures("2025-04-01", "cash_balance", "revenue", "expenses")
    assert group.adopt(april__csv=APRIL) == 0
    assert group.figures("2025-04-01", "cash_balance", "revenue", "expenses") == then


def test_the_day_after_an_export_knows_what_it_changed(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE) == 0
    assert group.adopt(april__csv=APRIL) == 0
    # The export's period ends on April 30: its changes count from then on.
    assert group.figures("2025-04-30", "cash_balance")["cash_balance", "group", "2025-03"] == 4_825_000
    assert group.figures("2025-05-01", "cash_balance")["cash_balance", "group", "2025-03"] == 4_800_000


def test_an_entry_of_the_period_that_is_gone_is_named_and_comes_to_nothing(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE) == 0
    assert group.adopt(later__csv=WITHOUT_FEBRUARY) == 0
    assert "gone in later.csv: 2025-02-10 3,000.00 on Checking, Office Supplies" in group.out
    found = group.figures("2025-05-01", "cash_balance", "expenses")
    assert found["expenses", "group", "2025-02"] == 0
    assert found["cash_balance", "group", "2025-02"] == 5_000_000


def test_a_gone_entry_that_comes_back_is_itself_again(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE) == 0
    assert group.adopt(later__csv=WITHOUT_FEBRUARY) == 0
    back = CAFE.replace("January - March", "January - May")
    assert group.adopt(back__csv=back) == 0, group.error
    found = group.figures("2025-06-01", "cash_balance", "expenses")
    assert found["expenses", "group", "2025-02"] == 300_000
    # April's purchase is not in the last export, which covers April: it is gone now.
    assert found["cash_balance", "group", "2025-05"] == 4_825_000


def test_a_period_that_repeats_nothing_takes_nothing_for_changed(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE) == 0
    may = journal("Cafe LLC", "May 2025", ("05/10/2025", "Payment", "1001", "Bob", ANN))
    assert group.adopt(may__csv=may) == 0
    assert "1 new, 0 known\n" in group.out
    assert group.figures("2025-06-01", "cash_balance")["cash_balance", "group", "2025-05"] == 4_925_000


def test_two_purchases_alike_on_one_day_stay_two(group: Group) -> None:
    twice = [("Office Supplies", "4.50"), ("Checking", "-4.50")]
    entry = ("01/15/2025", "Expense", "", "Store", twice)
    assert group.adopt(one__csv=journal("Cafe LLC", "January 2025", entry, entry)) == 0
    assert group.adopt(two__csv=journal("Cafe LLC", "January - February, 2025", entry, entry, entry)) == 0
    assert "1 new, 2 known" in group.out
    assert group.figures("2025-03-01", "expenses")["expenses", "group", "2025-01"] == 3 * 450


def test_an_older_export_that_comes_later_changes_nothing_of_days_that_a_newer_one_covers(group: Group) -> None:
    assert group.adopt(april__csv=APRIL) == 0
    assert group.adopt(journal__csv=CAFE) == 0, group.error
    # March is as the export of April has it: Ann paid 1,000.00; January and February come first with the older one.
    assert "1 transactions are left as the newer april.csv has them" in group.out
    cash = group.figures("2025-05-01", "cash_balance")
    assert cash["cash_balance", "group", "2025-02"] == 4_700_000
    assert cash["cash_balance", "group", "2025-04"] == 4_770_000
