"""The life of one message, for managers of its school (R2, R35, R36, §5)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.history.read_message import ReadMessage
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.history.message_lives import LifeEvent
from schoolsms.domain.schools.access import Forbidden
from schoolsms.domain.sending.delivering.handoffs import Uncertain
from schoolsms.domain.sending.recipients import Recipient
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OTHER_UAI, SCHOOL, STRANGER
from tests.support.sending import Sending, command, phone, phones

LATER = NOW + timedelta(minutes=2)


def reading(sending: Sending) -> ReadMessage:
    return ReadMessage(sending.requests, sending.reading)


def test_a_message_shows_its_life_accepted_handed_over_by_which_provider_receipt_and_end() -> None:
    sending = Sending()
    request = sending.accepted()
    sending.clock.advance(timedelta(minutes=1))
    sending.dispatch(request)
    sending.clock.advance(timedelta(minutes=1))
    sending.recording.record(replace(sending.receipt(request, status="undeliverable"), reason="wrong-number"))

    life = reading(sending).show(A_MANAGER, f"{request.id}-0")

    assert life.events == [
        LifeEvent("accepted", NOW),
        LifeEvent("handed-over", NOW + timedelta(minutes=1), "ovh"),
        LifeEvent("receipt", LATER, "ovh", "undeliverable"),
        LifeEvent("final", LATER, None, "undeliverable"),
    ]
    assert life.message.failure is not None
    assert life.message.failure.code == "wrong-number"


def test_the_machine_client_is_recorded_beside_the_author() -> None:
    """R26, R28."""
    sending = Sending()
    machine = replace(A_SENDER, client_id="pronote", granted=True)
    request = sending.accept(caller=machine).request
    assert (request.author, request.client_id) == (A_SENDER.subject, "pronote")
    message = reading(sending).show(A_MANAGER, f"{request.id}-0").message
    assert (message.author, message.client_id) == (A_SENDER.email, "pronote")


def test_a_message_that_waits_was_accepted_and_nothing_else() -> None:
    sending = Sending()
    request = sending.accepted()
    assert reading(sending).show(A_MANAGER, f"{request.id}-0").events == [LifeEvent("accepted", NOW)]


def test_a_scheduled_message_shows_when_it_is_due() -> None:
    sending = Sending()
    due = NOW + timedelta(hours=5)
    request = sending.accept(replace(command(), send_at=due)).request
    assert reading(sending).show(A_MANAGER, f"{request.id}-0").events == [
        LifeEvent("accepted", NOW),
        LifeEvent("scheduled", due),
    ]


def test_a_message_whose_window_ended_without_a_receipt_shows_none() -> None:
    sending = Sending()
    request = sending.accepted()
    sending.dispatch(request)
    sending.clock.advance(timedelta(hours=72))
    sending.expiring.expire(request.id)
    life = reading(sending).show(A_MANAGER, f"{request.id}-0")
    assert [each.kind for each in life.events] == ["accepted", "handed-over", "final"]
    assert life.message.failure is not None
    assert life.message.failure.code == "expired"


def test_a_message_that_a_provider_may_have_shows_the_handoff() -> None:
    sending = Sending(script=[Uncertain("timeout")])
    request = sending.accepted()
    sending.dispatch(request)
    life = reading(sending).show(A_MANAGER, f"{request.id}-0")
    assert life.events[1:] == [LifeEvent("handed-over", NOW, "ovh")]


def test_a_message_behind_refused_recipients_is_found_on_its_page() -> None:
    sending = Sending(stock=500)
    recipients = [Recipient("01 44 41 00 00", {})] * 60 + [Recipient(each, {}) for each in phones(60)]
    request = sending.accept(replace(command(), recipients=recipients)).request
    assert reading(sending).show(A_MANAGER, f"{request.id}-119").message.phone == phone(59)
    with pytest.raises(NotFoundError):
        reading(sending).show(A_MANAGER, f"{request.id}-0")


@pytest.mark.parametrize("message_id", ["", "x", "REQUESTAAAAAAA-0", "REQUESTAAAAAAA-", "-1"])
def test_a_message_that_is_none_is_not_found(message_id: str) -> None:
    with pytest.raises(NotFoundError):
        reading(Sending()).show(A_MANAGER, message_id)


def test_a_message_of_another_school_or_of_another_year_is_not_found() -> None:
    """R2, R36."""
    sending = Sending()
    sending.schools.known[OTHER_UAI] = replace(SCHOOL, uai=OTHER_UAI)
    request = sending.accepted()
    with pytest.raises(NotFoundError):
        reading(sending).show(STRANGER, f"{request.id}-0")
    sending.clock.advance(timedelta(days=365))
    with pytest.raises(NotFoundError):
        reading(sending).show(A_MANAGER, f"{request.id}-0")


@pytest.mark.parametrize("caller", [A_SENDER])
def test_a_sender_reads_no_message(caller: Any) -> None:
    sending = Sending()
    request = sending.accepted()
    with pytest.raises(Forbidden):
        reading(sending).show(caller, f"{request.id}-0")
