"""What a mail of the order inbox amounts to, whatever is written on the forms in it (R3, R7, R12, R13)."""

from collections.abc import Sequence

from schoolsms.domain.mails import Attachment, InboundMail
from schoolsms.domain.order_forms import FormIdentity, Way
from schoolsms.domain.order_reasons import Reason, doubts, missing_kinds
from schoolsms.domain.orders import OrderState

LARGEST_LOGO_BYTES = 50_000

BELIED = Reason("mail-verdict-failed")


def verdicts_fail(mail: InboundMail) -> bool:
    """R13: SES found a virus or spam, or the sender's domain disowns the mail, or nothing vouches for it."""
    if mail.virus == "fail" or mail.spam == "fail" or mail.dmarc == "fail":
        return True
    return mail.spf != "pass" and mail.dkim != "pass"


def unseen(mail: InboundMail) -> list[Reason]:
    """What a mail holds that nobody could look at, or that no order may carry (R3)."""
    reasons = [Reason("media-attached")] if "media-attached" in mail.problems else []
    if "documents-unread" in mail.problems:
        reasons.append(Reason("documents-unread"))
    if set(mail.problems) - {"media-attached", "attachment-too-large", "other-attachment", "documents-unread"}:
        reasons.append(Reason("mail-unreadable"))
    return reasons


def is_logo(attachment: Attachment, identity: FormIdentity) -> bool:
    """A small picture without our QR: what people sign their mails with, not a scan."""
    return (
        identity.order_id is None
        and len(attachment.content) < LARGEST_LOGO_BYTES
        and not attachment.content.lstrip().startswith(b"%PDF")
        and identity.way == "scanned"
    )


def without_form(mail: InboundMail, way: Way | None) -> tuple[OrderState, tuple[Reason, ...]]:
    """No authenticated form: a reply that asks for one, a review, or for machines and spam nothing.

    `way` is how the document came back that comes nearest to a form, None when there is no document.
    """
    if mail.virus == "fail" or mail.spam == "fail" or (way is None and verdicts_fail(mail)):
        return "rejected", (BELIED,)
    if way is None and mail.automatic:
        return "rejected", (Reason("no-form-attached"),)
    if verdicts_fail(mail) or mail.automatic:
        # A copier that scans to mail, say: nobody can be answered, so a person looks.
        return "review", (BELIED if verdicts_fail(mail) else Reason("form-unknown"),)
    if way is None:
        if reasons := unseen(mail):
            return "review", tuple(reasons)
        code = "attachment-too-large" if "attachment-too-large" in mail.problems else "no-form-attached"
        return "incomplete", (Reason(code),)
    by_way = {"encrypted": "form-encrypted", "unreadable": "form-unreadable"}
    if way in by_way:
        return "incomplete", (Reason(by_way[way]),)
    return "review", (Reason("form-scanned" if way == "scanned" else "form-unknown"),)


def state_of(reasons: Sequence[Reason], mail: InboundMail) -> OrderState:
    """Missing things make it no order at all (R7); a doubt is for a person (R12); and a belied sender gets no reply."""
    if verdicts_fail(mail):
        return "review"
    if missing_kinds(reasons):
        return "incomplete"
    return "review" if doubts(reasons) else "accepted"
