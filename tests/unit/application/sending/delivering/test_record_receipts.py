from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.sending.delivering.record_receipts import LOOKED_FOR
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import LEASE, Accepted, Receipt, Refused, Unavailable, Uncertain
from schoolsms.domain.sending.send_requests import SendRequest
from tests.fakes.sending.providers import FakeProviders, ScriptedProvider
from tests.support.builders import NOW
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, phones


@pytest.mark.parametrize("status", ["delivered", "undeliverable", "expired"])
def test_a_receipt_settles_its_message(status: Any) -> None:
    sending = Sending()
    request = sending.accepted()
    sending.dispatch(request)
    sending.clock.advance(timedelta(minutes=1))
    assert sending.recording.record(sending.receipt(request, status=status)) == "settled"
    state = sending.requests.records[request.id, 0]
    assert (state.status, state.final_at) == (status, NOW + timedelta(minutes=1))


def test_the_message_that_a_receipt_is_about_is_named() -> None:
    sending, about = Sending(), list[str]()
    request = sending.accepted()
    sending.dispatch(request)
    sending.recording.record(sending.receipt(request), 1, about.append)
    sending.recording.record(Receipt("ovh", "unheard-of", "delivered", "1"), 1, about.append)
    assert about == [f"{request.id}-0"]


def test_an_unreachable_recipient_is_consumed() -> None:
    """R30, §7: at the end of the window too."""
    sending = Sending()
    request = sending.accepted()
    sending.dispatch(request)
    sending.recording.record(sending.receipt(request, status="undeliverable"))
    assert sending.balance() == 99
    sending.clock.time = request.expires_at
    assert sending.expiring.expire(request.id) == {"final": 1}
    assert (sending.balance(), sending.statuses(request)) == (99, {0: "undeliverable"})


def test_the_first_final_receipt_says_why_a_message_did_not_arrive() -> None:
    """§5, R33."""
    sending = Sending()
    request = sending.accepted()
    sending.dispatch(request)
    failed = sending.receipt(request, status="undeliverable")
    sending.recording.record(replace(failed, reason="wrong-number"))
    sending.recording.record(replace(failed, reason="content"))
    assert sending.requests.records[request.id, 0].reason == "wrong-number"


def test_a_receipt_that_came_before_its_handoff_was_written_says_why_too() -> None:
    sending = Sending()
    request = sending.accepted()
    early = Receipt("ovh", f"ovh-{request.id}-0", "undeliverable", "2/23", reason="wrong-number")
    assert sending.recording.record(early) == "kept"
    sending.dispatch(request)
    assert sending.requests.records[request.id, 0].reason == "wrong-number"


@pytest.mark.parametrize(
    ("found", "stored"), [("wrong-number", "wrong-number"), (None, "content")], ids=["asked", "as the receipt said"]
)
def test_a_provider_that_is_asked_has_the_last_word_on_why(found: Any, stored: Any) -> None:
    sending = Sending(script=[Uncertain("timeout")])
    sending.provider.can_be_asked = True
    request = sending.accepted()
    sending.dispatch(request)
    sending.provider.receipts["77"] = Receipt("ovh", "77", "undeliverable", "2/23", f"{request.id}-0", found)
    sending.recording.record(Receipt("ovh", "77", "undeliverable", "2/29", reason="content"))
    assert sending.requests.records[request.id, 0].reason == stored


def test_each_receipt_settles_its_own_message() -> None:
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.dispatch(request)
    sending.recording.record(sending.receipt(request, 1))
    assert sending.statuses(request) == {0: "sent", 1: "delivered", 2: "sent"}


def test_the_first_final_status_wins() -> None:
    """R33: replayed, duplicated, out of order."""
    sending = Sending()
    request = sending.accepted()
    sending.dispatch(request)
    sending.recording.record(sending.receipt(request, status="delivered"))
    sending.clock.advance(timedelta(minutes=1))
    for status in ("delivered", "undeliverable"):
        assert sending.recording.record(sending.receipt(request, status=status)) == "unchanged"
    assert sending.recording.record(sending.receipt(request, status=None)) == "not-final"
    state = sending.requests.records[request.id, 0]
    assert (state.status, state.final_at) == ("delivered", NOW)


@pytest.mark.parametrize("status", ["delivered", "undeliverable", "expired", None])
@pytest.mark.parametrize("answer", [Accepted("77"), Uncertain("timeout")])
def test_a_receipt_that_names_a_message_of_another_provider_changes_nothing(status: Any, answer: Any) -> None:
    """R33: an event of AWS brings our id, and AWS was never handed this message."""
    sending = Sending(script=[answer])
    sending.providers = FakeProviders(sending.provider, sending.simulated, [ScriptedProvider("aws")])
    request = sending.accepted()
    sending.dispatch(request)
    before = dict(sending.requests.records)

    recording = replace(sending.recording, providers=sending.providers)
    recorded = recording.record(Receipt("aws", "x", status, "1", f"{request.id}-0"))

    assert recorded == ("unchanged" if status else "not-final")
    assert sending.requests.records == before


