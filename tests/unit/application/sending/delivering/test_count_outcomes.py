"""How providers did is counted by the hour, and never holds up sending (R48)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from schoolsms.application.ports.history.provider_rates import Outcome
from schoolsms.application.sending.delivering.count_outcomes import CountOutcomes
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import Refused, Unavailable, Uncertain
from tests.fakes.sending.provider_rates import FakeProviderRates
from tests.support.sending import Sending, phones


def counted(sending: Sending) -> dict[str, int]:
    """Of OVHcloud, in the only hour there is."""
    return dict(next(iter(sending.rates.hours.values())))


def test_every_answer_of_a_provider_is_counted() -> None:
    sending = Sending(script=[Refused("no"), Uncertain("timeout"), Unavailable("503")])
    sending.dispatch(sending.accepted(*phones(5)))
    assert counted(sending) == {"refused": 1, "uncertain": 1, "unavailable": 1, "accepted": 2}


def test_a_receipt_is_counted_once_however_often_it_comes() -> None:
    sending = Sending()
    request = sending.accepted(*phones(2))
    sending.dispatch(request)
    for _ in range(3):
        sending.recording.record(sending.receipt(request))
        sending.recording.note()
    assert counted(sending) == {"accepted": 2, "delivered": 1}


def test_sending_does_not_wait_for_a_count() -> None:
    class Failing(FakeProviderRates):
        def count(self, at: datetime, provider: str, outcomes: Mapping[Outcome, int]) -> None:
            raise TransientError("DynamoDB: ThrottlingException")

    sending = Sending()
    request = sending.accepted()
    dispatching = replace(sending.dispatching, outcomes=CountOutcomes(Failing(), sending.clock))
    assert dispatching.dispatch(request.id, 0, 0) == {"sent": 1}
