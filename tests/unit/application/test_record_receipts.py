from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.dispatch_messages import LEASE
from schoolsms.domain.handoffs import Receipt, Refused, Unavailable, Uncertain
from tests.builders import NOW
from tests.interruptions import Died, dies, interrupted
from tests.sending import Sending, phones


@pytest.mark.parametrize("status", ["delivered", "undeliverable", "expired"])
def test_a_receipt_settles_its_message(status: Any) -> None:
    sending = Sending()
    request = sending.accepted()
    sending.dispatch(request)
    sending.clock.advance(timedelta(minutes=1))
    assert sending.recording.record(sending.receipt(request, status=status)) == "settled"
    state = sending.requests.records[request.id, 0]
    assert (state.status, state.final_at) == (status, NOW + timedelta(minutes=1))


def test_an_unreachable_recipient_is_consumed() -> None:
    """R30, §7."""
    sending = Sending()
    request = sending.accepted()
    sending.dispatch(request)
    sending.recording.record(sending.receipt(request, status="undeliverable"))
    assert sending.balance() == 99


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
    request = sending.accepted()
    sending.dispatch(request)
    sending.provider.receipts["77"] = Receipt("ovh", "77", "delivered", "1", f"{request.id}-0")
    assert sending.recording.record(Receipt("ovh", "77", "delivered", "1")) == "settled"
    assert sending.statuses(request) == {0: "delivered"}


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