def test_a_provider_that_knows_our_id_of_another_provider_s_message_changes_nothing() -> None:
    sending = Sending()
    other = ScriptedProvider("aws", can_be_asked=True)
    request = sending.accepted()
    sending.dispatch(request)
    other.receipts["78"] = Receipt("aws", "78", "undeliverable", "1", f"{request.id}-0")
    recording = replace(sending.recording, providers=FakeProviders(sending.provider, sending.simulated, [other]))

    assert recording.record(Receipt("aws", "78", "undeliverable", "1")) == "unchanged"
    assert sending.statuses(request) == {0: "sent"}


def test_a_receipt_that_is_not_final_settles_nothing() -> None:
    sending = Sending()
    request = sending.accepted()
    sending.dispatch(request)
    assert sending.recording.record(sending.receipt(request, status=None)) == "not-final"
    assert sending.statuses(request) == {0: "sent"}


def test_a_receipt_of_an_unknown_message_changes_no_message() -> None:
    """R33."""
    sending = Sending()
    request = sending.accepted()
    sending.dispatch(request)
    before = dict(sending.requests.records)
    assert sending.recording.record(Receipt("ovh", "unheard-of", "delivered", "1")) == "kept"
    assert sending.recording.record(Receipt("ovh", "unheard-of", None, "0")) == "unknown"
    assert sending.recording.record(Receipt("nobody", f"ovh-{request.id}-0", "delivered", "1")) == "unknown"
    assert sending.requests.records == before


def test_a_receipt_that_comes_before_its_handoff_was_written_is_kept_and_applied() -> None:
    """R48: even when its provider cannot be asked, and whatever follows."""
    sending = Sending()
    request = sending.accepted()

    def receipts() -> None:
        for status, recorded in (("undeliverable", "kept"), ("delivered", "unchanged"), (None, "unknown")):
            assert sending.recording.record(sending.receipt(request, status=status)) == recorded  # type: ignore[arg-type]
        sending.clock.advance(timedelta(seconds=5))

    early = interrupted(sending.messages, before={"sent": receipts})
    assert sending.dispatch_with(messages=early).dispatch(request.id, 0, 0) == {"sent": 1}
    state = sending.requests.records[request.id, 0]
    assert (state.status, state.final_at) == ("undeliverable", NOW)
    assert sending.recording.record(sending.receipt(request)) == "unchanged"


def test_a_receipt_whose_handoff_is_written_while_it_looks_settles_it() -> None:
    sending = Sending()
    request = sending.accepted()
    racing = interrupted(sending.messages, before={"keep_receipt": lambda: sending.dispatch(request)})
    recording = replace(sending.recording, messages=racing)
    assert recording.record(sending.receipt(request)) == "settled"
    assert sending.statuses(request) == {0: "delivered"}


@pytest.mark.parametrize("message_id", ["AAAAAAAAAAAAAA-0", "garbage", "", "-", "AAAAAAAAAAAAAA-99999999"])
def test_a_receipt_that_names_no_message_of_ours_creates_none(message_id: str) -> None:
    sending = Sending()
    sending.recording.record(Receipt("ovh", "x", "delivered", "1", message_id))
    assert sending.recording.record(Receipt("ovh", "x", None, "1", message_id)) in ("not-final", "unknown")
    assert sending.requests.records == {}


def test_a_receipt_that_races_the_handoff_wins() -> None:
    """R33: it is there before the provider's answer is written."""
    sending = Sending()
    request = sending.accepted()
    receipt = Receipt("ovh", "x", "delivered", "1", f"{request.id}-0")
    racing = interrupted(sending.messages, before={"sent": lambda: sending.recording.record(receipt)})
    sending.dispatch_with(messages=racing).dispatch(request.id, 0, 0)
    assert sending.statuses(request) == {0: "delivered"}
    assert sending.recording.record(receipt) == "unchanged"


def test_a_receipt_before_we_know_the_provider_s_id_finds_its_message_by_asking() -> None:
    """R34."""
    sending = Sending(script=[Uncertain("timeout")])
    sending.provider.can_be_asked = True
    request = sending.accepted()
    sending.dispatch(request)
    sending.provider.receipts["77"] = Receipt("ovh", "77", "delivered", "1", f"{request.id}-0")
    assert sending.recording.record(Receipt("ovh", "77", "delivered", "1")) == "settled"
    assert sending.statuses(request) == {0: "delivered"}


def handed_over_to_a_provider_that_can_be_asked(says: Any) -> tuple[Sending, SendRequest]:
    """A message its provider took, of which it `says` that status when asked."""
    sending = Sending()
    sending.provider.can_be_asked = True
    request = sending.accepted()
    sending.dispatch(request)
    receipt = replace(sending.receipt(request, status=says), message_id=f"{request.id}-0")
    sending.provider.receipts[receipt.provider_message_id] = receipt
    return sending, request


