"""A label keeps its report's id apart from what it says, whatever a person gave as a reason."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from executive_suite.run import label


@given(st.from_regex(r"[a-z][a-z0-9_]{0,30}", fullmatch=True), st.text(max_size=1000))
def test_a_label_gives_back_its_report_and_fits_airflows_column(report: str, words: str) -> None:
    made = f"{report}{label.said(words)}"
    assert label.parts(made)[0] == report
    assert len(made) <= 250  # task_instance.rendered_map_index
    assert "\n" not in made


def test_words_are_given_back() -> None:
    assert label.parts(f"cfo{label.said('held by admin')}") == ("cfo", "held by admin")
    assert label.parts(f"cfo{label.said('')}") == ("cfo", "")
