"""A form or mail that comes again, at once, or after a death has one effect (R11, R48)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.domain.orders.forms.order_forms import FormIdentity
from tests.support.builders import MANAGER, NOW, ORDER_ID, PDF, UAI, mail, reading
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.papers.order_inbox import OrderInbox

SPOOFED: dict[str, Any] = {"spf": "fail", "dkim": "fail", "dmarc": "fail"}


def test_a_form_mailed_twice_is_credited_once() -> None:
    """R11."""
    inbox = OrderInbox()
    inbox.receive(key="mail-1")
    inbox.credit_all()
    second = inbox.receive(key="mail-2")
    inbox.credit_all()
    assert inbox.ledger.of_kind(UAI, "credit") == [(f"credit:{ORDER_ID}", 2_000)]
    assert inbox.queues.notices[-1] == ("order_already_received", {"mail_id": second.id})


def test_a_form_mailed_twice_before_it_is_credited_is_credited_once() -> None:
    inbox = OrderInbox()
    first = inbox.receive(key="mail-1")
    inbox.receive(key="mail-2")
    assert inbox.orders.known[ORDER_ID].mail_id == first.id
    inbox.credit_all()
    assert inbox.ledger.balance(UAI).sms == 2_000


def test_a_mail_delivered_twice_ends_the_same() -> None:
    """R11: the event comes twice, before and after the credit."""
    inbox = OrderInbox()
    first = inbox.receive()
    assert inbox.receive() == first
    inbox.credit_all()
    assert inbox.receive() == first
    inbox.credit_all()
    assert inbox.ledger.balance(UAI).sms == 2_000
    assert inbox.orders.known[ORDER_ID].state == "credited"
    assert set(inbox.notice_kinds()) == {"credit_activated"}


def test_a_mended_form_becomes_an_order() -> None:
    """R7: its deadline runs from the complete form."""
    inbox = OrderInbox()
    inbox.receive_form(reading("absent"), key="mail-1")
    inbox.documents.readings.clear()
    later = NOW + timedelta(hours=3)
    corrected = inbox.document(b"%PDF corrected", FormIdentity("filled", ORDER_ID, UAI), reading())
    record = inbox.receive(mail(corrected), key="mail-2", at=later)
    assert record.outcome == "accepted"
    assert inbox.orders.known[ORDER_ID].received_at == later
    assert inbox.queues.orders == [ORDER_ID]


def test_an_incomplete_form_after_a_complete_one_changes_nothing() -> None:
    """R8: a complete order is firm."""
    inbox = OrderInbox()
    inbox.receive(key="mail-1")
    inbox.receive_form(reading("absent"), key="mail-2")
    assert inbox.orders.known[ORDER_ID].state == "accepted"
    assert "order_incomplete" not in inbox.notice_kinds()


def test_other_quantities_mailed_after_change_nothing() -> None:
    """R8, R11."""
    inbox = OrderInbox()
    inbox.receive(key="mail-1")
    inbox.credit_all()
    inbox.receive_form(reading(qty_P1000="900"), key="mail-2")
    inbox.credit_all()
    assert inbox.orders.known[ORDER_ID].quantities == {"P1000": 2}
    assert inbox.ledger.balance(UAI).sms == 2_000


def test_a_spoofed_copy_does_not_take_an_order_out_of_the_line() -> None:
    inbox = OrderInbox()
    inbox.receive(key="mail-1")
    inbox.receive(mail(PDF, **SPOOFED), key="mail-2")
    inbox.credit_all()
    assert inbox.ledger.balance(UAI).sms == 2_000


def test_the_school_s_own_mail_is_accepted_after_a_spoofed_one() -> None:
    inbox = OrderInbox()
    inbox.receive(mail(PDF, **SPOOFED), key="mail-1")
    assert inbox.receive(key="mail-2").outcome == "accepted"
    assert inbox.orders.known[ORDER_ID].state == "accepted"


def test_a_copier_s_signed_scan_takes_the_place_of_its_unsigned_one() -> None:
    """Nothing vouches for a copier and nobody answers it: only the operator can see its second scan."""
    inbox = OrderInbox()
    copier: dict[str, Any] = {"sender": "copieur@lycee.test", **SPOOFED}
    inbox.receive_form(reading("absent"), mail(PDF, **copier), key="mail-1")
    signed = inbox.document(b"%PDF signed", FormIdentity("filled", ORDER_ID, UAI), reading())
    later = NOW + timedelta(hours=3)
    inbox.receive(mail(signed, **copier), key="mail-2", at=later)
    order = inbox.orders.known[ORDER_ID]
    assert (order.state, order.received_at) == ("review", later)
    assert [reason.code for reason in order.reasons] == ["mail-verdict-failed", "sender-unknown"]
    assert inbox.notice_kinds() == ["order_in_review", "order_to_review"] * 2
    inbox.ingest.ingest("mail-1", NOW)
    assert inbox.orders.known[ORDER_ID] == order


@pytest.mark.parametrize("earlier", [{"sender": "chef@autre.test"}, {"sender": ""}, {"automatic_answer": True}])
def test_nobody_keeps_a_manager_s_form_from_the_operator_by_mailing_first(earlier: dict[str, Any]) -> None:
    inbox = OrderInbox()
    inbox.receive(mail(PDF, **earlier), key="mail-1")
    inbox.receive_form(reading("broken"), key="mail-2")
    order = inbox.orders.known[ORDER_ID]
    assert (order.state, [reason.code for reason in order.reasons]) == ("review", ["signature-broken"])
    inbox.ingest.ingest("mail-1", NOW)
    assert inbox.orders.known[ORDER_ID] == order


@pytest.mark.parametrize("first", [SPOOFED, {}])
def test_of_two_mails_judged_at_once_the_better_proven_is_under_review(first: dict[str, Any]) -> None:
    inbox = OrderInbox()
    inbox.documents.readings[PDF.content] = reading("broken")
    second = {} if first else SPOOFED
    key = inbox.put("mail-1", mail(PDF, **first))
    at_once = interrupted(inbox.orders, before={"record": lambda: inbox.receive(mail(PDF, **second), key="mail-2")})
    replace(inbox.ingest, orders=at_once).ingest(key, NOW)
    assert [reason.code for reason in inbox.orders.known[ORDER_ID].reasons] == ["signature-broken"]


def test_what_nothing_vouches_for_never_takes_the_place_of_what_a_sender_was_proven_for() -> None:
    inbox = OrderInbox()
    inbox.receive_form(reading("broken"), key="mail-1")
    stored = inbox.orders.known[ORDER_ID]
    inbox.receive_form(reading(), mail(PDF, **SPOOFED), key="mail-2")
    assert inbox.orders.known[ORDER_ID] == stored


def test_an_order_the_operator_rejected_stays_rejected_for_a_mail_that_comes_again() -> None:
    inbox = OrderInbox()
    inbox.receive_form(reading("broken"))
    inbox.orders.known[ORDER_ID] = replace(inbox.orders.known[ORDER_ID], state="rejected")
    inbox.receive()
    assert inbox.orders.known[ORDER_ID].state == "rejected"


@pytest.mark.parametrize("step", ["record", "record_mail"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_dying_on_the_way_the_next_delivery_carries_the_order_on(step: str, moment: Any) -> None:
    """R48."""
    inbox = OrderInbox()
    key = inbox.put("mail-1", mail(PDF))
    with pytest.raises(Died):
        replace(inbox.ingest, orders=interrupted(inbox.orders, **{moment: {step: dies}})).ingest(key, NOW)
    assert inbox.queues.orders == []
    (record,) = inbox.ingest.ingest(key, NOW)
    assert inbox.queues.orders == [ORDER_ID]
    assert inbox.orders.mails[record.id] == record
    assert inbox.notice_kinds() == []


def test_dying_before_a_reply_is_due_the_next_delivery_makes_it_due() -> None:
    inbox = OrderInbox()
    key = inbox.put("mail-1", mail())
    with pytest.raises(Died):
        replace(inbox.ingest, notices=interrupted(inbox.queues, before={"notice_due": dies})).ingest(key, NOW)
    inbox.ingest.ingest(key, NOW)
    assert inbox.notice_kinds() == ["order_incomplete"]


def test_two_copies_judged_at_once_make_one_order() -> None:
    """R11."""
    inbox = OrderInbox()
    key = inbox.put("mail-1", mail(PDF))
    at_once = interrupted(inbox.orders, before={"record": lambda: inbox.receive(key="mail-2")})
    replace(inbox.ingest, orders=at_once).ingest(key, NOW)
    inbox.credit_all()
    assert inbox.orders.mails[inbox.orders.known[ORDER_ID].mail_id].key == "mail-2"
    assert inbox.ledger.of_kind(UAI, "credit") == [(f"credit:{ORDER_ID}", 2_000)]


def test_the_sender_is_recorded_for_the_reply() -> None:
    inbox = OrderInbox()
    record = inbox.receive(mail())
    assert (record.sender, record.message_id, record.answerable) == (MANAGER, "<1@lycee.test>", True)
