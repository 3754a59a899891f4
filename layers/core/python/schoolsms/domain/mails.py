"""Mails that come in and mails that go out, free of any mail library."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

LARGEST_LOGO_BYTES = 50_000
"""A picture below this may be what people sign their mails with."""

Verdict = Literal["pass", "fail", "none"]
"""`none`: the check gave no clear answer (absent, grey, temporary error)."""


@dataclass(frozen=True)
class Attachment:
    """A file in a mail; `content` is decoded."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class InboundMail:
    """A mail of the order inbox as far as an order needs it.

    `sender` is the one address of the From header, lower case, "" when there is none or several.
    `automatic`: a bounce, an out-of-office or a list mail: it must never be answered.
    `problems` names what could not be read (codes), e.g. `too-many-parts`. `unread` are the kinds, in French, of the
    files that no order form can be, e.g. "document Word (.docx)".
    """

    sender: str
    message_id: str
    subject: str
    automatic: bool
    spf: Verdict
    dkim: Verdict
    dmarc: Verdict
    spam: Verdict
    virus: Verdict
    attachments: tuple[Attachment, ...] = ()
    problems: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class OutboundMail:
    """A mail in French, as text and as HTML (contract: "Mails are in French")."""

    to: Sequence[str]
    subject: str
    text: str
    html: str
    attachments: Sequence[Attachment] = field(default=())
    in_reply_to: str | None = None
