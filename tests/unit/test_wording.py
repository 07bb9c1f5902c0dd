"""Words in another language, and what happens to those that have no translation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from executive_suite import config, formats, wording
from executive_suite.config import ConfigError
from executive_suite.reports import retold
from executive_suite.wording import say, say_many
from group_data import INCLUDE


def test_what_has_no_translation_is_english() -> None:
    with wording.speaking("es"):
        assert say("{count} blue whales swam by", count=3) == "3 blue whales swam by"
        assert say_many("{count} whale", "{count} whales", 1, count="1") == "1 whale"
    assert wording.language() == "en"


def test_a_language_counts_by_its_own_rule() -> None:
    with wording.speaking("es"):
        assert [formats.counted(count, "month") for count in (0, 1, 2)] == ["0 meses", "1 mes", "2 meses"]
        assert formats.amount(Decimal("1.5"), "months") == "1.5 meses"


def test_braces_of_the_data_are_no_places() -> None:
    with wording.speaking("es"):
        assert say("{amount} at stake", amount="{amount}") == "{amount} en juego"
        assert say("{not a place}") == "{not a place}"


# CLDR 47: supplemental paper sizes, and the patterns of en, de and es. The words stay English in Germany.
@pytest.mark.parametrize(
    ("locale", "currency", "language", "expected"),
    [
        ("en_US", "USD", "en", ("1,234.50", "$8,000", "16.7%", "May 1, 2026", "May 2026", "us-letter")),
        ("en_GB", "GBP", "en", ("1,234.50", "£8,000", "16.7%", "1 May 2026", "May 2026", "a4")),
        ("de_DE", "EUR", "en", ("1.234,50", "8.000 €", "16,7 %", "1 May 2026", "May 2026", "a4")),
        ("es_US", "USD", "es", ("1,234.50", "$8,000", "16.7%", "1 may 2026", "may 2026", "us-letter")),
        ("en_US", "USD", "es", ("1,234.50", "$8,000", "16.7%", "1 may 2026", "may 2026", "us-letter")),
    ],
)
def test_a_locale_decides_numbers_and_paper_a_language_words(
    locale: str, currency: str, language: str, expected: tuple[str, ...]
) -> None:
    with formats.speaking(currency, locale, language=language):
        shown = (
            formats.number(Decimal("1234.5"), 2),
            formats.money(800_000),
            formats.share(Decimal("0.167")),
            formats.day(date(2026, 5, 1)),
            formats.month("2026-05"),
            formats.paper(),
        )
    assert tuple(text.replace("\u00a0", " ").replace("\u202f", " ") for text in shown) == expected


SAID = [
    (
        "3028 51st St Rental: lease ends May 31 ($2,400 a month)",
        "3028 51st St Rental: el arrendamiento termina el 31 may ($2,400 al mes)",
    ),
    ("Without 181 nights let under a lease.", "Sin 181 noches bajo arrendamiento."),
    ("no income; no debt service", "sin ingresos; sin servicio de la deuda"),
    ("Lodging tax is due Jun 1, 2027 ($385)", "Impuesto de hospedaje: vence el 1 jun 2027 ($385)"),
    ("2 customers owe $5, over 90 days past due", "2 clientes deben $5 con más de 90 días de vencido"),
    ("1 customer owes $5, over 90 days past due", "1 cliente debe $5 con más de 90 días de vencido"),
    ("Whatever the records hold, e.g. $5 of it", None),
    ("", ""),
]


@pytest.mark.parametrize(("english", "spanish"), SAID)
def test_a_sentence_of_an_earlier_step_is_made_again(english: str, spanish: str | None) -> None:
    with formats.speaking("USD", today=date(2026, 5, 1), language="es"):
        assert retold.text(english) == (english if spanish is None else spanish)
    assert retold.text(english) == english


def test_an_optional_part_goes_as_in_the_original() -> None:
    with formats.speaking("USD", today=date(2026, 5, 1), language="es"):
        assert retold.text("Renew JADA's captain's license") == "Renovar licencia de capitán de JADA"
        assert (
            retold.text("Renew JADA's captain's license before Jun 3")
            == "Renovar licencia de capitán de JADA antes del 3 jun"
        )


def test_a_report_speaks_the_language_of_its_group_unless_it_has_its_own(tmp_path: Path) -> None:
    assert {report.language for report in config.load(INCLUDE / "config").reports} == {"en"}
    (tmp_path / "group.yaml").write_text("language: es\n")
    assert {report.language for report in config.load(tmp_path).reports} == {"es"}
    (tmp_path / "group.yaml").write_text("language: tlh\n")
    with pytest.raises(ConfigError, match=r"language.*en, es"):
        config.load(tmp_path)
