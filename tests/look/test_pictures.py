"""What ``make look`` says of two pictures, and how it comes by another commit; nothing here needs a browser."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from builds import locks, unpacked
from pictures import Difference, difference, gallery
from PIL import Image

NAME = "ceo-report-380-light.png"


def save(folder: Path, side: str, size: tuple[int, int] = (8, 20), dot: tuple[int, int] | None = None) -> None:
    picture = Image.new("RGB", size, "white")
    if dot:
        picture.putpixel(dot, (255, 255, 254))  # the least that a pixel can differ
    (folder / side).mkdir(exist_ok=True)
    picture.save(folder / side / NAME)


def test_equal_pictures_do_not_differ(tmp_path: Path) -> None:
    save(tmp_path, "then")
    save(tmp_path, "now")
    assert difference(tmp_path, NAME) is None


def test_one_pixel_differs_and_is_shaded(tmp_path: Path) -> None:
    save(tmp_path, "then")
    save(tmp_path, "now", dot=(3, 7))
    assert difference(tmp_path, NAME) == Difference(NAME, "differs from 7 pixels down", ("then", "now", "difference"))
    shaded = Image.open(tmp_path / "difference" / NAME)
    assert [(x, y) for x in range(8) for y in range(20) if shaded.getpixel((x, y)) != (255, 255, 255)] == [(3, 7)]


def test_a_longer_page_differs_where_it_goes_on(tmp_path: Path) -> None:
    save(tmp_path, "then")
    save(tmp_path, "now", size=(8, 26))
    found = difference(tmp_path, NAME)
    assert found
    assert found.what == "differs from 20 pixels down, +6 pixels tall"


def test_a_new_screen_is_only_now(tmp_path: Path) -> None:
    save(tmp_path, "now")
    found = difference(tmp_path, NAME)
    assert found == Difference(NAME, "only now", ("now",))
    page = gallery(tmp_path, [NAME], [found]).read_text(encoding="utf-8")
    assert f'src="now/{NAME}"' in page
    assert "then/" not in page


def test_the_page_shows_all_screens_if_nothing_is_compared(tmp_path: Path) -> None:
    assert f'src="now/{NAME}"' in gallery(tmp_path, [NAME], None).read_text(encoding="utf-8")
    assert "No screen differs" in gallery(tmp_path, [NAME], []).read_text(encoding="utf-8")


def test_a_commit_is_unpacked_as_it_was(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    for words in ("first", "second"):
        repository.mkdir(exist_ok=True)
        (repository / "requirements.txt").write_text(words, encoding="utf-8")
        for command in (["init", "--quiet"], ["add", "--all"], [*identity, "commit", "--quiet", "--message", words]):
            subprocess.run(["git", "-C", str(repository), *command], check=True)
    tree = unpacked(repository, "HEAD~1", tmp_path / "look")
    assert locks(tree) == {"requirements.txt": b"first"}
    assert unpacked(repository, "HEAD~1", tmp_path / "look") == tree
    with pytest.raises(SystemExit, match="no commit 'HEAD~9'"):
        unpacked(repository, "HEAD~9", tmp_path / "look")
