import time
from threading import Event

from local.machine.progress import heartbeat, last_error


def test_a_person_reads_at_once_what_takes_long_and_again_until_it_ends() -> None:
    said: list[str] = []
    beaten = Event()

    def say(text: str) -> None:
        said.append(text)
        if len(said) == 3:
            beaten.set()

    with heartbeat("building", "still building", say, seconds=0.001):
        assert beaten.wait(60)
    assert said[:3] == ["building", "still building", "still building"]
    ended = len(said)
    time.sleep(0.01)
    assert len(said) == ended


def test_of_a_long_output_one_line_is_shown_the_last_that_names_an_error() -> None:
    output = "Building layer\nERROR: no such package:   left-pad\n  pip ended\n\n"
    assert last_error(output) == "ERROR: no such package: left-pad"
    assert last_error("one\n two \n") == "two"
    assert last_error("\n") == "it said nothing"
