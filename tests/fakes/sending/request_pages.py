"""Pages and index entries that attempts write before acceptance: fake of `request_pages` and `number_index`."""

from collections.abc import Sequence

from schoolsms.domain.history.purges import Attempt
from schoolsms.domain.sending.send_requests import Line, Refusal, SendRequest, paged


class FakePages:
    """Each under its attempt's name. `numbered`: what the index of numbers leads to, by school and year."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str, int], Sequence[Line]] = {}
        self.refused: dict[tuple[str, str], Sequence[Refusal]] = {}
        self.numbered: dict[tuple[str, str], list[Attempt]] = {}

    def write_pages(self, request: SendRequest, lines: Sequence[Line], refusals: Sequence[Refusal] = ()) -> Attempt:
        """Write what an attempt leaves that dies before its request is accepted."""
        attempt = attempt_of(request)
        self.numbered.setdefault((request.school, request.school_year), []).append(attempt)
        for number, page in enumerate(paged(lines)):
            self.pages[request.id, request.attempt, number] = page
        if refusals:
            self.refused[request.id, request.attempt] = refusals
        return attempt

    def take_back(self, request: SendRequest) -> None:
        """Remove the attempt's pages and its place in the list of requests."""
        attempt = attempt_of(request)
        self.remove_pages(attempt)
        self.numbered[request.school, request.school_year].remove(attempt)

    def remove_pages(self, attempt: Attempt) -> int:
        """Of this attempt, and no other; how many there were."""
        mine = attempt.request_id, attempt.name
        pages = [key for key in self.pages if key[:2] == mine]
        for key in pages:
            del self.pages[key]
        return len(pages) + (self.refused.pop(mine, None) is not None)


def attempt_of(request: SendRequest) -> Attempt:
    """As the index of numbers names it."""
    return Attempt(request.id, request.attempt, f"{request.order_key}#{request.attempt}")
