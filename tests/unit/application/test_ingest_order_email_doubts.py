"""Who mails a form, whether the school may order, and what happens when a form or a mail comes again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schoolsms.domain.order_forms import FormIdentity
from schoolsms.domain.schools import School
from tests.builders import MANAGER, NOW, ORDER_ID, OTHER_UAI, PDF, SCHOOL, UAI, mail, reading
from tests.interruptions import Died, dies, interrupted
from tests.order_inbox import OrderInbox

SPOOFED: dict[str, Any] = {"spf": "fail", "dkim": "fail", "dmarc": "fail"}

# ------------------------------------------------------------------ who mails it (R13)


@pytest.mark.parametrize(
    "verdicts",
    [
        SPOOFED,
        {"dmarc": "fail"},
        {"spf": "none", "dkim": "none", "dmarc": "none"},
        {"spf": "fail", "dkim": "none"},
        {"virus": "fail"},
        {"spam": "fail"},
    ],
)
def test_a_spoofed_mail_is_reviewed_and_never_answered(verdicts: dict[str, Any]) -> None:
    """R13."""
    inbox = OrderInbox()
    record = inbox.receive(mail(PDF, **verdicts))
    assert (record.outcome, record.answerable) == ("review", False)
    assert "mail-verdict-failed" in inbox.codes(record)
    assert inbox.queues.orders == []


@pytest.mark.parametrize(
    "verdicts",
    [{"spf": "pass", "dkim": "none"}, {"spf": "fail", "dkim": "pass"}, {"spam": "none"}, {"dmarc": "none"}],
)
def test_a_mail_that_something_vouches_for_is_accepted(verdicts: dict[str, Any]) -> None:
    """A forwarded mail breaks SPF, a mail of a domain without DMARC has no such verdict."""
    assert OrderInbox().receive(mail(PDF, **verdicts)).outcome == "accepted"


def test_a_spoofed_and_incomplete_form_is_reviewed_not_answered() -> None:
    inbox = OrderInbox()
    record = inbox.receive_form(reading("absent"), mail(PDF, **SPOOFED))
    assert (record.outcome, record.answerable) == ("review", False)
    assert "order_incomplete" not in inbox.told()


def test_a_stranger_with_a_form_of_the_school_is_reviewed() -> None:
    """R13."""
    inbox = OrderInbox()
    record = inbox.receive_form(reading(contact_email="x@ailleurs.test"), mail(PDF, sender="x@ailleurs.test"))
    assert (record.outcome, list(inbox.codes(record))) == ("review", ["sender-unknown"])


def test_the_contact_on_the_form_vouches_for_nobody() -> None:
    """R13: it is prefilled with a manager's address, so that it says nothing of who mails the form."""
    inbox = OrderInbox()
    record = inbox.receive(mail(PDF, sender="secretariat@lycee.test"))
    assert (record.outcome, list(inbox.codes(record))) == ("review", ["sender-unknown"])
    assert inbox.queues.orders == []


@pytest.mark.parametrize(
    ("registered", "sender"),
    [
        ("secretariat@lycee.test", "secretariat@lycee.test"),
        ("Secretariat@Lycee.test", "secretariat@lycee.test"),
        ("ce.0750655E@ac-paris.test", "ce.0750655e@ac-paris.test"),
        ("ce.<uai>@ac-paris.test", "ce.0750655e@ac-paris.test"),
    ],
)
def test_an_address_registered_for_the_school_may_order(registered: str, sender: str) -> None:
    """R13."""
    school = replace(SCHOOL, order_senders=(registered,))
    assert OrderInbox(school).receive(mail(PDF, sender=sender)).outcome == "accepted"


@pytest.mark.parametrize(
    "sender",
    [
        "ce.0750654d@ac-paris.test",
        "ce.0750655e@ac-lyon.test",
        "ce.0750655e@sub.ac-paris.test",
        "ce.<uai>@ac-paris.test",
        "xce.0750655e@ac-paris.test",
        "ce.0750655\u212f@ac-paris.test",
    ],
)
def test_the_institutional_pattern_is_this_school_s_one_address(sender: str) -> None:
    """R13."""
    school = replace(SCHOOL, order_senders=("ce.<uai>@ac-paris.test",))
    assert OrderInbox(school).receive(mail(PDF, sender=sender)).outcome == "review"


def test_a_manager_may_mail_what_somebody_else_is_the_contact_of() -> None:
    assert OrderInbox().receive_form(reading(contact_email="intendance@lycee.test")).outcome == "accepted"


def test_a_mail_of_no_one_sender_is_reviewed_and_cannot_be_answered() -> None:
    inbox = OrderInbox()
    record = inbox.receive(mail(PDF, sender=""))
    assert (record.outcome, record.answerable) == ("review", False)
    assert list(inbox.codes(record)) == ["sender-unreadable"]


@pytest.mark.parametrize("verdicts", [SPOOFED, {"spam": "fail"}, {"virus": "fail"}])
def test_spam_without_a_form_is_rejected_and_nobody_is_written_to(verdicts: dict[str, Any]) -> None:
    inbox = OrderInbox()
    record = inbox.receive(mail(**verdicts))
    assert record.outcome == "rejected"
    assert inbox.told() == []
    assert inbox.orders.known[record.order_id].state == "rejected"


