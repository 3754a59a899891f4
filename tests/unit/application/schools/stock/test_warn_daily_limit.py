"""R25: one mail a day to every manager, at 80 % of the SMS that may be sent that day."""

from dataclasses import replace
from datetime import timedelta

from schoolsms.application.mails.kinds.send_daily_limit import DailyLimitNear
from schoolsms.application.schools.stock.warn_daily_limit import WarnDailyLimit
from schoolsms.domain.sending.send_requests import SendRequest
from tests.support.builders import MANAGER, SCHOOL, SECOND_MANAGER, UAI
from tests.support.sending import phones
from tests.unit.application.schools.stock.test_warn_low_balance import Watched

SUBJECT = "Plafond quotidien de SMS : 80 % atteints"


class Limited(Watched):
    """A school that may send 100 SMS a day by default, or `limit` of its own."""

    def __init__(self, limit: int | None = None, stock: int = 1_000) -> None:
        super().__init__(stock, threshold=0)
        self.schools.known[UAI] = replace(SCHOOL, daily_limit=limit, low_balance_threshold=0)
        self.ceiling = WarnDailyLimit(self.requests, self.schools, self.ledger, self.queues, 100)

    def mailed(self, *requests: SendRequest) -> list[str]:
        """Addresses mailed about the ceiling once these requests have passed through the stream."""
        before = len(self.mailer.sent)
        for request in requests:
            self.ceiling.warn(request.id)
        while self.queues.notices:
            self.notifying.notify(*self.queues.notices.pop(0))
        assert {mail.subject for mail in self.mailer.sent[before:]} <= {SUBJECT}
        return [address for mail in self.mailer.sent[before:] for address in mail.to]


def test_every_manager_is_warned_when_the_day_reaches_80_percent_of_the_default_ceiling() -> None:
    school = Limited()
    assert school.mailed(school.spent(79)) == []
    assert school.mailed(school.spent(1)) == [MANAGER, SECOND_MANAGER]
    assert "100\u00a0SMS" in school.mailer.sent[0].text
    assert "sms@kosmos.test" in school.mailer.sent[0].text


def test_a_ceiling_of_the_school_s_own_counts_in_place_of_the_default() -> None:
    school = Limited(limit=10)
    assert school.mailed(school.spent(8)) == [MANAGER, SECOND_MANAGER]


def test_the_warning_comes_once_a_day_and_again_on_the_next() -> None:
    school = Limited()
    assert school.mailed(school.spent(80)) != []
    assert school.mailed(school.spent(5)) == []
    school.clock.advance(timedelta(days=1))
    assert school.mailed(school.spent(20)) == []
    assert school.mailed(school.spent(60)) == [MANAGER, SECOND_MANAGER]


def test_of_requests_at_once_that_cross_together_one_mail_comes_of_it() -> None:
    school = Limited()
    requests = [school.spent(45), school.spent(45)]
    assert school.mailed(*requests, *requests) == [MANAGER, SECOND_MANAGER]


def test_a_request_of_yesterday_that_the_stream_shows_today_warns_nobody() -> None:
    school = Limited()
    late = school.spent(80)
    school.clock.advance(timedelta(days=1))
    today = school.spent(1)
    assert school.mailed(late, today) == []


def test_a_request_that_was_purged_warns_nobody() -> None:
    school = Limited()
    assert not school.ceiling.warn("REQUESTAAAAAAA")
    assert phones(1)
    assert DailyLimitNear.kind == "daily_limit_near"
