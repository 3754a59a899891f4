"""Doubts about a form's sender, or about the school's right to order, go to a person."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schoolsms.domain.orders.forms.order_forms import FormIdentity
from schoolsms.domain.schools.schools import School
from tests.support.builders import OTHER_UAI, PDF, SCHOOL, mail, reading
from tests.support.papers.order_inbox import OrderInbox

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
    assert "order_incomplete" not in inbox.notice_kinds()


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
        ("gestion@collège.test", "gestion@xn--collge-6ua.test"),
        ("gestion@xn--collge-6ua.test", "gestion@collège.test"),
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
    assert inbox.notice_kinds() == []
    assert inbox.orders.known[record.order_id].state == "rejected"


def test_a_machine_s_mail_is_never_answered() -> None:
    """Else two machines would write to each other for ever."""
    inbox = OrderInbox()
    record = inbox.receive(mail(automatic=True))
    assert (record.outcome, record.answerable, inbox.notice_kinds()) == ("rejected", False, [])
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
    assert inbox.notice_kinds() == ["order_in_review", "order_to_review"]


def test_a_mail_whose_sender_cannot_be_read_goes_to_a_person_even_without_a_form() -> None:
    """Nobody could be mailed that the form is missing."""
    inbox = OrderInbox()
    record = inbox.receive(mail(sender="", spf="none", dkim="none", dmarc="none"))
    assert (record.outcome, list(inbox.codes(record))) == ("review", ["sender-unreadable"])


def test_a_sender_to_whom_no_reply_can_go_is_not_left_without_one() -> None:
    """SMTPUTF8 addresses are read, but SES takes none to write to."""
    inbox = OrderInbox()
    record = inbox.receive(mail(sender="\u00e9lise@lycee.test"))
    assert (record.outcome, record.answerable) == ("review", False)
    assert inbox.notice_kinds() == ["order_in_review", "order_to_review"]


@pytest.mark.parametrize(("way", "outcome"), [("scanned", "review"), ("unreadable", "review"), ("foreign", "rejected")])
def test_spam_is_dropped_unless_it_may_be_a_form(way: Any, outcome: str) -> None:
    inbox = OrderInbox()
    scan = inbox.document(b"\x89PNG" + bytes(60_000), FormIdentity(way))
    assert inbox.receive(mail(scan, spam="fail")).outcome == outcome


def test_what_else_in_a_mail_was_not_seen_is_named_beside_a_document_that_is_no_form() -> None:
    inbox = OrderInbox()
    letter = inbox.document(b"%PDF letter", FormIdentity("foreign"))
    record = inbox.receive(mail(letter, problems=("opaque-part",)))
    assert (record.outcome, list(inbox.codes(record))) == ("review", ["form-unknown", "mail-unreadable"])


def test_an_order_that_a_machine_forwards_is_taken_but_not_answered() -> None:
    record = OrderInbox().receive(mail(PDF, automatic=True))
    assert (record.outcome, record.answerable) == ("accepted", False)


def test_a_form_that_a_manager_s_mailbox_returns_by_itself_goes_to_a_person() -> None:
    """A mail to a manager that asks for a receipt at the order inbox comes back in the manager's name."""
    inbox = OrderInbox()
    record = inbox.receive(mail(PDF, automatic=True, automatic_answer=True))
    assert (record.outcome, list(inbox.codes(record))) == ("review", ["automatic-answer"])
    assert inbox.queues.orders == []


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
