"""Work on a second core: the same bytes as without one, and its error raised where they are asked for."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from executive_suite.folders import INCLUDE
from executive_suite.rendering import typesetter
from executive_suite.run.apart import WATCH
from executive_suite.run.second_core import meanwhile


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which a fork is safe, whatever ran in this process before."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    monkeypatch.setattr(typesetter, "started", lambda: False)
    monkeypatch.setattr(threading, "enumerate", lambda: [threading.main_thread()])


def who() -> bytes:
    return str(os.getpid()).encode()


def test_another_process_does_the_work() -> None:
    found = meanwhile(who)()
    assert int(found) != os.getpid()
    with pytest.raises(ChildProcessError):  # it was waited for
        os.waitpid(int(found), 0)


def test_more_than_a_pipe_holds_comes_whole() -> None:
    whole = os.urandom(1 << 20)  # Linux: a pipe holds 64 KiB
    assert meanwhile(lambda: whole)() == whole


def test_an_error_is_raised_where_the_result_is_asked_for() -> None:
    def work() -> bytes:
        raise ValueError(who())

    asked = meanwhile(work)
    with pytest.raises(ValueError, match=str(os.getpid())):
        asked()


def _on_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})


def _after_typesetting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetter, "started", lambda: True)


def _with_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "enumerate", lambda: [threading.main_thread(), threading.Thread(name="other")])


@pytest.mark.parametrize("alone", [_on_one_core, _after_typesetting, _with_a_thread])
def test_where_a_fork_would_not_pay_or_not_be_safe_the_work_is_done_here(
    alone: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone(monkeypatch)
    assert int(meanwhile(who)()) == os.getpid()


def test_the_thread_that_waits_for_the_end_of_a_task_hinders_no_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "enumerate", lambda: [threading.main_thread(), threading.Thread(name=WATCH)])
    assert int(meanwhile(who)()) != os.getpid()


@pytest.mark.skipif(sys.platform != "linux", reason="no other system ends a process with its parent")
def test_a_fork_ends_with_the_process_that_was_killed() -> None:
    source = (
        "import os, signal, time\n"
        "from executive_suite.run import second_core\n"
        "second_core._may_fork = lambda: True\n"
        "def work():\n"
        "    print(os.getpid(), flush=True)\n"
        "    time.sleep(60)\n"
        "second_core.meanwhile(work)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", source]
    with subprocess.Popen(command, env={"PYTHONPATH": str(INCLUDE)}, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        fork = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 10
    while _lives(fork):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # ended, and nobody has asked how
