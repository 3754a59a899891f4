"""Views of mails that went to a school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.views.values import utc

if TYPE_CHECKING:
    from typing import Annotated, TypedDict

    from schoolsms.api.views.values import Instant
    from schoolsms.domain.schools.sent_mails import AddressMark, MailState, SentMail

    class SentMailView(TypedDict):
        id: str
        to: str
        subject: str
        sent_at: Instant
        state: MailState
        state_at: Instant | None
        code: Annotated[str | None, "SMTP's status, or SES's kind of bounce or complaint"]
        explanation: Annotated[str, "what became of it, in French"]
        address_receives: Annotated[bool, "false once a mail to this address came back for good, or it complained"]


_STATES: dict[MailState, str] = {
    "sent": "Envoyé ; le serveur du destinataire n'a pas encore répondu.",
    "refused": "Refusé à l'envoi : cette adresse ne peut pas être écrite.",
    "delivered": "Remis au serveur du destinataire.",
    "bounced": "Revenu : le serveur du destinataire l'a refusé.",
    "complained": "Signalé comme indésirable par le destinataire.",
}
_MARKED = "Cette adresse ne reçoit plus nos messages : demandez-en une autre à l'établissement."


def sent_mail_view(mail: SentMail, mark: AddressMark | None) -> SentMailView:
    said = _STATES[mail.state]
    return {
        "id": mail.id,
        "to": mail.to,
        "subject": mail.subject,
        "sent_at": utc(mail.sent_at),
        "state": mail.state,
        "state_at": utc(mail.state_at) if mail.state_at else None,
        "code": mail.code or None,
        "explanation": f"{said} {_MARKED}" if mark else said,
        "address_receives": mark is None,
    }
