"""Every option of version 1 is still accepted, and means the same in today's words."""

from __future__ import annotations

import importlib
import shlex
from datetime import date
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from executive_suite import __main__ as command_line
from executive_suite.cli.old_spellings import current

DATA = "--data somewhere --config include/config --as-of 2026-05-01"
WHO = "--actor founder --reason why"
CFO = "--report cfo --date 2026-05-01 --recipient primary"
ANCHOR = f"1:{'0' * 64}"

# Version 1's help of every command, option by option.
ACCEPTED = [
    f"check {DATA} --format text",
    "check --format json",
    f"build {DATA} --out out --report cfo --report ceo --strict",
    f"metrics {DATA} --format csv",
    "metrics --as-of=2026-05-01 --format=json",
    "definitions",
    "verify --as-of 2026-05-01 --report cfo",
    "verify --as-of=2026-05-01",
    f"restate {DATA} --known-at 2026-06-01 --format text",
    "restate --as-of 2026-05-01 --known-at 2026-06-01T10:00:00Z --format=text",
    f"audit verify --from 2026-05-01 --to 2026-05-31 --anchor {ANCHOR} --file f --mirror m",
    "audit --from 2026-05-01 verify",
    "audit export --from 2026-05-01 --to 2026-05-31 --out f",
    "audit replay",
    "audit seal",
    "audit variants --experiment e",
    f"resend --delivery d {WHO}",
    f"resend {CFO} {WHO} --now",
    f"resend {CFO} {WHO} --settle sent --message-id m",
    f"resend --list {CFO}",
    "resend --list --delivery d",
    f"resend --release primary {WHO}",
    f"resend --close-circuit {WHO}",
    f"revise --report cfo --date 2026-05-01 {WHO}",
    "watch --tell",
    "account --slots",
    "run --date 2026-05-01",
    "run --stop",
    "preview --report cfo --as-of 2026-05-01 --out out",
]


def parsed(call: str) -> dict[str, Any]:
    """What the command would be called with; nothing is run."""
    name, *rest = current(shlex.split(call))
    package = "embedded" if command_line.COMMANDS[name][0] == command_line.PLATFORM else "cli"
    command = typer.main.get_command(importlib.import_module(f"executive_suite.{package}.{name}").app)
    while isinstance(command, TyperGroup):
        name, *rest = rest
        command = command.commands[name]
    return dict(command.make_context(name, rest).params)


@pytest.mark.parametrize("call", ACCEPTED)
def test_a_call_of_version_1_is_accepted(call: str) -> None:
    assert parsed(call) is not None


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("verify --as-of 2026-05-01", "verify --date 2026-05-01"),
        ("run --date 2026-05-01", "run --as-of 2026-05-01"),
        ("check --format text", "check --format table"),
        (f"resend --list {CFO}", f"status {CFO}"),
        (f"resend {CFO} --settle sent --message-id m {WHO}", f"settle {CFO} --message-id m {WHO}"),
        (f"resend --release primary {WHO}", f"release primary {WHO}"),
        (f"resend --close-circuit {WHO}", f"circuit close {WHO}"),
        (f"resend --now {CFO} {WHO}", f"resend --now {CFO} {WHO}"),
        ("audit --from 2026-05-01 verify", "audit verify --from 2026-05-01"),
    ],
)
def test_an_old_call_is_todays(old: str, today: str) -> None:
    assert shlex.join(current(shlex.split(old))) == today


def test_a_value_is_never_taken_for_a_spelling() -> None:
    assert current(["metrics", "--data", "text"]) == ["metrics", "--data", "text"]
    assert parsed("verify --as-of 2026-05-01")["report_date"] == date(2026, 5, 1)
