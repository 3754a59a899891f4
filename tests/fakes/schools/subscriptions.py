"""In-memory stand-ins for what the end of a subscription asks of the outside, with the adapters' conditions."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.schools.stock.ledger import Entry
from schoolsms.domain.schools.stock.subscription_ends import Warned
from tests.fakes.core import FakeLedger, FakeSchools


class FakeEndedLedger(FakeLedger):
    """Empties a balance in one step with the note that managers must be mailed."""

    def __init__(self, schools: FakeSchools) -> None:
        super().__init__()
        self.schools = schools

    def forfeit(self, school: School, at: datetime) -> Entry | None:
        posting = ledger.forfeit(self.balance(school.uai), school.subscription_end, at)
        stored = self.schools.known[school.uai]
        as_read = (stored.subscription_end, stored.calendar) == (school.subscription_end, school.calendar)
        if posting is None or not as_read or stored.pending_forfeiture_notice:
            return None

        def write() -> None:
            self.schools.known[school.uai] = replace(stored, pending_forfeiture_notice=posting.id)

        return self.post(school.uai, posting, write)


@dataclass
class FakeSubscriptionEnds:
    schools: FakeSchools

    def warned(self, uai: str, warned: Warned) -> None:
        self.schools.known[uai] = replace(self.schools.known[uai], last_warning=warned)

    def consents_offered(self, uai: str, end: date) -> None:
        self.schools.known[uai] = replace(self.schools.known[uai], consents_offered_for=end)

    def forfeiture_notice_queued(self, uai: str, entry_id: str) -> None:
        if self.schools.known[uai].pending_forfeiture_notice == entry_id:
            self.schools.known[uai] = replace(self.schools.known[uai], pending_forfeiture_notice="")
