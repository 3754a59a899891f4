"""Mails about a suspension, its end and a termination go to every manager, each once (R27)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from schoolsms.application.mails.words.suspensions import suspended, suspension_ended, terminated
from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from schoolsms.application.mails.desk import MailDesk
    from schoolsms.application.mails.layout import Notice


@dataclass(frozen=True)
class SchoolSuspended:
    """The operator suspended the school by its act `number`."""

    kind: ClassVar[str] = "school_suspended"
    words: ClassVar[Callable[..., Notice]] = staticmethod(suspended)
    school: str
    number: str

    def send(self, desk: MailDesk) -> int:
        school = desk.school(self.school)
        act = desk.acts.numbered(self.school, int(self.number))
        if act is None:
            raise TransientError("the act of the notice is not there")
        notice = self.words(school_name=school.name, act=act, answer_to=desk.support_email)
        return desk.mails.send(
            f"{self.kind}:{self.school}:{act.number}", notice, school.manager_addresses(), school=school.uai
        )


class SuspensionEnded(SchoolSuspended):
    """The operator ended the suspension."""

    kind = "suspension_ended"
    words = staticmethod(suspension_ended)


class SchoolTerminated(SchoolSuspended):
    """The operator terminated the service of the school."""

    kind = "school_terminated"
    words = staticmethod(terminated)
