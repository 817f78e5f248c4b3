"""Writing files: whole or not there, and never over what should stay."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from bdnnlang.files import overwritten, replacing, write_text


def test_a_file_is_new_only_when_all_is_written(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("old")

    def fail_half_way() -> None:
        with replacing(file) as stream:
            stream.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert [p.name for p in tmp_path.iterdir()] == ["a"]
    assert file.read_text() == "old"


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    write_text(tmp_path / ("n" * 255), "x")
    assert (tmp_path / ("n" * 255)).read_text() == "x"


def test_permissions_stay(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.touch(0o600)
    write_text(file, "new")
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_target_of_a_link_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "there" / "target", tmp_path / "link"
    target.parent.mkdir()
    link.symlink_to("there/target")
    for text in ("first", "second"):  # the first time it leads nowhere
        write_text(link, text)
        assert link.is_symlink()
        assert target.read_text() == text
    assert [p.name for p in tmp_path.iterdir() if p.name != "there"] == ["link"]


def test_a_loop_of_links_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="link"):
        write_text(tmp_path / "a", "x")


def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("old")
    file.chmod(0o444)
    with pytest.raises(PermissionError, match="read-only"):
        write_text(file, "new")
    assert file.read_text() == "old"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        write_text(tmp_path, "x")


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[str] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    reader.start()
    write_text(pipe, "x")
    reader.join()
    assert heard == ["x"]
    assert pipe.is_fifo()


def test_a_device_is_written_to(tmp_path: Path) -> None:
    link = tmp_path / "null"
    link.symlink_to(os.devnull)
    write_text(link, "x")
    assert Path(os.devnull).is_char_device()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no such names of open files here")
def test_an_open_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        inode = os.fstat(file.fileno()).st_ino
        write_text(Path(f"/dev/fd/{file.fileno()}"), "x")
        write_text(Path(f"/proc/self/fd/{file.fileno()}"), "y")
    assert (tmp_path / "a").stat().st_ino == inode
    assert (tmp_path / "a").read_text() == "y"


def test_half_a_surrogate_pair_is_written_as_json_does(tmp_path: Path) -> None:
    write_text(tmp_path / "a", "\udcff")
    assert (tmp_path / "a").read_text() == "\\udcff"


def test_an_input_is_known_by_any_name(tmp_path: Path) -> None:
    file, hard, soft, other = (tmp_path / name for name in ("file", "hard", "soft", "other"))
    file.touch()
    other.touch()
    hard.hardlink_to(file)
    soft.symlink_to("file")
    for name in (file, hard, soft, tmp_path / "x" / ".." / "file"):
        (tmp_path / "x").mkdir(exist_ok=True)
        assert overwritten(name, [other, file]) == file
    assert overwritten(tmp_path / "new", [file]) is None
    assert overwritten("-", [file, Path("-")]) is None
    assert overwritten(os.devnull, [Path(os.devnull)]) is None
