"""Find the addresses of schools that take no mail any more, for the operator to ask for others (R10, R48)."""

from collections.abc import Sequence
from dataclasses import dataclass

from schoolsms.application.ports.accounts.sent_mails import SentMails
from schoolsms.application.ports.core import Schools
from schoolsms.domain.schools.mail_addresses import same
from schoolsms.domain.schools.sent_mails import AddressMark


@dataclass(frozen=True)
class Unreachable:
    """`address`, of a manager of `school` or on its list of people to notify, takes no mail."""

    school: str
    address: str
    mark: AddressMark


@dataclass(frozen=True)
class FindUnreachable:
    schools: Schools
    sent_mails: SentMails

    def first(self) -> tuple[Sequence[Unreachable], bool]:
        """The first of one page of marks, and whether there are more marks.

        An address that its school does not use any more is left out: another was registered in its place.
        """
        page = self.sent_mails.marked(None)
        found = [each for each in map(self._used, page.items) if each]
        return found, page.cursor is not None

    def _used(self, mark: AddressMark) -> Unreachable | None:
        mail = self.sent_mails.mail(mark.mail_id) if mark.mail_id else None
        school = self.schools.get(mail.school) if mail and mail.school else None
        if mail is None or school is None:
            return None
        used = [*school.manager_addresses(), *(each.email for each in school.notified)]
        return Unreachable(school.uai, mail.to, mark) if any(same(mail.to, each) for each in used) else None