def test_a_machine_s_mail_is_never_answered() -> None:
    """Else two machines would write to each other for ever."""
    inbox = OrderInbox()
    record = inbox.receive(mail(automatic=True))
    assert (record.outcome, record.answerable, inbox.told()) == ("rejected", False, [])
    assert list(inbox.codes(record)) == ["automatic-mail"]


HIDING: list[dict[str, Any]] = [
    {"problems": ("other-attachment",), "unread": ("photo HEIC",)},
    {"problems": ("opaque-part",)},
    {"problems": ("headers-malformed",)},
    {"problems": ("too-many-parts",)},
]


@pytest.mark.parametrize("hiding", HIDING)
@pytest.mark.parametrize("sent", [{"sender": "", **SPOOFED}, SPOOFED, {"automatic": True}])
def test_what_may_hide_a_form_is_never_dropped(hiding: dict[str, Any], sent: dict[str, Any]) -> None:
    """R48: it is no order only when all of it was read."""
    inbox = OrderInbox()
    record = inbox.receive(mail(**hiding, **sent))
    assert (record.outcome, record.answerable) == ("review", False)
    assert inbox.told() == ["order_in_review", "order_to_review"]


def test_a_mail_whose_sender_cannot_be_read_goes_to_a_person_even_without_a_form() -> None:
    """Nobody could be told that the form lacks."""
    inbox = OrderInbox()
    record = inbox.receive(mail(sender="", spf="none", dkim="none", dmarc="none"))
    assert (record.outcome, list(inbox.codes(record))) == ("review", ["sender-unreadable"])


def test_a_sender_to_whom_no_reply_can_go_is_not_left_without_one() -> None:
    """SMTPUTF8 addresses are read, but SES takes none to write to."""
    inbox = OrderInbox()
    record = inbox.receive(mail(sender="\u00e9lise@lycee.test"))
    assert (record.outcome, record.answerable) == ("review", False)
    assert inbox.told() == ["order_in_review", "order_to_review"]


@pytest.mark.parametrize(("way", "outcome"), [("scanned", "review"), ("unreadable", "review"), ("foreign", "rejected")])
def test_spam_is_dropped_unless_it_may_be_a_form(way: Any, outcome: str) -> None:
    inbox = OrderInbox()
    scan = inbox.document(b"\x89PNG" + bytes(60_000), FormIdentity(way))
    assert inbox.receive(mail(scan, spam="fail")).outcome == outcome


def test_an_order_that_a_machine_forwards_is_taken_but_not_answered() -> None:
    record = OrderInbox().receive(mail(PDF, automatic=True))
    assert (record.outcome, record.answerable) == ("accepted", False)


# ------------------------------------------------------------------ whether the school may order


@pytest.mark.parametrize(
    "school",
    [
        replace(SCHOOL, state="terminated"),
        replace(SCHOOL, subscription_end=date(2026, 11, 22)),
        replace(SCHOOL, uai=OTHER_UAI),
    ],
)
def test_a_closed_or_unknown_school_s_order_goes_to_a_person(school: School) -> None:
    """R1, R27."""
    record = OrderInbox(school).receive()
    assert record.outcome == "review"
    assert "school-closed" in {reason.code for reason in record.reasons}


def test_on_the_last_day_of_the_subscription_an_order_is_accepted() -> None:
    school = replace(SCHOOL, subscription_end=date(2026, 11, 23))
    assert OrderInbox(school).receive(at=datetime(2026, 11, 23, 22, 59, tzinfo=UTC)).outcome == "accepted"


def test_a_form_of_last_school_year_goes_to_a_person() -> None:
    """R4: a form makes a contract for its own school year."""
    inbox = OrderInbox(replace(SCHOOL, subscription_end=date(2028, 8, 31)))
    record = inbox.receive(at=datetime(2027, 9, 1, 8, 0, tzinfo=UTC))
    assert (record.outcome, list(inbox.codes(record))) == ("review", ["form-expired"])


# ------------------------------------------------------------------ again and again (R11, R48)


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
    assert set(inbox.told()) == {"credit_activated"}


def test_a_mended_form_becomes_an_order() -> None:
    """R7: its deadline runs from the complete form."""
    inbox = OrderInbox()
    inbox.receive_form(reading("absent"), key="mail-1")
    inbox.documents.readings.clear()
    later = NOW + timedelta(hours=3)
    mended = inbox.document(b"%PDF mended", FormIdentity("filled", ORDER_ID, UAI), reading())
    record = inbox.receive(mail(mended), key="mail-2", at=later)
    assert record.outcome == "accepted"
    assert inbox.orders.known[ORDER_ID].received_at == later
    assert inbox.queues.orders == [ORDER_ID]


def test_an_incomplete_form_after_a_complete_one_changes_nothing() -> None:
    """R8: a complete order is firm."""
    inbox = OrderInbox()
    inbox.receive(key="mail-1")
    inbox.receive_form(reading("absent"), key="mail-2")
    assert inbox.orders.known[ORDER_ID].state == "accepted"
    assert "order_incomplete" not in inbox.told()


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
    assert inbox.told() == []


def test_dying_before_a_reply_is_due_the_next_delivery_makes_it_due() -> None:
    inbox = OrderInbox()
    key = inbox.put("mail-1", mail())
    with pytest.raises(Died):
        replace(inbox.ingest, notices=interrupted(inbox.queues, before={"notice_due": dies})).ingest(key, NOW)
    inbox.ingest.ingest(key, NOW)
    assert inbox.told() == ["order_incomplete"]


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
