"""A DAG bundle for many groups: one DAG file for each folder, so that a broken group breaks no other group's DAGs."""

from __future__ import annotations

import os
from pathlib import Path

from airflow import settings
from airflow.dag_processing.bundles.base import BaseDagBundle

from executive_suite.run import many

DAG_FILE = '''"""The DAGs of the group {name} (Airflow). This file is written anew when the group's own files change."""

import sys

sys.path.append({dags!r})

from executive_suite_groups import dags_of

for dag in dags_of({name!r}):
    globals()[dag.dag_id] = dag
# The group's files: {files}
'''


class GroupsBundle(BaseDagBundle):
    """The groups of ``EXECUTIVE_SUITE_GROUPS``; a folder that is added or removed adds or removes its DAGs."""

    supports_versioning = False

    def initialize(self) -> None:
        """Write the files before anything reads them."""
        self.refresh()
        super().initialize()

    @property
    def path(self) -> Path:
        """The folder of the files."""
        return self.base_dir

    def get_current_version(self) -> None:
        """No version: a rerun uses today's folder, and the trail records the code's version."""

    def refresh(self) -> None:
        """Write the file of each group that is new or was changed, and remove those of groups that are gone.

        Airflow parses a file at once that changed, and others as seldom as ``min_file_process_interval`` says.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        wanted = {
            f"{name}.py": DAG_FILE.format(
                name=name, dags=settings.DAGS_FOLDER, files=many.fingerprint(name, os.environ)
            )
            for name in many.names(os.environ)
        }
        for file in self.path.glob("*.py"):
            if file.name not in wanted:
                file.unlink()
        for name, text in wanted.items():
            file = self.path / name
            if not file.is_file() or file.read_text(encoding="utf-8") != text:
                draft = file.with_suffix(f".{os.getpid()}")
                draft.write_text(text, encoding="utf-8")
                draft.replace(file)
