"""Forfeit what is left when a subscription ends, after two warnings (R17).

Runs every hour, with each school on its own clock; `School.check_may_send` refuses sending from the first second.
SMS that come back or are credited later are forfeited by a later run, unless the subscription was extended meanwhile.
"""

from dataclasses import dataclass, field

from schoolsms.application.ports.accounts.subscriptions import EndedLedger, SubscriptionEnds
from schoolsms.application.ports.core import Clock, NoticeQueue, Schools
from schoolsms.application.ports.maintenance import Maintenance
from schoolsms.application.schools.for_each_school import for_each_school
from schoolsms.domain.schools.schools import School


@dataclass
class Watched:
    """Result of one run: the schools warned, the ids of the forfeitures announced."""

    warned: list[str] = field(default_factory=list)
    forfeited: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ForfeitBalances:
    """Does each thing first and remembers it after: if we die in between it is done again, and counts once."""

    schools: Schools
    ledger: EndedLedger
    ends: SubscriptionEnds
    notices: NoticeQueue
    clock: Clock
    maintenance: Maintenance

    def run(self) -> Watched:
        """Look at every school. Raises TransientError at the end if one of them failed.

        During maintenance nothing is forfeited, because an order that renews may wait in its queue (R49); the run
        of the hour after it looks at all.
        """
        done = Watched()
        if self.maintenance.is_on():
            return done
        for_each_school(self.schools, lambda school: self._look_at(school, done))
        return done

    def _look_at(self, school: School, done: Watched) -> None:
        if school.pending_forfeiture_notice:
            self._tell(school, school.pending_forfeiture_notice, done)
        if school.subscribed(self.clock.now()):
            self._warn(school, done)
        elif self.ledger.balance(school.uai).sms:
            self._forfeit(school.uai, done)
        self._offer_consents(school)

    def _offer_consents(self, school: School) -> None:
        """Offer the proofs of consent while the school can still fetch them (§8), whatever is left of its SMS."""
        if school.consents_offer_due(self.clock.now()):
            self.notices.notice_due("consents_offered", school=school.uai, end=school.subscription_end.isoformat())
            self.ends.consents_offered(school.uai, school.subscription_end)

    def _warn(self, school: School, done: Watched) -> None:
        """Warn of SMS that will be lost; a school without any is warned once something is credited."""
        due = school.warning_due(self.clock.now())
        if due and self.ledger.balance(school.uai).sms:
            self.notices.notice_due(
                "subscription_ending", school=school.uai, end=due.end.isoformat(), days=str(due.days)
            )
            self.ends.warned(school.uai, due)
            done.warned.append(school.uai)

    def _forfeit(self, uai: str, done: Watched) -> None:
        now, school = self.clock.now(), self.schools.get(uai)  # the list may be a moment old
        if school is None or school.subscribed(now):
            return
        entry = self.ledger.forfeit(school, now)
        if entry:
            self._tell(school, entry.id, done)

    def _tell(self, school: School, entry_id: str, done: Watched) -> None:
        self.notices.notice_due("balance_forfeited", school=school.uai, entry=entry_id)
        self.ends.forfeiture_notice_queued(school.uai, entry_id)
        done.forfeited.append(entry_id)
