"""What is refused: with one line and exit code 1, and nothing is written."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from rich.prompt import Prompt

from adoption import BANK, CAFE, Group, no_terminal

UNKNOWN = CAFE.replace("Office Supplies", "Project Falcon")
"""Nothing tells whether this is an expense or something that is owned."""


def refused(group: Group, code: int) -> str:
    """The one line of a refusal."""
    assert code == 1
    assert group.out == ""
    assert group.error.count("\n") == 1
    return group.error


def test_an_account_that_nothing_tells_is_refused_with_file_row_and_how_to_say_it(group: Group) -> None:
    said = refused(group, group.adopt(journal__csv=UNKNOWN))
    assert said.startswith("journal.csv, row 14: of the account Project Falcon nothing tells what it is")
    assert "data/account.csv" in said
    assert not group.folder.exists()
    assert sorted(path.name for path in group.folder.parent.iterdir()) == ["uploads"]


def test_the_chart_in_the_folder_answers(group: Group) -> None:
    (group.folder / "data").mkdir(parents=True)
    chart = "account,name,type,normal_side,is_cash\nProject Falcon,Falcon,asset,debit,false\n"
    (group.folder / "data" / "account.csv").write_text(chart)
    assert group.adopt(journal__csv=UNKNOWN) == 0, group.error
    found = group.figures("2025-04-01", "expenses")
    assert found["expenses", "group", "2025-02"] == 0


def test_without_a_terminal_nobody_is_asked(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    no_terminal(monkeypatch)
    refused(group, group.adopt("--name", "Harbor", journal__csv=UNKNOWN))


def test_at_a_terminal_only_what_nothing_tells_is_asked(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(text: str, **_: object) -> str:
        asked.append(text)
        return "expense"

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(Prompt, "ask", answer)
    assert group.adopt("--name", "Harbor", journal__csv=UNKNOWN) == 0, group.error
    assert asked == ["What is the account Project Falcon?"]
    assert group.figures("2025-04-01", "expenses")["expenses", "group", "2025-02"] == 300_000


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes__txt", "Dear all,\nsee you on Monday.\n", "notes.txt: no known export"),
        ("empty__csv", "", "empty.csv: is empty"),
        ("cut__csv", 'Date,Amount\n"2025-01-02,5\n', "cut.csv: row 2: a quote"),
        ("book__xlsx", b"PK\x03\x04 cut short", "book.xlsx: is damaged"),
    ],
)
def test_a_file_that_is_no_export_is_refused(group: Group, name: str, content: str | bytes, said: str) -> None:
    assert said in refused(group, group.adopt(**{name: content}))
    assert not group.folder.exists()


def test_links_to_elsewhere_and_pipes_are_refused(group: Group, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text(CAFE)
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / "link.csv").symlink_to(outside)
    os.mkfifo(folder / "pipe.csv")
    for name, said in (("link.csv", "is a link to another folder"), ("pipe.csv", "is not a file")):
        assert said in refused(group, group.call("adopt", str(folder / name), "--into", str(group.folder), "--yes"))


def test_one_file_that_is_refused_refuses_all(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE) == 0
    before = {path: path.read_bytes() for path in group.folder.rglob("*") if path.is_file()}
    refused(group, group.adopt(checking__ofx=BANK, notes__txt="Dear all,\nsee you.\n"))
    assert {path: path.read_bytes() for path in group.folder.rglob("*") if path.is_file()} == before
    assert not list(group.folder.parent.glob(".adopting*"))


def test_a_file_without_a_company_in_a_group_of_two_must_be_said_whose(group: Group) -> None:
    deli = CAFE.replace("Cafe LLC", "Deli LLC")
    assert group.adopt(cafe__csv=CAFE, deli__csv=deli) == 0
    said = refused(group, group.adopt(checking__ofx=BANK))
    assert (
        said
        == "checking.ofx: names no company; say whose it is: --entity cafe (Cafe LLC) or --entity deli (Deli LLC)\n"
    )
    assert group.adopt("--yes", "--entity", "deli", checking__ofx=BANK) == 0
    assert {row["entity_id"] for row in group.rows("bank_line")} == {"deli"}


def test_a_title_that_contradicts_the_chosen_entity_is_refused(group: Group) -> None:
    assert group.adopt(cafe__csv=CAFE) == 0
    deli = CAFE.replace("Cafe LLC", "Deli LLC")
    assert "--entity cafe is Cafe LLC" in refused(group, group.adopt("--yes", "--entity", "cafe", deli__csv=deli))


def test_an_unknown_zone_and_another_currency_are_refused(group: Group) -> None:
    assert "time zone" in refused(group, group.adopt("--yes", "--timezone", "Mars/Olympus", cafe__csv=CAFE))
    assert group.adopt(cafe__csv=CAFE) == 0
    assert "reports in USD" in refused(group, group.adopt("--yes", "--currency", "EUR", checking__ofx=BANK))


@pytest.mark.parametrize("link", ["data", "data/account.csv", "data/deep/link", "group.yaml"])
def test_a_link_in_the_groups_folder_is_neither_read_nor_written_through(
    group: Group, tmp_path: Path, link: str
) -> None:
    """The data are copied, and the copy takes their place: with a link, others' files would be copied or replaced."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "account.csv").write_text("account,type,is_cash\n", encoding="utf-8")
    place = group.folder / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(elsewhere if "." not in link else elsewhere / "account.csv")
    said = refused(group, group.adopt(journal__csv=CAFE))
    assert "is a link" in said
    assert place.is_symlink()
    assert [path.name for path in elsewhere.iterdir()] == ["account.csv"]
    assert (elsewhere / "account.csv").read_text(encoding="utf-8") == "account,type,is_cash\n"


def test_a_refusal_quotes_no_cell_without_end(group: Group) -> None:
    table = f"Date,Description,Amount,Balance\n2025-01-05,x,{'9' * 100_000},1.00\n"
    assert len(refused(group, group.adopt(bank__csv=table))) < 2_000
