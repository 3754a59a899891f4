"""Mails about a formal notice go to every manager, each once (§6). Managers answer to the support contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from schoolsms.application.mails.words.formal_notices import formal_notice, formal_notice_lifted
from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from schoolsms.application.mails.desk import MailDesk
    from schoolsms.application.mails.layout import Notice
    from schoolsms.domain.schools.decisions.formal_notices import FormalNotice


@dataclass(frozen=True)
class FormalNoticeGiven:
    """The operator gave the formal notice `number`; nothing to say once a later one replaced it."""

    kind: ClassVar = "formal_notice"
    words: ClassVar[Callable[..., Notice]] = staticmethod(formal_notice)
    school: str
    number: str

    def is_due(self, notice: FormalNotice) -> bool:
        """False once it was lifted: a mail that SES held up must not come after the one about the lifting."""
        return notice.in_force

    def send(self, desk: MailDesk) -> int:
        school = desk.school(self.school)
        notice = school.formal_notice
        if notice is None:
            raise TransientError("the formal notice to mail is not there")
        if notice.number != int(self.number) or not self.is_due(notice):
            return 0
        mail = self.words(school_name=school.name, notice=notice, answer_to=desk.support_email)
        return desk.mails.send(
            f"{self.kind}:{self.school}:{notice.number}", mail, school.manager_addresses(), school=school.uai
        )


class FormalNoticeLifted(FormalNoticeGiven):
    """The operator lifted the formal notice `number`."""

    kind = "formal_notice_lifted"
    words = staticmethod(formal_notice_lifted)

    def is_due(self, notice: FormalNotice) -> bool:
        """Raises TransientError while the lifting is not written yet."""
        if notice.in_force:
            raise TransientError("the lifting to mail is not there")
        return True
