"""A body without room keeps the first rows of its tables and lists, and loses nothing; one with room stays as it is."""

from __future__ import annotations

from lxml import html

from executive_suite.rendering import reading, room
from executive_suite.rendering.blocks import (
    ActionItem,
    ActionList,
    Cell,
    Column,
    FindingItem,
    FindingList,
    Section,
    Table,
    section,
)
from executive_suite.rendering.lint import length
from executive_suite.rendering.render import alone

HEADS = (Column("Job"), Column("Owed", "right"))


def table(rows: int, words: int = 10, title: str = "Jobs") -> Table:
    """A table with as many rows, each with as many words and a figure."""
    lines = tuple((Cell(" ".join([f"job{row}", *["word"] * (words - 1)])), Cell(row, "count")) for row in range(rows))
    return Table(title, HEADS, lines, total=(Cell("All"), Cell(7, "count")))


def body(*parts: Section) -> int:
    return sum(map(reading.in_section, parts))


def test_a_body_with_room_stays_as_it_is() -> None:
    parts = [section("A", point="Said.", jobs=table(20)), section("B", point="Said.", text="words")]
    assert room.fitted(parts) == parts


def test_the_longest_table_gives_up_its_last_rows_and_the_section_keeps_them() -> None:
    long, short = table(25, words=45), table(5, words=10)
    one, other = room.fitted([section("A", point="Said.", jobs=long), section("B", point="Said.", jobs=short)])
    assert body(one, other) <= reading.MOST_IN_BODY
    assert other["jobs"] == short
    kept = one.blocks["jobs"]
    assert kept.rows == long.rows[: len(kept.rows)]
    assert (kept.beyond, kept.total) == (25 - len(kept.rows), long.total)
    assert kept.under == f"{kept.beyond} more rows in the appendix."
    assert list(one.rows.values()) == [long]
    again = room.fitted([section("A", point="Said.", jobs=replaced_last(kept, long)), other])
    assert len(again[0].blocks["jobs"].rows) == len(kept.rows), "one row more would not have fitted"


def replaced_last(kept: Table, whole: Table) -> Table:
    return Table(whole.title, whole.columns, whole.rows[: len(kept.rows) + 1], whole.total)


def test_whole_tables_go_if_first_rows_are_too_long_but_no_section_is_left_empty() -> None:
    said = [section(f"S{n}", point="Said.", jobs=table(4, words=200)) for n in range(4)]
    bare = section("Changes", jobs=table(4, words=200))
    made = room.fitted([*said, bare])
    assert body(*made) <= reading.MOST_IN_BODY
    assert len(made[-1].blocks["jobs"].rows) >= 1
    assert all(part.blocks or part.point for part in made)
    assert all(next(iter(part.rows.values())) == table(4, words=200) for part in made if not part.blocks)


def test_lists_are_cut_too() -> None:
    findings = FindingList("Findings", tuple(FindingItem(f"f{n}", "high", "word " * 40) for n in range(20)))
    actions = ActionList("Actions", tuple(ActionItem(n, "do " * 30, "score", "Ann", "May 31") for n in range(20)))
    made = room.fitted([section("A", point="Said.", findings=findings, actions=actions)])[0]
    assert body(made) <= reading.MOST_IN_BODY
    assert made.blocks["findings"].items == findings.items[: 20 - made.blocks["findings"].beyond]
    assert made.blocks["actions"].items == actions.items[: 20 - made.blocks["actions"].beyond]
    assert list(made.rows.values()) == [findings, actions]


def test_what_the_rows_have_already_is_not_listed_twice() -> None:
    whole = Table("All", (*HEADS, Column("More")), tuple((*row, Cell("x")) for row in table(25, words=45).rows))
    made = room.fitted([section("A", point="Said.", rows={"all": whole}, jobs=table(25, words=45))])[0]
    assert made.blocks["jobs"].beyond
    assert made.rows == {"all": whole}


# The linter counts the words of the finished page; this counts those of blocks.
def test_words_of_blocks_are_those_of_the_page() -> None:
    noted = Table(
        "Tall",
        (*HEADS, Column("Why so"), Column("And when")),
        note="A note.",
        beyond=3,
        rows=tuple(
            (Cell("a b", assumed=True), Cell(None, "count", note="not recorded"), Cell("long " * 9), Cell(""))
            for _ in "ab"
        ),
    )
    finding = FindingItem(
        "Title of it",
        "high",
        "A reason.",
        at_stake="$5",
        score="score 3",
        entity="JADA",
        evidence=("a row",),
        assumed=True,
    )
    action = ActionItem(1, "Sign it", "score 3", "Ann", "May 31", "open", "$5", assumed=True)
    blocks = [
        table(4),
        noted,
        Table("None", HEADS, ()),
        FindingList("F", (finding,), more="2 more."),
        FindingList("F", ()),
        ActionList("A", (action,), beyond=1),
        ActionList("A", ()),
    ]
    for block in blocks:
        page = f"<main><section>{alone('html', block.macro, block)}</section></main>"
        assert reading.in_block(block) == length.in_body(html.fromstring(page)), block.title
