"""What the builder of the image is given: all that it copies, and nothing private."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from containers.dockerfile import context

CHECKOUT = Path(__file__).parents[2]


def test_nothing_private_goes_to_the_builder(tmp_path: Path) -> None:
    """The rules are read as Docker documents them: the last line that fits decides."""
    for name in (".dockerignore", "Dockerfile"):
        shutil.copy(CHECKOUT / name, tmp_path)
    kept = ["dags/a.py", "plugins/b.py", "include/config/c.yaml", "include/.hidden", "requirements.txt",
            "requirements-kubernetes.txt", "requirements-embedded.txt"]  # fmt: skip
    private = [".env", "secrets/fernet_key", ".git/config", ".venv/bin/python", ".local/keys.json", "out/x.pdf",
               "include/executive_suite/__pycache__/a.pyc", "docker-compose.yaml", "tests/include/x.py"]  # fmt: skip
    for name in (*kept, *private):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert {str(path) for path in context(tmp_path)} == set(kept)


def test_the_context_has_all_that_is_copied() -> None:
    shown = {
        "dags",
        "plugins",
        "include",
        "requirements.txt",
        "requirements-kubernetes.txt",
        "requirements-embedded.txt",
    }
    text = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
    copied = {word for line in text.splitlines() if line.startswith("COPY") for word in line.split()[2:-1]}
    assert copied == shown
    rules = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == shown
    assert os.access(CHECKOUT / "include" / "setup" / "container.sh", os.X_OK)
