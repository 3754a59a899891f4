"""Managers keep the list of people whom the school's mails go to; an added address is confirmed by a link (R10)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from schoolsms.application.ports.core import NoticeQueue
from schoolsms.application.schools.audited_change import AuditedChange
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.ids import digest_id, random_id
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.mail_addresses import same
from schoolsms.domain.schools.notified import confirming, relisted
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.uai import normalise_uai

TOKEN_LENGTH = 26
"""130 bits, which nobody guesses."""

_LINK_FOLLOWED = Caller("confirmation-link", "", "", frozenset())


@dataclass(frozen=True)
class NotifiedList:
    """`includes_caller` tells a manager who is on no list that no mail reaches them."""

    school: School
    includes_caller: bool


@dataclass(frozen=True)
class KeepNotified:
    act: AuditedChange
    notices: NoticeQueue
    new_token: Callable[[], str] = lambda: random_id(TOKEN_LENGTH)

    def show(self, caller: Caller) -> NotifiedList:
        """The list of the caller's school."""
        return _seen_by(caller, require_callers_school(self.act.schools, caller, "sms_manager"))

    def change(self, caller: Caller, wanted: Sequence[str]) -> NotifiedList:
        """Replace the list: what is left out is off it at once. Raises RefusedError.

        The links are queued each time, because a first try may have died before; each is mailed once.
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
        for each in school.notified:
            if not each.confirmed:
                self.notices.notice_due("notified_to_confirm", school=uai, token_id=digest_id(each.token))
        return _seen_by(caller, school)

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


def _seen_by(caller: Caller, school: School) -> NotifiedList:
    on_list = bool(caller.email) and any(same(caller.email, each) for each in school.notified_addresses())
    return NotifiedList(school, on_list)
