"""R15: one mail to every manager a crossing, whoever sends at once, dies or is told twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schoolsms.application.mails.notify_managers import NotifyManagers
from schoolsms.application.mails.send_invoices import MailInvoices
from schoolsms.application.schools.warn_low_balance import WarnLowBalance
from schoolsms.domain.schools import ledger
from schoolsms.domain.sending.send_requests import SendRequest
from tests.fakes.core import FakeMailer, FakeNotices
from tests.fakes.invoices import FakeInvoices, FakePapers
from tests.fakes.orders import FakeOrders
from tests.fakes.purges import FakePurges
from tests.support.builders import MANAGER, NOW, SCHOOL, SECOND_MANAGER, UAI
from tests.support.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, phones


class Watched(Sending):
    """A school with a low level of 100 SMS; `heard` works off the stream and the queue of notices."""

    def __init__(self, stock: int, threshold: int = 100) -> None:
        super().__init__(replace(SCHOOL, low_balance_threshold=threshold), stock)
        self.mailer, self.told = FakeMailer(), FakeNotices()
        self.warning = WarnLowBalance(self.requests, self.schools, self.ledger, self.queues)
        self.notifying = NotifyManagers(
            orders=FakeOrders(),
            schools=self.schools,
            ledger=self.ledger,
            notices=self.told,
            mailer=self.mailer,
            invoice_mails=MailInvoices(FakeInvoices(), FakePapers(), self.schools, self.told, self.mailer, self.clock),
            purges=FakePurges(),
            clock=self.clock,
            order_inbox="commande-sms@skolengo.test",
            operator_email="sms@kosmos.test",
        )

    def spent(self, sms: int) -> SendRequest:
        self.clock.advance(timedelta(minutes=15))  # the same texts again
        return self.accepted(*phones(sms))

    def heard(self, *requests: SendRequest) -> list[str]:
        """Who was mailed, once the stream told of these requests."""
        before = len(self.mailer.sent)
        for request in requests:
            self.warning.warn(request.id)
        while self.queues.notices:
            self.notifying.notify(*self.queues.notices.pop(0))
        return [address for mail in self.mailer.sent[before:] for address in mail.to]


def test_every_manager_is_told_when_the_balance_crosses_the_low_level() -> None:
    school = Watched(105)
    assert school.heard(school.spent(5)) == []
    assert school.heard(school.spent(1)) == [MANAGER, SECOND_MANAGER]
    assert school.heard(school.spent(1)) == []
    mail = school.mailer.sent[0]
    assert mail.subject == "Stock de SMS : niveau bas"
    assert "99\u00a0SMS" in mail.text
    assert "100\u00a0SMS" in mail.text
    assert "commande-sms@skolengo.test" in mail.text


def test_one_request_from_plenty_to_nothing_crosses_too() -> None:
    school = Watched(150)
    assert school.heard(school.spent(150)) == [MANAGER, SECOND_MANAGER]


def test_a_level_of_nothing_is_never_crossed() -> None:
    school = Watched(3, threshold=0)
    assert school.heard(school.spent(3)) == []


def test_of_requests_accepted_at_once_one_crosses_whichever_the_stream_tells_first() -> None:
    school = Watched(104)
    first, second, third = school.spent(3), school.spent(3), school.spent(3)
    assert school.heard(third, first, second) == [MANAGER, SECOND_MANAGER]
    assert school.balance() == 95


def test_told_twice_it_is_mailed_once() -> None:
    school = Watched(100)
    request = school.spent(1)
    assert school.heard(request, request) == [MANAGER, SECOND_MANAGER]
    assert school.heard(request) == []


def test_a_release_that_lifts_the_balance_is_no_new_credit() -> None:
    school = Watched(100)
    request = school.spent(1)
    school.heard(request)
    school.ledger.post(UAI, ledger.release(f"{request.id}-0", 1, NOW))
    assert school.balance() == 100
    assert school.heard(school.spent(1)) == []


def test_after_a_credit_that_lifted_it_a_crossing_is_told_again() -> None:
    school = Watched(100)
    school.heard(school.spent(2))
    school.ledger.give(UAI, 1, NOW)
    assert school.heard(school.spent(1)) == []  # that credit did not lift it
    school.ledger.give(UAI, 50, NOW)
    assert school.heard(school.spent(49)) == [MANAGER, SECOND_MANAGER]


def test_dying_before_or_after_the_notice_is_queued_it_is_mailed_once() -> None:
    school = Watched(100)
    request = school.spent(1)
    for when in ({"before": {"notice_due": dies}}, {"after": {"notice_due": dies}}):
        with pytest.raises(Died):
            replace(school.warning, notices=interrupted(school.queues, **when)).warn(request.id)
    assert school.heard(request) == [MANAGER, SECOND_MANAGER]


def test_dying_between_two_managers_the_other_is_mailed_and_none_twice() -> None:
    school = Watched(100)
    school.warning.warn(school.spent(1).id)
    ((kind, ids),) = school.queues.notices
    dying = replace(school.notifying, mailer=interrupted(school.mailer, after={"send": dies}))
    with pytest.raises(Died):
        dying.notify(kind, ids)
    school.clock.advance(FakeNotices.LEASE + timedelta(seconds=1))
    assert school.heard()[-1:] == [SECOND_MANAGER]


@pytest.mark.parametrize("request_id", ["NONE", ""])
def test_a_request_that_is_gone_is_let_go(request_id: str) -> None:
    """It would hold up every request behind it in the stream."""
    assert not Watched(100).warning.warn(request_id)


def test_a_request_that_costs_nothing_crosses_nothing() -> None:
    school = Watched(100)
    assert school.heard(school.accepted("+33639980001")) == []
