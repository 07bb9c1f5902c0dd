"""Where the embedded run keeps its things: ``.local`` for state, ``out`` for what a person opens."""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

# sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero included.
LONGEST_SOCKET = 103
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one checkout.

    Attributes:
        project: The checkout: ``dags``, ``plugins`` and ``include`` stand in it.
        state: Everything that the embedded run remembers.
        out: What a person opens.
    """

    project: Path
    state: Path
    out: Path

    @classmethod
    def of(cls, project: Path, state: Path | None = None, out: Path | None = None) -> Layout:
        """The layout of a checkout; the tests put state and output elsewhere."""
        return cls(project, state or project / ".local", out or project / "out")

    @property
    def airflow_home(self) -> Path:
        """Airflow's own folder: generated settings and passwords."""
        return self.state / "airflow"

    @property
    def logs(self) -> Path:
        """One file a component, and Airflow's task logs below ``tasks``."""
        return self.state / "logs"

    @property
    def postgres(self) -> Path:
        """The private cluster's data."""
        return self.state / "postgres"

    @property
    def aws(self) -> Path:
        """The journal of the embedded AWS endpoint."""
        return self.state / "aws"

    @property
    def processes(self) -> Path:
        """The record of running child processes."""
        return self.state / "processes.json"

    @property
    def socket_folder(self) -> Path:
        """Where PostgreSQL's socket stands: beside the data, or in the temporary folder when that path cannot be one.

        A socket's address has room for about a hundred bytes, and a connection URL is simplest without odd characters.
        """
        beside = self.state / "socket"
        plain = re.fullmatch(r"[A-Za-z0-9/._-]+", str(beside))
        if plain and len(str(beside / SOCKET_NAME).encode()) <= LONGEST_SOCKET:
            return beside
        mark = hashlib.sha256(str(self.state).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"executive-suite-{mark}"
