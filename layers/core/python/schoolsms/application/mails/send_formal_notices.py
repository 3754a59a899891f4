"""Mails about a formal notice go to every manager, each once (§6)."""

from dataclasses import dataclass

from schoolsms.application.mails.send_once import MailOnce, addresses
from schoolsms.application.mails.words.formal_notices import formal_notice, formal_notice_lifted
from schoolsms.application.ports.core import Schools
from schoolsms.domain.errors import TransientError


@dataclass(frozen=True)
class MailFormalNotices:
    """Managers answer to `operator_email`."""

    schools: Schools
    mails: MailOnce
    operator_email: str

    def mail(self, kind: str, uai: str, number: int) -> int:
        """Mail `kind` about the notice `number`; how many addresses SES refused for good.

        A later notice replaces it.
        """
        school = self.schools.get(uai)
        if school is None or school.formal_notice is None:
            raise TransientError("the formal notice to mail is not there")
        notice = school.formal_notice
        if notice.number != number:
            return 0
        words = formal_notice if kind == "formal_notice" else formal_notice_lifted
        letter = words(school_name=school.name, notice=notice, answer_to=self.operator_email)
        return self.mails.send(f"{kind}:{uai}:{number}", letter, addresses(school))
