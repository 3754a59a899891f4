"""Mails name what moved a deadline, and list accepted orders that are not credited (R9)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schoolsms.domain.orders.review.order_reasons import Reason
from schoolsms.domain.orders.review.working_time import DayOff
from tests.support.builders import ORDER_ID, UAI, order
from tests.unit.application.mails.test_notify_managers import ABOUT_MAIL, ABOUT_ORDER, MAIL, OPERATOR_EMAIL, PostOffice

OFF = (
    DayOff(date(2026, 12, 24), "fermeture de Kosmos"),
    DayOff(date(2026, 12, 25), "Noël"),
    DayOff(date(2026, 12, 28), "fermeture de Kosmos"),
    DayOff(date(2026, 12, 29), "fermeture de Kosmos"),
)
MOVED = {"deadline": datetime(2026, 12, 30, 9, 0, tzinfo=UTC), "days_off": OFF}
NAMED = (
    "Ne sont pas comptés dans ce délai\u00a0: le jeudi 24 décembre 2026 (fermeture de Kosmos), "
    "le vendredi 25 décembre 2026 (Noël), "
    "du lundi 28 décembre 2026 au mardi 29 décembre 2026 (fermeture de Kosmos)."
)


@pytest.mark.parametrize(
    ("kind", "about", "state"),
    [
        ("order_in_review", ABOUT_MAIL, "review"),
        ("order_already_received", ABOUT_MAIL, "review"),
        ("order_already_received", ABOUT_MAIL, "accepted"),
        ("order_to_review", ABOUT_MAIL, "review"),
        ("deadline_near", ABOUT_ORDER, "review"),
        ("deadline_past", ABOUT_ORDER, "review"),
        ("credit_near", ABOUT_ORDER, "accepted"),
        ("credit_past", ABOUT_ORDER, "accepted"),
    ],
)
def test_every_mail_that_gives_a_deadline_names_the_closures_and_holidays_that_moved_it(
    kind: str, about: dict[str, str], state: Any
) -> None:
    """R9."""
    office = PostOffice(order(state=state, **MOVED))
    office.use_case.notify(kind, about)
    (sent,) = office.mailer.sent
    assert NAMED in sent.text
    assert NAMED in sent.html
    assert "mercredi 30 décembre 2026" in sent.text


def test_a_school_that_attached_sound_to_its_order_reads_that_the_service_carries_text_alone() -> None:
    """R3."""
    office = PostOffice(order(state="review"), mail=replace(MAIL, reasons=(Reason("media-attached"),)))
    office.use_case.notify("order_in_review", ABOUT_MAIL)
    (sent,) = office.mailer.sent
    assert "Un son ou une vidéo était joint" in sent.text
    assert "texte seul" in sent.text


def test_a_mail_whose_deadline_nothing_moved_names_no_day_off() -> None:
    office = PostOffice(order(state="review"))
    office.use_case.notify("order_in_review", ABOUT_MAIL)
    assert "Ne sont pas comptés" not in office.mailer.sent[0].text


def test_a_mail_about_a_credited_order_names_no_day_off() -> None:
    office = PostOffice(order(state="credited", credited_at=MAIL.received_at, **MOVED))
    office.use_case.notify("order_already_received", ABOUT_MAIL)
    assert "Ne sont pas comptés" not in office.mailer.sent[0].text


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("credit_near", "Commande à créditer : échéance proche"),
        ("credit_past", "Commande à créditer : échéance dépassée"),
    ],
)
def test_the_operator_is_mailed_once_about_an_accepted_order_that_is_not_credited(kind: str, subject: str) -> None:
    """R9."""
    office = PostOffice(order(state="accepted"))
    for _ in range(2):
        office.use_case.notify(kind, ABOUT_ORDER)
    (sent,) = office.mailer.sent
    assert (sent.to, sent.subject) == ([OPERATOR_EMAIL], subject)
    for fact in (ORDER_ID, UAI, "mardi 24 novembre 2026 à 10\u00a0h\u00a000", "Le crédit est automatique"):
        assert fact in sent.text


@pytest.mark.parametrize("kind", ["credit_near", "credit_past"])
def test_a_credit_that_was_made_meanwhile_is_not_mailed_about(kind: str) -> None:
    office = PostOffice(replace(order(), state="credited"))
    assert office.use_case.notify(kind, ABOUT_ORDER) == 0
    assert office.mailer.sent == []
