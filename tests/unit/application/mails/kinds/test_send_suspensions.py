"""Managers read of a suspension, its end and a termination, with the reason (R27)."""

from dataclasses import replace

import pytest

from schoolsms.application.schools.decisions.suspend_school import SuspendSchool
from schoolsms.domain.errors import TransientError
from tests.support.builders import MANAGER, OPERATOR, SECOND_MANAGER, UAI
from tests.support.worlds.decision_desk import ActDesk
from tests.unit.application.mails.test_notify_managers import PostOffice


class Desk:
    """Acts done at a desk, and their mails sent."""

    def __init__(self) -> None:
        self.acts, self.office = ActDesk(), PostOffice()
        self.suspending = SuspendSchool(self.acts.act, self.acts.queues)
        self._notifying = replace(self.office.use_case, schools=self.acts.schools, acts=self.acts.recorded)

    def send_mails(self) -> list[tuple[str, str]]:
        for kind, ids in self.acts.queues.notices:
            if kind != "consents_offered":
                self._notifying.notify(kind, ids)
        return [(mail.to[0], mail.subject) for mail in self.office.mailer.sent]


def test_a_suspension_and_its_end_are_mailed_to_every_manager_with_their_reasons() -> None:
    desk = Desk()
    desk.suspending.suspend(OPERATOR, UAI, "Envois publicitaires")
    desk.suspending.end_suspension(OPERATOR, UAI, "Promesse de cesser")

    assert desk.send_mails() == [
        *((to, "Envoi de SMS suspendu") for to in (MANAGER, SECOND_MANAGER)),
        *((to, "Envoi de SMS rétabli") for to in (MANAGER, SECOND_MANAGER)),
    ]
    first, _, last, _ = desk.office.mailer.sent
    assert "Motif\u00a0: Envois publicitaires" in first.text
    assert "Motif\u00a0: Promesse de cesser" in last.text


def test_a_termination_is_mailed_with_its_reason() -> None:
    desk = Desk()
    desk.suspending.terminate(OPERATOR, UAI, "Récidive")

    assert desk.send_mails() == [(to, "Service de SMS résilié") for to in (MANAGER, SECOND_MANAGER)]
    assert "Motif\u00a0: Récidive" in desk.office.mailer.sent[0].text


def test_an_act_repeated_after_a_crash_is_mailed_once_and_the_next_suspension_again() -> None:
    desk = Desk()
    for _ in range(2):
        desk.suspending.suspend(OPERATOR, UAI, "Envois publicitaires")
    assert len(desk.send_mails()) == 2
    desk.suspending.end_suspension(OPERATOR, UAI, "Promesse")
    desk.suspending.suspend(OPERATOR, UAI, "Récidive")
    assert [subject for _, subject in desk.send_mails()[::2]] == [
        "Envoi de SMS suspendu",
        "Envoi de SMS rétabli",
        "Envoi de SMS suspendu",
    ]


def test_the_end_of_a_suspension_that_never_was_is_mailed_to_nobody() -> None:
    desk = Desk()
    desk.suspending.end_suspension(OPERATOR, UAI, "Erreur")
    assert desk.send_mails() == []


def test_a_mail_about_an_act_that_is_not_seen_yet_is_tried_again() -> None:
    with pytest.raises(TransientError):
        PostOffice().use_case.notify("school_suspended", {"school": UAI, "number": "1"})
