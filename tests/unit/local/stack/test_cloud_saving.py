"""The embedded cloud is saved while it works, as it was at one moment, and a save that fails costs nothing."""

import asyncio
import errno
import json
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.stack.saving import cloud_state, saver
from local.stack.saving.saver import NotSaved, Saver

WAIT_SECONDS = 30


def plain(state: Any) -> bytes:
    return json.dumps(state).encode()


class Cloud:
    """A cloud with one service, whose save can be held up or fail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "cloud"
        self.folder.mkdir()
        self.gate = folder / "gate"
        self.state: dict[str, Any] = {"balance": 500}
        self.said: list[str] = []
        self.full = self.held_up = False
        self.saver = Saver(self.folder, self.services, plain, self.said.append)

    def services(self) -> Iterator[tuple[str, Any]]:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        if self.held_up:
            self.gate.read_bytes()
        yield "dynamodb", self.state

    def hold_up(self) -> None:
        """Let copies made from now on write nothing before `let_go`."""
        os.mkfifo(self.gate)
        self.held_up = True

    def let_go(self) -> None:
        self.gate.write_bytes(b"")

    @property
    def saved(self) -> dict[str, Any] | None:
        generation = cloud_state.newest(self.folder)
        return dict(generation.read())["dynamodb"] if generation else None

    @property
    def unsaved_since(self) -> float | None:
        since: float | None = json.loads(self.pulse())["unsaved_since"]
        return since

    def pulse(self) -> bytes:
        return (self.folder / "running").read_bytes()

    async def beats(self, count: int) -> None:
        """Wait that many beats of the pulse, each long enough for a save to begin."""
        for _ in range(count):
            before = self.pulse()
            await until(lambda: self.pulse() != before)  # noqa: B023 - awaited in its turn


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    return Cloud(tmp_path)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, WAIT_SECONDS))


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saver, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(saver, "BEAT_SECONDS", 0.01)


def test_a_change_is_saved_while_the_cloud_works(cloud: Cloud) -> None:
    async def work() -> None:
        saving = asyncio.create_task(cloud.saver.keep_saving())
        for balance in (400, 300):
            cloud.state["balance"] = balance
            cloud.saver.changed()
            await until(lambda: cloud.saved == cloud.state)
        await until(lambda: cloud.unsaved_since is None)
        saving.cancel()

    run(work())


def test_what_did_not_change_is_not_saved_again(cloud: Cloud) -> None:
    async def work() -> None:
        await cloud.saver.save()
        saving = asyncio.create_task(cloud.saver.keep_saving())
        await until(lambda: (cloud.folder / "running").exists())
        await cloud.beats(5)
        saving.cancel()

    run(work())
    assert [each.name for each in cloud.folder.glob("0*")] == ["00000001.jsonl"]


def test_a_cloud_that_nobody_kills_may_save_rarely_and_saves_all_when_it_stops(cloud: Cloud) -> None:
    async def work() -> None:
        cloud.saver = Saver(cloud.folder, cloud.services, plain, cloud.said.append, pause_seconds=60)
        saving = asyncio.create_task(cloud.saver.keep_saving())
        await until(lambda: (cloud.folder / "running").exists())
        cloud.saver.changed()
        await cloud.beats(5)
        assert cloud.saved is None
        saving.cancel()
        await cloud.saver.finish()

    run(work())
    assert cloud.saved == {"balance": 500}


def test_a_save_has_everything_as_it_was_at_one_moment(cloud: Cloud) -> None:
    async def work() -> None:
        cloud.hold_up()
        saving = asyncio.create_task(cloud.saver.save())
        await until(lambda: any(cloud.folder.glob("*.unfinished")))
        cloud.state["balance"] = 0
        await asyncio.to_thread(cloud.let_go)
        await saving

    run(work())
    assert cloud.saved == {"balance": 500}


def test_a_change_during_a_save_is_in_the_next_one(cloud: Cloud) -> None:
    async def work() -> None:
        cloud.hold_up()
        saving = asyncio.create_task(cloud.saver.keep_saving())
        cloud.saver.changed()
        await until(lambda: any(cloud.folder.glob("*.unfinished")))
        cloud.state["balance"] = 7
        cloud.saver.changed()
        cloud.held_up = False
        await asyncio.to_thread(cloud.let_go)
        await until(lambda: cloud.saved == {"balance": 7})
        saving.cancel()

    run(work())


def test_a_save_that_fails_is_said_once_and_tried_again(cloud: Cloud) -> None:
    async def work() -> None:
        await cloud.saver.save()
        cloud.full = True
        cloud.state["balance"] = 8
        cloud.saver.changed()
        saving = asyncio.create_task(cloud.saver.keep_saving())
        await until(lambda: cloud.said)
        first = cloud.unsaved_since
        await cloud.beats(5)
        assert (cloud.saved, cloud.unsaved_since) == ({"balance": 500}, first)
        cloud.full = False
        await until(lambda: cloud.saved == {"balance": 8})
        saving.cancel()

    run(work())
    assert cloud.said == ["the embedded cloud cannot save its state and tries again: OSError: No space left on device"]


def test_the_last_save_does_not_wait_for_one_that_is_under_way(cloud: Cloud) -> None:
    async def work() -> None:
        cloud.hold_up()
        saving = asyncio.create_task(cloud.saver.keep_saving())
        cloud.saver.changed()
        await until(lambda: any(cloud.folder.glob("*.unfinished")) and cloud.unsaved_since)
        saving.cancel()
        cloud.held_up = False
        cloud.state["balance"] = 9
        await cloud.saver.finish()

    run(work())
    assert cloud.saved == {"balance": 9}
    assert not (cloud.folder / "running").exists()


def test_a_last_save_that_fails_does_not_pass_for_a_clean_stop(cloud: Cloud) -> None:
    async def work() -> None:
        saving = asyncio.create_task(cloud.saver.keep_saving())
        await until(lambda: (cloud.folder / "running").exists())
        saving.cancel()
        cloud.full = True
        with pytest.raises(NotSaved, match="No space left"):
            await cloud.saver.finish()

    run(work())
    assert (cloud.folder / "running").exists()


def test_a_copy_that_never_ends_is_given_up(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saver, "WRITE_SECONDS", 1)
    cloud.hold_up()
    with pytest.raises(NotSaved, match="ended with status 14"):
        asyncio.run(cloud.saver.save())


def test_what_was_purged_is_in_no_save_after_a_clean_stop(cloud: Cloud) -> None:
    async def work() -> None:
        cloud.state = {"text": "purged"}
        await cloud.saver.save()
        cloud.state = {"text": ""}
        await cloud.saver.finish()

    asyncio.run(work())
    assert [each.read_bytes().count(b"purged") for each in cloud.folder.glob("0*")] == [0]


def test_a_copy_keeps_the_lock_and_nothing_else_of_the_cloud(tmp_path: Path) -> None:
    lock, socket = os.open(tmp_path, os.O_RDONLY), os.open(tmp_path, os.O_RDONLY)
    found = []

    def services() -> Iterator[tuple[str, Any]]:
        for descriptor in (lock, socket):
            try:
                os.fstat(descriptor)
                found.append(True)
            except OSError:
                found.append(False)
        yield "open", found

    folder = tmp_path / "cloud"
    asyncio.run(Saver(folder, services, plain, print, lock=lock).save())
    generation = cloud_state.newest(folder)
    assert generation
    assert dict(generation.read()) == {"open": [True, False]}
    os.close(lock)
    os.close(socket)
