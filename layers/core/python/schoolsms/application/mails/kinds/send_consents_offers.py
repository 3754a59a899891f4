"""The mail that offers a school its proofs of consent goes to every manager, once each time it leaves (§8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from schoolsms.application.mails.words.consents import consents_offered

if TYPE_CHECKING:
    from schoolsms.application.mails.desk import MailDesk


@dataclass(frozen=True)
class ConsentsOffered:
    """The school is terminated, or its subscription ends on `end`; nothing to say if it was prolonged meanwhile."""

    kind: ClassVar = "consents_offered"
    school: str
    end: str = ""

    def send(self, desk: MailDesk) -> int:
        school = desk.school(self.school)
        end = date.fromisoformat(self.end) if self.end else None
        if (school.subscription_end != end) if end else (school.state != "terminated"):
            return 0
        notice = consents_offered(
            school_name=school.name, subscription_end=end, answer_to=desk.support_email, public_url=desk.public_url
        )
        return desk.mail_managers(f"{self.kind}:{self.school}:{end or 'terminated'}", notice, school)
