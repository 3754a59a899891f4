from dataclasses import replace

import pytest

from schoolsms.domain.errors import TransientError
from tests.support.builders import UAI
from tests.support.sending import Sending, command, phones


@pytest.mark.parametrize(("recipients", "pages"), [(1, 1), (50, 1), (51, 2), (120, 3)])
def test_every_page_of_a_request_is_queued(recipients: int, pages: int) -> None:
    sending = Sending(stock=recipients)
    request = sending.accept(command(recipients=phones(recipients))).request
    assert sending.queueing.queue_request(request.id) == pages
    assert sending.queues.pages == [(request.id, UAI, page) for page in range(pages)]


def test_a_cancelled_request_is_not_queued() -> None:
    """R29."""
    sending = Sending()
    request = sending.accepted()
    sending.requests.known[request.id] = replace(request, cancelled=True)
    assert sending.queueing.queue_request(request.id) == 0
    assert sending.queues.pages == []


def test_queued_twice_nobody_gets_it_twice() -> None:
    """R32: messages are claimed."""
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.queueing.queue_request(request.id)
    sending.queueing.queue_request(request.id)
    for request_id, _, page in sending.queues.pages:
        sending.dispatching.dispatch(request_id, page, 0)
    assert len(sending.provider.offered) == 3


def test_a_request_that_is_not_there_yet_is_asked_for_again() -> None:
    with pytest.raises(TransientError):
        Sending().queueing.queue_request("NONE")
