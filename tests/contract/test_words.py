"""The phrases that must not come back: they read as if translated, and a native reader stumbles over them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = ("*.py", "*.md", "*.yaml", "*.j2", "*.toml", "*.sh", "Makefile", "Dockerfile", ".env.example")
LISTED = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("phrases.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
PHRASES = re.compile("|".join(pattern for pattern, _ in LISTED), re.VERBOSE | re.IGNORECASE)


def test_no_file_has_them() -> None:
    listed = subprocess.run(["git", "ls-files", "-z", *READ], cwd=ROOT, capture_output=True, check=True).stdout
    found = [
        f"{name}:{number}: {phrase.group()}"
        for name in filter(None, listed.decode().split("\0"))
        if (ROOT / name).exists()
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), start=1)
        for phrase in PHRASES.finditer(line)
    ]
    assert found == []


@pytest.mark.parametrize(("pattern", "text"), LISTED)
def test_each_is_found(pattern: str, text: str) -> None:
    assert re.search(pattern, text, re.VERBOSE | re.IGNORECASE)


@pytest.mark.parametrize(
    "words",
    [
        "UTC stands for",
        "moto stands in for AWS",
        "besides",
        "half of it is billed",
        "we were told",
        "outgoing",
        "amended",
    ],
)
def test_plain_words_pass(words: str) -> None:
    assert not PHRASES.search(words)