@pytest.mark.parametrize("receipt_status", ["delivered", "undeliverable", "expired"])
def test_the_answer_of_the_provider_counts_whatever_the_receipt_says(receipt_status: Any) -> None:
    """R33: who learnt the secret address could tell anything."""
    sending, request = handed_over_to_a_provider_that_can_be_asked("undeliverable")
    assert sending.recording.record(sending.receipt(request, status=receipt_status)) == "settled"
    assert sending.statuses(request) == {0: "undeliverable"}


def test_a_receipt_its_provider_does_not_confirm_changes_nothing_until_it_does() -> None:
    """R33, R48: it goes back to the queue."""
    sending, request = handed_over_to_a_provider_that_can_be_asked(None)
    with pytest.raises(TransientError):
        sending.recording.record(sending.receipt(request))
    assert sending.statuses(request) == {0: "sent"}

    [known] = sending.provider.receipts.values()
    sending.provider.receipts.clear()
    with pytest.raises(TransientError):
        sending.recording.record(sending.receipt(request), LOOKED_FOR - 1)
    assert sending.statuses(request) == {0: "sent"}

    sending.provider.receipts[known.provider_message_id] = replace(known, status="delivered")
    assert sending.recording.record(sending.receipt(request)) == "settled"
    assert sending.statuses(request) == {0: "delivered"}


def test_a_receipt_whose_provider_does_not_answer_waits_for_it() -> None:
    sending, request = handed_over_to_a_provider_that_can_be_asked("delivered")
    sending.provider.down = True
    with pytest.raises(TransientError):
        sending.recording.record(sending.receipt(request))
    assert sending.statuses(request) == {0: "sent"}


@pytest.mark.parametrize("status", ["delivered", None])
def test_a_receipt_of_a_message_neither_we_nor_its_provider_know_is_not_kept(status: Any) -> None:
    """R33: a guessed number must not wait for the message that will get it."""
    sending, request = handed_over_to_a_provider_that_can_be_asked("delivered")
    assert sending.recording.record(Receipt("ovh", "78", status, "1"), LOOKED_FOR) == "unknown"
    assert (sending.messages.kept, sending.statuses(request)) == ({}, {0: "sent"})


def test_a_message_of_the_provider_that_is_not_ours_changes_nothing() -> None:
    sending, request = handed_over_to_a_provider_that_can_be_asked("delivered")
    sending.provider.receipts["78"] = Receipt("ovh", "78", "delivered", "1")
    sending.provider.receipts["79"] = Receipt("ovh", "79", "delivered", "1", "another-service")
    assert sending.recording.record(Receipt("ovh", "78", "delivered", "1")) == "unknown"
    assert sending.recording.record(Receipt("ovh", "79", "delivered", "1")) == "unchanged"
    assert sending.statuses(request) == {0: "sent"}


def test_a_receipt_that_is_not_final_has_its_provider_asked_whose_message_it_is_of() -> None:
    """R33: the provider's own id is kept nowhere, and what it says by then may be final."""
    for says, recorded in ((None, "not-final"), ("delivered", "settled")):
        sending, request = handed_over_to_a_provider_that_can_be_asked(says)
        assert sending.recording.record(sending.receipt(request, status=None)) == recorded
        assert sending.messages.handoffs == {}


def test_a_receipt_that_says_it_has_it_ends_the_uncertainty() -> None:
    """R34."""
    sending = Sending(script=[Uncertain("timeout")])
    request = sending.accepted()
    sending.dispatch(request)
    sending.recording.record(Receipt("ovh", "77", None, "0", f"{request.id}-0"))
    assert sending.statuses(request) == {0: "sent"}


def test_a_receipt_for_a_claim_whose_owner_died_settles_it() -> None:
    """R34: the provider took it, nobody could write so."""
    sending = Sending()
    request = sending.accepted()
    with pytest.raises(Died):
        sending.dispatch_with(messages=interrupted(sending.messages, before={"sent": dies})).dispatch(request.id, 0, 0)
    assert sending.recording.record(Receipt("ovh", "x", "delivered", "1", f"{request.id}-0")) == "settled"
    sending.clock.advance(LEASE)
    assert sending.dispatch(request) == {"done": 1}


@pytest.mark.parametrize("answer", [Refused("no"), Unavailable("503")])
def test_a_receipt_for_what_was_never_taken_changes_nothing(answer: Any) -> None:
    sending = Sending(script=[answer])
    request = sending.accepted()
    sending.dispatch(request)
    before = sending.statuses(request)
    assert sending.recording.record(Receipt("ovh", "x", "delivered", "1", f"{request.id}-0")) == "unchanged"
    assert sending.statuses(request) == before


def test_a_receipt_after_the_window_changes_nothing() -> None:
    """R31, R33."""
    sending = Sending()
    request = sending.accepted()
    sending.dispatch(request)
    sending.clock.time = request.expires_at
    sending.expiring.expire(request.id)
    assert sending.recording.record(sending.receipt(request)) == "unchanged"
    assert sending.statuses(request) == {0: "expired"}
