"""Mails to schools and to the operator, through SES."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid, parseaddr
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.domain.errors import RefusedError, TransientError
from schoolsms.domain.orders.mails import OutboundMail
from schoolsms.domain.schools.mail_addresses import deliverable

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import SendEmailRequestTypeDef

# Errors of SES about the mail itself. All else (throttling, quota, a paused account, a missing permission, a sender
# that is not verified yet, an outage) is no fault of the mail, which must not be lost: it is tried again, then kept
# in the dead-letter queue.
_REJECTIONS = frozenset(("MessageRejected", "BadRequestException"))
_UNVERIFIED = "not verified"

_POLICY = SMTP.clone(cte_type="7bit")
# Headers are not folded: the library would make encoded words of a long In-Reply-To. Bodies keep short lines.
_WIRE_POLICY = _POLICY.clone(max_line_length=998)


class SesMailer:
    """The port Mailer. `sender` is a From header's value, `configuration_set` an SES configuration set."""

    def __init__(self, client: SESV2Client, sender: str, configuration_set: str | None = None) -> None:
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, mail: OutboundMail) -> str:
        """Hand `mail` to SES; its id there. Raises TransientError, or RefusedError `mail-rejected` if it never will."""
        try:
            to = [deliverable(address) for address in mail.to]
            raw = _compose(mail, self._sender, to).as_bytes(policy=_WIRE_POLICY)
        except (ValueError, IndexError, AttributeError) as exc:  # what the library raises on bad addresses
            raise _rejected() from exc
        if not to:
            raise _rejected()
        request: SendEmailRequestTypeDef = {
            "FromEmailAddress": self._sender,
            "Destination": {"ToAddresses": to},
            "Content": {"Raw": {"Data": raw}},
        }
        if self._configuration_set:
            request["ConfigurationSetName"] = self._configuration_set
        try:
            return self._client.send_email(**request)["MessageId"]
        except ClientError as exc:
            error = exc.response.get("Error", {})
            if error.get("Code") in _REJECTIONS and _UNVERIFIED not in error.get("Message", ""):
                raise _rejected() from exc
            raise TransientError("SES: send") from exc
        except BotoCoreError as exc:
            raise TransientError("SES: send") from exc


def _rejected() -> RefusedError:
    # the address is in none of it: errors end in logs
    return RefusedError("Ce message ne peut pas être envoyé à cette adresse.", "mail-rejected")


def _compose(mail: OutboundMail, sender: str, to: list[str]) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = ", ".join(to)
    if mail.reply_to:
        message["Reply-To"] = deliverable(mail.reply_to)
    message["Subject"] = re.sub(r"[\r\n]+", " ", mail.subject)
    message["Date"] = datetime.now(UTC)
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2] or None)
    if mail.in_reply_to and re.fullmatch(r"<[!-~]{1,900}>", mail.in_reply_to):
        message["In-Reply-To"] = mail.in_reply_to
        message["References"] = mail.in_reply_to
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office comes back
    message["X-Auto-Response-Suppress"] = "All"  # the same, as Exchange understands it
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for attachment in mail.attachments:
        maintype, _, subtype = attachment.content_type.partition("/")
        message.add_attachment(attachment.content, maintype=maintype, subtype=subtype, filename=attachment.filename)
    return message
