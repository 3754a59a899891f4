"""The check of the logs finds what it looks for, however it was written (R46)."""

import logging
from collections.abc import Callable

import pytest

from schoolsms.observability import log_failure, logger
from tests.support.functions.log_privacy import Logs


@pytest.fixture(autouse=True)
def logs() -> None:
    """Here what is logged on purpose is no fault."""


def _raise() -> None:
    raise ValueError("Maëlys: 06 10 00 00 10")


LEAKS: list[Callable[[], object]] = [
    lambda: logger.info("sent to Maëlys"),
    lambda: logger.info("sent", extra={"names": ["MAËLYS"]}),
    lambda: logger.info("sent", extra={"to": "+33610000010"}),
    lambda: logging.getLogger("elsewhere").warning("sent", extra={"to": "0610000010"}),
    lambda: logging.getLogger("elsewhere").info("sent to %s", "Maëlys"),
]


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_found(leak: Callable[[], object]) -> None:
    logs = Logs()
    with logs.capturing():
        logs.forbid({"body": '{"recipients": [{"phone": "06 10 00 00 10", "variables": {"nom": "Maëlys"}}]}'})
        leak()

    with pytest.raises(AssertionError, match="logs hold"):
        logs.hold_nothing_private("")


def test_what_is_printed_is_looked_at_too() -> None:
    with pytest.raises(AssertionError, match="logs hold"):
        Logs().hold_nothing_private("marie.durand@lycee.test")


def test_what_an_exception_says_is_not_logged() -> None:
    logs = Logs()
    logs.private |= {"Maëlys", "06 10 00 00 10"}
    with logs.capturing():
        try:
            _raise()
        except ValueError as exc:
            log_failure("a record failed", exc, record="1")

    logs.hold_nothing_private("")
    assert logs.lines()[0]["errors"] == ["builtins.ValueError"]
