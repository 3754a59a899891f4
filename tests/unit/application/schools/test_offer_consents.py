"""A school that leaves is offered its proofs of consent by mail, once for each end of its subscription (§8, R44)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.builders import MANAGER, SCHOOL, SECOND_MANAGER, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.worlds.subscription_world import ENDED, Ending

THIRTY_DAYS_BEFORE = datetime(2027, 7, 31, 22, tzinfo=UTC)
"""Midnight in Paris: 1 August."""


@pytest.mark.parametrize("stock", [0, 200])
def test_the_proofs_are_offered_once_thirty_days_before_the_end_whatever_is_left(stock: int) -> None:
    school = Ending(at=THIRTY_DAYS_BEFORE - timedelta(seconds=1), stock=stock)
    school.run()
    assert school.offers == []
    for days in (0, 1, 23, 31, 400):
        school.run(THIRTY_DAYS_BEFORE + timedelta(days=days))
    assert [mail.to for mail in school.offers] == [[MANAGER], [SECOND_MANAGER]]
    for said in ("mardi 31 août 2027", "retraits", "article 8", "sms@kosmos.test"):
        assert said in school.offers[0].text
        assert said in school.offers[0].html


def test_a_school_whose_end_was_set_in_the_past_is_offered_them_too() -> None:
    school = Ending(at=ENDED + timedelta(days=3))
    school.run()
    assert [mail.to for mail in school.offers] == [[MANAGER], [SECOND_MANAGER]]


def test_another_end_is_another_offer() -> None:
    school = Ending(at=THIRTY_DAYS_BEFORE)
    school.run()
    school.change(subscription_end=date(2028, 8, 31))
    school.run(ENDED)
    assert [mail.to for mail in school.offers] == [[MANAGER], [SECOND_MANAGER]]
    school.run(datetime(2028, 8, 2, tzinfo=UTC))
    assert len(school.offers) == 4


def test_a_subscription_prolonged_before_the_mail_went_out_offers_nothing() -> None:
    school = Ending(at=THIRTY_DAYS_BEFORE)
    school.use_case.run()
    school.change(subscription_end=date(2028, 8, 31))
    school.mails()
    assert school.offers == []


def test_dying_after_the_offer_was_queued_it_is_mailed_once() -> None:
    """R48."""
    school = Ending(at=THIRTY_DAYS_BEFORE)
    whole = school.use_case
    school.use_case = replace(whole, ends=interrupted(whole.ends, before={"consents_offered": dies}))
    with pytest.raises(Died):
        school.run()
    school.use_case = whole
    school.run()
    assert [mail.to for mail in school.offers] == [[MANAGER], [SECOND_MANAGER]]


def test_a_terminated_school_is_offered_them_at_once() -> None:
    school = Ending(SCHOOL.terminated(ENDED), at=ENDED)
    school.notifying.notify("consents_offered", {"school": UAI})
    assert "est résilié" in school.mailer.sent[0].text
    school.notifying.notify("consents_offered", {"school": UAI})
    assert len(school.mailer.sent) == 2
