"""Paper and pictures show every name in letters that they have, and so keep the promise of PDF/UA-1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from executive_suite import reports
from executive_suite.rendering import pdf, render, typesetter
from executive_suite.rendering.glyphs import spelled
from executive_suite.reports.build import view_of
from report_figures import HOSTILE, figures, report


@pytest.mark.parametrize("words", ["Café Zoë", "Ωμέγα", "Łódź", "шлюпка", "−1,000 USD ✓ † “x”", "שלום"])
def test_what_the_fonts_have_stays(words: str) -> None:
    assert spelled(words) == words


@pytest.mark.parametrize(
    ("words", "latin"),
    [
        ("東京", "DongJing"),  # pinyin dōng, jīng, as ISO 7098 spells them without tones
        ("\U0001f6a2", ":ship:"),  # CLDR short name of U+1F6A2
        ("a\u4e2db", "aZhongb"),
    ],
)
def test_what_they_lack_is_spelled(words: str, latin: str) -> None:
    assert spelled(words) == latin


@pytest.mark.parametrize("words", HOSTILE)
def test_paper_keeps_its_promise_whatever_the_names(words: str) -> None:
    made = reports.build(figures(words=words), report())
    assert b"pdfuaid" in made.files["pdf"]


@hypothesis_settings(max_examples=25)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=20))
def test_any_words_can_be_set(words: str) -> None:
    source = f'#set document(title: "t")\n#set text(font: {typesetter.STACK}, lang: "en")\n'
    made = pdf.typeset(source + f"#text({typesetter.literal(spelled(words))})", figures().report_date)
    assert b"pdfuaid" in made


@pytest.mark.parametrize("respelled", [True, False])
def test_paper_says_that_names_are_respelled(respelled: bool) -> None:
    view = view_of(figures(words="株式会社"), report())
    source = render.as_typst("reports/specimen.j2", view, respelled=respelled)
    assert ("spelled in Latin letters" in source) == respelled
    assert "ZhuShiHuiShe" in source
