"""The embedded cloud's saved state is whole or absent, and is read or refused as a whole."""

import errno
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.stack.saving import cloud_state
from local.stack.saving.cloud_state import Pulse, UnreadableState, newest, write


def plain(state: Any) -> bytes:
    return json.dumps(state).encode()


def saved(folder: Path, *states: dict[str, Any]) -> Path:
    """The file of the last generation, one made of each of `states`."""
    for state in states:
        path = write(folder, state.items(), plain, now=0.0).path
    return path


def held(folder: Path) -> dict[str, Any]:
    generation = newest(folder)
    assert generation
    return dict(generation.read())


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def refusal(folder: Path) -> str:
    before = {each: each.read_bytes() for each in folder.iterdir()}
    with pytest.raises(UnreadableState) as refused:
        held(folder)
    assert {each: each.read_bytes() for each in folder.iterdir()} == before
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_what_was_saved_last_is_read(tmp_path: Path) -> None:
    saved(tmp_path, {"sqs": 1}, {"sqs": 2, "dynamodb": {"é": ["x"]}})
    assert held(tmp_path) == {"sqs": 2, "dynamodb": {"é": ["x"]}}


def test_the_save_before_is_kept_and_no_other(tmp_path: Path) -> None:
    saved(tmp_path, {"sqs": 1}, {"sqs": 2}, {"sqs": 3})
    assert names(tmp_path) == ["00000002.jsonl", "00000003.jsonl"]


def test_the_ninth_save_is_followed_by_the_tenth(tmp_path: Path) -> None:
    saved(tmp_path, *({"sqs": number} for number in range(11)))
    assert held(tmp_path) == {"sqs": 10}


def test_a_cloud_that_never_saved_has_nothing(tmp_path: Path) -> None:
    assert newest(tmp_path / "new") is None


def test_money_is_written_before_everything_else(tmp_path: Path) -> None:
    path = saved(tmp_path, {"cloudwatch_logs": 1, "acm": 2, "sqs": 3, "dynamodb": 4})
    written = [line.split()[0] for line in path.read_text().splitlines()]
    assert written == ['{"format":', "dynamodb", "sqs", "acm", "cloudwatch_logs", "end"]


def test_a_full_disk_leaves_the_save_before(tmp_path: Path) -> None:
    def full() -> Iterator[tuple[str, Any]]:
        yield "dynamodb", "new"
        raise OSError(errno.ENOSPC, "No space left on device")

    path = saved(tmp_path, {"dynamodb": "old"})
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path, full(), plain, now=0.0)
    assert names(tmp_path) == [path.name]
    assert held(tmp_path) == {"dynamodb": "old"}


def test_a_state_that_cannot_be_written_as_json_leaves_the_save_before(tmp_path: Path) -> None:
    path = saved(tmp_path, {"dynamodb": "old"})
    with pytest.raises(TypeError):
        write(tmp_path, [("dynamodb", {1, 2})], plain, now=0.0)
    assert names(tmp_path) == [path.name]


def test_what_a_killed_save_left_is_not_read_and_goes_with_the_next(tmp_path: Path) -> None:
    saved(tmp_path, {"sqs": 1})
    (tmp_path / "00000002.unfinished").write_bytes(b'{"format": 1}\nsqs 5')
    assert held(tmp_path) == {"sqs": 1}
    saved(tmp_path, {"sqs": 2})
    assert names(tmp_path) == ["00000001.jsonl", "00000002.jsonl"]


@pytest.mark.parametrize("end", [0, 5, -1, -5, -8])
def test_a_file_cut_short_is_refused_with_the_save_before_it(tmp_path: Path, end: int) -> None:
    path = saved(tmp_path, {"sqs": [1]}, {"sqs": [2]})
    path.write_bytes(path.read_bytes()[:end])
    said = refusal(tmp_path)
    assert str(path) in said
    assert "remove it to go back to the save before it (00000001.jsonl)" in said
    assert "move STATE_DIR away, or remove it (make clean)" in said


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, {"sqs": 1})
    path.write_bytes(b"\x00\xff garbage\n" + cloud_state.END)
    assert str(path) in refusal(tmp_path)


def test_a_damaged_line_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, {"sqs": [1], "acm": [2]})
    path.write_bytes(path.read_bytes().replace(b"[1]", b"[1"))
    assert str(path) in refusal(tmp_path)


def test_the_state_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, {"sqs": 1})
    path.write_bytes(path.read_bytes().replace(b'"format": 1', b'"format": 2'))
    assert "a newer version wrote it" in refusal(tmp_path)


def test_a_file_that_may_not_be_opened_is_refused(tmp_path: Path) -> None:
    """A folder in its place: the superuser, who may open every file, cannot read it either."""
    saved(tmp_path, {"sqs": 1})
    (tmp_path / "00000002.jsonl").mkdir()
    (tmp_path / "00000002.jsonl" / "sqs.json").write_text("{")
    with pytest.raises(UnreadableState):
        held(tmp_path)


def test_the_files_of_an_older_version_are_read_until_two_saves_have_replaced_them(tmp_path: Path) -> None:
    (tmp_path / "sqs.json").write_text(json.dumps({"__ministack_format__": 2, "payload": {}}))
    assert held(tmp_path) == {"sqs": {"__ministack_format__": 2, "payload": {}}}
    saved(tmp_path, {"sqs": 1})
    assert "sqs.json" in names(tmp_path)
    saved(tmp_path, {"sqs": 2})
    assert names(tmp_path) == ["00000001.jsonl", "00000002.jsonl"]


def test_what_an_older_version_wrote_when_it_was_killed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cloudformation.json").write_text("{}")
    (tmp_path / "dynamodb.json.tmp").write_text('{"__minis')
    said = refusal(tmp_path)
    assert "dynamodb.json.tmp: an older version was killed while it wrote this" in said
    assert "make clean" in said


# ------------------------------------------------------------------ what a kill loses


def test_a_clean_stop_loses_nothing(tmp_path: Path) -> None:
    pulse = Pulse(tmp_path)
    pulse.beat(1000.0, unsaved_since=999.0)
    pulse.stop()
    assert Pulse(tmp_path).loss(0.5) is None


def test_the_first_run_ever_lost_nothing(tmp_path: Path) -> None:
    assert Pulse(tmp_path).loss(0.5) is None


def test_a_kill_is_said_with_what_it_lost(tmp_path: Path) -> None:
    pulse = Pulse(tmp_path)
    pulse.beat(1_795_953_600.0, unsaved_since=None)
    pulse.beat(1_795_953_604.0, unsaved_since=1_795_953_601.5)
    said = Pulse(tmp_path).loss(0.5)
    assert said
    assert "killed at about 2026-11-29T12:00:04Z" in said
    assert "up to 3.0 s are lost, what it did since 2026-11-29T12:00:01Z" in said


def test_a_kill_with_all_saved_loses_what_came_after_the_last_beat(tmp_path: Path) -> None:
    Pulse(tmp_path).beat(1000.0, unsaved_since=None)
    assert "up to 0.5 s are lost" in (Pulse(tmp_path).loss(0.5) or "")


def test_a_pulse_that_cannot_be_read_still_says_that_something_may_be_lost(tmp_path: Path) -> None:
    (tmp_path / "running").write_bytes(b"")
    assert "may be lost" in (Pulse(tmp_path).loss(0.5) or "")
