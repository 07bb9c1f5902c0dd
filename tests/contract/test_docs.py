"""What a document names is there: targets of make, commands and their options, modules, files, links."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path

import pytest

from executive_suite.__main__ import main

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("include/**/*.md")) if path.is_file()
)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMMANDS = (
    "account|adopt|audit|build|check|circuit|definitions|metrics|outstanding|preview|release|restate|resend|revise|settle"
    "|statements|status|verify|watch"
)

PACKAGES = (
    "archive|cli|dataset|embedded|facts|mailing|metrics|outbox|rendering|reports|rules|run|ses|sources|statements|trail"
)

FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`]+)`")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
OURS = re.compile(
    rf"python3? -m executive_suite +(?P<module>.*)|^executive-suite +(?P<script>.*)|^(?P<bare>(?:{COMMANDS}) .*)"
)
INNER = re.compile(r"\$\(([^)]*)\)")
MADE = ("out/", "exports/", "books/", "secrets/", "revisions/", "audit/", "runs/", "snapshots/")
"""Folders that a run makes, here or in a bucket, or that belong to an example."""


def code(path: Path) -> Iterator[str]:
    """Lines of shell blocks, and code within sentences."""
    text = path.read_text(encoding="utf-8")
    for language, block in FENCED.findall(text):
        if language in {"sh", "console"}:
            for line in block.replace("\\\n", " ").splitlines():
                yield line.removeprefix("$ ").partition(" #")[0].strip()
    # What CONTRIBUTING.md adds and changes is tested by doing it.
    yield from (
        " ".join(span.split())
        for span in SPAN.findall(re.sub("(New file|In) `(include|tests)/.*`", "", FENCED.sub("", text)))
    )


@cache
def help_of(*command: str) -> str:
    """The help of a command of ours, on a screen so wide that no option is cut; empty if there is no such command."""
    shown = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(shown), redirect_stderr(io.StringIO()):
        patch.setenv("COLUMNS", "400")
        patch.setenv("NO_COLOR", "1")
        return shown.getvalue() if main([*command, "--help"]) == 0 else ""


@cache
def helps_of_airflow() -> dict[str, str]:
    """The help of every command of Airflow that a page shows, asked for in one process: each takes seconds to begin."""
    asked = dict.fromkeys(" ".join(words(command)) for page in PAGES for _, command in of_airflow(page))
    script = """
import contextlib, io, json, sys
from airflow.cli.cli_parser import get_parser
parser, found = get_parser(), {}
for command in sys.argv[1:]:
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(io.StringIO()):
        try:
            parser.parse_args([*command.split(), "--help"])
        except SystemExit as end:
            found[command] = shown.getvalue() if not end.code else ""
print(json.dumps(found))
"""
    environment = {**os.environ, "COLUMNS": "400", "NO_COLOR": "1", "AIRFLOW_HOME": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-c", script, *asked], env=environment, capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def of_airflow(page: Path) -> Iterator[tuple[str, str]]:
    """Each piece of code that calls Airflow, and the command in it."""
    for piece in code(page):
        named = re.search(r"(?:^| -m executive_suite )airflow (?:-- )?(?=[a-z])(.*)", piece)
        if named:
            yield piece, INNER.sub("…", named[1])


@cache
def tracked() -> list[str]:
    """Every file of the project."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def words(command: str) -> list[str]:
    """The words before the first option, as far as they can be names of commands."""
    before = re.split(r"\s(?:--|…|<|\(|[A-Z])", f"{command} …")[0]
    return [word for word in before.split()[:2] if re.fullmatch(r"[a-z-]+", word)]


each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


@each_page
def test_targets_of_make_are_there(page: Path) -> None:
    for piece in code(page):
        named = re.match(r"make((?: +(?:[A-Z]+=\S+|[a-z]+))+)$", piece)
        for word in (named[1] if named else "").split():
            variable, is_set, _ = word.partition("=")
            assert f"$({variable})" in MAKEFILE if is_set else re.search(rf"^{word}:", MAKEFILE, re.MULTILINE), piece


@each_page
def test_commands_have_the_options_that_are_shown(page: Path) -> None:
    for piece in code(page):
        named = OURS.search(piece)
        if not named:
            continue
        command = (named["module"] or named["script"] or named["bare"] or "").partition(")")[0].partition(" -- ")[0]
        if not words(command):
            continue
        name, *more = words(command)
        shown = help_of(name, *more) or help_of(name)
        assert shown, f"no such command: {piece}"
        assert [option for option in OPTION.findall(command) if option not in shown] == [], piece


@each_page
def test_commands_of_airflow_have_the_options_that_are_shown(page: Path) -> None:
    for piece, command in of_airflow(page):
        shown = helps_of_airflow()[" ".join(words(command))]
        assert shown, f"no such command: {piece}"
        assert [option for option in OPTION.findall(command) if option not in shown] == [], piece


@each_page
def test_modules_that_are_started_are_there(page: Path) -> None:
    for piece in code(page):
        for module in re.findall(r"python3? -m ([a-z_.]+)", piece):
            assert importlib.util.find_spec(module), piece


@each_page
def test_files_that_are_named_are_there(page: Path) -> None:
    for piece in code(page):
        for path in re.findall(r"(?:^|\s)([a-z][\w.-]*(?:/[\w.-]+)*/?)(?=$|\s|:)", piece, re.IGNORECASE):
            is_ours = re.search(r"/.*(\.(py|md|yaml|sh|j2|json|txt|css)|/)$", path)
            if is_ours and not path.startswith(MADE):
                assert any(f"/{path}" in f"/{name}" for name in tracked()), f"{path} in: {piece}"


@each_page
def test_modules_of_the_package_that_are_named_are_there(page: Path) -> None:
    for piece in code(page):
        if re.fullmatch(rf"({PACKAGES})(\.(?!yaml)[a-z_]+)+", piece):
            assert importlib.util.find_spec(f"executive_suite.{piece}"), piece


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_help_of_make_shows_every_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert [target for target in phony.split() if f"make {target}\t" not in shown] == []
    assert set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)) == set(phony.split())


@pytest.mark.parametrize("target", re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
def test_make_can_parse_every_target(target: str) -> None:
    subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, check=True)


def test_the_glossary_has_one_meaning_for_each_of_at_least_twenty_words() -> None:
    rows = re.findall(
        r"^\| \*\*([\w-]+)\*\* \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) >= 20
    assert rows == sorted(set(rows))


def test_the_changelog_has_a_section_for_this_version() -> None:
    from executive_suite import __version__

    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(__version__)} - \d{{4}}-\d\d-\d\d$", text, re.MULTILINE)
    assert set(re.findall(r"^### (\w+)", text, re.MULTILINE)) <= {
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
    }
