from dataclasses import replace

import pytest

from schoolsms.application.sending.delivering.start_delivery import StartDelivery
from tests.fakes.core import FakeDeliveries
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending


def test_an_accepted_request_starts_its_delivery() -> None:
    """R31, R48."""
    sending, deliveries = Sending(), FakeDeliveries()
    request = sending.accepted()
    StartDelivery(sending.requests, deliveries).start(request.id)
    assert deliveries.started == {request.id: request}


def test_a_request_streamed_twice_runs_one_delivery() -> None:
    sending, deliveries = Sending(), FakeDeliveries()
    use_case = StartDelivery(sending.requests, deliveries)
    request = sending.accepted()
    use_case.start(request.id)
    use_case.start(request.id)
    assert (deliveries.asked, len(deliveries.started)) == (2, 1)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_dying_at_the_start_the_stream_tells_it_again(moment: str) -> None:
    sending, deliveries = Sending(), FakeDeliveries()
    use_case = StartDelivery(sending.requests, deliveries)
    request = sending.accepted()
    dying = interrupted(deliveries, before={"start": dies}) if moment == "before" else None
    with pytest.raises(Died):
        replace(use_case, deliveries=dying or interrupted(deliveries, after={"start": dies})).start(request.id)
    use_case.start(request.id)
    assert list(deliveries.started) == [request.id]


def test_a_request_that_was_purged_before_its_record_came_starts_nothing() -> None:
    """A failure would delay every request behind it in the stream."""
    deliveries = FakeDeliveries()
    StartDelivery(Sending().requests, deliveries).start("NONE")
    assert deliveries.asked == 0
