"""Logs of the embedded cloud are bounded: a file and the one before it."""

from pathlib import Path

from local.machine.log_files import append, cut


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_a_log_that_is_full_becomes_the_one_before(tmp_path: Path) -> None:
    for line in (b"one\n", b"two\n", b"three\n"):
        append(tmp_path / "f.log", line, most=8)
    assert contents(tmp_path) == {"f.log.1": b"one\ntwo\n", "f.log": b"three\n"}


def test_however_much_is_logged_two_files_are_kept(tmp_path: Path) -> None:
    for number in range(1000):
        append(tmp_path / "f.log", b"%03d\n" % number, most=40)
    kept = contents(tmp_path)
    assert set(kept) <= {"f.log", "f.log.1"}
    assert sum(map(len, kept.values())) <= 80
    assert (kept.get("f.log") or kept["f.log.1"]).endswith(b"999\n")


def test_an_open_log_is_cut_and_written_on(tmp_path: Path) -> None:
    path = tmp_path / "cloud.log"
    with path.open("ab", buffering=0) as log:
        log.write(b"0123456789")
        cut(path, log.fileno(), most=10)
        log.write(b"next")
        cut(path, log.fileno(), most=10)
    assert contents(tmp_path) == {"cloud.log": b"next", "cloud.log.1": b"0123456789"}
