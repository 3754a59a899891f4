"""One clock for the functions and for the services that moto simulates."""

from datetime import datetime

import time_machine

from tests.fakes.core import ManualClock


class ServicesClock(ManualClock):
    """A clock that takes the process's own time with it, because moto stamps what it keeps with that."""

    def __init__(self, time: datetime, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller
        super().__init__(time)

    @property
    def time(self) -> datetime:
        return self._time

    @time.setter
    def time(self, time: datetime) -> None:
        self._time = time
        self._traveller.move_to(time)
