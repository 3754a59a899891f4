"""The fate of a mail as SES tells it, by the events of its configuration set.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schoolsms.domain.schools.sent_mails import MailFate

_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_KIND = re.compile(r"[A-Za-z-]{1,40}")
_NO_COMPLAINT = "not-spam"
"""The contrary: the recipient takes the mail out of the spam."""


class UnknownMailEvent(Exception):
    """Something else than an event of SES; quotes nothing."""


def mail_fate(body: str) -> MailFate | None:
    """The fate that an event tells; None for an event that is no fate. Raises UnknownMailEvent."""
    try:
        event = json.loads(body)
        mail_id, kind = str(event["mail"]["messageId"]), event["eventType"]
        if kind == "Bounce":
            return _bounce(mail_id, event["bounce"])
        if kind == "Complaint":
            about = event["complaint"]
            addresses = _addresses(about["complainedRecipients"])
            code = _code(_KIND, about.get("complaintFeedbackType", ""))
            if code == _NO_COMPLAINT:
                return None
            return MailFate(mail_id, "complained", addresses, _at(about), code, permanent=True)
        if kind == "Delivery":
            return MailFate(mail_id, "delivered", tuple(event["delivery"]["recipients"]), _at(event["delivery"]))
    except (ValueError, TypeError, LookupError, AttributeError):
        raise UnknownMailEvent("no event of SES") from None
    return None


def _bounce(mail_id: str, about: Mapping[str, Any]) -> MailFate:
    """A diagnostic text may quote the address, so only status and kind are kept."""
    recipients = about["bouncedRecipients"]
    statuses = [_code(_STATUS, str(each.get("status", ""))) for each in recipients]
    code = next(filter(None, statuses), "") or _code(_KIND, about.get("bounceSubType", ""))
    permanent = about["bounceType"] == "Permanent"
    return MailFate(mail_id, "bounced", _addresses(recipients), _at(about), code, permanent)


def _addresses(recipients: list[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(each["emailAddress"] for each in recipients)


def _at(about: Mapping[str, str]) -> datetime:
    at = datetime.fromisoformat(about["timestamp"])
    if at.tzinfo is None:
        raise ValueError("no zone")
    return at


def _code(shape: re.Pattern[str], written: str) -> str:
    return written if shape.fullmatch(written) else ""
