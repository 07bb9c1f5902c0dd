"""``pip install .`` gives a command that works anywhere: templates, configuration, schema and sample are inside."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from executive_suite.cli import definitions

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in a new environment, which takes the libraries of this one and nothing of the checkout."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, symlinks=True)
    (packages,) = home.glob("lib/python*/site-packages")
    libraries = Path(pytest.__file__).parents[1]
    (packages / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    python = home / "bin" / "python"
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--offline", "--python", python]
    subprocess.run([*install, wheel], check=True)
    return home / "bin" / "executive-suite"


def run(command: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run([command, *arguments], cwd=folder, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_checks_its_own_sample(installed: Path, tmp_path: Path) -> None:
    assert "no faults" in run(installed, tmp_path, "check")


def test_it_prints_the_page_of_definitions(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "definitions") == definitions.page()


def test_it_builds_a_report_where_it_is_started(installed: Path, tmp_path: Path) -> None:
    run(installed, tmp_path, "build", "--as-of", "2026-05-01", "--out", "out", "--report", "cto")
    made = {path.name for path in (tmp_path / "out" / "2026-05-01").iterdir()}
    assert made == {f"cto-report.{end}" for end in ("txt", "html", "mail.html", "pdf", "xlsx", "ics", "csv")}


def test_the_wheel_has_one_package_and_no_generator_of_samples(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    modules = {path.name for part in ("dags", "plugins") for path in (ROOT / part).glob("*.py")}
    top = {name.partition("/")[0] for name in names if not name.startswith("executive_suite-")}
    assert top == {"executive_suite", ".airflowignore"} | modules  # Amazon MWAA unpacks it as plugins
    inside = [name for name in names if name.startswith("executive_suite/include/")]
    assert [name for name in inside if name.endswith(".py")] == []
    shipped = {
        path.relative_to(ROOT / "include").as_posix()
        for folder in ("catalog", "config", "data", "templates")
        for path in (ROOT / "include" / folder).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"} and "sample_group" not in path.parts
    }
    assert shipped == {name.removeprefix("executive_suite/include/") for name in inside}
