"""Run a program that reads a file of unknown origin: without our environment, bounded in time, memory and output."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SECONDS = 600
MEMORY = 4 << 30
OUTPUT = 4 << 30

_LIMITED = """
import os, resource, sys
seconds, memory, output = map(int, sys.argv[1:4])
for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_DATA, memory), (resource.RLIMIT_FSIZE, output),
                   (resource.RLIMIT_CORE, 0)):
    resource.setrlimit(what, (most, most))
os.execv(sys.argv[4], sys.argv[4:])
"""
"""Sets the limits in a process of its own: between fork and exec, a process with threads must not."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a program printed; ``complaint`` is why it failed, empty if it did not."""

    printed: str
    complaint: str = ""


def run(command: Sequence[str], environment: Mapping[str, str], *, seconds: int = SECONDS) -> Done:
    """Run a program to its end, or to a limit.

    Args:
        command: The path of the program, and its arguments; no shell.
        environment: All that it gets to know, besides ``PATH`` and a locale, which it needs to read UTF-8.
        seconds: Of processor, and of waiting.
    """
    given = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **environment}
    limits = [str(limit) for limit in (seconds, MEMORY, OUTPUT)]
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            done = subprocess.run(  # noqa: S603 - no shell; the program is ours or the operator's own configuration
                [sys.executable, "-I", "-c", _LIMITED, *limits, *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                timeout=seconds,
                check=False,
                env=given,
                cwd=empty,  # a program's own configuration would be looked for here
            )
        except subprocess.TimeoutExpired:
            return Done("", f"it did not end within {seconds} seconds")
        for file in (out, err):
            file.seek(0)
        if done.returncode == 0:
            return Done(out.read().decode("utf-8", "replace"))
        words = " ".join(err.read(MEMORY >> 12).decode("utf-8", "replace").split())
        return Done("", words or "it ended without a word, at a limit of time or memory")
