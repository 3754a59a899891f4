"""A mail server that got no answer delivers the same mail again, and SES stores it under another key (R11, R48)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.domain.orders.orders import MailRecord
from tests.support.builders import NOW, ORDER_ID, PDF, UAI, mail, reading
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.papers.order_inbox import OrderInbox

RETRIED: dict[str, Any] = {"body_digest": "of the body"}
LATER = NOW + timedelta(minutes=5)


def retried(inbox: OrderInbox, *attachments: Any, **changes: Any) -> tuple[MailRecord, MailRecord]:
    """The same mail under two keys."""
    message = mail(*attachments, **(RETRIED | changes))
    return inbox.receive(message, key="mail-1"), inbox.receive(message, key="mail-2", at=LATER)


@pytest.mark.parametrize("attachments", [(), (PDF,)])
@pytest.mark.parametrize("changes", [{}, {"sender": "inconnu@lycee.test"}, {"dmarc": "fail"}])
def test_a_mail_delivered_again_under_another_key_is_one_mail(attachments: Any, changes: dict[str, Any]) -> None:
    inbox = OrderInbox()
    first, second = retried(inbox, *attachments, **changes)
    assert second == first
    assert list(inbox.orders.mails) == [first.id]
    assert len(inbox.orders.known) == 1
    assert len(set(map(str, inbox.queues.notices))) == len(set(inbox.notice_kinds()))


def test_its_clock_is_that_of_the_first_delivery() -> None:
    """R9."""
    inbox = OrderInbox()
    retried(inbox, PDF, sender="inconnu@lycee.test")
    order = inbox.orders.known[ORDER_ID]
    assert (order.state, order.received_at) == ("review", NOW)


def test_a_complete_form_delivered_again_is_credited_once_and_said_once() -> None:
    inbox = OrderInbox()
    retried(inbox, PDF)
    inbox.credit_all()
    assert inbox.ledger.of_kind(UAI, "credit") == [(f"credit:{ORDER_ID}", 2_000)]
    assert set(inbox.notice_kinds()) == {"credit_activated"}


@pytest.mark.parametrize(
    "changes",
    [
        {"message_id": "<another@lycee.test>"},
        {"body_digest": "of another body"},
        {"sender": "autre@lycee.test"},
        {"subject": "Relance"},
        {"problems": ("opaque-part",)},
        {"dkim": "fail"},
    ],
)
def test_a_mail_that_says_something_else_is_another(changes: dict[str, Any]) -> None:
    inbox = OrderInbox()
    inbox.documents.readings[PDF.content] = reading("absent")
    first = inbox.receive(mail(PDF, **RETRIED), key="mail-1")
    second = inbox.receive(mail(PDF, **(RETRIED | changes)), key="mail-2", at=LATER)
    assert second.id != first.id


def test_a_forged_copy_that_comes_first_keeps_nobody_s_mail_from_being_judged() -> None:
    """A reader of a mail can copy its Message-ID, but cannot send in its sender's name."""
    inbox = OrderInbox()
    forged = mail(PDF, spf="fail", dkim="fail", dmarc="fail", **RETRIED)
    assert inbox.receive(forged, key="mail-1").outcome == "review"
    assert inbox.receive(mail(PDF, **RETRIED), key="mail-2", at=LATER).outcome == "accepted"


def test_mails_without_message_id_are_mails_of_their_own() -> None:
    inbox = OrderInbox()
    first, second = retried(inbox, message_id="")
    assert first.id != second.id


def test_both_deliveries_at_once_make_one_mail() -> None:
    inbox = OrderInbox()
    message = mail(PDF, **RETRIED)
    inbox.put("mail-2", message)
    at_once = interrupted(inbox.orders, before={"first_delivery": lambda: inbox.ingest.ingest("mail-2", LATER)})
    replace(inbox.ingest, orders=at_once).ingest(inbox.put("mail-1", message), NOW)
    assert [record.key for record in inbox.orders.mails.values()] == ["mail-2"]
    inbox.credit_all()
    assert inbox.ledger.of_kind(UAI, "credit") == [(f"credit:{ORDER_ID}", 2_000)]


def test_a_death_at_the_first_delivery_is_made_good_by_the_second() -> None:
    inbox = OrderInbox()
    message = mail(PDF, **RETRIED)
    dying = replace(inbox.ingest, orders=interrupted(inbox.orders, after={"first_delivery": dies}))
    with pytest.raises(Died):
        dying.ingest(inbox.put("mail-1", message), NOW)
    assert inbox.receive(message, key="mail-2", at=LATER).outcome == "accepted"
    assert inbox.queues.orders == [ORDER_ID]
