"""What each cause of a mail means: the runbook and the program say the same, and no cause is left out."""

from __future__ import annotations

import ast
import re
from typing import get_args

import pytest

from executive_suite.folders import INCLUDE
from executive_suite.mailing.causes import SENT, UNSENT, Cause, said
from executive_suite.outbox.state import EvidenceKind, State
from executive_suite.run.standing import Mail

RUNBOOK = (INCLUDE.parent / "docs" / "runbook.md").read_text(encoding="utf-8")
PACKAGE = INCLUDE / "executive_suite"


def rows(heading: str) -> dict[str, tuple[str, str]]:
    """The rows of a table of the runbook; a link at the end of what to do only leads on."""
    (part,) = re.findall(rf"^## {heading}\n(.*?)(?=^## )", RUNBOOK, re.MULTILINE | re.DOTALL)
    found = re.findall(r"^\| `([^`]+)` \| (.*?) \| (.*?) ?\|$", part, re.MULTILINE)
    return {code: (means, re.sub(r" \(\[[^]]+\]\([^)]+\)\)$", "", do)) for code, means, do in found}


@pytest.mark.parametrize(("heading", "causes"), [("A mail that waits", UNSENT), ("A mail that SES accepted", SENT)])
def test_the_runbook_says_what_the_program_says(heading: str, causes: dict[str, Cause]) -> None:
    assert rows(heading) == {code: (cause.means, cause.do) for code, cause in causes.items()}
    assert list(rows(heading)) == list(causes)


def test_every_check_that_can_stop_a_mail_has_a_row() -> None:
    codes = {
        call.args[0].value
        for folder in ("mailing", "run")
        for file in (PACKAGE / folder).glob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "Stop"
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(codes) >= 15, "the search no longer finds them"
    assert codes <= set(UNSENT)


def test_every_state_and_every_evidence_has_a_row() -> None:
    assert set(get_args(State)) - {"sent"} <= set(UNSENT)
    assert all(said(kind).means for kind in get_args(EvidenceKind))
    assert "rejected" in UNSENT
    assert said("rejected").means != UNSENT["rejected"].means, "SES's rejection is not a person's"


def test_what_to_do_follows_from_the_cause() -> None:
    assert Mail("2026-05-01", "cfo", "bank", state="held", cause="suppressed").next_step == UNSENT["suppressed"].do
    assert Mail("2026-05-01", "cfo", "bank", state="sent", cause="rejected").next_step == said("rejected").do
    assert Mail("2026-05-01", "cfo", "bank", state="sent", cause="sent").next_step == ""
    assert Mail("2026-05-01", "cfo", "bank", state="held", cause="one of a later version").next_step
