from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from executive_suite.embedded import components, postgres, unprivileged
from executive_suite.embedded.layout import LONGEST_SOCKET, SOCKET_NAME, Layout
from executive_suite.embedded.platform import AlreadyRunningError, held, stop
from executive_suite.embedded.processes import Registry
from executive_suite.run import environment
from executive_suite.run.deployment import NOTE

CHECKOUT = Path(__file__).parents[2]
# A child that starts a grandchild and waits: a family as Airflow's scheduler has one.
FAMILY = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
time.sleep(60)
"""


def family(registry: Registry, folder: Path) -> list[psutil.Process]:
    child = registry.spawn(
        "family", [sys.executable, "-c", FAMILY], environment={}, log=folder / "family.log", folder=folder
    )
    leader = psutil.Process(child.pid)
    for _ in range(200):
        if leader.children():
            return [leader, *leader.children()]
        time.sleep(0.02)
    pytest.fail("the child started nothing")


def test_stopping_a_child_stops_what_it_started(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "processes.json")
    processes = family(registry, tmp_path)
    assert registry.stop() == ("family",)
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)
    assert registry.recorded() == ()


def test_a_later_start_reaps_what_a_crash_left_even_without_its_leader(tmp_path: Path) -> None:
    leader, grandchild = family(Registry(tmp_path / "processes.json"), tmp_path)
    leader.kill()
    leader.wait()
    Registry(tmp_path / "processes.json").stop()
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


def test_nothing_is_left_in_the_process_table(tmp_path: Path) -> None:
    with held(Layout.of(tmp_path)) as registry:
        leader, grandchild = family(registry, tmp_path)
        leader.kill()
        leader.wait()
    assert not psutil.pid_exists(grandchild.pid)


LAUNCHER = f"""
import signal, sys, time
from pathlib import Path
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.platform import ENDS, held
for number in ENDS:
    signal.signal(number, signal.default_int_handler)
