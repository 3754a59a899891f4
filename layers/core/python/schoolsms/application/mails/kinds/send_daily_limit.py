"""The mail about the SMS that a school may send a day goes to every manager, once a day (R25)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from schoolsms.application.mails.words.balance import daily_limit_near

if TYPE_CHECKING:
    from schoolsms.application.mails.desk import MailDesk


@dataclass(frozen=True)
class DailyLimitNear:
    """On `day`, the school reached 80 % of `limit`."""

    kind: ClassVar = "daily_limit_near"
    school: str
    day: str
    limit: str

    def send(self, desk: MailDesk) -> int:
        school = desk.school(self.school)
        notice = daily_limit_near(school_name=school.name, limit=int(self.limit), support_email=desk.support_email)
        return desk.mail_managers(f"{self.kind}:{self.school}:{self.day}", notice, school)
