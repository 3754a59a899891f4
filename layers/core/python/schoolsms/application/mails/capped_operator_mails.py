"""Mails to the operator about single orders are so many in a day, then one says that there are more (R12, R13).

Ten thousand mailed forms must not bury what the operator has to read. Nothing is lost by it: every order under
review is in the list of orders, and overdue ones raise an alarm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schoolsms.application.mails.layout import Notice
from schoolsms.application.mails.send_once import MailOnce
from schoolsms.application.mails.words.reviews import operator_mails_capped

OperatorMail = Literal["review-of-a-form", "review-without-form", "question", "deadline", "capped-replies"]
"""Counted apart, so that mails without any form, which everybody can send, leave room for those of schools."""

MOST_A_DAY: Mapping[OperatorMail, int] = {
    "review-of-a-form": 50,
    "review-without-form": 20,
    "question": 20,
    "deadline": 50,
    "capped-replies": 20,
}


@dataclass(frozen=True)
class CappedOperatorMails:
    """Mails the operator; beyond the cap of a kind, its one mail of the day about that."""

    mails: MailOnce
    operator_email: str
    public_url: str

    def send(self, kind: OperatorMail, notice_id: str, notice: Notice) -> int:
        """Send the notice once; return how many mails SES refused for good. Raises TransientError."""
        day, most = self.mails.clock.now().date(), MOST_A_DAY[kind]
        if not self.mails.notices.is_within_cap(f"operator-{kind}", day, notice_id, most):
            notice_id, notice = (
                f"operator_capped:{day.isoformat()}:{kind}",
                operator_mails_capped(most=most, public_url=self.public_url),
            )
        return self.mails.send(notice_id, notice, [self.operator_email])
