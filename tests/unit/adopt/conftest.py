"""What tests of adoption share."""

from __future__ import annotations

from pathlib import Path

import pytest

from adoption import Group


@pytest.fixture
def group(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Group:
    """A folder into which nothing was adopted yet; the environment says nothing of zones."""
    monkeypatch.delenv("EXECUTIVE_SUITE_TIMEZONE", raising=False)
    return Group(tmp_path, capsys)
