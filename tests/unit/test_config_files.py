"""Configuration files: every fault with file and place, and nothing that may be a secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from executive_suite import config_files
from executive_suite.config import Report, group
from executive_suite.config_files import ConfigError
from executive_suite.sources import config as sources


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: file is missing"):
        config_files.read(tmp_path / "nowhere.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        config_files.read(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("title: Café".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"is not UTF-8 \(byte offset 10\)"):
        config_files.read(tmp_path / "latin.yaml")
    (tmp_path / "broken.yaml").write_text("a: [1\nb: 2\n")
    with pytest.raises(ConfigError, match="line 2"):
        config_files.read(tmp_path / "broken.yaml")


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    # YAML 1.2.2, section 3.2.1.1: the keys of a mapping are unique
    (tmp_path / "twice.yaml").write_text("- report: cfo\n  recipients: [one]\n  recipients: [two]\n")
    with pytest.raises(ConfigError, match=r"'recipients' is a duplicate key; remove one(.|\n)*line 3"):
        config_files.read(tmp_path / "twice.yaml")
    (tmp_path / "merged.yaml").write_text("base: &b {x: 1}\nother: {<<: *b, x: 2}\n")
    assert config_files.read(tmp_path / "merged.yaml")["other"] == {"x": 2}


BOMBS = {
    "deep": "[" * 100_000,
    "deep mappings": "{a: " * 50_000,
    "deep lists": "- " * 100_000,
    "aliases of aliases": "a0: &a0 [x, x]\n"
    + "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)),
    "itself": "a: &a [*a]",
    "large": f'a: "{"x" * (3 << 20)}"',
    "a number of many digits": f"a: {'9' * 500_000}",
    "a number of sixtieths": f"a: {':'.join(['59'] * 100_000)}",
    "a day that is none": "a: 2001-99-99",
    "code": "a: !!python/object/apply:os.system [ls]",
}
"""Files that took gigabytes, never ended or crashed the process in loaders of YAML."""


@pytest.mark.parametrize("text", BOMBS.values(), ids=list(BOMBS))
def test_a_file_that_asks_for_too_much_is_refused_in_one_line_with_its_place(tmp_path: Path, text: str) -> None:
    (tmp_path / "bomb.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"bomb\.yaml: (line \d|is (not YAML|larger))") as refused:
        config_files.read(tmp_path / "bomb.yaml")
    assert len(str(refused.value)) < 400


def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "pipe.yaml", Path("/dev/zero")):
        with pytest.raises(ConfigError, match="is not a regular file"):
            config_files.read(path)


def test_a_link_leads_to_no_file_elsewhere(tmp_path: Path) -> None:
    """A fault quotes what is wrong in a file; as Kubernetes mounts them, links stay within the folder."""
    (tmp_path / "elsewhere.txt").write_text("PASSWORD: {secret\n", encoding="utf-8")
    (tmp_path / "group" / "..data").mkdir(parents=True)
    (tmp_path / "group" / "..data" / "delivery.yaml").write_text("retries: 3\n", encoding="utf-8")
    (tmp_path / "group" / "delivery.yaml").symlink_to("..data/delivery.yaml")
    (tmp_path / "group" / "rules.yaml").symlink_to("../elsewhere.txt")
    assert config_files.read(tmp_path / "group" / "delivery.yaml") == {"retries": 3}
    with pytest.raises(ConfigError, match="is a link to a file outside its folder") as refused:
        config_files.read(tmp_path / "group" / "rules.yaml")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("character", ["\n", "\r", "\u2028", "\u202e", "\u2066", "\x1b", "\x00", "\u200f"])
def test_a_text_with_a_line_break_or_a_change_of_direction_is_refused(character: str) -> None:
    with pytest.raises(ValidationError, match=f"U\\+{ord(character):04X}"):
        Report.model_validate(
            {
                "report": "cfo",
                "file_name": "cfo",
                "title": f"CFO{character}report",
                "reader": "CFO",
                "report_type": "cfo",
                "entity": "group",
                "view": "executive_suite.reports.cfo:view",
                "template": "reports/cfo.j2",
                "recipients": ["primary"],
            }
        )


@pytest.mark.parametrize("view", ["os:system", "subprocess:run", "executive_suite.cli.resend:main", "reports.cfo:view"])
def test_a_view_is_one_of_the_reports_package(view: str) -> None:
    with pytest.raises(ValidationError, match="view"):
        Report.model_validate({"report": "cfo", "view": view})


def test_the_locale_of_the_group_is_optional_and_known(tmp_path: Path) -> None:
    assert group(tmp_path).locale == "en_US"
    (tmp_path / "group.yaml").write_text("locale: de_CH\n")
    assert group(tmp_path).locale == "de_CH"
    for wrong in ("locale: de", "locale: xx_XX", "language: de_DE"):
        (tmp_path / "group.yaml").write_text(f"{wrong}\n")
        with pytest.raises(ConfigError, match=r"group\.yaml"):
            group(tmp_path)


SOURCES = """
- name: books
  kind: folder
  location: exports
  tables:
    ledger:
      columns:
        amount_cents: {from: Amount, unit: pounds}
        amuont: Amount
      delimitter: ";"
- name: database
  kind: sql
  url_from: postgresql://reader:hunter2@db/books  # pragma: allowlist secret
"""


def test_faults_of_sources_are_told_with_their_place_and_without_values(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(SOURCES)
    with pytest.raises(ConfigError) as caught:
        sources.load(path)
    text = str(caught.value)
    for place in (
        "books: tables.ledger.columns.amount_cents.unit: Input should be 'cents', 'dollars' or 'main'",
        "books: tables.ledger.delimitter: is not a known field",
        "database: url_from: String should match",
    ):
        assert f"{path}: {place}" in text
    assert "hunter2" not in text


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("amount_cents: {debit: Soll}", "state from, or debit and credit"),
        ("amount_cents: {from: Amount, debit: Soll, credit: Haben}", "state from, or debit and credit"),
        ("amuont: Amount", "ledger has no columns amuont"),
        ("posted_at: {from: X, zone: PST8}", "not a time zone"),
    ],
)
def test_columns_that_make_no_sense_are_refused(tmp_path: Path, change: str, fault: str) -> None:
    path = tmp_path / "sources.yaml"
    table = f"tables: {{ledger: {{columns: {{{change}}}}}}}"
    path.write_text(f"- {{name: books, kind: folder, location: x, {table}}}\n")
    with pytest.raises(ConfigError, match=fault):
        sources.load(path)


def test_an_encoding_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text("- {name: books, kind: folder, location: x, encoding: klingon}\n")
    with pytest.raises(ConfigError, match="'klingon' is not an encoding"):
        sources.load(path)
