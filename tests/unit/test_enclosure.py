"""What an enclosed process can still reach, as root and as another user; each look is tried without the wall, too."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from executive_suite import enclosure
from executive_suite.folders import HOME
from executive_suite.run import apart

pytestmark = pytest.mark.skipif(not enclosure.version(), reason="the kernel has no Landlock")
SECRET = "only-for-the-worker-5d1c"  # noqa: S105 - what must not be found  # pragma: allowlist secret


def in_a_process_of_its_own(act: Callable[[], Any], user: str | None = None) -> Any:
    """What a fork, as that user, found."""
    here, there = os.pipe()
    pid = os.fork()
    if not pid:
        with contextlib.suppress(BaseException):
            if user:
                account = pwd.getpwnam(user)
                os.setgroups([])
                os.setgid(account.pw_gid)
                os.setuid(account.pw_uid)
            os.write(there, json.dumps(act()).encode())
        os._exit(0)
    os.close(there)
    with os.fdopen(here, "rb") as said:
        found = said.read()
    os.waitpid(pid, 0)
    return json.loads(found)


def readable(*paths: Path) -> list[str]:
    """Those of some files that this process can open."""
    found = []
    for path in paths:
        with contextlib.suppress(OSError), path.open("rb"):
            found.append(str(path))
    return found


@pytest.fixture(params=[None, "nobody"])
def worker(request: pytest.FixtureRequest) -> Iterator[tuple[str | None, int]]:
    """A process that holds a secret in its environment, and its user."""
    if request.param and os.geteuid():
        pytest.skip("only root can become somebody else")
    group = pwd.getpwnam(request.param).pw_gid if request.param else None
    given = {"RECIPIENT_HASH_KEY": SECRET}
    held = subprocess.Popen(["/bin/sleep", "60"], env=given, user=request.param, group=group)
    try:
        while SECRET.encode() not in Path(f"/proc/{held.pid}/environ").read_bytes():
            pass  # it is still this process's copy
        yield request.param, held.pid
    finally:
        held.kill()
        held.wait()


def test_no_process_of_the_same_user_shows_what_it_holds(worker: tuple[str | None, int]) -> None:
    user, pid = worker
    places = [Path(f"/proc/{pid}/{name}") for name in ("environ", "mem", "maps", "fd/0")]

    def look() -> list[str]:
        return readable(*places)

    def look_from_inside() -> list[str]:
        return look() if enclosure.enclose([Path("/")]) else ["not enclosed"]

    assert in_a_process_of_its_own(look, user) == list(map(str, places))
    assert in_a_process_of_its_own(look_from_inside, user) == []


def test_no_process_outside_can_be_ended(worker: tuple[str | None, int]) -> None:
    user, pid = worker

    def end() -> str:
        enclosure.enclose([Path("/")])
        try:
            os.kill(pid, 9)
        except PermissionError:
            return "refused"
        return "ended"

    if enclosure.version() < 6:
        pytest.skip("the kernel does not scope signals")
    assert in_a_process_of_its_own(end, user) == "refused"


def test_what_it_starts_is_bound_as_well(worker: tuple[str | None, int]) -> None:
    user, pid = worker

    def start() -> str:
        enclosure.enclose([Path("/")])
        done = subprocess.run(["/bin/cat", f"/proc/{pid}/environ"], capture_output=True, text=True, check=False)
        return done.stdout

    assert in_a_process_of_its_own(start, user) == ""


def test_all_but_what_is_closed_is_read(tmp_path: Path) -> None:
    for name in (".env", "data.csv", "state/keys.json", "state/deep/er.json", "group/sources.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "group" / "link").symlink_to(tmp_path / ".env")
    (tmp_path / "nowhere").symlink_to(tmp_path / "group" / "absent")
    closed = [tmp_path / ".env", tmp_path / "state", tmp_path / "absent" / "too", tmp_path / "nowhere"]

    def look() -> list[str]:
        enclosure.enclose(enclosure.all_but(closed))
        return readable(*(path for path in sorted(tmp_path.rglob("*")) if path.is_file()), Path("/etc/passwd"))

    found = in_a_process_of_its_own(look)
    assert found == [*(str(tmp_path / name) for name in ("data.csv", "group/sources.yaml")), "/etc/passwd"]


def test_a_step_reads_no_file_that_secrets_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list that a task hands to its step's process, with the temporary folder elsewhere than those files."""
    places = {"SECRETS_FOLDER": tmp_path / "mounted", "AIRFLOW_HOME": tmp_path / "airflow"}
    for name, folder in places.items():
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    files = [tmp_path / "mounted" / "recipient_hash_key", tmp_path / "airflow" / "airflow.cfg"]
    for file in files:
        file.write_text(SECRET)
    closed = [Path(one) for one in apart.with_secrets()]
    assert {HOME / ".env", HOME / ".local", HOME / "secrets"} < set(closed)
    (tmp_path / "drafts").mkdir()

    token = tmp_path / "mounted" / "eks.amazonaws.com" / "token"
    (token.parent / "..data").mkdir(parents=True)
    (token.parent / "..data" / "token").write_text("of the pod")
    token.symlink_to("..data/token")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "drafts"))

    def look(**given: str) -> list[str]:
        enclosure.enclose(apart.readable(given, closed))
        with tempfile.TemporaryFile() as draft:
            draft.write(b"x")
        return readable(*files, token, HOME / "pyproject.toml")

    plain = str(HOME / "pyproject.toml")
    assert in_a_process_of_its_own(look) == [plain]
    named = partial(
        look, AWS_WEB_IDENTITY_TOKEN_FILE=str(token), AWS_CA_BUNDLE=str(tmp_path / "mounted" / "absent.pem")
    )
    assert in_a_process_of_its_own(named) == [str(token), plain]
    for url in (
        str(files[0]),
        f"postgresql://db/x?sslrootcert={files[0]}&a=b",
        f"x?sslkey={quote(str(files[0]), safe='')}",
    ):
        assert in_a_process_of_its_own(partial(look, BOOKS_URL=url)) == [str(files[0]), plain]
    assert in_a_process_of_its_own(partial(look, HOME=str(tmp_path), PATH=f"/bin:{tmp_path}")) == [plain]
