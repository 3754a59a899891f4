"""Schools whose subscription ends, over the fakes, and what their managers are mailed about it (R17)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from schoolsms.application.schools.stock.forfeit_balances import ForfeitBalances
from schoolsms.domain.orders.mails import OutboundMail
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.audits import audit_ledger
from tests.fakes.core import FakeMailer, FakeNotices, FakeQueues, FakeSchools, ManualClock
from tests.fakes.maintenance import FakeMaintenance
from tests.fakes.schools.subscriptions import FakeEndedLedger, FakeSubscriptionEnds
from tests.support.builders import MANAGER, SCHOOL, UAI
from tests.support.worlds.mailing import mailing

LAST_SECOND = datetime(2027, 8, 31, 21, 59, 59, tzinfo=UTC)
"""In Paris, where it is summer."""
ENDED = LAST_SECOND + timedelta(seconds=1)
ENDING, LOST = "Fin d'abonnement proche : SMS à utiliser", "Fin d'abonnement : SMS perdus"
OFFERED = "Preuves de consentement à conserver"


class Ending:
    """Schools with 200 SMS each, and what their managers are mailed."""

    def __init__(self, *schools: School, at: datetime = ENDED, stock: int = 200) -> None:
        self.schools = FakeSchools(*(schools or (SCHOOL,)))
        self.ledger = FakeEndedLedger(self.schools)
        self.queues, self.clock = FakeQueues(), ManualClock(at)
        self.mailer, self.mailed = FakeMailer(), FakeNotices()
        self.offers: list[OutboundMail] = []
        """Mails that offer the proofs of consent, apart from the others."""
        self.maintenance = FakeMaintenance()
        self.use_case = ForfeitBalances(
            self.schools, self.ledger, FakeSubscriptionEnds(self.schools), self.queues, self.clock, self.maintenance
        )
        self.notifying = mailing(self.schools, self.ledger, self.mailed, self.mailer, self.clock)
        for uai in self.schools.known:
            if stock:
                self.ledger.give(uai, stock, at - timedelta(days=300))

    def run(self, at: datetime | None = None) -> list[str]:
        """The subjects that the first manager was mailed after one run, and after its notices came twice."""
        self.clock.time = at or self.clock.time
        self.use_case.run()
        return self.mails()

    def mails(self) -> list[str]:
        before = len(self.mailer.sent)
        for notice in [*self.queues.notices, *self.queues.notices]:
            self.notifying.notify(*notice)
        self.queues.notices.clear()
        self.offers += [mail for mail in self.mailer.sent if mail.subject == OFFERED]
        self.mailer.sent[:] = [mail for mail in self.mailer.sent if mail.subject != OFFERED]
        return [mail.subject for mail in self.mailer.sent[before:] if mail.to == [MANAGER]]

    def change(self, **changes: object) -> None:
        """As the operator registers it anew."""
        self.schools.put(replace(self.schools.known[UAI], **changes))  # type: ignore[arg-type]

    def queued(self) -> list[str]:
        """The kinds of the notices that wait, without offers of the proofs of consent."""
        return [kind for kind, _ in self.queues.notices if kind != "consents_offered"]

    def balance(self, uai: str = UAI) -> int:
        return self.ledger.balance(uai).sms

    def forfeited(self, uai: str = UAI) -> list[tuple[str, int]]:
        assert audit_ledger(self.ledger.of.get(uai, []), self.ledger.balance(uai)) == []
        return self.ledger.of_kind(uai, "forfeiture")
