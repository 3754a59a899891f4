"""Mails of the order inbox, read from the raw bytes that SES stored.

Problems, as codes:
    too-large             over 40 MB: only its headers were read
    headers-too-large     a header block over 256 KB or 2,000 lines: that part was not read
    headers-malformed     a line that is no header, a stray CR or NUL, or headers that contradict each other
    too-deep              parts nested more than 20 deep were left out
    too-many-parts        parts after the hundredth were left out
    malformed-part        a multipart without its boundary, a file encoded in the text, or a forwarded mail that
                          cannot be decoded
    opaque-part           TNEF, S/MIME, PGP: may hold the form, and cannot be opened
    attachment-damaged    an attachment whose encoding is broken; what could be decoded is there
    attachment-too-large  an attachment over 15 MB was left out
    media-attached        sound or video (R3)
    other-attachment      a file of a kind that is no order form: what it says, nobody has read
    unreadable            anything else went wrong: the mail is empty but for this
"""

import hashlib
import re
from collections.abc import Iterable
from email.utils import parseaddr

from schoolsms.adapters.mail import file_kinds
from schoolsms.adapters.mail.authors import is_automatic, is_automatic_answer, sender_of
from schoolsms.adapters.mail.mail_texts import plain_text
from schoolsms.adapters.mail.mime_headers import Headers, decoded, read_headers, safely, text_of
from schoolsms.adapters.mail.mime_parts import MAX_PARTS, Part, leaf_parts
from schoolsms.adapters.mail.picture_sides import picture_sides
from schoolsms.adapters.mail.transfer_encodings import decode_base64, uudecoded
from schoolsms.adapters.mail.verdicts import Verdicts, ses_verdicts
from schoolsms.domain.orders.mails import LARGEST_LOGO_BYTES, Attachment, InboundMail
from schoolsms.domain.schools.mail_addresses import comparable

MAX_MAIL_BYTES = 40 * 1024 * 1024
MAX_ATTACHMENT_BYTES = 15 * 1024 * 1024

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")


class MimeMailReader:
    """The port MailReader. `own`: From headers and addresses of the service itself, which is never answered.

    `trusted_authserv_ids`: who may sign Authentication-Results, lower case.
    """

    def __init__(self, own: Iterable[str] = (), trusted_authserv_ids: tuple[str, ...] = ("amazonses.com",)) -> None:
        self._own = frozenset(comparable(parseaddr(each)[1]) for each in own) - {""}
        self._trusted_authserv_ids = trusted_authserv_ids

    def parse(self, raw: bytes) -> InboundMail:
        """Never raises; see the problems above."""
        nothing = Verdicts()
        unreadable = InboundMail(
            "", "", "", False, nothing.spf, nothing.dkim, nothing.dmarc, nothing.spam, nothing.virus,
            problems=("unreadable",),
        )  # fmt: skip
        return safely(lambda: self._read(raw), unreadable)

    def _read(self, raw: bytes) -> InboundMail:
        block = read_headers(raw)
        headers = block.headers
        sender = sender_of(headers)
        items = [(name, text_of(value)) for name, value in headers.raw_items()]
        verdicts = ses_verdicts(items, sender, self._trusted_authserv_ids)
        content_type = Part(headers, b"", 0, 0).content_type
        problems: set[str] = set()
        files = _Files(problems)
        if len(raw) > MAX_MAIL_BYTES:
            problems.add("too-large")
        else:
            files.take_all(raw)
        message_id = _MESSAGE_ID.search(_first(headers, "message-id"))
        return InboundMail(
            sender=sender,
            message_id=message_id[0] if message_id else "",
            subject=decoded(_first(headers, "subject")),
            automatic=comparable(sender) in self._own or is_automatic(headers, content_type, sender),
            spf=verdicts.spf,
            dkim=verdicts.dkim,
            dmarc=verdicts.dmarc,
            spam=verdicts.spam,
            virus=verdicts.virus,
            attachments=tuple(files.attachments),
            problems=tuple(sorted(problems)),
            unread=tuple(dict.fromkeys(files.unread)),
            automatic_answer=is_automatic_answer(headers, content_type),
            text=files.text,
            body_digest=hashlib.sha256(memoryview(raw)[block.body :]).hexdigest(),
        )


def _first(headers: Headers, name: str) -> str:
    return str(headers.get(name, ""))


class _Files:
    """The files of a mail, sorted as they come: `attachments` may be forms, `unread` names the kinds of others."""

    def __init__(self, problems: set[str]) -> None:
        self.attachments: list[Attachment] = []
        self.unread: list[str] = []
        self.text = ""
        self._problems = problems

    def take_all(self, raw: bytes) -> None:
        for part in leaf_parts(raw, self._problems):
            self._take(part, re.split(r"[/\\]", part.filename)[-1])

    def _take(self, part: Part, filename: str) -> None:
        is_prose = part.content_type.startswith("text/") and not filename and not part.is_attached
        content, intact = part.decode()
        if is_prose:
            self._take_from_text(part, content)
        elif file_kinds.base64_without_saying_so(content):
            content, intact = decode_base64(content)[0], False
        self._sort(part, content, filename, intact=intact, is_prose=is_prose)

    def _take_from_text(self, part: Part, text: bytes) -> None:
        """Keep the first text that somebody wrote, and the files that programs of old put into it, uuencoded."""
        self.text = self.text or plain_text(text, part.charset, is_html=part.content_type == "text/html")
        if part.content_type != "text/html" and file_kinds.form_within_text(text):
            self._problems.add("malformed-part")
        end = 0
        for _ in range(MAX_PARTS):
            file = uudecoded(text, end)
            if file is None:
                return
            end = file.end
            if file.content:
                name = re.split(r"[/\\]", text_of(file.name.decode("latin-1")))[-1]
                self._sort(part, file.content, name, intact=file.intact, is_prose=False)
        self._problems.add("too-many-parts")

    def _sort(self, part: Part, content: bytes, filename: str, *, intact: bool, is_prose: bool) -> None:
        what = (content, part.content_type, filename)
        harmless = file_kinds.is_harmless(*what)
        if file_kinds.is_media(*what):
            self._problems.add("media-attached")
        elif not harmless and file_kinds.is_closed(*what):
            self._problems.add("opaque-part")
        elif kind := file_kinds.form_by_content(content, is_prose=is_prose):
            self._attach(Attachment(filename, kind, content, picture_sides(content)), intact=intact)
        elif harmless:
            return
        elif kind := file_kinds.declared_form(*what):
            self._attach(Attachment(filename, kind, content, picture_sides(content)), intact=intact)
        else:
            self._leave(part, *what, is_prose=is_prose)

    def _attach(self, attachment: Attachment, *, intact: bool) -> None:
        if len(attachment.content) > MAX_ATTACHMENT_BYTES:
            self._problems.add("attachment-too-large")
            return
        if not intact:
            self._problems.add("attachment-damaged")
        self.attachments.append(attachment)

    def _leave(self, part: Part, content: bytes, content_type: str, filename: str, *, is_prose: bool) -> None:
        """A file that is no form: named, unless it is what a mail is written or signed with."""
        if is_prose or (not content and not filename):
            return
        is_small = len(content) < LARGEST_LOGO_BYTES
        is_logo = is_small and file_kinds.is_picture_of_a_signature(content, content_type, filename)
        if not is_logo:
            self._problems.add("other-attachment")
        if not is_logo or not part.referred_to:
            self.unread.append(file_kinds.kind_of(content, content_type, filename))
