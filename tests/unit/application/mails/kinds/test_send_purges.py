"""R37, R38: the certificate goes to every manager, in French, on the school's own clock."""

from dataclasses import replace

import pytest

from schoolsms.domain.errors import TransientError
from tests.support.builders import MANAGER, SCHOOL, SECOND_MANAGER, UAI
from tests.support.sending import phones
from tests.support.worlds.school_year_world import PURGED_AT, YEAR, Year


def test_the_certificate_is_mailed_to_every_manager_with_its_counts_and_digest() -> None:
    year = Year()
    year.delivered(*phones(3))
    certificate = year.purge()
    assert year.mails() == ["Purge de l'historique des SMS 2026-2027 : certificat"]
    assert [mail.to for mail in year.mailer.sent] == [[MANAGER], [SECOND_MANAGER]]
    text = year.mailer.sent[0].text
    for fact in (
        "du mardi 1er septembre 2026 au mardi 31 août 2027",
        "Messages supprimés\u00a0: 3",
        "dont «\u00a0Reçu\u00a0»\u00a0: 3",
        "SMS décomptés\u00a0: 3",
        "Messages restants\u00a0: 0",
        "Certifiée le\u00a0: mercredi 1er septembre 2027 à 1\u00a0h\u00a000",
        certificate.digest,
        SCHOOL.name,
    ):
        assert fact in text
    assert "Sans nouvelles" not in text


def test_a_certificate_that_is_not_there_yet_is_asked_for_again() -> None:
    year = Year()
    with pytest.raises(TransientError):
        year.notifying.notify("history_purged", {"school": UAI, "school_year": YEAR})


def test_an_announcement_of_another_day_than_the_calendar_has_now_is_not_mailed() -> None:
    year = Year()
    ids = {"school": UAI, "school_year": YEAR, "end": "2027-09-06", "days": "30"}
    assert year.notifying.notify("purge_ahead", ids) == 0
    assert year.mailer.sent == []


def test_the_certificate_tells_the_time_of_the_school() -> None:
    year = Year(replace(SCHOOL, calendar="martinique"))
    year.delivered()
    year.clock.time = PURGED_AT.replace(hour=12)
    year.clock.time = year.clock.time.replace(month=9, day=1)
    year.purge()
    year.mails()
    assert "Certifiée le\u00a0: mercredi 1er septembre 2027 à 8\u00a0h\u00a000" in year.mailer.sent[0].text
