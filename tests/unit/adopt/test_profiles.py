"""Profiles are data: all that are shipped are valid, and one more needs no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from executive_suite.adopt import profile, sheet, upload
from executive_suite.adopt.layouts import journal
from executive_suite.adopt.readers import grids
from executive_suite.config_files import ConfigError

OWN = """\
program: Skipper's Books
reports:
  - report: Log
    layout: journal
    columns:
      day: [When]
      id: [Entry]
      account: [Drawer]
      amount: [Coins]
    needs: [day, id, account, amount]
"""


def test_every_shipped_profile_has_a_layout_and_columns_for_what_it_needs() -> None:
    shipped = profile.profiles()
    assert len({one.program for one in shipped}) >= 7
    for one in shipped:
        assert one.layout in grids.LAYOUTS, one
        for need in one.needs:
            assert any(one.columns.get(role) for role in need.split("|")), (one.program, one.report, need)


def test_one_more_profile_needs_no_code(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "skipper.yaml").write_text(OWN, encoding="utf-8")
    export = tmp_path / "log.csv"
    export.write_text("When,Entry,Drawer,Coins\n2025-01-13,1,Rum,5.00\n2025-01-13,1,Chest,-5.00\n", encoding="utf-8")
    (found,) = sheet.found(upload.opened(export), profile.profiles(tmp_path / "profiles"))
    reading = journal.read(found)
    assert reading is not None
    assert (reading.program, [line.account for line in reading.entries[0].lines]) == (
        "Skipper's Books",
        ["Rum", "Chest"],
    )


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("needs: [day", "wants: [day", "wants"),
        ("program: Skipper's Books\n", "", "program"),
        ("layout: journal", "layout: [journal]", "layout"),
    ],
)
def test_a_wrong_profile_is_named_with_its_field(tmp_path: Path, was: str, becomes: str, message: str) -> None:
    (tmp_path / "skipper.yaml").write_text(OWN.replace(was, becomes), encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"skipper\.yaml: (?s:.*){message}"):
        profile.profiles(tmp_path)
