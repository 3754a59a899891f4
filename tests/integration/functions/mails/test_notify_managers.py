"""Mails to schools, to who wrote and to the operator: each once, none to who must not be answered (R7, R10-R13)."""

import email
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from schoolsms.domain.orders.orders import MailRecord
from schoolsms.domain.orders.review.order_reasons import Reason
from tests.support.builders import MANAGER, NOW, ORDER_ID, SCHOOL, SECOND_MANAGER, order
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, failed, sqs
from tests.support.functions.log_privacy import Logs

FUNCTION = "notify_managers"
OPERATOR = "sms@kosmos.fr"


def arrived(cloud: Cloud, **changes: Any) -> None:
    """A manager's mail brought an order that wants its signature."""
    reasons = (Reason("signature-missing"),)
    record = MailRecord("MAIL1", "inbound/1", ORDER_ID, MANAGER, "<1@lycee.test>", NOW, "incomplete", reasons, True)
    cloud.orders.record(order(state="incomplete", reasons=reasons, read={"contact_name": "Marie Durand"}))
    cloud.orders.record_mail(replace(record, **changes))


def sent(cloud: Cloud) -> list[EmailMessage]:
    """The mails SES took, oldest first."""
    return [email.message_from_string(mail.raw_data, policy=default) for mail in cloud.mails_sent()]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_every_manager_is_mailed_about_a_credit(cloud: Cloud, school: str) -> None:
    cloud.orders.record(order(state="credited", credited_at=NOW))

    assert failed(cloud.invoke(FUNCTION, event(FUNCTION, "credit_activated"))) == []

    assert [mail["To"] for mail in sent(cloud)] == [MANAGER, SECOND_MANAGER]
    assert {mail["Subject"] for mail in sent(cloud)} == {"Crédit de SMS activé"}
    assert "2\u202f000" in text(sent(cloud)[0]) or "2\u00a0000" in text(sent(cloud)[0])


def test_a_notice_delivered_twice_is_sent_once(cloud: Cloud, school: str) -> None:
    cloud.orders.record(order(state="credited", credited_at=NOW))

    for _ in range(3):
        assert failed(cloud.invoke(FUNCTION, event(FUNCTION, "credit_activated"))) == []

    assert len(sent(cloud)) == 2


@pytest.mark.parametrize(
    ("case", "subject", "to"),
    [
        ("order_incomplete", "Bon de commande incomplet", MANAGER),
        ("order_in_review", "Bon de commande en cours d'examen", MANAGER),
        ("order_already_received", "Bon de commande déjà reçu", MANAGER),
        ("order_to_review", "Bon de commande à examiner", OPERATOR),
    ],
)
def test_who_gets_which_mail(cloud: Cloud, school: str, case: str, subject: str, to: str) -> None:
    arrived(cloud)

    assert failed(cloud.invoke(FUNCTION, event(FUNCTION, case))) == []

    (mail,) = sent(cloud)
    assert (mail["Subject"], mail["To"]) == (subject, to)
    assert mail["In-Reply-To"] == ("<1@lycee.test>" if to == MANAGER else None)


def test_a_reply_names_what_is_missing(cloud: Cloud, school: str) -> None:
    arrived(cloud)
    cloud.invoke(FUNCTION, event(FUNCTION, "order_incomplete"))

    assert "signature absente" in text(sent(cloud)[0])
    assert "commande-sms@skolengo.com" in text(sent(cloud)[0])


def test_the_operator_is_mailed_the_values_read(cloud: Cloud, school: str) -> None:
    arrived(cloud)
    cloud.invoke(FUNCTION, event(FUNCTION, "order_to_review"))

    assert "Marie Durand" in text(sent(cloud)[0])


@pytest.mark.parametrize("case", ["order_incomplete", "order_in_review"])
def test_a_sender_who_must_not_be_answered_is_not_and_the_school_is(cloud: Cloud, school: str, case: str) -> None:
    """R13: somebody may be writing in its name."""
    arrived(cloud, sender="pirate@spoofed.test", answerable=False)

    assert failed(cloud.invoke(FUNCTION, event(FUNCTION, case))) == []
    assert [mail["To"] for mail in sent(cloud)] == [MANAGER, SECOND_MANAGER]


def test_a_mail_of_nobody_without_school_is_answered_to_nobody(cloud: Cloud, logs: Logs) -> None:
    cloud.orders.record(order(id="M-MAIL1", school="", state="review"))
    arrived(cloud, order_id="M-MAIL1", sender="", message_id="", answerable=False)

    assert failed(cloud.invoke(FUNCTION, event(FUNCTION, "order_in_review"))) == []
    assert sent(cloud) == []
    assert logs.lines("notice sent")


def test_an_address_that_ses_never_takes_holds_up_no_other(cloud: Cloud, school: str, logs: Logs) -> None:
    managers = (replace(SCHOOL.managers[0], email="m\u00e9lanie@lycee.test"), SCHOOL.managers[1])
    logs.private.add("m\u00e9lanie@lycee.test")
    cloud.replace_school(replace(SCHOOL, managers=managers))
    cloud.orders.record(order(state="credited", credited_at=NOW))

    assert failed(cloud.invoke(FUNCTION, event(FUNCTION, "credit_activated"))) == []

    assert [mail["To"] for mail in sent(cloud)] == [SECOND_MANAGER]
    assert [line["refused_addresses"] for line in logs.lines("notice sent")] == [1]


def test_while_ses_does_not_send_a_notice_waits(cloud: Cloud, school: str) -> None:
    """R48: it is given again, and then to those who have not had it."""
    cloud.orders.record(order(state="credited", credited_at=NOW))
    with cloud.outage("sesv2"):
        assert len(failed(cloud.invoke(FUNCTION, event(FUNCTION, "credit_activated")))) == 1
    assert sent(cloud) == []

    cloud.clock.advance(timedelta(minutes=12))  # the time for which the queue hides it
    assert failed(cloud.invoke(FUNCTION, event(FUNCTION, "credit_activated"))) == []
    assert len(sent(cloud)) == 2


POISONS: list[Any] = [
    "",
    "null",
    "{",
    {},
    {"kind": "credit_activated"},
    {"kind": "credit_activated", "ids": {}},
    {"kind": "credit_activated", "ids": {"order_id": 5}},
    {"kind": "order_incomplete", "ids": {"order_id": ORDER_ID}},
    {"kind": "no_such_notice", "ids": {"mail_id": "MAIL1"}},
    {"kind": "order_incomplete", "ids": {"mail_id": "MAIL404"}},
    {"kind": "credit_activated", "ids": {"order_id": "BC404"}},
]


@pytest.mark.parametrize("poison", POISONS)
def test_only_the_poisoned_record_is_given_again(cloud: Cloud, school: str, poison: object) -> None:
    arrived(cloud)
    good = {"kind": "order_incomplete", "ids": {"mail_id": "MAIL1"}}

    assert failed(cloud.invoke(FUNCTION, sqs(FUNCTION, "order_incomplete", poison, good))) == ["message-0"]
    assert len(sent(cloud)) == 1


def test_a_line_break_in_what_was_read_makes_no_header(cloud: Cloud, school: str) -> None:
    arrived(cloud)
    odd = order(state="incomplete", read={"contact_name": "Marie\r\nBcc: tous@lycee.test\r\n\r\nBonjour"})
    cloud.orders.record(odd)

    cloud.invoke(FUNCTION, event(FUNCTION, "order_to_review"))

    (mail,) = sent(cloud)
    assert mail["Bcc"] is None
    assert "Marie Bcc: tous@lycee.test" in text(mail)
