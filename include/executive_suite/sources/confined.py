"""Run a program that reads a file of unknown origin: without our environment, bounded in time, memory and output.

Where the kernel can (``enclosure``), it reads the file's folder and what programs need, and nothing else of the
machine; it writes nowhere but into a folder of its own, and uses no network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from executive_suite.folders import PACKAGES

SECONDS = 600
MEMORY = 4 << 30
OUTPUT = 4 << 30
SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/usr", "/etc", "/opt", "/nix", "/proc", "/dev")
"""Where programs and their libraries are."""

_LIMITED = """
import os, pathlib, resource, sys
package, seconds, memory, output, *reads = sys.argv[1:sys.argv.index("--")]
seconds, memory, output, command = int(seconds), int(memory), int(output), sys.argv[sys.argv.index("--") + 1:]
sys.path.insert(0, package)
from executive_suite import enclosure
own = pathlib.Path.cwd()
enclosure.enclose([*map(pathlib.Path, reads), own], changes=[own, pathlib.Path("/dev/null")], network=False)
for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_DATA, memory), (resource.RLIMIT_FSIZE, output),
                   (resource.RLIMIT_CORE, 0)):
    resource.setrlimit(what, (most, most))
os.execv(command[0], command)
"""
"""Sets the limits in a process of its own: between fork and exec, a process with threads must not."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a program printed; ``complaint`` is why it failed, empty if it did not."""

    printed: str
    complaint: str = ""


def run(
    command: Sequence[str], environment: Mapping[str, str], *, reads: Path, seconds: int = SECONDS, memory: int = MEMORY
) -> Done:
    """Run a program to its end, or to a limit.

    Args:
        command: The path of the program, and its arguments; no shell.
        environment: All that it gets to know, besides ``PATH`` and a locale, which it needs to read UTF-8.
        reads: What it reads; it may read the whole folder of that.
        seconds: Of processor, and of waiting.
        memory: In bytes.
    """
    given = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **environment}
    programs = (sys.prefix, sys.base_prefix, str(PACKAGES), str(Path(command[0]).resolve().parent))
    limits = [str(PACKAGES), *map(str, (seconds, memory, OUTPUT)), *SYSTEM, *programs, str(reads.resolve().parent)]
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            done = subprocess.run(  # noqa: S603 - no shell; the program is ours or the operator's own configuration
                [sys.executable, "-I", "-c", _LIMITED, *limits, "--", *command],
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