with held(Layout.of(Path(sys.argv[1]))) as registry:
    folder = Path(sys.argv[1])
    registry.spawn("family", [sys.executable, "-c", {FAMILY!r}], environment={{}}, log=folder / "x.log", folder=folder)
    (Layout.of(folder).state / {NOTE!r}).write_text("{{}}")
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("ending", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_however_the_launcher_ends_its_children_end_too(tmp_path: Path, ending: signal.Signals) -> None:
    command = [sys.executable, "-c", LAUNCHER, str(tmp_path)]
    environment = {"PYTHONPATH": str(CHECKOUT / "include")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as launcher:
        assert launcher.stdout
        assert launcher.stdout.readline() == b"ready\n"
        processes: list[psutil.Process] = []
        while len(processes) < 3:  # the family of two, and the guard
            processes = psutil.Process(launcher.pid).children(recursive=True)
        launcher.send_signal(ending)
        if ending == signal.SIGINT:
            launcher.send_signal(ending)  # impatient
        launcher.wait(60)
    _, alive = psutil.wait_procs(processes, timeout=40)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
    assert not (Layout.of(tmp_path).state / NOTE).exists()  # it holds a key, and no command may take it for a platform


def test_a_number_that_passed_to_somebody_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "processes.json"
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True) as stranger:
        recorded = {"name": "scheduler", "pid": stranger.pid, "started": time.time() - 3600}
        path.write_text(json.dumps([recorded]), encoding="utf-8")
        assert Registry(path).stop() == ()
        assert stranger.poll() is None
        stranger.kill()


def test_a_record_cut_short_by_a_crash_is_no_record(tmp_path: Path) -> None:
    path = tmp_path / "processes.json"
    path.write_text('[{"name": "sch', encoding="utf-8")
    assert Registry(path).recorded() == ()


@pytest.mark.parametrize("folder", ["plain", "with space", "ü", "deep/" * 40])
def test_the_socket_fits_wherever_the_checkout_lies(tmp_path: Path, folder: str) -> None:
    layout = Layout.of(tmp_path, state=tmp_path / folder / ".local")
    # unix(7): sun_path has 108 bytes, the closing zero included; BSDs have 104.
    assert len(str(layout.socket_folder / SOCKET_NAME).encode()) <= LONGEST_SOCKET
    assert " " not in str(layout.socket_folder)


def test_two_checkouts_never_share_a_socket(tmp_path: Path) -> None:
    folders = {Layout.of(tmp_path, state=tmp_path / name).socket_folder for name in ("a b", "a c")}
    assert len(folders) == 2


def test_postgres_starts_from_nothing_and_again_after_a_kill(tmp_path: Path) -> None:
    layout = Layout.of(tmp_path, state=tmp_path / "st ate")
    with held(layout) as registry:
        postgres.start(layout, registry)
        first = registry.recorded()[0].pid
        listening = [c for c in psutil.Process(first).net_connections("inet") if c.status == psutil.CONN_LISTEN]
        assert listening == []
        os.kill(first, 9)
        registry.stop()
        postgres.start(layout, registry)
    assert not psutil.pid_exists(first)
    assert Registry(layout.processes).recorded() == ()
    assert not layout.socket_folder.exists() or layout.socket_folder.parent == layout.state


def test_a_second_launcher_is_told_of_the_first(tmp_path: Path) -> None:
    layout = Layout.of(tmp_path)
    with held(layout), pytest.raises(AlreadyRunningError, match="another make run"), held(layout):
        pass


def test_stop_ends_a_launcher_elsewhere_and_waits_for_it(tmp_path: Path) -> None:
    code = (
        "import signal, sys, time; from pathlib import Path\n"
        "from executive_suite.embedded.layout import Layout; from executive_suite.embedded.platform import held\n"
        "signal.signal(signal.SIGTERM, signal.default_int_handler)\n"
        "with held(Layout.of(Path(sys.argv[1]))): print('held', flush=True); time.sleep(60)\n"
    )
    path = os.pathsep.join(sys.path)
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        env={"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as launcher:
        assert launcher.stdout is not None
        assert launcher.stdout.readline() == b"held\n"
        stop(Layout.of(tmp_path))
        assert launcher.wait(10) != 0


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        assert components.free_port(taken) != taken


def test_airflow_sees_nothing_of_the_shell_but_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("SOME_API_KEY", "not for tasks")
    layout = Layout.of(tmp_path)
    found = components.environment(layout, components.access(layout), {"REPORTS_BUCKET": "some-reports"})
    assert found["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert found["REPORTS_BUCKET"] == "some-reports"
    assert not {"PYTHONDONTWRITEBYTECODE", "SOME_API_KEY"} & set(found)


def test_keys_and_passwords_are_made_once_and_are_the_owners_alone(tmp_path: Path) -> None:
    layout = Layout.of(tmp_path)
    first = components.environment(layout, components.access(layout), {})
    assert components.access(layout).password == components.access(layout).password
    assert (
        components.environment(layout, components.access(layout), {})["AIRFLOW__API_AUTH__JWT_SECRET"]
        == (first["AIRFLOW__API_AUTH__JWT_SECRET"])
    )
    for name in ("keys.json", "passwords.json"):
        assert (layout.airflow_home / name).stat().st_mode & 0o077 == 0


def test_the_shell_goes_before_the_file_and_a_blank_there_stays_blank(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "AWS_BCC_EMAIL=file@example.com\nREPORTS_BUCKET=from-file\nOTHER=1\n", encoding="utf-8"
    )
    found = environment.read(tmp_path, {"AWS_BCC_EMAIL": "", "PATH": "/bin"})
    assert found == {"AWS_BCC_EMAIL": "", "REPORTS_BUCKET": "from-file"}


def test_without_an_own_file_the_placeholders_stand_in_but_never_for_a_real_account(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("AWS_BCC_EMAIL=audit@example.com\n", encoding="utf-8")
    assert environment.read(tmp_path, {}) == {"AWS_BCC_EMAIL": "audit@example.com"}
    assert environment.read(tmp_path, {"EXECUTIVE_SUITE_AWS": "real"}) == {"EXECUTIVE_SUITE_AWS": "real"}


def test_keys_of_an_account_are_passed_on_only_to_a_real_account(tmp_path: Path) -> None:
    of_airflow = {"EXECUTIVE_SUITE_AWS_CONN_ID": "ours", "AIRFLOW_CONN_OURS": "aws://"}
    shell = {"AWS_ACCESS_KEY_ID": "k", "AWS_PROFILE": "p", **of_airflow}
    assert environment.read(tmp_path, shell) == {}
    assert environment.read(tmp_path, {**shell, "EXECUTIVE_SUITE_AWS": "real"}) == {
        **shell,
        "EXECUTIVE_SUITE_AWS": "real",
    }


def test_a_command_reads_the_file_and_the_shell_goes_before_it(tmp_path: Path) -> None:
    """``check`` judges what a person has written into ``.env``; nothing else of the file reaches the process."""
    shutil.copytree(CHECKOUT / "include", tmp_path / "include", ignore=shutil.ignore_patterns("__pycache__", "data"))
    (tmp_path / ".env").write_text("AWS_SES_FROM_NAME=\nREPORTS_BUCKET=Wrong_\nOTHER_SECRET=x\n", encoding="utf-8")
    (tmp_path / "data").mkdir()
    shell = {"PYTHONPATH": str(tmp_path / "include"), "PATH": os.environ["PATH"], "REPORTS_BUCKET": "reports.example"}
    command = [sys.executable, "-m", "executive_suite", "check", "--data", str(tmp_path / "data")]
    done = subprocess.run(command, env=shell, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 1
    assert "AWS_SES_FROM_NAME: is blank" in done.stdout
    assert "REPORTS_BUCKET" not in done.stdout


def test_without_a_file_no_variable_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Placeholders are for the embedded run; a command without a deployment stays without one."""
    (tmp_path / ".env.example").write_text("AWS_BCC_EMAIL=audit@example.com\n", encoding="utf-8")
    monkeypatch.delenv("AWS_BCC_EMAIL", raising=False)

    environment.join(tmp_path)

    assert "AWS_BCC_EMAIL" not in os.environ


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands PostgreSQL to another user")
def test_postgres_of_root_has_no_right_of_root_and_knows_who_connects(tmp_path: Path) -> None:
    """capabilities(7): the five sets in /proc; PostgreSQL, "Peer Authentication": the kernel names the other side."""
    tmp_path.chmod(0o700)
    layout = Layout.of(tmp_path, state=tmp_path / "state")
    with held(layout) as registry:
        postgres.start(layout, registry)
        server = registry.recorded()[0].pid
        family = [psutil.Process(server), *psutil.Process(server).children()]
        told = [Path(f"/proc/{one.pid}/status").read_text(encoding="utf-8") for one in family]
        sets = {line.split()[1] for status in told for line in status.splitlines() if line.startswith("Cap")}
        uids = {uid for one in family for uid in one.uids()}
        stranger = pwd.getpwnam("nobody")
        asked = subprocess.run(
            [postgres.binaries() / "psql", "-h", layout.socket_folder.resolve(), "-U", postgres.USER, "postgres"],
            env={"LC_ALL": "C"},
            input="select 1",
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            user=stranger.pw_uid,
            group=stranger.pw_gid,
            extra_groups=[],
        )
    bounding = Path("/proc/self/status").read_text(encoding="utf-8").split("CapBnd:")[1].split()[0]
    assert sets <= {"0" * 16, bounding}  # the bounding set limits what could be gained, and grants nothing
    assert uids == {stranger.pw_uid}
    assert "peer authentication failed" in asked.stderr.lower()


def test_what_a_removed_checkout_left_outside_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unprivileged, "HOMES", tmp_path / "homes")
    kept, gone = (tmp_path / name / ".local" / "postgres" for name in ("kept", "gone"))
    for link in (kept, gone):
        link.parent.mkdir(parents=True)
        (unprivileged.outside(link) / "postgres" / "data").write_text(link.parent.parent.name, encoding="utf-8")
    gone.unlink()
    home = unprivileged.outside(kept)
    assert [path.name for path in (tmp_path / "homes").iterdir()] == [home.name]
    assert (kept / "data").read_text(encoding="utf-8") == "kept"


def test_a_folder_outside_is_passable_whatever_the_umask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Every command has a private umask, under which a folder for all would be closed to PostgreSQL.
    monkeypatch.setattr(unprivileged, "HOMES", tmp_path / "homes")
    link = tmp_path / ".local" / "postgres"
    link.parent.mkdir()
    before = os.umask(0o077)
    try:
        home = unprivileged.outside(link)
    finally:
        os.umask(before)
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (home.parent, home, home / "postgres")] == [
        0o711,
        0o711,
        0o700,
    ]
