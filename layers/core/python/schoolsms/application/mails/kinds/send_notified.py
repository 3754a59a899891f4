"""The link that confirms an address goes to that address alone, once a link (R10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from schoolsms.application.mails.words.notified import notified_to_confirm
from schoolsms.domain.ids import digest_id

if TYPE_CHECKING:
    from schoolsms.application.mails.desk import MailDesk


@dataclass(frozen=True)
class NotifiedToConfirm:
    """An address was added, whose link has that digest; nothing to say once it is confirmed, or off the list."""

    kind: ClassVar = "notified_to_confirm"
    school: str
    token_id: str

    def send(self, desk: MailDesk) -> int:
        school = desk.school(self.school)
        for each in school.notified:
            if digest_id(each.token) == self.token_id and not each.confirmed:
                link = f"{desk.public_url}/v1/notified/confirmation/{school.uai}-{each.token}"
                notice = notified_to_confirm(school_name=school.name, link=link, until=each.expires_at)
                return desk.mails.send(
                    f"{self.kind}:{self.school}:{self.token_id}", notice, [each.email], school=school.uai
                )
        return 0
