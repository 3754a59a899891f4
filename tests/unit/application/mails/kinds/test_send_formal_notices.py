"""Mails about a formal notice (§6)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.decisions.formal_notices import FormalNotice
from tests.fakes.core import FakeSchools
from tests.support.builders import MANAGER, NOW, SCHOOL, SECOND_MANAGER, UAI
from tests.unit.application.mails.test_notify_managers import PostOffice

NOTICE = FormalNotice(4, "Envois publicitaires\nle 20 novembre", date(2026, 12, 15), NOW)


class Desk:
    def __init__(self, notice: FormalNotice | None = NOTICE) -> None:
        office = PostOffice()
        self.mailer = office.mailer
        self._notifying = replace(office.use_case, schools=FakeSchools(replace(SCHOOL, formal_notice=notice)))

    def mail(self, kind: str, number: int) -> int:
        return self._notifying.notify(kind, {"school": UAI, "number": str(number)})


def test_a_formal_notice_is_mailed_to_every_manager_with_facts_date_deadline_and_how_to_answer() -> None:
    desk = Desk()
    assert desk.mail("formal_notice", 4) == 0

    assert [mail.to for mail in desk.mailer.sent] == [[MANAGER], [SECOND_MANAGER]]
    mail = desk.mailer.sent[0]
    assert mail.subject == "Mise en demeure : utilisation du service de SMS"
    for fact in (
        "Envois publicitaires le 20 novembre",
        "lundi 23 novembre 2026 à 10\u00a0h\u00a000 (heure de Paris)",
        "mardi 15 décembre 2026",
        "Répondez par courriel à sms@kosmos.test",
        "L’envoi de SMS reste possible.",
    ):
        assert fact in mail.text


def test_a_formal_notice_asked_for_twice_is_mailed_once() -> None:
    desk = Desk()
    for _ in range(2):
        desk.mail("formal_notice", 4)
    assert len(desk.mailer.sent) == 2


def test_the_lifting_of_a_formal_notice_is_mailed_with_its_reason() -> None:
    desk = Desk(NOTICE.lifted("Mesures suffisantes", NOW + timedelta(days=1)))
    desk.mail("formal_notice_lifted", 4)

    mail = desk.mailer.sent[0]
    assert mail.subject == "Mise en demeure levée"
    assert "Mesures suffisantes" in mail.text
    assert "lundi 23 novembre 2026 à 10\u00a0h\u00a000 (heure de Paris) est levée" in mail.text


def test_a_formal_notice_that_a_later_one_replaced_is_not_mailed() -> None:
    desk = Desk()
    assert desk.mail("formal_notice", 2) == 0
    assert desk.mailer.sent == []


def test_a_formal_notice_is_not_mailed_any_more_once_it_was_lifted() -> None:
    """SES may hold a mail up for hours."""
    desk = Desk(NOTICE.lifted("Mesures suffisantes", NOW + timedelta(days=1)))
    assert desk.mail("formal_notice", 4) == 0
    assert desk.mailer.sent == []


def test_a_lifting_that_is_not_written_yet_is_tried_again() -> None:
    with pytest.raises(TransientError):
        Desk().mail("formal_notice_lifted", 4)


def test_a_formal_notice_that_is_not_written_yet_is_tried_again() -> None:
    with pytest.raises(TransientError):
        Desk(None).mail("formal_notice", 1)
