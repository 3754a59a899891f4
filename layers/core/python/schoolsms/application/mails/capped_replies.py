"""Replies to one address are few in a day, so that loops of machines end and nobody floods a school (R13)."""

from collections.abc import Iterable
from dataclasses import dataclass

from schoolsms.application.mails.capped_operator_mails import CappedOperatorMails
from schoolsms.application.mails.layout import Notice
from schoolsms.application.mails.send_once import MailOnce
from schoolsms.application.mails.words.reviews import replies_capped
from schoolsms.domain.ids import digest_id
from schoolsms.domain.schools.mail_addresses import comparable

MOST_REPLIES_A_DAY = 5


@dataclass(frozen=True)
class CappedReplies:
    """Answers mails of the order inbox. Replies beyond the cap are not sent, and the operator is mailed once a day."""

    mails: MailOnce
    operator: CappedOperatorMails

    def send(
        self,
        notice_id: str,
        notice: Notice,
        to: Iterable[str],
        *,
        order_id: str,
        in_reply_to: str | None = None,
        school: str = "",
    ) -> int:
        """Mail `notice` to each address that may have another reply today; how many SES refused for good.

        `order_id` is named to the operator. A notice that is delivered again is counted once. Raises TransientError.
        """
        day = self.mails.clock.now().date()
        refused = 0
        for address in to:
            one = digest_id(comparable(address))
            if self.mails.notices.is_within_cap(one, day, notice_id, MOST_REPLIES_A_DAY):
                refused += self.mails.send(notice_id, notice, [address], in_reply_to=in_reply_to, school=school)
            else:
                warning = replies_capped(
                    address=address,
                    order_id=order_id,
                    most=MOST_REPLIES_A_DAY,
                    public_url=self.operator.public_url,
                )
                self.operator.send("capped-replies", f"replies_capped:{day.isoformat()}:{one}", warning)
        return refused
