"""Judge a mail of the order inbox, apart from the forms in it (R3, R7, R12, R13)."""

from collections.abc import Sequence

from schoolsms.domain.ids import digest_id
from schoolsms.domain.orders.forms.order_forms import FormIdentity, Way
from schoolsms.domain.orders.mails import Attachment, InboundMail
from schoolsms.domain.orders.orders import OrderState
from schoolsms.domain.orders.review.order_reasons import Reason, doubts, missing_kinds
from schoolsms.domain.orders.review.questions import is_question
from schoolsms.domain.schools.mail_addresses import is_deliverable

BELIED = Reason("mail-verdict-failed")
_UNOPENED = Reason("documents-unread")
"""The form may be among the documents that nobody opened."""

SMALLEST_SCAN_BYTES = 2_000
MOST_KINDS_NAMED = 5


def verdicts_fail(mail: InboundMail) -> bool:
    """R13: SES found a virus or spam, or the sender's domain disowns the mail, or nothing vouches for it."""
    if mail.virus == "fail" or mail.spam == "fail" or mail.dmarc == "fail":
        return True
    return mail.spf != "pass" and mail.dkim != "pass"


def content_id(mail: InboundMail) -> str:
    """Names what a mail says and how far it is proven; "" for one without Message-ID.

    A mail server that got no answer sends the same mail again, minutes later, and SES stores it as another one. The
    headers that servers add differ then; what follows the headers does not. A copy that somebody else sends has other
    verdicts, and some copiers give all their mails one Message-ID.
    """
    if not mail.message_id or not mail.body_digest:
        return ""
    proof = (mail.spf, mail.dkim, mail.dmarc, mail.spam, mail.virus, mail.automatic, mail.automatic_answer)
    said = (mail.message_id, mail.body_digest, mail.sender, mail.subject, *map(str, proof))
    return digest_id(*said, *mail.problems, length=26)


def unproven(mail: InboundMail) -> list[Reason]:
    """Doubts whether its sender meant it as an order (R13)."""
    reasons = [BELIED] if verdicts_fail(mail) else []
    if mail.automatic_answer:
        reasons.append(Reason("automatic-answer"))
    return reasons


def unseen(mail: InboundMail) -> list[Reason]:
    """Doubts about parts that nobody could look at, or that no order may carry (R3)."""
    reasons = [Reason("media-attached")] if "media-attached" in mail.problems else []
    if "documents-unread" in mail.problems:
        reasons.append(_UNOPENED)
    if set(mail.problems) - {"media-attached", "attachment-too-large", "other-attachment", "documents-unread"}:
        reasons.append(Reason("mail-unreadable"))
    return reasons


def unread_files(mail: InboundMail) -> list[Reason]:
    """The kinds of files that the service does not read, because one of them may hold what a form lacks."""
    if not mail.unread:
        return []
    return [Reason("attachment-not-read", ", ".join(mail.unread[:MOST_KINDS_NAMED]))]


def is_logo(attachment: Attachment, identity: FormIdentity) -> bool:
    """A small picture without our QR: what people sign their mails with, not a scan."""
    return attachment.may_be_a_logo and identity.order_id is None and identity.way == "scanned"


def likely_first(attachments: Sequence[Attachment]) -> tuple[list[Attachment], list[Attachment]]:
    """The documents to open, PDF before pictures; and the small pictures, to open after them, each once.

    A signature with eight icons comes before the form as often as after it, and is repeated in an answer to an answer.
    No picture of a page of ours has less than `SMALLEST_SCAN_BYTES`.
    """
    documents = [each for each in attachments if not each.may_be_a_logo]
    small = [each for each in attachments if each.may_be_a_logo and len(each.content) >= SMALLEST_SCAN_BYTES]
    documents.sort(key=lambda each: not each.content.lstrip().startswith(b"%PDF"))
    return documents, list({each.content: each for each in small}.values())


def without_form(mail: InboundMail, way: Way | None) -> tuple[OrderState, tuple[Reason, ...]]:
    """No authenticated form: a reply that asks for one, a review, a question, or nothing for no order.

    `way` is how the document came back that comes nearest to a form, None when there is no document.
    """
    if mail.virus == "fail" or mail.spam == "fail":
        return "rejected" if way in (None, "foreign") else "review", (BELIED,)
    hidden = [*unseen(mail), *unread_files(mail)]
    if way is None:
        return _without_document(mail, hidden)
    if verdicts_fail(mail) or mail.automatic:
        # For example a copier that scans to mail: nobody can be answered, so a person looks.
        return "review", (BELIED if verdicts_fail(mail) else Reason("form-unknown"), *doubts(hidden))
    by_way = {"encrypted": "form-encrypted", "unreadable": "form-unreadable", "scanned": "form-scanned"}
    reason = Reason(by_way.get(way, "form-unknown"))
    if reason.kind == "missing" and _UNOPENED not in hidden:
        return "incomplete", (reason, *unread_files(mail))
    return "review", (reason, *doubts(hidden))


def _without_document(mail: InboundMail, hidden: Sequence[Reason]) -> tuple[OrderState, tuple[Reason, ...]]:
    """Whether it is certainly no order: a machine's mail, or an unproven one, of which everything was read."""
    if mail.automatic:
        return ("review", tuple(hidden)) if hidden else ("rejected", (Reason("automatic-mail"),))
    if not is_deliverable(mail.sender):
        return "review", (Reason("sender-unreadable"), *hidden)
    if verdicts_fail(mail):
        return "review" if hidden else "rejected", (BELIED, *hidden)
    if doubts(hidden):
        return "review", tuple(hidden)
    if "attachment-too-large" in mail.problems:
        return "incomplete", (Reason("attachment-too-large"),)
    if not hidden and "other-attachment" not in mail.problems and is_question(mail.subject, mail.text):
        return "question", ()
    return "incomplete", tuple(hidden) or (Reason("no-form-attached"),)


def state_of(reasons: Sequence[Reason], mail: InboundMail) -> OrderState:
    """`incomplete` if something is missing (R7), `review` on any doubt (R12) and always for an unproven sender."""
    if verdicts_fail(mail):
        return "review"
    if missing_kinds(reasons):
        return "incomplete"
    return "review" if doubts(reasons) else "accepted"


_UNKNOWN_SENDERS = frozenset(("sender-unknown", "sender-unreadable", "automatic-answer"))


def takes_the_place(reasons: Sequence[Reason], earlier: Sequence[Reason]) -> bool:
    """Whether a mail under review for `reasons` replaces an `earlier` one with the same form.

    It does if its sender is better proven, so that nobody can hide a manager's form by mailing first.
    Of two mails that nothing vouches for, the one that lacks less does: a copier is not answered, and only the operator
    can see its second, signed scan.
    """
    if _proof(reasons) != _proof(earlier):
        return _proof(reasons) > _proof(earlier)
    return set(missing_kinds(reasons)) < set(missing_kinds(earlier))


def _proof(reasons: Sequence[Reason]) -> int:
    """0 if the sender is not proven, 1 if the address is proven but may not order, 2 if it may."""
    if BELIED in reasons:
        return 0
    return 1 if _UNKNOWN_SENDERS & {reason.code for reason in reasons} else 2
