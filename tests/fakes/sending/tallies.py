"""In-memory stand-in for the tallies of requests."""

from collections.abc import Callable, Iterable, Mapping

from schoolsms.domain.sending.tallies import Tally


class FakeTallies:
    """Writes only on the tally that was read, as the adapter does."""

    def __init__(self) -> None:
        self.known: dict[str, Tally] = {}
        self.meanwhile: list[Callable[[], object]] = []
        """Acts of other processes between a read and its write, each once."""

    def of(self, request_ids: Iterable[str]) -> Mapping[str, Tally]:
        return {request_id: self.known[request_id] for request_id in request_ids if request_id in self.known}

    def change(self, request_id: str, make: Callable[[Tally | None], Tally | None]) -> Tally | None:
        while True:
            standing = self.known.get(request_id)
            made = make(standing)
            if self.meanwhile:
                self.meanwhile.pop()()
            if made is None or made == standing:
                return standing
            if self.known.get(request_id) is standing:
                self.known[request_id] = made
                return made
