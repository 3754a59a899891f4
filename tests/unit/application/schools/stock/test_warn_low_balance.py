"""R15: each crossing mails every manager once, despite races, deaths and repeated events."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schoolsms.application.schools.stock.warn_low_balance import WarnLowBalance
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.sending.send_requests import SendRequest
from tests.fakes.core import FakeMailer, FakeNotices
from tests.support.builders import MANAGER, NOW, SCHOOL, SECOND_MANAGER, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, phones
from tests.support.worlds.mailing import mailing


class Watched(Sending):
    """A school with a low level of 100 SMS; `heard` works off the stream and the queue of notices."""

    def __init__(self, stock: int, threshold: int = 100) -> None:
        super().__init__(replace(SCHOOL, low_balance_threshold=threshold), stock)
        self.mailer, self.notices = FakeMailer(), FakeNotices()
        self.warning = WarnLowBalance(self.requests, self.schools, self.ledger, self.queues)
        self.notifying = mailing(self.schools, self.ledger, self.notices, self.mailer, self.clock)

    def spent(self, sms: int) -> SendRequest:
        self.clock.advance(timedelta(minutes=15))  # the same texts again
        return self.accepted(*phones(sms))

    def heard(self, *requests: SendRequest) -> list[str]:
        """Addresses mailed once these requests have passed through the stream."""
        before = len(self.mailer.sent)
        for request in requests:
            self.warning.warn(request.id)
        while self.queues.notices:
            self.notifying.notify(*self.queues.notices.pop(0))
        return [address for mail in self.mailer.sent[before:] for address in mail.to]

    def dies_after_the_first_mail(self, request: SendRequest) -> None:
        """Mail one manager of the notice of a debit, and die; the notice may then be claimed again."""
        self.warning.warn(request.id)
        ((kind, ids),) = self.queues.notices
        dying = replace(self.notifying, mailer=interrupted(self.mailer, after={"send": dies}))
        with pytest.raises(Died):
            dying.notify(kind, ids)
        self.clock.advance(FakeNotices.LEASE + timedelta(seconds=1))


LOW, USED_UP = "Stock de SMS : niveau bas", "Stock de SMS épuisé"


def test_every_manager_is_mailed_when_the_balance_reaches_the_low_level_not_when_it_passes_it() -> None:
    school = Watched(105)
    assert school.heard(school.spent(4)) == []
    assert school.heard(school.spent(1)) == [MANAGER, SECOND_MANAGER]
    assert school.heard(school.spent(1)) == []
    mail = school.mailer.sent[0]
    assert mail.subject == LOW
    assert "Solde\u00a0: 100\u00a0SMS" in mail.text
    assert "Niveau bas\u00a0: 100\u00a0SMS" in mail.text
    assert "commande-sms@skolengo.test" in mail.text


@pytest.mark.parametrize(
    ("stock", "threshold", "debits", "subjects"),
    [
        (102, 100, (1,), []),
        (101, 100, (1,), [LOW]),
        (101, 100, (1, 1), [LOW]),  # 100 to 99 is no second crossing
        (150, 100, (51,), [LOW]),
        (100, 100, (1,), []),  # what was credited never was above the level
        (101, 100, (1, 99), [LOW]),
        (101, 100, (1, 99, 1), [LOW, USED_UP]),
        (150, 100, (150,), [USED_UP]),  # one debit does both: one mail, that nothing is left
        (3, 0, (2,), []),
        (3, 0, (2, 1), [USED_UP]),
        (2, 1, (1, 1), [LOW, USED_UP]),
    ],
)
def test_the_low_level_and_the_end_of_the_stock_are_mailed_once_each(
    stock: int, threshold: int, debits: tuple[int, ...], subjects: list[str]
) -> None:
    school = Watched(stock, threshold)
    school.heard(*map(school.spent, debits))
    assert [mail.subject for mail in school.mailer.sent if mail.to == [MANAGER]] == subjects


def test_a_used_up_stock_is_mailed_once_a_credit_whatever_is_released() -> None:
    school = Watched(5, threshold=0)
    request = school.spent(5)
    assert school.heard(request) == [MANAGER, SECOND_MANAGER]
    school.ledger.post(UAI, ledger.release(f"{request.id}-0", 1, NOW))
    assert school.heard(school.spent(1)) == []
    school.ledger.give(UAI, 2, NOW)
    assert school.heard(school.spent(2)) == [MANAGER, SECOND_MANAGER]
    assert {mail.subject for mail in school.mailer.sent} == {USED_UP}


def test_what_a_mail_said_of_an_empty_stock_is_not_said_again_as_a_low_level() -> None:
    """R15: after the mail that nothing is left, only a credit makes the low level worth another."""
    school = Watched(150)
    request = school.spent(150)
    assert school.heard(request) == [MANAGER, SECOND_MANAGER]
    school.ledger.post(UAI, ledger.release_request(request.id, 120, NOW))
    assert school.heard(school.spent(20)) == []


def test_dying_between_the_mail_that_nothing_is_left_and_what_it_spares_sends_neither_twice() -> None:
    school = Watched(150)
    request = school.spent(150)
    school.dies_after_the_first_mail(request)
    assert school.heard()[-1:] == [SECOND_MANAGER]
    school.ledger.post(UAI, ledger.release_request(request.id, 120, NOW))
    assert school.heard(school.spent(20)) == []


def test_of_requests_accepted_at_once_one_crosses_whichever_the_stream_tells_first() -> None:
    school = Watched(106)
    first, second, third = school.spent(3), school.spent(3), school.spent(3)
    assert school.heard(third, first, second) == [MANAGER, SECOND_MANAGER]
    assert school.balance() == 97


def test_a_notice_queued_twice_is_mailed_once() -> None:
    school = Watched(101)
    request = school.spent(1)
    assert school.heard(request, request) == [MANAGER, SECOND_MANAGER]
    assert school.heard(request) == []


def test_a_release_that_lifts_the_balance_is_no_new_credit() -> None:
    school = Watched(101)
    request = school.spent(1)
    school.heard(request)
    school.ledger.post(UAI, ledger.release(f"{request.id}-0", 1, NOW))
    assert school.balance() == 101
    assert school.heard(school.spent(1)) == []


def test_after_a_credit_that_lifted_it_a_crossing_is_mailed_again() -> None:
    school = Watched(101)
    school.heard(school.spent(2))
    school.ledger.give(UAI, 1, NOW)
    assert school.heard(school.spent(1)) == []  # that credit did not lift it
    school.ledger.give(UAI, 50, NOW)
    assert school.heard(school.spent(49)) == [MANAGER, SECOND_MANAGER]


def test_dying_before_or_after_the_notice_is_queued_it_is_mailed_once() -> None:
    school = Watched(101)
    request = school.spent(1)
    for when in ({"before": {"notice_due": dies}}, {"after": {"notice_due": dies}}):
        with pytest.raises(Died):
            replace(school.warning, notices=interrupted(school.queues, **when)).warn(request.id)
    assert school.heard(request) == [MANAGER, SECOND_MANAGER]


def test_dying_between_two_managers_the_other_is_mailed_and_none_twice() -> None:
    school = Watched(101)
    school.dies_after_the_first_mail(school.spent(1))
    assert school.heard()[-1:] == [SECOND_MANAGER]


@pytest.mark.parametrize("request_id", ["NONE", ""])
def test_a_request_that_is_gone_is_let_go(request_id: str) -> None:
    """A failure would delay every request behind it in the stream."""
    assert not Watched(101).warning.warn(request_id)


def test_a_request_that_costs_nothing_crosses_nothing() -> None:
    school = Watched(101)
    assert school.heard(school.accepted("+33639980001")) == []
