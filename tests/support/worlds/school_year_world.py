"""Schools whose school year ends, over the fakes: notices, purges and certificates (R37, R38)."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from schoolsms.application.history.purge_history import Progress, PurgeHistory
from schoolsms.application.history.read_purges import ReadPurges
from schoolsms.application.history.watch_school_years import WatchSchoolYears
from schoolsms.application.sending.accepting.accept_send_request import SendCommand
from schoolsms.domain.history.purges import GRACE, Certificate
from schoolsms.domain.schools.schools import School
from schoolsms.domain.sending.send_requests import SendRequest
from tests.fakes.core import FakeMailer, FakeNotices
from tests.fakes.history.purges import FakePurgeableHistory, FakePurgeMachine, FakePurges, FakeSchoolFiles
from tests.support.builders import MANAGER, SCHOOL, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending
from tests.support.worlds.mailing import mailing

YEAR = "2026-27"
YEAR_END = datetime(2027, 8, 31, 22, tzinfo=UTC)
"""Midnight in Paris, where it is summer: the pupils return on Wednesday 1 September 2027."""
PURGED_AT = YEAR_END + GRACE
MOST_STEPS = 20


class Year(Sending):
    """A school that sends, subscribed for longer, and the end of its year."""

    def __init__(self, school: School = SCHOOL, stock: int = 100) -> None:
        super().__init__(replace(school, subscription_end=date(2028, 8, 31)), stock)
        self.purges = FakePurges()
        self.history = FakePurgeableHistory(self.requests, self.purges)
        self.files, self.machine = FakeSchoolFiles(), FakePurgeMachine()
        self.mailer, self.notices = FakeMailer(), FakeNotices()
        self.watching = WatchSchoolYears(self.schools, self.history, self.purges, self.machine, self.queues, self.clock)
        self.purging = PurgeHistory(
            self.schools,
            self.history,
            [self.files],
            self.purges,
            self.queues,
            self.clock,
            lambda work, ids: [work(each) for each in ids],
            self.maintenance,
        )
        self.certificates = ReadPurges(self.schools, self.purges, self.clock)
        self.notifying = mailing(self.schools, self.ledger, self.notices, self.mailer, self.clock, self.purges)

    def delivered(self, *recipients: str, text: str = "Bonjour") -> SendRequest:
        """A request whose messages all reached their phones."""
        request = self.accepted(*recipients, text=text)
        for page in range(request.pages):
            self.dispatch(request, page)
        for line in self.requests.all_lines(request):
            self.recording.record(self.receipt(request, line.index))
        return request

    def dies_accepting(self, wanted: SendCommand, key: str | None = None) -> None:
        """Write the pages of a request whose process dies before the debit accepts it."""
        self.requests.ledger = interrupted(self.ledger, before={"post": dies})
        with suppress(Died):
            self.accept(wanted, key)
        self.requests.ledger = self.ledger

    def steps(self, purging: PurgeHistory | None = None, label: str = YEAR) -> list[Progress]:
        """As the state machine does: step after step, waiting as long as each answer says."""
        made: list[Progress] = []
        while not (made and made[-1].done):
            assert len(made) < MOST_STEPS
            made.append((purging or self.purging).step(UAI, label))
            self.clock.time = max(self.clock.time, made[-1].resume_at)
        return made

    def purge(self) -> Certificate:
        """All of it, an hour after the year's end at the earliest; the certificate."""
        self.clock.time = max(self.clock.time, PURGED_AT)
        self.steps()
        certificate = self.purges.get(UAI, YEAR).certificate
        assert certificate
        return certificate

    def purging_with(
        self, history: Any = None, files: Any = None, purges: Any = None, notices: Any = None
    ) -> PurgeHistory:
        """The same purge, over other stores."""
        return replace(
            self.purging,
            history=history or self.history,
            files=[files or self.files],
            purges=purges or self.purges,
            notices=notices or self.queues,
        )

    def mails(self) -> list[str]:
        """The subjects that the first manager was mailed now, though each notice came twice."""
        before = len(self.mailer.sent)
        for notice in [*self.queues.notices, *self.queues.notices]:
            self.notifying.notify(*notice)
        self.queues.notices.clear()
        return [mail.subject for mail in self.mailer.sent[before:] if mail.to == [MANAGER]]

    def watch(self, at: datetime) -> list[str]:
        """One run of the schedule; what the first manager was mailed."""
        self.clock.time = at
        self.watching.run()
        return self.mails()

    def left(self) -> list[object]:
        """All that is stored of any request."""
        kept = self.requests
        return [
            *kept.known,
            *kept.pages,
            *kept.records,
            *kept.refused,
            *[each for attempts in kept.numbered.values() for each in attempts],
            *kept.recent,
        ]


def days_before_the_end(days: int) -> datetime:
    """Noon in Paris, that many days before the day of the return."""
    return YEAR_END - timedelta(days=days) + timedelta(hours=12)
