"""Managers keep the list of people whom the school's mails go to; an added address is confirmed by a link (R10)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from schoolsms.application.ports.accounts.sent_mails import SentMails
from schoolsms.application.ports.core import NoticeQueue, Notices
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.application.schools.decisions.audited_change import AuditedChange
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.ids import digest_id, random_id
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.mail_addresses import comparable, same
from schoolsms.domain.schools.notified import Notified, confirming, relisted
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.uai import normalise_uai

TOKEN_LENGTH = 26
"""130 bits, which nobody guesses."""

MOST_LINKS_A_DAY_TO_AN_ADDRESS = 5
"""Of all schools together: an address belongs to a person, who asked none of them for it."""
MOST_LINKS_A_DAY_OF_A_SCHOOL = 30
"""A full list, and a third of it mended."""

_LINK_FOLLOWED = Caller("confirmation-link", "", "", frozenset())


@dataclass(frozen=True)
class NotifiedList:
    """`includes_caller` tells a manager who is on no list that no mail reaches them.

    `unmailed` are addresses whose link was not mailed, each with the reason in French; `unreachable` those whose mail
    came back for good.
    """

    school: School
    includes_caller: bool
    unmailed: Mapping[str, str] = field(default_factory=dict)
    unreachable: frozenset[str] = frozenset()


@dataclass(frozen=True)
class KeepNotified:
    act: AuditedChange
    notices: NoticeQueue
    counts: Notices
    sent_mails: SentMails
    new_token: Callable[[], str] = lambda: random_id(TOKEN_LENGTH)

    def show(self, caller: Caller) -> NotifiedList:
        """The list of the caller's school."""
        return self._seen_by(caller, require_callers_school(self.act.schools, caller, "sms_manager"))

    def change(self, caller: Caller, wanted: Sequence[str]) -> NotifiedList:
        """Replace the list: what is left out is off it at once. Raises RefusedError.

        The links are queued each time, because a first try may have died before; each is mailed once. So many are
        mailed in a day, counted apart from the list, so that an address taken off and added again floods nobody.
        """
        uai = require_callers_school(self.act.schools, caller, "sms_manager").uai
        now = self.act.clock.now()

        def relist(school: School) -> School:
            listed = relisted(school.notified, wanted, school.has_manager, self.new_token, now)
            return replace(school, notified=listed)

        school = self.act.perform(
            caller,
            uai,
            "notified-changed",
            relist,
            detail=lambda school: {"addresses": [each.email for each in school.notified]},
        )
        unmailed = {}
        for each in school.notified:
            if not each.confirmed:
                why_not = self._over_the_cap(uai, each, now.date())
                if why_not:
                    unmailed[each.email] = why_not
                else:
                    self.notices.notice_due("notified_to_confirm", school=uai, token_id=digest_id(each.token))
        return replace(self._seen_by(caller, school), unmailed=unmailed)

    def _over_the_cap(self, uai: str, each: Notified, day: date) -> str:
        """Count the link of an address; "" if it may be mailed today, else why not, and what to do, in French."""
        link = digest_id(each.token)
        to, of = f"link-to-{digest_id(comparable(each.email))}", f"links-of-{uai}"
        if not self.counts.is_within_cap(to, day, link, MOST_LINKS_A_DAY_TO_AN_ADDRESS):
            return (
                f"{MOST_LINKS_A_DAY_TO_AN_ADDRESS} messages de confirmation ont déjà été envoyés aujourd’hui à cette "
                "adresse : aucun autre ne part. Enregistrez de nouveau la liste demain."
            )
        if not self.counts.is_within_cap(of, day, link, MOST_LINKS_A_DAY_OF_A_SCHOOL):
            return (
                f"Votre établissement a déjà demandé {MOST_LINKS_A_DAY_OF_A_SCHOOL} messages de confirmation "
                "aujourd’hui : aucun autre ne part. Enregistrez de nouveau la liste demain."
            )
        return ""

    def school_of(self, link: str) -> School:
        """The school whose list has the address of that link. Raises NotFoundError for a link that ended."""
        school, token = self._opened(link)
        confirming(school.notified, token, self.act.clock.now())
        return school

    def confirm(self, link: str) -> School:
        """Confirm the address of that link; twice is once. Raises NotFoundError for a link that ended."""
        school, token = self._opened(link)
        now = self.act.clock.now()
        return self.act.perform(
            _LINK_FOLLOWED,
            school.uai,
            "notified-confirmed",
            lambda each: replace(each, notified=confirming(each.notified, token, now)),
        )

    def _opened(self, link: str) -> tuple[School, str]:
        """The school that the link names, and its token."""
        written, _, token = link.partition("-")
        uai = normalise_uai(written)
        school = self.act.schools.get(uai) if uai else None
        if school is None:
            raise NotFoundError("Ce lien n'est plus valable.")
        return school, token

    def _seen_by(self, caller: Caller, school: School) -> NotifiedList:
        mailed = school.notified_addresses()
        on_list = bool(caller.email) and any(same(caller.email, each) for each in mailed)
        addresses = [*mailed, *(each.email for each in school.notified)]
        return NotifiedList(school, on_list, unreachable=frozenset(self.sent_mails.marks(addresses)))
