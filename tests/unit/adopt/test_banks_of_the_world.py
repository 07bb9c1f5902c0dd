"""Statements in further languages: days, signs and amounts are as the balance after each row proves.

Headers as the banks of these countries write them; invented content. The expected balance is the file's own last one.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from executive_suite.adopt import upload
from executive_suite.adopt.readers import banks

POLISH = """Data operacji;Opis operacji;Kwota;Saldo po operacji
2025-01-05;WPŁATA;1 000,00;1 000,00
2025-01-07;ZAKUP ŁÓDŹ;-123,45;876,55
2025-01-09;PRZELEW;2 500,10;3 376,65
"""
BRAZILIAN = """Data;Histórico;Valor;D/C;Saldo
13/01/2025;DEPÓSITO;1.500,00;C;1.500,00
20/01/2025;ALUGUEL;200,00;D;1.300,00
"""
SWEDISH = """Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta
2025-01-20;-500,00;;;ICA;ICA;9500,00;SEK
2025-01-10;10000,00;;;Lön;Lön;10000,00;SEK
"""
NORWEGIAN = """Bokført dato;Beskrivelse;Ut fra konto;Inn på konto;Saldo
13.01.2025;Lønn;;5000,00;5000,00
15.01.2025;Husleie;1200,50;;3799,50
"""
INDIAN = """Txn Date,Narration,Withdrawal Amt.,Deposit Amt.,Closing Balance
13/01/25,NEFT,,"12,34,567.00","12,34,567.00"
15/01/25,RENT,"34,567.00",,"12,00,000.00"
"""
JAPANESE = """日付,摘要,お支払金額,お預り金額,残高
2025/01/06,振込,,100000,100000
2025/01/10,電気,2000,,98000
"""


@pytest.mark.parametrize(
    ("text", "encoding", "amounts", "balance"),
    [
        (POLISH, "cp1250", ("1000", "-123.45", "2500.10"), "3376.65"),
        (BRAZILIAN, "cp1252", ("1500", "-200"), "1300"),
        (SWEDISH, "utf-8", ("10000", "-500"), "9500"),
        (NORWEGIAN, "cp1252", ("5000", "-1200.50"), "3799.50"),
        (INDIAN, "utf-8", ("1234567", "-34567"), "1200000"),
        (JAPANESE, "utf-8-sig", ("100000", "-2000"), "98000"),
    ],
    ids=["polish", "brazilian", "swedish", "norwegian", "indian", "japanese"],
)
def test_a_statement_in_another_language(
    tmp_path: Path, text: str, encoding: str, amounts: tuple[str, ...], balance: str
) -> None:
    path = tmp_path / "statement.csv"
    path.write_bytes(text.encode(encoding))
    found = banks.read(upload.opened(path))
    assert found is not None
    assert sorted(line.amount for line in found.bank_lines) == sorted(map(Decimal, amounts))
    (stated,) = found.totals
    assert stated.amount == Decimal(balance) == sum(map(Decimal, amounts))
    assert found.accounts[0].opening == 0
