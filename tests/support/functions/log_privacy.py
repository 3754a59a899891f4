"""Personal data that no log may hold (R46), and captured logs."""

import io
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from schoolsms.observability import logger
from tests.support.builders import A_SENDER, MANAGER, SCHOOL, SECOND_MANAGER
from tests.support.examples import TEXT
from tests.support.written_numbers import DIGITS, digits_of, numbers_in, spelled

KNOWN = frozenset(
    {
        *(MANAGER, SECOND_MANAGER, A_SENDER.email, TEXT, SCHOOL.name, SCHOOL.address.line1),
        *(manager.name for manager in SCHOOL.managers),
        *("06123", "+336", "+3361", "639 98", "63998"),
    }
)
"""The people of `tests.support.builders`, the text of `tests.support.examples`, how numbers begin."""

_PERSONAL = frozenset(("text", "phone", "name", "email", "line1", "line2", "author", "variables"))

_OF_ITSELF = frozenset(("created", "msecs", "relativeCreated", "thread", "threadName", "process", "lineno"))
"""Attributes of a record that are numbers of its own, in which the beginning of a phone number may be by chance."""


class Logs:
    """Captured logs. `private` must not occur in them: known data, data of events, data that a test adds."""

    def __init__(self) -> None:
        self.private: set[str] = set(KNOWN)
        self._stream = io.StringIO()
        self._records: list[str] = []

    def lines(self, message: str | None = None) -> list[dict[str, Any]]:
        """Lines of the service's logger, all or those of one message."""
        every = [json.loads(line) for line in self._stream.getvalue().splitlines()]
        return [line for line in every if message is None or line["message"] == message]

    def forbid(self, event: object) -> None:
        """Whatever is personal in an event, or in the JSON it carries."""
        if isinstance(event, Mapping):
            for name, value in event.items():
                if name in _PERSONAL:
                    self.private.update(_leaves(value))
                if name == "body" and isinstance(value, str):
                    self._forbid_body(value)
                else:
                    self.forbid(value)
        elif isinstance(event, list):
            for each in event:
                self.forbid(each)

    def hold_nothing_private(self, printed: str) -> None:
        """R46. `printed` is what went to standard output and error besides."""
        written = "\n".join([self._stream.getvalue(), *self._records, printed])
        unescaped = "\n".join(json.dumps(line, ensure_ascii=False) for line in self.lines())
        everything = f"{written}\n{unescaped}".casefold()
        found = {each for each in self._needles() if each.casefold() in everything}
        found |= numbers_in(everything, spelled(each for each in self.private if len(digits_of(each)) >= DIGITS))
        assert not found, f"logs hold {sorted(found)}"

    @contextmanager
    def capturing(self) -> Iterator[None]:
        """While it lasts, the service's logger and every other one write here."""
        ours = cast("logging.StreamHandler[Any]", logger.registered_handler)
        before = ours.setStream(self._stream)
        others = _Others(self._records)
        root = logging.getLogger()
        level = root.level
        root.addHandler(others)
        root.setLevel(logging.INFO)
        try:
            yield
        finally:
            root.setLevel(level)
            root.removeHandler(others)
            if before is not None:
                ours.setStream(before)

    def _forbid_body(self, body: str) -> None:
        try:
            self.forbid(json.loads(body))
        except (ValueError, RecursionError):
            return

    def _needles(self) -> Iterator[str]:
        for each in self.private:
            # Many ids and instants contain a postcode by chance.
            if len(each) >= 4 and not (each.isdigit() and len(each) < 9):
                yield each


class _Others(logging.Handler):
    """Keeps all that a record holds, what was passed as `extra` too."""

    def __init__(self, records: list[str]) -> None:
        super().__init__(logging.INFO)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(("botocore", "moto", "werkzeug")):
            said = {name: value for name, value in vars(record).items() if name not in _OF_ITSELF}
            self._records.append(f"{record.getMessage()} {said}")


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
