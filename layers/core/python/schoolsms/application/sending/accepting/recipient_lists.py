"""Take large lists of recipients, uploaded as CSV and then named in a request or an estimate (R3, R22)."""

import re
from dataclasses import dataclass

from schoolsms.application.ports.core import Clock, Schools
from schoolsms.application.ports.recipient_lists import RecipientLists, Upload
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.sending.recipient_lists import ListedRecipients, parse_list

_list_id = re.compile(r"[A-Z2-7]{14}").fullmatch


@dataclass(frozen=True)
class OpenRecipientList:
    """Opens an upload for senders and managers."""

    schools: Schools
    lists: RecipientLists
    clock: Clock

    def open(self, caller: Caller) -> Upload:
        """The address to upload a list to. Raises NotFoundError, SchoolClosed."""
        school, now = require_callers_school(self.schools, caller, "sms_sender", "sms_manager"), self.clock.now()
        school.check_may_send(now)
        return self.lists.open(school.uai, now)


def listed(lists: RecipientLists, uai: str, list_id: str, text: str) -> ListedRecipients:
    """The recipients of that list of that school.

    Raises NotFoundError, and RefusedError for a file that is no list, or two columns that `text` names alike.
    """
    content = lists.read(uai, list_id) if _list_id(list_id) else None
    if content is None:
        # Another school's looks the same (R2).
        raise NotFoundError(
            "Cette liste n'existe pas, n'est pas encore déposée, ou a déjà servi : déposez-la d'abord.",
            "list-not-found",
        )
    found = parse_list(content)
    found.check_names(text)
    return found
