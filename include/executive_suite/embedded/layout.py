"""The folders of the embedded platform, in ``.local``."""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

# sun_path has 104 bytes on macOS and 108 on Linux, including the closing zero.
LONGEST_SOCKET = 103
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one checkout.

    Attributes:
        project: The checkout with ``dags``, ``plugins`` and ``include``.
        state: Everything the platform remembers.
    """

    project: Path
    state: Path

    @classmethod
    def of(cls, project: Path, state: Path | None = None) -> Layout:
        """The layout of a checkout; tests put the state elsewhere."""
        return cls(project, state or project / ".local")

    @property
    def airflow_home(self) -> Path:
        """Airflow's own folder: generated settings and passwords."""
        return self.state / "airflow"

    @property
    def passwords(self) -> Path:
        """The file of the UI's generated password, which only its owner may read."""
        return self.airflow_home / "passwords.json"

    @property
    def logs(self) -> Path:
        """One file per component, and Airflow's task logs below ``tasks``."""
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
        """The folder of PostgreSQL's socket."""
        return self._for_socket("socket")

    @property
    def steps_socket(self) -> Path:
        """The socket of the process that forks the steps, in a folder that only its owner may enter."""
        return self._for_socket("steps") / "run"

    def _for_socket(self, name: str) -> Path:
        """A socket's folder: in the state, or in the temporary folder if that path is unsuitable.

        A socket's path has room for about a hundred bytes, and a connection URL is simplest without odd characters.
        """
        usual = self.state / name
        plain = re.fullmatch(r"[A-Za-z0-9/._-]+", str(usual))
        if plain and len(str(usual / SOCKET_NAME).encode()) <= LONGEST_SOCKET:
            return usual
        mark = hashlib.sha256(str(self.state).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"executive-suite-{name}-{mark}"
