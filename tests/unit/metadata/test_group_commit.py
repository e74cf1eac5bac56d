"""Files that wait together are written together, and each for itself."""

import asyncio
from pathlib import Path

import pytest

from metadata_service.storage import group_commit
from metadata_service.storage.group_commit import GroupCommit


async def test_many_are_written_at_once_and_one_that_fails_harms_only_itself(tmp_path: Path) -> None:
    together = GroupCommit()
    (tmp_path / "a" / "50.jpg").mkdir(parents=True)  # in the way of one of them
    written = (together.write(tmp_path / "a" / f"{n}.jpg", b"%d" % n) for n in range(100))
    outcomes = await asyncio.gather(*written, return_exceptions=True)
    assert [n for n, outcome in enumerate(outcomes) if outcome is not None] == [50]
    assert _held(tmp_path / "a") == {f"{n}.jpg": b"%d" % n for n in range(100) if n != 50}
    await together.write(tmp_path / "a" / "100.jpg", b"later")
    assert _held(tmp_path / "a")["100.jpg"] == b"later"


async def test_who_gives_up_waiting_leaves_no_file(tmp_path: Path) -> None:
    together = GroupCommit()
    given_up = asyncio.create_task(together.write(tmp_path / "a" / "1.jpg", b"x"))
    await asyncio.sleep(0)
    given_up.cancel()
    await together.write(tmp_path / "a" / "2.jpg", b"y")
    assert _held(tmp_path / "a") == {"2.jpg": b"y"}


async def test_a_hundred_files_of_one_folder_sync_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(group_commit, "sync_folder", synced.append)
    together = GroupCommit()
    await asyncio.gather(*(together.write(tmp_path / "a" / f"{n}.jpg", b"x") for n in range(100)))
    assert synced == [tmp_path / "a"]


def _held(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, those that no listing shows too."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
