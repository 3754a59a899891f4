"""Mails that come in and go out, independent of any mail library."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

LARGEST_LOGO_BYTES = 50_000
"""A picture below this may be what people sign their mails with."""

SHORTEST_SIDE_OF_A_SCAN = 550
"""Pixels: A4 at 66 dots an inch, of which nobody could read a figure."""

Verdict = Literal["pass", "fail", "none"]
"""`none`: the check gave no clear answer (absent, grey, temporary error)."""


@dataclass(frozen=True)
class Attachment:
    """A file in a mail; `content` is decoded. `sides`: width and height of a picture in pixels, if it says so."""

    filename: str
    content_type: str
    content: bytes
    sides: tuple[int, int] | None = None

    @property
    def may_be_a_logo(self) -> bool:
        """A small picture, neither a fax nor of the shape of a page: what people sign their mails with."""
        return (
            self.content_type.startswith("image/")
            and self.content_type != "image/tiff"
            and len(self.content) < LARGEST_LOGO_BYTES
            and not self._is_of_a_page_s_shape()
        )

    def _is_of_a_page_s_shape(self) -> bool:
        shorter, longer = sorted(self.sides or (0, 0))
        return shorter >= SHORTEST_SIDE_OF_A_SCAN and 1.2 <= longer / shorter <= 1.7


@dataclass(frozen=True)
class InboundMail:
    """A mail of the order inbox as far as an order needs it.

    `sender` is the one address of the From header, lower case, "" when there is none or several.
    `automatic`: a bounce, an out-of-office or a list mail, which must never be answered. `automatic_answer`: one of
    them that answers a mail, and may return somebody else's attachment.
    `problems` names what could not be read (codes), e.g. `too-many-parts`. `unread` are the kinds, in French, of the
    files that no order form can be, e.g. "document Word (.docx)". `body_digest` is of all that follows the headers.
    `text` is what a person wrote, as plain text: the first text of the mail.
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
    automatic_answer: bool = False
    body_digest: str = ""
    text: str = ""


@dataclass(frozen=True)
class OutboundMail:
    """A mail in French, as text and as HTML."""

    to: Sequence[str]
    subject: str
    text: str
    html: str
    attachments: Sequence[Attachment] = field(default=())
    in_reply_to: str | None = None
    reply_to: str = ""
    """Address for answers of people, "" for the sender."""
